//! What may be wrong with a file of weights.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
#[cfg(feature = "std")]
use std::{io, path::PathBuf};

use super::Difference;
use crate::scalar::Dtype;

/// Why weights were not loaded. The network is as before.
#[non_exhaustive]
pub enum LoadError {
    /// The file cannot be read.
    #[cfg(feature = "std")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// The bytes are not a complete safetensors file.
    Format {
        /// What is wrong with them.
        reason: String,
        /// The program that writes files which begin so, if it is a known one.
        other_format: Option<&'static str>,
    },
    /// A network with other stages wrote the file.
    OtherNetwork {
        /// The stages that differ.
        differences: Vec<Difference>,
    },
    /// The file's tensors are not those of the network.
    Tensors {
        /// The network's tensors that the file does not have.
        missing: Vec<Missing>,
        /// The file's tensors that the network does not have.
        left_over: Vec<LeftOver>,
        /// The tensors of both whose shapes differ.
        other_shapes: Vec<OtherShape>,
        /// The arguments of [`Load::rename`](super::Load::rename) by which all missing ones would be found, if there are such.
        renames: Vec<(String, String)>,
    },
    /// A tensor's values are no floating-point numbers of 16, 32 or 64 bits.
    OtherType {
        /// The tensor, by its name in the file.
        name: String,
        /// The type in the file, as the file has it.
        found: String,
        /// The type in the network.
        expected: Dtype,
    },
    /// A value is NaN or infinite.
    NotFinite {
        /// The tensor, by its name in the file.
        name: String,
        /// The value's index in each dimension.
        index: Vec<usize>,
        /// The value.
        value: f64,
    },
    /// A value is too large for the network's type.
    TooLarge {
        /// The tensor, by its name in the file.
        name: String,
        /// The value's index in each dimension.
        index: Vec<usize>,
        /// The value.
        value: f64,
        /// The network's type.
        dtype: Dtype,
    },
    /// Two tensors of the file have one name in the network.
    SameName {
        /// The name in the network.
        name: String,
        /// The names in the file.
        files: [String; 2],
    },
    /// A prefix given to [`Load::rename`](super::Load::rename) that matches no tensor of the file.
    UnusedRename {
        /// The prefix.
        prefix: String,
        /// The file's tensors.
        names: Vec<String>,
    },
}

/// A tensor of the network that a file does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Missing {
    /// Its name in the network.
    pub name: String,
    /// Its shape, as in PyTorch.
    pub shape: Vec<usize>,
    /// Tensors of the file that may be meant, with their shapes.
    pub similar: Vec<(String, Vec<usize>)>,
}

/// A tensor of a file that the network does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOver {
    /// Its name in the file.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
}

/// A tensor with one shape in the file and another in the network.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OtherShape {
    /// Its name in the network.
    pub name: String,
    /// Its shape in the file.
    pub file: Vec<usize>,
    /// Its shape in the network.
    pub network: Vec<usize>,
}

impl OtherShape {
    /// Whether the dimensions are those of the network in the opposite order, as Keras and Flax have them.
    fn is_transposed(&self) -> bool {
        self.network.len() > 1 && self.network.iter().rev().eq(&self.file)
    }
}

/// How many of a kind a message lists.
const LISTED: usize = 10;

/// Names with commas between them, the first of many.
pub(super) struct Names<'a>(pub &'a [String]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, name) in self.0.iter().take(LISTED).enumerate() {
            write!(f, "{}`{name}`", if position == 0 { "" } else { ", " })?;
        }
        more(f, ", ", self.0.len())
    }
}

/// Says how many are not listed.
fn more(f: &mut fmt::Formatter<'_>, separator: &str, len: usize) -> fmt::Result {
    if len > LISTED { write!(f, "{separator}and {} more", len - LISTED) } else { Ok(()) }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "std")]
            Self::Read { path, error } => {
                write!(f, "cannot read `{}`: {error}", path.display())?;
                write_folder(f, path, error)
            }
            Self::Format { reason, other_format } => {
                write!(f, "this is not a complete safetensors file: {reason}")?;
                write_converter(f, *other_format)
            }
            Self::OtherNetwork { differences } => {
                f.write_str("the file is of another network")?;
                write_differences(f, differences)?;
                f.write_str(
                    "\nhelp: declare the network with the file's stages, or compare names and shapes alone: \
                     `Load::new().check_architecture(false)`",
                )
            }
            Self::Tensors { missing, left_over, other_shapes, renames } => {
                f.write_str("the file's tensors are not those of the network")?;
                write_tensors(f, missing, left_over, other_shapes)?;
                write_way_out(f, missing, left_over, other_shapes, renames)
            }
            Self::OtherType { name, found, expected } => write!(
                f,
                "`{name}` has values of type {found} in the file, but the network has {expected}\n\
                 note: F16, BF16, F32 and F64 are converted\n\
                 help: in Python, save `tensor.float()`"
            ),
            Self::NotFinite { name, index, value } => write!(
                f,
                "`{name}` has the value {value} at {index:?}, which is not finite\n\
                 help: save a network whose training did not diverge"
            ),
            Self::TooLarge { name, index, value, dtype } => write!(
                f,
                "`{name}` has the value {value:e} at {index:?}, too large for the network's {dtype}\n\
                 help: declare the network with `f64`"
            ),
            Self::SameName { name, files: [first, second] } => {
                write!(
                    f,
                    "two tensors of the file would be `{name}`: `{first}` and `{second}`\n\
                           help: `Load::rename` one of them to another name"
                )
            }
            Self::UnusedRename { prefix, names } => {
                write!(
                    f,
                    "`Load::rename(\"{prefix}\", ..)` matches no tensor of the file\n\
                     note: the file has {}\n\
                     help: rename one of these names, or what comes before one of its dots",
                    Names(names)
                )
            }
        }
    }
}

