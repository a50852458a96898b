//! Parameters from a file, as constants: `network!` reads the file and writes its values as bytes, in memory order. For a stage
//! whose type is from elsewhere, the compiler finds the places of the tensors here.
//!
//! Everything is computed while compiling, in few steps: values are copied by the slice.

mod description;

use bytemuck::Pod;

use crate::network::fits::text::{Text, fail, is_same};
use crate::network::{LayerInfo, Tensor};

/// Defines the constant `PRETRAINED` of a struct of parameters.
///
/// A reference to a `static`: a constant of the type itself would be in the program once for each use of it in each unit of code,
/// and a field of it would be read by way of the stack where nothing is optimised.
#[doc(hidden)]
#[macro_export]
macro_rules! __pretrained {
    ($name:ident, $value:expr) => {
        const _: () = {
            // on a big-endian machine, values are turned around one by one
            #[allow(long_running_const_eval)]
            static __PRETRAINED: $name = $value;

            impl $name {
                /// The parameters from the file of `#[weights(..)]`, which are read where they are: they can stay in flash.
                pub const PRETRAINED: &'static Self = &__PRETRAINED;
            }
        };
    };
}

/// Copies the values of a stage, which stand from byte `start` on.
pub const fn put(bytes: &mut [u8], start: usize, values: &[u8]) {
    bytes.split_at_mut(start).1.split_at_mut(values.len()).0.copy_from_slice(values);
}

/// The parameters whose values of `size` bytes each are in little-endian order.
#[must_use]
pub const fn from_little_endian<P: Pod, const BYTES: usize>(mut bytes: [u8; BYTES], size: usize) -> P {
    if cfg!(target_endian = "big") {
        reverse_each(&mut bytes, size);
    }
    bytemuck::must_cast(bytes)
}

/// Turns the bytes of each value around.
const fn reverse_each(bytes: &mut [u8], size: usize) {
    let mut rest = bytes;
    while let Some((value, others)) = rest.split_at_mut_checked(size) {
        let mut i = 0;
        while i < size / 2 {
            value.swap(i, size - 1 - i);
            i += 1;
        }
        rest = others;
    }
}

/// A tensor of the file, for a stage whose type is from elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Stored {
    name: &'static str,
    shape: &'static [usize],
    rows: &'static [u8],
    columns: &'static [u8],
}

impl Stored {
    /// A tensor under its name inside of the stage, with its values row by row.
    #[must_use]
    pub const fn new(name: &'static str, shape: &'static [usize], rows: &'static [u8]) -> Self {
        Self { name, shape, rows, columns: rows }
    }

    /// The same with its values column by column, where that is another order.
    #[must_use]
    pub const fn columns(self, columns: &'static [u8]) -> Self {
        Self { columns, ..self }
    }
}

/// What an error says of a stage.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// Its name.
    pub name: &'static str,
    /// The path of the file.
    pub file: &'static str,
    /// The network's name.
    pub network: &'static str,
}

/// A line of the description of a network that is a stage.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// As the file has it.
    pub text: &'static str,
    /// The layer, with its name if it has tensors, its options and its shapes, with `#` for each number that is no size.
    pub essence: &'static str,
    /// The bits of these numbers.
    pub numbers: &'static [u64],
}

/// Copies the tensors of a stage whose type is from elsewhere. `own` and `frozen` are the offsets, in bytes, of its trained and its frozen
/// parameters; `None` skips them. Each value has `size` bytes.
///
/// # Panics
/// While compiling, if the file's tensors are not those of the type, or its description is of another network.
#[track_caller]
pub const fn put_stage(
    bytes: &mut [u8],
    [own, frozen]: [Option<usize>; 2],
    size: usize,
    stage: Stage,
    (tensors, inner): (&[Tensor], &[LayerInfo]),
    stored: &[Stored],
    lines: Option<&[Line]>,
) {
    if let Some(lines) = lines {
        description::check(stage, inner, lines);
    }
    let mut walk = Walk { bytes, size, stage, stored, name: Text::NEW, taken: 0, found: 0, problems: Text::NEW };
    walk.layers(own, frozen, inner);
    walk.tensors(own, tensors);
    if walk.taken < stored.len() {
        walk.unknown(tensors, inner);
    }
    walk.check();
}

