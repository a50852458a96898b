//! Training and evaluation of networks that are written by hand.

#![allow(clippy::float_cmp, reason = "equal bits are meant")]

#[path = "training/networks.rs"]
mod networks;
#[path = "training/refused.rs"]
mod refused;

use approx::assert_relative_eq;
use networks::{Counting, Dropping, Following, Large, Small, Xor};
use nn_runtime::bytemuck;
use nn_runtime::network::Parameters;
use nn_runtime::optim::SgdMomentum;
use nn_runtime::prelude::*;
use nn_runtime::train::SampleError;
use refused::train_error;

const XOR_INPUTS: [[f32; 2]; 4] = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
const XOR_TARGETS: [[f32; 1]; 4] = [[0.0], [1.0], [1.0], [0.0]];

fn new<P: Parameters>(seed: u64) -> P {
    let mut network: P = bytemuck::zeroed();
    network.init(&mut rng(seed));
    network
}

/// Seven samples for `Small` and `Dropping`.
fn samples() -> ([[f64; 3]; 7], [[f64; 2]; 7]) {
    let wave = |phase: usize| f64::sin(phase as f64 * 1.7);
    let inputs = core::array::from_fn(|row| core::array::from_fn(|column| wave(row * 3 + column)));
    (inputs, core::array::from_fn(|row| core::array::from_fn(|column| wave(100 + row * 2 + column))))
}

#[test]
fn xor_is_learned_in_memory_of_the_stack() {
    let mut network: Xor = new(0);
    let mut training = Training::<Xor, Adam, 4>::ZERO;
    let optimizer = Adam::new(0.05);
    let mut loss = f32::NAN;
    for _ in 0..500 {
        loss = training.step(&mut network, &optimizer, &BceWithLogits, &XOR_INPUTS, &XOR_TARGETS).unwrap();
    }
    assert!(loss < 0.02, "{loss}");
    assert_eq!(training.steps, 500);
}

/// A run that is taken up again may count from anywhere; at its end the count stands still.
#[test]
fn the_last_steps_of_all_are_steps() {
    fn check<O: Optimizer<f32>>(optimizer: &O) {
        let mut network: Xor = new(0);
        let mut training = Training::<Xor, O, 4>::boxed();
        training.steps = u64::MAX - 1;
        for _ in 0..3 {
            training.step(&mut network, optimizer, &BceWithLogits, &XOR_INPUTS, &XOR_TARGETS).unwrap();
            training.update(&mut network, optimizer).unwrap();
        }
        assert_eq!(training.steps, u64::MAX);
        assert!(network != new::<Xor>(0) && network.as_slice().iter().all(|value| value.is_finite()));
    }
    check(&Sgd::new(0.01));
    check(&Sgd::new(0.01).momentum(0.9));
    check(&Adam::new(0.01));
    check(&AdamW::new(0.01));
    check(&NAdam::new(0.01));
    check(&Adagrad::new(0.01));
    check(&RmsProp::new(0.01));
    check(&Lion::new(0.01));
}

#[test]
fn the_gradient_is_that_of_the_mean_loss() {
    let (inputs, targets) = samples();
    let mut network: Small = new(1);
    let mut training = Training::<Small, Sgd, 4>::ZERO;
    training.loss_and_gradient(&network, &Mse, &inputs, &targets).unwrap();
    let gradient = training.gradient;
    for (i, expected) in gradient.as_slice().iter().enumerate() {
        let mut shifted = |by: f64| {
            network.as_mut_slice()[i] += by;
            let loss = training.loss_and_gradient(&network, &Mse, &inputs, &targets).unwrap();
            network.as_mut_slice()[i] -= by;
            loss
        };
        assert_relative_eq!((shifted(1e-6) - shifted(-1e-6)) / 2e-6, expected, max_relative = 1e-7, epsilon = 1e-9);
    }
}

fn loss_and_gradient<const BATCH: usize>(inputs: &[[f64; 3]], targets: &[[f64; 2]]) -> (f64, Dropping) {
    let mut training = Training::<Dropping, Sgd, BATCH>::ZERO;
    training.seed = 9;
    let loss = training.loss_and_gradient(&new::<Dropping>(1), &Mse, inputs, targets).unwrap();
    (loss, training.gradient)
}

