//! The tensors of a network, in the order of PyTorch's `state_dict`: the one walk over them, with and without their values.

use core::cell::Cell;
use core::fmt;

use super::place::{Name, Place};
use super::table::LayerInfo;
use crate::scalar::{Dtype, Element, Scalar};

/// A parameter of a layer, or a running statistic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tensor {
    /// Its name in PyTorch's `state_dict`, without the stage's.
    pub name: &'static str,
    /// Its shape in PyTorch.
    pub shape: &'static [usize],
    /// The type of its values.
    pub dtype: Dtype,
    /// Whether it is a running statistic.
    pub is_state: bool,
    /// Whether the values are stored row-major, as in PyTorch. Otherwise they are a column-major matrix of the first dimension by
    /// all others: the first dimension is contiguous.
    pub is_row_major: bool,
}

impl Tensor {
    /// A parameter with values of type `T`; a matrix of the shape's first dimension by all others, column by column.
    ///
    /// ```
    /// use nn_runtime::network::Tensor;
    ///
    /// const TENSORS: &[Tensor] =
    ///     &[Tensor::new::<f32>("weight", &[8, 3]), Tensor::new::<f32>("running_mean", &[8]).state()];
    /// assert_eq!(TENSORS[0].len(), 24);
    /// ```
    #[must_use]
    pub const fn new<T: Element>(name: &'static str, shape: &'static [usize]) -> Self {
        Self { name, shape, dtype: T::DTYPE, is_state: false, is_row_major: false }
    }

    /// The number of values.
    #[must_use]
    pub const fn len(&self) -> usize {
        let (mut len, mut i) = (1, 0);
        while i < self.shape.len() {
            len *= self.shape[i];
            i += 1;
        }
        len
    }

    /// Whether it has no values.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same tensor, a running statistic.
    #[must_use]
    pub const fn state(self) -> Self {
        Self { is_state: true, ..self }
    }

    /// The same tensor, stored row-major.
    #[must_use]
    pub const fn row_major(self) -> Self {
        Self { is_row_major: true, ..self }
    }

    /// Where the value at a position of PyTorch's tensor stands, row by row.
    fn place(self) -> impl Fn(usize) -> usize + Clone {
        let rows = self.shape.first().copied().unwrap_or(1).max(1);
        let columns = (self.len() / rows).max(1);
        move |index| if self.is_row_major { index } else { index % columns * rows + index / columns }
    }

    /// Where each value of PyTorch's tensor stands, in PyTorch's order: row by row.
    fn order(self) -> impl Iterator<Item = usize> + Clone {
        (0..self.len()).map(self.place())
    }
}

/// A tensor of a network: what it is, and where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NamedTensor {
    tensor: &'static Tensor,
    place: Place,
}

impl NamedTensor {
    /// Its name in PyTorch's `state_dict`: `block.fc1.weight`.
    #[must_use]
    pub const fn name(&self) -> Name {
        Name(self.place)
    }

    /// Its shape in PyTorch.
    #[must_use]
    pub const fn shape(&self) -> &'static [usize] {
        self.tensor.shape
    }

    /// The type of its values.
    #[must_use]
    pub const fn dtype(&self) -> Dtype {
        self.tensor.dtype
    }

    /// The number of its values.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.tensor.len()
    }

    /// Whether it has no values; the walk leaves such tensors out.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.tensor.is_empty()
    }

    /// Whether it is a running statistic.
    #[must_use]
    pub const fn is_state(&self) -> bool {
        self.tensor.is_state
    }

    /// Whether it is one of the frozen parameters.
    #[must_use]
    pub const fn is_frozen(&self) -> bool {
        self.place.is_frozen
    }

    /// Whether the values are stored row-major, as in PyTorch; see [`Tensor::is_row_major`].
    #[must_use]
    pub const fn is_row_major(&self) -> bool {
        self.tensor.is_row_major
    }

    /// The position of its first value in the network's flat slice, or in the frozen parameters.
    #[must_use]
    pub const fn start(&self) -> usize {
        self.place.position
    }

    /// Where each value of PyTorch's tensor stands, from [`start`](Self::start) on, in PyTorch's order.
    pub fn order(&self) -> impl Iterator<Item = usize> + Clone + use<> {
        self.tensor.order()
    }

    /// Where the value at a position of PyTorch's tensor stands, from [`start`](Self::start) on.
    #[cfg(feature = "serde")]
    pub(crate) fn place(&self, index: usize) -> usize {
        self.tensor.place()(index)
    }
}

