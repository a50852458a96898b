//! The bits of everything that runs on threads do not depend on their number.
#![cfg(feature = "threads")]

use nn_runtime::bytemuck::bytes_of;
use nn_runtime::prelude::*;
use nn_runtime::train::{FitReport, Threads, ThreadsError, Workers, shuffled};

network! {
    /// So few multiply-adds for its parameters that a group has 128 rows.
    struct Dense: [7] -> [5] { fc1: linear(33), relu, dropout(0.3), fc2: linear(17), tanh, out: linear(5) }

    /// A group is a tile.
    struct Conv: [2, 9, 9] -> [3] { conv2d(5, kernel_size = 3), relu, max_pool2d(2), flatten, linear(3) }

    /// So many parameters that each of 7 threads updates some; statistics are among them.
    struct Norm: [7] -> [5] { fc1: linear(150), norm: batch_norm1d, relu, fc2: linear(80), relu, fc3: linear(5) }

    struct Two: { x: [7], kind: u8 [1] } -> { class: [5], size: [2] } {
        kind, embedding(4, 3), flatten, concat { [x], [] }, linear(19), trunk: relu,
        class: trunk { linear(5) },
        size: trunk { linear(2) },
    }
}

const SAMPLES: usize = 700;
const NUMBERS: [usize; 4] = [1, 2, 3, 7];

fn number(i: usize) -> f32 {
    (i.wrapping_mul(0x9e37_79b9) >> 7) as u16 as f32 / 32768.0 - 1.0
}

fn rows<const N: usize>() -> Vec<[f32; N]> {
    (0..SAMPLES).map(|row| std::array::from_fn(|column| number(row * N + column))).collect()
}

fn classes(count: usize) -> Vec<u8> {
    (0..SAMPLES).map(|row| (row.wrapping_mul(0x9e37_79b9) >> 9) as u8 % count as u8).collect()
}

/// That a run leaves the same bits and the same history on any number of threads.
fn assert_same<P: Copy + nn_runtime::bytemuck::Pod>(run: impl Fn(usize) -> (P, FitReport)) {
    let (network, report) = run(1);
    for threads in NUMBERS {
        let (other, other_report) = run(threads);
        assert_eq!(bytes_of(&network), bytes_of(&other), "{threads} threads");
        assert_eq!(format!("{:?}", report.history), format!("{:?}", other_report.history), "{threads} threads");
    }
}

#[test]
fn runs_have_the_same_bits() {
    let (inputs, classes) = (rows::<7>(), classes(5));
    let (train, validation) = Dataset::new(&inputs, &classes).expect("data").split_at(600).expect("two parts");
    assert_same(|threads| {
        let mut network = Dense::new(&mut rng(0));
        let report = Fit::new(Adam::new(0.01), CrossEntropy)
            .epochs(3)
            .batch_size(300)
            .validation(&validation)
            .metrics(Accuracy)
            .threads(threads)
            .run(&mut network, &train);
        (network, report.expect("a run"))
    });
    // clipped, with a last mini-batch of another size, and gradients of several mini-batches
    assert_same(|threads| {
        let mut network = Dense::new(&mut rng(0));
        let report = Fit::new(Sgd::new(0.1).momentum(0.9), CrossEntropy)
            .epochs(2)
            .batch_size(130)
            .gradient_accumulation_steps(2)
            .clip_norm(0.1)
            .clip_value(0.05)
            .average(Average::ema(0.9))
            .threads(threads)
            .run(&mut network, &train);
        (network, report.expect("a run"))
    });
}

#[test]
fn convolutions_tables_and_several_outputs_have_the_same_bits() {
    let (images, labels) = (rows::<162>(), classes(3));
    let data = Dataset::new(&images, &labels).expect("data");
    assert_same(|threads| {
        let mut network = Conv::new(&mut rng(0));
        let run = Fit::new(AdamW::new(0.01), CrossEntropy)
            .epochs(1)
            .batch_size(200)
            .threads(threads)
            .run(&mut network, &data);
        (network, run.expect("a run"))
    });
    let inputs: Vec<_> =
        rows::<7>().into_iter().zip(classes(4)).map(|(x, kind)| TwoInput { x, kind: [kind] }).collect();
    let targets: Vec<_> =
        rows::<2>().into_iter().zip(classes(5)).map(|(size, class)| TwoOutput { class, size }).collect();
    let data = Dataset::new(&inputs, &targets).expect("data");
    assert_same(|threads| {
        let mut network = Two::new(&mut rng(0));
        let loss = TwoOutput { class: CrossEntropy, size: Mse };
        let run = Fit::new(Adagrad::new(0.01), loss)
            .epochs(2)
            .batch_size(500)
            .validation(&data)
            .metrics(TwoOutput { class: Accuracy, size: () })
            .threads(threads)
            .run(&mut network, &data);
        (network, run.expect("a run"))
    });
}

