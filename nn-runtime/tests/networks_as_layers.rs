//! Networks with frozen stages or index inputs as layers of others, and frozen networks between stages that are trained.

#![allow(clippy::float_cmp, reason = "equal bits are meant")]

use approx::assert_relative_eq;
use nn_runtime::kernels::Portable;
use nn_runtime::network::{Parameters, tensors};
use nn_runtime::prelude::*;

network! {
    struct Body: f64 [4] -> [5] {
        #[frozen]
        still: linear(6),
        tanh,
        fc: linear(5),
    }

    struct Words: u16 [3] -> f64 [4] { table: embedding(10, 2), flatten, linear(4) }

    struct Judge: f64 [5] -> [2] { linear(4), tanh, dropout(0.5), linear(2) }

    struct Between: f64 [2] -> [2] { a: linear(2), #[frozen] b: linear(2) }

    struct Plain: f64 [2] -> [2] { linear(2), tanh }

    /// Everything at once: an index input, a trained network, one with frozen stages behind it, frozen ones, one of them in a frozen
    /// structure, a trained end.
    struct Outer: u16 [3] -> f64 [2] {
        words: Words,
        tanh,
        body: Body,
        #[frozen]
        judge: Judge,
        #[frozen]
        whole: Between,
        #[frozen]
        block: residual { linear(2), inner: Plain },
        out: linear(2),
    }
}

const INPUTS: [[u16; 3]; 4] = [[0, 1, 2], [9, 9, 9], [3, 4, 5], [8, 0, 7]];
const TARGETS: [[f64; 2]; 4] = [[0.5, -0.5], [1.0, 0.0], [0.0, 0.25], [-1.0, 1.0]];

fn new() -> (Outer, OuterFrozen) {
    (Outer::new(&mut rng(1)), OuterFrozen::new(&mut rng(2)))
}

fn loss(outer: &Outer, frozen: &OuterFrozen) -> f64 {
    let data = Dataset::new(&INPUTS, &TARGETS).expect("as many of both");
    evaluate(&outer.with_frozen(frozen), &Mse, &data).expect("finite").loss
}

#[test]
fn every_gradient_is_that_of_the_loss() {
    let (mut outer, frozen) = new();
    let mut training = Training::<Outer, Sgd, 4>::boxed();
    training.loss_and_gradient(&outer.with_frozen_mut(&frozen), &Mse, &INPUTS, &TARGETS).expect("finite");
    for position in 0..outer.as_slice().len() {
        let value = outer.as_slice()[position];
        let [high, low] = [1e-5, -1e-5].map(|step| {
            outer.as_mut_slice()[position] = value + step;
            loss(&outer, &frozen)
        });
        outer.as_mut_slice()[position] = value;
        let gradient = training.gradient.as_slice()[position];
        assert_relative_eq!(gradient, (high - low) / 2e-5, epsilon = 1e-9, max_relative = 1e-5);
    }
    assert!(training.gradient.words.table.weight.iter().any(|value| *value != 0.0));
}

#[test]
fn what_is_frozen_inside_stands_among_the_frozen_parameters() {
    let names = |is_frozen: bool| -> Vec<_> {
        let own = tensors(Outer::LAYERS).filter(|tensor| tensor.is_frozen() == is_frozen);
        own.map(|tensor| tensor.name().to_string()).collect()
    };
    assert_eq!(names(false).len(), 7, "{:?}", names(false));
    let frozen = [
        "body.still.weight",
        "body.still.bias",
        "judge.linear1.weight",
        "judge.linear1.bias",
        "judge.linear2.weight",
        "judge.linear2.bias",
        "whole.a.weight",
        "whole.a.bias",
        "whole.b.weight",
        "whole.b.bias",
        "block.linear1.weight",
        "block.linear1.bias",
        "block.inner.linear1.weight",
        "block.inner.linear1.bias",
    ];
    assert_eq!(names(true), frozen);
    let (mut outer, mut frozen) = new();
    frozen.body.still.bias[2] = 7.0;
    frozen.whole_frozen.b.bias[1] = 8.0;
    let view = outer.with_frozen(&frozen);
    let value = |name: &str| -> Vec<f64> {
        let found = view.state_dict().find(|tensor| tensor.info().name().to_string() == name);
        found.expect("the tensor is there").values().collect()
    };
    assert_eq!(value("body.still.bias")[2], 7.0);
    assert_eq!(value("whole.b.bias")[1], 8.0);
    assert_eq!(outer.with_both_mut(&mut frozen).state_dict_mut().count(), 21);
}

#[test]
fn training_changes_what_is_trained_and_nothing_else() {
    let (mut outer, frozen) = new();
    let before = loss(&outer, &frozen);
    let mut training = Training::<Outer, Adam, 4>::boxed();
    for _ in 0..500 {
        let network = &mut outer.with_frozen_mut(&frozen);
        training.step(network, &Adam::new(0.01), &Mse, &INPUTS, &TARGETS).expect("finite");
    }
    assert!(loss(&outer, &frozen) < 0.9 * before);
    assert_eq!(frozen, new().1);
}

#[test]
fn an_index_is_checked_by_the_network_around_it() {
    let (outer, frozen) = new();
    assert_eq!(Outer::INDEX_BOUND, Some(10));
    let error = outer.with_frozen(&frozen).predict(&[0, 10, 1]).unwrap_err();
    assert_eq!(error.index, 10);
}

#[test]
fn a_frozen_network_gives_its_input_the_gradient_of_evaluation() {
    network! {
        struct Inner: f64 [3] -> [3] { linear(3), dropout(0.5), batch_norm1d, tanh }
        struct Around: f64 [2] -> [3] { first: linear(3), #[frozen] inner: Inner }
    }
    let (around, frozen) = (Around::new(&mut rng(1)), AroundFrozen::new(&mut rng(2)));
    let mut workspace = AroundWorkspace::<1>::ZERO;
    let input = SMatrix::from([[0.4], [-0.3]]);
    around.forward_with(Portable, &frozen, &input, &mut workspace, Pass::training(1, 1));
    let output = *Around::output_then_grad(&mut workspace);
    let expected = around.with_frozen(&frozen).predict(&[0.4, -0.3]);
    assert_eq!(output.as_slice(), expected.as_slice(), "a frozen network is in evaluation mode");
}
