//! Attention, normalisation and softmax. They compute little with each value that they read: where it is less than products,
//! their share of the peak counts one multiply-add a value and pass.

use nn_runtime::kernels::{Isa, dispatch};
use nn_runtime::layers::multihead_attention::{Sizes, Unrotated, Whole};
use nn_runtime::layers::{batch_norm1d, group_norm, layer_norm, multihead_attention, rms_norm, softmax};
use nn_runtime::nalgebra::{SMatrix, SVector};
use nn_runtime::network::Pass;

use super::{Aligned, Calls, Case, Layer, Operation, Zeroable, bytemuck};

const STEPS: usize = 16;
const FEATURES: usize = 32;
const HEADS: usize = 4;
const N: usize = STEPS * FEATURES;
const QKV: usize = 3 * FEATURES;
const SQUARES: usize = HEADS * STEPS * STEPS;

#[derive(Clone, Copy, Zeroable)]
#[repr(C)]
struct Attention<const BATCH: usize> {
    in_weight: Aligned<SMatrix<f32, QKV, FEATURES>>,
    out_weight: Aligned<SMatrix<f32, FEATURES, FEATURES>>,
    input: Aligned<SMatrix<f32, BATCH, N>>,
    output: Aligned<SMatrix<f32, BATCH, N>>,
    cache: Aligned<SMatrix<f32, BATCH, { 4 * N + SQUARES }>>,
    scratch: Aligned<SMatrix<f32, BATCH, { N + STEPS * STEPS + N / HEADS }>>,
}

impl<const BATCH: usize> Layer for Attention<BATCH> {
    #[inline(always)]
    fn call<I: Isa>(&mut self, isa: I, operation: Operation) {
        const SIZES: Sizes = Sizes {
            heads: HEADS,
            kv_heads: HEADS,
            steps: [STEPS; 2],
            features: [FEATURES; 3],
            is_causal: false,
            value: 0,
        };
        let (in_weight, out_weight) = (self.in_weight.0.as_mut_slice(), &mut self.out_weight.0);
        let (input, output) = (&mut self.input.0, &mut self.output.0);
        let (cache, scratch) = (&mut self.cache.0, &mut self.scratch.0);
        match operation {
            Operation::Forward => multihead_attention::forward(
                isa,
                SIZES,
                Unrotated,
                Whole,
                [&*in_weight],
                [],
                out_weight,
                None,
                [None; 2],
                input,
                output,
                cache,
                None,
            ),
            Operation::GradWeight => {
                multihead_attention::backward_parameters(
                    isa,
                    SIZES,
                    [None; 2],
                    input,
                    cache,
                    output,
                    [in_weight],
                    [],
                    out_weight,
                    None,
                );
            }
            Operation::GradInput => {
                multihead_attention::backward_shared(isa, SIZES, Unrotated, out_weight, cache, None, output, scratch);
                multihead_attention::backward_input(isa, SIZES, [&*in_weight], cache, input);
            }
        }
    }
}

/// The layers that normalise, over the last dimension or the channels.
#[derive(Clone, Copy)]
enum Norm {
    Layer,
    Rms,
    Group,
    Batch,
    Softmax,
}

#[derive(Clone, Copy, Zeroable)]
#[repr(C)]
struct Values<const BATCH: usize> {
    weight: Aligned<SVector<f32, FEATURES>>,
    bias: Aligned<SVector<f32, FEATURES>>,
    mean: Aligned<SVector<f32, FEATURES>>,
    var: Aligned<SVector<f32, FEATURES>>,
    input: Aligned<SMatrix<f32, BATCH, N>>,
    output: Aligned<SMatrix<f32, BATCH, N>>,
    rows: Aligned<SMatrix<f32, BATCH, STEPS>>,
    two: Aligned<SMatrix<f32, BATCH, { 2 * STEPS }>>,
    channels: Aligned<SMatrix<f32, FEATURES, 2>>,
}

struct Of<const BATCH: usize>(Norm, Box<Values<BATCH>>);