/// A walk over the tensors of a type.
struct Walk<'a> {
    bytes: &'a mut [u8],
    size: usize,
    stage: Stage,
    stored: &'a [Stored],
    /// The name of the layer that the walk is at, inside of the stage.
    name: Text,
    /// How many of the file's tensors have a place.
    taken: usize,
    /// How many tensors are wrong, and a line for each of the first.
    found: usize,
    problems: Text,
}

/// How many problems are shown: there is room for no more in a text.
const MOST_PROBLEMS: usize = 5;

impl Walk<'_> {
    const fn layers(&mut self, own: Option<usize>, frozen: Option<usize>, layers: &[LayerInfo]) {
        let mut i = 0;
        while i < layers.len() {
            let row = &layers[i];
            let outer = self.name.len();
            self.enter(row.name);
            let own = self.after(if row.is_frozen { frozen } else { own }, row.start);
            self.layers(own, self.after(frozen, row.frozen_start), row.inner);
            self.tensors(own, row.tensors);
            self.name.truncate(outer);
            i += 1;
        }
    }

    /// The byte after so many values.
    const fn after(&self, start: Option<usize>, values: usize) -> Option<usize> {
        match start {
            Some(start) => Some(start + values * self.size),
            None => None,
        }
    }

    const fn tensors(&mut self, mut start: Option<usize>, tensors: &[Tensor]) {
        let mut i = 0;
        while i < tensors.len() {
            if !tensors[i].is_empty() {
                let outer = self.name.len();
                self.enter(tensors[i].name);
                self.tensor(start, &tensors[i]);
                self.name.truncate(outer);
            }
            start = self.after(start, tensors[i].len());
            i += 1;
        }
    }

    /// Adds a name to that of what is around it.
    const fn enter(&mut self, name: &str) {
        if self.name.len() > 0 && !name.is_empty() {
            self.name.push(".");
        }
        self.name.push(name);
    }

    const fn tensor(&mut self, start: Option<usize>, tensor: &Tensor) {
        let name = self.name;
        let mut i = 0;
        while i < self.stored.len() {
            let stored = &self.stored[i];
            if is_same(stored.name, name.text()) {
                self.taken += 1;
                if is_same_shape(stored.shape, tensor.shape) {
                    if let Some(start) = start {
                        put(self.bytes, start, if tensor.is_row_major { stored.rows } else { stored.columns });
                    }
                } else {
                    self.problem(name.text(), " has shape ", stored.shape, Some(tensor.shape));
                }
                return;
            }
            i += 1;
        }
        self.problem(name.text(), " is missing from the file; its shape is ", tensor.shape, None);
    }

    /// Adds a line: the tensor's name, what is wrong, its shape, and that in the network.
    const fn problem(&mut self, name: &str, what: &str, shape: &[usize], ours: Option<&[usize]>) {
        self.found += 1;
        if self.found > MOST_PROBLEMS {
            self.problems.push(if self.found == MOST_PROBLEMS + 1 { ",\n      and more" } else { "" });
            return;
        }
        self.problems.push(if self.found == 1 { "`" } else { ",\n      `" });
        self.problems.push(self.stage.name);
        self.problems.push(".");
        self.problems.push(name);
        self.problems.push("`");
        self.problems.push(what);
        self.problems.push_shape(shape);
        if let Some(ours) = ours {
            self.problems.push(" in the file, but ");
            self.problems.push_shape(ours);
            self.problems.push(" in the network");
        }
    }

    /// The tensors of the file that have no place; looked for only if there are some.
    const fn unknown(&mut self, tensors: &[Tensor], inner: &[LayerInfo]) {
        let mut i = 0;
        while i < self.stored.len() {
            let stored = &self.stored[i];
            if !has(tensors, stored.name) && !has_inside(inner, stored.name) {
                self.problem(stored.name, " belongs to no layer of the stage; its shape is ", stored.shape, None);
            }
            i += 1;
        }
    }

    /// One error for all problems.
    #[track_caller]
    const fn check(&self) {
        if self.found > 0 {
            fail(&[
                "the tensors of `",
                self.stage.name,
                "` in `",
                self.stage.file,
                "` and in `",
                self.stage.network,
                "` do not fit\nnote: ",
                self.problems.text(),
                "\nhelp: declare the stage's type as it was when the file was saved, or train the network and save it again",
            ]);
        }
    }
}

