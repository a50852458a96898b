//! Networks that can be run.

use core::slice::from_ref;

use super::small::is_small;
use super::{Architecture, IndexError, Port, Row, Tile};
use crate::kernels::{Isa, Kernel, dispatch, dispatch_whole};
use crate::stack::{PREDICT_BYTES, on_stack};

/// A network that can be run, alone or [with its frozen parameters](super::WithFrozen).
///
/// It is the bound for code that runs any network:
///
/// ```
/// use nn_runtime::prelude::*;
///
/// network! {
///     struct Small: [2] -> [3] { linear(3) }
///     struct Large: [2] -> [3] { linear(64), relu, linear(3) }
/// }
///
/// /// How far the outputs of two networks are apart, at most.
/// fn distance<A: Predict<Output = [f32; 3]>, B: Predict<Input = A::Input, Output = [f32; 3]>>(
///     one: &A,
///     other: &B,
///     input: &A::Input,
/// ) -> Result<f32, IndexError> {
///     let (one, other) = (one.predict(input)?, other.predict(input)?);
///     Ok(one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max))
/// }
///
/// let (small, large) = (Small::new(&mut rng(1)), Large::new(&mut rng(2)));
/// assert_eq!(distance(&small, &small, &[0.5, -1.0])?, 0.0);
/// assert!(distance(&small, &large, &[0.5, -1.0])? > 0.0);
/// # use nn_runtime::network::IndexError;
/// # Ok::<(), IndexError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network",
    note = "declare it with `network!`",
    note = "a network behind a guard or another pointer is handed over as `&*pointer`"
)]
pub trait Predict: Architecture + PredictSample {
    /// Runs on a tile in evaluation mode and returns the output, which stands in `scratch`.
    ///
    /// Indices in `input` must be below the [bound](super::Port::index_bound): one that is not reads as a vector of zeros.
    fn predict_with<'s, I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &Tile<Self::Input, BATCH>,
        scratch: &'s mut Self::Scratch<BATCH>,
    ) -> &'s Tile<Self::Output, BATCH>;
}

/// A network of type `N`: an `N` that runs alone, or one [with its frozen parameters](super::WithFrozen). It runs in memory for an `N`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network of type `{N}`",
    note = "`Evaluator` has the type of the network that it evaluates, as `Evaluator<Net, 32>` evaluates a `Net`",
    note = "a network behind a guard or another pointer is handed over as `&*pointer`"
)]
pub trait PredictAs<N: Architecture> {
    /// [`predict_with`](Predict::predict_with) of an `N`.
    fn predict_as<'s, I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &Tile<N::Input, BATCH>,
        scratch: &'s mut N::Scratch<BATCH>,
    ) -> &'s Tile<N::Output, BATCH>;
}

impl<N: Predict> PredictAs<Self> for N {
    #[inline(always)]
    fn predict_as<'s, I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &Tile<N::Input, BATCH>,
        scratch: &'s mut N::Scratch<BATCH>,
    ) -> &'s Tile<N::Output, BATCH> {
        self.predict_with(isa, input, scratch)
    }
}

/// `predict` and `predict_in` of any network, for code that is generic: [`Predict`] includes it.
///
/// It is not in the prelude: its methods would hide those of a boxed network, which take nalgebra vectors too and return one.
pub trait PredictSample {
    /// The output for one sample, in evaluation mode. A scratch memory of more than 64 KiB does not compile: write
    /// [`predict_in`](Self::predict_in).
    ///
    /// # Errors
    /// If an index or a length is out of range.
    fn predict(&self, input: &Self::Input) -> Result<Self::Output, IndexError>
    where
        Self: Predict;

    /// [`predict`](Self::predict) in scratch memory of the caller's.
    ///
    /// # Errors
    /// If an index or a length is out of range.
    fn predict_in(&self, input: &Self::Input, scratch: &mut Self::Scratch<1>) -> Result<Self::Output, IndexError>
    where
        Self: Predict;
}

impl<N: Predict> PredictSample for N {
    fn predict(&self, input: &N::Input) -> Result<N::Output, IndexError> {
        const {
            assert!(
                size_of::<N::Scratch<1>>() <= PREDICT_BYTES,
                "the workspace of this network is too large for `predict`, which has it on the stack: write `predict_in`, and hand \
                 it a workspace, `&mut nn_runtime::bytemuck::zeroed_box()`"
            );
        }
        self.predict_in(input, &mut on_stack())
    }

    fn predict_in(&self, input: &N::Input, scratch: &mut N::Scratch<1>) -> Result<N::Output, IndexError> {
        N::Input::check_indices(from_ref(input), N::INPUTS).map_err(|(_, error)| error)?;
        let mut output = on_stack();
        predict(self, input, scratch, &mut output);
        Ok(output)
    }
}

/// The output for one sample as a vector; indices are checked.
#[inline]
pub(crate) fn checked<N: Predict>(
    network: &N,
    input: &N::Input,
    scratch: &mut N::Scratch<1>,
) -> <N::Input as Row>::Checked<<N::Output as Row>::Vector> {
    N::Input::checked(from_ref(input), N::INPUTS, || {
        let mut output = on_stack();
        predict(network, input, scratch, N::Output::of_vector(&mut output));
        output
    })
}

/// Overwrites `output` with that for one sample, whose indices have been checked.
#[inline]
fn predict<N: Predict>(network: &N, input: &N::Input, scratch: &mut N::Scratch<1>, output: &mut N::Output) {
    struct Work<'a, N: Predict> {
        network: &'a N,
        input: &'a Tile<N::Input, 1>,
        scratch: &'a mut N::Scratch<1>,
        output: &'a mut N::Output,
    }

    impl<N: Predict> Kernel for Work<'_, N> {
        type Output = ();

        #[inline(always)]
        fn run<I: Isa>(self, isa: I) {
            let output = self.network.predict_with(isa, self.input, self.scratch);
            self.output.copy_from_tile(output, 0);
        }
    }

    input.with_tile(|input| {
        let work = Work { network, input, scratch, output };
        // a sequence has lanes even as a single sample: the features of each step
        match const { (has_steps(N::INPUTS), is_small(N::LAYERS, 16), is_small(N::LAYERS, 1)) } {
            (true, true, _) => dispatch_whole::<_, 16>(work),
            (false, _, true) => dispatch_whole::<_, 1>(work),
            _ => dispatch(work),
        }
    });
}

/// Whether an input is a sequence.
const fn has_steps(inputs: &[Port]) -> bool {
    let mut rest = inputs;
    while let Some((input, after)) = rest.split_first() {
        if input.shape.len() == 2 {
            return true;
        }
        rest = after;
    }
    false
}
