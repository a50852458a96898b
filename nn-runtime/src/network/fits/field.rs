//! Checks that a field in `layer!` is a tensor, where its type does not show it.

use core::marker::PhantomData;

use super::text::fail;
use crate::network::LayerField;
use crate::scalar::Scalar;

/// What is known of a type as a field with values of type `T`. See [`Known`](super::Known).
#[derive(Debug)]
pub struct KnownField<F: ?Sized, T>(PhantomData<T>, PhantomData<F>);

/// What is known of a type that is no tensor.
pub trait UnknownField {
    /// Whether it is a tensor.
    const IS_TENSOR: bool = false;
}

impl<F: ?Sized, T> UnknownField for KnownField<F, T> {}

impl<F: LayerField<Scalar = T>, T: Scalar> KnownField<F, T> {
    /// Whether it is a tensor.
    pub const IS_TENSOR: bool = true;
}

/// A field in `layer!`, and what the compiler knows of its type.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name of the struct.
    pub layer: &'static str,
    /// The name of the field.
    pub name: &'static str,
    /// Its type, as it is written.
    pub kind: &'static str,
    /// The type that the layer computes in, and the other one.
    pub scalars: [&'static str; 2],
    /// Whether it is a tensor of each of them.
    pub is_tensor: [bool; 2],
}

/// Whether the field is a tensor: `true`, or an error.
#[track_caller]
#[must_use]
pub const fn field(field: Field) -> bool {
    let Field { layer, name, kind, scalars: [scalar, other], is_tensor } = field;
    match is_tensor {
        [true, _] => true,
        [_, true] => fail(&[
            "`",
            name,
            "` has values of `",
            other,
            "`, but `",
            layer,
            "` computes in `",
            scalar,
            "`\nhelp: let all fields of a layer be of one type",
        ]),
        _ => fail(&[
            "`",
            name,
            "` is of type `",
            kind,
            "`, but the fields of a layer are matrices, vectors, arrays or numbers of `",
            scalar,
            "`\nhelp: write it as `SMatrix<",
            scalar,
            ", ROWS, COLUMNS>`, `SVector<",
            scalar,
            ", LEN>`, `[",
            scalar,
            "; LEN]` or `",
            scalar,
            "`; for a setting, write a const parameter or an associated const",
        ]),
    }
}
