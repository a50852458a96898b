//! Samples, as users write them.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

use nalgebra::SVector;

use crate::aligned::Aligned;
use crate::scalar::Element;

/// The values of one sample, a [row](super::Row): an array or a nalgebra vector, or a reference or `Box` of one.
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
    message = "a sample here is of type `{Row}`, not `{Self}`",
    label = "not `&{Row}`",
    note = "write an array, `&{Row}`, or a nalgebra vector of as many values, `&SVector`",
    note = "convert a slice or a `Vec` with `<&{Row}>::try_from(&values[..])?`; flatten nested arrays with `as_flattened()` before"
)]
pub trait Sample<Row> {
    /// The values as a row.
    fn as_row(&self) -> &Row;
}

/// Types of which a slice is a slice of rows: arrays and nalgebra vectors.
///
/// `step` of a [`Training`](crate::train::Training), `predict_batch` and a [`Dataset`](crate::data::Dataset) take slices of them:
///
/// ```
/// use nn_runtime::prelude::*;
///
/// network! { struct Net: [2] -> [1] { linear(1) } }
///
/// let network = Net::new(&mut rng(0));
/// let arrays = predict_batch(&network, &[[0.5, -1.0], [1.0, 0.0]])?;
/// let vectors = predict_batch(&network, &[SVector::from([0.5, -1.0]), SVector::from([1.0, 0.0])])?;
/// assert_eq!(arrays, vectors);
/// # Ok::<(), TrainError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "samples here are a slice of `{Row}`, not of `{Self}`",
    label = "not `&[{Row}]`",
    note = "write a slice of arrays, `&[{Row}]`, or of nalgebra vectors of as many values, `&[SVector]`",
    note = "make rows of a flat slice with `rows(&values)?`"
)]
pub trait Samples<Row>: Sized {
    /// The samples as rows.
    fn as_rows(samples: &[Self]) -> &[Row];
}

impl<E: Element, const N: usize> Sample<Self> for [E; N] {
    #[inline(always)]
    fn as_row(&self) -> &Self {
        self
    }
}

impl<E: Element, const N: usize> Samples<Self> for [E; N] {
    #[inline(always)]
    fn as_rows(samples: &[Self]) -> &[Self] {
        samples
    }
}

impl<E: Element, const N: usize> Sample<[E; N]> for SVector<E, N> {
    #[inline(always)]
    fn as_row(&self) -> &[E; N] {
        bytemuck::cast_ref(self)
    }
}

impl<E: Element, const N: usize> Samples<[E; N]> for SVector<E, N> {
    #[inline(always)]
    fn as_rows(samples: &[Self]) -> &[[E; N]] {
        bytemuck::cast_slice(samples)
    }
}

/// Implements the trait for pointers to samples.
macro_rules! implement_through {
    ($($(#[$cfg:meta])? $pointer:ty),*) => {$(
        $(#[$cfg])?
        #[diagnostic::do_not_recommend]
        impl<S: Sample<Row> + ?Sized, Row> Sample<Row> for $pointer {
            #[inline(always)]
            fn as_row(&self) -> &Row {
                S::as_row(self)
            }
        }
    )*};
}

implement_through!(&S, &mut S, #[cfg(feature = "alloc")] Box<S>);

#[diagnostic::do_not_recommend]
impl<S: Sample<Row>, Row> Sample<Row> for Aligned<S> {
    #[inline(always)]
    fn as_row(&self) -> &Row {
        self.0.as_row()
    }
}
