//! Buffers to slots.

use super::{INPUT, Life, Place};

/// The columns of each slot, and the place of each buffer.
///
/// Buffers are placed from the largest to the smallest, each into the first slot where it overlaps none that is there:
/// so a slot is as large as its first buffer, and small buffers fill the gaps that large ones leave.
pub fn assign(lives: &[Life]) -> (Vec<usize>, Vec<Place>) {
    let mut slots: Vec<Vec<usize>> = Vec::new();
    let mut places = vec![Place::Input; lives.len()];
    let mut order: Vec<usize> = (0..lives.len()).filter(|buffer| *buffer != INPUT).collect();
    order.sort_by_key(|buffer| (std::cmp::Reverse(lives[*buffer].columns), lives[*buffer].first));
    for buffer in order {
        let is_free = |slot: &Vec<usize>| slot.iter().all(|other| !overlap(&lives[*other], &lives[buffer]));
        let slot = slots.iter().position(is_free).unwrap_or_else(|| {
            slots.push(Vec::new());
            slots.len() - 1
        });
        slots[slot].push(buffer);
        places[buffer] = Place::Slot(slot);
    }
    let columns =
        slots.iter().map(|slot| slot.iter().map(|buffer| lives[*buffer].columns).max().unwrap_or(0)).collect();
    (columns, places)
}

fn overlap(a: &Life, b: &Life) -> bool {
    a.first <= b.last && b.first <= a.last
}