/// What a relative path begins at, where the file is not found.
#[cfg(feature = "std")]
fn write_folder(f: &mut fmt::Formatter<'_>, path: &std::path::Path, error: &io::Error) -> fmt::Result {
    if error.kind() == io::ErrorKind::NotFound
        && path.is_relative()
        && let Ok(folder) = std::env::current_dir()
    {
        return write!(f, "\nnote: the current folder is `{}`", folder.display());
    }
    Ok(())
}

fn write_converter(f: &mut fmt::Formatter<'_>, other_format: Option<&str>) -> fmt::Result {
    match other_format {
        Some("torch.save") => f.write_str(
            "\nhelp: `torch.save` wrote it: in Python, `safetensors.torch.save_file(model.state_dict(), path)`",
        ),
        Some(program) => write!(f, "\nhelp: it is a file of {program}: convert it to safetensors"),
        None => Ok(()),
    }
}

/// The stages that differ between a file and a network.
pub(crate) fn write_differences(f: &mut fmt::Formatter<'_>, differences: &[Difference]) -> fmt::Result {
    for Difference { file, network } in differences.iter().take(LISTED) {
        let [file, network] = [file, network].map(|stage| stage.as_deref().unwrap_or("no such stage"));
        write!(f, "\n  file:    {file}\n  network: {network}")?;
    }
    more(f, "\n  ", differences.len())
}

fn write_tensors(
    f: &mut fmt::Formatter<'_>,
    missing: &[Missing],
    left_over: &[LeftOver],
    other_shapes: &[OtherShape],
) -> fmt::Result {
    for OtherShape { name, file, network } in other_shapes.iter().take(LISTED) {
        write!(f, "\n  `{name}` is {file:?} in the file, but {network:?} in the network")?;
    }
    more(f, "\n  ", other_shapes.len())?;
    for Missing { name, shape, similar } in missing.iter().take(LISTED) {
        write!(f, "\n  `{name}` {shape:?} is not in the file")?;
        for (position, (name, shape)) in similar.iter().enumerate() {
            write!(f, "{}`{name}` {shape:?}", if position == 0 { ", which has " } else { ", " })?;
        }
    }
    more(f, "\n  ", missing.len())?;
    for LeftOver { name, shape } in left_over.iter().take(LISTED) {
        write!(f, "\n  `{name}` {shape:?} is not in the network")?;
    }
    more(f, "\n  ", left_over.len())
}

/// What to do about tensors that are not those of the network.
fn write_way_out(
    f: &mut fmt::Formatter<'_>,
    missing: &[Missing],
    left_over: &[LeftOver],
    other_shapes: &[OtherShape],
    renames: &[(String, String)],
) -> fmt::Result {
    if other_shapes.iter().any(OtherShape::is_transposed) {
        f.write_str(
            "\nnote: Keras and Flax have the dimensions of a weight in the opposite order\n\
             help: transpose it in Python; a `Dense` kernel is `kernel.T` in PyTorch",
        )?;
    } else if let [other, ..] = other_shapes {
        let stage = other.name.rsplit_once('.').map_or(&*other.name, |(stage, _)| stage);
        write!(
            f,
            "\nhelp: declare the network with the file's shapes, or leave the stage as it is: \
             `Load::new().rename(\"{stage}\", \"unused\").strict(false)`"
        )?;
    }
    if !renames.is_empty() {
        f.write_str("\nhelp: the names differ: `Load::new()")?;
        for (from, to) in renames {
            write!(f, ".rename(\"{from}\", \"{to}\")")?;
        }
        return f.write_str("`");
    }
    match (missing, left_over) {
        ([], []) => Ok(()),
        ([], _) => f.write_str("\nhelp: leave them out: `Load::new().strict(false)`"),
        (_, []) => f.write_str("\nhelp: load what is there: `Load::new().strict(false)`"),
        _ => f.write_str(
            "\nhelp: name the stages as in the file, or rename: `Load::new().rename(\"file.prefix\", \"stage\")`; load a part: `.strict(false)`",
        ),
    }
}

/// The message, as `main` prints the `Debug` form of an error that it returns.
impl fmt::Debug for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl core::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            #[cfg(feature = "std")]
            Self::Read { error, .. } => Some(error),
            _ => None,
        }
    }
}
