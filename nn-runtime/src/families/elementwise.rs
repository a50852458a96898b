//! A function of each value on its own, in place, and the gradient on its way back through it.

use nalgebra::SMatrix;

use crate::kernels::{Isa, Kernel};
use crate::math;
use crate::scalar::Scalar;

/// A function of one value, with its options, and its derivative. Implementations are `#[inline(always)]`.
///
/// The derivative is a function of the output, or of the input where the output does not tell: each layer says which. From the
/// input its relative error is small everywhere; from the output its error is small beside the slope, as the output says no more
/// where the function saturates. At NaN a function of straight lines lets the gradient
/// pass, as in PyTorch; only `relu` stops it.
pub trait Elementwise: Copy {
    /// The function at `input`.
    fn output<I: Isa, T: Scalar>(self, isa: I, input: T) -> T;

    /// `grad` times the derivative at the place with this output, or with this input.
    fn gradient<I: Isa, T: Scalar>(self, isa: I, at: T, grad: T) -> T;
}

/// Overwrites `value`, the input, with the output.
#[inline(always)]
pub(crate) fn forward<I: Isa, F: Elementwise, T: Scalar, const BATCH: usize, const N: usize>(
    isa: I,
    function: F,
    value: &mut SMatrix<T, BATCH, N>,
) {
    isa.call_in_place(Forward(function, value.data.0.as_flattened_mut()));
}

/// Overwrites `grad`, the gradient of the output, with the gradient of the input; `at` is the output, or the input.
#[inline(always)]
pub(crate) fn backward_input<I: Isa, F: Elementwise, T: Scalar, const BATCH: usize, const N: usize>(
    isa: I,
    function: F,
    at: &SMatrix<T, BATCH, N>,
    grad: &mut SMatrix<T, BATCH, N>,
) {
    isa.call_in_place(BackwardInput(function, at.data.0.as_flattened(), grad.data.0.as_flattened_mut()));
}

/// Fewer values than this are computed with others of no account beside them, so that they fill a register.
const REST: usize = 8;

struct Forward<'a, F, T>(F, &'a mut [T]);

impl<F: Elementwise, T: Scalar> Kernel for Forward<'_, F, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let (blocks, rest) = self.1.as_chunks_mut::<REST>();
        if const { I::IN_PLACE }
            && let [block] = blocks
        {
            // as values, so that the register they are in need not be stored and loaded again
            let mut values = *block;
            for value in &mut values {
                *value = self.0.output(isa, *value);
            }
            *block = values;
        } else {
            for value in blocks.as_flattened_mut() {
                *value = self.0.output(isa, *value);
            }
        }
        if let Some(first) = rest.first() {
            let mut block = [*first; REST];
            block.iter_mut().zip(&*rest).for_each(|(place, value)| *place = *value);
            for value in &mut block {
                *value = self.0.output(isa, *value);
            }
            rest.iter_mut().zip(block).for_each(|(value, output)| *value = output);
        }
    }
}

struct BackwardInput<'a, F, T>(F, &'a [T], &'a mut [T]);

impl<F: Elementwise, T: Scalar> Kernel for BackwardInput<'_, F, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        for (at, grad) in self.1.iter().zip(self.2) {
            *grad = self.0.gradient(isa, *at, *grad);
        }
    }
}

/// `value`, but no less than `least` and no more than `most`; NaN stays NaN.
#[inline(always)]
pub(crate) fn between<T: Scalar>(value: T, least: f64, most: f64) -> T {
    let (least, most) = (T::from_f64(least), T::from_f64(most));
    let value = if value < least { least } else { value };
    // Without a sum, what is chosen between are a value in its place and a constant, and the compiler stores the constant
    // through a mask, which is several times slower on some machines. The sum makes 0 of -0.
    (if value > most { most } else { value }) + T::ZERO
}

/// The logistic function: of [`sigmoid`](crate::layers::sigmoid) and of the gates of recurrent layers.
///
/// ```text
/// output     = 1 / (1 + exp(-input))
/// derivative = output · (1 - output)
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Sigmoid;

impl Elementwise for Sigmoid {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, isa: I, input: T) -> T {
        math::sigmoid(isa, input)
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, _isa: I, output: T, grad: T) -> T {
        grad * (output * (T::ONE - output))
    }
}

/// The hyperbolic tangent: of [`tanh`](crate::layers::tanh) and of recurrent layers.
///
/// ```text
/// output     = tanh(input)
/// derivative = (1 - output) · (1 + output)
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Tanh;

