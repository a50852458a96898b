//! Large networks stay off the stack: built, copied, trained and used on a thread whose stack holds a part of one, without
//! optimisation.

use std::sync::Mutex;

use nn_runtime::bytemuck::{zeroed, zeroed_box, zeroed_vec};
use nn_runtime::prelude::*;
use nn_runtime::{Aligned, STACK_BYTES};

network! {
    /// 2.6 MB.
    struct Large: [800] -> [800] { fc: linear(800) }

    /// 2.6 MB, all of them in networks of its own.
    struct Outer: [800] -> [10] { large: Large, linear(10) }

    /// 2.6 MB that are frozen.
    struct Head: [800] -> [10] { #[frozen] fc: linear(800), relu, head: linear(10) }

    /// A state of 512 kB.
    struct Echo: [16, 8] -> [1, 8] { conv1d(1, kernel_size = 3, dilation = 4000, causal = true) }

    /// More inference workspace than `predict` has on the stack.
    struct Image: [3, 96, 96] -> [2] { conv2d(8, kernel_size = 3, padding = 1), relu, global_avg_pool, linear(2) }

    /// Just small enough for `new`: 448 KiB with the weights and biases of 14 units.
    struct Largest: [8191] -> [14] { linear(14) }

    /// An output of just under 448 KiB.
    struct Wide: [2] -> [114000] { linear(1), linear(114000) }

    /// The same in each of 2 steps.
    struct WideSteps: [2, 1] -> [2, 114000] { linear(114000) }

    /// An input of just under 448 KiB.
    struct WideInput: [114000] -> [1] { linear(1), tanh }

    /// Just small enough for `load`: 192 KiB.
    struct LargestLoaded: [4095] -> [12] { linear(12) }
}

const _: () = assert!(size_of::<Large>() > 2 << 20 && size_of::<Largest>() == STACK_BYTES);
const _: () = assert!(size_of::<LargestLoaded>() == 192 << 10);

/// Runs on a thread with a stack of 256 KiB.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    on_a_stack(256 << 10, run);
}

fn on_a_stack(bytes: usize, run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(bytes).spawn(run);
    thread.expect("a thread starts").join().expect("the stack suffices");
}

fn large(seed: u64) -> Box<Large> {
    Large::boxed(&mut rng(seed))
}

#[test]
fn boxes_are_deserialized_in_place() {
    on_a_small_stack(|| {
        let first = large(1);
        let bytes = postcard::to_allocvec(&first).expect("finite values");
        let second: Box<Large> =
            nn_runtime::serde::boxed(&mut postcard::Deserializer::from_bytes(&bytes)).expect("a network");
        assert!(first == second);
        let run = Training::<Large, Adam, 1>::boxed();
        let text = serde_json::to_string(&run).expect("finite values");
        let mut read = run.clone();
        read.deserialize_in(&mut serde_json::Deserializer::from_str(&text)).expect("a run");
        assert!(read.state == run.state);
    });
}

#[test]
fn boxes_are_copied_in_place() {
    on_a_small_stack(|| {
        let (first, mut second) = (large(1), large(2));
        assert!(first != second);
        second.copy_from(&first);
        assert!(first == second);
        second = large(2);
        second.clone_from(&first);
        assert!(first == second && first.clone() == first);
        let mut both = vec![first; 2];
        both[1] = large(2);
        let [first, second] = &mut both[..] else { panic!("two networks") };
        std::mem::swap(first, second);
        assert!(*first == large(2));
    });
}

#[test]
fn aligned_boxes_are_copied_in_place() {
    on_a_small_stack(|| {
        let mut first = Aligned::<Large>::boxed();
        first.init(&mut rng(1));
        let mut second = first.clone();
        assert!(first == second);
        second.init(&mut rng(2));
        second.clone_from(&first);
        assert!(first == second);
        second.copy_from(&large(1));
        assert!(first == second);
    });
}

/// The largest outputs and gradients that are returned by value, on a stack as large as that of Rust's threads.
#[test]
fn the_largest_rows_are_returned_on_the_stack_of_a_thread() {
    on_a_stack(2 << 20, || {
        let (network, mut workspace) = (Wide::boxed(&mut rng(1)), WideInferenceWorkspace::boxed());
        let output = network.predict_in(&[1.0, 2.0], &mut workspace);
        assert!(output.iter().all(|value| value.is_finite()));
    });
    on_a_stack(2 << 20, || {
        let (network, mut state) = (WideSteps::boxed(&mut rng(1)), WideStepsState::boxed());
        let output = network.step(&mut state, &[1.0]);
        assert!(output.iter().all(|value| value.is_finite()));
    });
    on_a_stack(2 << 20, || {
        let (network, mut trace) = (WideInput::boxed(&mut rng(1)), WideInputTrace::boxed());
        let input = zeroed_box::<[f32; 114_000]>();
        let gradient = network.input_gradient_in(&input, 0, &mut trace).expect("an output");
        assert!(gradient.iter().all(|value| value.is_finite()));
    });
}

