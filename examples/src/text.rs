//! The committed text, and what the simplest model of it knows.

use std::collections::BTreeSet;

use crate::DataError;

/// The constitution of the United States with its amendments: `data/us-constitution.txt`.
pub const CONSTITUTION: &str = include_str!("../data/us-constitution.txt");

/// The characters of a text, in order.
///
/// # Errors
///
/// If there are not `CHARACTERS` of them.
pub fn alphabet<const CHARACTERS: usize>(text: &str) -> Result<[char; CHARACTERS], DataError> {
    let characters: Vec<char> = text.chars().collect::<BTreeSet<char>>().into_iter().collect();
    let (file, expected) = ("data/us-constitution.txt", "as many different characters as the network takes");
    characters.try_into().map_err(|_| DataError::File { file, expected })
}

/// The mean cross-entropy of `targets`, each the character after one of `inputs`, by a model that knows how often each
/// character follows each in the training text; one is added to every count.
#[must_use]
pub fn bigram_loss<const CHARACTERS: usize>(training_text: &[u8], inputs: &[u8], targets: &[u8]) -> f64 {
    let mut counts = vec![[1_u32; CHARACTERS]; CHARACTERS];
    for pair in training_text.windows(2) {
        counts[usize::from(pair[0])][usize::from(pair[1])] += 1;
    }
    let probability = |input: u8, target: u8| {
        let row = &counts[usize::from(input)];
        f64::from(row[usize::from(target)]) / f64::from(row.iter().sum::<u32>())
    };
    let sum: f64 = inputs.iter().zip(targets).map(|(&input, &target)| -probability(input, target).ln()).sum();
    sum / targets.len() as f64
}

#[cfg(test)]
mod tests {
    use super::{CONSTITUTION, alphabet, bigram_loss};

    #[test]
    fn the_alphabet_is_that_of_the_text() {
        assert_eq!(alphabet::<3>("abcab"), Ok(['a', 'b', 'c']));
        assert!(alphabet::<4>("abcab").is_err());
        assert!(CONSTITUTION.starts_with("The Constitution of the United States") && CONSTITUTION.is_ascii());
    }

    #[test]
    fn a_bigram_is_as_likely_as_it_is_frequent() {
        // after 0: 1 twice, 0 once, and one more of each
        let loss = bigram_loss::<2>(&[0, 1, 0, 1, 0, 0], &[0, 0], &[1, 0]);
        assert!((loss + f64::midpoint(0.6_f64.ln(), 0.4_f64.ln())).abs() < 1e-12);
    }
}
