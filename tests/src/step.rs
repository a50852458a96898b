//! A forward and backward pass over a batch of any size, worked off in tiles.

use nn_runtime::bytemuck;
use nn_runtime::kernels::{Isa, Kernel};
use nn_runtime::nalgebra::SMatrix;
use nn_runtime::network::{Network, Pass};
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

/// A training pass over a batch, and inference on it, in tiles of `BATCH` rows, the last one filled up with copies of its
/// first row. A kernel, to be run at a level of the machine.
#[derive(Debug)]
pub struct Step<'a, N: Network<IN, OUT>, const IN: usize, const OUT: usize, const BATCH: usize> {
    /// The network.
    pub network: &'a N,
    /// The samples.
    pub input: &'a [[N::Input; IN]],
    /// The gradient of the loss with respect to each sample's output.
    pub grad_output: &'a [[N::Scalar; OUT]],
    /// The seed of dropout.
    pub seed: u64,
}

/// What a [`Step`] makes.
#[derive(Debug)]
pub struct Outcome<N: Network<IN, OUT>, const IN: usize, const OUT: usize> {
    /// The outputs in training.
    pub output: Vec<[N::Scalar; OUT]>,
    /// The outputs in evaluation mode.
    pub inferred: Vec<[N::Scalar; OUT]>,
    /// The gradients of the inputs; the inputs themselves if they are indices.
    pub grad_input: Vec<[N::Input; IN]>,
    /// The gradients of the parameters, and the changes of running statistics.
    pub gradient: Box<N>,
}

impl<N, const IN: usize, const OUT: usize, const BATCH: usize> Kernel for Step<'_, N, IN, OUT, BATCH>
where
    N: Network<IN, OUT, Frozen = ()>,
{
    type Output = Outcome<N, IN, OUT>;

    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let (mut output, mut inferred, mut grad_input) = (Vec::new(), Vec::new(), Vec::new());
        let mut gradient: Box<N> = bytemuck::zeroed_box();
        let mut tile: Box<SMatrix<N::Input, BATCH, IN>> = bytemuck::zeroed_box();
        let mut workspace: Box<N::Workspace<BATCH>> = bytemuck::zeroed_box();
        let mut inference: Box<N::InferenceWorkspace<BATCH>> = bytemuck::zeroed_box();
        let tiles = self.input.chunks(BATCH).zip(self.grad_output.chunks(BATCH));
        for (at, (rows, grad_rows)) in tiles.enumerate() {
            let pass = pass::<BATCH>(self.seed, at, rows.len());
            fill(&mut tile, rows, rows[0]);
            inferred.extend(rows_in(self.network.infer_with(isa, &(), &tile, &mut inference), rows.len()));
            self.network.forward_with(isa, &(), &tile, &mut workspace, pass);
            let output_then_grad = N::output_then_grad(&mut workspace);
            output.extend(rows_in(output_then_grad, rows.len()));
            fill(output_then_grad, grad_rows, [N::Scalar::default(); OUT]);
            self.network.backward_with(isa, &(), &tile, &mut workspace, &mut gradient, pass);
            self.network.backward_input_with(isa, &(), &mut tile, &mut workspace, pass);
            grad_input.extend(rows_in(&tile, rows.len()));
        }
        Outcome { output, inferred, grad_input, gradient }
    }
}

/// The outputs of a training pass, without a backward pass.
pub fn forward<N, const IN: usize, const OUT: usize, const BATCH: usize>(
    isa: impl Isa,
    network: &N,
    input: &[[N::Input; IN]],
    seed: u64,
) -> Vec<[N::Scalar; OUT]>
where
    N: Network<IN, OUT, Frozen = ()>,
{
    let mut output = Vec::new();
    let mut tile: Box<SMatrix<N::Input, BATCH, IN>> = bytemuck::zeroed_box();
    let mut workspace: Box<N::Workspace<BATCH>> = bytemuck::zeroed_box();
    for (at, rows) in input.chunks(BATCH).enumerate() {
        fill(&mut tile, rows, rows[0]);
        network.forward_with(isa, &(), &tile, &mut workspace, pass::<BATCH>(seed, at, rows.len()));
        output.extend(rows_in(N::output_then_grad(&mut workspace), rows.len()));
    }
    output
}

/// The training pass of a mini-batch's tile number `at`, of which `rows` are samples.
fn pass<const BATCH: usize>(seed: u64, at: usize, rows: usize) -> Pass {
    Pass { first_row: (at * BATCH) as u32, ..Pass::training(seed, rows as u32) }
}

/// Fills a tile with samples, and its other rows with `padding`.
pub fn fill<V: Element, const BATCH: usize, const SIZE: usize>(
    tile: &mut SMatrix<V, BATCH, SIZE>,
    rows: &[[V; SIZE]],
    padding: [V; SIZE],
) {
    for (feature, lane) in tile.data.0.iter_mut().enumerate() {
        for (row, value) in lane.iter_mut().enumerate() {
            *value = rows.get(row).unwrap_or(&padding)[feature];
        }
    }
}

/// The first rows of a tile.
pub fn rows_in<V: Element, const BATCH: usize, const SIZE: usize>(
    tile: &SMatrix<V, BATCH, SIZE>,
    rows: usize,
) -> impl Iterator<Item = [V; SIZE]> {
    (0..rows).map(|row| std::array::from_fn(|feature| tile.data.0[feature][row]))
}
