//! A network's parameters by PyTorch's names, as the table of layers has them. PyTorch's tensors are row-major, the network's
//! matrices column-major.

use nn_runtime::bytemuck;
use nn_runtime::network::{LayerInfo, Network, Tensor as Info};
use nn_runtime::scalar::Scalar;

use crate::case::{Case, Tensor};
use crate::step::Value;

/// A parameter, or a running statistic, of a network.
pub struct Parameter<'a, T> {
    /// Its name in PyTorch's `state_dict`.
    pub name: String,
    /// Its shape, and how it stands.
    pub info: Info,
    values: &'a mut [T],
}

impl<T: Scalar> Parameter<'_, T> {
    /// Where each entry of PyTorch's tensor stands, row by row.
    fn places(&self) -> impl Iterator<Item = usize> + use<T> {
        let (len, rows) = (self.info.len(), self.info.shape[0]);
        let (columns, is_row_major) = (len / rows, self.info.is_row_major);
        (0..len).map(move |place| if is_row_major { place } else { place % columns * rows + place / columns })
    }

    /// Takes on the values of PyTorch's tensor.
    ///
    /// # Panics
    ///
    /// If it has another shape.
    pub fn load(&mut self, tensor: &Tensor) {
        assert_eq!(self.info.shape, tensor.shape, "the shape of {}, expected that of {}", self.name, tensor.name);
        for (place, &value) in self.places().zip(&tensor.values) {
            self.values[place] = T::from_f64(value);
        }
    }

    /// The values in the order of PyTorch's tensor.
    #[must_use]
    pub fn in_order(&self) -> Vec<T> {
        self.places().map(|place| self.values[place]).collect()
    }
}

/// All parameters and running statistics of a network, in the order in which they stand.
///
/// # Panics
///
/// If the table of layers has another number of scalars than the network.
pub fn parameters<N: Network<IN, OUT>, const IN: usize, const OUT: usize>(
    network: &mut N,
) -> Vec<Parameter<'_, N::Scalar>> {
    let mut rest = network.as_mut_slice();
    let mut found = Vec::new();
    for (name, info) in table(N::LAYERS, "") {
        let (values, others) = rest.split_at_mut(info.len());
        found.push(Parameter { name, info, values });
        rest = others;
    }
    assert!(rest.is_empty(), "the table of layers lacks {} scalars", rest.len());
    found
}

fn table(layers: &[LayerInfo], prefix: &str) -> Vec<(String, Info)> {
    let rows = layers.iter().filter(|row| !row.is_frozen).flat_map(|row| {
        let stage = format!("{prefix}{}.", row.name);
        let own = row.tensors.iter().map(|tensor| (format!("{stage}{}", tensor.name), *tensor));
        own.chain(table(row.inner, &stage)).collect::<Vec<_>>()
    });
    rows.collect()
}

/// A network whose parameters are those tensors of a case whose names begin with `prefix`.
///
/// # Panics
///
/// If the network's parameters have other names, or another order, or other shapes.
#[must_use]
pub fn load<N: Network<IN, OUT>, const IN: usize, const OUT: usize>(case: &Case, prefix: &str) -> Box<N> {
    let mut network: Box<N> = bytemuck::zeroed_box();
    let parameters = parameters(&mut *network);
    let names: Vec<_> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!(names, case.names(prefix).collect::<Vec<_>>(), "{}: its parameters", case.name);
    for mut parameter in parameters {
        parameter.load(case.tensor(&format!("{prefix}{}", parameter.name)));
    }
    network
}

/// Every parameter with the tensor of the case that `prefix` and its name make, if there is one, in the tensor's order.
///
/// # Panics
///
/// If the case has a tensor that begins with `prefix` and is no parameter's.
pub fn tensors_of<'c, N: Network<IN, OUT>, const IN: usize, const OUT: usize>(
    network: &mut N,
    case: &'c Case,
    prefix: &str,
) -> Vec<(&'c Tensor, Vec<N::Scalar>)> {
    let tensor = |parameter: &Parameter<_>| case.find(&format!("{prefix}{}", parameter.name));
    let pair = |parameter: &Parameter<_>| tensor(parameter).map(|tensor| (tensor, parameter.in_order()));
    let found: Vec<_> = parameters(network).iter().filter_map(pair).collect();
    assert_eq!(found.len(), case.names(prefix).count(), "{}: tensors beginning with {prefix}", case.name);
    found
}

/// The rows of a batch of samples with `SIZE` values each.
///
/// # Panics
///
/// If the samples have another size.
#[must_use]
pub fn rows_of<V: Value, const SIZE: usize>(tensor: &Tensor) -> Vec<[V; SIZE]> {
    let sample: usize = tensor.shape[1..].iter().product();
    assert_eq!(sample, SIZE, "{} has {sample} values a sample", tensor.name);
    let rows = tensor.values.chunks_exact(SIZE);
    rows.map(|row| std::array::from_fn(|feature| V::from_value(row[feature]))).collect()
}

/// The values of a tensor in another type.
#[must_use]
pub fn values_of<V: Value>(tensor: &Tensor) -> Vec<V> {
    tensor.values.iter().map(|&value| V::from_value(value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [&[usize]; 4] = [&[3, 2], &[2, 3, 1, 4], &[2, 3], &[3]];

    fn loaded(shape: usize, is_row_major: bool) -> (Vec<f64>, Vec<f64>) {
        let shape = SHAPES[shape];
        let info = Info { name: "weight", shape, is_state: false, is_row_major };
        let mut stored = vec![0.0; info.len()];
        let mut parameter = Parameter { name: "it".into(), info, values: &mut stored };
        let values: Vec<f64> = (0..info.len()).map(|value| value as f64).collect();
        parameter.load(&Tensor { name: "it".into(), shape: shape.into(), values: values.clone() });
        assert_eq!(parameter.in_order(), values);
        (stored, values)
    }

    #[test]
    fn rows_become_columns_and_back() {
        assert_eq!(loaded(0, false).0, [0., 2., 4., 1., 3., 5.]);
    }

    #[test]
    fn a_kernel_is_a_row_for_each_output() {
        let (stored, values) = loaded(1, false);
        let second: Vec<f64> = stored.iter().skip(1).step_by(2).copied().collect();
        assert_eq!(second, values[12..]);
    }

    #[test]
    fn an_embedding_is_a_column_for_each_entry() {
        let (stored, values) = loaded(2, true);
        assert_eq!(stored, values);
    }

    #[test]
    fn a_vector_stays() {
        let (stored, values) = loaded(3, false);
        assert_eq!(stored, values);
    }
}
