//! Whole networks against PyTorch: outputs, every gradient, and ten training steps. What is large is compared by its digest.

use nn_runtime::bytemuck;
use nn_runtime::kernels::dispatch;
use nn_runtime::loss::Loss;
use nn_runtime::loss::Unchecked;
use nn_runtime::network::Network;
use nn_runtime::optim::Optimizer;
use nn_runtime::prelude::*;
use nn_runtime::scalar::Scalar as _;
use nn_tests::{Case, Precision, Step, Value, assert_close, digest, pattern, rows_of, train, values_of};

/// Declares a network of `tests/golden/networks.py` in both precisions.
macro_rules! networks {
    ($($single:ident, $double:ident: [$($input:tt)*] [$($input_of_double:tt)*] -> $output:tt $stages:tt)*) => {
        network! {
            $(
                struct $single: $($input)* -> f32 $output $stages
                struct $double: $($input_of_double)* -> f64 $output $stages
            )*
        }
    };
}

networks! {
    LeNet, LeNetDouble: [[1, 28, 28]] [f64 [1, 28, 28]] -> [10] {
        conv1: conv2d(6, kernel_size = 5), relu,
        max_pool2d(2),
        conv2: conv2d(16, kernel_size = 5), relu,
        max_pool2d(2),
        flatten,
        fc1: linear(120), relu,
        fc2: linear(84), relu,
        out: linear(10),
    }
    ResNet, ResNetDouble: [[3, 7, 6]] [f64 [3, 7, 6]] -> [5] {
        conv: conv2d(4, kernel_size = 3, padding = 1, bias = false),
        norm: batch_norm2d, relu,
        block: residual {
            conv1: conv2d(4, kernel_size = 3, padding = 1, bias = false),
            norm1: batch_norm2d, relu,
            conv2: conv2d(4, kernel_size = 3, padding = 1, bias = false),
            norm2: batch_norm2d,
        },
        relu,
        global_avg_pool,
        out: linear(5),
    }
    LstmClassifier, LstmClassifierDouble: [u8 [7]] [u8 [7]] -> [3] {
        table: embedding(11, 4),
        lstm: lstm(5, bidirectional = true),
        mean,
        out: linear(3),
    }
    Transformer, TransformerDouble: [u16 [6]] [u16 [6]] -> [6, 11] {
        token: embedding(11, 8),
        position: positional_embedding,
        attention1: residual { norm: layer_norm, attn: multihead_attention(2, causal = true) },
        mlp1: residual { norm: layer_norm, fc1: linear(16), gelu, fc2: linear(8) },
        attention2: residual { norm: layer_norm, attn: multihead_attention(4, causal = true) },
        mlp2: residual { norm: layer_norm, fc1: linear(16), gelu, fc2: linear(8) },
        norm: layer_norm,
        out: linear(11),
    }
    Autoencoder, AutoencoderDouble: [[1, 8, 8]] [f64 [1, 8, 8]] -> [1, 8, 8] {
        conv1: conv2d(4, kernel_size = 3, stride = 2, padding = 1), relu,
        conv2: conv2d(6, kernel_size = 3, stride = 2, padding = 1), relu,
        flatten,
        code: linear(5),
        fc: linear(24),
        reshape([6, 2, 2]),
        up1: conv_transpose2d(4, kernel_size = 3, stride = 2, padding = 1, output_padding = 1), relu,
        up2: conv_transpose2d(1, kernel_size = 4, stride = 2, padding = 1), sigmoid,
    }
}

/// Gives a network the parameters that `fill` in `tests/golden/networks.py` gives it.
fn fill<N: Network<IN, OUT>, const IN: usize, const OUT: usize>(network: &mut N) {
    let mut seed = 0;
    for mut parameter in network.state_dict_mut(&mut bytemuck::zeroed()) {
        let info = parameter.info();
        let (name, shape) = (info.name().to_string(), info.shape());
        let (scale, middle) = match *shape {
            _ if info.is_state() => (0.0, f64::from(u8::from(name.ends_with("running_var")))),
            [_] => (0.5, f64::from(u8::from(name.ends_with("weight")))),
            [_, ref rest @ ..] => (2.0 * (rest.iter().product::<usize>() as f64).powf(-0.5), 0.0),
            [] => (0.0, 0.0),
        };
        let values = pattern(&name, shape, seed, scale).values;
        parameter.set(values.iter().map(|value| N::Scalar::from_f64(value + middle)));
        seed += u64::from(!info.is_state());
    }
}

/// Compares the digest of values with the golden one. The scale of a sum is what its terms could sum up to.
fn assert_digest<T: Precision>(case: &Case, name: &str, values: &[T]) {
    let values: Vec<f64> = values.iter().map(|value| value.to_f64()).collect();
    let (actual, expected) = (digest(&values), &case.tensor(name).values);
    let what = format!("{}: {name}, {}", case.name, std::any::type_name::<T>());
    let (root, count) = (expected[1].sqrt(), values.len() as f64);
    let sum_error = (actual[0] - expected[0]).abs();
    assert!(sum_error <= T::GOLDEN * root * count.sqrt(), "{what}: its sum is {}, expected {}", actual[0], expected[0]);
    assert_close(&actual[1..2], &expected[1..2], T::GOLDEN, &format!("{what}: its sum of squares"));
    assert_close(&actual[2..], &expected[2..], T::GOLDEN, &what);
}

