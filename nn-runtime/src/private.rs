//! What generated code calls. Not for users: it changes with the macro.

#[cfg(feature = "alloc")]
pub use alloc::boxed::Box;
#[cfg(feature = "safetensors")]
pub use alloc::vec::Vec;
pub use core::fmt;
pub use core::marker::{Copy, Send, Sized, Sync};
pub use core::mem::{offset_of, size_of};
pub use core::ops::{Deref, Fn, FnMut, FnOnce};
pub use core::option::Option::{self, None, Some};
pub use core::primitive::{bool, f32, f64, str, u8, u16, u32, usize};
pub use core::result::Result;
pub use core::slice::from_ref;
#[cfg(all(feature = "safetensors", feature = "std"))]
pub use std::path::Path;

#[cfg(feature = "serde")]
pub use ::serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use bytemuck::{Zeroable, write_zeroes, zeroed};
pub use nalgebra::{SMatrix, SVector};
pub use nn_macros::{layer, network};
pub use rand_core::Rng;

pub use crate::OptionError;
pub use crate::families::combination::{add, expand, multiply, negate, reduce, subtract};
pub use crate::families::lengths::Whole;
pub use crate::families::parts::{join, split};
use crate::kernels::Portable;
pub use crate::kernels::{Isa, Window2d};
pub use crate::layers::*;
pub use crate::loss::{Hits, Loss, TargetError};
pub use crate::metrics::{Measured, Metric};
pub use crate::network::OptionValue::{
    Bool, Dimension, Dimensions, Epsilon, Input, Number, Pair, Shape, Sides, Size, Word,
};
pub use crate::network::ending::{
    Ending, Endings, ForEach, LastLayer, LogSoftmax, Named, Other, Outputs, Sigmoid, Softmax,
};
pub use crate::network::fits::{self, Checked, Declared, Of};
pub use crate::network::layer_parameters::field_tensor;
pub use crate::network::runs::{count_runs, join_runs};
pub use crate::network::stage::each::Each;
pub use crate::network::stage::steps;
pub use crate::network::stage::steps::{StageStep, Steps};
pub use crate::network::stage::{As, Stage, StageGradient};
pub use crate::network::table::layer;
pub use crate::network::watch::{inside, watch};
pub use crate::network::{
    Architecture, CannotStep, Differentiable, GradientError, IndexError, Layer, LayerInfo, Network, OutputRow,
    Parameters, Parts, PartsMut, Pass, Port, Predict, Restore, Row, Run, Sample, Samples, StepsIn, Streaming, Summary,
    Tensor, TensorViews, TensorViewsMut, Tile, Trainable, WithFrozen,
};
use crate::network::{differentiable, predict, stream};
pub use crate::pretrained;
use crate::scalar::Element;
pub use crate::scalar::Scalar;
#[cfg(feature = "serde")]
pub use crate::serde::{DeserializeIn, by_value, deserialize, serialize};
pub use crate::stack::{
    Fits, FitsPredict, FitsTrace, OnStack, PREDICT_BYTES, Returns, ReturnsGradient, STACK_BYTES, fits_stack, on_stack,
    room,
};
#[cfg(feature = "safetensors")]
pub use crate::stack::{LOAD_BYTES, Loads};
pub use crate::train::{Evaluation, Report};

/// Imported beside the generated structs: `bytemuck`'s derives take their crate's path as a string, which cannot contain
/// `$crate`. A glob, because each network of a module imports it.
pub mod derives {
    pub use bytemuck as __bytemuck;
}

/// New parameters that are loaded.
///
/// # Errors
/// Those of `load`.
#[cfg(feature = "safetensors")]
pub fn loaded<P: bytemuck::Zeroable>(
    load: impl FnOnce(&mut P) -> Result<crate::weights::Report, crate::weights::LoadError>,
) -> Result<P, crate::weights::LoadError> {
    // not on the stack, where the caller's `?` has them four times in a build without optimisation
    let mut parameters: Box<P> = bytemuck::zeroed_box();
    load(&mut parameters).map(|_| *parameters)
}

/// The first `N` columns of a slot.
#[inline(always)]
#[must_use]
pub fn columns<const N: usize, const BATCH: usize, const SLOT: usize, T: Scalar>(
    slot: &SMatrix<T, BATCH, SLOT>,
) -> &SMatrix<T, BATCH, N> {
    const { assert!(N <= SLOT) };
    bytemuck::from_bytes(&bytemuck::bytes_of(slot)[..size_of::<SMatrix<T, BATCH, N>>()])
}

