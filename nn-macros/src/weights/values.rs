//! The values of a tensor: converted to the network's type, and in memory order.

use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::problem::Problem;
use crate::model::Element;

/// The values of a tensor in PyTorch's order, each as little-endian bytes of the network's type.
pub fn convert(tensor: &TensorView, scalar: Element) -> Result<Vec<u8>, Problem> {
    let data = tensor.data();
    let problem = |index: usize, value: f64| Problem::Value { index: indices(index, tensor.shape()), value };
    match tensor.dtype() {
        Dtype::F16 => write(data.as_chunks().0, f16, scalar, problem),
        Dtype::BF16 => write(data.as_chunks().0, bf16, scalar, problem),
        Dtype::F32 => write(data.as_chunks().0, |bytes| f64::from(f32::from_le_bytes(bytes)), scalar, problem),
        Dtype::F64 => write(data.as_chunks().0, f64::from_le_bytes, scalar, problem),
        dtype => Err(Problem::Dtype(format!("{dtype:?}"))),
    }
}

fn write<const N: usize>(
    values: &[[u8; N]],
    read: impl Fn([u8; N]) -> f64,
    scalar: Element,
    problem: impl Fn(usize, f64) -> Problem,
) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::with_capacity(values.len() * scalar.bytes());
    for (index, value) in values.iter().enumerate() {
        let value = read(*value);
        let single = value as f32;
        if !value.is_finite() || scalar == Element::F32 && !single.is_finite() {
            return Err(problem(index, value));
        }
        if scalar == Element::F32 {
            bytes.extend_from_slice(&single.to_le_bytes());
        } else {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
    }
    Ok(bytes)
}

/// IEEE 754's half precision: a sign, 5 bits of exponent, 10 of fraction.
fn f16(bytes: [u8; 2]) -> f64 {
    let bits = u16::from_le_bytes(bytes);
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let magnitude = match exponent {
        0 => fraction * f64::powi(2.0, -24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * f64::powi(2.0, exponent - 25),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}

/// The upper half of a single-precision number.
fn bf16(bytes: [u8; 2]) -> f64 {
    f64::from(f32::from_bits(u32::from(u16::from_le_bytes(bytes)) << 16))
}

/// The index in each dimension of a value in PyTorch's order.
fn indices(mut index: usize, shape: &[usize]) -> Vec<usize> {
    let mut indices: Vec<_> = shape
        .iter()
        .rev()
        .map(|size| {
            let here = index % size;
            index /= size;
            here
        })
        .collect();
    indices.reverse();
    indices
}

/// Values in PyTorch's order as they stand in a matrix: column by column, with a row for each entry of the first dimension.
pub fn by_columns(values: &[u8], shape: &[usize], scalar: Element) -> Vec<u8> {
    let size = scalar.bytes();
    let rows = shape.first().copied().unwrap_or(1).max(1);
    let columns = (values.len() / size / rows).max(1);
    let mut ordered = Vec::with_capacity(values.len());
    for column in 0..columns {
        for row in values.chunks_exact(columns * size) {
            ordered.extend_from_slice(&row[column * size..][..size]);
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_is_exact() {
        let cases = [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_953_125),
            (0x7bff, 65504.0),
            (0x0001, 5.960_464_477_539_063e-8),
            (0x03ff, 6.097_555_160_522_461e-5),
            (0x0400, 6.103_515_625e-5),
            (0x7c00, f64::INFINITY),
            (0xfc00, f64::NEG_INFINITY),
        ];
        for (bits, value) in cases {
            assert_eq!(f16(u16::to_le_bytes(bits)).to_bits(), f64::to_bits(value), "{bits:x}");
        }
        assert!(f16(u16::to_le_bytes(0x7c01)).is_nan());
        assert_eq!(f16(u16::to_le_bytes(0x8000)).to_bits(), f64::to_bits(-0.0));
        assert_eq!(bf16(u16::to_le_bytes(0x3f80)).to_bits(), f64::to_bits(1.0));
        assert_eq!(bf16(u16::to_le_bytes(0xc049)).to_bits(), f64::to_bits(-3.140_625));
    }

    #[test]
    fn a_matrix_stands_column_by_column() {
        let values: Vec<u8> = [1_f32, 2., 3., 4., 5., 6.].iter().flat_map(|value| value.to_le_bytes()).collect();
        let ordered: Vec<u8> = [1_f32, 4., 2., 5., 3., 6.].iter().flat_map(|value| value.to_le_bytes()).collect();
        assert_eq!(by_columns(&values, &[2, 3], Element::F32), ordered);
        assert_eq!(by_columns(&values, &[2, 3, 1], Element::F32), ordered);
        assert_eq!(by_columns(&values, &[6], Element::F32), values);
        assert_eq!(by_columns(&values[..4], &[], Element::F32), values[..4]);
        assert_eq!(by_columns(&[], &[0, 3], Element::F32), [] as [u8; 0]);
    }

    #[test]
    fn a_value_is_named_by_its_indices() {
        assert_eq!(indices(7, &[2, 5]), [1, 2]);
        assert_eq!(indices(0, &[]), [0; 0]);
    }
}
