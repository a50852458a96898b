//! What a position in a network's flat slice belongs to.

use core::fmt::{self, Write as _};

use super::{LayerInfo, Tensor};

/// A parameter or a running statistic of a network, for errors: written with its name in PyTorch's `state_dict`, as in
/// "parameter 7 (`block.fc1.weight`)".
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The position in the network's flat slice, or in its frozen parameters.
    pub position: usize,
    /// Whether it is one of the frozen parameters.
    pub is_frozen: bool,
    layers: &'static [LayerInfo],
}

impl Place {
    pub(crate) const fn new(layers: &'static [LayerInfo], position: usize) -> Self {
        Self { position, is_frozen: false, layers }
    }

    /// The same position in the frozen parameters.
    pub(crate) const fn frozen(self) -> Self {
        Self { is_frozen: true, ..self }
    }

    /// Whether it is a running statistic, which no optimizer trains.
    #[must_use]
    pub fn is_state(&self) -> bool {
        self.tensor().is_some_and(|tensor| tensor.is_state)
    }

    /// The tensor that holds it.
    pub(super) fn tensor(&self) -> Option<&'static Tensor> {
        let (offset, row) = self.rows().last()?;
        let mut end = 0;
        row.tensors.iter().find(|tensor| {
            end += tensor.len();
            offset < end
        })
    }

    /// The name of the stage that it belongs to; `None` if the table of layers does not say.
    #[must_use]
    pub fn stage(&self) -> Option<&'static str> {
        self.rows().next().map(|(_, row)| row.name).filter(|name| !name.is_empty())
    }

    /// The row of the table that holds it, then the row of the table inside of that one, and so on; each with the position
    /// from the beginning of the row.
    fn rows(&self) -> impl Iterator<Item = (usize, &'static LayerInfo)> {
        let &Self { mut position, mut is_frozen, mut layers } = self;
        core::iter::from_fn(move || {
            let (row, of_frozen, offset) = row_at(layers, is_frozen, position)?;
            (position, is_frozen, layers) = (offset, of_frozen, row.inner);
            Some((position, row))
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frozen = if self.is_frozen { "frozen " } else { "" };
        let kind = if self.is_state() { "running statistic" } else { "parameter" };
        write!(f, "{frozen}{kind} {}", self.position)?;
        if self.rows().next().is_some() { write!(f, " (`{}`)", Name(*self)) } else { Ok(()) }
    }
}

/// The row that holds the value at a position of the network's parameters or of its frozen ones; whether the row's network has it
/// among its frozen parameters, and at which position there.
fn row_at(layers: &'static [LayerInfo], is_frozen: bool, position: usize) -> Option<(&'static LayerInfo, bool, usize)> {
    layers.iter().find_map(|row| {
        let offset = |start: usize, len: usize| position.checked_sub(start).filter(|offset| *offset < len);
        let own = offset(row.start, row.len()).filter(|_| row.is_frozen == is_frozen);
        let frozen = || offset(row.frozen_start, row.frozen_len).filter(|_| is_frozen);
        own.map(|offset| (row, false, offset)).or_else(|| frozen().map(|offset| (row, true, offset)))
    })
}

/// The name of a tensor in PyTorch's `state_dict`: those of the stages that it belongs to, and its own, with `.` between them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Name(pub(super) Place);

impl Name {
    /// Whether the tensor belongs to the stage of this name, or to one below it.
    #[must_use]
    pub fn is_of(&self, stage: &str) -> bool {
        let mut comparison = Comparison { rest: stage, next: None };
        !stage.is_empty() && write!(comparison, "{self}").is_err() && comparison.next == Some('.')
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        let mut comparison = Comparison { rest: other, next: None };
        write!(comparison, "{self}").is_ok() && comparison.rest.is_empty()
    }
}

/// Compares a text with what is written, without memory for it.
struct Comparison<'a> {
    /// What is not written yet.
    rest: &'a str,
    /// What is written behind the whole text.
    next: Option<char>,
}

