//! What a recurrent layer carries from step to step, forward and backward, decays to 0 and never becomes subnormal: arithmetic
//! with subnormal numbers takes many times as long.

use nalgebra::{SMatrix, SVector};
use nn_runtime::kernels::{Isa, Kernel, Portable, dispatch};
use nn_runtime::layers::gru::{self, Gru};
use nn_runtime::layers::lstm::{self, Lstm};
use nn_runtime::layers::rnn::{self, Relu, Rnn, Tanh, Whole};

/// The input of a sigmoid whose output is 0.9.
const KEEPS: f64 = 2.197;

/// Checks a layer of one unit that keeps nine tenths of its state: step by step in silence, over a sequence that falls silent
/// after its first step, and on the way back from the last step of a sequence.
///
/// `name: layer(options) gates, kept, carried; weight_hh, biases` has the number of gates, of values that a step caches and of
/// values that it hands on.
macro_rules! decays {
    ($($name:ident: $layer:ident($($option:expr),*) $gates:literal, $kept:literal, $carried:literal; $own:expr, $biases:expr)*) => {$(
        mod $name {
            use super::*;

            mod single {
                use super::*;

                decays!(@test f32 2000 $layer($($option),*) $gates $kept $carried $own, $biases);
            }

            mod double {
                use super::*;

                decays!(@test f64 8000 $layer($($option),*) $gates $kept $carried $own, $biases);
            }
        }
    )*};
    (@test $type:ident $steps:literal $layer:ident($($option:expr),*) $gates:literal $kept:literal $carried:literal $own:expr, $biases:expr) => {
        struct Check;

        impl Kernel for Check {
            type Output = ();

            fn run<I: Isa>(self, isa: I) {
                let weight_ih = SMatrix::<$type, $gates, 1>::repeat(1.0);
                let weight_hh = SMatrix::<$type, $gates, 1>::repeat($own as $type);
                let biases: [f64; $gates] = $biases;
                let bias_ih = SVector::from(biases.map(|bias| bias as $type));
                let bias_hh = SVector::<$type, $gates>::zeros();

                let (mut state, mut step) = (SVector::<$type, $carried>::repeat(1.0), SMatrix::zeros());
                for at in 0..$steps {
                    let silence = SMatrix::<$type, 1, 1>::zeros();
                    $layer::step(isa, $($option,)* &weight_ih, &weight_hh, &bias_ih, &bias_hh, &mut state, &silence, &mut step);
                    assert!(!state.iter().any(|value| value.is_subnormal()), "{state} after {at} steps");
                }
                assert!(state.iter().all(|value| *value == 0.0));

                let forward = |input: &SMatrix<$type, 1, $steps>| {
                    let mut output = Box::new(SMatrix::<$type, 1, $steps>::zeros());
                    let mut cache = Box::new(SMatrix::<$type, 1, { $steps * $kept }>::zeros());
                    $layer::forward(isa, $($option,)* [&weight_ih], [&weight_hh], [&bias_ih], [&bias_hh], [None; $carried], Whole, input, &mut output, &mut cache);
                    (output, cache)
                };
                let mut input = Box::new(SMatrix::<$type, 1, $steps>::zeros());
                input[0] = 1.0;
                let (output, _) = forward(&input);
                assert!(!output.iter().any(|value| value.is_subnormal()));
                assert!(output[0] != 0.0 && output[$steps - 1] == 0.0);
                $layer::infer(isa, $($option,)* [&weight_ih], [&weight_hh], [&bias_ih], [&bias_hh], [None; $carried], Whole, &input.clone(), &mut input);
                assert!(!input.iter().any(|value| value.is_subnormal()));
                assert!(input[0] != 0.0 && input[$steps - 1] == 0.0);

                let (output, mut cache) = forward(&SMatrix::repeat(0.01));
                let mut grad_output = Box::new(SMatrix::<$type, 1, $steps>::zeros());
                grad_output[$steps - 1] = 1.0;
                $layer::backward_shared(isa, $($option,)* [&weight_hh], [None; $carried], Whole, &output, &mut cache, &grad_output);
                let gates = cache.as_slice().chunks_exact($kept).map(|kept| &kept[..$gates]);
                // the last gradients that are not 0, times derivatives, may still be subnormal, in a few steps
                assert!(gates.clone().flatten().filter(|value| value.is_subnormal()).count() < 150);
                assert!(gates.clone().next().unwrap().iter().all(|grad| *grad == 0.0));
                assert!(gates.last().unwrap().iter().any(|grad| *grad != 0.0));
            }
        }

        #[test]
        fn states_and_gradients_decay_to_zero() {
            Check.run(Portable);
            dispatch(Check);
        }
    };
}

decays! {
    rnn_tanh: rnn(Rnn(Tanh)) 1, 1, 1; 0.9, [0.0]
    rnn_relu: rnn(Rnn(Relu)) 1, 1, 1; 0.9, [0.0]
    gru_cell: gru(Gru::<true, _>(Tanh)) 3, 4, 1; 0.0, [0.0, KEEPS, 0.0]
    gru_reset_before: gru(Gru::<false, _>(Tanh)) 3, 4, 1; 0.0, [0.0, KEEPS, 0.0]
    gru_of_relu: gru(Gru::<false, _>(Relu)) 3, 4, 1; 0.0, [0.0, KEEPS, 0.0]
    lstm_cell: lstm(Lstm(Tanh)) 4, 5, 2; 0.0, [0.0, KEEPS, 0.0, 0.0]
}
