//! What the tests of recurrent layers share.

use std::vec::Vec;

use nalgebra::{SMatrix, SVector};

use crate::init::{rng, unit};

pub(crate) fn fill<const R: usize, const C: usize>(seed: usize) -> SMatrix<f64, R, C> {
    let mut rng = rng(seed as u64);
    SMatrix::from_fn(|_, _| 2.0 * unit(&mut rng) - 1.0)
}

pub(crate) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The formulas of a step with `std`'s functions: of the sums with the input and of a function that makes the sums with a
/// state, each with its bias, it makes the next state and memory.
pub(crate) type ByHand =
    fn(from_input: &[f64], from: &dyn Fn(&[f64]) -> Vec<f64>, state: &mut [f64], memory: &mut [f64]);

/// A step of the sample `input`, in the order of the direction.
pub(crate) fn by_hand<const GATES: usize, const IN: usize, const H: usize>(
    formulas: ByHand,
    weight_ih: &SMatrix<f64, GATES, IN>,
    weight_hh: &SMatrix<f64, GATES, H>,
    bias_ih: &SMatrix<f64, GATES, 1>,
    bias_hh: &SMatrix<f64, GATES, 1>,
    inputs: &[SMatrix<f64, IN, 1>],
    is_reverse: bool,
) -> Vec<[f64; H]> {
    let (mut state, mut memory) = (SMatrix::<f64, H, 1>::zeros(), [0.0; H]);
    let mut outputs = std::vec![[0.0; H]; inputs.len()];
    for place in 0..inputs.len() {
        let place = if is_reverse { inputs.len() - 1 - place } else { place };
        let from_input = weight_ih * inputs[place] + bias_ih;
        let from =
            |state: &[f64]| (weight_hh * SVector::<f64, H>::from_column_slice(state) + bias_hh).as_slice().to_vec();
        formulas(from_input.as_slice(), &from, state.as_mut_slice(), &mut memory);
        outputs[place] = state.data.0[0];
    }
    outputs
}

pub(crate) fn central_difference(loss: impl Fn(f64) -> f64) -> f64 {
    const CHANGE: f64 = 1e-5;
    (loss(CHANGE) - loss(-CHANGE)) / (2.0 * CHANGE)
}

#[track_caller]
pub(crate) fn close(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance * (1.0 + expected.abs()), "{value} is not {expected}");
}

