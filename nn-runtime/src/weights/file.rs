//! The bytes of a safetensors file: 8 of the header's length, the header in JSON, the values.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str;

use safetensors::Dtype;
use safetensors::tensor::TensorInfo;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::LoadError;
use super::convert::Format;

/// The key under which the header has texts.
pub(super) const METADATA: &str = "__metadata__";

/// A file that is checked: every tensor has as many bytes as its shape and its type need, and the tensors' byte
/// ranges neither overlap nor leave gaps.
#[derive(Debug)]
pub(crate) struct File<'a> {
    /// The tensors in the order of their values.
    pub tensors: Vec<FileTensor<'a>>,
    /// The texts of the header.
    pub metadata: BTreeMap<String, String>,
}

/// A tensor of a file.
#[derive(Debug)]
pub(crate) struct FileTensor<'a> {
    pub name: String,
    pub shape: Vec<usize>,
    pub dtype: Dtype,
    bytes: &'a [u8],
}

impl FileTensor<'_> {
    /// The bytes of its values.
    #[cfg(feature = "std")]
    pub fn bytes(&self) -> &[u8] {
        self.bytes
    }

    /// How its values are read; `None` where they are no floating-point numbers.
    pub(super) fn format(&self) -> Option<Format> {
        Format::of(self.dtype)
    }

    /// Its values in PyTorch's order.
    pub(super) fn values(&self, format: Format) -> impl Iterator<Item = f64> {
        self.bytes.chunks_exact(format.width).map(format.read)
    }
}

impl<'a> File<'a> {
    /// Reads the header and checks it against the length of the data.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, LoadError> {
        parse(bytes).map_err(|reason| LoadError::Format { reason, other_format: other_format(bytes) })
    }
}

/// The program that writes files which begin as this one does, if it is none of safetensors.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    const BEGINNINGS: [(&[u8], &str); 4] =
        [(b"PK\x03\x04", "torch.save"), (b"\x80\x02", "torch.save"), (b"\x89HDF", "Keras"), (b"GGUF", "llama.cpp")];
    BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning)).map(|(_, program)| *program)
}

fn parse(bytes: &[u8]) -> Result<File<'_>, String> {
    let Some((length, rest)) = bytes.split_first_chunk() else {
        return Err(format!("it has {} bytes, but the length of its header alone takes 8", bytes.len()));
    };
    let length = u64::from_le_bytes(*length);
    let parts = usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length));
    let Some((header, data)) = parts else {
        return Err(format!("its header should have {length} bytes, but only {} follow", rest.len()));
    };
    let text = str::from_utf8(header).map_err(|error| format!("its header is not UTF-8: {error}"))?;
    let header: Header = serde_json::from_str(text).map_err(|error| format!("its header: {error}"))?;
    let end = check_offsets(&header.tensors)?;
    if end != data.len() {
        return Err(format!("its tensors have {end} bytes, but {} follow the header", data.len()));
    }
    let tensors = header.tensors.into_iter().map(|(name, info)| {
        let (start, end) = info.data_offsets;
        FileTensor { name, shape: info.shape, dtype: info.dtype, bytes: data.get(start..end).unwrap_or_default() }
    });
    Ok(File { tensors: tensors.collect(), metadata: header.metadata })
}

/// Checks that each tensor begins where the one before ends, and has the length that it needs; returns the end of the last.
fn check_offsets(tensors: &[(String, TensorInfo)]) -> Result<usize, String> {
    let mut position = 0;
    for (name, info) in tensors {
        let (start, end) = info.data_offsets;
        if start != position {
            return Err(format!("`{name}` begins at byte {start}, but the tensor before it ends at {position}"));
        }
        let len = end.checked_sub(start).ok_or_else(|| format!("`{name}` begins at byte {start} and ends at {end}"))?;
        let values = info.shape.iter().try_fold(1, |product: usize, size| product.checked_mul(*size));
        let bits = values.and_then(|values| values.checked_mul(info.dtype.bitsize()));
        let Some(bits) = bits else {
            return Err(format!("`{name}` has the shape {:?}, larger than any memory", info.shape));
        };
        if !bits.is_multiple_of(8) || bits / 8 != len {
            let (dtype, shape) = (info.dtype, &info.shape);
            return Err(format!(
                "`{name}` is {dtype} {shape:?}, which takes {} bytes, but has {len}",
                bits.div_ceil(8)
            ));
        }
        position = end;
    }
    Ok(position)
}

/// The header: names and what they stand for, sorted by the position of the values.
struct Header {
    tensors: Vec<(String, TensorInfo)>,
    metadata: BTreeMap<String, String>,
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Header;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tensors by their names")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Header, A::Error> {
        let (mut tensors, mut metadata) = (BTreeMap::new(), None);
        while let Some(name) = entries.next_key::<String>()? {
            let is_known = if name == METADATA {
                metadata.replace(entries.next_value::<Option<BTreeMap<_, _>>>()?).is_some()
            } else {
                let info = entries.next_value::<TensorInfo>();
                let info = info.map_err(|error| A::Error::custom(format!("`{name}`: {}", Cause(error.to_string()))))?;
                tensors.insert(name.clone(), info).is_some()
            };
            if is_known {
                return Err(A::Error::custom(format!("`{name}` is there twice")));
            }
        }
        let mut tensors: Vec<_> = tensors.into_iter().collect();
        tensors.sort_by_key(|(_, info)| info.data_offsets);
        Ok(Header { tensors, metadata: metadata.flatten().unwrap_or_default() })
    }
}

