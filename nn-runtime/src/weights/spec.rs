//! The spec of a network as text: the fingerprint that a file has of the network that wrote it.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::network::{LayerInfo, Parameters, Port};

/// The key of the text in a file.
pub(crate) const KEY: &str = "network";

/// Inputs or outputs as they are declared: `[4]`, or `{ image: [1, 28, 28], speed: [3] }`.
struct Ports(&'static [Port]);

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [Port { name: "", shape, .. }] = self.0 {
            return write!(f, "{shape:?}");
        }
        for (at, Port { name, shape, .. }) in self.0.iter().enumerate() {
            write!(f, "{}{name}: {shape:?}", if at == 0 { "{ " } else { ", " })?;
        }
        f.write_str(" }")
    }
}

/// What a network is: its shapes and its stages.
#[derive(Clone, Copy)]
pub(crate) struct Spec {
    pub inputs: &'static [Port],
    pub outputs: &'static [Port],
    pub layers: &'static [LayerInfo],
}

impl Spec {
    pub fn of<N: Parameters>() -> Self {
        Self { inputs: N::INPUTS, outputs: N::OUTPUTS, layers: N::LAYERS }
    }
}

/// Rows of a network with so many inputs.
fn write_rows(f: &mut fmt::Formatter<'_>, prefix: &str, layers: &[LayerInfo], inputs: usize) -> fmt::Result {
    for (index, row) in layers.iter().enumerate() {
        // a network is what its stages are, under any name
        let keyword = if row.inner.is_empty() { row.keyword } else { "network" };
        write!(f, "\n{prefix}{}", LayerInfo { keyword, ..*row })?;
        if row.inputs != [(index + inputs).saturating_sub(1)] {
            for (position, input) in row.inputs.iter().enumerate() {
                write!(f, "{}{input}", if position == 0 { " <- " } else { ", " })?;
            }
        }
        if !row.inner.is_empty() {
            write_rows(f, &format!("{prefix}{}.", row.name), row.inner, 1)?;
        }
    }
    Ok(())
}

/// The shapes of input and output, then a line for each stage: `fc1: linear(out_features = 8, bias = true): [4] -> [8]`. What a stage
/// takes follows, unless it is the row before: `residual1: residual: [8] -> [8] <- 3, 0`. The stages of a network inside of it
/// come behind its own.
impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", Ports(self.inputs), Ports(self.outputs))?;
        write_rows(f, "", self.layers, self.inputs.len())
    }
}

/// A line of the text without what may be another in the same network: the stage's name, and the path of a type.
fn essence(line: &str) -> (&str, &str) {
    let (layer, shapes) = line.rsplit_once(": ").unwrap_or((line, ""));
    let layer = layer.split_once(": ").map_or(layer, |(_, layer)| layer);
    (layer.rsplit("::").next().unwrap_or(layer), shapes)
}

/// The name of a line's stage, if it has one.
fn name(line: &str) -> Option<&str> {
    let (layer, _) = line.rsplit_once(": ")?;
    layer.split_once(": ").map(|(name, _)| name)
}

/// A stage that is another in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The stage in the file, as it could be written in `network!`; `None` if it has none there.
    pub file: Option<String>,
    /// The stage in the network; `None` if it has none there.
    pub network: Option<String>,
}

/// How many lines ahead a line is looked for.
const AHEAD: usize = 100;

/// The lines in which two texts differ, in their order. `renamed` gives the name that a stage of the file has here, if it has
/// tensors: two stages of one kind are not to change places. Without tensors a stage is the same under any name.
pub(crate) fn differences(file: &str, network: &str, renamed: impl Fn(&str) -> Option<String>) -> Vec<Difference> {
    let (files, networks): (Vec<_>, Vec<_>) = (file.lines().collect(), network.lines().collect());
    let is_same = |at: usize, other: usize| match (files.get(at), networks.get(other)) {
        (Some(file), Some(network)) => {
            let is_named_so = || name(file).and_then(&renamed).is_none_or(|here| name(network) == Some(&*here));
            essence(file) == essence(network) && is_named_so()
        }
        _ => false,
    };
    let (mut at, mut other, mut found) = (0, 0, Vec::new());
    while at < files.len() || other < networks.len() {
        if is_same(at, other) {
            (at, other) = (at + 1, other + 1);
            continue;
        }
        let in_file = (at..files.len()).take(AHEAD).find(|&later| is_same(later, other));
        let in_network = (other..networks.len()).take(AHEAD).find(|&later| is_same(at, later));
        let is_exchanged = is_same(at + 1, other + 1) || (in_file.is_none() && in_network.is_none());
        let is_only_in_file =
            in_file.is_some_and(|later| in_network.is_none_or(|other_later| later - at <= other_later - other));
        let (takes_file, takes_network) = if is_exchanged { (true, true) } else { (is_only_in_file, !is_only_in_file) };
        let line = |lines: &[&str], index: usize, takes: bool| {
            lines.get(index).filter(|_| takes).map(|line| (*line).to_owned())
        };
        found.push(Difference { file: line(&files, at, takes_file), network: line(&networks, other, takes_network) });
        (at, other) = (at + usize::from(takes_file), other + usize::from(takes_network));
    }
    found
}

