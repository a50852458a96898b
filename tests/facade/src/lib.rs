//! A crate that hands the runtime on to its users, as a whole and piece by piece, and that declares networks in a macro of its own.

pub use nn_runtime;

/// The runtime's items as this crate's own.
pub mod nn {
    pub use nn_runtime::*;
}

/// Declares a perceptron with `$hidden` hidden features.
#[macro_export]
macro_rules! perceptron {
    ($visibility:vis $name:ident, $hidden:expr) => {
        $crate::nn_runtime::network! {
            #[derive(Default)]
            $visibility struct $name: [4] -> [2] { fc1: linear($hidden), relu, fc2: linear(2) }
        }
    };
}