impl fmt::Write for Comparison<'_> {
    fn write_str(&mut self, written: &str) -> fmt::Result {
        if let Some(rest) = self.rest.strip_prefix(written) {
            self.rest = rest;
            return Ok(());
        }
        self.next = written.strip_prefix(self.rest).and_then(|rest| rest.chars().next());
        Err(fmt::Error)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stages = self.0.rows().map(|(_, row)| row.name);
        let names = stages.chain(self.0.tensor().map(|tensor| tensor.name)).filter(|name| !name.is_empty());
        for (i, name) in names.enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;
    use crate::network::table::layer;

    const LINEAR: &[Tensor] = &[Tensor::new::<f32>("weight", &[2]), Tensor::new::<f32>("bias", &[1])];
    const INNER: &[LayerInfo] = &[
        row("", "relu"),
        row("fc", "linear").parameters(0, LINEAR),
        row("norm", "batch_norm1d").parameters(3, &[Tensor::new::<f32>("running_mean", &[1]).state()]),
    ];
    const LAYERS: &[LayerInfo] = &[
        row("old", "linear").parameters(0, &[Tensor::new::<f32>("weight", &[9])]).frozen(),
        row("fc", "linear").parameters(0, &[Tensor::new::<f32>("weight", &[2, 2]), Tensor::new::<f32>("bias", &[2])]),
        row("net", "Inner").layer(6, 4, &[], INNER),
        row("own", "Own").layer(10, 2, &[Tensor::new::<f32>("a", &[1]), Tensor::new::<f32>("b", &[1]).state()], &[]),
        row("body", "Body").layer(12, 3, &[], BODY).frozen_part(9),
        row("whole", "Body").layer(10, 3, &[], BODY).frozen().frozen_part(13),
    ];
    const BODY: &[LayerInfo] = &[
        row("still", "prelu").parameters(0, &[Tensor::new::<f32>("weight", &[1])]).frozen(),
        row("fc", "linear").parameters(0, LINEAR),
    ];

    const fn row(name: &'static str, keyword: &'static str) -> LayerInfo {
        layer(name, keyword, &[0], &[1], &[1])
    }

    #[test]
    fn a_place_has_its_name_in_pytorch() {
        let texts = [
            (3, "parameter 3 (`fc.weight`)"),
            (4, "parameter 4 (`fc.bias`)"),
            (7, "parameter 7 (`net.fc.weight`)"),
            (8, "parameter 8 (`net.fc.bias`)"),
            (9, "running statistic 9 (`net.norm.running_mean`)"),
            (10, "parameter 10 (`own.a`)"),
            (11, "running statistic 11 (`own.b`)"),
            (14, "parameter 14 (`body.fc.bias`)"),
            (15, "parameter 15"),
        ];
        for (position, text) in texts {
            let place = Place::new(LAYERS, position);
            assert_eq!(place.to_string(), text);
            assert_eq!(place.is_state(), text.starts_with("running"));
        }
        assert_eq!(Place::new(LAYERS, 8).stage(), Some("net"));
        assert_eq!(Place::new(LAYERS, 15).stage(), None);
        assert_eq!(Place::new(LAYERS, 3).frozen().to_string(), "frozen parameter 3 (`old.weight`)");
    }

    #[test]
    fn what_is_frozen_inside_of_a_network_is_among_the_frozen_parameters() {
        let texts = [
            (9, "frozen parameter 9 (`body.still.weight`)"),
            (10, "frozen parameter 10 (`whole.fc.weight`)"),
            (12, "frozen parameter 12 (`whole.fc.bias`)"),
            (13, "frozen parameter 13 (`whole.still.weight`)"),
            (14, "frozen parameter 14"),
        ];
        for (position, text) in texts {
            assert_eq!(Place::new(LAYERS, position).frozen().to_string(), text);
        }
    }

    #[test]
    fn a_name_is_compared_without_memory() {
        let name = Name(Place::new(LAYERS, 7));
        assert_eq!(name.to_string(), "net.fc.weight");
        assert!(&name == "net.fc.weight" && &name != "net.fc.weigh" && &name != "net.fc.weights");
        assert!(["net", "net.fc"].iter().all(|stage| name.is_of(stage)));
        assert!(!["", "n", "net.f", "net.fc.weight", "net.fc.weight.x", "fc"].iter().any(|stage| name.is_of(stage)));
    }
}
