//! The committed numbers of sunspots.

use crate::DataError;

/// The year of the first number of [`sunspots`].
pub const FIRST_YEAR: usize = 1700;

/// The mean number of sunspots of each year from 1700 to 2008, of `data/sunspots.csv`.
///
/// # Errors
///
/// If the file does not hold what `data/README.md` says, with the line that does not.
pub fn sunspots() -> Result<Vec<f32>, DataError> {
    let lines = include_str!("../data/sunspots.csv").lines().skip(1).enumerate();
    lines.map(|(row, text)| number(row, text)).collect()
}

fn number(row: usize, text: &str) -> Result<f32, DataError> {
    let number = text.split_once(',').filter(|(year, _)| year.parse() == Ok(FIRST_YEAR + row));
    let number = number.and_then(|(_, number)| number.parse().ok()).filter(|number: &f32| *number >= 0.0);
    let (file, expected) = ("data/sunspots.csv", "the year after that of the line before, and its number of sunspots");
    number.ok_or(DataError::Line { file, line: row + 2, expected })
}

#[cfg(test)]
mod tests {
    use super::{number, sunspots};

    #[test]
    #[allow(clippy::float_cmp, reason = "numbers of the file")]
    fn the_years_are_complete() {
        let numbers = sunspots().expect("the committed file is right");
        assert_eq!((numbers.len(), numbers[0], numbers[308]), (309, 5.0, 2.9));
    }

    #[test]
    fn a_year_that_is_missing_is_noticed() {
        assert_eq!(number(1, "1701,11"), Ok(11.0));
        let error = number(1, "1702,16").unwrap_err().to_string();
        assert_eq!(
            error,
            "line 3 of data/sunspots.csv does not hold the year after that of the line before, and its number of sunspots"
        );
    }
}
