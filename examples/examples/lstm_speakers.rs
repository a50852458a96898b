//! An LSTM that tells nine men by how they say two vowels, on sounds that `examples/data/fetch-japanese-vowels.sh` fetches.
//!
//! `cargo run --release -p examples --example lstm_speakers`

use std::error::Error;
use std::time::Instant;

use examples::japanese_vowels;
use nn_runtime::prelude::*;

network! {
    /// 25 moments of a sound, 12 coefficients of its spectrum each; which of nine men spoke.
    pub struct Speakers: [25, 12] -> [9] {
        lstm(32),
        last,
        out: linear(9),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let [(sounds, speakers), (test_sounds, test_speakers)] = japanese_vowels()?;
    let training = Dataset::new(&sounds, &speakers)?;
    let test = Dataset::new(&test_sounds, &test_speakers)?;
    println!("{}\n", Speakers::summary());

    let mut network = Speakers::boxed(&mut rng(1));
    let fit = Fit::new(Adam::new(5e-3), CrossEntropy).epochs(60).batch_size(16).seed(1).clip_norm(1.0);
    let every_tenth = |run: &mut AfterEpoch<_, _>| {
        if run.epoch % 10 == 0 {
            println!("{run}");
        }
    };
    let start = Instant::now();
    fit.validation(&test).on_epoch(every_tenth).run(&mut *network, &training)?;
    println!("trained in {:.2} s\n", start.elapsed().as_secs_f64());

    let matrix: ConfusionMatrix<9> = confusion_matrix(&*network, &test)?;
    println!("{matrix}\n");
    println!("test accuracy: {:.3}", matrix.accuracy());
    Ok(())
}
