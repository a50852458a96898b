//! What can be wrong with an initialisation.

use core::fmt;

use crate::OptionError;
use crate::network::StageError;

/// Why the weights of a stage cannot be initialised.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum InitError {
    /// It is not the name of a stage that is trained.
    Stage(StageError),
    /// A number of the initialisation that is out of its range.
    Option(OptionError),
}

impl From<StageError> for InitError {
    fn from(error: StageError) -> Self {
        Self::Stage(error)
    }
}

impl From<OptionError> for InitError {
    fn from(error: OptionError) -> Self {
        Self::Option(error)
    }
}

impl fmt::Display for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stage(error) => write!(f, "{error}"),
            Self::Option(error) => write!(f, "{error}"),
        }
    }
}

impl core::error::Error for InitError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Stage(error) => Some(error),
            Self::Option(error) => Some(error),
        }
    }
}
