//! Stages by name: where their parameters stand.

mod nearest;

use core::fmt;
use core::ops::Range;

use self::nearest::Names;
use super::LayerInfo;

/// Where the parameters of a stage and of those below it stand in the flat slice.
///
/// # Errors
/// A name that no stage has, or whose stages have no parameters, or only frozen ones.
pub(crate) fn range_of(layers: &'static [LayerInfo], name: &'static str) -> Result<Range<usize>, StageError> {
    let rows = || layers.iter().filter(|row| is_within(row.name, name));
    let trained = || rows().filter(|row| !row.is_frozen && row.parameters > 0);
    let start = trained().map(|row| row.start).min();
    let end = trained().map(|row| row.start + row.parameters + row.state).max();
    match (start, end) {
        (Some(start), Some(end)) => Ok(start..end),
        _ if name.is_empty() || rows().next().is_none() => Err(StageError::Unknown { name, layers }),
        _ => Err(StageError::NothingToTrain { name, is_frozen: rows().any(|row| row.is_frozen) }),
    }
}

/// Whether a stage has the name, or is below the one that has.
fn is_within(stage: &str, name: &str) -> bool {
    stage.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
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