fn assert_digests<N, const IN: usize, const OUT: usize>(case: &Case, prefix: &str, network: &N)
where
    N: Network<IN, OUT, Scalar: Precision>,
{
    for parameter in network.state_dict(&bytemuck::zeroed()) {
        let info = parameter.info();
        if prefix == "final." || !info.is_state() {
            assert_digest(case, &format!("{prefix}{}", info.name()), &parameter.values().collect::<Vec<_>>());
        }
    }
}

fn check<N, O, L, Target, T, const IN: usize, const OUT: usize>(
    name: &str,
    optimizer: &O,
    loss: &L,
    targets: impl Fn(&Case) -> Vec<Target>,
) where
    N: Network<IN, OUT, Scalar = T, Frozen = (), Input: Value>,
    T: Precision + Value,
    O: Optimizer<T>,
    L: Loss<Target, [T; OUT], T>,
{
    let case = Case::read(name);
    let mut network: Box<N> = bytemuck::zeroed_box();
    fill(&mut *network);
    assert_digests(&case, "parameter.", &*network);
    let (inputs, targets) = (rows_of(case.tensor("input")), targets(&case));
    let grad_output = rows_of(case.tensor("grad_output"));
    let outcome =
        dispatch(Step::<N, IN, OUT, 4> { network: &network, input: &inputs, grad_output: &grad_output, seed: 0 });
    let what = |tensor| format!("{name}: {tensor}, {}", std::any::type_name::<T>());
    assert_close(outcome.output.as_flattened(), &case.tensor("output").values, T::GOLDEN, &what("output"));
    assert_digests(&case, "gradient.", &*outcome.gradient);
    if N::HAS_INPUT_GRADIENT {
        assert_digest::<T>(&case, "grad_input", bytemuck::cast_slice(outcome.grad_input.as_flattened()));
    }

    let run = train(&mut *network, optimizer, loss, None, (&inputs, &targets), 10);
    assert_close(&run.losses, &case.tensor("losses").values, T::GOLDEN, &what("losses"));
    assert_digests(&case, "final.", &*network);
    let outcome =
        dispatch(Step::<N, IN, OUT, 4> { network: &network, input: &inputs, grad_output: &grad_output, seed: 0 });
    assert_close(outcome.inferred.as_flattened(), &case.tensor("evaluation").values, T::GOLDEN, &what("evaluation"));
}

fn classes(case: &Case) -> Vec<u8> {
    values_of(case.tensor("target"))
}

#[test]
fn lenet() {
    let adam = Adam::new(0.001);
    check::<LeNet, _, _, _, _, _, _>("networks/lenet", &adam, &Unchecked::new(&CrossEntropy), classes);
    check::<LeNetDouble, _, _, _, _, _, _>("networks/lenet", &adam, &Unchecked::new(&CrossEntropy), classes);
}

#[test]
fn resnet() {
    let sgd = Sgd::new(0.05).momentum(0.9).weight_decay(1e-3);
    check::<ResNet, _, _, _, _, _, _>("networks/resnet", &sgd, &Unchecked::new(&CrossEntropy), classes);
    check::<ResNetDouble, _, _, _, _, _, _>("networks/resnet", &sgd, &Unchecked::new(&CrossEntropy), classes);
}

#[test]
fn lstm_classifier() {
    let rms_prop = RmsProp::new(0.01);
    check::<LstmClassifier, _, _, _, _, _, _>(
        "networks/lstm_classifier",
        &rms_prop,
        &Unchecked::new(&CrossEntropy),
        classes,
    );
    check::<LstmClassifierDouble, _, _, _, _, _, _>(
        "networks/lstm_classifier",
        &rms_prop,
        &Unchecked::new(&CrossEntropy),
        classes,
    );
}

#[test]
fn transformer() {
    let sgd = Sgd::new(0.1).momentum(0.9).nesterov(true);
    let steps = |case: &Case| rows_of::<u8, 6>(case.tensor("target"));
    check::<Transformer, _, _, _, _, _, _>("networks/transformer", &sgd, &Unchecked::new(&CrossEntropy), steps);
    check::<TransformerDouble, _, _, _, _, _, _>("networks/transformer", &sgd, &Unchecked::new(&CrossEntropy), steps);
}

#[test]
fn autoencoder() {
    let adam = Adam::new(0.01);
    check::<Autoencoder, _, _, _, f32, _, _>("networks/autoencoder", &adam, &Mse, |case| {
        rows_of::<f32, 64>(case.tensor("target"))
    });
    check::<AutoencoderDouble, _, _, _, f64, _, _>("networks/autoencoder", &adam, &Mse, |case| {
        rows_of::<f64, 64>(case.tensor("target"))
    });
}
