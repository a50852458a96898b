//! The struct of a user's own layer: plain data, and the tensors that its fields are.

use core::fmt::Debug;

use bytemuck::Pod;
use nalgebra::SMatrix;

use super::Tensor;
use crate::scalar::Scalar;

/// The parameters of a [`Layer`](super::Layer) that computes in `T`: plain data, made of values of type `T` alone.
///
/// [`layer!`](crate::layer) implements it, for a struct whose fields are matrices, vectors, arrays or numbers. To implement it by
/// hand, for other fields or other names, the type derives what is above this trait, with `#[repr(C)]`, and lists its tensors.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a struct in `layer! {{ .. }}` with fields of type `{T}`",
    label = "write its `struct` in `layer! {{ .. }}`, with fields of type `{T}`",
    note = "a layer with fields of type `f64` implements `Layer<IN, OUT, f64>`"
)]
pub trait LayerParameters<T: Scalar>: Pod + Debug + PartialEq {
    /// The parameters and running statistics, in memory order, without gaps.
    const TENSORS: &'static [Tensor];
}

/// A layer without parameters, for networks of either type. [`layer!`](crate::layer) implements it for a struct without fields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a struct without fields in `layer! {{ .. }}`",
    label = "write `layer! {{ pub struct {Self}; }}`"
)]
pub trait NoParameters: Pod + Debug + PartialEq {}

#[diagnostic::do_not_recommend]
impl<L: NoParameters, T: Scalar> LayerParameters<T> for L {
    const TENSORS: &'static [Tensor] = &[];
}

/// A type of a field in [`layer!`](crate::layer), which is one tensor: a matrix, a vector, an array, an array of arrays, or a number.
///
/// A matrix of one column is a vector, except where it is written as `SMatrix<T, ROWS, 1>`.
pub trait LayerField: Pod {
    /// The type of the values.
    type Scalar: Scalar;
    /// The shape in PyTorch: `[rows, columns]` of a matrix, `[len]` of a vector, `[]` of a number.
    const SHAPE: &'static [usize];
    /// Whether the values are stored row-major: those of arrays are, those of matrices are not.
    const IS_ROW_MAJOR: bool = false;
}

impl<T: Scalar, const ROWS: usize, const COLUMNS: usize> LayerField for SMatrix<T, ROWS, COLUMNS> {
    type Scalar = T;
    const SHAPE: &'static [usize] = if COLUMNS == 1 { &[ROWS] } else { &[ROWS, COLUMNS] };
}

impl<T: Scalar, const LEN: usize> LayerField for [T; LEN] {
    type Scalar = T;
    const SHAPE: &'static [usize] = &[LEN];
}

impl<T: Scalar, const ROWS: usize, const COLUMNS: usize> LayerField for [[T; COLUMNS]; ROWS] {
    type Scalar = T;
    const SHAPE: &'static [usize] = &[ROWS, COLUMNS];
    const IS_ROW_MAJOR: bool = true;
}

impl LayerField for f32 {
    type Scalar = Self;
    const SHAPE: &'static [usize] = &[];
}

impl LayerField for f64 {
    type Scalar = Self;
    const SHAPE: &'static [usize] = &[];
}

/// The tensor of a field in `layer!`.
#[must_use]
pub const fn field_tensor<F: LayerField<Scalar = T>, T: Scalar>(name: &'static str, shape: &'static [usize]) -> Tensor {
    let tensor = Tensor::new::<T>(name, shape);
    if F::IS_ROW_MAJOR { tensor.row_major() } else { tensor }
}
