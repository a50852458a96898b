//! Floating-point numbers of other widths.

use safetensors::Dtype;

/// How the values of a type stand in a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Format {
    /// The type's name, as in Rust.
    pub name: &'static str,
    /// The bytes of a value.
    pub width: usize,
    /// A value from its bytes, exactly.
    pub read: fn(&[u8]) -> f64,
}

impl Format {
    /// `None` of a type that is not converted.
    pub fn of(dtype: Dtype) -> Option<Self> {
        let (name, width, read): (_, _, fn(&[u8]) -> f64) = match dtype {
            Dtype::F16 => ("f16", 2, |bytes| f16(u16::from_le_bytes(array(bytes)))),
            Dtype::BF16 => ("bf16", 2, |bytes| bf16(u16::from_le_bytes(array(bytes)))),
            Dtype::F32 => ("f32", 4, |bytes| f64::from(f32::from_le_bytes(array(bytes)))),
            Dtype::F64 => ("f64", 8, |bytes| f64::from_le_bytes(array(bytes))),
            _ => return None,
        };
        Some(Self { name, width, read })
    }
}

/// The first `N` bytes; zeros where there are fewer.
fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.first_chunk().copied().unwrap_or([0; N])
}

/// IEEE 754 binary16: 1 bit of sign, 5 of the exponent, 10 of the fraction.
fn f16(bits: u16) -> f64 {
    const SMALLEST: f64 = 1.0 / (1 << 24) as f64;
    let (exponent, fraction) = (u64::from(bits >> 10 & 0x1f), u64::from(bits & 0x3ff));
    let size = match exponent {
        0 => fraction as f64 * SMALLEST,
        0x1f => f64::from_bits(0x7ff << 52 | fraction << 42),
        _ => f64::from_bits((exponent + 1023 - 15) << 52 | fraction << 42),
    };
    if bits >> 15 == 1 { -size } else { size }
}

/// The upper half of an `f32`.
fn bf16(bits: u16) -> f64 {
    f64::from(f32::from_bits(u32::from(bits) << 16))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_exact() {
        let cases = [
            (0x0000, 0.0),
            (0x8000, -0.0),
            (0x0001, 5.960_464_477_539_063e-8),
            (0x03ff, 6.097_555_160_522_461e-5),
            (0x0400, 6.103_515_625e-5),
            (0x3555, 0.333_251_953_125),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x7c00, f64::INFINITY),
            (0xfc00, f64::NEG_INFINITY),
        ];
        for (bits, value) in cases {
            assert_eq!(f16(bits).to_bits(), value.to_bits(), "{bits:#06x}");
        }
        assert!(f16(0x7c01).is_nan() && f16(0xfe00).is_nan());
        // each is larger than the one before
        assert!((0..0x7c00).all(|bits| f16(bits) < f16(bits + 1)));
    }

    #[test]
    fn brain_floats_are_upper_halves() {
        let cases = [(0x0000, 0.0), (0x8000, -0.0), (0x3f80, 1.0), (0xc049, -3.140_625), (0xff80, f64::NEG_INFINITY)];
        for (bits, value) in cases {
            assert_eq!(bf16(bits).to_bits(), value.to_bits(), "{bits:#06x}");
        }
        assert_eq!(bf16(0x0001).to_bits(), f64::from(f32::from_bits(1 << 16)).to_bits());
        assert!(bf16(0x7fc0).is_nan());
    }

    #[test]
    fn integers_are_not_converted() {
        assert!(
            [Dtype::I64, Dtype::BOOL, Dtype::C64, Dtype::F8_E4M3].into_iter().all(|dtype| Format::of(dtype).is_none())
        );
    }
}
