//! The names that a mistaken one may stand for.

use core::fmt;

use crate::network::LayerInfo;

/// How many names are offered.
const OFFERED: usize = 3;
/// Longer names are like no other.
const LONGEST: usize = 64;

/// What the stages that are trained are called: those like `name`, the nearest first, or all if none is.
pub(super) struct Names {
    pub(super) name: &'static str,
    pub(super) layers: &'static [LayerInfo],
}

impl Names {
    fn trained(&self) -> impl Iterator<Item = &'static str> {
        let trained = self.layers.iter().filter(|row| !row.is_frozen && row.parameters > 0 && !row.name.is_empty());
        trained.map(|row| row.name)
    }

    fn similar(&self) -> [Option<(usize, &'static str)>; OFFERED] {
        let mut best = [None; OFFERED];
        for candidate in self.trained().flat_map(with_namespaces) {
            let distance = distance(self.name, candidate);
            let is_similar = 2 * distance <= self.name.len().max(candidate.len());
            if is_similar && !best.iter().flatten().any(|&(_, offered)| offered == candidate) {
                insert(&mut best, (distance, candidate));
            }
        }
        best
    }
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let similar = self.similar();
        match similar.iter().flatten().count() {
            0 => {
                f.write_str("its stages with parameters are ")?;
                write_list(f, self.trained())
            }
            1 => {
                f.write_str("a stage with a similar name exists: ")?;
                write_list(f, similar.iter().flatten().map(|(_, name)| *name))
            }
            _ => {
                f.write_str("stages with similar names exist: ")?;
                write_list(f, similar.iter().flatten().map(|(_, name)| *name))
            }
        }
    }
}

fn write_list(f: &mut fmt::Formatter<'_>, names: impl Iterator<Item = &'static str>) -> fmt::Result {
    for (position, name) in names.enumerate() {
        write!(f, "{}`{name}`", if position == 0 { "" } else { ", " })?;
    }
    Ok(())
}

/// `a`, `a.b` and `a.b.c` of the stage `a.b.c`.
fn with_namespaces(name: &'static str) -> impl Iterator<Item = &'static str> {
    name.match_indices('.').filter_map(|(dot, _)| name.get(..dot)).chain([name])
}

/// Puts an entry behind those that are not further away; the last one drops out.
fn insert(best: &mut [Option<(usize, &'static str)>], entry: (usize, &'static str)) {
    let mut entry = Some(entry);
    for place in best {
        let is_nearer = match (&entry, &*place) {
            (Some((distance, _)), Some((other, _))) => distance < other,
            _ => place.is_none(),
        };
        if is_nearer {
            core::mem::swap(place, &mut entry);
        }
    }
}

/// The number of characters to be put in, left out or exchanged (Levenshtein's distance).
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let length = b.chars().count();
    if length > LONGEST || a.len() > LONGEST {
        return usize::MAX / 2;
    }
    // entry k: the distance of what is read of `a` to the first k characters of `b`
    let mut row: [usize; LONGEST + 1] = core::array::from_fn(|k| k);
    for (read, from) in a.chars().enumerate() {
        let mut diagonal = read;
        let mut left = read + 1;
        row[0] = left;
        for (entry, to) in row.iter_mut().skip(1).zip(b.chars()) {
            left = (diagonal + usize::from(from != to)).min(left + 1).min(*entry + 1);
            diagonal = core::mem::replace(entry, left);
        }
    }
    row.get(length).copied().unwrap_or(usize::MAX / 2)
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;
    use crate::network::Tensor;
    use crate::network::table::layer;

    #[test]
    fn distances_are_levenshteins() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("out", "out"), 0);
        assert_eq!(distance("flaw", "lawn"), 2);
        assert_eq!(distance("fc12", "fc2"), 1);
        assert!(distance("a", &"b".repeat(100)) > 1000);
    }

    const WEIGHT: &[Tensor] = &[Tensor::new::<f32>("weight", &[2, 3])];
    const LAYERS: &[LayerInfo] = &[
        row("fc1", "linear").parameters(0, WEIGHT),
        row("relu1", "relu"),
        row("block.fc2", "linear").parameters(6, WEIGHT),
        row("block.inner.fc3", "linear").parameters(12, WEIGHT),
        row("fc4", "linear").parameters(0, WEIGHT).frozen(),
    ];

    const fn row(name: &'static str, keyword: &'static str) -> LayerInfo {
        layer(name, keyword, &[0], &[2], &[2])
    }

    fn names(name: &'static str) -> std::string::String {
        Names { name, layers: LAYERS }.to_string()
    }

    #[test]
    fn the_nearest_names_come_first() {
        assert_eq!(names("blok"), "a stage with a similar name exists: `block`");
        assert_eq!(names("block.fc1"), "stages with similar names exist: `block.fc2`, `block`, `block.inner`");
        assert_eq!(names("fc9"), "a stage with a similar name exists: `fc1`");
        assert_eq!(names("encoder"), "its stages with parameters are `fc1`, `block.fc2`, `block.inner.fc3`");
    }

    #[test]
    fn no_more_than_three_are_offered() {
        let mut best = [None; OFFERED];
        for entry in [(4, "d"), (2, "b"), (3, "c"), (1, "a"), (2, "e")] {
            insert(&mut best, entry);
        }
        assert_eq!(best, [Some((1, "a")), Some((2, "b")), Some((2, "e"))]);
    }
}
