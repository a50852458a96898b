//! One training step of 784-128-64-10 (forward, cross-entropy, backward, Adam) at batch 32, against the same network written
//! directly with nalgebra's static products: interleaved rounds in one process on one thread, the least time of each.
//!
//! Fails if our step is less than [`BAR`] times as fast, or if it allocates.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use nalgebra::SMatrix;
use nn_runtime::prelude::{Adam, CrossEntropy, TrainError, Training, network, rng};

const BATCH: usize = 32;
const BAR: f64 = 3.0;

network! {
    /// The network of both.
    pub struct Mlp: [784] -> [10] {
        fc1: linear(128), relu,
        fc2: linear(64), relu,
        out: linear(10),
    }
}

/// Counts allocations.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[allow(unsafe_code, reason = "an allocator is unsafe by its trait; it only counts and passes on")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// A parameter with its gradient and Adam's moments, in nalgebra's own arithmetic.
struct Parameter<const R: usize, const C: usize> {
    value: SMatrix<f32, R, C>,
    gradient: SMatrix<f32, R, C>,
    first: SMatrix<f32, R, C>,
    second: SMatrix<f32, R, C>,
}

impl<const R: usize, const C: usize> Parameter<R, C> {
    fn new(value: &SMatrix<f32, R, C>) -> Self {
        Self { value: *value, gradient: SMatrix::zeros(), first: SMatrix::zeros(), second: SMatrix::zeros() }
    }

    fn adam(&mut self, step: i32) {
        let (rate, beta1, beta2, eps) = (1e-3_f32, 0.9_f32, 0.999_f32, 1e-8_f32);
        let size = rate / (1.0 - beta1.powi(step));
        let correction = 1.0 / (1.0 - beta2.powi(step)).sqrt();
        let moments = self.first.iter_mut().zip(self.second.iter_mut());
        for ((value, gradient), (first, second)) in self.value.iter_mut().zip(self.gradient.iter()).zip(moments) {
            *first = beta1 * *first + (1.0 - beta1) * gradient;
            *second = beta2 * *second + (1.0 - beta2) * gradient * gradient;
            *value -= size * *first / (second.sqrt() * correction + eps);
        }
    }
}

/// The network as one would write it with nalgebra: one column a sample, products in place.
struct Direct {
    weights: (Parameter<128, 784>, Parameter<64, 128>, Parameter<10, 64>),
    biases: (Parameter<128, 1>, Parameter<64, 1>, Parameter<10, 1>),
    hidden1: SMatrix<f32, 128, BATCH>,
    hidden2: SMatrix<f32, 64, BATCH>,
    output: SMatrix<f32, 10, BATCH>,
    grad_hidden1: SMatrix<f32, 128, BATCH>,
    grad_hidden2: SMatrix<f32, 64, BATCH>,
    steps: i32,
}

impl Direct {
    fn new(network: &Mlp) -> Box<Self> {
        Box::new(Self {
            weights: (
                Parameter::new(&network.fc1.weight),
                Parameter::new(&network.fc2.weight),
                Parameter::new(&network.out.weight),
            ),
            biases: (
                Parameter::new(&network.fc1.bias),
                Parameter::new(&network.fc2.bias),
                Parameter::new(&network.out.bias),
            ),
            hidden1: SMatrix::zeros(),
            hidden2: SMatrix::zeros(),
            output: SMatrix::zeros(),
            grad_hidden1: SMatrix::zeros(),
            grad_hidden2: SMatrix::zeros(),
            steps: 0,
        })
    }

