//! Batch normalisation of a mini-batch of one sample: right where a sample has several values of each channel, an error where
//! it has one.

use nn_runtime::prelude::*;
use nn_tests::{Case, check_statistics};

network! {
    struct Length: f64 [3, 25] -> f64 [3, 25] { layer: batch_norm1d }
    struct LengthSingle: [3, 25] -> [3, 25] { layer: batch_norm1d }
    struct Features: f64 [4, 5] -> f64 [4, 5] { layer: batch_norm1d }
    struct Options: f64 [3, 5] -> f64 [3, 5] { layer: batch_norm1d(eps = 0.01, momentum = 0.25) }
    struct Image: f64 [3, 20, 5] -> f64 [3, 20, 5] { layer: batch_norm2d }
    struct ImageSingle: [3, 20, 5] -> [3, 20, 5] { layer: batch_norm2d }
}

/// PyTorch's values for five samples, which are those for one sample that holds the values of all five.
#[test]
fn one_sample_agrees_with_pytorch() {
    let case = |name| Case::read(name).in_one_sample();
    let (length, image) = (case("batch_norm1d/length"), case("batch_norm2d/image"));
    check_statistics::<Length, 1>(&length);
    check_statistics::<Length, 4>(&length);
    check_statistics::<LengthSingle, 1>(&length);
    check_statistics::<LengthSingle, 16>(&length);
    check_statistics::<Features, 1>(&case("batch_norm1d/features"));
    check_statistics::<Options, 1>(&case("batch_norm1d/options"));
    check_statistics::<Image, 1>(&image);
    check_statistics::<ImageSingle, 16>(&image);
}

network! {
    struct Five: f64 [2, 3] -> f64 [2, 3] { norm: batch_norm1d(momentum = 0.25), prelu }
    struct One: f64 [2, 15] -> f64 [2, 15] { norm: batch_norm1d(momentum = 0.25), prelu }
    struct Inside: f64 [2, 15] -> f64 [2, 15] { one: One }

    struct Pixels: [2, 1, 2] -> [2] { batch_norm2d, flatten, linear(2) }
    struct Pixel: [2, 1, 1] -> [2] { batch_norm2d, flatten, linear(2) }
    struct Values: [4] -> [2] { linear(3), batch_norm1d, linear(2) }
    struct ValuesInside: [4] -> [2] { Values, linear(2) }
    struct Both: [2, 3] -> [2] { batch_norm1d, flatten, batch_norm1d, linear(2) }
    struct Still: [4] -> [2] { #[frozen] batch_norm1d, linear(2) }
}

fn number(index: usize) -> f64 {
    ((index * 37 + 11) % 29) as f64 / 7.0 - 2.0
}

/// Two steps on five samples are two steps on one that holds the values of all five.
#[test]
fn a_step_on_one_sample_is_right() {
    let five: [[f64; 6]; 5] = std::array::from_fn(|row| std::array::from_fn(|at| number(row * 6 + at)));
    let one: [f64; 30] = std::array::from_fn(|at| five[at % 15 / 3][at / 15 * 3 + at % 3]);
    let (mut expected, mut actual) = (Five::new(&mut rng(1)), One::new(&mut rng(1)));
    let mut inside = Inside { one: actual };
    let mut training = Training::<Five, Sgd, 5>::ZERO;
    let mut training_one = Training::<One, Sgd, 1>::ZERO;
    let mut training_inside = Training::<Inside, Sgd, 8>::ZERO;
    for step in 0..2 {
        let sgd = Sgd::new(0.3);
        let loss = training.step(&mut expected, &sgd, &Mse, &five, &[[0.5; 6]; 5]).unwrap();
        let losses = [
            training_one.step(&mut actual, &sgd, &Mse, &[one], &[[0.5; 30]]).unwrap(),
            training_inside.step(&mut inside, &sgd, &Mse, &[one], &[[0.5; 30]]).unwrap(),
        ];
        assert!(losses.iter().all(|found| (found - loss).abs() < 1e-12), "step {step}: {losses:?}, expected {loss}");
        for found in [&actual, &inside.one] {
            for (found, expected) in found.as_slice().iter().zip(expected.as_slice()) {
                assert!((found - expected).abs() < 1e-12, "step {step}: {found}, expected {expected}");
            }
        }
    }
    assert!(actual.norm.running_var.iter().all(|var| (*var - 1.0).abs() > 1e-3));
}

/// Trains on the mini-batches of an epoch, the last of which has one sample.
macro_rules! fit_with_one_left {
    ($network:ident, $inputs:literal) => {{
        let inputs: [[f32; $inputs]; 5] =
            std::array::from_fn(|row| std::array::from_fn(|at| number(row * $inputs + at) as f32));
        let targets = [[0.0_f32, 1.0]; 5];
        let data = Dataset::new(&inputs, &targets).unwrap();
        let mut network = $network::new(&mut rng(1));
        let outcome = Fit::new(Sgd::new(0.1), Mse).epochs(2).batch_size(4).run(&mut network, &data);
        let is_finite = network.as_slice().iter().all(|value| value.is_finite());
        assert!(is_finite && outcome.is_ok() == (network != $network::new(&mut rng(1))));
        outcome.map(drop).map_err(|error| if let FitError::Train(error) = error { error } else { panic!("{error}") })
    }};
}

#[test]
fn a_last_mini_batch_of_one_sample_trains_if_it_has_a_variance() {
    assert_eq!(fit_with_one_left!(Pixels, 4), Ok(()));
    assert_eq!(fit_with_one_left!(Pixel, 2), Err(TrainError::SingleSample));
    assert_eq!(fit_with_one_left!(Values, 4), Err(TrainError::SingleSample));
    assert_eq!(fit_with_one_left!(ValuesInside, 4), Err(TrainError::SingleSample));
    assert_eq!(fit_with_one_left!(Both, 6), Err(TrainError::SingleSample));
    assert!(TrainError::SingleSample.to_string().contains("of one value a sample needs 2 samples or more"));
}

#[test]
fn what_is_frozen_needs_no_variance() {
    let (inputs, targets) = ([[1.0, 2.0, 3.0, 4.0]], [[0.0, 1.0]]);
    let (mut network, frozen) = (Still::new(&mut rng(1)), StillFrozen::new(&mut rng(2)));
    let mut training = Training::<Still, Sgd, 4>::ZERO;
    let step = training.step(&mut network.with_frozen_mut(&frozen), &Sgd::new(0.1), &Mse, &inputs, &targets);
    assert!(step.is_ok());
}