/// An error of serde's without its place, which the error around it repeats.
struct Cause(String);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.split(" at line ").next().unwrap_or(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec;

    use safetensors::SafeTensors;

    use super::*;

    /// A file with this header, and as many zeros.
    fn file(header: &str, len: usize) -> Vec<u8> {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.bytes());
        bytes.resize(bytes.len() + len, 0);
        bytes
    }

    fn reason(bytes: &[u8]) -> String {
        let error = File::parse(bytes).expect_err("a mistake");
        error.to_string().lines().next().unwrap_or_default().to_string()
    }

    #[test]
    fn a_file_is_read_in_the_order_of_its_values() {
        let header = r#"{"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F16","shape":[],"data_offsets":[8,10]},"__metadata__":{"format":"pt"}}   "#;
        let bytes = file(header, 10);
        let parsed = File::parse(&bytes).expect("a file");
        let tensors: Vec<_> = parsed.tensors.iter().map(|tensor| (&*tensor.name, &*tensor.shape)).collect();
        assert_eq!(tensors, [("b", &[2][..]), ("a", &[])]);
        assert_eq!(parsed.metadata["format"], "pt");
        assert!(File::parse(&file("{}", 0)).expect("nothing").tensors.is_empty());
        assert!(File::parse(&file(r#"{"__metadata__":null}"#, 0)).is_ok());
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_with_both_sides() {
        let one = |shape: &str, offsets: &str| {
            format!(r#"{{"a":{{"dtype":"F32","shape":{shape},"data_offsets":{offsets}}}}}"#)
        };
        let cases = [
            (vec![], "it has 0 bytes, but the length of its header alone takes 8"),
            (vec![1; 7], "it has 7 bytes, but the length of its header alone takes 8"),
            (vec![255; 20], "its header should have 18446744073709551615 bytes, but only 12 follow"),
            (vec![13, 0, 0, 0, 0, 0, 0, 0, b'{'], "its header should have 13 bytes, but only 1 follow"),
            (
                vec![1, 0, 0, 0, 0, 0, 0, 0, 0xff],
                "its header is not UTF-8: invalid utf-8 sequence of 1 bytes from index 0",
            ),
            (file("{", 0), "its header: EOF while parsing an object at line 1 column 1"),
            (file("[]", 0), "its header: invalid type: sequence, expected tensors by their names at line 1 column 0"),
            (file(&one("[2]", "[0,8]"), 7), "its tensors have 8 bytes, but 7 follow the header"),
            (file(&one("[2]", "[4,12]"), 12), "`a` begins at byte 4, but the tensor before it ends at 0"),
            (file(&one("[2]", "[0,4]"), 4), "`a` is F32 [2], which takes 8 bytes, but has 4"),
            (
                file(&one("[4294967296,4294967296]", "[0,4]"), 4),
                "`a` has the shape [4294967296, 4294967296], larger than any memory",
            ),
            (file(&one("[2]", "[8,0]"), 8), "`a` begins at byte 8, but the tensor before it ends at 0"),
            (file(&one("[-2]", "[0,8]"), 8), "its header: `a`: invalid value: integer `-2`, expected usize at line 1"),
            (file(&one("[2]", "[0,8]").replace("F32", "F33"), 8), "its header: `a`: unknown variant `F33`"),
            (
                file(
                    r#"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#,
                    1,
                ),
                "its header: `a` is there twice at line 1",
            ),
            (
                file(r#"{"__metadata__":{},"__metadata__":{}}"#, 0),
                "its header: `__metadata__` is there twice at line 1",
            ),
        ];
        for (bytes, expected) in cases {
            let reason = reason(&bytes);
            let prefix = "this is not a complete safetensors file: ";
            assert!(reason.strip_prefix(prefix).is_some_and(|reason| reason.starts_with(expected)), "{reason}");
        }
    }

    /// The ends of these tensors add up to more than a `usize`, so that their sum with the header's length is the file's.
    #[test]
    fn lengths_that_overflow_are_refused() {
        let piece = (1_u64 << 61) - 1;
        let entry = |index: u64, len: u64| {
            let (start, end) = (index * piece, index * piece + len);
            format!(r#""{index}":{{"dtype":"U8","shape":[{len}],"data_offsets":[{start},{end}]}}"#)
        };
        let entries: Vec<_> = (0..8).map(|index| entry(index, piece)).chain([entry(8, 7)]).collect();
        let header = format!("{{{}}}", entries.join(","));
        assert!(reason(&file(&header, 0)).contains("but 0 follow the header"));
    }

    #[test]
    fn other_files_are_recognised() {
        let error = File::parse(b"PK\x03\x04 and so on").expect_err("a zip file").to_string();
        assert!(
            error.ends_with(
                "help: `torch.save` wrote it: in Python, `safetensors.torch.save_file(model.state_dict(), path)`"
            ),
            "{error}"
        );
    }

    /// Whatever is accepted here, the crate that defines the format accepts.
    #[test]
    fn the_format_is_that_of_the_crate() {
        let header = r#"{"a":{"dtype":"F4","shape":[2,3],"data_offsets":[0,3]},"b":{"dtype":"I64","shape":[0],"data_offsets":[3,3]}}"#;
        let bytes = file(header, 3);
        assert_eq!(File::parse(&bytes).expect("a file").tensors.len(), 2);
        assert_eq!(SafeTensors::deserialize(&bytes).expect("a file").len(), 2);
    }
}