impl fmt::Debug for NamedTensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.name(), self.shape())
    }
}

/// The tensors of a table of layers: those of nested networks and frozen ones included, in the order of the stages.
///
/// ```
/// use nn_runtime::network::tensors;
/// use nn_runtime::prelude::*;
///
/// network! { struct Net: [2] -> [1] { fc1: linear(3), tanh, fc2: linear(1) } }
///
/// let names: Vec<_> = tensors(Net::LAYERS).map(|tensor| tensor.name().to_string()).collect();
/// assert_eq!(names, ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]);
/// ```
#[must_use]
pub fn tensors(layers: &'static [LayerInfo]) -> Tensors {
    Tensors { layers, row: 0, passed: 0 }
}

/// The iterator of [`tensors`].
#[derive(Clone, Debug)]
pub struct Tensors {
    layers: &'static [LayerInfo],
    /// The row that comes next, and how many of its tensors are passed.
    row: usize,
    passed: usize,
}

impl Iterator for Tensors {
    type Item = NamedTensor;

    fn next(&mut self) -> Option<NamedTensor> {
        loop {
            let row = self.layers.get(self.row)?;
            if let Some((tensor, at)) = Origin::default().tensor(row, &mut self.passed.clone()) {
                self.passed += 1;
                let place = Place::new(self.layers, at.position);
                return Some(NamedTensor { tensor, place: if at.is_frozen { place.frozen() } else { place } });
            }
            (self.row, self.passed) = (self.row + 1, 0);
        }
    }
}

/// Where the parameters of a table begin.
#[derive(Clone, Copy, Default)]
struct Origin {
    /// Whether those that are not marked in the table itself stand among the frozen parameters.
    is_frozen: bool,
    /// The position of those.
    position: usize,
    /// The position of the others among the frozen parameters.
    frozen_position: usize,
}

impl Origin {
    /// Where the parameters of a row of the table begin.
    const fn of(self, row: &LayerInfo) -> Self {
        Self {
            is_frozen: self.is_frozen || row.is_frozen,
            position: row.start + if row.is_frozen { self.frozen_position } else { self.position },
            frozen_position: self.frozen_position + row.frozen_start,
        }
    }

    /// The tensor of a row, or of the tables inside of it, that comes after `passed` others, and where it begins.
    fn tensor(self, row: &'static LayerInfo, passed: &mut usize) -> Option<(&'static Tensor, Self)> {
        let mut at = self.of(row);
        for tensor in row.tensors {
            if !tensor.is_empty() {
                match passed.checked_sub(1) {
                    None => return Some((tensor, at)),
                    Some(rest) => *passed = rest,
                }
            }
            at.position += tensor.len();
        }
        row.inner.iter().find_map(|inner| at.tensor(inner, passed))
    }
}

/// Whether PyTorch counts the batches of a batch normalisation under this name, which nothing here needs.
#[cfg(any(feature = "safetensors", feature = "serde"))]
pub(crate) fn is_count_of_batches(name: &str) -> bool {
    name.rsplit('.').next() == Some("num_batches_tracked")
}

/// A tensor with its values.
#[derive(Clone, Copy, Debug)]
pub struct TensorView<'a, T> {
    info: NamedTensor,
    values: &'a [T],
}

impl<'a, T: Scalar> TensorView<'a, T> {
    /// What it is: its name, its shape.
    #[must_use]
    pub const fn info(&self) -> NamedTensor {
        self.info
    }