#[test]
fn the_size_of_the_tiles_does_not_matter() {
    let (inputs, targets) = samples();
    let (expected_loss, expected) = loss_and_gradient::<1>(&inputs, &targets);
    let others = [
        loss_and_gradient::<2>(&inputs, &targets),
        loss_and_gradient::<5>(&inputs, &targets),
        loss_and_gradient::<7>(&inputs, &targets),
        loss_and_gradient::<16>(&inputs, &targets),
    ];
    for (loss, gradient) in others {
        assert_relative_eq!(loss, expected_loss, max_relative = 1e-14);
        for (computed, expected) in gradient.as_slice().iter().zip(expected.as_slice()) {
            assert_relative_eq!(computed, expected, max_relative = 1e-12, epsilon = 1e-15);
        }
    }
}

#[test]
fn dropout_changes_from_step_to_step_and_with_the_seed() {
    let (inputs, targets) = samples();
    let first_loss = |seed| {
        let mut training = Training::<Dropping, Sgd, 4>::ZERO;
        training.seed = seed;
        let mut step = || training.step(&mut new::<Dropping>(1), &Sgd::new(0.0), &Mse, &inputs, &targets).unwrap();
        [step(), step()]
    };
    let [first, second] = first_loss(0);
    assert_ne!(first, second);
    assert_ne!(first, first_loss(1)[0]);
    assert_eq!([first, second], first_loss(0));
}

#[test]
fn running_statistics_are_added_to_and_not_trained() {
    let mut network = Counting { weight: 0.5, rows: 100.0, unused: 7.0 };
    let mut training = Training::<Counting, SgdMomentum, 4>::ZERO;
    let optimizer = Sgd::new(0.1).momentum(0.9).weight_decay(0.5);
    let loss =
        training.step(&mut WithFrozen::new(&mut network, &0.25), &optimizer, &Mse, &[[1.0], [2.0]], &[[0.0], [1.0]]);
    // outputs 0.75 and 1.25; d weight = (2 · 0.75 · 1 + 2 · 0.25 · 2) / 2
    assert_relative_eq!(loss.unwrap(), 0.3125);
    assert_relative_eq!(network.weight, 0.5 - 0.1 * (1.25 + 0.5 * 0.5));
    assert_relative_eq!(network.unused, 7.0 - 0.1 * 0.5 * 7.0);
    assert_eq!(network.rows, 102.0);
    assert_eq!(training.state[0].rows, 0.0);
}

#[test]
fn clipping_is_pytorchs_and_leaves_running_statistics() {
    // PyTorch 2.15: clip_grad_norm_ of [3, -4] to 2.5
    let mut gradient = Counting { weight: 3.0, rows: 100.0, unused: -4.0 };
    assert_relative_eq!(clip_norm(&mut gradient, 2.5).unwrap(), 5.0);
    assert_relative_eq!(gradient.weight, 1.499_999_7, max_relative = 1e-7);
    assert_relative_eq!(gradient.unused, -1.999_999_6, max_relative = 1e-7);
    assert_eq!(gradient.rows, 100.0);
    let before = gradient;
    clip_norm(&mut gradient, 3.0).unwrap();
    assert_eq!(gradient, before);
}

#[test]
fn mini_batches_that_cannot_be_trained_on_are_refused() {
    let mut network: Xor = new(0);
    let before = network;
    let mut training = Training::<Xor, Adam, 4>::ZERO;
    let mut step = |inputs: &[[f32; 2]], targets: &[[f32; 1]]| {
        training.step(&mut network, &Adam::default(), &BceWithLogits, inputs, targets).unwrap_err().to_string()
    };
    assert_eq!(step(&[], &[]), "there are no samples");
    assert_eq!(step(&XOR_INPUTS, &[[0.0]]), "there are 4 inputs, but 1 targets; each input needs one");
    assert_eq!(
        step(&XOR_INPUTS, &[[0.0], [1.0], [7.5], [0.0]]),
        "sample 2: the target: the value at position 0 is 7.5, but must be a probability, from 0 to 1"
    );
    assert_eq!(network, before);
}

#[test]
fn index_inputs_that_are_out_of_range_are_refused() {
    let mut network: Following = new(0);
    let mut training = Training::<Following, Adam, 4>::ZERO;
    let mut step = |inputs: [[u8; 2]; 2]| {
        training.step(&mut network, &Adam::default(), &CrossEntropy, &inputs, &[[0_u8, 1], [2, 3]])
    };
    assert!(step([[3, 0], [1, 2]]).is_ok());
    let error = step([[3, 0], [1, 4]]).unwrap_err();
    assert!(
        matches!(error, TrainError::Sample { row: 1, error: SampleError::Index(error) } if (error.index, error.position, error.bound) == (4, 1, 4))
    );
    assert!(error.to_string().starts_with("sample 1: index 4 at position 1"), "{error}");
}