/// The first `N` columns of a slot, to be written.
#[inline(always)]
pub fn columns_mut<const N: usize, const BATCH: usize, const SLOT: usize, T: Scalar>(
    slot: &mut SMatrix<T, BATCH, SLOT>,
) -> &mut SMatrix<T, BATCH, N> {
    const { assert!(N <= SLOT) };
    bytemuck::from_bytes_mut(&mut bytemuck::bytes_of_mut(slot)[..size_of::<SMatrix<T, BATCH, N>>()])
}

/// The values of a matrix.
#[inline(always)]
pub fn slice<T: Scalar, const BATCH: usize, const N: usize>(matrix: &SMatrix<T, BATCH, N>) -> &[T] {
    matrix.as_slice()
}

/// The same, to be written.
#[inline(always)]
pub fn slice_mut<T: Scalar, const BATCH: usize, const N: usize>(matrix: &mut SMatrix<T, BATCH, N>) -> &mut [T] {
    matrix.as_mut_slice()
}

/// Overwrites `to` with `from`.
#[inline(always)]
pub fn copy<E: Element, const BATCH: usize, const N: usize>(
    from: &SMatrix<E, BATCH, N>,
    to: &mut SMatrix<E, BATCH, N>,
) {
    to.as_mut_slice().copy_from_slice(from.as_slice());
}

/// What a network is if it has no frozen parameters: its frozen parameters are `()`.
#[diagnostic::on_unimplemented(
    message = "this network has frozen parameters, `{Self}`, and is handed over together with them",
    label = "`{Self}` is missing",
    note = "write `network.with_frozen(&frozen)` to run or save it, `&mut network.with_frozen_mut(&frozen)` to train it, \
            `network.with_both_mut(&mut frozen)` to load it"
)]
pub trait NothingFrozen<'a>: 'static {
    /// Nothing.
    fn nothing_mut() -> &'static mut Self;
}

impl NothingFrozen<'_> for () {
    #[inline(always)]
    fn nothing_mut() -> &'static mut Self {
        bytemuck::from_bytes_mut(&mut [])
    }
}

/// The frozen parameters of a network that has none.
#[inline(always)]
#[must_use]
pub fn nothing<F: for<'a> NothingFrozen<'a>>() -> &'static F {
    F::nothing_mut()
}

/// The same, to be changed.
#[inline(always)]
#[must_use]
pub fn nothing_mut<F: for<'a> NothingFrozen<'a>>() -> &'static mut F {
    F::nothing_mut()
}

/// Bound on `input_gradient` of a network whose input is indices. No type implements it.
#[diagnostic::on_unimplemented(
    message = "the input of `{Self}` is indices, with respect to which an output has no gradient",
    label = "no gradient with respect to indices",
    note = "declare what comes after the embedding as a network of its own, whose input is numeric"
)]
pub trait TakesNumbers<'a> {}

/// The least of some bounds.
#[must_use]
pub const fn least(bounds: &[Option<usize>]) -> Option<usize> {
    let (mut least, mut i) = (None, 0);
    while i < bounds.len() {
        least = match (least, bounds[i]) {
            (Some(one), Some(other)) if one < other => Some(one),
            (least, None) => least,
            (_, bound) => bound,
        };
        i += 1;
    }
    least
}

/// Overwrites parameters with others.
pub fn copy_parameters<P: bytemuck::Pod>(from: &P, to: &mut P) {
    bytemuck::bytes_of_mut(to).copy_from_slice(bytemuck::bytes_of(from));
}

/// What the `Debug` of a workspace, a trace or a state shows: its name and its size in bytes.
///
/// # Errors
/// Those of the formatter.
pub fn debug_of_memory<M>(_memory: &M, name: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    formatter.debug_struct(name).field("bytes", &size_of::<M>()).finish_non_exhaustive()
}

/// The output of a network for one sample.
#[inline]
pub fn predict<N: Predict>(
    network: &N,
    input: &(impl Sample<N::Input> + ?Sized),
    scratch: &mut N::Scratch<1>,
) -> <N::Input as Row>::Checked<<N::Output as Row>::Vector> {
    predict::checked(network, input.as_row(), scratch)
}

/// The gradient of an output of a network without frozen stages with respect to the input.
///
/// # Errors
/// If the network has no such output.
#[inline]
pub fn input_gradient<N: Differentiable<Frozen: for<'a> NothingFrozen<'a>>>(
    network: &N,
    input: &(impl Sample<N::Input> + ?Sized),
    output: usize,
    trace: &mut N::Trace<1>,
) -> Result<<N::Input as Row>::Vector, GradientError> {
    differentiable::input_gradient(network, nothing(), input.as_row(), output, trace)
}

/// The output of a network without frozen stages for the next step of a sequence.
#[inline]
pub fn step<N: Streaming<Frozen: for<'a> NothingFrozen<'a>>>(
    network: &N,
    state: &mut N::State,
    frame: &(impl Sample<N::Frame> + ?Sized),
) -> <N::Frame as Row>::Checked<<N::FrameOutput as Row>::Vector> {
    stream::checked(network, nothing(), state, frame.as_row())
}

