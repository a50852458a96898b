//! Programs that show `network!` at work: run one with `cargo run --release -p examples --example NAME`.
//! Here is what they share: the data.

pub mod worked_example;

use std::error::Error;
use std::fmt;

/// The number of handwritten digits that train; the other 360 of the 1,797 test.
pub const TRAINING_DIGITS: usize = 1_437;

/// The handwritten digits of `data/digits.csv`: 8x8 pixels from 0 (paper) to 1 (ink), row by row, and the digit.
///
/// # Errors
///
/// If the file does not hold what `data/README.md` says, with the line that does not.
pub fn digits() -> Result<(Vec<[f32; 64]>, Vec<u8>), DataError> {
    include_str!("../data/digits.csv").lines().enumerate().map(|(line, text)| digit(line + 1, text)).collect()
}

fn digit(line: usize, text: &str) -> Result<([f32; 64], u8), DataError> {
    let numbers: Vec<u8> = text.split(',').map_while(|number| number.parse().ok()).collect();
    match *numbers.as_slice() {
        [ref pixels @ .., digit] if pixels.len() == 64 && digit < 10 && pixels.iter().all(|pixel| *pixel <= 16) => {
            Ok((std::array::from_fn(|i| f32::from(pixels[i]) / 16.0), digit))
        }
        _ => Err(DataError { file: "data/digits.csv", line, expected: "64 pixels from 0 to 16 and a digit" }),
    }
}

/// A line of a data file that is not what it should be.
#[derive(Debug)]
pub struct DataError {
    file: &'static str,
    line: usize,
    expected: &'static str,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} of {} does not hold {}", self.line, self.file, self.expected)
    }
}

impl Error for DataError {}

#[cfg(test)]
mod tests {
    use super::{digit, digits};

    #[test]
    fn the_digits_are_complete() {
        let (pixels, labels) = digits().expect("the committed file is right");
        assert_eq!((pixels.len(), labels.len()), (1_797, 1_797));
        assert_eq!(labels[..10], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert!((pixels[0][2] - 5.0 / 16.0).abs() < 1e-9);
    }

    #[test]
    fn a_mistaken_line_is_named() {
        let error = digit(3, "1,2,3").unwrap_err();
        assert_eq!(error.to_string(), "line 3 of data/digits.csv does not hold 64 pixels from 0 to 16 and a digit");
    }
}
