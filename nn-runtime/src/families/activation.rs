//! A user's own elementwise layer: a function of one value, and its derivative.

use core::marker::PhantomData;

use nalgebra::SMatrix;

use crate::kernels::{Isa, Kernel};
use crate::network::{Layer, NoParameters, Pass, StreamingLayer};
use crate::scalar::Scalar;

/// An elementwise layer of one's own: a function of each value, from `N` values to `N`, for every `N` and both types of values.
///
/// The network keeps the layer's input for the derivative, and nothing besides; on a sequence, the layer works step by step. The functions are `#[inline(always)]` if they
/// are to use the machine's widest instructions; [`math`](crate::math) has `exp`, `ln`, `tanh`, `sin_cos` and others.
///
/// ```
/// use nn_runtime::math;
/// use nn_runtime::prelude::*;
/// use nn_runtime::scalar::Scalar;
///
/// layer! {
///     /// Snake: `x + sin²(x)` (Ziyin, Hartwig and Ueda, 2020).
///     pub struct Snake;
/// }
///
/// impl Activation for Snake {
///     #[inline(always)]
///     fn value<I: Isa, T: Scalar>(isa: I, input: T) -> T {
///         let [sin, _] = math::sin_cos(isa, input);
///         input + sin * sin
///     }
///
///     #[inline(always)]
///     fn derivative<I: Isa, T: Scalar>(isa: I, input: T) -> T {
///         let [sin, cos] = math::sin_cos(isa, input);
///         T::ONE + (sin + sin) * cos
///     }
/// }
///
/// network! { pub struct Net: [4] -> [2] { linear(8), snake: Snake -> [8], linear(2) } }
///
/// assert_eq!(Net::ZERO.predict(&[1.0; 4]), SVector::from([0.0; 2]));
/// ```
pub trait Activation: NoParameters {
    /// The function at `input`.
    fn value<I: Isa, T: Scalar>(isa: I, input: T) -> T;

    /// The derivative at `input`.
    fn derivative<I: Isa, T: Scalar>(isa: I, input: T) -> T;
}

#[diagnostic::do_not_recommend]
impl<A: Activation, const N: usize, T: Scalar> Layer<N, N, T> for A {
    type Cache<const BATCH: usize> = ();

    #[inline(always)]
    fn forward<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &SMatrix<T, BATCH, N>,
        output: &mut SMatrix<T, BATCH, N>,
        _cache: &mut (),
        _pass: Pass,
    ) {
        isa.call(Value::<A, T>(PhantomData, input.as_slice(), output.as_mut_slice()));
    }

    #[inline(always)]
    fn backward_input<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input_then_grad: &mut SMatrix<T, BATCH, N>,
        _cache: &mut (),
        grad_output: &SMatrix<T, BATCH, N>,
        _pass: Pass,
    ) {
        isa.call(Gradient::<A, T>(PhantomData, grad_output.as_slice(), input_then_grad.as_mut_slice()));
    }
}

#[diagnostic::do_not_recommend]
impl<A: Activation, const N: usize, T: Scalar> StreamingLayer<N, N, T> for A {
    type State = ();

    #[inline(always)]
    fn step<I: Isa>(&self, isa: I, frame: &SMatrix<T, 1, N>, output: &mut SMatrix<T, 1, N>, _state: &mut ()) {
        isa.call(Value::<A, T>(PhantomData, frame.as_slice(), output.as_mut_slice()));
    }

    #[inline(always)]
    fn step_block<I: Isa, const FRAMES: usize>(
        &self,
        isa: I,
        frames: &SMatrix<T, FRAMES, N>,
        output: &mut SMatrix<T, FRAMES, N>,
        _state: &mut (),
    ) {
        isa.call(Value::<A, T>(PhantomData, frames.as_slice(), output.as_mut_slice()));
    }
}

/// Input and output.
struct Value<'a, A, T>(PhantomData<A>, &'a [T], &'a mut [T]);

impl<A: Activation, T: Scalar> Kernel for Value<'_, A, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        for (input, output) in self.1.iter().zip(self.2) {
            *output = A::value(isa, *input);
        }
    }
}

/// The gradient of the output, and the input, which becomes its own gradient.
struct Gradient<'a, A, T>(PhantomData<A>, &'a [T], &'a mut [T]);

impl<A: Activation, T: Scalar> Kernel for Gradient<'_, A, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        for (grad, input) in self.1.iter().zip(self.2) {
            *input = *grad * A::derivative(isa, *input);
        }
    }
}