    fn step(&mut self, input: &SMatrix<f32, 784, BATCH>, labels: &[u8; BATCH]) -> f32 {
        dense(&self.weights.0, &self.biases.0, input, &mut self.hidden1);
        self.hidden1.apply(|value| *value = value.max(0.0));
        dense(&self.weights.1, &self.biases.1, &self.hidden1, &mut self.hidden2);
        self.hidden2.apply(|value| *value = value.max(0.0));
        dense(&self.weights.2, &self.biases.2, &self.hidden2, &mut self.output);
        let loss = cross_entropy(&mut self.output, labels);

        dense_gradient(&mut self.weights.2, &mut self.biases.2, &self.hidden2, &self.output);
        self.weights.2.value.tr_mul_to(&self.output, &mut self.grad_hidden2);
        self.grad_hidden2.zip_apply(&self.hidden2, |grad, value| *grad = if value > 0.0 { *grad } else { 0.0 });
        dense_gradient(&mut self.weights.1, &mut self.biases.1, &self.hidden1, &self.grad_hidden2);
        self.weights.1.value.tr_mul_to(&self.grad_hidden2, &mut self.grad_hidden1);
        self.grad_hidden1.zip_apply(&self.hidden1, |grad, value| *grad = if value > 0.0 { *grad } else { 0.0 });
        dense_gradient(&mut self.weights.0, &mut self.biases.0, input, &self.grad_hidden1);

        self.steps += 1;
        let step = self.steps;
        self.weights.0.adam(step);
        self.weights.1.adam(step);
        self.weights.2.adam(step);
        self.biases.0.adam(step);
        self.biases.1.adam(step);
        self.biases.2.adam(step);
        loss
    }
}

fn dense<const OUT: usize, const IN: usize>(
    weight: &Parameter<OUT, IN>,
    bias: &Parameter<OUT, 1>,
    input: &SMatrix<f32, IN, BATCH>,
    output: &mut SMatrix<f32, OUT, BATCH>,
) {
    weight.value.mul_to(input, output);
    for mut column in output.column_iter_mut() {
        column += &bias.value;
    }
}

fn dense_gradient<const OUT: usize, const IN: usize>(
    weight: &mut Parameter<OUT, IN>,
    bias: &mut Parameter<OUT, 1>,
    input: &SMatrix<f32, IN, BATCH>,
    grad_output: &SMatrix<f32, OUT, BATCH>,
) {
    grad_output.mul_to(&input.transpose(), &mut weight.gradient);
    bias.gradient = grad_output.column_sum();
}

/// The mean loss; overwrites the logits with its gradient.
fn cross_entropy(output: &mut SMatrix<f32, 10, BATCH>, labels: &[u8; BATCH]) -> f32 {
    let mut loss = 0.0;
    for (mut column, label) in output.column_iter_mut().zip(labels) {
        let largest = column.max();
        column.apply(|value| *value = (*value - largest).exp());
        let sum = column.sum();
        column /= sum;
        loss -= column[usize::from(*label)].ln();
        column[usize::from(*label)] -= 1.0;
        column /= BATCH as f32;
    }
    loss / BATCH as f32
}

fn timed(repeats: u32, mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..repeats {
        work();
    }
    start.elapsed() / repeats
}

fn main() -> Result<ExitCode, TrainError> {
    let inputs: Vec<[f32; 784]> =
        (0..BATCH).map(|row| std::array::from_fn(|column| ((row * 31 + column * 7) % 17) as f32 / 17.0)).collect();
    let labels: [u8; BATCH] = std::array::from_fn(|row| (row % 10) as u8);
    let columns = Box::new(SMatrix::<f32, 784, BATCH>::from_fn(|feature, row| inputs[row][feature]));

    let mut network = Mlp::boxed(&mut rng(1));
    let mut direct = Direct::new(&network);
    let mut training = Training::<Mlp, Adam, BATCH>::boxed();
    let optimizer = Adam::new(1e-3);

    // The same losses, or the comparison means nothing.
    for _ in 0..10 {
        let (ours, theirs) = (
            training.step(&mut *network, &optimizer, &CrossEntropy, &inputs, &labels)?,
            direct.step(&columns, &labels),
        );
        assert!((ours - theirs).abs() < 1e-3 * theirs.max(0.01), "the losses differ: {ours} and {theirs}");
    }

    let before = ALLOCATIONS.load(Ordering::Relaxed);
    black_box(training.step(&mut *network, &optimizer, &CrossEntropy, &inputs, &labels)?);
    let allocations = ALLOCATIONS.load(Ordering::Relaxed) - before;

    let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
    for _ in 0..40 {
        ours = ours.min(timed(20, || {
            black_box(training.step(&mut *network, &optimizer, &CrossEntropy, black_box(&inputs), &labels).ok());
        }));
        theirs = theirs.min(timed(5, || {
            black_box(direct.step(black_box(&columns), &labels));
        }));
    }
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
    println!("784-128-64-10, batch 32, one training step: {ours:?}, with nalgebra's products {theirs:?}");
    println!("{ratio:.2} times as fast (at least {BAR}), {allocations} allocations a step");
    Ok(if ratio >= BAR && allocations == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
