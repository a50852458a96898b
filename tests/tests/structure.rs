//! The structure of networks: residuals, namespaces, frozen stages, networks and users' layers as layers, index inputs, streaming.
//! Every gradient is compared with central differences.

use nn_runtime::bytemuck::Zeroable as _;
use nn_runtime::kernels::{Isa, Portable};
use nn_runtime::nalgebra::{SMatrix, SVector};
use nn_runtime::network::{Architecture as _, Parameters, Run, Tile, Trainable as _};
use nn_runtime::prelude::{Adam, Mse, Training};
use nn_runtime::rand_core::Rng;
use nn_runtime::scalar::Element;
use nn_runtime::{Layer, Pass, bytemuck, init, layer, network};

const BATCH: usize = 3;

network! {
    /// Two residuals, one inside the other, and a namespace.
    pub struct Nested: f64 [4] -> [3] {
        residual {
            first: linear(4), tanh,
            block: residual { fc1: linear(6), tanh, fc2: linear(4) },
        },
        sigmoid,
        linear(3),
    }

    /// A residual at the very beginning, whose input is the caller's.
    pub struct Early: f64 [4] -> [4] {
        residual { tanh, residual { sigmoid } },
    }

    /// Ends with a layer whose backward pass reads the output.
    pub struct Ends: f64 [4] -> [5] {
        linear(5, bias = false),
        softmax,
    }

    /// Uses the networks above, and a user's own layer.
    pub struct Outer: f64 [4] -> [2] {
        early: Early,
        inner: Nested,
        scale: crate::Scale -> [3],
        residual { again: Scale -> [3] },
        out: linear(2),
    }

    /// A frozen front, a frozen middle, and a trained layer before and after.
    pub struct Partly: f64 [4] -> [2] {
        #[frozen]
        front: linear(5), tanh,
        #[frozen]
        encoder: Middle -> [5],
        fc1: linear(4), tanh,
        #[frozen]
        middle: linear(3), sigmoid,
        fc2: linear(2),
    }

    /// Branches, of the input itself too, added and joined along either dimension; names in repeats.
    pub struct Branches: f64 [2, 3] -> [4] {
        add { [], [linear(3), tanh], [transpose, reshape([2, 3])] },
        concat(dim = 1) { [], [fc: linear(2)], [] },
        concat { [tanh], [], [relu] },
        repeat(2) {
            cell: linear(4), tanh,
            repeat(2) { inner: linear(4) },
        },
        flatten,
        block: repeat(2) { fc: linear(5), sigmoid },
        linear(4),
    }

    /// Parts of the input joined at the very beginning, and joined again at the end.
    pub struct Joined: f64 [4] -> [13] {
        concat { [sigmoid], [linear(5)], [] },
    }

    /// Index inputs.
    pub struct Words: u16 [3] -> f64 [2] {
        embedding(7, 4),
        linear(2), tanh,
        flatten,
        linear(2),
    }

    /// A sequence, step by step.
    pub struct Sequence: f64 [5, 3] -> [5, 2] {
        linear(4), tanh,
        residual { memory: gru(4) },
        dropout(0.5),
        gru(3),
        linear(2),
    }
}

network! {
    /// From another invocation.
    struct Middle: f64 [5] -> [5] { linear(5), tanh }
}

layer! {
    /// A user's layer: every feature has a factor of its own.
    pub struct Scale {
        factor: SVector<f64, 3>,
    }
}

impl Layer<3, 3, f64> for Scale {
    type Cache<const BATCH: usize> = ();

    fn init<R: Rng + ?Sized>(&mut self, rng: &mut R) {
        init::uniform(self.factor.as_mut_slice(), 1.0, rng).expect("the bound is finite");
    }

    fn forward<I: Isa, const BATCH: usize>(
        &self,
        _: I,
        input: &SMatrix<f64, BATCH, 3>,
        output: &mut SMatrix<f64, BATCH, 3>,
        (): &mut (),
        _: Pass,
    ) {
        *output = SMatrix::from_fn(|row, column| input[(row, column)] * self.factor[column]);
    }

    fn backward_parameters<I: Isa, const BATCH: usize>(
        &self,
        _: I,
        input: &SMatrix<f64, BATCH, 3>,
        (): &mut (),
        grad_output: &SMatrix<f64, BATCH, 3>,
        gradient: &mut Self,
        _: Pass,
    ) {
        for column in 0..3 {
            gradient.factor[column] += input.column(column).dot(&grad_output.column(column));
        }
    }

