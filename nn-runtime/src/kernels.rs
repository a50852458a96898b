//! The register tiles that layers share, and the choice of machine instructions they run with.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx2;
mod contraction;
pub(crate) mod convolution;
pub(crate) mod dense;
pub(crate) mod elementwise;
mod factors;
mod isa;
mod panel;
mod patches;
pub(crate) mod per_sample;
mod product;
pub(crate) mod recurrent;
mod samples;
pub(crate) mod single;
pub(crate) mod sums;
mod taps;
mod window;
pub(crate) mod windows;

pub(crate) use contraction::{Contraction, Neighbours, Spaced, Sums};
pub(crate) use factors::{ByRow, ByTerm, Terms};
pub use isa::{Isa, Kernel, Portable, dispatch};
pub(crate) use patches::Patches;
pub(crate) use product::{Output, Product, Start};
pub(crate) use samples::sum_samples;
pub(crate) use taps::{Axis, Taps, runs};
pub use window::Window2d;
