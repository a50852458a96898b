//! Whole networks: their parameters, and what is compared of large tensors.

use nn_runtime::network::{Restore, TensorView};
use nn_runtime::scalar::Scalar as _;

use crate::{Case, Precision, assert_close, digest, pattern};

/// Gives a network the parameters that `fill` in `tests/golden/networks.py` gives it.
///
/// # Panics
///
/// If a tensor has other values than its shape says.
pub fn fill_network<N: Restore>(network: &mut N) {
    let mut seed = 0;
    for mut parameter in network.state_dict_mut() {
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
///
/// # Panics
///
/// If they differ.
pub fn assert_digest<T: Precision>(case: &Case, name: &str, values: &[T]) {
    let values: Vec<f64> = values.iter().map(|value| value.to_f64()).collect();
    let (actual, expected) = (digest(&values), &case.tensor(name).values);
    let what = format!("{}: {name}, {}", case.name, std::any::type_name::<T>());
    let (root, count) = (expected[1].sqrt(), values.len() as f64);
    let sum_error = (actual[0] - expected[0]).abs();
    assert!(sum_error <= T::GOLDEN * root * count.sqrt(), "{what}: its sum is {}, expected {}", actual[0], expected[0]);
    assert_close(&actual[1..2], &expected[1..2], T::GOLDEN, &format!("{what}: its sum of squares"));
    assert_close(&actual[2..], &expected[2..], T::GOLDEN, &what);
}

/// Compares the digests of parameters with the golden ones, whose names begin with `prefix`.
///
/// # Panics
///
/// If they differ.
pub fn assert_digests<'n, T: Precision + 'n>(
    case: &Case,
    prefix: &str,
    state_dict: impl Iterator<Item = TensorView<'n, T>>,
) {
    for parameter in state_dict {
        let info = parameter.info();
        if prefix == "final." || !info.is_state() {
            assert_digest(case, &format!("{prefix}{}", info.name()), &parameter.values().collect::<Vec<_>>());
        }
    }
}
