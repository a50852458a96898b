//! The committed handwritten digits.

use crate::DataError;

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
        _ => Err(DataError::Line { file: "data/digits.csv", line, expected: "64 pixels from 0 to 16 and a digit" }),
    }
}

/// An 8x8 image enlarged to 28x28: each pixel becomes 3x3 of them, and the margin is 2 pixels wide.
#[must_use]
pub fn enlarged(image: &[f32; 64]) -> [f32; 784] {
    let source = |position: usize| position.checked_sub(2).map(|inner| inner / 3).filter(|inner| *inner < 8);
    std::array::from_fn(|i| match (source(i / 28), source(i % 28)) {
        (Some(y), Some(x)) => image[8 * y + x],
        _ => 0.0,
    })
}

#[cfg(test)]
mod tests {
    use super::{digit, digits, enlarged};

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

    #[test]
    #[allow(clippy::float_cmp, reason = "pixels are copied")]
    fn an_enlarged_image_keeps_its_corners() {
        let mut image = [0.0; 64];
        (image[0], image[63]) = (1.0, 0.5);
        let large = enlarged(&image);
        assert_eq!([large[28 + 1], large[28 * 2 + 2], large[28 * 4 + 4], large[28 * 5 + 5]], [0.0, 1.0, 1.0, 0.0]);
        assert_eq!([large[28 * 23 + 23], large[28 * 25 + 25], large[28 * 26 + 26]], [0.5, 0.5, 0.0]);
        assert_eq!(large.iter().sum::<f32>(), 9.0 * image.iter().sum::<f32>());
    }
}