    fn backward_input<I: Isa, const BATCH: usize>(
        &self,
        _: I,
        input: &mut SMatrix<f64, BATCH, 3>,
        (): &mut (),
        grad_output: &SMatrix<f64, BATCH, 3>,
        _: Pass,
    ) {
        *input = SMatrix::from_fn(|row, column| grad_output[(row, column)] * self.factor[column]);
    }
}

/// The sum of the outputs, each with a weight of its own.
fn weighted<const OUT: usize>(output: &SMatrix<f64, BATCH, OUT>) -> f64 {
    output.iter().zip(&weights::<OUT>()).map(|(output, weight)| output * weight).sum()
}

fn weights<const OUT: usize>() -> SMatrix<f64, BATCH, OUT> {
    SMatrix::from_fn(|row, column| 0.3 + (row * 7 + column * 3) as f64 % 1.7)
}

fn loss<P, const OUT: usize>(network: &P, frozen: &P::Frozen, input: &Tile<P::Input, BATCH>, pass: Pass) -> f64
where
    P: Parameters<Output = [f64; OUT]>,
{
    let mut workspace = Box::new(P::Workspace::<BATCH>::zeroed());
    network.forward_with(Portable, frozen, input, &mut workspace, pass);
    weighted(P::output_then_grad(&mut workspace))
}

/// Compares the gradients of parameters, and of the input where there is one, with central differences.
fn check_gradients<P, E: Element, const IN: usize, const OUT: usize>(
    network: &P,
    frozen: &P::Frozen,
    input: &SMatrix<E, BATCH, IN>,
) where
    P: Parameters<Scalar = f64, Input = [E; IN], Output = [f64; OUT]>,
{
    let pass = Pass::training(5, BATCH as u32);
    let mut workspace = Box::new(P::Workspace::<BATCH>::zeroed());
    network.forward_with(Portable, frozen, input, &mut workspace, pass);
    *P::output_then_grad(&mut workspace) = weights();
    let mut gradient = P::zeroed();
    network.backward_with(Portable, frozen, input, &mut workspace, &mut gradient, pass);
    let step = 1e-6;
    for index in 0..network.as_slice().len() {
        let at = |offset: f64| {
            let mut moved = *network;
            moved.as_mut_slice()[index] += offset;
            loss(&moved, frozen, input, pass)
        };
        let expected = (at(step) - at(-step)) / (2.0 * step);
        let actual = gradient.as_slice()[index];
        assert!(
            (actual - expected).abs() < 1e-7 * expected.abs().max(1.0),
            "parameter {index}: {actual} instead of {expected}"
        );
    }
    if !P::HAS_INPUT_GRADIENT {
        return;
    }
    let mut grad_input = *input;
    network.backward_input_with(Portable, frozen, &mut grad_input, &mut workspace, pass);
    for (index, actual) in bytemuck::cast_slice::<_, f64>(grad_input.as_slice()).iter().enumerate() {
        let at = |offset: f64| {
            let mut moved = *input;
            bytemuck::cast_slice_mut::<_, f64>(moved.as_mut_slice())[index] += offset;
            loss(network, frozen, &moved, pass)
        };
        let expected = (at(step) - at(-step)) / (2.0 * step);
        assert!(
            (actual - expected).abs() < 1e-7 * expected.abs().max(1.0),
            "input {index}: {actual} instead of {expected}"
        );
    }
}

fn sample<const IN: usize>() -> SMatrix<f64, BATCH, IN> {
    SMatrix::from_fn(|row, column| ((row * 13 + column * 5) as f64).sin())
}

#[test]
fn gradients_through_structures() {
    let mut rng = init::rng(3);
    check_gradients(&Nested::new(&mut rng), &(), &sample());
    check_gradients(&Early::ZERO, &(), &sample());
    check_gradients(&Ends::new(&mut rng), &(), &sample());
    check_gradients(&Outer::new(&mut rng), &(), &sample());
    check_gradients(&Partly::new(&mut rng), &PartlyFrozen::new(&mut rng), &sample());
    check_gradients(&Branches::new(&mut rng), &(), &sample());
    check_gradients(&Joined::new(&mut rng), &(), &sample());
    check_gradients(&Words::new(&mut rng), &(), &SMatrix::from_fn(|row, column| (row + 2 * column) as u16));
    check_gradients(&Sequence::new(&mut rng), &(), &sample());
}

#[test]
fn inference_is_the_forward_pass_in_evaluation_mode() {
    let mut rng = init::rng(4);
    let network = Outer::new(&mut rng);
    let input = sample();
    let mut workspace = OuterWorkspace::<BATCH>::ZERO;
    network.forward_with(Portable, &(), &input, &mut workspace, Pass::training(1, 3));
    let output = *Outer::output_then_grad(&mut workspace);
    for row in 0..BATCH {
        let single = network.predict(&input.row(row).transpose());
        assert!((single - output.row(row).transpose()).norm() < 1e-14);
    }
}

