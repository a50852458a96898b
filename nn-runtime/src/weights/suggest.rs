//! How the names of a file may be meant.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::error::{LeftOver, Missing};
use crate::network::stages::distance;

/// How many names are offered.
const OFFERED: usize = 3;
/// How many of a file's tensors are compared; more take too long.
const COMPARED: usize = 1000;

/// The left-over tensors that a missing one may be: of its shape, else with a similar name; the most similar names first.
pub(super) fn similar(name: &str, shape: &[usize], left_over: &[LeftOver]) -> Vec<(String, Vec<usize>)> {
    let candidates = left_over.iter().take(COMPARED).map(|tensor| (distance(name, &tensor.name), tensor));
    let has_shape = |(_, tensor): &(usize, &LeftOver)| tensor.shape == shape;
    let mut found: Vec<_> = candidates.clone().filter(has_shape).collect();
    if found.is_empty() {
        found = candidates.filter(|(distance, tensor)| 2 * distance <= name.len().max(tensor.name.len())).collect();
    }
    found.sort_by_key(|(distance, _)| *distance);
    found.into_iter().take(OFFERED).map(|(_, tensor)| (tensor.name.clone(), tensor.shape.clone())).collect()
}

/// The arguments of `Load::rename` by which every missing tensor is found among those that are left over; none if there are no such.
pub(super) fn renames(missing: &[Missing], left_over: &[LeftOver]) -> Vec<(String, String)> {
    if missing.is_empty() || left_over.is_empty() || left_over.len() > COMPARED {
        return Vec::new();
    }
    prefix_of_file(missing, left_over)
        .or_else(|| prefix_of_network(missing, left_over))
        .map(|rename| alloc::vec![rename])
        .or_else(|| stage_by_stage(missing, left_over))
        .unwrap_or_default()
}

/// `model` where the file has `model.fc1.weight` for `fc1.weight`, and so on.
fn prefix_of_file(missing: &[Missing], left_over: &[LeftOver]) -> Option<(String, String)> {
    let first = missing.first()?;
    left_over.iter().find_map(|tensor| {
        let prefix = tensor.name.strip_suffix(&*first.name)?.strip_suffix('.')?;
        let inside = |tensor: &LeftOver| Some(tensor.name.strip_prefix(prefix)?.strip_prefix('.')?.to_owned());
        let is_there = |missing: &Missing| {
            left_over
                .iter()
                .any(|tensor| tensor.shape == missing.shape && inside(tensor).is_some_and(|name| name == missing.name))
        };
        missing.iter().all(is_there).then(|| (prefix.to_owned(), String::new()))
    })
}

/// `encoder` where the file has `fc1.weight` for `encoder.fc1.weight`, and so on.
fn prefix_of_network(missing: &[Missing], left_over: &[LeftOver]) -> Option<(String, String)> {
    let first = missing.first()?;
    left_over.iter().find_map(|tensor| {
        let prefix = first.name.strip_suffix(&*tensor.name)?.strip_suffix('.')?;
        let is_there = |missing: &Missing| {
            let inside = missing.name.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.'));
            left_over.iter().any(|tensor| tensor.shape == missing.shape && inside == Some(&*tensor.name))
        };
        missing.iter().all(is_there).then(|| (String::new(), prefix.to_owned()))
    })
}

/// A stage, and the last names and shapes of its tensors, sorted.
type Stage<'a> = (&'a str, Vec<(&'a str, &'a [usize])>);

/// `model.0` for `fc1`, `model.2` for `fc2`, where the stages have tensors of the same names and shapes in the same order.
fn stage_by_stage(missing: &[Missing], left_over: &[LeftOver]) -> Option<Vec<(String, String)>> {
    let ours = stages(missing.iter().map(|tensor| (&*tensor.name, &*tensor.shape)));
    let mut theirs = stages(left_over.iter().map(|tensor| (&*tensor.name, &*tensor.shape)));
    theirs.sort_by(|(left, _), (right, _)| natural(left, right));
    let mut rest = theirs.into_iter();
    let pairs = ours.iter().map(|(stage, tensors)| {
        let (found, _) = rest.find(|(_, others)| others == tensors)?;
        (!found.is_empty() && !stage.is_empty()).then(|| (found.to_owned(), (*stage).to_owned()))
    });
    let renamed = |pairs: &Vec<(String, String)>| pairs.iter().any(|(from, to)| from != to);
    pairs.collect::<Option<Vec<_>>>().filter(renamed)
}

