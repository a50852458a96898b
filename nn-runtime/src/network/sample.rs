//! A sample, as users write it.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

use nalgebra::{SMatrix, SVector};

use crate::aligned::Aligned;
use crate::scalar::Element;

mod sealed {
    pub trait Sealed {}
}
use sealed::Sealed;

/// The `N` values of one sample: an array or a nalgebra vector, or a reference or `Box` of one.
///
/// `predict`, `predict_in` and `step` of a network take it, and read it where it is:
///
/// ```
/// use nn_runtime::prelude::*;
///
/// network! { struct Net: [2] -> [1] { linear(1) } }
///
/// let network = Net::new(&mut rng(0));
/// let row: [f32; 2] = [0.5, -1.0];
/// assert_eq!(network.predict(&row), network.predict(&SVector::from([0.5, -1.0])));
/// ```
#[diagnostic::on_unimplemented(
    message = "a sample here is {N} values of type `{E}`, not `{Self}`",
    label = "not `&[{E}; {N}]`",
    note = "write an array, `&[{E}; {N}]`, or a nalgebra vector, `&SVector<{E}, {N}>`",
    note = "convert a slice or a `Vec` with `<&[{E}; {N}]>::try_from(&values[..])?`; flatten nested arrays with `as_flattened()` before"
)]
pub trait Sample<E, const N: usize>: Sealed {
    /// The values as a tile of one row.
    fn as_matrix(&self) -> &SMatrix<E, 1, N>;
}

impl<E: Element, const N: usize> Sealed for [E; N] {}
impl<E: Element, const N: usize> Sample<E, N> for [E; N] {
    #[inline(always)]
    fn as_matrix(&self) -> &SMatrix<E, 1, N> {
        bytemuck::cast_ref(self)
    }
}

impl<E: Element, const N: usize> Sealed for SVector<E, N> {}
impl<E: Element, const N: usize> Sample<E, N> for SVector<E, N> {
    #[inline(always)]
    fn as_matrix(&self) -> &SMatrix<E, 1, N> {
        bytemuck::cast_ref(self)
    }
}

/// What leads to a sample is one.
macro_rules! implement_through {
    ($($(#[$cfg:meta])? $pointer:ty),*) => {$(
        $(#[$cfg])?
        impl<S: Sealed + ?Sized> Sealed for $pointer {}
        $(#[$cfg])?
        #[diagnostic::do_not_recommend]
        impl<S: Sample<E, N> + ?Sized, E, const N: usize> Sample<E, N> for $pointer {
            #[inline(always)]
            fn as_matrix(&self) -> &SMatrix<E, 1, N> {
                S::as_matrix(self)
            }
        }
    )*};
}

implement_through!(&S, &mut S, #[cfg(feature = "alloc")] Box<S>);

impl<S: Sealed> Sealed for Aligned<S> {}
#[diagnostic::do_not_recommend]
impl<S: Sample<E, N>, E, const N: usize> Sample<E, N> for Aligned<S> {
    #[inline(always)]
    fn as_matrix(&self) -> &SMatrix<E, 1, N> {
        self.0.as_matrix()
    }
}