#[test]
fn training_stays_off_the_stack() {
    on_a_small_stack(|| {
        let mut network = large(1);
        let rows = zeroed_vec::<[f32; 800]>(3);
        let mut training = Training::<Large, Adam, 2>::boxed();
        let loss = training.step(&mut network, &Adam::new(1e-3), &Mse, &rows, &rows).expect("a step");
        let mut copy = training.clone();
        assert!(loss > 0.0 && copy.steps == 1 && copy.gradient == training.gradient && copy.state == training.state);
        training.steps = 0;
        training.clone_from(&copy);
        assert_eq!(training.steps, 1);
        copy.state[0].init(&mut rng(1));
        assert!(copy.state[0] == *large(1));

        let data = Dataset::new(&rows, &rows).expect("three rows");
        let fit = Fit::new(AdamW::new(1e-3), Mse).epochs(1).tile::<2>();
        fit.validation(&data).run(&mut *network, &data).expect("an epoch");
        let mut evaluator = Evaluator::<Large, 2>::boxed().clone();
        evaluator.evaluate(&network, &Mse, &data).expect("an evaluation");
        let outputs = predict_batch(&*network, &rows).expect("outputs");
        assert!(outputs[2].iter().eq(network.predict(&rows[2]).iter()));
    });
}

#[test]
fn networks_of_networks_stay_off_the_stack() {
    on_a_small_stack(|| {
        let mut network = Outer::boxed(&mut rng(1));
        network.large.copy_from(&large(2));
        let rows = zeroed_vec::<[f32; 800]>(2);
        let mut training = Training::<Outer, Sgd, 2>::boxed();
        training.step(&mut network, &Sgd::new(0.1), &CrossEntropy, &rows, &[1_u8, 2]).expect("a step");
        assert!(network.large != *large(2) && network.clone() == network);
    });
}

#[test]
fn frozen_parameters_stay_off_the_stack() {
    on_a_small_stack(|| {
        let (network, mut frozen) = (Head::boxed(&mut rng(1)), HeadFrozen::boxed(&mut rng(2)));
        frozen.clone_from(&HeadFrozen::boxed(&mut rng(3)));
        frozen.copy_from(&HeadFrozen::boxed(&mut rng(2)).clone());
        assert!(frozen == HeadFrozen::boxed(&mut rng(2)));
        let row: Box<[f32; 800]> = zeroed_box();
        assert!(network.with_frozen(&frozen).predict(&row)[0].is_finite());
    });
}

#[test]
fn states_are_reset_in_place() {
    const { assert!(size_of::<EchoState>() > STACK_BYTES) };
    on_a_small_stack(|| {
        let network = Echo::new(&mut rng(1));
        let mut state = EchoState::boxed();
        let mut after = |steps| (0..steps).map(|_| network.step(&mut state, &[1.0; 16])[0]).last();
        let (first, later) = (after(1), after(4000));
        assert_ne!(first, later);
        state.reset();
        assert_eq!(first, Some(network.step(&mut state, &[1.0; 16])[0]));
    });
}

#[test]
fn workspaces_stay_off_the_stack() {
    on_a_small_stack(|| {
        let network = Image::new(&mut rng(1));
        let image: Box<[f32; 3 * 96 * 96]> = zeroed_box();
        assert!(network.predict_in(&image, &mut ImageInferenceWorkspace::boxed())[0].is_finite());
    });
}

/// A `static` is no stack: it may be of any size.
#[test]
fn statics_may_be_large() {
    static NETWORK: Mutex<Large> = Mutex::new(zeroed());
    static TRAINING: Mutex<Training<Large, SgdMomentum, 2>> = Mutex::new(zeroed());
    static UNTRAINED: Large = zeroed();
    on_a_small_stack(|| {
        let mut network = NETWORK.lock().expect("no panic");
        let mut training = TRAINING.lock().expect("no panic");
        network.init(&mut rng(1));
        let rows = zeroed_vec::<[f32; 800]>(2);
        training.step(&mut *network, &Sgd::new(0.1).momentum(0.9), &Mse, &rows, &rows).expect("a step");
        assert!(*network != *large(1));
        network.copy_from(&UNTRAINED);
        assert!(network.as_slice().iter().all(|&parameter| parameter == 0.0));
    });
}

/// What is still built on the stack is there twice at most: the main thread has 1 MB on Windows.
#[test]
fn the_largest_network_on_the_stack_fits_twice() {
    on_a_stack(960 << 10, || {
        let network = Largest::new(&mut rng(1));
        assert!(network.as_slice().iter().any(|&parameter| parameter != 0.0));
    });
}

/// Without optimisation, a `?` has what it unwraps on the stack four times.
#[test]
fn the_largest_network_that_is_loaded_fits_with_its_result() {
    on_a_stack(1000 << 10, || {
        let same = |network: &LargestLoaded| -> Result<bool, Box<dyn std::error::Error>> {
            let loaded = LargestLoaded::from_bytes(&network.to_bytes())?;
            Ok(loaded == *network)
        };
        assert!(same(&LargestLoaded::boxed(&mut rng(1))).expect("its own bytes"));
    });
}

#[test]
fn large_networks_are_loaded_in_place() {
    let path = std::env::temp_dir().join(format!("nn-stack-{}.safetensors", std::process::id()));
    let there = path.clone();
    on_a_small_stack(move || {
        let (network, mut other) = (large(1), large(2));
        network.save(&there).expect("saved");
        other.load_in(&there).expect("loaded");
        assert!(network == other);
        let (network, frozen) = (Head::boxed(&mut rng(1)), HeadFrozen::boxed(&mut rng(2)));
        network.with_frozen(&frozen).save(&there).expect("saved");
        let (mut other, mut other_frozen) = (Head::boxed(&mut rng(3)), HeadFrozen::boxed(&mut rng(4)));
        other.with_both_mut(&mut other_frozen).load_in(&there).expect("loaded");
        assert!(network == other && frozen == other_frozen);
    });
    std::fs::remove_file(path).expect("it was there");
}