fn stages<'a>(tensors: impl Iterator<Item = (&'a str, &'a [usize])>) -> Vec<Stage<'a>> {
    let mut stages: Vec<Stage<'a>> = Vec::new();
    for (name, shape) in tensors {
        let (stage, last) = name.rsplit_once('.').unwrap_or(("", name));
        match stages.iter_mut().find(|(other, _)| *other == stage) {
            Some((_, tensors)) => tensors.push((last, shape)),
            None => stages.push((stage, alloc::vec![(last, shape)])),
        }
    }
    for (_, tensors) in &mut stages {
        tensors.sort_unstable();
    }
    stages
}

/// The order of names in which numbers are ordered by size: `model.2` before `model.10`.
fn natural(left: &str, right: &str) -> Ordering {
    let key = |part: &str| part.parse::<u64>().map_or((1, 0), |number| (0, number));
    let parts = |name: &'_ str| name.split('.').map(|part| (key(part), part.to_owned())).collect::<Vec<_>>();
    parts(left).cmp(&parts(right))
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    fn missing(names: &[(&str, &[usize])]) -> Vec<Missing> {
        let tensor = |(name, shape): &(&str, &[usize])| Missing {
            name: (*name).into(),
            shape: shape.to_vec(),
            similar: Vec::new(),
        };
        names.iter().map(tensor).collect()
    }

    fn left_over(names: &[(&str, &[usize])]) -> Vec<LeftOver> {
        names.iter().map(|(name, shape)| LeftOver { name: (*name).into(), shape: shape.to_vec() }).collect()
    }

    const NET: &[(&str, &[usize])] =
        &[("fc1.weight", &[8, 4]), ("fc1.bias", &[8]), ("fc2.weight", &[3, 8]), ("fc2.bias", &[3])];

    fn found(file: &[(&str, &[usize])], network: &[(&str, &[usize])]) -> Vec<(String, String)> {
        renames(&missing(network), &left_over(file))
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(from, to)| (from.to_string(), to.to_string())).collect()
    }

    #[test]
    fn a_common_prefix_is_found_on_either_side() {
        let with_prefix: &[(&str, &[usize])] = &[
            ("model.net.fc1.bias", &[8]),
            ("model.net.fc1.weight", &[8, 4]),
            ("model.net.fc2.bias", &[3]),
            ("model.net.fc2.weight", &[3, 8]),
            ("other", &[1]),
        ];
        assert_eq!(found(with_prefix, NET), pairs(&[("model.net", "")]));
        let network: Vec<_> = with_prefix[..4].to_vec();
        assert_eq!(found(NET, &network), pairs(&[("", "model.net")]));
    }

    #[test]
    fn stages_with_the_same_tensors_are_found_in_their_order() {
        let sequential: &[(&str, &[usize])] =
            &[("m.10.bias", &[3]), ("m.10.weight", &[3, 8]), ("m.2.bias", &[8]), ("m.2.weight", &[8, 4])];
        assert_eq!(found(sequential, NET), pairs(&[("m.2", "fc1"), ("m.10", "fc2")]));
        assert_eq!(found(&sequential[..3], NET), []);
        assert_eq!(found(&[], NET), []);
        let other_shape: &[(&str, &[usize])] =
            &[("m.10.bias", &[3]), ("m.10.weight", &[3, 9]), ("m.2.bias", &[8]), ("m.2.weight", &[8, 4])];
        assert_eq!(found(other_shape, NET), []);
    }

    #[test]
    fn tensors_of_the_shape_come_before_those_of_a_similar_name() {
        let file = left_over(&[("x", &[8, 4]), ("fc1.weigth", &[4]), ("fc1_weight", &[8, 4])]);
        let names = |name, shape| similar(name, shape, &file).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names("fc1.weight", &[8, 4]), ["fc1_weight", "x"]);
        assert_eq!(names("fc1.weight", &[9]), ["fc1_weight", "fc1.weigth"]);
        assert!(names("conv.bias", &[9]).is_empty());
    }
}
