//! What the pools share.

pub(crate) mod avg;
pub(crate) mod max;
mod windows;

pub(crate) use windows::replaces;

/// The places of each of so many channels; not 0, as a slice is cut by it.
#[inline(always)]
pub(crate) fn places(values: usize, channels: usize) -> usize {
    values.checked_div(channels).unwrap_or_default().max(1)
}
