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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    #[test]
    fn every_example_is_in_the_readme_and_in_ci() {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let [readme, ci] = ["README.md", "ci.sh"]
            .map(|file| fs::read_to_string(package.join("..").join(file)).expect("the project has it"));
        let files: Vec<_> = fs::read_dir(package.join("examples")).expect("the package has examples").collect();
        assert!(!files.is_empty());
        for file in files {
            let path = file.expect("a file has a name").path();
            let name = path.file_stem().and_then(|name| name.to_str()).expect("names are ASCII");
            assert!(readme.contains(&format!("\n| `{name}` | ")), "the README's table of examples has no `{name}`");
            assert!(ci.contains(&format!(" ends {name} '")), "ci.sh does not check how `{name}` ends");
            let source = fs::read_to_string(&path).expect("it was there");
            let command = format!("//! `cargo run --release -p examples --example {name}`\n");
            assert!(source.contains(&command), "`{name}` does not say how to run it");
        }
    }
}
