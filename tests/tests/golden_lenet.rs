//! LeNet-5 against PyTorch: outputs, every gradient, and ten steps of Adam. What is large is compared by its digest.

use nn_runtime::kernels::dispatch;
use nn_runtime::loss::CrossEntropy;
use nn_runtime::network;
use nn_runtime::network::Network;
use nn_runtime::optim::Adam;
use nn_runtime::scalar::Scalar;
use nn_tests::{
    Case, Parameters, Precision, Step, Tensor, Value, assert_close, digest, parameters, pattern, rows_of, train,
    values_of,
};

macro_rules! lenet {
    ($name:ident: $scalar:ident) => {
        network! {
            struct $name: $scalar [1, 28, 28] -> [10] {
                conv1: conv2d(6, kernel_size = 5), relu,
                max_pool2d(2),
                conv2: conv2d(16, kernel_size = 5), relu,
                max_pool2d(2),
                flatten,
                fc1: linear(120), relu,
                fc2: linear(84), relu,
                out: linear(10),
            }
        }

        parameters!(
            $name,
            $scalar,
            [
                conv1.weight,
                conv1.bias,
                conv2.weight,
                conv2.bias,
                fc1.weight,
                fc1.bias,
                fc2.weight,
                fc2.bias,
                out.weight,
                out.bias,
            ]
        );
    };
}

lenet!(Single: f32);
lenet!(Double: f64);

/// Each parameter's name and its shape in PyTorch, in the order of `state_dict`.
const SHAPES: [(&str, &[usize]); 10] = [
    ("conv1.weight", &[6, 1, 5, 5]),
    ("conv1.bias", &[6]),
    ("conv2.weight", &[16, 6, 5, 5]),
    ("conv2.bias", &[16]),
    ("fc1.weight", &[120, 256]),
    ("fc1.bias", &[120]),
    ("fc2.weight", &[84, 120]),
    ("fc2.bias", &[84]),
    ("out.weight", &[10, 84]),
    ("out.bias", &[10]),
];

/// The parameters that `tests/golden/lenet.py` gives the network.
fn patterns() -> Vec<Tensor> {
    let fan_in = |name: &str| {
        let weight = name.replace("bias", "weight");
        let (_, shape) = SHAPES.iter().find(|(other, _)| *other == weight).expect("a bias has a weight");
        shape[1..].iter().product::<usize>() as f64
    };
    let bound = |name: &str| 2.0 * fan_in(name).powf(-0.5);
    (0..).zip(SHAPES).map(|(seed, (name, shape))| pattern(name, shape, seed, bound(name))).collect()
}

/// Compares the digest of values with the golden one. The scale of a sum is what its terms could sum up to.
fn assert_digest<T: Scalar>(case: &Case, name: &str, values: &[T], tolerance: f64) {
    let values: Vec<f64> = values.iter().map(|value| value.to_f64()).collect();
    let (actual, expected) = (digest(&values), &case.tensor(name).values);
    let what = format!("{}: {name}, {}", case.name, std::any::type_name::<T>());
    let (root, count) = (expected[1].sqrt(), values.len() as f64);
    let sum_error = (actual[0] - expected[0]).abs();
    assert!(sum_error <= tolerance * root * count.sqrt(), "{what}: its sum is {}, expected {}", actual[0], expected[0]);
    assert_close(&actual[1..2], &expected[1..2], tolerance, &format!("{what}: its sum of squares"));
    assert_close(&actual[2..], &expected[2..], tolerance, &what);
}

fn assert_digests<P: Parameters>(case: &Case, prefix: &str, parameters: &mut P, tolerance: f64) {
    let patterns = patterns();
    parameters.visit(&mut |name, matrix| {
        let order = patterns.iter().find(|tensor| tensor.name == name).expect("a parameter of LeNet");
        assert_digest(case, &format!("{prefix}{name}"), &matrix.in_order_of(order), tolerance);
    });
}

fn check<N, T, const BATCH: usize>(tolerance: f64)
where
    N: Network<784, 10, Scalar = T, Input = T, Frozen = ()> + Parameters<Scalar = T>,
    T: Precision + Value,
    CrossEntropy: nn_runtime::loss::Loss<u8, T, 10>,
{
    let case = Case::read("lenet/train");
    let mut network: Box<N> = nn_runtime::bytemuck::zeroed_box();
    let patterns = patterns();
    network.visit(&mut |name, mut matrix| {
        matrix.load(patterns.iter().find(|tensor| tensor.name == name).expect("a parameter of LeNet"));
    });
    assert_digests(&case, "parameter.", &mut *network, tolerance);
    let input = pattern("input", &[3, 1, 28, 28], 100, 1.0);
    assert_digest::<f64>(&case, "input", &input.values, 1e-15);
    let inputs = rows_of(&input);
    let targets: Vec<u8> = values_of(case.tensor("target"));

    // The gradient of cross-entropy, by hand: (softmax - one-hot) / rows.
    let output = rows_of::<f64, 10>(case.tensor("output"));
    let grad_output: Vec<[T; 10]> = output
        .iter()
        .zip(&targets)
        .map(|(output, &target)| {
            let sum: f64 = output.iter().map(|value| value.exp()).sum();
            std::array::from_fn(|class| {
                T::from_f64((output[class].exp() / sum - f64::from(u8::from(class == usize::from(target)))) / 3.0)
            })
        })
        .collect();
    let step = Step::<N, 784, 10, BATCH> { network: &network, input: &inputs, grad_output: &grad_output, seed: 0 };
    let mut outcome = dispatch(step);
    let expected = &case.tensor("output").values;
    assert_close(outcome.output.as_flattened(), expected, tolerance, "lenet/train: output");
    assert_close(outcome.inferred.as_flattened(), expected, tolerance, "lenet/train: inference");
    assert_digests(&case, "gradient.", &mut *outcome.gradient, tolerance);
    assert_digest(&case, "grad_input", outcome.grad_input.as_flattened(), tolerance);

    let run = train(&mut *network, &Adam::new(0.001), &CrossEntropy, None, (&inputs, &targets), 10);
    assert_close(&run.losses, &case.tensor("losses").values, tolerance, "lenet/train: losses");
    assert_digests(&case, "final.", &mut *network, tolerance);
}

#[test]
fn agrees_in_f64() {
    check::<Double, _, 2>(f64::GOLDEN);
}

#[test]
fn agrees_in_f32() {
    check::<Single, _, 4>(f32::GOLDEN);
}