#[test]
fn statistics_over_the_mini_batch_need_it_in_one_tile() {
    let mut training = Training::<Counting, Sgd, 2>::ZERO;
    let mut step = |rows: usize| {
        let (inputs, targets) = (vec![[1.0]; rows], vec![[1.0]; rows]);
        let mut network: Counting = bytemuck::zeroed();
        training.step(&mut WithFrozen::new(&mut network, &0.0), &Sgd::new(0.1), &Mse, &inputs, &targets)
    };
    assert!(step(2).is_ok());
    assert_eq!(step(1), Err(TrainError::SingleSample));
    let error = step(3).unwrap_err();
    assert_eq!(error, TrainError::LargerThanTile { samples: 3, tile: 2 });
    assert_eq!(
        error.to_string(),
        "the network takes statistics over the mini-batch, which must fit into one tile, but it has 3 samples and the \
         tile 2 rows; train with tiles of 3 rows, or with mini-batches of 2"
    );
}

#[test]
fn fit_refuses_what_a_mini_batch_would_have_to_refuse() {
    let (inputs, targets) = ([[1.0]; 7], [[1.0]; 7]);
    let data = Dataset::new(&inputs, &targets).unwrap();
    let run = |batch_size, data: &Dataset<[f32; 1], [f32; 1]>| {
        let mut network: Counting = bytemuck::zeroed();
        let mut fit = Fit::new(Sgd::new(0.1), Mse).batch_size(batch_size).tile::<4>();
        let report = fit.run(&mut WithFrozen::new(&mut network, &0.0), data);
        report.map(|_| network.rows).map_err(train_error)
    };
    assert_eq!(run(4, &data), Ok(70.0));
    assert_eq!(run(3, &data), Err(TrainError::SingleSample));
    assert_eq!(run(5, &data), Err(TrainError::LargerThanTile { samples: 5, tile: 4 }));
    assert_eq!(run(0, &data), Err(TrainError::NoBatchSize));
    let few = data.split_at(4).unwrap().0;
    assert_eq!(run(100, &few), Ok(40.0));
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let (inputs, targets) = samples();
    let data = Dataset::new(&inputs, &targets).unwrap();
    let run = |seed| {
        let mut network: Dropping = new(3);
        let fit = Fit::new(AdamW::new(0.01), Mse).epochs(5).batch_size(3).seed(seed).clip_norm(0.5).tile::<2>();
        let mut epochs = Vec::new();
        fit.validation(&data).on_epoch(|run| epochs.push(run.results.clone())).run(&mut network, &data).unwrap();
        (network, epochs)
    };
    let (network, epochs) = run(1);
    assert_eq!((network, epochs.clone()), run(1));
    assert_ne!(network, run(2).0);
    assert_eq!(epochs.len(), 5);
}

#[test]
fn gradients_are_clipped_by_value_and_by_norm() {
    let (inputs, targets) = samples();
    let data = Dataset::new(&inputs, &targets).unwrap();
    let fit = || Fit::new(Sgd::new(1.0), Mse);
    let change = |fit: Fit<Dropping, Sgd, Mse, [f64; 2]>| {
        let before: Dropping = new(3);
        let mut network = before;
        fit.epochs(1).batch_size(inputs.len()).seed(1).run(&mut network, &data).unwrap();
        let change: Vec<f64> =
            network.as_slice().iter().zip(before.as_slice()).map(|(after, before)| after - before).collect();
        [
            change.iter().fold(0.0_f64, |most, one| most.max(one.abs())),
            change.iter().map(|one| one * one).sum::<f64>().sqrt(),
        ]
    };
    let [[largest, norm], [by_value, _], [_, by_norm]] =
        [change(fit()), change(fit().clip_value(0.01)), change(fit().clip_norm(0.02))];
    assert!(largest > 0.02 && norm > 0.04, "{largest} {norm}");
    assert_relative_eq!(by_value, 0.01, max_relative = 1e-4);
    assert_relative_eq!(by_norm, 0.02, max_relative = 1e-4);
}

#[test]
fn sequences_are_learned_and_evaluated_by_step() {
    let inputs = [[0_u8, 1], [1, 2], [2, 3], [3, 0], [0, 1]];
    let targets = [[1_u16, 2], [2, 3], [3, 0], [0, 1], [1, 1]];
    let data = Dataset::new(&inputs, &targets).unwrap();
    let mut network: Following = new(4);
    let fit = Fit::new(Adam::new(0.1), CrossEntropy).epochs(60).batch_size(5).tile::<4>();
    let mut last = None;
    fit.validation(&data).on_epoch(|run| last = run.results.validation).run(&mut network, &data).unwrap();
    let found = evaluate(&network, &CrossEntropy, &data).unwrap();
    assert_relative_eq!(found.loss, last.unwrap().loss, max_relative = 1e-6);
    assert_eq!((found.accuracy, found.samples), (Some(0.9), 5));
}

