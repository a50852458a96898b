//! A GRU that forecasts next year's sunspots from those of all years before, beside the naive forecast that next year is
//! like this one. It learns from the years up to 1948, until it no longer improves on the last 44 of them, and is tested on the 60 after.
//!
//! `cargo run --release -p examples --example gru_forecast`

use std::error::Error;

use examples::{FIRST_YEAR, sunspots};
use nn_runtime::prelude::*;

network! {
    const YEARS: usize = 44;

    /// For each year the forecast of the next. In training a sequence is processed at once, later year by year.
    pub struct Forecast: [YEARS, 1] -> [YEARS, 1] {
        gru(16),
        out: linear(1),
    }
}

/// The number of years that train.
const TRAINING_YEARS: usize = 249;
/// The number of sequences for validation, the last of the training years: training stops when it no longer improves on them.
const VALIDATION_WINDOWS: usize = 44;
/// The number of sunspots that is 1 for the network.
const UNIT: f32 = 100.0;

fn main() -> Result<(), Box<dyn Error>> {
    let numbers = sunspots()?;
    let scaled: Vec<f32> = numbers.iter().map(|number| number / UNIT).collect();
    let windows = scaled[..TRAINING_YEARS].windows(YEARS + 1);
    let (inputs, targets): (Vec<[f32; YEARS]>, Vec<[f32; YEARS]>) =
        windows.filter_map(|window| Some((*window.first_chunk()?, *window.last_chunk()?))).unzip();
    let (training, validation) = Dataset::new(&inputs, &targets)?.split_at(inputs.len() - VALIDATION_WINDOWS)?;
    println!("{}\n", Forecast::summary());

    let mut network = Forecast::new(&mut rng(1));
    Fit::new(Adam::new(2e-3), Mse)
        .epochs(500)
        .seed(1)
        .clip_norm(1.0)
        .validation(&validation)
        .early_stopping(EarlyStopping::new().patience(30).restore_best())
        .progress()
        .run(&mut network, &training)?;

    let mut state = ForecastState::ZERO;
    let forecasts: Vec<f32> =
        scaled.iter().map(|&number| network.step(&mut state, &[number])[0].max(0.0) * UNIT).collect();
    // what was known of a year, the year before: what it was itself, the forecast made of it, and the number that came
    let years = TRAINING_YEARS..numbers.len();
    let test = || years.clone().map(|year| (numbers[year - 1], forecasts[year - 1], numbers[year]));

    println!("\nsunspots # and their forecast |");
    for (year, (_, forecast, number)) in years.clone().zip(test()) {
        println!("{} {}", FIRST_YEAR + year, bar(number, forecast));
    }
    let forecast = root_mean_square(test().map(|(_, forecast, number)| forecast - number));
    let naive = root_mean_square(test().map(|(before, _, number)| before - number));
    println!("\nerror of the forecast: {forecast:.3}; of the naive forecast: {naive:.3}");
    Ok(())
}

/// A bar of the number's length, with a mark at the forecast; a character for every two sunspots.
#[expect(clippy::cast_sign_loss, reason = "there are never fewer than 0 sunspots")]
fn bar(number: f32, forecast: f32) -> String {
    let [number, forecast] = [number, forecast].map(|value| (value / 2.0).round() as usize);
    let characters = 0..number.max(forecast + 1);
    characters
        .map(|i| {
            if i == forecast {
                '|'
            } else if i < number {
                '#'
            } else {
                ' '
            }
        })
        .collect()
}

fn root_mean_square(values: impl Iterator<Item = f32> + Clone) -> f32 {
    let count = values.clone().count();
    (values.map(|value| value * value).sum::<f32>() / count as f32).sqrt()
}
