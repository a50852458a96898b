//! Buffers to slots.

use super::Place;
use super::planner::Life;

/// The columns of each slot, and the place of each buffer, of which the first are fixed.
///
/// Buffers are placed from the largest to the smallest, each into the first slot where it overlaps none that is there:
/// so a slot is as large as its first buffer, and small buffers fill the gaps that large ones leave.
pub(super) fn assign(lives: &[Life], fixed: &[Place]) -> (Vec<usize>, Vec<Place>) {
    let mut columns: Vec<usize> = Vec::new();
    let mut places = fixed.to_vec();
    places.resize(lives.len(), Place::Slot(0));
    let mut order: Vec<usize> = (fixed.len()..lives.len()).collect();
    order.sort_by_key(|buffer| (std::cmp::Reverse(lives[*buffer].columns), lives[*buffer].first));
    let steps = lives.iter().map(|life| life.last + 1).max().unwrap_or(0);
    let mut occupied = Occupied::new(steps);
    for buffer in order {
        let life = &lives[buffer];
        let slot = occupied.first_free(life);
        if slot == columns.len() {
            columns.push(life.columns);
        }
        occupied.occupy(life, slot);
        places[buffer] = Place::Slot(slot);
    }
    (columns, places)
}

/// Which slots are occupied at which steps: a segment tree over the steps, so that placing a buffer looks at a few sets of slots and
/// not at all other buffers.
///
/// Node 1 is the root, and the nodes below node `n` are `2n` and `2n + 1`. The leaves are the steps.
struct Occupied {
    leaves: usize,
    /// The slots that are occupied at all steps of a node.
    throughout: Vec<Slots>,
    /// The slots that are occupied at any step of a node.
    somewhere: Vec<Slots>,
}

impl Occupied {
    fn new(steps: usize) -> Self {
        let leaves = steps.next_power_of_two();
        let nodes = vec![Slots::default(); 2 * leaves];
        Self { leaves, throughout: nodes.clone(), somewhere: nodes }
    }

    /// The first slot that is free at all steps of a life.
    fn first_free(&self, life: &Life) -> usize {
        let mut taken = Slots::default();
        self.parts(life).for_each(|node| taken.add(&self.somewhere[node]));
        self.ends(life).for_each(|node| taken.add(&self.throughout[node]));
        taken.first_missing()
    }

    fn occupy(&mut self, life: &Life, slot: usize) {
        for node in self.parts(life) {
            self.throughout[node].insert(slot);
            self.somewhere[node].insert(slot);
        }
        for node in self.ends(life) {
            self.somewhere[node].insert(slot);
        }
    }

    /// The nodes whose steps make up a life, as few as there can be.
    fn parts(&self, life: &Life) -> impl Iterator<Item = usize> + use<> {
        let (mut first, mut end) = (life.first + self.leaves, life.last + 1 + self.leaves);
        let mut found = Vec::new();
        while first < end {
            if first % 2 == 1 {
                found.push(first);
                first += 1;
            }
            if end % 2 == 1 {
                end -= 1;
                found.push(end);
            }
            (first, end) = (first / 2, end / 2);
        }
        found.into_iter()
    }

    /// The nodes that hold the first or the last step of a life, among them all nodes above its parts.
    fn ends(&self, life: &Life) -> impl Iterator<Item = usize> + use<> {
        let above = |step: usize| std::iter::successors(Some(step), |node| Some(node / 2)).take_while(|node| *node > 0);
        above(life.first + self.leaves).chain(above(life.last + self.leaves))
    }
}

/// A set of slots, a bit each.
#[derive(Clone, Default)]
struct Slots(Vec<u64>);

impl Slots {
    fn insert(&mut self, slot: usize) {
        self.grow(slot / 64 + 1);
        self.0[slot / 64] |= 1 << (slot % 64);
    }

    fn add(&mut self, other: &Self) {
        self.grow(other.0.len());
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    fn grow(&mut self, words: usize) {
        if self.0.len() < words {
            self.0.resize(words, 0);
        }
    }

    fn first_missing(&self) -> usize {
        let full = self.0.iter().take_while(|word| **word == u64::MAX).count();
        64 * full + self.0.get(full).map_or(0, |word| word.trailing_ones() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::{Occupied, assign};
    use crate::plan::Place;
    use crate::plan::planner::Life;

    /// Numbers that look random, below `bound`.
    fn numbers() -> impl FnMut(usize) -> usize {
        let mut state = 1_u64;
        move |bound| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % bound
        }
    }

    #[test]
    fn the_first_free_slot_is_found() {
        let mut below = numbers();
        for steps in [1, 2, 5, 16, 37] {
            let mut occupied = Occupied::new(steps);
            let mut slots: Vec<Vec<Life>> = Vec::new();
            for _ in 0..200 {
                let (one, other) = (below(steps), below(steps));
                let life = Life { columns: 1, first: one.min(other), last: one.max(other) };
                let is_free =
                    |slot: &Vec<Life>| slot.iter().all(|other| other.last < life.first || life.last < other.first);
                let expected = slots.iter().position(is_free).unwrap_or(slots.len());
                assert_eq!(occupied.first_free(&life), expected);
                occupied.occupy(&life, expected);
                slots.resize_with(slots.len().max(expected + 1), Vec::new);
                slots[expected].push(life);
            }
        }
    }

    #[test]
    fn a_slot_is_as_large_as_its_largest_buffer() {
        let life = |columns, first, last| Life { columns, first, last };
        let (columns, places) =
            assign(&[life(9, 0, 0), life(2, 0, 1), life(4, 2, 3), life(3, 1, 2)], &[Place::Input(0)]);
        assert_eq!(columns, [4, 3]);
        assert_eq!(places, [Place::Input(0), Place::Slot(0), Place::Slot(0), Place::Slot(1)]);
    }
}
