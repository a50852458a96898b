//! The gradient of an output with respect to the input.

use core::fmt;
use core::slice::from_ref;

use bytemuck::Zeroable;

use super::small::enter;
use super::{IndexError, Parameters, Row, Tile};
use crate::kernels::{Isa, Kernel};
use crate::stack::on_stack;

/// A network whose input is numeric, so that its outputs have a gradient with respect to it. `network!` implements it.
///
/// The network is in evaluation mode, and its parameters get no gradient: it takes less time and memory than a training step.
/// A network has the method `input_gradient`. The gradient shows which values of the input an output depends on, its saliency
/// (Simonyan et al., 2014):
///
/// ```
/// use nn_runtime::prelude::*;
///
/// network! { struct Flower: [4] -> [3] { linear(16), tanh, linear(3) } }
///
/// let names = ["sepal length", "sepal width", "petal length", "petal width"];
/// let network = Flower::new(&mut rng(1)); // in practice, a trained one
/// let flower = [5.1, 3.5, 1.4, 0.2];
///
/// let (class, _) = network.predict(&flower).argmax();
/// let saliency = network.input_gradient(&flower, class)?.abs();
/// let (most, slope) = saliency.argmax();
/// println!("class {class} depends most on the {}: {slope:.2} for each cm", names[most]);
/// # assert!(slope > 0.0);
/// # Ok::<(), nn_runtime::network::GradientError>(())
/// ```
///
/// [`trace_with`](Self::trace_with), [`traced_output_then_grad`](Self::traced_output_then_grad) and
/// [`trace_backward_with`](Self::trace_backward_with) are called in this order, with one trace.
#[diagnostic::on_unimplemented(
    message = "the outputs of `{Self}` have no gradient with respect to its input",
    note = "a network of `network!` has one if its input is numeric, not indices"
)]
pub trait Differentiable: Parameters {
    /// Everything that the two passes write, for tiles of `BATCH` rows.
    type Trace<const BATCH: usize>: Zeroable;
    /// Whether that for one sample fits the stack of `input_gradient`.
    #[doc(hidden)]
    type TraceFits;
    /// Whether a gradient of the input may be returned by value.
    #[doc(hidden)]
    type GradientFits;

    /// Runs the network on a tile in evaluation mode, keeping what the gradient of the input needs.
    fn trace_with<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        frozen: &Self::Frozen,
        input: &Tile<Self::Input, BATCH>,
        trace: &mut Self::Trace<BATCH>,
    );

    /// The output that [`trace_with`](Self::trace_with) computed, to be overwritten with a gradient with respect to it.
    fn traced_output_then_grad<const BATCH: usize>(trace: &mut Self::Trace<BATCH>) -> &mut Tile<Self::Output, BATCH>;

    /// Overwrites the input with the gradient with respect to it.
    fn trace_backward_with<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        frozen: &Self::Frozen,
        input_then_grad: &mut Tile<Self::Input, BATCH>,
        trace: &mut Self::Trace<BATCH>,
    );
}

/// An output that the network has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutputError {
    /// The position that was asked for.
    pub output: usize,
    /// The number of outputs.
    pub outputs: usize,
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { output, outputs } = self;
        write!(
            f,
            "output {output} is out of range: the network has {outputs} outputs, 0 to {}",
            outputs.saturating_sub(1)
        )
    }
}

impl core::error::Error for OutputError {}

/// Why there is no gradient with respect to an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GradientError {
    /// The network has not the output that was asked for.
    Output(OutputError),
    /// An index or a length in the input is out of range.
    Index(IndexError),
}

impl From<OutputError> for GradientError {
    fn from(error: OutputError) -> Self {
        Self::Output(error)
    }
}

impl From<IndexError> for GradientError {
    fn from(error: IndexError) -> Self {
        Self::Index(error)
    }
}

impl fmt::Display for GradientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Output(error) => error.fmt(f),
            Self::Index(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for GradientError {}

/// The gradient of the output at position `output` with respect to the input.
pub(crate) fn input_gradient<P: Differentiable>(
    network: &P,
    frozen: &P::Frozen,
    input: &P::Input,
    output: usize,
    trace: &mut P::Trace<1>,
) -> Result<<P::Input as Row>::Vector, GradientError> {
    struct Work<'a, P: Differentiable> {
        network: &'a P,
        frozen: &'a P::Frozen,
        input_then_grad: &'a mut Tile<P::Input, 1>,
        output: usize,
        trace: &'a mut P::Trace<1>,
    }

    impl<P: Differentiable> Kernel for Work<'_, P> {
        type Output = ();

        #[inline(always)]
        fn run<I: Isa>(self, isa: I) {
            let Self { network, frozen, input_then_grad, output, trace } = self;
            network.trace_with(isa, frozen, input_then_grad, trace);
            P::Output::fill_one_hot(P::traced_output_then_grad(trace), output);
            network.trace_backward_with(isa, frozen, input_then_grad, trace);
        }
    }

    if output >= P::Output::LEN {
        return Err(OutputError { output, outputs: P::Output::LEN }.into());
    }
    P::Input::check_indices(from_ref(input), P::INPUTS).map_err(|(_, error)| error)?;
    let mut gradient = on_stack();
    P::Input::of_vector(&mut gradient).with_tile_mut(|input_then_grad| {
        input.with_tile(|input| P::Input::copy_tile(input, input_then_grad));
        enter::<P, _, 1>(Work { network, frozen, input_then_grad, output, trace });
    });
    Ok(gradient)
}
