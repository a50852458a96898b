//! What can be trained.

use super::{Parameters, Predict, TensorView, TensorViewMut, flat, flat_mut, tensors};

/// What has parameters that are trained: they are the struct that `network!` writes.
///
/// [`Training`](crate::train::Training) has the memory for it. A network with frozen stages is `Trainable` also without its frozen
/// parameters, a [`Network`] only with them.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a network", note = "declare it with `network!`")]
pub trait Trainable {
    /// The parameters that are trained, and the running statistics. The gradient is of this type too.
    type Parameters: Parameters;

    /// The parameters that are trained, and the running statistics.
    fn parameters(&self) -> &Self::Parameters;

    /// The same, to be changed.
    fn parameters_mut(&mut self) -> &mut Self::Parameters;

    /// The parameters and running statistics as one slice, in the order of the stages, each matrix column by column.
    fn as_slice(&self) -> &[Scalar<Self>] {
        flat(self.parameters())
    }

    /// The same, to be changed.
    fn as_mut_slice(&mut self) -> &mut [Scalar<Self>] {
        flat_mut(self.parameters_mut())
    }
}

/// What can be trained: a network of `network!`, alone or [with its frozen parameters](super::WithFrozen).
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
    note = "one with frozen stages is handed over with their parameters: `&mut network.with_frozen_mut(&frozen)`"
)]
pub trait Network:
    Trainable
    + Predict<
        Scalar = <<Self as Trainable>::Parameters as Parameters>::Scalar,
        Input = <<Self as Trainable>::Parameters as Parameters>::Input,
        Output = <<Self as Trainable>::Parameters as Parameters>::Output,
        Ending = <<Self as Trainable>::Parameters as Parameters>::Ending,
    >
{
    /// The frozen parameters; `()` if there are none.
    fn frozen(&self) -> &Frozen<Self>;

    /// The parameters to be changed, and the frozen ones.
    fn parts_mut(&mut self) -> (&mut Self::Parameters, &Frozen<Self>);

    /// All parameters and running statistics by PyTorch's names, frozen ones included, in the order of PyTorch's `state_dict`.
    fn state_dict(&self) -> impl Iterator<Item = TensorView<'_, Self::Scalar>> {
        tensors::views(Self::LAYERS, self.as_slice(), flat(self.frozen()))
    }
}

/// The frozen parameters of a network.
pub type Frozen<N> = <<N as Trainable>::Parameters as Parameters>::Frozen;

/// The floating-point type of a network's parameters.
pub(crate) type Scalar<N> = <<N as Trainable>::Parameters as Parameters>::Scalar;

/// What a network takes.
pub(crate) type Input<N> = <<N as Trainable>::Parameters as Parameters>::Input;

/// What a network makes.
pub(crate) type Output<N> = <<N as Trainable>::Parameters as Parameters>::Output;

/// A network whose parameters can all be overwritten, frozen ones too, as [loading](crate::weights) does.
#[diagnostic::on_unimplemented(
    message = "the frozen parameters of `{Self}` cannot be overwritten",
    note = "write `network.with_frozen_mut(&mut frozen)`"
)]
pub trait Restore: Network {
    /// The parameters and the frozen ones, to be changed.
    fn all_mut(&mut self) -> (&mut Self::Parameters, &mut Frozen<Self>);

    /// All parameters and running statistics by PyTorch's names, frozen ones included, to be written.
    fn state_dict_mut(&mut self) -> impl Iterator<Item = TensorViewMut<'_, Self::Scalar>> {
        let (network, frozen) = self.all_mut();
        tensors::views_mut(Self::LAYERS, network.as_mut_slice(), flat_mut(frozen))
    }
}