#[cfg(test)]
mod tests {
    use std::string::ToString as _;

    use super::*;
    use crate::network::table::layer;
    use crate::network::{OptionValue, Tensor};

    const WEIGHT: &[Tensor] = &[Tensor::new::<f32>("weight", &[2, 2])];
    const INNER: &[LayerInfo] = &[layer("fc", "linear", &[0], &[2], &[2]).parameters(0, WEIGHT)];
    const LAYERS: &[LayerInfo] = &[
        layer("fc1", "linear", &[0], &[2], &[2]).options(&[("bias", OptionValue::Bool(false))]),
        layer("norm", "rms_norm", &[1], &[2], &[2]).options(&[("eps", OptionValue::Epsilon)]),
        layer("norm", "rms_norm", &[2], &[2], &[2]).options(&[("eps", OptionValue::Number(0.5))]),
        layer("residual1", "residual", &[3, 0], &[2], &[2]),
        layer("net", "inside::Net", &[4], &[2], &[2]).layer(0, 4, &[], INNER),
    ];

    #[test]
    fn ports_are_written_as_they_are_declared() {
        const ONE: &[Port] = &[Port::new("", &[2, 3])];
        const TWO: &[Port] = &[Port::new("image", &[2, 3]), Port::new("speed", &[3])];
        assert_eq!(Ports(ONE).to_string(), "[2, 3]");
        assert_eq!(Ports(TWO).to_string(), "{ image: [2, 3], speed: [3] }");
    }

    #[test]
    fn a_spec_has_a_line_for_each_stage() {
        const PORT: &[Port] = &[Port::new("", &[2])];
        let text = Spec { inputs: PORT, outputs: PORT, layers: LAYERS }.to_string();
        let lines = [
            "[2] -> [2]",
            "fc1: linear(bias = false): [2] -> [2]",
            "norm: rms_norm(eps = epsilon): [2] -> [2]",
            "norm: rms_norm(eps = 0.5): [2] -> [2]",
            "residual1: residual: [2] -> [2] <- 3, 0",
            "net: network: [2] -> [2]",
            "net.fc: linear: [2] -> [2]",
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), lines);
    }

    fn found(file: &[&str], network: &[&str]) -> Vec<(Option<String>, Option<String>)> {
        let has_tensors = |name: &str| name.starts_with("fc").then(|| name.replace("fc_old", "fc"));
        let all = differences(&file.join("\n"), &network.join("\n"), has_tensors);
        all.into_iter().map(|difference| (difference.file, difference.network)).collect()
    }

    #[test]
    fn names_of_stages_and_paths_of_types_do_not_count() {
        assert_eq!(
            found(
                &["a: linear: [2] -> [2]", "relu: [2] -> [2]"],
                &["b.c: linear: [2] -> [2]", "relu1: relu: [2] -> [2]"]
            ),
            []
        );
        assert_eq!(found(&["a: crate::own::Scale: [2] -> [2]"], &["a: Scale: [2] -> [2]"]), []);
        assert_eq!(found(&["a: relu: [2] -> [2]"], &["a: relu: [2] -> [3]"]).len(), 1);
    }

    #[test]
    fn stages_with_tensors_keep_their_places() {
        let [first, second, old] = ["fc1", "fc2", "fc_old1"].map(|name| format!("{name}: linear: [2] -> [2]"));
        assert_eq!(found(&[&first, &second], &[&first, &second]), []);
        assert_eq!(found(&[&old, &second], &[&first, &second]), []);
        assert!(!found(&[&first, &second], &[&second, &first]).is_empty());
    }

    #[test]
    fn stages_are_exchanged_put_in_and_left_out() {
        let some = |text: &str| Some(text.to_string());
        assert_eq!(found(&["a", "b", "c"], &["a", "x", "c"]), [(some("b"), some("x"))]);
        assert_eq!(found(&["a", "b", "c"], &["a", "c"]), [(some("b"), None)]);
        assert_eq!(found(&["a", "c"], &["a", "b", "c", "d"]), [(None, some("b")), (None, some("d"))]);
        assert_eq!(found(&["a", "b", "c"], &["b", "a", "c"]).len(), 2);
        assert_eq!(found(&[], &["a"]), [(None, some("a"))]);
    }
}