#[test]
fn a_frozen_stage_has_no_gradient() {
    assert_eq!(size_of::<Partly>(), 8 * (5 * 4 + 4 + 3 * 2 + 2));
    assert_eq!(size_of::<PartlyFrozen>(), 8 * (4 * 5 + 5 + 5 * 5 + 5 + 4 * 3 + 3));
    assert_eq!(Partly::RUNS, [Run::trained(0, 32)]);
    let (network, frozen) = (Partly::new(&mut init::rng(1)), PartlyFrozen::new(&mut init::rng(2)));
    let outputs = [&frozen, &PartlyFrozen::ZERO].map(|frozen| network.with_frozen(frozen).predict(&[0.1; 4]));
    assert_ne!(outputs[0], outputs[1]);
}

#[test]
fn names_are_paths() {
    let network = Nested::ZERO;
    assert_eq!(network.block.fc1.weight.shape(), (6, 4));
    assert_eq!(network.linear2.bias.len(), 3);
    let names: Vec<_> = Outer::LAYERS.iter().map(|layer| (layer.name, layer.start, layer.parameters)).collect();
    let inner = Nested::ZERO.as_slice().len();
    assert_eq!(
        names,
        [
            ("early", 0, 0),
            ("inner", 0, inner),
            ("scale", inner, 3),
            ("again", inner + 3, 3),
            ("residual1", 0, 0),
            ("out", inner + 6, 8)
        ]
    );
}

/// A network, a user's layer and a frozen stage learn what they can: the loss falls to a small part, the frozen parameters stay.
#[test]
fn structures_train() {
    let inputs: [[f64; 4]; 8] =
        std::array::from_fn(|row| std::array::from_fn(|column| ((row * 5 + column * 3) as f64).sin()));
    let targets: [[f64; 2]; 8] = std::array::from_fn(|row| [0.4 * inputs[row][0], 0.3 * inputs[row][1] - 0.1]);
    let mut network = Outer::new(&mut init::rng(8));
    let scale = network.scale;
    let mut training = Training::<Outer, Adam, 4>::ZERO;
    let losses: Vec<f64> = (0..400)
        .map(|_| training.step(&mut network, &Adam::new(0.01), &Mse, &inputs, &targets).expect("the data is right"))
        .collect();
    assert!(losses[399] < 0.02 * losses[0], "{} after {}", losses[399], losses[0]);
    assert_ne!(network.scale, scale);

    let (mut network, frozen) = (Partly::new(&mut init::rng(8)), PartlyFrozen::new(&mut init::rng(9)));
    let mut training = Training::<Partly, Adam, 3>::ZERO;
    let losses: Vec<f64> = (0..400)
        .map(|_| {
            training
                .step(&mut network.with_frozen_mut(&frozen), &Adam::new(0.01), &Mse, &inputs, &targets)
                .expect("the data is right")
        })
        .collect();
    assert!(losses[399] < 0.2 * losses[0], "{} after {}", losses[399], losses[0]);
}

#[test]
fn names_in_repeats_are_numbered() {
    let names: Vec<_> =
        Branches::LAYERS.iter().filter(|layer| layer.keyword == "linear").map(|layer| layer.name).collect();
    assert_eq!(
        names,
        [
            "linear1",
            "fc",
            "cell1",
            "inner1_1",
            "inner1_2",
            "cell2",
            "inner2_1",
            "inner2_2",
            "block1.fc",
            "block2.fc",
            "linear9"
        ]
    );
    assert_eq!(Branches::ZERO.block2.fc.weight.shape(), (5, 5));
}

#[test]
fn an_index_out_of_range_is_an_error() {
    let network = Words::new(&mut init::rng(1));
    assert!(network.predict(&SVector::from([0, 6, 3])).is_ok());
    let error = network.predict(&SVector::from([0, 6, 7])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "index 7 at position 2 of the input is out of range: the network has 7 embeddings, 0 to 6"
    );
}

#[test]
fn steps_are_the_sequence() {
    let network = Sequence::new(&mut init::rng(6));
    let input = SVector::<f64, 15>::from_fn(|row, _| (row as f64).cos());
    let whole = network.predict(&input);
    let mut state = SequenceState::ZERO;
    for _ in 0..2 {
        for step in 0..5 {
            let output = network.step(&mut state, &input.fixed_rows::<3>(step * 3).into_owned());
            assert!((output - whole.fixed_rows::<2>(step * 2)).norm() < 1e-14);
        }
        state.reset();
    }
}
