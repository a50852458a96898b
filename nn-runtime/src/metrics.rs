//! Metrics: what is measured of a network's outputs besides the loss.
//!
//! A [`Metric`] is measured over a data set in evaluation mode: by [`measure`](crate::train::measure), or after every epoch of a
//! [`Fit`](crate::train::Fit). A tuple is several metrics, `(Accuracy, MyMetric)`. A network with several outputs takes the struct of its
//! outputs with a metric in each field, or `()` for none.

mod accuracy;
mod confusion_matrix;

pub use accuracy::{Accuracy, AccuracyWith};
pub use confusion_matrix::ConfusionMatrix;

use core::fmt;

use crate::network::{Row, Tile};
use crate::scalar::Scalar;

/// Whether small or large values are good. PyTorch's and Keras's `mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Small values are good, as of a loss.
    Min,
    /// Large values are good, as of an accuracy.
    Max,
}

impl Mode {
    /// Whether a value is better than another. NaN is never better; any number is better than NaN.
    #[must_use]
    pub fn is_better(self, value: f64, than: f64) -> bool {
        match self {
            Self::Min => value < than || (than.is_nan() && !value.is_nan()),
            Self::Max => value > than || (than.is_nan() && !value.is_nan()),
        }
    }
}

/// A number that a metric computed, with its name.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Measured {
    /// The name of the output, for a network with several; otherwise empty.
    pub output: &'static str,
    /// The name of the quantity, in snake case: `accuracy`.
    pub name: &'static str,
    /// Whether small or large values are good.
    pub mode: Mode,
    /// The value.
    pub value: f64,
}

impl Measured {
    /// A number with its name.
    #[must_use]
    pub const fn new(name: &'static str, mode: Mode, value: f64) -> Self {
        Self { output: "", name, mode, value }
    }

    /// The same number, of the output with this name.
    #[must_use]
    pub const fn of(self, output: &'static str) -> Self {
        Self { output, ..self }
    }
}

/// The name, behind that of the output: `accuracy`, `brake_accuracy`.
impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { output, name, .. } = self;
        write!(f, "{output}{}{name}", if output.is_empty() { "" } else { "_" })
    }
}

/// Computes one number or more from a network's outputs and the targets of a data set.
///
/// It is computed tile by tile: [`update`](Self::update) adds a tile's samples to a state, [`merge`](Self::merge) joins the states of two
/// parts of the data, and [`report`](Self::report) computes the numbers. The parts and their order are the same on every machine, so the
/// result does not depend on the number of threads.
///
/// ```
/// use nn_runtime::metrics::{Measured, Metric, Mode};
/// use nn_runtime::prelude::*;
/// use nn_runtime::train::measure;
///
/// /// The largest absolute error.
/// struct MaxError;
///
/// impl<const OUT: usize> Metric<[f32; OUT], [f32; OUT], f32> for MaxError {
///     type State = f32;
///
///     fn update<const BATCH: usize>(&self, state: &mut f32, output: &SMatrix<f32, BATCH, OUT>, targets: &[&[f32; OUT]]) {
///         for (row, target) in targets.iter().enumerate() {
///             for (column, value) in target.iter().enumerate() {
///                 *state = state.max((output[(row, column)] - value).abs());
///             }
///         }
///     }
///
///     fn merge(&self, state: &mut f32, other: f32) {
///         *state = state.max(other);
///     }
///
///     fn report(&self, state: &f32, write: &mut dyn FnMut(Measured)) {
///         write(Measured::new("max_error", Mode::Min, f64::from(*state)));
///     }
/// }
///
/// network! { struct Net: [2] -> [1] { linear(1) } }
///
/// let network: Net = bytemuck::Zeroable::zeroed();
/// # use nn_runtime::bytemuck;
/// let data = Dataset::new(&[[0.0, 1.0], [1.0, 1.0]], &[[0.5], [-2.0]])?;
/// assert_eq!(measure(&network, &MaxError, &data)?[0].value, 2.0);
/// # Ok::<(), TrainError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` measures nothing of an output `{Output}` and a target of type `{Target}`",
    note = "`Accuracy` takes a class index or one per step"
)]
pub trait Metric<Target, Output: Row, T: Scalar> {
    /// The counts and sums over the samples so far; the default is that of no samples.
    type State: Default + Send;

    /// Adds the samples of a tile: the first `targets.len()` rows; the others are padding.
    fn update<const BATCH: usize>(&self, state: &mut Self::State, output: &Tile<Output, BATCH>, targets: &[&Target]);

    /// Adds the state of another part of the data, which follows this one.
    fn merge(&self, state: &mut Self::State, other: Self::State);

    /// Passes each number to `write`, always in the same order.
    fn report(&self, state: &Self::State, write: &mut dyn FnMut(Measured));
}

/// No metric.
impl<Target, Output: Row, T: Scalar> Metric<Target, Output, T> for () {
    type State = ();

    #[inline(always)]
    fn update<const BATCH: usize>(&self, (): &mut (), _output: &Tile<Output, BATCH>, _targets: &[&Target]) {}

    fn merge(&self, (): &mut (), (): ()) {}

    fn report(&self, (): &(), _write: &mut dyn FnMut(Measured)) {}
}

macro_rules! implement_for_tuples {
    ($($($metric:ident $at:tt),+;)*) => {$(
        impl<Target, Output: Row, T: Scalar, $($metric: Metric<Target, Output, T>),+> Metric<Target, Output, T> for ($($metric,)+) {
            type State = ($($metric::State,)+);

            #[inline(always)]
            fn update<const BATCH: usize>(&self, state: &mut Self::State, output: &Tile<Output, BATCH>, targets: &[&Target]) {
                $(self.$at.update(&mut state.$at, output, targets);)+
            }

            fn merge(&self, state: &mut Self::State, other: Self::State) {
                $(self.$at.merge(&mut state.$at, other.$at);)+
            }

            fn report(&self, state: &Self::State, write: &mut dyn FnMut(Measured)) {
                $(self.$at.report(&state.$at, write);)+
            }
        }
    )*};
}

implement_for_tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}