/// The outputs of a network without frozen stages for the next steps of a sequence.
#[inline]
pub fn step_block<N: Streaming<Frozen: for<'a> NothingFrozen<'a>>, const FRAMES: usize>(
    network: &N,
    state: &mut N::State,
    frames: &[impl Samples<N::Frame>; FRAMES],
) -> <N::Frame as Row>::Checked<[N::FrameOutput; FRAMES]> {
    stream::block(network, nothing(), state, Samples::as_rows(frames))
}

/// The same in a workspace of the caller's.
#[inline]
pub fn step_block_in<N: Streaming<Frozen: for<'a> NothingFrozen<'a>>, const FRAMES: usize>(
    network: &N,
    state: &mut N::State,
    frames: &[impl Samples<N::Frame>; FRAMES],
    workspace: &mut N::BlockWorkspace<FRAMES>,
) -> <N::Frame as Row>::Checked<[N::FrameOutput; FRAMES]> {
    stream::block_in(network, nothing(), state, Samples::as_rows(frames), workspace)
}

/// Overwrites `to` with the last row of `from`.
#[inline(always)]
pub fn copy_last<T: Scalar, const BATCH: usize, const N: usize>(
    from: &SMatrix<T, BATCH, N>,
    to: &mut SMatrix<T, 1, N>,
) {
    for (to, lane) in to.iter_mut().zip(&from.data.0) {
        *to = lane.last().copied().unwrap_or(*to);
    }
}

/// The number at a place, as a slice.
#[inline(always)]
pub fn at<V>(values: &mut [V], place: usize) -> &mut [V] {
    values.get_mut(place..).and_then(|rest| rest.get_mut(..1)).unwrap_or_default()
}

/// The same of numbers that are read.
#[inline(always)]
pub fn get<V>(values: &[V], place: usize) -> &[V] {
    values.get(place..).and_then(|rest| rest.get(..1)).unwrap_or_default()
}

/// Does `work` on a part of each of the targets of a tile of `BATCH` rows.
#[inline(always)]
pub fn with_parts<Target, Part, R, const BATCH: usize>(
    targets: &[&Target],
    part: impl Fn(&Target) -> &Part,
    work: impl FnOnce(&[&Part]) -> R,
) -> R {
    let Some(first) = targets.first() else { return work(&[]) };
    let parts: [&Part; BATCH] = core::array::from_fn(|row| part(targets.get(row).unwrap_or(first)));
    work(parts.get(..targets.len()).unwrap_or_default())
}

/// The tile of a single row of several parts.
#[inline(always)]
pub fn tile_of<R: Row>(row: &R) -> Tile<R, 1> {
    let mut tile = on_stack();
    // one row is copied, with which no machine level has to do
    R::fill(Portable, &[row], &mut tile);
    tile
}

/// Checks the indices of one row, or of a block of rows.
///
/// # Errors
///
/// The first index that is not below its bound.
#[inline]
pub fn check_block<R: Row>(rows: &[R], inputs: &[Port]) -> Result<(), IndexError> {
    R::check_indices(rows, inputs).map_err(|(row, error)| error.in_row(row, rows.len()))
}

/// Checks rows one after the other.
///
/// # Errors
///
/// The first error, and its row.
pub fn check_rows<R>(rows: &[R], check: impl Fn(&R) -> Result<(), IndexError>) -> Result<(), (usize, IndexError)> {
    rows.iter().enumerate().try_for_each(|(at, row)| check(row).map_err(|error| (at, error)))
}

/// The first of some rows in which something is found.
pub fn find_in_rows<R>(rows: &[R], find: impl Fn(&R) -> Option<(usize, f64)>) -> Option<(usize, usize, f64)> {
    rows.iter().enumerate().find_map(|(at, row)| find(row).map(|(position, value)| (at, position, value)))
}

/// Keeps what is found in the earliest row. `before` values stand before the part in which `new` is found.
#[inline(always)]
pub fn first_of(found: &mut Option<(usize, usize)>, new: Option<(usize, usize)>, before: usize) {
    if let Some((row, position)) = new
        && found.is_none_or(|(earlier, _)| row < earlier)
    {
        *found = Some((row, position + before));
    }
}

/// A row of a tile as a vector, if there is such a row.
pub fn row_of<T: Scalar, const BATCH: usize, const N: usize>(
    tile: &SMatrix<T, BATCH, N>,
    row: usize,
) -> Option<SVector<T, N>> {
    (row < BATCH).then(|| {
        let mut found = on_stack::<SVector<T, N>>();
        <[T; N]>::of_vector(&mut found).copy_from_tile(tile, row);
        found
    })
}
