//! Programs that show `network!` at work: run one with `cargo run --release -p examples --example NAME`.
//! Here is what they share: the data and the pictures.

mod digits;
mod error;
mod mnist;
mod picture;
mod sunspots;
mod text;
mod vowels;
pub mod worked_example;

pub use digits::{TRAINING_DIGITS, digits, enlarged};
pub use error::DataError;
pub use mnist::{TRAINING_IMAGES, mnist};
pub use picture::{pgm, scatter, shaded, side_by_side};
pub use sunspots::{FIRST_YEAR, sunspots};
pub use text::{CONSTITUTION, alphabet, bigram_loss};
pub use vowels::{Sounds, japanese_vowels};
