//! Losses, and steps of optimizers.

use std::marker::PhantomData;
use std::slice;

use nn_runtime::bytemuck::{self, Pod, Zeroable};
use nn_runtime::kernels::{Isa, Kernel, Portable, dispatch};
use nn_runtime::loss::{Loss, Unchecked};
use nn_runtime::nalgebra::SMatrix;
use nn_runtime::network;
use nn_runtime::optim::Optimizer;

use super::forward::{Forward, Inference};
use super::{check, onnx_case};
use crate::case::Case;
use crate::parameters::{rows_of, values_of};

/// The classes of every loss.
const CLASSES: usize = 5;

/// What is made of the samples' losses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// The losses themselves.
    None,
    /// Their sum.
    Sum,
    /// Their mean, by the weights of their classes.
    Mean,
}

/// The weights of a loss's classes, if it has them.
///
/// # Panics
///
/// If there are not as many as classes.
#[must_use]
pub fn class_weights(case: &Case) -> Option<[f64; CLASSES]> {
    let weights = case.find("class_weights")?;
    Some(weights.values.as_slice().try_into().expect("a weight for each class"))
}

/// The class that a loss ignores, if it does.
#[must_use]
pub fn ignore_index(case: &Case) -> Option<usize> {
    case.find("ignore_index").and_then(|ignored| values_of::<u8>(ignored).first().copied()).map(usize::from)
}

/// Checks a loss, and the logarithms of the probabilities if the case has them.
///
/// # Panics
///
/// If the loss differs, or a target is refused.
pub fn check_loss<L: Loss<u8, [f32; CLASSES], f32, Needs>, Needs>(case: &Case, loss: &L, reduction: Reduction) {
    let loss = &Unchecked::new(loss);
    let output = rows_of(case.tensor("output"));
    let targets = values_of::<u8>(case.tensor("target"));
    assert!(targets.iter().all(|target| loss.check(target).is_ok()), "{}: a target is refused", case.name);
    let weight: f64 = targets.iter().map(|target| f64::from(loss.weight(target))).sum();
    let sums = || Sums { loss, output: &output, targets: &targets };
    for (level, sums) in [("portable", sums().run(Portable)), ("dispatched", dispatch(sums()))] {
        // In f64, so that the only errors are those of the losses.
        let sum: f64 = sums.iter().copied().map(f64::from).sum();
        let reduced = match reduction {
            Reduction::None => sums,
            Reduction::Sum => vec![sum as f32],
            Reduction::Mean => vec![(sum / weight) as f32],
        };
        check(&reduced, case, "loss", level);
    }
    if case.find("log_prob").is_some() {
        let log_prob = dispatch(Forward::<LogSoftmax, Inference> {
            network: &bytemuck::zeroed(),
            input: &output,
            mode: PhantomData,
        });
        check(log_prob.as_flattened(), case, "log_prob", "dispatched");
    }
}

network! { struct LogSoftmax: [5] -> [5] { log_softmax } }

/// The loss of each sample.
struct Sums<'a, L> {
    loss: &'a L,
    output: &'a [[f32; CLASSES]],
    targets: &'a [u8],
}

impl<L: Loss<u8, [f32; CLASSES], f32>> Kernel for Sums<'_, L> {
    type Output = Vec<f32>;

    fn run<I: Isa>(self, isa: I) -> Vec<f32> {
        let samples = self.output.iter().zip(self.targets);
        samples
            .map(|(output, target)| self.loss.loss(isa, &SMatrix::<_, 1, CLASSES>::from_row_slice(output), &[target]))
            .collect()
    }
}

/// Checks one step of an optimizer from a given state: the parameters and the state after it.
///
/// # Panics
///
/// If one of them differs.
pub fn check_optimizer<O, const PARAMETERS: usize>(operator: &str, name: &str, optimizer: &O, step: u64)
where
    O: Optimizer<f32>,
    [f32; PARAMETERS]: Pod,
{
    let case = onnx_case(operator, name);
    let read = |tensor: &str| values_of::<f32>(case.tensor(tensor));
    let gradient = read("gradient");
    for level in ["portable", "dispatched"] {
        let (mut parameters, mut state) = (read("parameters"), <O::State<[f32; PARAMETERS]>>::zeroed());
        bytemuck::cast_slice_mut(slice::from_mut(&mut state)).copy_from_slice(&read("state"));
        let update = Update { optimizer, step, parameters: &mut parameters, gradient: &gradient, state: &mut state };
        if level == "portable" {
            update.run(Portable);
        } else {
            dispatch(update);
        }
        check(&parameters, &case, "parameters_after", level);
        check::<f32>(bytemuck::cast_slice(slice::from_ref(&state)), &case, "state_after", level);
    }
}

struct Update<'a, O: Optimizer<f32>, const PARAMETERS: usize>
where
    [f32; PARAMETERS]: Pod,
{
    optimizer: &'a O,
    step: u64,
    parameters: &'a mut [f32],
    gradient: &'a [f32],
    state: &'a mut O::State<[f32; PARAMETERS]>,
}

impl<O: Optimizer<f32>, const PARAMETERS: usize> Kernel for Update<'_, O, PARAMETERS>
where
    [f32; PARAMETERS]: Pod,
{
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        let Self { optimizer, step, parameters, gradient, state } = self;
        let state: &mut [f32] = bytemuck::cast_slice_mut(slice::from_mut(state));
        let mut state: Vec<_> = state.chunks_exact_mut(parameters.len()).collect();
        optimizer.update(isa, step, 0, parameters, gradient, &mut state);
    }
}