impl<const BATCH: usize> Layer for Of<BATCH> {
    #[inline(always)]
    fn call<I: Isa>(&mut self, isa: I, operation: Operation) {
        let pass = Pass::training(0, BATCH as u32);
        let Values { weight, bias, mean, var, input, output, rows, two, channels } = &mut *self.1;
        let (weight, bias, mean, var) = (&mut weight.0, &mut bias.0, &mut mean.0, &mut var.0);
        let (input, output, rows, two, channels) =
            (&mut input.0, &mut output.0, &mut rows.0, &mut two.0, &mut channels.0);
        match (self.0, operation) {
            (Norm::Layer, Operation::Forward) => layer_norm::forward(isa, 1e-5, weight, bias, input, output, two),
            (Norm::Layer, Operation::GradWeight) => {
                layer_norm::backward_parameters(isa, input, two, output, weight, bias);
            }
            (Norm::Layer, Operation::GradInput) => layer_norm::backward_input(isa, weight, two, output, input),
            (Norm::Rms, Operation::Forward) => rms_norm::forward(isa, None, weight, input, output, rows),
            (Norm::Rms, Operation::GradWeight) => rms_norm::backward_parameters(isa, input, rows, output, weight),
            (Norm::Rms, Operation::GradInput) => rms_norm::backward_input(isa, weight, rows, output, input),
            (Norm::Group, Operation::Forward) => {
                group_norm::forward(isa, STEPS, 1e-5, weight, bias, input, output, two);
            }
            (Norm::Group, Operation::GradWeight) => {
                group_norm::backward_parameters(isa, STEPS, input, two, output, weight, bias);
            }
            (Norm::Group, Operation::GradInput) => group_norm::backward_input(isa, STEPS, weight, two, output, input),
            (Norm::Batch, Operation::Forward) => {
                batch_norm1d::forward(isa, 1e-5, weight, bias, mean, var, input, output, channels, pass);
            }
            (Norm::Batch, _) => {
                batch_norm1d::backward_input(isa, 1e-5, weight, mean, var, channels, output, input, pass);
            }
            (Norm::Softmax, Operation::Forward) => softmax::forward(isa, FEATURES, 1, output),
            (Norm::Softmax, _) => softmax::backward_input(isa, FEATURES, 1, input, output),
        }
    }
}

const OPERATIONS: [Operation; 3] = [Operation::Forward, Operation::GradWeight, Operation::GradInput];

fn attention_cases<const BATCH: usize>(floors: [f64; 3]) -> impl Iterator<Item = Case> {
    let projections = N * (QKV + FEATURES);
    let products = N * STEPS;
    let multiply_adds = [projections + 2 * products, projections, projections + 4 * products];
    OPERATIONS.into_iter().zip(multiply_adds).zip(floors).map(|((operation, multiply_adds), floor)| {
        let mut layer: Box<Attention<BATCH>> = bytemuck::zeroed_box();
        let name = format!("attention {STEPS}x{FEATURES}, batch {BATCH}, {operation:?}");
        Case::new(name, BATCH * multiply_adds, floor, move |times| dispatch(Calls(&mut *layer, operation, times)))
    })
}

fn norm_cases<const BATCH: usize>(norm: Norm, name: &str, floors: &[(Operation, f64)]) -> Vec<Case> {
    let cases = floors.iter().map(|&(operation, floor)| {
        // statistics of a variance of 1: zeros would be those of a variance that is too large for the type
        let mut values: Box<Values<BATCH>> = bytemuck::zeroed_box();
        values.rows.0.fill(1.0);
        values.two.0.fill(1.0);
        let mut layer = Of(norm, values);
        let name = format!("{name} {STEPS}x{FEATURES}, batch {BATCH}, {operation:?}");
        Case::new(name, BATCH * N, floor, move |times| dispatch(Calls(&mut layer, operation, times)))
    });
    cases.collect()
}

pub fn cases() -> Vec<Case> {
    use Operation::{Forward, GradInput, GradWeight};

    let mut cases: Vec<Case> = attention_cases::<16>([0.42, 0.42, 0.42]).collect();
    cases.extend(attention_cases::<1>([0.27, 0.45, 0.20]));
    let of_batch = [(Forward, 0.045), (GradWeight, 0.04), (GradInput, 0.06)];
    let of_single = [(Forward, 0.011), (GradWeight, 0.02), (GradInput, 0.01)];
    for (norm, name) in [(Norm::Layer, "layer_norm"), (Norm::Rms, "rms_norm"), (Norm::Group, "group_norm")] {
        cases.extend(norm_cases::<16>(norm, name, &of_batch));
        cases.extend(norm_cases::<1>(norm, name, &of_single));
    }
    cases.extend(norm_cases::<16>(Norm::Batch, "batch_norm1d", &[(Forward, 0.03), (GradInput, 0.05)]));
    cases.extend(norm_cases::<16>(Norm::Softmax, "softmax", &[(Forward, 0.027), (GradInput, 0.09)]));
    cases.extend(norm_cases::<1>(Norm::Softmax, "softmax", &[(Forward, 0.018), (GradInput, 0.03)]));
    cases
}
