//! The register tiles that layers share, and the choice of machine instructions they run with.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx2;
mod contraction;
mod isa;
mod product;
pub(crate) mod single;
mod window;

pub(crate) use contraction::{Contraction, Neighbours, Rows, Sums};
pub use isa::{Isa, Kernel, Portable, dispatch};
pub(crate) use product::{ByRow, ByTerm, Output, Product, Start, Terms};
pub use window::Window2d;
