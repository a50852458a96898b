//! The Japanese Vowels, which are fetched: files of the format TS.
//!
//! After a header that ends with `@data`, each line is a sample: its dimensions, separated by `:`, each a number for every
//! step, separated by `,`; and its class.

use std::fs;
use std::path::Path;

use crate::DataError;

const SCRIPT: &str = "data/fetch-japanese-vowels.sh";
const STEPS: usize = 25;
const COEFFICIENTS: usize = 12;

/// Sounds, `step * 12 + coefficient`, and who spoke, from 0 to 8.
pub type Sounds = (Vec<[f32; STEPS * COEFFICIENTS]>, Vec<u8>);

/// The Japanese Vowels: 270 sounds of nine men that train, and 370 that test.
///
/// # Errors
///
/// [`DataError::Missing`] if they have not been fetched; [`DataError::Line`] for a line that is not a sample, and
/// [`DataError::File`] for a file that is not complete.
pub fn japanese_vowels() -> Result<[Sounds; 2], DataError> {
    Ok([
        read("data/japanese-vowels/JapaneseVowels_eq_TRAIN.ts", 270)?,
        read("data/japanese-vowels/JapaneseVowels_eq_TEST.ts", 370)?,
    ])
}

fn read(file: &'static str, samples: usize) -> Result<Sounds, DataError> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = fs::read_to_string(path).map_err(|_| DataError::Missing { file, script: SCRIPT })?;
    let expected = "12 dimensions of 25 numbers and a speaker from 1 to 9";
    let lines = text.lines().enumerate().skip_while(|(_, line)| *line != "@data").skip(1);
    let sounds: Result<Sounds, DataError> =
        lines.map(|(line, text)| sound(text).ok_or(DataError::Line { file, line: line + 1, expected })).collect();
    sounds.and_then(|sounds| {
        let complete = sounds.0.len() == samples;
        if complete { Ok(sounds) } else { Err(DataError::File { file, expected: "as many sounds as it should" }) }
    })
}

fn sound(line: &str) -> Option<([f32; STEPS * COEFFICIENTS], u8)> {
    let (coefficients, speaker) = line.rsplit_once(':')?;
    let speaker = speaker.parse::<u8>().ok().filter(|speaker| (1..=9).contains(speaker))?;
    let numbers: Option<Vec<Vec<f32>>> = coefficients.split(':').map(numbers).collect();
    let numbers = numbers.filter(|numbers| numbers.len() == COEFFICIENTS)?;
    Some((std::array::from_fn(|i| numbers[i % COEFFICIENTS][i / COEFFICIENTS]), speaker - 1))
}

fn numbers(text: &str) -> Option<Vec<f32>> {
    let numbers: Option<Vec<f32>> = text.split(',').map(|number| number.parse().ok()).collect();
    numbers.filter(|numbers| numbers.len() == STEPS)
}

#[cfg(test)]
mod tests {
    use super::{COEFFICIENTS, STEPS, sound};

    #[test]
    #[allow(clippy::float_cmp, reason = "numbers of the line")]
    fn a_sound_is_turned_step_by_step() {
        let numbers =
            |coefficient: usize| (0..STEPS).map(|step| format!("{coefficient}.{step:02}")).collect::<Vec<_>>();
        let dimensions: Vec<String> = (0..COEFFICIENTS).map(|coefficient| numbers(coefficient).join(",")).collect();
        let line = dimensions.join(":");
        let (values, speaker) = sound(&format!("{line}:9")).expect("the line is right");
        assert_eq!((values[0], values[1], values[12], values[299], speaker), (0.0, 1.0, 0.01, 11.24, 8));
        assert_eq!(sound(&format!("{line}:10")), None);
        assert_eq!(sound(&format!("{line},1.0:1")), None);
        assert_eq!(sound(&format!("{}:1", dimensions[1..].join(":"))), None);
    }
}
