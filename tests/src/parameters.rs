//! A network's matrices by PyTorch's names. PyTorch's tensors are row-major, the network's matrices column-major.

use std::fmt;

use nn_runtime::bytemuck;
use nn_runtime::nalgebra::SMatrix;
use nn_runtime::network::{LayerInfo, Network};
use nn_runtime::scalar::Scalar;

use crate::case::{Case, Tensor};
use crate::step::Value;

/// A network whose matrices have PyTorch's names. [`parameters!`](crate::parameters!) implements it.
pub trait Parameters {
    /// What the matrices are made of.
    type Scalar: Scalar;

    /// Calls `visit` with the name and the matrix of every parameter and running statistic.
    fn visit(&mut self, visit: &mut impl FnMut(&str, Matrix<'_, Self::Scalar>));
}

/// Implements [`Parameters`] for a network: its fields by the paths that are also their names in PyTorch's `state_dict`.
#[macro_export]
macro_rules! parameters {
    ($network:ty, $scalar:ty, [$($($field:ident).+),* $(,)?]) => {
        impl $crate::Parameters for $network {
            type Scalar = $scalar;

            fn visit(&mut self, _visit: &mut impl FnMut(&str, $crate::Matrix<'_, $scalar>)) {
                $(_visit(&[$(stringify!($field)),+].join("."), $crate::Matrix::of(&mut self.$($field).+));)*
            }
        }
    };
}

/// A parameter of a network.
pub struct Matrix<'a, T> {
    rows: usize,
    columns: usize,
    values: &'a mut [T],
}

impl<'a, T: Scalar> Matrix<'a, T> {
    /// Any matrix or vector.
    pub fn of<const ROWS: usize, const COLUMNS: usize>(matrix: &'a mut SMatrix<T, ROWS, COLUMNS>) -> Self {
        Self { rows: ROWS, columns: COLUMNS, values: matrix.data.0.as_flattened_mut() }
    }

    /// Where, column by column, each entry of PyTorch's tensor stands, row by row.
    ///
    /// A tensor `[out, in]` or `[out, channels, height, width]` is a matrix with `out` rows. An embedding `[num, dim]` is
    /// its transpose, with `num` columns, known by its shape: an embedding in a test must not be square.
    fn places(&self, tensor: &Tensor) -> impl Iterator<Item = usize> + use<T> {
        let &[first, ref others @ ..] = tensor.shape.as_slice() else { panic!("{} has no shape", tensor.name) };
        let (rows, columns, shape) = (self.rows, self.columns, [first, others.iter().product()]);
        let is_transposed = shape == [columns, rows] && shape != [rows, columns];
        assert!(
            shape == [rows, columns] || is_transposed,
            "{} is {:?} in PyTorch, but {rows}x{columns} in the network",
            tensor.name,
            tensor.shape,
        );
        (0..rows * columns)
            .map(move |place| if is_transposed { place } else { place % columns * rows + place / columns })
    }

    /// Takes on the values of PyTorch's tensor.
    pub fn load(&mut self, tensor: &Tensor) {
        for (place, &value) in self.places(tensor).zip(&tensor.values) {
            self.values[place] = T::from_f64(value);
        }
    }

    /// The values in the order of PyTorch's tensor.
    #[must_use]
    pub fn in_order_of(&self, tensor: &Tensor) -> Vec<T> {
        self.places(tensor).map(|place| self.values[place]).collect()
    }
}

impl<T> fmt::Debug for Matrix<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.rows, self.columns)
    }
}

