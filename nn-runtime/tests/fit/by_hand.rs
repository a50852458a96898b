//! A run has the bits of the loop that `Training::step_rows` shows.

use std::fmt::Debug;

use nn_runtime::prelude::*;
use nn_runtime::train::shuffled;

use super::{Data, Dropping, Normed, Plain, pick};

const EPOCHS: usize = 30;
const SEED: u64 = 7;

/// Networks of `Data`.
trait Net: Network<Input = [f32; 3], Output = [f32; 4], Scalar = f32> + Copy + PartialEq + Debug {}

impl<N: Network<Input = [f32; 3], Output = [f32; 4], Scalar = f32> + Copy + PartialEq + Debug> Net for N {}

/// The network after a run, and the number of its updates.
fn by_fit<N: Net, const BATCH: usize>(mut network: N, batch_size: usize, drops_last: bool) -> (N, u64) {
    let data = Data::new(90);
    let mut fit = Fit::new(Adam::new(0.01), Mse).epochs(EPOCHS).batch_size(batch_size).seed(SEED).tile::<BATCH>();
    if drops_last {
        fit = fit.drop_last();
    }
    let report = fit.run(&mut network, &data.values()).expect("the data are right");
    assert_eq!(report.epochs, EPOCHS);
    (network, report.steps)
}

fn by_hand<N: Net, const BATCH: usize>(mut network: N, batch_size: usize, drops_last: bool) -> (N, u64) {
    let data = Data::new(90);
    let data = data.values();
    let mut training = Training::<N, Adam, BATCH>::boxed();
    training.seed = SEED;
    for epoch in 0..EPOCHS {
        let order = shuffled(data.len(), SEED, epoch as u64);
        for rows in order.chunks(batch_size).filter(|rows| !drops_last || rows.len() == batch_size) {
            training.step_rows(&mut network, &Adam::new(0.01), &Mse, &data, rows).expect("the data are right");
        }
    }
    (network, training.steps)
}

fn check<N: Net, const BATCH: usize>(network: N, batch_sizes: &[usize]) {
    for &batch_size in batch_sizes {
        for drops_last in [false, true] {
            let expected = by_hand::<N, BATCH>(network, batch_size, drops_last);
            assert_eq!(by_fit::<N, BATCH>(network, batch_size, drops_last), expected, "mini-batches of {batch_size}");
        }
    }
}

#[test]
fn of_any_mini_batches() {
    check::<_, 32>(Plain::new(&mut rng(1)), &[1, 7, 32, 64]);
}

#[test]
fn with_dropout() {
    check::<_, 32>(Dropping::new(&mut rng(1)), &[1, 7, 32, 64]);
}

#[test]
fn with_batch_normalisation() {
    check::<_, 32>(Normed::new(&mut rng(1)), &[7, 32]);
    check::<_, 64>(Normed::new(&mut rng(1)), &[64]);
}

#[test]
fn with_gradients_that_are_clipped() {
    let data = Data::new(90);
    let data = data.values();
    for (max_value, max_norm) in [(Some(0.05), None), (None, Some(0.1)), (Some(0.05), Some(0.1))] {
        let mut network = Dropping::new(&mut rng(1));
        let mut fit = Fit::new(Adam::new(0.01), Mse).epochs(EPOCHS).batch_size(40).seed(SEED);
        if let Some(max) = max_value {
            fit = fit.clip_value(max);
        }
        if let Some(max) = max_norm {
            fit = fit.clip_norm(max);
        }
        fit.run(&mut network, &data).expect("the data are right");

        let mut expected = Dropping::new(&mut rng(1));
        let mut training = Training::<Dropping, Adam, 32>::boxed();
        training.seed = SEED;
        for epoch in 0..EPOCHS {
            for rows in shuffled(data.len(), SEED, epoch as u64).chunks(40) {
                let (inputs, targets) = pick(&data, rows);
                training.loss_and_gradient(&expected, &Mse, &inputs, &targets).expect("the data are right");
                if let Some(max) = max_value {
                    clip_value(&mut training.gradient, max).expect("it is positive");
                }
                if let Some(max) = max_norm {
                    clip_norm(&mut training.gradient, max).expect("it is positive");
                }
                training.update(&mut expected, &Adam::new(0.01)).expect("the gradient is finite");
            }
        }
        assert_eq!(network, expected, "{max_value:?}, {max_norm:?}");
    }
}

#[test]
fn each_run_begins_anew() {
    let data = Data::new(50);
    let mut fit = Fit::new(Adam::new(0.01), Mse).epochs(3).seed(SEED);
    let mut run = |mut network: Dropping| {
        let report = fit.run(&mut network, &data.values()).expect("the data are right");
        (network, report)
    };
    let first = run(Dropping::new(&mut rng(1)));
    assert_eq!(run(Dropping::new(&mut rng(1))), first);
    assert_ne!(run(first.0).0, first.0);
}

#[test]
fn rows_that_there_are_not_are_refused() {
    let data = Data::new(5);
    let mut network = Plain::new(&mut rng(1));
    let mut training = Training::<Plain, Adam, 4>::boxed();
    let mut step = |rows: &[usize]| training.step_rows(&mut network, &Adam::default(), &Mse, &data.values(), rows);
    assert_eq!(step(&[0, 5, 1]), Err(TrainError::NoSuchRow { row: 5, samples: 5 }));
    assert_eq!(step(&[]), Err(TrainError::Data(DataError::Empty)));
    assert!(step(&[4, 4, 0]).is_ok());
    assert_eq!((network == Plain::new(&mut rng(1)), training.steps), (false, 1));
}
