//! The speed of what training spends its time in, as a share of the machine's peak, which is measured in the same process. It is
//! the peak of AVX2; products of many lanes exceed it where there is AVX-512.
//! To see the table: `cargo bench -p nn-runtime`.
//!
//! A helper that is not inlined, or a loop that is no longer vectorised, costs a factor of 4 to 40: the floors stand a
//! little below what was measured, and catch that.

#[path = "speed/pools.rs"]
mod pools;
#[path = "speed/sequences.rs"]
mod sequences;
#[path = "speed/steps.rs"]
mod steps;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use nn_runtime::bytemuck::{self, Zeroable};
use nn_runtime::kernels::{Isa, Kernel, Window2d, dispatch};
use nn_runtime::layers::{conv2d, linear};
use nn_runtime::nalgebra::{SMatrix, SVector};

#[derive(Clone, Copy, Debug)]
enum Operation {
    Forward,
    GradWeight,
    GradInput,
}

trait Layer {
    fn call<I: Isa>(&mut self, isa: I, operation: Operation);
}

struct Calls<'a, L>(&'a mut L, Operation, u32);

impl<L: Layer> Kernel for Calls<'_, L> {
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        for _ in 0..self.2 {
            black_box(&mut *self.0).call(isa, self.1);
        }
    }
}

/// Independent multiply-adds in registers, as many as hide their latency.
struct Peak(u32);

const PEAK_LANES: usize = 16;
const PEAK_ROWS: usize = 6;
const PEAK_TERMS: usize = 64;

impl Kernel for Peak {
    type Output = [[f32; PEAK_LANES]; PEAK_ROWS];

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let (factor, term) = black_box((0.5, 0.25));
        let mut sums = black_box([[1.0; PEAK_LANES]; PEAK_ROWS]);
        for _ in 0..self.0 as usize * PEAK_TERMS {
            for sums in &mut sums {
                for sum in sums {
                    *sum = isa.mul_add(*sum, factor, term);
                }
            }
        }
        sums
    }
}

struct PeakEntry(u32);

impl Kernel for PeakEntry {
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        black_box(isa.call(Peak(self.0)));
    }
}

struct Case {
    name: String,
    multiply_adds: usize,
    floor: f64,
    calls: Box<dyn FnMut(u32)>,
    seconds_per_call: f64,
    repetitions: u32,
    /// What the memory would allow, where that is what limits the case.
    bandwidth: Option<Bandwidth>,
}

/// A case that only moves a case's memory, and the bytes that a call of either moves.
struct Bandwidth {
    bytes: usize,
    of: Box<Case>,
}

impl Case {
    fn new(name: String, multiply_adds: usize, floor: f64, mut calls: impl FnMut(u32) + 'static) -> Self {
        calls(1);
        let repetitions = (4_000_000 / multiply_adds.max(1)).clamp(1, 20_000) as u32;
        Self {
            name,
            multiply_adds,
            floor,
            calls: Box::new(calls),
            seconds_per_call: f64::INFINITY,
            repetitions,
            bandwidth: None,
        }
    }

    fn measure(&mut self) {
        if let Some(bandwidth) = &mut self.bandwidth {
            bandwidth.of.measure();
        }
        (self.calls)(1);
        let start = Instant::now();
        (self.calls)(self.repetitions);
        let seconds = start.elapsed().as_secs_f64() / f64::from(self.repetitions);
        self.seconds_per_call = self.seconds_per_call.min(seconds);
    }

    fn gflops(&self) -> f64 {
        2e-9 * self.multiply_adds as f64 / self.seconds_per_call
    }
}

/// Whether the machine's level fuses multiplication and addition.
struct IsFused;

impl Kernel for IsFused {
    type Output = bool;

    fn run<I: Isa>(self, _isa: I) -> bool {
        I::FMA
    }
}

/// Measures in turn until every case has reached its floor, or has not within the last round: what else runs on the
/// machine slows down some rounds, not all.
fn check(mut cases: Vec<Case>) -> ExitCode {
    if !dispatch(IsFused) {
        // the floors are those of AVX2 and FMA; elsewhere they are to catch the loss of vector instructions alone
        for case in &mut cases {
            case.floor *= 0.6;
        }
    }
    let mut peak = Case::new("peak".into(), PEAK_LANES * PEAK_ROWS * PEAK_TERMS, 1.0, |times| {
        dispatch(PeakEntry(times));
    });
    for round in 0..1000 {
        peak.measure();
        for case in &mut cases {
            case.measure();
        }
        if round >= 100 && cases.iter().all(|case| case.gflops() >= case.floor * peak.gflops()) {
            break;
        }
    }
    println!("{:<36} {:>8.1} GFLOP/s", "peak", peak.gflops());
    for case in &cases {
        let share = case.gflops() / peak.gflops();
        println!(
            "{:<36} {:>8.1} GFLOP/s {:>5.1} % (at least {:.1} %) {:>9.2} us",
            case.name,
            case.gflops(),
            100.0 * share,
            100.0 * case.floor,
            1e6 * case.seconds_per_call
        );
        if let Some(Bandwidth { bytes, of }) = &case.bandwidth {
            let share = of.seconds_per_call / case.seconds_per_call;
            let per_second = 1e-9 * *bytes as f64 / of.seconds_per_call;
            println!("{:<36} {per_second:>8.1} GB/s, of which the case uses {:.1} %", of.name, 100.0 * share);
        }
    }
    let mut exit = ExitCode::SUCCESS;
    for case in cases.iter().filter(|case| case.gflops() < case.floor * peak.gflops()) {
        eprintln!("{} is slower than its floor", case.name);
        exit = ExitCode::FAILURE;
    }
    exit
}

