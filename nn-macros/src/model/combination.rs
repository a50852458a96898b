//! Values that are combined element by element.

use super::shape::Shape;

/// What becomes of values of one shape, or of values that are broadcast to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combination {
    Sum,
    /// The first less the second.
    Difference,
    Product,
}

/// How a value fills a larger shape: where it has a size of 1, it is repeated.
///
/// Pairs of how often a part is repeated and how many parts it has, from the outermost dimension on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broadcast(pub Vec<[usize; 2]>);

impl Broadcast {
    /// From one shape to another of as many dimensions; `None` if they are the same.
    pub fn between(from: &[usize], to: &[usize]) -> Option<Self> {
        if from == to {
            return None;
        }
        let mut pairs = vec![[1, 1]];
        for (own, size) in from.iter().zip(to) {
            let last = pairs.len() - 1;
            match (own == size, pairs[last]) {
                (true, _) => pairs[last][1] *= size,
                (false, [_, 1]) => pairs[last][0] *= size,
                (false, _) => pairs.push([*size, 1]),
            }
        }
        Some(Self(pairs))
    }
}

/// The shape to which all of these are broadcast: as many dimensions, and in each the same size or 1.
pub fn broadcast_shape(shapes: &[&[usize]]) -> Option<Vec<usize>> {
    let (first, rest) = shapes.split_first()?;
    let mut whole = first.to_vec();
    for shape in rest {
        if shape.len() != whole.len() {
            return None;
        }
        for (size, own) in whole.iter_mut().zip(*shape) {
            match (*size, *own) {
                (_, 1) => {}
                (1, own) => *size = own,
                (size, own) if size == own => {}
                _ => return None,
            }
        }
    }
    Some(whole)
}

/// What to do where two branches have shapes that are not broadcast to one.
pub fn help(combination: Combination, one: &Shape, other: &Shape) -> String {
    let [short, long] = if one.sizes().len() < other.sizes().len() { [one, other] } else { [other, one] };
    let (own, whole) = (short.sizes(), long.sizes());
    // `[channels]` for `[channels, height, width]`
    if own.len() < whole.len() && whole.starts_with(own) {
        let mut sizes = own.to_vec();
        sizes.resize(whole.len(), 1);
        return format!("add `reshape({sizes:?})` to the branch that makes {short}: a size of 1 is repeated");
    }
    let join = if combination == Combination::Sum { ", or join them with `concat`" } else { "" };
    format!("let each branch make the same shape, with a size of 1 where it is to be repeated{join}")
}

#[cfg(test)]
mod tests {
    use super::{Broadcast, broadcast_shape};

    #[test]
    fn sizes_of_one_are_repeated() {
        let between = |from: &[usize], to: &[usize]| Broadcast::between(from, to).map(|broadcast| broadcast.0);
        assert_eq!(between(&[3, 4], &[3, 4]), None);
        assert_eq!(between(&[3, 1, 1], &[3, 4, 5]), Some(vec![[1, 3], [20, 1]]));
        assert_eq!(between(&[1, 4, 1], &[3, 4, 5]), Some(vec![[3, 4], [5, 1]]));
        assert_eq!(between(&[1, 1, 5], &[3, 4, 5]), Some(vec![[12, 5]]));
        assert_eq!(between(&[3, 1, 5], &[3, 4, 5]), Some(vec![[1, 3], [4, 5]]));
    }

    #[test]
    fn shapes_are_broadcast_as_in_pytorch() {
        assert_eq!(broadcast_shape(&[&[3, 1], &[1, 4], &[3, 4]]), Some(vec![3, 4]));
        assert_eq!(broadcast_shape(&[&[3, 1], &[3]]), None);
        assert_eq!(broadcast_shape(&[&[3, 2], &[3, 4]]), None);
    }
}
