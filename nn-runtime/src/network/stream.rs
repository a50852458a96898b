//! Networks that work on a sequence one step at a time.

use bytemuck::{Pod, Zeroable};
use nalgebra::SMatrix;

use crate::kernels::Isa;
use crate::scalar::Scalar;

/// A network that can take a sequence step by step, from `IN` features of a step to `OUT`. `network!` implements it for
/// every network on `[steps, features]` whose stages allow it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot work step by step",
    note = "every stage must give `[steps, ..]` again and need nothing of later steps"
)]
pub trait Streaming<const IN: usize, const OUT: usize>: Pod {
    /// The floating-point type of inputs and outputs.
    type Scalar: Scalar;
    /// The parameters of the stages marked `#[frozen]`; `()` if there are none.
    type Frozen: Pod;
    /// What is remembered between steps, all zeros before the first.
    type State: Zeroable;

    /// The output for the next step; changes the state.
    fn step_with<I: Isa>(
        &self,
        isa: I,
        frozen: &Self::Frozen,
        frame: &SMatrix<Self::Scalar, 1, IN>,
        state: &mut Self::State,
    ) -> SMatrix<Self::Scalar, 1, OUT>;
}
