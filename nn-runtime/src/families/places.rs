//! Layers whose output is values of their input at other places: where each comes from, dimension by dimension.

use crate::scalar::Scalar;

/// The distance between neighbours along each dimension of a value of these sizes, in values.
#[inline(always)]
pub(crate) fn strides<const D: usize>(sizes: [usize; D]) -> [usize; D] {
    let (mut strides, mut stride) = (sizes, 1);
    for size in strides.iter_mut().rev() {
        (*size, stride) = (stride, stride * *size);
    }
    strides
}

/// Overwrites each value of `output`, which has these sizes, with the value of `input` at the sum of the places of its indices
/// along all dimensions, or with `other` where one of them has none.
#[inline(always)]
pub(crate) fn gather<T: Scalar, const BATCH: usize, const D: usize>(
    sizes: [usize; D],
    place: impl Fn(usize, usize) -> Option<usize>,
    other: T,
    input: &[[T; BATCH]],
    output: &mut [[T; BATCH]],
) {
    let mut outputs = output.iter_mut();
    each(sizes, place, |place| {
        if let Some(output) = outputs.next() {
            *output = place.and_then(|place| input.get(place)).copied().unwrap_or([other; BATCH]);
        }
    });
}

/// The backward pass of [`gather`]: overwrites `grad_input`.
#[inline(always)]
pub(crate) fn scatter<T: Scalar, const BATCH: usize, const D: usize>(
    sizes: [usize; D],
    place: impl Fn(usize, usize) -> Option<usize>,
    grad_output: &[[T; BATCH]],
    grad_input: &mut [[T; BATCH]],
) {
    grad_input.fill([T::ZERO; BATCH]);
    let mut grad_outputs = grad_output.iter();
    each(sizes, place, |place| {
        let Some(grad_output) = grad_outputs.next() else { return };
        let Some(grad_input) = place.and_then(|place| grad_input.get_mut(place)) else { return };
        for (grad_input, grad_output) in grad_input.iter_mut().zip(grad_output) {
            *grad_input += *grad_output;
        }
    });
}

/// Visits the indices of a value of these sizes in order, each with the sum of the places of its indices along all dimensions.
#[inline(always)]
fn each<const D: usize>(
    sizes: [usize; D],
    place: impl Fn(usize, usize) -> Option<usize>,
    mut visit: impl FnMut(Option<usize>),
) {
    let Some(last) = D.checked_sub(1) else { return };
    let rows = sizes.iter().take(last).product::<usize>();
    let columns = sizes.last().copied().unwrap_or_default();
    for row in 0..rows {
        let (mut rest, mut start) = (row, Some(0));
        for (dimension, size) in sizes.iter().enumerate().take(last).rev() {
            let (index, before) = (rest % (*size).max(1), rest / (*size).max(1));
            start = start.zip(place(dimension, index)).map(|(start, place)| start + place);
            rest = before;
        }
        for index in 0..columns {
            visit(start.zip(place(last, index)).map(|(start, place)| start + place));
        }
    }
}
