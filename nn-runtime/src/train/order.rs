//! The order in which an epoch takes the samples.

use crate::init::{below, rng};
use crate::network::mix;

/// Overwrites `order` with a permutation of `0..order.len()`, the order of the samples in an epoch. The same seed and the same epoch give
/// the same order, so it need not be saved. Epochs count from 0. [`Fit`](super::Fit) takes the samples in this order.
///
/// Fisher and Yates' shuffle, in Durstenfeld's form: all orders are equally likely.
///
/// ```
/// use nn_runtime::train::shuffle;
///
/// let mut order = [0; 5];
/// shuffle(&mut order, 7, 0);
/// let first = order;
/// shuffle(&mut order, 7, 1);
/// assert_ne!(order, first);
/// order.sort();
/// assert_eq!(order, [0, 1, 2, 3, 4]);
/// ```
pub fn shuffle(order: &mut [usize], seed: u64, epoch: u64) {
    for (position, row) in order.iter_mut().enumerate() {
        *row = position;
    }
    // inverted, as dropout takes `mix(seed ^ mix(step))`
    let mut random = rng(mix(!seed ^ mix(epoch)));
    for last in (1..order.len()).rev() {
        order.swap(last, below(last + 1, &mut random));
    }
}

/// The order in which an epoch takes `samples` samples: [`shuffle`] in a `Vec`.
#[cfg(feature = "alloc")]
#[must_use]
pub fn shuffled(samples: usize, seed: u64, epoch: u64) -> alloc::vec::Vec<usize> {
    let mut order = alloc::vec![0; samples];
    shuffle(&mut order, seed, epoch);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_comes_equally_often() {
        let mut counts = std::collections::BTreeMap::<_, u32>::new();
        for epoch in 0..24_000 {
            *counts.entry(shuffled(4, 3, epoch)).or_default() += 1;
        }
        assert_eq!(counts.len(), 24);
        assert!(counts.values().all(|count| (850..1150).contains(count)), "{counts:?}");
    }

    #[test]
    fn seed_and_epoch_decide() {
        assert_eq!(shuffled(100, 1, 2), shuffled(100, 1, 2));
        assert_ne!(shuffled(100, 1, 2), shuffled(100, 2, 1));
        assert_ne!(shuffled(100, 1, 2), shuffled(100, 1, 3));
        assert!(shuffled(0, 1, 2).is_empty());
    }
}
