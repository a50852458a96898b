//! The trait of a layer that a user writes.

use core::marker::PhantomData;

use bytemuck::Zeroable;
use nalgebra::SMatrix;
use rand_core::Rng;

use super::{LayerParameters, Pass};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// A layer of one's own, from `IN` values of type `T` to `OUT`.
///
/// The struct holds the layer's parameters, and is written in [`layer!`](macro@crate::layer). `network!` uses it by its path, with
/// the shape of its output: `glu: Glu -> [4]`. A function of each value on its own is shorter as an
/// [`Activation`](crate::Activation).
///
/// A training step calls [`forward`](Self::forward), then [`backward_parameters`](Self::backward_parameters) unless the stage is
/// frozen, and [`backward_input`](Self::backward_input) where something before the layer is trained, all with one cache. The
/// columns of a tile are features, its rows are samples. The functions of the library's own layers, in [`layers`](crate::layers),
/// are there to be called.
///
/// # Example
///
/// A gated linear unit, `(W x + b) · σ(V x + c)` (Dauphin, Fan, Auli and Grangier, 2017), which is PyTorch's
/// `torch.nn.functional.glu` after a `torch.nn.Linear(3, 8)`:
///
/// ```
/// use nn_runtime::layers::{linear, sigmoid};
/// use nn_runtime::prelude::*;
///
/// layer! {
///     /// A gated linear unit from 3 values to 4.
///     pub struct Glu {
///         pub weight: SMatrix<f32, 8, 3>, // W, then V
///         pub bias: SVector<f32, 8>,      // b, then c
///     }
/// }
///
/// impl Layer<3, 4> for Glu {
///     /// `W x + b`, then `σ(V x + c)`.
///     type Cache<const BATCH: usize> = [SMatrix<f32, BATCH, 4>; 2];
///
///     fn init<R: Rng + ?Sized>(&mut self, rng: &mut R) {
///         linear::init(&mut self.weight, Some(&mut self.bias), rng);
///     }
///
///     fn forward<I: Isa, const BATCH: usize>(
///         &self,
///         isa: I,
///         input: &SMatrix<f32, BATCH, 3>,
///         output: &mut SMatrix<f32, BATCH, 4>,
///         cache: &mut Self::Cache<BATCH>,
///         _pass: Pass,
///     ) {
///         let mut both = SMatrix::<f32, BATCH, 8>::zeros();
///         linear::forward(isa, &self.weight, Some(&self.bias), input, &mut both);
///         let [value, gate] = cache;
///         value.copy_from(&both.fixed_columns::<4>(0));
///         gate.copy_from(&both.fixed_columns::<4>(4));
///         sigmoid::forward(isa, gate);
///         *output = value.component_mul(gate);
///     }
///
///     fn backward_parameters<I: Isa, const BATCH: usize>(
///         &self,
///         isa: I,
///         input: &SMatrix<f32, BATCH, 3>,
///         cache: &mut Self::Cache<BATCH>,
///         grad_output: &SMatrix<f32, BATCH, 4>,
///         gradient: &mut Self,
///         _pass: Pass,
///     ) {
///         let grad = grad_both(cache, grad_output);
///         linear::backward_parameters(isa, input, &grad, &mut gradient.weight, Some(&mut gradient.bias));
///     }
///
///     fn backward_input<I: Isa, const BATCH: usize>(
///         &self,
///         isa: I,
///         input_then_grad: &mut SMatrix<f32, BATCH, 3>,
///         cache: &mut Self::Cache<BATCH>,
///         grad_output: &SMatrix<f32, BATCH, 4>,
///         _pass: Pass,
///     ) {
///         linear::backward_input(isa, &self.weight, &grad_both(cache, grad_output), input_then_grad);
///     }
/// }
///
/// /// The gradient of `W x + b`, then that of `V x + c`.
/// fn grad_both<const BATCH: usize>(
///     [value, gate]: &[SMatrix<f32, BATCH, 4>; 2],
///     grad_output: &SMatrix<f32, BATCH, 4>,
/// ) -> SMatrix<f32, BATCH, 8> {
///     let mut grad = SMatrix::<f32, BATCH, 8>::zeros();
///     grad.fixed_columns_mut::<4>(0).copy_from(&grad_output.component_mul(gate));
///     let slope = gate.map(|gate| gate * (1.0 - gate));
///     grad.fixed_columns_mut::<4>(4).copy_from(&grad_output.component_mul(value).component_mul(&slope));
///     grad
/// }
///
/// network! {
///     pub struct Net: [2] -> [1] { linear(3), tanh, glu: Glu -> [4], out: linear(1) }
/// }
///
/// fn main() -> Result<(), TrainError> {
///     let inputs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
///     let targets = [[0.0], [1.0], [1.0], [0.0]];
///     let mut net = Net::new(&mut rng(1));
///     let mut training = Training::<Net, Adam, 4>::ZERO;
///
///     // the gradient agrees with central differences, for every parameter
///     let loss = training.loss_and_gradient(&net, &Mse, &inputs, &targets)?;
///     let gradient = training.gradient;
///     for (index, gradient) in gradient.as_slice().iter().enumerate() {
///         let mut loss_at = |change: f32| {
///             let mut moved = net;
///             moved.as_mut_slice()[index] += change;
///             training.loss_and_gradient(&moved, &Mse, &inputs, &targets)
///         };
///         let difference = (loss_at(0.01)? - loss_at(-0.01)?) / 0.02;
///         assert!((difference - gradient).abs() < 1e-3);
///     }
///
///     for _ in 0..300 {
///         training.step(&mut net, &Adam::new(0.05), &Mse, &inputs, &targets)?;
///     }
///     assert!(training.loss_and_gradient(&net, &Mse, &inputs, &targets)? < 0.01 * loss);
///     Ok(())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer from {IN} values of type `{T}` to {OUT}",
    label = "this needs `Layer<{IN}, {OUT}, {T}>`"
)]
pub trait Layer<const IN: usize, const OUT: usize, T: Scalar = f32>: LayerParameters<T> {
    /// What the forward pass keeps for the backward pass, and their scratch memory, for tiles of `BATCH` rows.
    type Cache<const BATCH: usize>: Zeroable;

