//! The share of correct predictions.

use nalgebra::SMatrix;

use super::{Measured, Metric, Mode};
use crate::loss::{Classes, Counts, Hits, hits};
use crate::scalar::Scalar;

/// The share of the samples, or of the steps of sequences, whose largest output is that of the target's class. Keras's
/// `SparseCategoricalAccuracy`, reported as `accuracy`; 0 without samples.
///
/// Targets are class indices, or one for each step. A prediction of NaN is wrong, and so is every prediction for a class that the network has no output for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accuracy;

/// [`Accuracy`] that ignores a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccuracyWith {
    ignore_index: usize,
}

impl Accuracy {
    /// Without the samples or steps of this class, as of [`CrossEntropy`](crate::loss::CrossEntropy::ignore_index).
    #[must_use]
    pub const fn ignore_index(self, class: usize) -> AccuracyWith {
        AccuracyWith { ignore_index: class }
    }
}

macro_rules! implement {
    ($($metric:ty: |$self:ident| $ignored:expr;)*) => {$(
        impl<C: Classes, T: Scalar, const OUT: usize> Metric<C, [T; OUT], T> for $metric {
            type State = Hits;

            #[inline(always)]
            fn update<const BATCH: usize>(&self, state: &mut Hits, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) {
                let $self = self;
                const {
                    let is_whole = C::STEPS > 0 && OUT > 0 && OUT % C::STEPS == 0;
                    assert!(is_whole, "accuracy needs as many outputs for each step of the target as there are classes");
                }
                let counts = Counts { weights: (), ignored: $ignored };
                *state += hits(&output.data.0, OUT / C::STEPS, targets, counts);
            }

            fn merge(&self, state: &mut Hits, other: Hits) {
                *state += other;
            }

            fn report(&self, state: &Hits, write: &mut dyn FnMut(Measured)) {
                write(Measured::new("accuracy", Mode::Max, state.share().unwrap_or(0.0)));
            }
        }
    )*};
}

implement! {
    Accuracy: |_metric| None;
    AccuracyWith: |metric| Some(metric.ignore_index);
}