    /// Its values in PyTorch's order, row by row.
    pub fn values(&self) -> impl Iterator<Item = T> + use<'a, T> {
        let values = self.values;
        self.info.order().filter_map(move |place| values.get(place).copied())
    }
}

/// A tensor with its values, to be written.
#[derive(Debug)]
pub struct TensorViewMut<'a, T: Copy> {
    info: NamedTensor,
    /// In cells, because PyTorch's order is not the order in memory where a frozen network has frozen stages.
    values: &'a [Cell<T>],
}

impl<T: Scalar> TensorViewMut<'_, T> {
    /// What it is: its name, its shape.
    #[must_use]
    pub const fn info(&self) -> NamedTensor {
        self.info
    }

    /// Its values in PyTorch's order, row by row.
    pub fn values(&self) -> impl Iterator<Item = T> {
        self.info.order().filter_map(|place| self.values.get(place).map(Cell::get))
    }

    /// Takes values in PyTorch's order, row by row; those that come after its last are left, and so are places for which none comes.
    pub fn set(&mut self, values: impl IntoIterator<Item = T>) {
        for (place, value) in self.info.order().zip(values) {
            if let Some(slot) = self.values.get(place) {
                slot.set(value);
            }
        }
    }
}

/// The tensors of a network with their values, as PyTorch's `state_dict` has them.
pub(crate) fn views<'a, T>(layers: &'static [LayerInfo], own: &'a [T], frozen: &'a [T]) -> TensorViews<'a, T> {
    TensorViews { tensors: tensors(layers), own, frozen }
}

/// The same, to be written.
pub(crate) fn views_mut<'a, T: Copy>(
    layers: &'static [LayerInfo],
    own: &'a mut [T],
    frozen: &'a mut [T],
) -> TensorViewsMut<'a, T> {
    let [own, frozen] = [own, frozen].map(|all| Cell::from_mut(all).as_slice_of_cells());
    TensorViewsMut { tensors: tensors(layers), own, frozen }
}

/// The iterator of `state_dict`: all tensors of a network with their values.
#[derive(Clone, Debug)]
pub struct TensorViews<'a, T> {
    tensors: Tensors,
    own: &'a [T],
    frozen: &'a [T],
}

impl<'a, T> Iterator for TensorViews<'a, T> {
    type Item = TensorView<'a, T>;

    fn next(&mut self) -> Option<TensorView<'a, T>> {
        let info = self.tensors.next()?;
        let all = if info.is_frozen() { self.frozen } else { self.own };
        Some(TensorView { info, values: all.get(info.start()..)?.get(..info.len())? })
    }
}

/// The iterator of `state_dict_mut`: all tensors of a network with their values, to be written.
#[derive(Debug)]
pub struct TensorViewsMut<'a, T: Copy> {
    tensors: Tensors,
    own: &'a [Cell<T>],
    frozen: &'a [Cell<T>],
}

impl<'a, T: Copy> Iterator for TensorViewsMut<'a, T> {
    type Item = TensorViewMut<'a, T>;

    fn next(&mut self) -> Option<TensorViewMut<'a, T>> {
        let info = self.tensors.next()?;
        let all = if info.is_frozen() { self.frozen } else { self.own };
        Some(TensorViewMut { info, values: all.get(info.start()..)?.get(..info.len())? })
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use super::*;
    use crate::network::table::layer;

    const fn row(name: &'static str) -> LayerInfo {
        layer(name, "linear", &[0], &[1], &[1])
    }