/// Checks a layer of one size against its formulas and differences of a weighted sum of its output, at both levels:
/// `check_recurrent!(gru () 3 4 1, by_hand, batch 2, steps 3, 4 -> 5, directions 1)`, where the numbers after the options
/// are how many blocks the gates are, the cache is, and the state is.
macro_rules! check_recurrent {
    (
        $layer:ident ($($option:expr),*) $gates:literal $kept:literal $state:literal, $by_hand:expr,
        batch $batch:literal, steps $steps:literal, $in:literal -> $h:literal, directions $d:literal
    ) => {{
        use nalgebra::{SMatrix, SVector};

        use $crate::families::recurrent::tests::{by_hand, central_difference, close, fill};
        use $crate::kernels::{Isa, Kernel, at_each_level};
        use $crate::layers::$layer::{backward_input, backward_parameters, backward_shared, forward, infer, step, Whole};

        const ROWS: usize = $gates * $h;

        #[derive(Clone)]
        struct Net {
            weight_ih: [SMatrix<f64, ROWS, $in>; $d],
            weight_hh: [SMatrix<f64, ROWS, $h>; $d],
            bias_ih: [SVector<f64, ROWS>; $d],
            bias_hh: [SVector<f64, ROWS>; $d],
        }

        type Input = SMatrix<f64, $batch, { $steps * $in }>;
        type Output = SMatrix<f64, $batch, { $steps * $d * $h }>;

        impl Net {
            fn parameters(&mut self) -> impl Iterator<Item = &mut f64> {
                let weights_ih = self.weight_ih.iter_mut().flatten();
                let weights_hh = self.weight_hh.iter_mut().flatten();
                weights_ih.chain(weights_hh).chain(self.bias_ih.iter_mut().flatten()).chain(self.bias_hh.iter_mut().flatten())
            }

            fn infer<I: Isa>(&self, isa: I, input: &Input) -> Output {
                let Self { weight_ih, weight_hh, bias_ih, bias_hh } = self;
                let mut output = Output::repeat(f64::NAN);
                infer(isa, $($option,)* weight_ih.each_ref(), weight_hh.each_ref(), bias_ih.each_ref(), bias_hh.each_ref(), [None; $state], Whole, input, &mut output);
                output
            }

            fn check_formulas<I: Isa>(&self, isa: I, input: &Input, output: &Output) {
                for (row, output) in output.row_iter().enumerate() {
                    let sample: [SVector<f64, $in>; $steps] =
                        std::array::from_fn(|step| SVector::from_fn(|feature, _| input[(row, step * $in + feature)]));
                    for direction in 0..$d {
                        let expected = by_hand(
                            $by_hand,
                            &self.weight_ih[direction],
                            &self.weight_hh[direction],
                            &self.bias_ih[direction],
                            &self.bias_hh[direction],
                            &sample,
                            direction == 1,
                        );
                        for (step, expected) in expected.iter().enumerate() {
                            for (unit, expected) in expected.iter().enumerate() {
                                close(output[(step * $d + direction) * $h + unit], *expected, 1e-13);
                            }
                        }
                    }
                    self.check_steps(isa, &sample, |step, unit| output[step * $d * $h + unit]);
                }
            }

            /// The forward direction, step by step.
            fn check_steps<I: Isa>(&self, isa: I, sample: &[SVector<f64, $in>], expected: impl Fn(usize, usize) -> f64) {
                let mut state = SVector::<f64, { $state * $h }>::zeros();
                let Self { weight_ih, weight_hh, bias_ih, bias_hh } = self;
                for (at, frame) in sample.iter().enumerate() {
                    let mut output = SMatrix::<f64, 1, $h>::repeat(f64::NAN);
                    step(isa, $($option,)* &weight_ih[0], &weight_hh[0], &bias_ih[0], &bias_hh[0], &mut state, &frame.transpose(), &mut output);
                    for (unit, output) in output.iter().enumerate() {
                        close(*output, expected(at, unit), 1e-14);
                    }
                }
            }

            fn check_differences<I: Isa>(&self, isa: I, input: &Input, weighting: &Output, gradient: &mut Self, grad_input: &Input) {
                let loss = |net: &Self, input: &Input| net.infer(isa, input).dot(weighting);
                for (index, gradient) in gradient.parameters().enumerate() {
                    let expected = central_difference(|change| {
                        let mut moved = self.clone();
                        moved.parameters().skip(index).take(1).for_each(|value| *value += change);
                        loss(&moved, input)
                    });
                    close(*gradient - 0.25, expected, 1e-8);
                }
                for index in 0..input.len() {
                    let expected = central_difference(|change| {
                        let mut input = *input;
                        input[index] += change;
                        loss(self, &input)
                    });
                    close(grad_input[index], expected, 1e-8);
                }
            }
        }

        struct Check;

        impl Kernel for Check {
            type Output = ();

            fn run<I: Isa>(self, isa: I) {
                let net = Net {
                    weight_ih: std::array::from_fn(|direction| fill(1 + direction)),
                    weight_hh: std::array::from_fn(|direction| fill(11 + direction)),
                    bias_ih: std::array::from_fn(|direction| fill(21 + direction)),
                    bias_hh: std::array::from_fn(|direction| fill(31 + direction)),
                };
                let (input, weighting): (Input, Output) = (fill(5), fill(6));
                let Net { weight_ih, weight_hh, bias_ih, bias_hh } = &net;
                let mut output = Output::repeat(f64::NAN);
                let mut cache = SMatrix::<f64, $batch, { $steps * $d * $kept * $h }>::repeat(f64::NAN);
                forward(isa, $($option,)* weight_ih.each_ref(), weight_hh.each_ref(), bias_ih.each_ref(), bias_hh.each_ref(), [None; $state], Whole, &input, &mut output, &mut cache);
                for (output, inferred) in output.iter().zip(&net.infer(isa, &input)) {
                    close(*output, *inferred, 1e-14);
                }
                net.check_formulas(isa, &input, &output);

                let mut gradient = net.clone();
                gradient.parameters().for_each(|value| *value = 0.25); // to be added to
                backward_shared(isa, $($option,)* weight_hh.each_ref(), [None; $state], Whole, &output, &mut cache, &weighting);
                let Net { weight_ih: grad_ih, weight_hh: grad_hh, bias_ih: grad_bias_ih, bias_hh: grad_bias_hh } = &mut gradient;
                backward_parameters(isa, $($option,)* [None; $state], &input, &output, &cache, grad_ih.each_mut(), grad_hh.each_mut(), grad_bias_ih.each_mut(), grad_bias_hh.each_mut());
                let mut grad_input = Input::repeat(f64::NAN);
                backward_input(isa, weight_ih.each_ref(), &cache, &mut grad_input);
                net.check_differences(isa, &input, &weighting, &mut gradient, &grad_input);
            }
        }

        at_each_level(|| Check);
    }};
}

/// Checks a layer in one direction and in two, for a single sample and for a batch.
macro_rules! check_sizes {
    ($($layer:tt)*) => {
        $crate::families::recurrent::tests::check_recurrent!($($layer)*, batch 1, steps 4, 3 -> 5, directions 2);
        $crate::families::recurrent::tests::check_recurrent!($($layer)*, batch 4, steps 3, 5 -> 7, directions 2);
    };
}

pub(crate) use {check_recurrent, check_sizes};