#[test]
fn a_mini_batch_of_one_group_has_the_bits_of_a_run_without_threads() {
    let (inputs, classes) = (rows::<7>(), classes(5));
    let data = Dataset::new(&inputs, &classes).expect("data");
    let run = |threads: Option<usize>| {
        let mut network = Norm::new(&mut rng(0));
        let groups = [("norm", Adam::new(0.1)), ("fc2", Adam::new(0.001))];
        let optimizer = Groups::new(&network, Adam::new(0.01), groups).expect("stages");
        let fit = Fit::new(optimizer, CrossEntropy).epochs(2).tile::<64>().batch_size(64);
        let mut fit = match threads {
            Some(threads) => fit.threads(threads),
            None => fit,
        };
        fit.run(&mut network, &data).expect("a run");
        network
    };
    for threads in NUMBERS {
        assert_eq!(run(None), run(Some(threads)), "{threads} threads");
    }
}

#[test]
fn a_gradient_is_that_of_one_thread() {
    let (inputs, classes) = (rows::<7>(), classes(5));
    let data = Dataset::new(&inputs, &classes).expect("data");
    let network = Dense::new(&mut rng(0));
    let rows = shuffled(SAMPLES, 3, 0);
    let mut alone = Training::<Dense, Sgd, 32>::boxed();
    let (ordered, labels): (Vec<_>, Vec<_>) = rows.iter().map(|&row| (inputs[row], classes[row])).unzip();
    let loss = alone.loss_and_gradient(&network, &CrossEntropy, &ordered, &labels).expect("finite");
    for threads in NUMBERS {
        let mut workers = Workers::new(Threads::new(threads).expect("threads"));
        let mut training = Training::<Dense, Sgd, 32>::boxed();
        let found = workers.loss_and_gradient(&mut training, &network, &CrossEntropy, &data, &rows).expect("finite");
        assert!((found - loss).abs() < 1e-6 * loss, "{found}, {loss}");
        let pairs = training.gradient.as_slice().iter().zip(alone.gradient.as_slice());
        for (found, expected) in pairs {
            assert!((found - expected).abs() <= 1e-6, "{found}, {expected}");
        }
    }
}

#[test]
fn evaluation_and_prediction_have_the_bits_of_one_thread() {
    let (inputs, classes) = (rows::<7>(), classes(5));
    let (inputs, classes) = (inputs.repeat(5), classes.repeat(5));
    let data = Dataset::new(&inputs, &classes).expect("data");
    let network = Dense::new(&mut rng(0));
    for threads in NUMBERS {
        let threads = Threads::new(threads).expect("threads");
        assert_eq!(threads.evaluate(&network, &CrossEntropy, &data), evaluate(&network, &CrossEntropy, &data));
        assert_eq!(threads.measure(&network, &Accuracy, &data), measure(&network, &Accuracy, &data));
        assert_eq!(threads.predict_batch(&network, &inputs), predict_batch(&network, &inputs));
        let few = &inputs[..3];
        assert_eq!(threads.predict_batch(&network, few), predict_batch(&network, few));
    }
}

#[test]
fn what_is_wrong_is_said_as_on_one_thread() {
    for threads in [0, 2000] {
        let error = Threads::new(threads).expect_err("a mistake");
        assert!(matches!(error, ThreadsError::Option(_)), "{error}");
        assert!(error.to_string().contains(&format!("is {threads}, but must be from 1 to 1024")), "{error}");
    }
    let (mut inputs, classes) = (rows::<7>(), classes(5));
    let threads = Threads::new(3).expect("threads");
    let mut network = Dense::new(&mut rng(0));
    network.fc1.bias[2] = 3e38;
    network.fc1.weight.fill(3e38);
    let data = Dataset::new(&inputs, &classes).expect("data");
    let (alone, shared) = (evaluate(&network, &CrossEntropy, &data), threads.evaluate(&network, &CrossEntropy, &data));
    assert_eq!(shared.expect_err("overflow"), alone.expect_err("overflow"));
    let before = network;
    let run = |threads: Option<usize>, network: &mut Dense| {
        let fit = Fit::new(Adam::new(0.01), CrossEntropy).batch_size(300);
        let mut fit = match threads {
            Some(threads) => fit.threads(threads),
            None => fit,
        };
        fit.run(network, &data).expect_err("overflow").to_string()
    };
    assert_eq!(run(Some(2), &mut network), run(None, &mut network));
    assert_eq!(network, before);
    inputs[650][3] = f32::NAN;
    // as text, since NaN is not equal to itself
    let alone = predict_batch(&network, &inputs).expect_err("NaN").to_string();
    assert_eq!(threads.predict_batch(&network, &inputs).expect_err("NaN").to_string(), alone);
    let none: &[[f32; 7]] = &[];
    assert_eq!(threads.predict_batch(&network, none).expect_err("nothing").to_string(), "there are no samples");
}
