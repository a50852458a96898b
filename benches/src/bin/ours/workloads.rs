//! The workloads, a row each.

use nn_runtime::Aligned;
use nn_runtime::loss::Unchecked;
use nn_runtime::prelude::{Adam, CrossEntropy, Mse, SVector, Sgd};

use super::exchange::Fill;
use super::job::Workload;
use super::networks::{
    Encoder, EncoderInferenceWorkspace, Gru16, Gru16State, LeNet, LeNetInferenceWorkspace, Lstm16, Lstm16State, Lstm64,
    Lstm64State, Mlp, MlpInferenceWorkspace, Regression, RegressionInferenceWorkspace, RnNoise, RnNoiseInput,
    RnNoiseState, Silero, SileroState, Small, Tiny, TinyInferenceWorkspace, WaveNet, WaveNetBlockWorkspace,
    WaveNetState,
};

const XOR: Fill = Fill::Values(&[0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0]);
const XOR_TARGET: Fill = Fill::Values(&[0.0, 1.0, 1.0, 0.0]);

/// Eight samples of inference in turn: so many are still in L1.
const INFERENCE: Workload =
    Workload { name: "", rows: 8, batch: 0, input: Fill::Normal, target: Fill::Nothing, rate: 0.0, run: |_| Ok(()) };
const STREAMING: Workload = Workload { rows: 32, ..INFERENCE };

/// Four batches in turn.
const fn training(batch: usize) -> Workload {
    Workload { rows: 4 * batch, batch, target: Fill::Normal, rate: 1e-3, ..INFERENCE }
}

const fn classification(batch: usize) -> Workload {
    Workload { input: Fill::Uniform, target: Fill::Classes(10), ..training(batch) }
}

/// A single batch of four rows.
const fn xor(rate: f32) -> Workload {
    Workload { rows: 4, input: XOR, target: XOR_TARGET, rate, ..training(4) }
}

