//! What can be wrong with data.

use std::error::Error;
use std::fmt;

/// A data file that cannot be read, or that is not what it should be.
#[derive(Clone, PartialEq, Eq)]
pub enum DataError {
    /// A line that is not what it should be.
    Line {
        /// The file.
        file: &'static str,
        /// The line's number; the first is 1.
        line: usize,
        /// What it should hold.
        expected: &'static str,
    },
    /// A file that is not what it should be.
    File {
        /// The file.
        file: &'static str,
        /// What it should hold.
        expected: &'static str,
    },
    /// A file that is not committed and has not been fetched.
    Missing {
        /// The file.
        file: &'static str,
        /// The script that fetches it.
        script: &'static str,
    },
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { file, line, expected } => write!(f, "line {line} of {file} does not hold {expected}"),
            Self::File { file, expected } => write!(f, "{file} does not hold {expected}"),
            Self::Missing { file, script } => write!(f, "there is no examples/{file}; fetch it with examples/{script}"),
        }
    }
}

/// What a program prints whose `main` ends with the error: the sentence.
impl fmt::Debug for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for DataError {}
