//! Networks that can be trained.

use super::{Architecture, Parameters, Predict, Summary, TensorViews, TensorViewsMut, flat, flat_mut, tensors};

/// A network's parameters, with the frozen ones at hand or not: the struct that `network!` writes.
///
/// [`Training`](crate::train::Training) has the memory for it. A network with frozen stages is `Trainable` also without its frozen
/// parameters, a [`Network`] only with them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network",
    note = "write the name of a struct that `network!` declares, not that of its frozen parameters or of its memory"
)]
pub trait Trainable: Architecture {
    /// The parameters that are trained, and the running statistics. The gradient is of this type too.
    type Parameters: Parameters<
            Scalar = <Self as Architecture>::Scalar,
            Input = <Self as Architecture>::Input,
            Output = <Self as Architecture>::Output,
            Ending = <Self as Architecture>::Ending,
        >;

    /// The parameters that are trained, and the running statistics.
    fn parameters(&self) -> &Self::Parameters;

    /// The same, to be changed.
    fn parameters_mut(&mut self) -> &mut Self::Parameters;

    /// The table of layers, to be printed.
    #[must_use]
    fn summary() -> Summary {
        Summary::of::<Self::Parameters>()
    }

    /// The parameters and running statistics as one slice, in the order of the stages, each matrix column by column.
    fn as_slice(&self) -> &[Self::Scalar] {
        flat(self.parameters())
    }

    /// The same, to be changed.
    fn as_mut_slice(&mut self) -> &mut [Self::Scalar] {
        flat_mut(self.parameters_mut())
    }
}

/// A network that can be trained, alone or [with its frozen parameters](super::WithFrozen).
///
/// It is the bound for code that trains any network:
///
/// ```
/// use nn_runtime::loss::needs::Fits;
/// use nn_runtime::prelude::*;
///
/// /// Trains until the loss is below `goal`; the number of steps.
/// fn train_until<N: Network, L, Needs, Target>(
///     network: &mut N,
///     loss: &L,
///     data: &Dataset<N::Input, Target>,
///     goal: f64,
/// ) -> Result<u64, TrainError>
/// where
///     L: Loss<Target, N::Output, N::Scalar, Needs>,
///     Needs: Fits<N::Ending>,
/// {
///     let mut training = Training::<N, Adam, 4>::boxed();
///     while evaluate(network, loss, data)?.loss > goal {
///         training.step(network, &Adam::new(0.05), loss, data.inputs(), data.targets())?;
///     }
///     Ok(training.steps)
/// }
///
/// network! { struct Xor: [2] -> [1] { linear(4), tanh, linear(1) } }
///
/// let inputs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
/// let targets = [[0.0], [1.0], [1.0], [0.0]];
/// let mut network = Xor::new(&mut rng(0));
/// let steps = train_until(&mut network, &BceWithLogits, &Dataset::new(&inputs, &targets)?, 0.02)?;
/// assert!(steps < 500);
/// # Ok::<(), TrainError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network that can be trained",
    note = "declare it with `network!`",
    note = "a network behind a guard or another pointer is handed over as `&mut *pointer`"
)]
pub trait Network: Trainable + Predict + PartsMut<<Self as Trainable>::Parameters> {
    /// The frozen parameters; `()` if there are none.
    fn frozen(&self) -> &Frozen<Self> {
        self.parts().1
    }

    /// All parameters and running statistics by PyTorch's names, frozen ones included, in the order of PyTorch's `state_dict`.
    fn state_dict(&self) -> TensorViews<'_, Self::Scalar> {
        tensors::views(Self::LAYERS, self.as_slice(), flat(self.frozen()))
    }
}

/// Parameters of type `P` together with the frozen ones.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network with the parameters `{P}`",
    note = "`Training` has the type of the network that it trains, as `Training<Net, Adam, 32>` trains a `Net`",
    note = "a network behind a guard or another pointer is handed over as `&*pointer`"
)]
pub trait Parts<P: Parameters> {
    /// The parameters, and the frozen ones.
    fn parts(&self) -> (&P, &P::Frozen);
}

/// Parameters of type `P` that can be changed, together with the frozen ones.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network with the parameters `{P}`",
    note = "`Training` has the type of the network that it trains, as `Training<Net, Adam, 32>` trains a `Net`",
    note = "a network behind a guard or another pointer is handed over as `&mut *pointer`"
)]
pub trait PartsMut<P: Parameters>: Parts<P> {
    /// The parameters to be changed, and the frozen ones.
    fn parts_mut(&mut self) -> (&mut P, &P::Frozen);
}

/// The frozen parameters of a network.
pub type Frozen<N> = <<N as Trainable>::Parameters as Parameters>::Frozen;

/// A network whose parameters can all be overwritten, frozen ones too, as [loading](crate::weights) does.
#[diagnostic::on_unimplemented(
    message = "all parameters are to be changed here, frozen ones too, which `{Self}` does not allow",
    label = "does not borrow both as `&mut`",
    note = "write `network.with_both_mut(&mut frozen)`"
)]
pub trait Restore: Network {
    /// The parameters and the frozen ones, to be changed.
    fn both_mut(&mut self) -> (&mut Self::Parameters, &mut Frozen<Self>);

    /// All parameters and running statistics by PyTorch's names, frozen ones included, to be written.
    fn state_dict_mut(&mut self) -> TensorViewsMut<'_, Self::Scalar> {
        let (network, frozen) = self.both_mut();
        tensors::views_mut(Self::LAYERS, network.as_mut_slice(), flat_mut(frozen))
    }
}