pub const WORKLOADS: &[Workload] = &[
    Workload {
        name: "tiny",
        run: |job| {
            let mut workspace = Aligned(TinyInferenceWorkspace::ZERO);
            job.infer(|network: &Tiny, input| network.predict_in(input, &mut workspace))
        },
        ..INFERENCE
    },
    // so fast that four steps change the loss by more than what the check allows
    Workload { name: "tiny-sgd", run: |job| job.train::<Tiny, Sgd, [f32; 1], 4>(Sgd::new, &Mse), ..xor(1.0) },
    Workload { name: "tiny-adam", run: |job| job.train::<Tiny, Adam, [f32; 1], 4>(Adam::new, &Mse), ..xor(0.05) },
    // the whole batch is a step, in the tiles that suit our kernels
    Workload {
        name: "simplechains",
        rows: 10_000,
        run: |job| job.train::<Small, Adam, [f32; 4], 64>(Adam::new, &Mse),
        ..training(10_000)
    },
    Workload {
        name: "mlp",
        input: Fill::Uniform,
        run: |job| {
            let mut workspace = Aligned(MlpInferenceWorkspace::ZERO);
            job.infer(|network: &Mlp, input| network.predict_in(input, &mut workspace))
        },
        ..INFERENCE
    },
    Workload {
        name: "mlp-train-32",
        run: |job| job.train::<Mlp, Adam, u8, 32>(Adam::new, &Unchecked::new(&CrossEntropy)),
        ..classification(32)
    },
    Workload {
        name: "mlp-train-64",
        run: |job| job.train::<Mlp, Adam, u8, 64>(Adam::new, &Unchecked::new(&CrossEntropy)),
        ..classification(64)
    },
    Workload {
        name: "lenet",
        input: Fill::Uniform,
        run: |job| {
            let mut workspace = Aligned::<LeNetInferenceWorkspace>::boxed();
            job.infer(|network: &LeNet, input| network.predict_in(input, &mut workspace))
        },
        ..INFERENCE
    },
    Workload {
        name: "lenet-train-32",
        run: |job| job.train::<LeNet, Adam, u8, 32>(Adam::new, &Unchecked::new(&CrossEntropy)),
        ..classification(32)
    },
    Workload {
        name: "lenet-train-128",
        run: |job| job.train::<LeNet, Adam, u8, 32>(Adam::new, &Unchecked::new(&CrossEntropy)),
        ..classification(128)
    },
    Workload {
        name: "lstm16",
        run: |job| {
            let mut state = Lstm16State::ZERO;
            job.infer(|network: &Lstm16, input| network.step(&mut state, input))
        },
        ..STREAMING
    },
    Workload {
        name: "gru16",
        run: |job| {
            let mut state = Gru16State::ZERO;
            job.infer(|network: &Gru16, input| network.step(&mut state, input))
        },
        ..STREAMING
    },
    Workload {
        name: "lstm64",
        run: |job| {
            let mut state = Lstm64State::ZERO;
            job.infer(|network: &Lstm64, input| network.step(&mut state, input))
        },
        ..STREAMING
    },
    Workload {
        name: "wavenet",
        run: |job| {
            let mut state = Box::new(WaveNetState::ZERO);
            job.infer(|network: &WaveNet, input| network.step(&mut state, input))
        },
        ..STREAMING
    },
    // a sample is a block of 64 steps
    Workload {
        name: "wavenet-block",
        run: |job| {
            let (mut state, mut workspace) = (Box::new(WaveNetState::ZERO), WaveNetBlockWorkspace::<64>::boxed());
            job.infer(|network: &WaveNet, frames: &SVector<f32, 64>| {
                let frames = frames.data.0[0].map(|frame| [frame]);
                SVector::from(network.step_block_in(&mut state, &frames, &mut workspace).map(|[output]| output))
            })
        },
        ..INFERENCE
    },
    Workload {
        name: "lstm16-train",
        run: |job| job.train::<Lstm16, Adam, [f32; 32], 16>(Adam::new, &Mse),
        ..training(16)
    },
    Workload {
        name: "gru16-train",
        run: |job| job.train::<Gru16, Adam, [f32; 32], 16>(Adam::new, &Mse),
        ..training(16)
    },
    Workload {
        name: "lstm64-train",
        run: |job| job.train::<Lstm64, Adam, [f32; 32], 16>(Adam::new, &Mse),
        ..training(16)
    },
    Workload {
        name: "encoder",
        run: |job| {
            let mut workspace = Aligned::<EncoderInferenceWorkspace>::boxed();
            job.infer(|network: &Encoder, input| network.predict_in(input, &mut workspace))
        },
        ..INFERENCE
    },
    Workload {
        name: "encoder-train-16",
        run: |job| job.train::<Encoder, Adam, [f32; 512], 16>(Adam::new, &Mse),
        ..training(16)
    },
    Workload {
        name: "regression",
        run: |job| {
            let mut workspace = Aligned(RegressionInferenceWorkspace::ZERO);
            job.infer(|network: &Regression, input| network.predict_in(input, &mut workspace))
        },
        ..INFERENCE
    },
    // a frame of 10 ms
    Workload {
        name: "rnnoise",
        run: |job| {
            let mut state = RnNoiseState::ZERO;
            job.infer(|network: &RnNoise, features: &SVector<f32, 42>| {
                let output = network.step(&mut state, &RnNoiseInput { features: (*features).into() });
                SVector::<f32, 23>::from_fn(|row, _| output.gains.get(row).copied().unwrap_or(output.vad[0]))
            })
        },
        ..STREAMING
    },
    // a chunk of 32 ms
    Workload {
        name: "silero",
        run: |job| {
            let mut state = SileroState::boxed();
            job.infer(|network: &Silero, chunk: &SVector<f32, 576>| network.step(&mut state, chunk))
        },
        ..STREAMING
    },
];
