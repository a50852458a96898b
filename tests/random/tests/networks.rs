//! Random networks, each compiled and run: every gradient against central differences in `f64`, inference against the forward pass,
//! and blocks of steps against single steps, where a network has a step.
//!
//! `RANDOM_SEED=1000 RANDOM_NETWORKS=500 cargo test -p nn-random` tries others.

#![deny(warnings, clippy::pedantic)]
#![allow(dead_code, reason = "not every const and type that is drawn is used")]
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "the numbers are small")]

use std::marker::PhantomData;

use nn_runtime::kernels::Portable;
use nn_runtime::network::{Parameters, Pass, Streaming, Tile};
use nn_runtime::{bytemuck, init};
use nn_tests::{Value, assert_close, check_blocks};

include!(concat!(env!("OUT_DIR"), "/networks.rs"));

/// The rows of a tile, the last of which is padding.
const BATCH: usize = 4;
const ROWS: usize = 3;

/// The pass has dropout, with one mask.
const PASS: Pass = Pass::training(3, ROWS as u32);

/// How far a value is moved to either side, and how far the difference may then be from the gradient. A kink may lie in
/// between, or a sharp bend: then a smaller step has to agree.
const OFFSETS: [f64; 3] = [1e-5, 1e-6, 1e-7];
const TOLERANCE: f64 = 1e-6;

/// How far two ways of computing the same may be apart.
const ROUNDING: f64 = 1e-12;

/// A number of its own for each index, between -1 and 1.
fn number(index: usize) -> f64 {
    ((index as f64 + 1.0) * 12.9898).sin()
}

/// A network and a batch.
struct Setting<P: Parameters> {
    text: &'static str,
    network: Box<P>,
    frozen: Box<P::Frozen>,
    input: Box<Tile<P::Input, BATCH>>,
    workspace: Box<P::Workspace<BATCH>>,
}

/// What the check needs of a setting, whatever its type.
trait Subject {
    fn text(&self) -> &'static str;
    fn parameters(&mut self) -> &mut [f64];
    /// The input, if it has a gradient.
    fn input(&mut self) -> Option<&mut [f64]>;
    /// Which parameters are trained.
    fn trained(&self) -> Vec<usize>;
    fn forward(&mut self, pass: Pass) -> &mut [f64];
    fn infer(&mut self) -> Vec<f64>;
    /// The gradients of the parameters, and of the input; after `forward` and with its output overwritten.
    fn backward(&mut self) -> [Vec<f64>; 2];
    fn needs_whole_batch(&self) -> bool;
}

impl<P, V: Value, const IN: usize, const OUT: usize> Setting<P>
where
    P: Parameters<Scalar = f64, Input = [V; IN], Output = [f64; OUT]>,
{
    fn new(text: &'static str) -> Self {
        let (mut network, mut frozen) = (bytemuck::zeroed_box::<P>(), bytemuck::zeroed_box::<P::Frozen>());
        network.init(&mut init::rng(7));
        P::init_frozen(&mut frozen, &mut init::rng(8));
        // What starts as 0 or 1 everywhere would hide mistakes; variances stay above 0.
        for (index, parameter) in network.as_mut_slice().iter_mut().enumerate() {
            *parameter += 0.3 * number(index + 1000);
        }
        let mut input = bytemuck::zeroed_box::<Tile<P::Input, BATCH>>();
        for (index, value) in input.iter_mut().enumerate() {
            let number = number(index);
            let entry = |bound: usize| (0.5 * (number + 1.0) * bound as f64).floor();
            *value = V::from_value(P::INPUTS[0].index_bound.map_or(1.5 * number, entry));
        }
        Self { text, network, frozen, input, workspace: bytemuck::zeroed_box() }
    }
}