/// On a cache line's boundary, so that speed does not depend on where the allocator puts things.
#[derive(Clone, Copy, Zeroable)]
#[repr(C, align(64))]
struct Aligned<M>(M);

#[derive(Clone, Copy, Zeroable)]
#[repr(C)]
struct Linear<const BATCH: usize, const IN: usize, const OUT: usize> {
    weight: Aligned<SMatrix<f32, OUT, IN>>,
    bias: Aligned<SVector<f32, OUT>>,
    input: Aligned<SMatrix<f32, BATCH, IN>>,
    output: Aligned<SMatrix<f32, BATCH, OUT>>,
}

impl<const BATCH: usize, const IN: usize, const OUT: usize> Layer for Linear<BATCH, IN, OUT> {
    #[inline(always)]
    fn call<I: Isa>(&mut self, isa: I, operation: Operation) {
        let Self { weight: Aligned(weight), bias: Aligned(bias), input: Aligned(input), output: Aligned(output) } =
            self;
        match operation {
            Operation::Forward => linear::forward(isa, weight, Some(bias), input, output),
            Operation::GradWeight => linear::backward_parameters(isa, input, output, weight, Some(bias)),
            Operation::GradInput => linear::backward_input(isa, weight, output, input),
        }
    }
}

fn linear_case<const BATCH: usize, const IN: usize, const OUT: usize>(operation: Operation, floor: f64) -> Case {
    let mut layer: Box<Linear<BATCH, IN, OUT>> = bytemuck::zeroed_box();
    let name = format!("linear {OUT}x{IN}, batch {BATCH}, {operation:?}");
    let case = Case::new(name, BATCH * IN * OUT, floor, move |times| dispatch(Calls(&mut *layer, operation, times)));
    // a single sample uses each weight once, and its product is as fast as the weights are read
    let is_reading = BATCH == 1 && OUT >= 64 && matches!(operation, Operation::Forward);
    Case { bandwidth: is_reading.then(|| reading(IN * OUT)), ..case }
}

/// Sums of all values, as many as hide an addition's latency: what reading them takes.
struct Read<'a>(&'a [f32]);

const READ_LANES: usize = 64;

impl Kernel for Read<'_> {
    type Output = [f32; READ_LANES];

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let mut sums = [0.0; READ_LANES];
        for values in self.0.as_chunks().0 {
            isa.add_scaled(1.0, values, &mut sums);
        }
        sums
    }
}

struct ReadEntry<'a>(&'a [f32], u32);

impl Kernel for ReadEntry<'_> {
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        for _ in 0..self.1 {
            black_box(isa.call(Read(black_box(self.0))));
        }
    }
}

/// The bandwidth of the memory that a weight lives in.
fn reading(values: usize) -> Bandwidth {
    // Not zeros, of which all pages would be the same one in memory, and so in the first-level cache; on a cache line's boundary,
    // as the weight is.
    let memory = vec![1.0; values + READ_LANES];
    let start = memory.as_ptr().align_offset(64).min(READ_LANES);
    let calls = move |times| dispatch(ReadEntry(&memory[start..start + values], times));
    Bandwidth { bytes: 4 * values, of: Box::new(Case::new(format!("reading {values} values"), values, 0.0, calls)) }
}

fn linear_cases<const BATCH: usize, const IN: usize, const OUT: usize>(floors: [f64; 3]) -> [Case; 3] {
    let [forward, grad_weight, grad_input] = floors;
    [
        linear_case::<BATCH, IN, OUT>(Operation::Forward, forward),
        linear_case::<BATCH, IN, OUT>(Operation::GradWeight, grad_weight),
        linear_case::<BATCH, IN, OUT>(Operation::GradInput, grad_input),
    ]
}

const CONV1: Window2d = window([28, 28], 1);
const CONV2: Window2d = window([12, 12], 6);

/// As of `conv1d`.
const LINE: Window2d = Window2d { input: [1, 64], output: [1, 60], kernel: [1, 5], ..window([5, 64], 8) };
/// Its gradient of the input is what a `conv_transpose2d` computes that doubles an image's sides.
const HALVED: Window2d =
    Window2d { output: [7, 7], kernel: [4, 4], stride: [2, 2], padding: [1, 1], ..window([14, 14], 4) };

