//! Padding of a single sample.

use super::kernels::{Image, Way};
use crate::kernels::{MOST_TERMS, Phase, copy_rows};
use crate::scalar::Scalar;

/// How many values of padded channels there is room for: 3 channels of 34x34, in 16 kB of stack in `f32`.
const PADDED: usize = 4096;

/// Some channels of a single sample with zeros around them, as far as the taps reach: all pixels are then sums over the same
/// terms. Without them the pixels at each edge are tiles of their own, which take as long as all others of 14x14 do.
pub(super) struct Padded<T> {
    /// How many places there are in front of the source.
    pub(super) before: [usize; 2],
    pub(super) image: Image,
    /// How many channels.
    pub(super) at_once: usize,
    values: [T; PADDED],
}

impl<T: Scalar> Padded<T> {
    /// Room for as many of the `channels` of a group as there are terms in a list; none where no taps reach beyond the source, or
    /// where there is so little room that the terms would be few.
    #[inline(always)]
    pub(super) fn new(way: Way, channels: usize) -> Option<Self> {
        let source = way.sizes[0];
        let reach = [0, 1].map(|axis| {
            let phases = way.phases(axis).map(Phase::reach);
            phases.fold([0, source[axis]], |[before, end], phase| [before.max(phase[0]), end.max(phase[1])])
        });
        let before = reach.map(|[before, _]| before);
        let image = Image { size: reach.map(|[before, end]| before + end), batch: 1 };
        let taps = way.geometry.taps().max(1);
        let at_once = (PADDED / image.channel().max(1)).min(MOST_TERMS / taps).min(channels);
        let has_terms = at_once > 0 && (at_once == channels || at_once * taps >= 64);
        if image.size == source || !has_terms {
            return None;
        }
        Some(Self { before, image, at_once, values: [T::ZERO; PADDED] })
    }

    /// The first `count` channels of `source`, padded.
    #[inline(always)]
    pub(super) fn channels(&mut self, count: usize, image: Image, source: &[T]) -> &[T] {
        let ([above, left], [height, width]) = (self.before, image.size);
        for channel in 0..count {
            let from = source.get(image.position(channel, 0, 0)..).unwrap_or_default();
            let to = self.values.get_mut(self.image.position(channel, above, left)..).unwrap_or_default();
            copy_rows(height, width, (from, width), (to, self.image.size[1]));
        }
        &self.values
    }
}