impl<P, V: Value, const IN: usize, const OUT: usize> Subject for Setting<P>
where
    P: Parameters<Scalar = f64, Input = [V; IN], Output = [f64; OUT]>,
{
    fn text(&self) -> &'static str {
        self.text
    }

    fn parameters(&mut self) -> &mut [f64] {
        self.network.as_mut_slice()
    }

    fn input(&mut self) -> Option<&mut [f64]> {
        P::HAS_INPUT_GRADIENT.then(|| bytemuck::cast_slice_mut(self.input.as_mut_slice()))
    }

    fn trained(&self) -> Vec<usize> {
        P::RUNS.iter().filter(|run| run.is_trained).flat_map(|run| run.start..run.start + run.len).collect()
    }

    fn forward(&mut self, pass: Pass) -> &mut [f64] {
        self.network.forward_with(Portable, &self.frozen, &self.input, &mut self.workspace, pass);
        P::output_then_grad(&mut self.workspace).as_mut_slice()
    }

    fn infer(&mut self) -> Vec<f64> {
        let mut workspace = bytemuck::zeroed_box::<P::Scratch<BATCH>>();
        self.network.infer_with(Portable, &self.frozen, &self.input, &mut workspace).as_slice().to_vec()
    }

    fn backward(&mut self) -> [Vec<f64>; 2] {
        let (mut gradient, mut input) = (bytemuck::zeroed_box::<P>(), self.input.clone());
        self.network.backward_with(Portable, &self.frozen, &self.input, &mut self.workspace, &mut gradient, PASS);
        let mut grad_input = Vec::new();
        if P::HAS_INPUT_GRADIENT {
            self.network.backward_input_with(Portable, &self.frozen, &mut input, &mut self.workspace, PASS);
            grad_input.extend_from_slice(bytemuck::cast_slice(input.as_slice()));
        }
        [gradient.as_slice().to_vec(), grad_input]
    }

    fn needs_whole_batch(&self) -> bool {
        P::NEEDS_WHOLE_BATCH
    }
}

/// A network that may have a step: it is not known to the type, so a const of its own is preferred to that of [`Unknown`], and a
/// function of its own to that of [`CannotStep`].
struct Steps<N, const CAN: bool>(PhantomData<N>);

trait Unknown {
    const KNOWN: bool = false;
}

impl<N> Unknown for Steps<N, true> {}

impl<N: Streaming> Steps<N, true> {
    const KNOWN: bool = N::CAN_STEP;
}

trait CannotStep {
    fn check(_text: &'static str) {}
}

impl<N> CannotStep for Steps<N, false> {}

impl<N, V: Value, const IN: usize, const OUT: usize> Steps<N, true>
where
    N: Streaming<Scalar = f64, Frame = [V; IN], FrameOutput = [f64; OUT]>,
{
    fn check(text: &'static str) {
        let (mut network, mut frozen) = (bytemuck::zeroed_box::<N>(), bytemuck::zeroed_box::<N::Frozen>());
        network.init(&mut init::rng(7));
        N::init_frozen(&mut frozen, &mut init::rng(8));
        check_blocks(&*network, &frozen, 1e-11, text);
    }
}

/// The samples of a tile, without its padding.
fn is_sample(index: usize) -> bool {
    index % BATCH < ROWS
}

/// A random weighting of the outputs, which is the gradient of the loss: of padding there is none.
fn weights(len: usize) -> Vec<f64> {
    (0..len).map(|index| if is_sample(index) { number(index + 500) } else { 0.0 }).collect()
}

fn loss(subject: &mut dyn Subject) -> f64 {
    let output = subject.forward(PASS);
    output.iter().zip(weights(output.len())).map(|(output, weight)| output * weight).sum()
}

/// Compares a gradient with how the loss changes.
fn check_entry(
    subject: &mut dyn Subject,
    what: &str,
    index: usize,
    actual: f64,
    value: fn(&mut dyn Subject) -> &mut [f64],
) {
    let mut difference = |offset: f64| {
        let before = value(subject)[index];
        let mut moved = |offset: f64| {
            value(subject)[index] = before + offset;
            loss(subject)
        };
        let difference = (moved(offset) - moved(-offset)) / (2.0 * offset);
        value(subject)[index] = before;
        difference
    };
    let mut differences = Vec::new();
    let is_right = OFFSETS.iter().any(|offset| {
        let expected = difference(*offset);
        differences.push(expected);
        (actual - expected).abs() <= TOLERANCE * expected.abs().max(1.0)
    });
    assert!(
        is_right,
        "gradient {index} of the {what} is {actual}, but the differences are {differences:?} in\n{}",
        subject.text(),
    );
}

fn check(subject: &mut dyn Subject) {
    let (text, inferred) = (subject.text(), subject.infer());
    assert_close(subject.forward(PASS.evaluation()), &inferred, ROUNDING, text);
    let output = subject.forward(PASS);
    assert!(output.iter().all(|value| value.is_finite()), "{text}");
    let weights = weights(output.len());
    output.copy_from_slice(&weights);
    let [gradient, grad_input] = subject.backward();
    for index in subject.trained() {
        check_entry(subject, "parameters", index, gradient[index], |subject| subject.parameters());
    }
    for (index, actual) in grad_input.iter().enumerate().filter(|(index, _)| is_sample(*index)) {
        check_entry(subject, "input", index, *actual, |subject| subject.input().unwrap_or_default());
    }
    if !text.contains("dropout") && !subject.needs_whole_batch() {
        assert_close(subject.forward(PASS), &inferred, ROUNDING, text);
    }
}
