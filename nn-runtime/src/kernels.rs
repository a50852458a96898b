//! Arithmetic that knows of no layer: the register tiles of products and sums, and the choice of machine instructions they
//! run with. What only the layers of a family share is in `families`.
//!
//! A branch on the level, the batch or a tile's size is an `if const { … }`: what is excluded is then left out even of a build
//! without optimisation, where each tile has its registers on the stack, and need not be compiled in any other.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx2;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod avx512;
mod columns;
mod contraction;
mod correlation;
pub(crate) mod dense;
mod factors;
mod isa;
mod lanes;
mod large;
mod panel;
mod patches;
pub(crate) mod per_sample;
mod places;
mod plain;
mod product;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod registers;
mod rows;
mod samples;
pub(crate) mod single;
pub(crate) mod sums;
mod taps;
mod transposed;
mod watch;
mod window;

pub(crate) use contraction::{Blocks, Contraction, Spaced, Sums};
pub(crate) use correlation::{Correlation, Listed, MOST_TERMS};
pub(crate) use factors::{ByRow, ByTerm, Factors, Terms};
pub use isa::{Isa, Kernel, Portable, dispatch};
#[cfg(test)]
pub(crate) use isa::{at_each_level, in_place};
pub(crate) use isa::{dispatch_whole, widest};
pub(crate) use lanes::{COLUMNS, Lanes, each_column, each_lane, load, store};
pub(crate) use patches::Patches;
pub(crate) use product::{Output, Product, Start};
pub(crate) use rows::copy_rows;
pub(crate) use samples::sum_samples;
pub(crate) use taps::{Axis, Phase};
#[doc(hidden)]
pub use watch::NotFinite;
pub(crate) use watch::{Watch, Watched};
pub use window::Window2d;
