//! A network's parameters by PyTorch's names.

use nn_runtime::bytemuck::{self, Zeroable};
use nn_runtime::network::{Restore, TensorView};
use nn_runtime::scalar::Scalar;

use crate::case::{Case, Tensor};
use crate::step::{Value, Values};

/// A network whose parameters are those tensors of a case whose names begin with `prefix`.
///
/// # Panics
///
/// If the network's parameters have other names, or another order, or other shapes.
#[must_use]
pub fn load<N: Restore + Zeroable>(case: &Case, prefix: &str) -> Box<N> {
    let mut network: Box<N> = bytemuck::zeroed_box();
    let mut names = case.names(prefix);
    for mut parameter in network.state_dict_mut() {
        let info = parameter.info();
        let name = info.name().to_string();
        assert_eq!(Some(name.as_str()), names.next(), "{}: its parameters", case.name);
        let tensor = case.tensor(&format!("{prefix}{name}"));
        assert_eq!(info.shape(), tensor.shape, "{}: the shape of {name}", case.name);
        parameter.set(tensor.values.iter().map(|&value| N::Scalar::from_f64(value)));
    }
    assert_eq!(names.next(), None, "{}: its parameters", case.name);
    network
}

/// Every parameter of a `state_dict` with the tensor of the case that `prefix` and its name make, if there is one, in the tensor's
/// order.
///
/// # Panics
///
/// If the case has a tensor that begins with `prefix` and is no parameter's.
pub fn tensors_of<'c, 'n, T: Scalar + 'n>(
    state_dict: impl Iterator<Item = TensorView<'n, T>>,
    case: &'c Case,
    prefix: &str,
) -> Vec<(&'c Tensor, Vec<T>)> {
    let parameters = state_dict.filter(|parameter| !parameter.info().is_frozen());
    let pair = parameters.filter_map(|parameter| {
        let tensor = case.find(&format!("{prefix}{}", parameter.info().name()))?;
        Some((tensor, parameter.values().collect()))
    });
    let found: Vec<_> = pair.collect();
    assert_eq!(found.len(), case.names(prefix).count(), "{}: tensors beginning with {prefix}", case.name);
    found
}

/// The rows of a batch of samples.
///
/// # Panics
///
/// If the samples have another size.
#[must_use]
pub fn rows_of<R: Values>(tensor: &Tensor) -> Vec<R> {
    let sample: usize = tensor.shape[1..].iter().product();
    assert_eq!(sample, R::SIZE, "{} has {sample} values a sample", tensor.name);
    tensor.values.chunks_exact(sample).map(R::from_values).collect()
}

/// The values of a tensor in another type.
#[must_use]
pub fn values_of<V: Value>(tensor: &Tensor) -> Vec<V> {
    tensor.values.iter().map(|&value| V::from_value(value)).collect()
}
