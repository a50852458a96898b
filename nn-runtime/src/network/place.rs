//! What a position in a network's flat slice belongs to.

use core::fmt;

use super::LayerInfo;

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
        let rows = self.rows();
        let (offset, innermost) = rows.fold((0, None), |_, (offset, row)| (offset, Some(row)));
        innermost.is_some_and(|row| match tensor_at(row, offset) {
            Some(tensor) => tensor.is_state,
            None => row.runs.iter().any(|run| !run.is_trained && (run.start..run.start + run.len).contains(&offset)),
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
            let row = layers.iter().find(|row| {
                row.is_frozen == is_frozen && row.start <= position && position - row.start < row.parameters + row.state
            })?;
            (position, is_frozen, layers) = (position - row.start, false, row.inner);
            Some((position, row))
        })
    }
}

/// The tensor of a layer that holds the value at a position.
fn tensor_at(row: &LayerInfo, position: usize) -> Option<&'static super::Tensor> {
    let mut end = 0;
    row.tensors.iter().find(|tensor| {
        end += tensor.len();
        position < end
    })
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frozen = if self.is_frozen { "frozen " } else { "" };
        let kind = if self.is_state() { "running statistic" } else { "parameter" };
        write!(f, "{frozen}{kind} {}", self.position)?;
        let mut before = " (`";
        for (offset, row) in self.rows() {
            let tensor = tensor_at(row, offset).map(|tensor| tensor.name);
            for name in [Some(row.name), tensor].into_iter().flatten().filter(|name| !name.is_empty()) {
                write!(f, "{before}{name}")?;
                before = ".";
            }
        }
        f.write_str(if before == "." { "`)" } else { "" })
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
    use crate::network::Run;
    use crate::network::table::{layer, tensor};

    const INNER: &[LayerInfo] = &[
        layer("", "relu", &[1], &[1]),
        layer("fc", "linear", &[1], &[1]).parameters(0, &[tensor("weight", &[2]), tensor("bias", &[1])]),
        layer("norm", "batch_norm1d", &[1], &[1]).parameters(3, &[tensor("running_mean", &[1]).state()]),
    ];
    const LAYERS: &[LayerInfo] = &[
        layer("old", "linear", &[1], &[1]).parameters(0, &[tensor("weight", &[9])]).frozen(),
        layer("fc", "linear", &[1], &[1]).parameters(0, &[tensor("weight", &[2, 2]), tensor("bias", &[2])]),
        layer("net", "Inner", &[1], &[1]).layer(6, &[Run::trained(0, 3), Run::state(3, 1)], INNER),
        layer("own", "Own", &[1], &[1]).layer(10, &[Run::trained(0, 1), Run::state(1, 1)], &[]),
    ];

    #[test]
    fn a_place_has_its_name_in_pytorch() {
        let texts = [
            (3, "parameter 3 (`fc.weight`)"),
            (4, "parameter 4 (`fc.bias`)"),
            (7, "parameter 7 (`net.fc.weight`)"),
            (8, "parameter 8 (`net.fc.bias`)"),
            (9, "running statistic 9 (`net.norm.running_mean`)"),
            (10, "parameter 10 (`own`)"),
            (11, "running statistic 11 (`own`)"),
            (12, "parameter 12"),
        ];
        for (position, text) in texts {
            let place = Place::new(LAYERS, position);
            assert_eq!(place.to_string(), text);
            assert_eq!(place.is_state(), text.starts_with("running"));
        }
        assert_eq!(Place::new(LAYERS, 8).stage(), Some("net"));
        assert_eq!(Place::new(LAYERS, 12).stage(), None);
        assert_eq!(Place::new(LAYERS, 3).frozen().to_string(), "frozen parameter 3 (`old.weight`)");
    }
}