    const MATRIX: &[Tensor] = &[Tensor::new::<f32>("weight", &[3, 2]), Tensor::new::<f32>("bias", &[3])];
    const OWN: &[Tensor] = &[Tensor::new::<f32>("scale", &[0]), Tensor::new::<f32>("shift", &[1]).state()];
    const INNER: &[LayerInfo] = &[row("relu"), row("fc").parameters(0, MATRIX), row("own").layer(9, 1, OWN, &[])];
    const LAYERS: &[LayerInfo] = &[
        row("old").parameters(0, MATRIX).frozen(),
        row("first").parameters(0, MATRIX),
        row("relu"),
        row("net").layer(9, 10, &[], INNER),
        row("still").parameters(9, MATRIX).frozen(),
    ];
    const MIXED: &[LayerInfo] = &[
        row("body").layer(0, 9, &[], BODY).frozen_part(0),
        row("last").parameters(9, &[Tensor::new::<f32>("weight", &[1])]),
        row("whole").layer(9, 9, &[], BODY).frozen().frozen_part(18),
    ];
    const BODY: &[LayerInfo] = &[row("still").parameters(0, MATRIX).frozen(), row("fc").parameters(0, MATRIX)];

    #[test]
    fn the_walk_has_what_is_frozen_inside_of_a_network() {
        let all: Vec<_> =
            tensors(MIXED).map(|tensor| (tensor.name().to_string(), tensor.is_frozen(), tensor.start())).collect();
        let expected = [
            ("body.still.weight", true, 0),
            ("body.still.bias", true, 6),
            ("body.fc.weight", false, 0),
            ("body.fc.bias", false, 6),
            ("last.weight", false, 9),
            ("whole.still.weight", true, 18),
            ("whole.still.bias", true, 24),
            ("whole.fc.weight", true, 9),
            ("whole.fc.bias", true, 15),
        ];
        assert_eq!(all, expected.map(|(name, is_frozen, start)| (name.to_string(), is_frozen, start)));
        let (mut own, mut frozen) = ([0.0_f32; 10], [0.0; 27]);
        assert_eq!(views_mut(MIXED, &mut own, &mut frozen).count(), 9);
    }

    #[test]
    fn the_walk_has_all_tensors_in_the_order_of_the_stages() {
        let all: Vec<_> = tensors(LAYERS).map(|tensor| (tensor.name().to_string(), tensor.start())).collect();
        let expected = [
            ("old.weight", 0),
            ("old.bias", 6),
            ("first.weight", 0),
            ("first.bias", 6),
            ("net.fc.weight", 9),
            ("net.fc.bias", 15),
            ("net.own.shift", 18),
            ("still.weight", 9),
            ("still.bias", 15),
        ];
        assert_eq!(all, expected.map(|(name, start)| (name.to_string(), start)));
        assert!(tensors(LAYERS).all(|tensor| tensor.is_state() == (tensor.start() == 18)));
    }

    #[test]
    fn values_come_in_pytorchs_order_and_go_back() {
        let own: Vec<f32> = (0_u8..19).map(f32::from).collect();
        let frozen: Vec<f32> = (0_u8..18).map(|value| f32::from(value) + 100.0).collect();
        let (mut to, mut to_frozen) = (std::vec![0.0; 19], std::vec![0.0; 18]);
        for (mut slot, view) in views_mut(LAYERS, &mut to, &mut to_frozen).zip(views(LAYERS, &own, &frozen)) {
            assert_eq!(slot.info(), view.info());
            slot.set(view.values());
        }
        assert_eq!((&to, &to_frozen), (&own, &frozen));
        let [weight, bias] = [2, 3].map(|index| views(LAYERS, &own, &frozen).nth(index).unwrap());
        assert_eq!(weight.values().collect::<Vec<_>>(), [0., 3., 1., 4., 2., 5.]);
        assert_eq!(bias.values().collect::<Vec<_>>(), [6., 7., 8.]);
    }

    #[test]
    fn a_kernel_is_a_row_for_each_output_and_an_embedding_stays() {
        let kernel = Tensor::new::<f32>("weight", &[2, 3, 1, 4]);
        assert_eq!(kernel.order().take(4).collect::<Vec<_>>(), [0, 2, 4, 6]);
        let embedding = Tensor::new::<f32>("weight", &[2, 3]).row_major();
        assert_eq!(embedding.order().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
        assert_eq!(Tensor::new::<f32>("weight", &[]).order().collect::<Vec<_>>(), [0]);
    }
}
