#![doc = include_str!("../README.md")]
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(not(any(feature = "std", feature = "libm")))]
compile_error!("nn-runtime needs a square root: enable the feature `std` or the feature `libm`");

// In the order of dependence: each module uses only those above it; `scalar` and `kernels` use each other.
mod stack;
mod aligned;
pub mod scalar;
pub mod kernels;
mod option_error;
pub mod math;
pub mod network;
pub mod init;
mod families;
pub mod layers;
pub mod loss;
pub mod optim;
pub mod data;
#[cfg(feature = "std")]
mod files;
pub mod metrics;
pub mod schedule;
#[cfg(feature = "safetensors")]
pub mod weights;
pub mod train;
#[cfg(feature = "serde")]
pub mod serde;
pub mod prelude;
#[doc(hidden)]
pub mod pretrained;
mod written;
#[cfg(any(doc, doctest))]
#[doc = include_str!("../guide/from-pytorch.md")]
pub mod from_pytorch {}
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

#[doc(inline)]
pub use __layer as layer;
#[doc(inline)]
pub use __network as network;
pub use aligned::Aligned;
pub use families::activation::Activation;
pub use network::{Layer, Network, Pass, Predict};
pub use option_error::OptionError;
pub use stack::STACK_BYTES;
pub use {bytemuck, nalgebra, rand_core, rand_xoshiro};
