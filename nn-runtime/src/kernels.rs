//! The register tiles that layers share, and the choice of machine instructions they run with.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx2;
mod contraction;
pub(crate) mod elementwise;
mod isa;
mod patches;
mod product;
pub(crate) mod single;
mod taps;
mod window;

pub(crate) use contraction::{Contraction, Neighbours, Sums};
pub use isa::{Isa, Kernel, Portable, dispatch};
pub(crate) use patches::Patches;
pub(crate) use product::{ByRow, ByTerm, Output, Product, Start, Terms};
pub(crate) use taps::{Axis, Taps, runs};
pub use window::Window2d;
