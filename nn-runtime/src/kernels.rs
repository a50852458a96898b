//! The register tiles that layers share, and the choice of machine instructions they run with.

mod isa;
mod window;

pub use isa::{Isa, Kernel, Portable, dispatch};
pub use window::Window2d;