/// Whether one of the tensors has values, and this name.
const fn has(tensors: &[Tensor], name: &str) -> bool {
    let mut i = 0;
    while i < tensors.len() {
        if !tensors[i].is_empty() && is_same(tensors[i].name, name) {
            return true;
        }
        i += 1;
    }
    false
}

/// Whether a tensor of the layers, or inside of them, has this name.
const fn has_inside(layers: &[LayerInfo], name: &str) -> bool {
    let mut i = 0;
    while i < layers.len() {
        let row = &layers[i];
        if let Some(rest) = inside(row.name, name)
            && (has(row.tensors, rest) || has_inside(row.inner, rest))
        {
            return true;
        }
        i += 1;
    }
    false
}

/// What comes after the stage's name and a point.
const fn inside<'n>(stage: &str, name: &'n str) -> Option<&'n str> {
    if stage.is_empty() {
        return Some(name);
    }
    match name.split_at_checked(stage.len()) {
        Some((first, rest)) if is_same(first, stage) && !rest.is_empty() && rest.as_bytes()[0] == b'.' => {
            Some(rest.split_at(1).1)
        }
        _ => None,
    }
}

const fn is_same_shape(a: &[usize], b: &[usize]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    a.len() == b.len() && i == a.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::table::layer;

    const OWN: &[Tensor] = &[Tensor::new::<f32>("none", &[0]), Tensor::new::<f32>("table", &[2, 1]).row_major()];
    const INNER: &[LayerInfo] = &[
        layer("relu", "relu", &[0], &[2], &[2]),
        layer("fc", "linear", &[1], &[2], &[1]).parameters(0, &[Tensor::new::<f32>("weight", &[1, 2])]),
        layer("own", "Own", &[2], &[1], &[1]).layer(2, 2, OWN, &[]),
    ];
    const STAGE: Stage = Stage { name: "enc", file: "a.safetensors", network: "Net" };

    fn put_inner(stored: &[Stored]) -> [u8; 5] {
        let mut bytes = [0; 5];
        put_stage(&mut bytes, [Some(1), None], 1, STAGE, (&[], INNER), stored, None);
        bytes
    }

    #[test]
    fn the_tensors_of_a_stage_are_put_where_they_belong() {
        let weight = Stored::new("fc.weight", &[1, 2], &[1, 2]).columns(&[3, 4]);
        let table = Stored::new("own.table", &[2, 1], &[5, 6]).columns(&[7, 8]);
        assert_eq!(put_inner(&[weight, table]), [0, 3, 4, 5, 6]);
        assert_eq!(put_inner(&[table, weight]), [0, 3, 4, 5, 6]);
    }

    #[test]
    #[should_panic = "the tensors of `enc` in `a.safetensors` and in `Net` do not fit\n\
        note: `enc.fc.weight` has shape [2] in the file, but [1, 2] in the network,\n      \
        `enc.own.table` is missing from the file; its shape is [2, 1],\n      \
        `enc.fc.bias` belongs to no layer of the stage; its shape is [10]\n\
        help: "]
    fn what_does_not_fit_is_listed() {
        put_inner(&[Stored::new("fc.weight", &[2], &[1, 2]), Stored::new("fc.bias", &[10], &[0; 10])]);
    }

    #[test]
    fn each_value_is_turned_around() {
        let mut bytes = [1, 2, 3, 4, 5, 6];
        reverse_each(&mut bytes, 2);
        assert_eq!(bytes, [2, 1, 4, 3, 6, 5]);
        assert_eq!(from_little_endian::<u16, 2>(0x0102_u16.to_le_bytes(), 2), 0x0102);
    }
}