impl Elementwise for Tanh {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, isa: I, input: T) -> T {
        math::tanh(isa, input)
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, isa: I, output: T, grad: T) -> T {
        // 1 - output² loses its digits near 1 unless it is rounded once
        grad * if const { I::FMA } {
            isa.mul_add(-output, output, T::ONE)
        } else {
            (T::ONE - output) * (T::ONE + output)
        }
    }
}

/// The rectifier: of [`relu`](crate::layers::relu) and of recurrent layers.
///
/// ```text
/// output     = max(input, 0)
/// derivative = 1 where output > 0, else 0
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Relu;

// Both add 0 to what they have chosen. Without a sum, what is chosen between are the value in its place and 0, and the
// compiler stores 0 through a mask, which is several times slower on some machines.
impl Elementwise for Relu {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, _isa: I, input: T) -> T {
        // a comparison that NaN fails, so that it stays
        let positive = if input < T::ZERO { T::ZERO } else { input };
        positive + T::ZERO
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, _isa: I, output: T, grad: T) -> T {
        let grad_input = if output > T::ZERO { grad } else { T::ZERO };
        grad_input + T::ZERO
    }
}

/// The function that is its input between two bounds and constant beyond them: of [`relu6`](crate::layers::relu6),
/// [`hard_tanh`](crate::layers::hard_tanh).
///
/// ```text
/// output     = min(max(input, least), most)
/// derivative = 0 where output ≤ least or output ≥ most, else 1
/// ```
#[derive(Clone, Copy)]
pub(crate) struct Between {
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Elementwise for Between {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, _isa: I, input: T) -> T {
        between(input, self.least, self.most)
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, _isa: I, output: T, grad: T) -> T {
        let is_beyond = output <= T::from_f64(self.least) || output >= T::from_f64(self.most);
        let grad_input = if is_beyond { T::ZERO } else { grad };
        grad_input + T::ZERO // no masked store: see `between`
    }
}

/// The function that is linear above 0 and exponential below: of [`elu`](crate::layers::elu), [`selu`](crate::layers::selu).
///
/// ```text
/// output     = slope · input where input > 0, else scale · (exp(input) - 1)
/// derivative = slope where output > 0, else output + scale
/// ```
#[derive(Clone, Copy)]
pub(crate) struct ExponentialLinear {
    pub(crate) slope: f64,
    pub(crate) scale: f64,
}

impl Elementwise for ExponentialLinear {
    #[inline(always)]
    fn output<I: Isa, T: Scalar>(self, isa: I, input: T) -> T {
        // one of the two terms is 0
        let positive = if input < T::ZERO { T::ZERO } else { input };
        let negative = if input > T::ZERO { T::ZERO } else { input };
        let below = T::from_f64(self.scale) * math::exp_m1_nonpositive(isa, negative);
        T::from_f64(self.slope) * positive + below
    }

    #[inline(always)]
    fn gradient<I: Isa, T: Scalar>(self, _isa: I, output: T, grad: T) -> T {
        let below = output + T::from_f64(self.scale);
        grad * if output > T::ZERO { T::from_f64(self.slope) } else { below }
    }
}

/// Writes the functions of a layer that applies an [`Elementwise`] function, which is made of the layer's options:
/// `elementwise!((alpha: f64) => Elu { alpha }, at output)`, or `at input`, says what its derivative is a function of.
macro_rules! elementwise {
    (($($option:ident: $type:ty),*) => $function:expr, at $at:ident) => {
        /// Overwrites `value`, the input, with the output.
        #[inline(always)]
        pub fn forward<I: $crate::kernels::Isa, T: $crate::scalar::Scalar, const BATCH: usize, const N: usize>(
            isa: I,
            $($option: $type,)*
            value: &mut nalgebra::SMatrix<T, BATCH, N>,
        ) {
            $crate::families::elementwise::forward(isa, $function, value);
        }

        #[doc = concat!("Overwrites `grad`, the gradient of the output, with the gradient of the input, from the ", stringify!($at), ".")]
        #[inline(always)]
        pub fn backward_input<I: $crate::kernels::Isa, T: $crate::scalar::Scalar, const BATCH: usize, const N: usize>(
            isa: I,
            $($option: $type,)*
            $at: &nalgebra::SMatrix<T, BATCH, N>,
            grad: &mut nalgebra::SMatrix<T, BATCH, N>,
        ) {
            $crate::families::elementwise::backward_input(isa, $function, $at, grad);
        }
    };
}

pub(crate) use elementwise;