#[test]
fn evaluation_is_the_mean_over_the_samples() {
    let (inputs, targets) = samples();
    let data = Dataset::new(&inputs, &targets).unwrap();
    let network: Small = new(5);
    let mut training = Training::<Small, Sgd, 3>::ZERO;
    let expected = training.loss_and_gradient(&network, &Mse, &inputs, &targets).unwrap();
    let found = evaluate(&network, &Mse, &data).unwrap();
    assert_relative_eq!(found.loss, expected, max_relative = 1e-14);
    assert_eq!((found.accuracy, found.samples), (None, 7));
    let mut evaluator = Evaluator::<Small, 2>::ZERO;
    let small = evaluator.evaluate(&network, &Mse, &data).unwrap();
    assert_relative_eq!(small.loss, expected, max_relative = 1e-14);
}

#[test]
fn outputs_of_a_batch_are_those_of_its_samples() {
    let (inputs, _) = samples();
    let network: Small = new(5);
    let outputs = predict_batch(&network, &inputs).unwrap();
    let one_by_one: Vec<_> = inputs.iter().map(|input| predict_batch(&network, &[*input]).unwrap()[0]).collect();
    assert_eq!(outputs.len(), 7);
    for (output, one) in outputs.iter().zip(&one_by_one) {
        assert_relative_eq!(output[..], one[..], max_relative = 1e-14);
    }
    let mut room = [[0.0; 2]; 6];
    let mut evaluator = Evaluator::<Small, 4>::ZERO;
    let error = evaluator.predict(&network, &inputs, &mut room).unwrap_err();
    assert_eq!(error.to_string(), "there are 7 inputs, but room for 6 outputs; each input needs one");
    assert_eq!(predict_batch::<Small>(&network, &[[0.0; 3]; 0]).unwrap_err().to_string(), "there are no samples");
}

#[test]
fn frozen_parameters_are_seen_by_evaluation() {
    let data = Dataset::new(&[[1.0], [2.0]], &[[1.0], [3.0]]).unwrap();
    let network = Counting { weight: 1.0, rows: 0.0, unused: 0.0 };
    assert_eq!(evaluate(&WithFrozen::new(&network, &1.0), &Mse, &data).unwrap().loss, 0.5);
}

#[test]
fn the_confusion_matrix_counts_the_largest_output() {
    let (inputs, _) = samples();
    let classes = [0_u32, 1, 0, 1, 1, 0, 0];
    let data = Dataset::new(&inputs, &classes).unwrap();
    let network: Small = new(6);
    let matrix = confusion_matrix(&network, &data).unwrap();
    assert_eq!(matrix.samples(), 7);
    assert_eq!(matrix.counts.map(|row| row.iter().sum::<u64>()), [4, 3]);
    assert_eq!(Some(matrix.accuracy()), evaluate(&network, &CrossEntropy, &data).unwrap().accuracy);
    let unknown = Dataset::new(&inputs[..1], &[2_u32]).unwrap();
    assert_eq!(
        confusion_matrix(&network, &unknown).unwrap_err().to_string(),
        "sample 0: the target: the class is 2, but the network has outputs for the classes 0 to 1"
    );
}

#[test]
fn large_networks_train_without_touching_the_stack() {
    let train = || {
        let mut network: Box<Large> = bytemuck::zeroed_box();
        Parameters::init(&mut *network, &mut rng(0));
        let mut training = Training::<Large, Adam, 16>::boxed();
        let inputs = vec![[0.5; 784]; 20];
        let targets = vec![3_u8; 20];
        let mut step = || training.step(&mut network, &Adam::default(), &CrossEntropy, &inputs, &targets).unwrap();
        let first = step();
        assert!(step() < first);
        let data = Dataset::new(&inputs, &targets).unwrap();
        assert_eq!(evaluate(&*network, &CrossEntropy, &data).unwrap().accuracy, Some(1.0));
    };
    // the training state is 6.5 MB
    std::thread::Builder::new().stack_size(256 << 10).spawn(train).unwrap().join().unwrap();
}

/// The optimizer state of such a network has no names; it must not be left out.
#[test]
fn without_a_table_of_layers_a_run_is_not_saved() {
    let error = serde_json::to_string(&Training::<Small, Adam, 4>::ZERO).expect_err("no names");
    assert_eq!(error.to_string(), "the table of layers lists 0 values, but the optimizer's state has 32");
}
