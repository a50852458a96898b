//! The sum of two products of a matrix with a single vector, without instructions for a register's sums: the compiler would
//! take the sums of two loops apart, into single values, and put them together again for each column. They stay in memory.

use super::Isa;
use super::single::Affine;
use crate::scalar::Scalar;

/// How many columns are worked off at once: their factors fill the half of 16 registers with what comes of them.
const COLUMNS: usize = 4;

/// See [`single::sum`](super::single::sum).
#[inline(always)]
pub(super) fn sum<I: Isa, T: Scalar, const ADD: bool>(
    isa: I,
    one: Affine<T>,
    other: Option<Affine<T>>,
    output: &mut [T],
) {
    match one.bias.get(one.first..) {
        _ if ADD => {}
        None | Some([]) => output.fill(T::ZERO),
        Some(bias) => output.iter_mut().zip(bias).for_each(|(output, bias)| *output = *bias),
    }
    add(isa, one, output);
    if let Some(other) = other {
        for (output, bias) in output.iter_mut().zip(other.bias.get(other.first..).unwrap_or_default()) {
            *output += *bias;
        }
        add(isa, other, output);
    }
}

/// Adds the products.
#[inline(always)]
fn add<I: Isa, T: Scalar>(isa: I, affine: Affine<T>, output: &mut [T]) {
    let Affine { matrix, rows, first, input, .. } = affine;
    let mut columns = matrix.chunks_exact(rows.max(1));
    let mut column = || columns.next().and_then(|column| column.get(first..)).unwrap_or_default();
    let (groups, rest) = input.as_chunks::<COLUMNS>();
    for [e, f, g, h] in groups {
        let (a, b, c, d) = (column(), column(), column(), column());
        for ((((output, a), b), c), d) in output.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            // few operations wait for `output`, which the columns before wrote
            *output += isa.mul_add(*e, *a, *f * *b) + isa.mul_add(*g, *c, *h * *d);
        }
    }
    for factor in rest {
        for (output, value) in output.iter_mut().zip(column()) {
            *output = isa.mul_add(*factor, *value, *output);
        }
    }
}
