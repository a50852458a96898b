//! The files through which all programs get the same work: values in little-endian `f32`, one after another.

use std::error::Error;
use std::fs;
use std::path::Path;

use nn_runtime::init::{below, normal, rng, unit};

/// How far a value may be from the expected one, in units of the largest expected magnitude.
const TOLERANCE: f32 = 1e-3;

/// What values are made of.
#[derive(Clone, Copy)]
pub enum Fill {
    /// None are needed.
    Nothing,
    /// Evenly drawn from 0 to 1, as the brightness of pixels.
    Uniform,
    /// Normally distributed.
    Normal,
    /// Whole numbers below this one.
    Classes(usize),
    /// Literally these.
    Values(&'static [f32]),
}

impl Fill {
    /// As many values as asked for.
    pub fn values(self, len: usize, seed: u64) -> Vec<f32> {
        let mut rng = rng(seed);
        let mut values = vec![0.0; len];
        match self {
            Self::Nothing => values.clear(),
            Self::Uniform => values.fill_with(|| unit(&mut rng) as f32),
            Self::Normal => normal(values.as_mut_slice(), 1.0, &mut rng).expect("it is finite"),
            Self::Classes(bound) => values.fill_with(|| below(bound, &mut rng) as f32),
            Self::Values(given) => values.copy_from_slice(given),
        }
        values
    }
}

/// Writes a file of values.
pub fn write(path: &Path, values: &[f32]) -> Result<(), Box<dyn Error>> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Ok(fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Reads a file of values.
pub fn read(path: &Path) -> Result<Vec<f32>, Box<dyn Error>> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (values, _) = bytes.as_chunks();
    Ok(values.iter().map(|value| f32::from_le_bytes(*value)).collect())
}

/// Values in rows of one size.
pub fn rows<const SIZE: usize>(values: &[f32]) -> Result<Vec<[f32; SIZE]>, Box<dyn Error>> {
    match values.as_chunks() {
        (rows, []) if !rows.is_empty() => Ok(rows.to_vec()),
        _ => Err(format!("{} values are no rows of {SIZE}", values.len()).into()),
    }
}

/// Whether values agree with the expected ones.
pub fn check(actual: &[f32], expected: &[f32]) -> Result<(), Box<dyn Error>> {
    if actual.len() != expected.len() {
        return Err(format!("{} values, {} expected", actual.len(), expected.len()).into());
    }
    let scale = expected.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    let differences = actual.iter().zip(expected).map(|(actual, expected)| (actual - expected).abs());
    let largest = differences.fold(0.0, |largest, difference| if difference <= largest { largest } else { difference });
    if largest <= TOLERANCE * scale {
        return Ok(());
    }
    Err(format!("values differ from the expected ones by up to {largest:e}, their largest is {scale:e}").into())
}
