//! One workload: from files to values to times.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Duration;

use nn_runtime::Aligned;
use nn_runtime::bytemuck::Zeroable;
use nn_runtime::loss::Loss;
use nn_runtime::network::Parameters as _;
use nn_runtime::prelude::{Network, Optimizer, SVector, Trainable as _, Training, rng};

use super::exchange::{self, Fill};
use super::parameters;
use super::timing::Times;

/// The learning rate while timing: values neither drift nor become denormal.
const TIMED_RATE: f64 = 1e-6;
/// How many steps of training are checked.
const CHECKED_STEPS: usize = 4;
const SEED: u64 = 7;
const VARIANT: &str = if cfg!(feature = "std") { "ours" } else { "ours-portable" };

/// A row of the table of workloads.
pub struct Workload {
    pub name: &'static str,
    /// Samples of inference, steps of streaming, or samples of training, all batches together.
    pub rows: usize,
    /// The samples of a training step.
    pub batch: usize,
    pub input: Fill,
    pub target: Fill,
    /// The learning rate of the checked steps.
    pub rate: f32,
    pub run: fn(&Job) -> Result<(), Box<dyn Error>>,
}

/// What is to be done.
#[derive(Clone, Copy)]
pub enum Task {
    Export,
    Time(Duration),
    Count(u32),
}

/// A workload with its directory.
pub struct Job<'a> {
    pub workload: &'a Workload,
    pub directory: PathBuf,
    pub task: Task,
}

/// What is read from a file of numbers: the inputs of samples, or their targets.
pub trait Numbers: Sized {
    /// How many numbers one is.
    const LEN: usize;

    /// Those of all samples.
    fn read(values: &[f32]) -> Result<Vec<Self>, Box<dyn Error>>;
}

#[allow(clippy::cast_sign_loss, reason = "a class is exported as a whole number from 0 on")]
impl Numbers for u8 {
    const LEN: usize = 1;

    fn read(values: &[f32]) -> Result<Vec<Self>, Box<dyn Error>> {
        Ok(values.iter().map(|value| *value as Self).collect())
    }
}

impl<const LEN: usize> Numbers for [f32; LEN] {
    const LEN: usize = LEN;

    fn read(values: &[f32]) -> Result<Vec<Self>, Box<dyn Error>> {
        exchange::rows(values)
    }
}

impl Job<'_> {
    /// A sample a call; or a step of a stream, whose state `predict` keeps.
    pub fn infer<N, const FROM: usize, const TO: usize>(
        &self,
        mut predict: impl FnMut(&N, &SVector<f32, FROM>) -> SVector<f32, TO>,
    ) -> Result<(), Box<dyn Error>>
    where
        N: Network + Zeroable,
    {
        let network = self.network::<N>(FROM, 0)?;
        let inputs: Vec<_> = exchange::rows::<FROM>(&self.read("input")?)?.into_iter().map(SVector::from).collect();
        let mut outputs = Vec::new();
        for input in &inputs {
            outputs.extend_from_slice(predict(&network, input).as_slice());
        }
        let mut next = 0;
        self.finish(&outputs, || {
            black_box(predict(black_box(&network), black_box(&inputs[next])));
            next = if next + 1 == inputs.len() { 0 } else { next + 1 };
        })
    }

    /// A training step a call, on tiles of `TILE` rows.
    pub fn train<N, O, Target, const TILE: usize>(
        &self,
        optimizer: impl Fn(f64) -> O,
        loss: &impl Loss<Target, N::Output, N::Scalar>,
    ) -> Result<(), Box<dyn Error>>
    where
        N: Network<Input: Numbers, Scalar: Into<f32>> + Zeroable,
        O: Optimizer<N::Scalar>,
        Target: Numbers,
    {
        let mut network = self.network::<N>(N::Input::LEN, Target::LEN)?;
        let inputs = N::Input::read(&self.read("input")?)?;
        let targets = Target::read(&self.read("target")?)?;
        let batches: Vec<_> = inputs.chunks(self.workload.batch).zip(targets.chunks(self.workload.batch)).collect();
        let mut training = Training::<N, O, TILE>::boxed();
        let mut next = 0;
        // nothing but the optimizer is hidden from the compiler: every step changes the network, and what is read is known at
        // run time only
        let mut step = |optimizer: &O| {
            let (inputs, targets) = batches[next];
            next = if next + 1 == batches.len() { 0 } else { next + 1 };
            training.step(&mut *network, optimizer, loss, inputs, targets)
        };

        let checked = optimizer(self.workload.rate.into());
        let losses = (0..CHECKED_STEPS).map(|_| step(&checked).map(Into::into)).collect::<Result<Vec<_>, _>>()?;
        let timed = optimizer(TIMED_RATE);
        self.finish(&losses, || {
            black_box(step(black_box(&timed)).ok());
        })
    }

    /// The network with the exported weights; when exporting, exports them first, and the samples.
    fn network<N: Network + Zeroable>(&self, from: usize, to: usize) -> Result<Box<Aligned<N>>, Box<dyn Error>> {
        let mut network = Aligned::<N>::boxed();
        if let Task::Export = self.task {
            network.parameters_mut().init(&mut rng(SEED));
            fs::create_dir_all(&self.directory)?;
            fs::write(self.directory.join("shapes.txt"), parameters::shapes::<N::Parameters>())?;
            self.write("weights", &parameters::save(network.parameters()))?;
            self.write("input", &self.workload.input.values(self.workload.rows * from, SEED + 1))?;
            if self.workload.batch > 0 {
                self.write("target", &self.workload.target.values(self.workload.rows * to, SEED + 2))?;
                self.write("rate", &[self.workload.rate])?;
            }
        }
        parameters::load(network.parameters_mut(), &self.read("weights")?);
        Ok(network)
    }

    /// Exports the values, or checks them and times `call`, or only calls it.
    fn finish(&self, values: &[f32], call: impl FnMut()) -> Result<(), Box<dyn Error>> {
        match self.task {
            Task::Export => self.write("expected", values),
            Task::Count(calls) => {
                counted(calls, call);
                Ok(())
            }
            Task::Time(duration) => {
                exchange::check(values, &self.read("expected")?)?;
                let Times { minimum, median } = Times::of(call, duration);
                println!("{} {VARIANT} {minimum:.2} {median:.2}", self.workload.name);
                Ok(())
            }
        }
    }

    fn read(&self, name: &str) -> Result<Vec<f32>, Box<dyn Error>> {
        exchange::read(&self.file(name))
    }

    fn write(&self, name: &str, values: &[f32]) -> Result<(), Box<dyn Error>> {
        exchange::write(&self.file(name), values)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name).with_extension("f32")
    }
}

/// What instructions are counted in, by its name.
#[inline(never)]
fn counted(calls: u32, mut call: impl FnMut()) {
    for _ in 0..calls {
        call();
    }
}
