//! Stages by name: where their parameters stand.

mod nearest;

use core::fmt;
use core::ops::Range;

use self::nearest::Names;
#[cfg(feature = "safetensors")]
pub(crate) use self::nearest::distance;
use super::{LayerInfo, tensors};

/// Where the parameters of a stage and of those below it stand in the flat slice.
///
/// # Errors
/// A name that no stage has, or whose stages have no parameters, or only frozen ones.
pub(crate) fn range_of(layers: &'static [LayerInfo], name: &'static str) -> Result<Range<usize>, StageError> {
    let own = || tensors(layers).filter(|tensor| tensor.name().is_of(name));
    let trained = || own().filter(|tensor| !tensor.is_frozen());
    let start = trained().map(|tensor| tensor.start()).min();
    let end = trained().map(|tensor| tensor.start() + tensor.len()).max();
    match (start, end) {
        (Some(start), Some(end)) if trained().any(|tensor| !tensor.is_state()) => Ok(start..end),
        _ if !has_stage(layers, name) => Err(StageError::Unknown { name, layers }),
        _ => Err(StageError::NothingToTrain { name, is_frozen: own().any(|tensor| tensor.is_frozen()) }),
    }
}

/// Whether a stage has the name, or stages are below it; also inside of a nested network.
fn has_stage(layers: &[LayerInfo], name: &str) -> bool {
    let is_below = |row: &LayerInfo| {
        let inside = below(name, row.name);
        below(row.name, name).is_some() || inside.is_some_and(|inside| has_stage(row.inner, inside))
    };
    !name.is_empty() && layers.iter().any(is_below)
}

/// The part of a name below a prefix: `weight` of `block.fc.weight` below `block.fc`. Empty if the prefix is the name; the name if the
/// prefix is empty.
pub(crate) fn below<'n>(name: &'n str, prefix: &str) -> Option<&'n str> {
    let rest = name.strip_prefix(prefix)?;
    if prefix.is_empty() || rest.is_empty() { Some(rest) } else { rest.strip_prefix('.') }
}

/// What is wrong with the name of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StageError {
    /// No stage of the network has it.
    Unknown {
        /// The name.
        name: &'static str,
        /// The network's table of layers.
        layers: &'static [LayerInfo],
    },
    /// Its stage has no parameters, or they are frozen.
    NothingToTrain {
        /// The name.
        name: &'static str,
        /// Whether they are frozen.
        is_frozen: bool,
    },
}

impl fmt::Display for StageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Unknown { name, layers } => {
                write!(f, "the network has no stage `{name}`; {}", Names { name, layers })
            }
            Self::NothingToTrain { name, is_frozen: true } => {
                write!(f, "the stage `{name}` is frozen: nothing trains it")
            }
            Self::NothingToTrain { name, .. } => write!(f, "the stage `{name}` has no parameters"),
        }
    }
}

impl core::error::Error for StageError {}
