//! Programs that show `network!` at work: run one with `cargo run --release -p examples --example NAME`.
//! Here is what they share: the data and the pictures.

mod digits;
mod error;
mod mnist;
mod picture;
mod sunspots;
pub mod worked_example;

pub use digits::{TRAINING_DIGITS, digits, enlarged};
pub use error::DataError;
pub use mnist::{TRAINING_IMAGES, mnist};
pub use picture::{scatter, side_by_side};
pub use sunspots::{FIRST_YEAR, sunspots};