/// A network whose parameters are those tensors of a case whose names begin with `prefix`.
///
/// # Panics
///
/// If the network has a parameter that the case has not, or the other way round.
#[must_use]
pub fn load<N, const IN: usize, const OUT: usize>(case: &Case, prefix: &str) -> Box<N>
where
    N: Network<IN, OUT> + Parameters<Scalar = <N as Network<IN, OUT>>::Scalar>,
{
    let mut network: Box<N> = bytemuck::zeroed_box();
    let (mut names, mut count) = (Vec::new(), 0);
    network.visit(&mut |name, mut matrix| {
        let tensor = case.tensor(&format!("{prefix}{name}"));
        matrix.load(tensor);
        count += tensor.values.len();
        names.push(name.to_owned());
    });
    assert_eq!(names, case.names(prefix).collect::<Vec<_>>(), "{}: its parameters", case.name);
    assert_eq!(count, network.as_slice().len(), "{}: the network's number of parameters", case.name);
    let shape = |name: &str| case.tensor(&format!("{prefix}{name}")).shape.clone();
    let table: Vec<_> = names.into_iter().map(|name| (shape(&name), name)).collect();
    assert_eq!(table_of(N::LAYERS, ""), table, "{}: the parameters in the table of layers", case.name);
    network
}

/// The shapes and names of the parameters in a table of layers, as PyTorch's `state_dict` has them.
fn table_of(layers: &[LayerInfo], prefix: &str) -> Vec<(Vec<usize>, String)> {
    let rows = layers.iter().flat_map(|row| {
        let stage = format!("{prefix}{}.", row.name);
        let own = row.tensors.iter().map(|tensor| (tensor.shape.to_vec(), format!("{stage}{}", tensor.name)));
        own.chain(table_of(row.inner, &stage)).collect::<Vec<_>>()
    });
    rows.collect()
}

/// Every parameter with the tensor of the case that `prefix` and its name make, if there is one, in the tensor's order.
///
/// # Panics
///
/// If the case has a tensor that begins with `prefix` and is no parameter's.
pub fn tensors_of<'c, P: Parameters>(
    network: &mut P,
    case: &'c Case,
    prefix: &str,
) -> Vec<(&'c Tensor, Vec<P::Scalar>)> {
    let mut found = Vec::new();
    network.visit(&mut |name, matrix| {
        if let Some(tensor) = case.find(&format!("{prefix}{name}")) {
            found.push((tensor, matrix.in_order_of(tensor)));
        }
    });
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
    use nn_runtime::nalgebra::{Matrix3x2, Vector3};

    fn tensor(shape: &[usize]) -> Tensor {
        let values = (0..shape.iter().product::<usize>()).map(|value| value as f64).collect();
        Tensor { name: "it".into(), shape: shape.into(), values }
    }

    #[test]
    fn rows_become_columns_and_back() {
        let mut weight = Matrix3x2::<f32>::zeros();
        Matrix::of(&mut weight).load(&tensor(&[3, 2]));
        assert_eq!(weight, Matrix3x2::new(0., 1., 2., 3., 4., 5.));
        assert_eq!(Matrix::of(&mut weight).in_order_of(&tensor(&[3, 2])), [0., 1., 2., 3., 4., 5.]);
    }

    #[test]
    fn a_kernel_is_a_row_for_each_output() {
        let mut weight = SMatrix::<f64, 2, 12>::zeros();
        Matrix::of(&mut weight).load(&tensor(&[2, 3, 1, 4]));
        assert_eq!(weight.row(1).iter().copied().collect::<Vec<_>>(), tensor(&[24]).values[12..]);
    }

    #[test]
    fn an_embedding_is_a_column_for_each_entry() {
        let mut weight = SMatrix::<f64, 3, 2>::zeros();
        Matrix::of(&mut weight).load(&tensor(&[2, 3]));
        assert_eq!(weight, Matrix3x2::new(0., 3., 1., 4., 2., 5.));
        assert_eq!(Matrix::of(&mut weight).in_order_of(&tensor(&[2, 3])), tensor(&[6]).values);
    }

    #[test]
    fn a_vector_stays() {
        let mut bias = Vector3::<f64>::zeros();
        Matrix::of(&mut bias).load(&tensor(&[3]));
        assert_eq!(bias, Vector3::new(0., 1., 2.));
    }

    #[test]
    #[should_panic(expected = "it is [3, 3] in PyTorch, but 3x2 in the network")]
    fn shapes_must_agree() {
        Matrix::of(&mut Matrix3x2::<f32>::zeros()).load(&tensor(&[3, 3]));
    }
}