    /// The number of multiply-adds of a forward pass over one sample, for the table of layers.
    const MULTIPLY_ADDS: u64 = 0;
    /// Whether the layer takes statistics over the batch, so that a mini-batch must be one tile.
    const NEEDS_WHOLE_BATCH: bool = false;
    /// Whether a mini-batch needs two samples or more, as for statistics over a single value of each sample.
    const NEEDS_SEVERAL_SAMPLES: bool = false;

    /// Draws new parameters, in place; they are zeros before. A layer without parameters leaves it out.
    #[expect(unused_variables, reason = "the name is documentation")]
    fn init<R: Rng + ?Sized>(&mut self, rng: &mut R) {
        let () = WithoutParameters::<Self>::DRAWS;
    }

    /// Overwrites `output`, and `cache` with what the backward pass needs.
    fn forward<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        output: &mut SMatrix<T, BATCH, OUT>,
        cache: &mut Self::Cache<BATCH>,
        pass: Pass,
    );

    /// Overwrites `output`, in evaluation mode; what the cache holds then is not read. Unless written, it is
    /// [`forward`](Self::forward).
    #[inline(always)]
    fn infer<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        output: &mut SMatrix<T, BATCH, OUT>,
        cache: &mut Self::Cache<BATCH>,
    ) {
        self.forward(isa, input, output, cache, Pass::inference(BATCH as u32));
    }

    /// Adds the gradients of the parameters to `gradient`. A layer without parameters leaves it out.
    #[inline(always)]
    #[expect(unused_variables, reason = "the names are documentation")]
    fn backward_parameters<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &SMatrix<T, BATCH, IN>,
        cache: &mut Self::Cache<BATCH>,
        grad_output: &SMatrix<T, BATCH, OUT>,
        gradient: &mut Self,
        pass: Pass,
    ) {
        let () = WithoutParameters::<Self>::TRAINS;
    }

    /// Overwrites the input with the gradient of the loss with respect to it, whether
    /// [`backward_parameters`](Self::backward_parameters) was called before or not.
    fn backward_input<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input_then_grad: &mut SMatrix<T, BATCH, IN>,
        cache: &mut Self::Cache<BATCH>,
        grad_output: &SMatrix<T, BATCH, OUT>,
        pass: Pass,
    );
}

/// Fails to compile for a layer with parameters, once, in whichever sizes it is used.
struct WithoutParameters<L>(PhantomData<L>);

impl<L> WithoutParameters<L> {
    const DRAWS: () = assert!(
        size_of::<L>() == 0,
        "a layer with parameters draws them: write `init` of `Layer`, empty if zeros are right"
    );
    const TRAINS: () =
        assert!(size_of::<L>() == 0, "a layer with parameters trains them: write `backward_parameters` of `Layer`");
}
