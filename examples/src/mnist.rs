//! MNIST, which is fetched: files of the format IDX.
//!
//! Such a file is a magic number (two zeros, 8 for unsigned bytes, the number of dimensions), the dimensions as big-endian
//! `u32`, and the bytes.

use std::fs;
use std::path::Path;

use crate::DataError;

/// The number of MNIST's images that train; the other 10,000 of the 70,000 test.
pub const TRAINING_IMAGES: usize = 60_000;

const SCRIPT: &str = "data/fetch-mnist.sh";

/// MNIST: 28x28 pixels from 0 (paper) to 1 (ink), row by row, and the digit; first what trains, then what tests.
///
/// # Errors
///
/// [`DataError::Missing`] if it has not been fetched; [`DataError::File`] for a file that is not complete.
pub fn mnist() -> Result<(Vec<[f32; 784]>, Vec<u8>), DataError> {
    let (mut images, mut labels) = (Vec::new(), Vec::new());
    let files = [
        ("data/mnist/train-images-idx3-ubyte", "data/mnist/train-labels-idx1-ubyte", TRAINING_IMAGES),
        ("data/mnist/t10k-images-idx3-ubyte", "data/mnist/t10k-labels-idx1-ubyte", 10_000),
    ];
    for (image_file, label_file, samples) in files {
        let (image_bytes, label_bytes) = (read(image_file)?, read(label_file)?);
        let pixels = idx(&image_bytes, [samples, 28, 28])
            .ok_or(DataError::File { file: image_file, expected: "as many images of 28x28 bytes as MNIST has" })?;
        let digits = idx(&label_bytes, [samples])
            .filter(|digits| digits.iter().all(|digit| *digit < 10))
            .ok_or(DataError::File { file: label_file, expected: "as many digits as MNIST has" })?;
        images.extend(pixels.as_chunks().0.iter().map(|image: &[u8; 784]| image.map(|byte| f32::from(byte) / 255.0)));
        labels.extend(digits);
    }
    Ok((images, labels))
}

fn read(file: &'static str) -> Result<Vec<u8>, DataError> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    fs::read(path).map_err(|_| DataError::Missing { file, script: SCRIPT })
}

/// The bytes of a file that has these dimensions.
fn idx<const DIMENSIONS: usize>(file: &[u8], dimensions: [usize; DIMENSIONS]) -> Option<&[u8]> {
    let mut rest = file.strip_prefix(&[0, 0, 8, DIMENSIONS as u8])?;
    for dimension in dimensions {
        rest = rest.strip_prefix(&(dimension as u32).to_be_bytes())?;
    }
    (rest.len() == dimensions.iter().product::<usize>()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::idx;

    #[test]
    fn a_file_has_its_dimensions() {
        let file = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];
        assert_eq!(idx(&file, [2, 3]), Some(&[1, 2, 3, 4, 5, 6][..]));
        assert_eq!(idx(&file, [3, 2]), None);
        assert_eq!(idx(&file, [6]), None);
        assert_eq!(idx(&file[..17], [2, 3]), None);
    }
}
