//! A forward and backward pass over a batch of any size, worked off in tiles.

use nn_runtime::bytemuck::{self, Zeroable};
use nn_runtime::kernels::{Isa, Kernel};
use nn_runtime::network::{Network, Parameters, Pass, Row, Tile, Trainable};
use nn_runtime::scalar::Element;

/// A type that the input of a network can have.
pub trait Value: Element {
    /// The nearest value.
    fn from_value(value: f64) -> Self;
}

macro_rules! impl_value {
    ($($type:ident)*) => {$(
        impl Value for $type {
            #[allow(clippy::cast_sign_loss, reason = "an index in a golden file is a small whole number")]
            fn from_value(value: f64) -> Self {
                value as Self
            }
        }
    )*};
}

impl_value!(f32 f64 u8 u16 u32);

/// A row of numbers.
pub trait Values: Row {
    /// The type of each.
    type Value: Value;

    /// How many there are.
    const SIZE: usize;

    /// The row whose values are nearest to these.
    ///
    /// # Panics
    ///
    /// If there are fewer than the row has.
    fn from_values(values: &[f64]) -> Self;

    /// The values of rows, row behind row.
    fn flat(rows: &[Self]) -> &[Self::Value];
}

impl<V: Value, const SIZE: usize> Values for [V; SIZE] {
    type Value = V;
    const SIZE: usize = SIZE;

    fn from_values(values: &[f64]) -> Self {
        std::array::from_fn(|at| V::from_value(values[at]))
    }

    fn flat(rows: &[Self]) -> &[V] {
        rows.as_flattened()
    }
}

/// A training pass over a batch, and inference on it, in tiles of `BATCH` rows, the last one filled up with copies of its
/// first row. A kernel, to be run at a level of the machine.
#[derive(Debug)]
pub struct Step<'a, N: Network, const BATCH: usize> {
    /// The network.
    pub network: &'a N,
    /// The samples.
    pub input: &'a [N::Input],
    /// The gradient of the loss with respect to each sample's output.
    pub grad_output: &'a [N::Output],
    /// The seed of dropout.
    pub seed: u64,
}

/// What a [`Step`] makes.
#[derive(Debug)]
pub struct Outcome<N: Network> {
    /// The outputs in training.
    pub output: Vec<N::Output>,
    /// The outputs in evaluation mode.
    pub inferred: Vec<N::Output>,
    /// The gradients of the inputs; the inputs themselves if they are indices.
    pub grad_input: Vec<N::Input>,
    /// The gradients of the parameters, and the changes of running statistics.
    pub gradient: Box<N::Parameters>,
}

impl<N: Network, const BATCH: usize> Kernel for Step<'_, N, BATCH> {
    type Output = Outcome<N>;

    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let (parameters, frozen) = (self.network.parameters(), self.network.frozen());
        let (mut output, mut inferred, mut grad_input) = (Vec::new(), Vec::new(), Vec::new());
        let mut gradient: Box<N::Parameters> = bytemuck::zeroed_box();
        let mut tile: Box<Tile<N::Input, BATCH>> = bytemuck::zeroed_box();
        let mut workspace: Box<Workspace<N, BATCH>> = bytemuck::zeroed_box();
        let mut scratch: Box<N::Scratch<BATCH>> = bytemuck::zeroed_box();
        let tiles = self.input.chunks(BATCH).zip(self.grad_output.chunks(BATCH));
        for (at, (rows, grad_rows)) in tiles.enumerate() {
            let pass = pass::<BATCH>(self.seed, at, rows.len());
            fill(isa, &mut *tile, rows, &rows[0]);
            let inference = self.network.predict_with(isa, &tile, &mut scratch);
            inferred.extend(rows_in::<N::Output, BATCH>(inference, rows.len()));
            parameters.forward_with(isa, frozen, &tile, &mut workspace, pass);
            let output_then_grad = N::Parameters::output_then_grad(&mut workspace);
            output.extend(rows_in::<N::Output, BATCH>(output_then_grad, rows.len()));
            fill(isa, output_then_grad, grad_rows, &N::Output::zeroed());
            parameters.backward_with(isa, frozen, &tile, &mut workspace, &mut gradient, pass);
            parameters.backward_input_with(isa, frozen, &mut tile, &mut workspace, pass);
            grad_input.extend(rows_in::<N::Input, BATCH>(&tile, rows.len()));
        }
        Outcome { output, inferred, grad_input, gradient }
    }
}

/// What a training pass of a network writes.
type Workspace<N, const BATCH: usize> = <<N as Trainable>::Parameters as Parameters>::Workspace<BATCH>;

/// The outputs of a training pass, without a backward pass.
pub fn forward<N: Network, const BATCH: usize>(
    isa: impl Isa,
    network: &N,
    input: &[N::Input],
    seed: u64,
) -> Vec<N::Output> {
    let mut output = Vec::new();
    let mut tile: Box<Tile<N::Input, BATCH>> = bytemuck::zeroed_box();
    let mut workspace: Box<Workspace<N, BATCH>> = bytemuck::zeroed_box();
    for (at, rows) in input.chunks(BATCH).enumerate() {
        fill(isa, &mut *tile, rows, &rows[0]);
        let pass = pass::<BATCH>(seed, at, rows.len());
        network.parameters().forward_with(isa, network.frozen(), &tile, &mut workspace, pass);
        let output_then_grad = N::Parameters::output_then_grad(&mut workspace);
        output.extend(rows_in::<N::Output, BATCH>(output_then_grad, rows.len()));
    }
    output
}

/// The training pass of a mini-batch's tile number `at`, of which `rows` are samples.
fn pass<const BATCH: usize>(seed: u64, at: usize, rows: usize) -> Pass {
    Pass { first_row: (at * BATCH) as u32, ..Pass::training(seed, rows as u32) }
}

/// Fills a tile with samples, and its other rows with `padding`.
pub fn fill<R: Row, const BATCH: usize>(isa: impl Isa, tile: &mut Tile<R, BATCH>, rows: &[R], padding: &R) {
    R::fill(isa, &std::array::from_fn(|row| rows.get(row).unwrap_or(padding)), tile);
}

/// The first rows of a tile.
pub fn rows_in<R: Row, const BATCH: usize>(tile: &Tile<R, BATCH>, rows: usize) -> impl Iterator<Item = R> {
    (0..rows).map(|row| {
        let mut values = R::zeroed();
        values.copy_from_tile(tile, row);
        values
    })
}
