//! What was loaded.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::error::Names;
use crate::scalar::Dtype;

/// What loading did, by the names of tensors. Printed, it is a sentence for each list that is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The network's tensors that the file had, in PyTorch's order.
    pub taken: Vec<String>,
    /// The network's tensors that the file did not have; they are as before. Empty unless loaded with `strict(false)`.
    pub missing: Vec<String>,
    /// The file's tensors that the network does not have, by their names in the file. Empty unless loaded with `strict(false)`.
    pub left_over: Vec<String>,
    /// The taken tensors whose values have another type in the file.
    pub converted: Vec<Converted>,
}

/// A tensor whose values were converted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Converted {
    /// Its name in the network.
    pub name: String,
    /// The type in the file: `f16`, `bf16`, `f32` or `f64`.
    pub from: &'static str,
    /// The type in the network.
    pub to: Dtype,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { taken, missing, left_over, converted } = self;
        write!(f, "{} loaded", Count(taken.len()))?;
        // the tensors of a file have mostly one type
        for from in ["f16", "bf16", "f32", "f64"] {
            let of_type = || converted.iter().filter(|converted| converted.from == from);
            if let Some(first) = of_type().next() {
                write!(f, ", {} of them converted from {from} to {}", of_type().count(), first.to)?;
            }
        }
        if !missing.is_empty() {
            let (count, are) = (Count(missing.len()), if missing.len() == 1 { "is" } else { "are" });
            write!(f, "\n{count} of the network {are} not in the file, and as before: {}", Names(missing))?;
        }
        if !left_over.is_empty() {
            let (count, are) = (Count(left_over.len()), if left_over.len() == 1 { "is" } else { "are" });
            write!(f, "\n{count} of the file {are} not in the network: {}", Names(left_over))?;
        }
        Ok(())
    }
}

struct Count(usize);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tensor{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec;

    use super::*;

    #[test]
    fn a_report_is_read_as_sentences() {
        let converted = |name: &str, from| Converted { name: name.into(), from, to: Dtype::F32 };
        let report = Report {
            taken: vec!["a".into(), "b".into(), "c".into()],
            missing: vec!["d".into()],
            left_over: vec!["x".into(), "y".into()],
            converted: vec![converted("a", "f16"), converted("b", "f64"), converted("c", "f16")],
        };
        let text = "3 tensors loaded, 2 of them converted from f16 to f32, 1 of them converted from f64 to f32\n\
                    1 tensor of the network is not in the file, and as before: `d`\n\
                    2 tensors of the file are not in the network: `x`, `y`";
        assert_eq!(report.to_string(), text);
        assert_eq!(Report { taken: vec!["a".into()], ..Report::default() }.to_string(), "1 tensor loaded");
    }
}
