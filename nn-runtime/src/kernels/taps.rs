//! Which points of a convolution's window meet the source, along one axis.

/// A window along one axis, and what it slides over.
#[derive(Clone, Copy)]
pub(crate) struct Axis {
    /// The number of points of the window.
    pub(crate) kernel: usize,
    /// How far the window moves.
    pub(crate) stride: usize,
    /// The padding before the source.
    pub(crate) padding: usize,
    /// The distance between neighbouring points of the window.
    pub(crate) dilation: usize,
    /// The size of the source.
    pub(crate) source: usize,
}

/// The points of a window that meet the source at one position, in the order of the source. Distances may be negative,
/// wrapped.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Taps {
    /// How many there are.
    pub(crate) count: usize,
    /// The first.
    pub(crate) tap: usize,
    /// From one to the next.
    pub(crate) tap_distance: usize,
    /// Where the first meets the source.
    pub(crate) source: usize,
    /// From there to where the next does.
    pub(crate) source_distance: usize,
}

impl Axis {
    /// The taps that the output at `position` is a sum over: `position · stride + tap · dilation - padding = source`.
    #[inline(always)]
    pub(crate) fn forward(self, position: usize) -> Taps {
        self.taps(|tap| (position * self.stride + tap * self.dilation).checked_sub(self.padding))
    }

    /// The taps that the gradient of the input at `position` is a sum over, the source being the gradient of the
    /// output: `source · stride + tap · dilation - padding = position`.
    #[inline(always)]
    pub(crate) fn backward(self, position: usize) -> Taps {
        self.taps(|tap| {
            let source = (position + self.padding).checked_sub(tap * self.dilation)?;
            (source % self.stride.max(1) == 0).then(|| source / self.stride.max(1))
        })
    }

    #[inline(always)]
    fn taps(self, source: impl Fn(usize) -> Option<usize>) -> Taps {
        let mut taps = Taps::default();
        for tap in 0..self.kernel {
            let Some(source) = source(tap).filter(|source| *source < self.source) else { continue };
            match taps.count {
                0 => (taps.tap, taps.source) = (tap, source),
                1 => (taps.tap_distance, taps.source_distance) = (tap - taps.tap, source.wrapping_sub(taps.source)),
                _ => {}
            }
            taps.count += 1;
        }
        taps
    }
}

/// Neighbouring positions whose taps are the same and meet neighbouring points of the source.
pub(crate) struct Run {
    /// The first position.
    pub(crate) position: usize,
    /// How many there are.
    pub(crate) count: usize,
    /// The taps of the first position.
    pub(crate) taps: Taps,
}

/// Divides the first `count` positions into runs.
#[inline(always)]
pub(crate) fn runs(count: usize, taps: impl Fn(usize) -> Taps) -> impl Iterator<Item = Run> {
    let mut position = 0;
    core::iter::from_fn(move || {
        if position == count {
            return None;
        }
        let mut run = Run { position, count: 0, taps: taps(position) };
        let mut next = run.taps;
        while position < count && taps(position) == next {
            position += 1;
            run.count += 1;
            next.source += 1;
        }
        Some(run)
    })
}
