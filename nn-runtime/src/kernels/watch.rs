//! The search for the first value that is not finite: a level whose passes report what each stage computes.

use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::{Isa, Kernel};

/// A value that is NaN or infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NotFinite {
    /// The number of the stage that computed it.
    pub stage: usize,
    /// Its row in the tile.
    pub row: usize,
    /// The value.
    pub value: f64,
}

/// Remembers the first value that is not finite in a tile whose first `rows` rows are samples.
///
/// Atomics, as a token may be shared between threads; loads and stores alone, which every target has.
#[derive(Debug)]
pub(crate) struct Watch {
    rows: usize,
    stage: AtomicUsize,
    row: AtomicUsize,
    /// Which of [`VALUES`] was found; their number if none was.
    value: AtomicUsize,
}

const VALUES: [f64; 3] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];

impl Watch {
    pub(crate) const fn new(rows: usize) -> Self {
        let [stage, row] = [const { AtomicUsize::new(0) }; 2];
        Self { rows, stage, row, value: AtomicUsize::new(VALUES.len()) }
    }

    /// The first value that was found.
    pub(crate) fn found(&self) -> Option<NotFinite> {
        let value = *VALUES.get(self.value.load(Relaxed))?;
        let [stage, row] = [&self.stage, &self.row].map(|field| field.load(Relaxed));
        Some(NotFinite { stage, row, value })
    }

    fn remember(&self, found: NotFinite) {
        self.stage.store(found.stage, Relaxed);
        self.row.store(found.row, Relaxed);
        let value = VALUES.iter().position(|value| value.total_cmp(&found.value).is_eq()).unwrap_or(0);
        self.value.store(value, Relaxed);
    }
}

/// The level `I`, whose passes report to a watch. Kernels run at the level itself and compute the same bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watched<'a, I> {
    isa: I,
    watch: &'a Watch,
    /// The number of the first stage of the network that runs.
    first: usize,
}

impl<'a, I: Isa> Watched<'a, I> {
    #[inline(always)]
    pub(crate) const fn new(isa: I, watch: &'a Watch) -> Self {
        Self { isa, watch, first: 0 }
    }
}

impl<I: Isa> Isa for Watched<'_, I> {
    const FMA: bool = I::FMA;
    const IN_PLACE: bool = I::IN_PLACE;
    const REGISTER: usize = I::REGISTER;

    #[inline(always)]
    fn call<K: Kernel>(self, kernel: K) -> K::Output {
        self.isa.call(kernel)
    }

    #[inline(always)]
    fn call_in_place<K: Kernel>(self, kernel: K) -> K::Output {
        self.isa.call_in_place(kernel)
    }

    #[inline(always)]
    fn call_widest<K: Kernel>(self, kernel: K) -> K::Output {
        self.isa.call_widest(kernel)
    }

    #[inline(always)]
    fn call_narrow<K: Kernel>(self, kernel: K) -> K::Output {
        self.isa.call_narrow(kernel)
    }

    #[inline(always)]
    fn watch(self, find: impl FnOnce(usize) -> Option<NotFinite>) {
        if self.watch.found().is_none()
            && let Some(found) = find(self.watch.rows)
        {
            self.watch.remember(NotFinite { stage: self.first + found.stage, ..found });
        }
    }

    #[inline(always)]
    fn inside(self, first: impl FnOnce() -> usize) -> Self {
        Self { first: self.first + first(), ..self }
    }
}
