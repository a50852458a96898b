//! Which points of a convolution's window meet the source, along one axis.

/// A window along one axis, and what it slides over.
#[derive(Clone, Copy)]
pub(crate) struct Axis {
    /// The number of points of the window.
    pub(crate) kernel: usize,
    /// How far the window moves. Not 0.
    pub(crate) stride: usize,
    /// The padding before the source.
    pub(crate) padding: usize,
    /// The distance between neighbouring points of the window.
    pub(crate) dilation: usize,
    /// The size of the source.
    pub(crate) source: usize,
}

/// Evenly spaced positions that are sums over the same points of the window, their taps, as far as these meet the source:
///
/// ```text
/// position = first + k · step
/// tap      = first_tap + n · tap_distance
/// source   = origin + k · advance + n · source_distance
/// ```
///
/// The taps are in the order of the source. What may be negative is wrapped.
#[derive(Clone, Copy)]
pub(crate) struct Phase {
    /// The first position.
    pub(crate) first: usize,
    /// From one position to the next.
    pub(crate) step: usize,
    /// The number of positions.
    pub(crate) count: usize,
    /// The first tap.
    pub(crate) first_tap: usize,
    /// From one tap to the next.
    pub(crate) tap_distance: usize,
    /// The number of taps.
    pub(crate) taps: usize,
    /// Where the first tap of the first position meets the source.
    origin: usize,
    /// From there to where that of the next position does.
    pub(crate) advance: usize,
    /// From there to where the next tap does.
    pub(crate) source_distance: usize,
    /// The size of the source.
    source: usize,
}

impl Axis {
    /// The taps that the outputs at `count` positions are sums over: `position · stride + tap · dilation - padding = source`.
    pub(crate) fn forward(self, count: usize) -> Phase {
        Phase {
            first: 0,
            step: 1,
            count,
            first_tap: 0,
            tap_distance: 1,
            taps: self.kernel,
            origin: self.padding.wrapping_neg(),
            advance: self.stride,
            source_distance: self.dilation,
            source: self.source,
        }
    }

    /// The taps that the gradients of the input at `count` positions are sums over, the source being the gradient of the
    /// output: `source · stride + tap · dilation - padding = position`. A position shares its taps with those at a multiple
    /// of the stride from it.
    pub(crate) fn backward(self, count: usize) -> impl Iterator<Item = Phase> {
        (0..self.stride.min(count)).map(move |first| self.backward_from(first, count))
    }

    fn backward_from(self, first: usize, count: usize) -> Phase {
        let stride = self.stride.max(1);
        let padded = first + self.padding;
        let meets = |tap: &usize| tap * self.dilation % stride == padded % stride;
        let taps = (0..self.kernel).filter(meets).count();
        let mut meeting = (0..self.kernel).filter(meets);
        let lowest = meeting.next().unwrap_or_default();
        let distance = meeting.next().map_or(1, |second| second - lowest);
        let last = lowest + distance * taps.saturating_sub(1);
        let reach = last * self.dilation;
        Phase {
            first,
            step: stride,
            count: (count - first).div_ceil(stride),
            first_tap: last,
            tap_distance: distance.wrapping_neg(),
            taps,
            origin: match padded.checked_sub(reach) {
                Some(inside) => inside / stride,
                None => ((reach - padded) / stride).wrapping_neg(),
            },
            advance: 1,
            source_distance: distance * self.dilation / stride,
            source: self.source,
        }
    }
}

/// The taps of a position that meet the source.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clip {
    /// The number of taps before them.
    pub(crate) first: usize,
    /// How many there are.
    pub(crate) count: usize,
}

/// Neighbouring positions of a phase of which the same taps meet the source.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    /// The position of the first.
    pub(crate) position: usize,
    /// How many there are.
    pub(crate) count: usize,
    /// Their taps.
    pub(crate) clip: Clip,
    /// Where the first of these taps meets the source.
    pub(crate) source: usize,
}

impl Phase {
    /// How far taps reach beyond the source: in front of it, and how far from its start they end.
    pub(crate) fn reach(self) -> [usize; 2] {
        let last = self.origin.wrapping_add(self.count.saturating_sub(1) * self.advance);
        let end = last.wrapping_add(self.taps.saturating_sub(1) * self.source_distance + 1);
        [self.origin.wrapping_neg(), end].map(|places| usize::try_from(places.cast_signed()).unwrap_or_default())
    }

    /// The same taps of a source of `size` that has `before` places more in front.
    pub(crate) fn within(self, before: usize, size: usize) -> Self {
        Self { origin: self.origin.wrapping_add(before), source: size, ..self }
    }

    /// The taps of the `k`th position, and where the first of them meets the source.
    fn clip(self, k: usize) -> (Clip, usize) {
        let distance = self.source_distance.max(1);
        let origin = self.origin.wrapping_add(k * self.advance);
        // how many taps there are before a place
        let before = |place: usize| if distance > 1 { place.div_ceil(distance) } else { place };
        let first = if origin.cast_signed() < 0 { before(origin.wrapping_neg()).min(self.taps) } else { 0 };
        let source = origin.wrapping_add(first * self.source_distance);
        let count = before(self.source.saturating_sub(source)).min(self.taps - first);
        if count == 0 { (Clip { first: 0, count }, 0) } else { (Clip { first, count }, source) }
    }

    /// Divides the positions into runs.
    pub(crate) fn runs(self) -> impl Iterator<Item = Run> {
        let mut k = 0;
        core::iter::from_fn(move || {
            if k == self.count {
                return None;
            }
            let (position, first) = (self.first + k * self.step, k);
            let (clip, source) = self.clip(k);
            k += 1;
            while k < self.count && self.clip(k).0 == clip {
                k += 1;
            }
            Some(Run { position, count: k - first, clip, source })
        })
    }
}