const fn window(input: [usize; 2], channels: usize) -> Window2d {
    let output = [input[0] - 4, input[1] - 4];
    Window2d { channels, input, output, kernel: [5, 5], stride: [1, 1], padding: [0, 0], dilation: [1, 1] }
}

/// As large as its input, with a padding of 1 around it.
const PADDED: Window2d = Window2d {
    channels: 16,
    input: [14, 14],
    output: [14, 14],
    kernel: [3, 3],
    stride: [1, 1],
    padding: [1, 1],
    dilation: [1, 1],
};

#[derive(Clone, Copy, Zeroable)]
#[repr(C)]
struct Conv2d<const BATCH: usize, const OUT: usize, const K: usize, const N: usize, const M: usize> {
    weight: Aligned<SMatrix<f32, OUT, K>>,
    bias: Aligned<SVector<f32, OUT>>,
    input: Aligned<SMatrix<f32, BATCH, N>>,
    output: Aligned<SMatrix<f32, BATCH, M>>,
}

struct Placed<L>(Box<L>, Window2d);

impl<const BATCH: usize, const OUT: usize, const K: usize, const N: usize, const M: usize> Layer
    for Placed<Conv2d<BATCH, OUT, K, N, M>>
{
    #[inline(always)]
    fn call<I: Isa>(&mut self, isa: I, operation: Operation) {
        let window = self.1;
        let Conv2d { weight: Aligned(weight), bias: Aligned(bias), input: Aligned(input), output: Aligned(output) } =
            &mut *self.0;
        match operation {
            Operation::Forward => conv2d::forward(isa, window, 1, weight, Some(bias), input, output),
            Operation::GradWeight => {
                conv2d::backward_parameters(isa, window, 1, input, output, weight, Some(bias));
            }
            Operation::GradInput => conv2d::backward_input(isa, window, 1, weight, output, input),
        }
    }
}

fn conv2d_cases<const BATCH: usize, const OUT: usize, const K: usize, const N: usize, const M: usize>(
    window: Window2d,
    floors: [f64; 3],
) -> Vec<Case> {
    let operations = [Operation::Forward, Operation::GradWeight, Operation::GradInput];
    let cases = operations.into_iter().zip(floors).map(|(operation, floor)| {
        let mut layer = Placed(bytemuck::zeroed_box::<Conv2d<BATCH, OUT, K, N, M>>(), window);
        let Window2d { channels, input: [height, width], .. } = window;
        let name = format!("conv2d {channels}x{height}x{width} to {OUT}, batch {BATCH}, {operation:?}");
        Case::new(name, BATCH * M * K, floor, move |times| dispatch(Calls(&mut layer, operation, times)))
    });
    cases.collect()
}

fn main() -> ExitCode {
    let mut cases = Vec::new();
    cases.extend(linear_cases::<32, 784, 128>([0.75, 0.70, 0.75]));
    cases.extend(linear_cases::<32, 128, 64>([0.75, 0.65, 0.75]));
    cases.extend(linear_cases::<32, 64, 10>([0.70, 0.35, 0.60]));
    cases.extend(linear_cases::<32, 16, 16>([0.60, 0.40, 0.55]));
    cases.extend(linear_cases::<20, 50, 33>([0.40, 0.38, 0.38]));
    cases.extend(linear_cases::<8, 128, 64>([0.55, 0.45, 0.33]));
    cases.extend(linear_cases::<4, 128, 64>([0.24, 0.30, 0.17]));
    cases.extend(linear_cases::<1, 784, 128>([0.36, 0.20, 0.28]));
    cases.extend(linear_cases::<1, 64, 64>([0.55, 0.22, 0.25]));
    cases.extend(linear_cases::<1, 64, 10>([0.10, 0.035, 0.05]));
    cases.extend(conv2d_cases::<32, 6, 25, 784, 3456>(CONV1, [0.65, 0.48, 0.32]));
    cases.extend(conv2d_cases::<32, 16, 150, 864, 1024>(CONV2, [0.75, 0.70, 0.65]));
    cases.extend(conv2d_cases::<1, 6, 25, 784, 3456>(CONV1, [0.50, 0.07, 0.14]));
    cases.extend(conv2d_cases::<1, 16, 150, 864, 1024>(CONV2, [0.55, 0.17, 0.14]));
    cases.extend(conv2d_cases::<1, 32, 144, 3136, 6272>(PADDED, [0.50, 0.15, 0.38]));
    cases.extend(conv2d_cases::<32, 16, 40, 512, 960>(LINE, [0.60, 0.55, 0.48]));
    cases.extend(conv2d_cases::<32, 8, 64, 784, 392>(HALVED, [0.55, 0.28, 0.60]));
    cases.extend(pools::cases());
    cases.extend(sequences::cases());
    cases.extend(steps::cases());
    check(cases)
}
