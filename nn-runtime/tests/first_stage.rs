//! The stage in which a value first became NaN or infinite, which the error of a refused step names.

use nn_runtime::optim::StepError;
use nn_runtime::prelude::*;

/// The error of a training step, which is that of the gradient alone too and changes nothing: what is behind "step 1: ".
macro_rules! refused {
    ($name:ident, $network:expr, $tile:literal, $loss:expr, $inputs:expr, $targets:expr) => {{
        let before = $network;
        let mut network = before;
        let mut training = Training::<$name, Sgd, $tile>::boxed();
        let error = training.step(&mut network, &Sgd::new(0.1), &$loss, &$inputs, &$targets).unwrap_err().to_string();
        let other = training.loss_and_gradient(&network, &$loss, &$inputs, &$targets).unwrap_err().to_string();
        assert_eq!(error, other);
        assert!(network == before && training.steps == 0);
        error.strip_prefix("step 1: ").expect("it is the first step").to_owned()
    }};
}

/// Whether an error says that the output of a stage was the first that is not finite.
fn assert_names(error: &str, stage: &str, value: &str, row: usize) {
    let expected = format!(
        "the output of {stage} is {value} for row {row} of the mini-batch, and the outputs of all \
         stages before it are finite, so the network was not changed; "
    );
    assert!(error.starts_with(&expected), "{error}\ninstead of\n{expected}");
}

network! {
    struct Five: [1] -> [1] {
        a: linear(1, bias = false),
        b: linear(1, bias = false),
        c: linear(1, bias = false),
        d: linear(1, bias = false), relu,
    }
    struct InPlace: [2] -> [1] { fc: linear(2, bias = false), log, abs, out: linear(1) }
    struct Fused: [1, 3, 3] -> [2] { conv: conv2d(2, 3, bias = false), relu, square, flatten }
    struct Dropped: [1] -> [64] { fc: linear(64, bias = false), dropout(0.5), scale: linear(64) }
    struct Recurrent: [3, 2] -> [1] { rnn: rnn(1, nonlinearity = relu), last, tanh, out: linear(1) }
    struct Sum: [1] -> [1] { block: residual { fc: linear(1, bias = false) }, out: linear(1) }
    struct Inside: [1] -> [1] { block: residual { fc: linear(1, bias = false), exp }, out: linear(1) }
    struct Repeated: [1] -> [1] { block: repeat(3) { fc: linear(1, bias = false), square }, out: linear(1) }
    struct Two: { x: [1] } -> { one: [1], other: [1] } { body: linear(2, bias = false), (one, right): split([1, 1]), right, other: exp }
    struct Still: [1] -> [1] { #[frozen] old: linear(1, bias = false), exp, new: linear(1) }
    struct Inner: [1] -> [1] { fc: linear(1, bias = false), relu, act: exp }
    struct Outer: [1] -> [1] { start: linear(1, bias = false), own: Own -> [1], body: Inner -> [1], square, out: linear(1) }
    struct Steps: [4, 1] -> [1] { tanh, frames: each { fc: linear(1, bias = false), exp }, last, out: linear(1) }
}

layer! {
    /// Multiplies by 1e30.
    struct Own {}
}

impl Layer<1, 1> for Own {
    type Cache<const BATCH: usize> = ();

    fn forward<I: Isa, const BATCH: usize>(
        &self,
        _isa: I,
        input: &SMatrix<f32, BATCH, 1>,
        output: &mut SMatrix<f32, BATCH, 1>,
        _cache: &mut (),
        _pass: Pass,
    ) {
        *output = input * 1e30;
    }

    fn backward_input<I: Isa, const BATCH: usize>(
        &self,
        _isa: I,
        input_then_grad: &mut SMatrix<f32, BATCH, 1>,
        _cache: &mut (),
        grad_output: &SMatrix<f32, BATCH, 1>,
        _pass: Pass,
    ) {
        *input_then_grad = grad_output * 1e30;
    }
}

#[test]
fn an_overflow_is_named_by_its_stage_and_row() {
    let mut network = Five::ZERO;
    network.as_mut_slice().fill(1e15);
    let inputs = [[1.0], [0.0], [-1.0], [1.0], [1e-30]];
    assert_names(&refused!(Five, network, 8, Mse, inputs, [[0.0]; 5]), "`c` (`linear`)", "inf", 0);
    // not the first tile, nor its first row
    assert_names(
        &refused!(Five, network, 2, Mse, [[0.0], [1e-30], [1e-30], [-1.0]], [[0.0]; 4]),
        "`c` (`linear`)",
        "-inf",
        3,
    );
    // the whole message, and that of fit
    let data = Dataset::new(&[[1.0]], &[[0.0]]).unwrap();
    let error = Fit::new(Sgd::new(0.1), Mse).run(&mut network, &data).unwrap_err();
    assert_eq!(
        error.to_string(),
        "epoch 1, step 1: the output of `c` (`linear`) is inf for row 0 of the mini-batch, and the outputs of \
         all stages before it are finite, so the network was not changed; use a lower learning rate, clip the gradient, or \
         bring inputs nearer to 0"
    );
    let FitError::Train(TrainError::Step { error: StepError::Activation { stage, .. }, .. }) = error else {
        panic!("{error}")
    };
    assert_eq!((stage.keyword(), stage.row().map(|row| row.name)), ("linear", Some("c")));
}

#[test]
fn a_stage_that_works_in_place_is_told_from_the_one_before() {
    let mut network = InPlace::ZERO;
    network.out.weight.fill(1.0);
    network.fc.weight[(1, 1)] = 1.0;
    network.fc.weight[(0, 0)] = 1.0;
    // the logarithm of -1 and of 0
    let inputs = [[1.0, 2.0], [2.0, -1.0], [0.0, 1.0]];
    assert_names(&refused!(InPlace, network, 4, Mse, inputs, [[0.0]; 3]), "`log1` (`log`)", "NaN", 1);
    assert_names(&refused!(InPlace, network, 1, Mse, [inputs[0], inputs[2]], [[0.0]; 2]), "`log1` (`log`)", "-inf", 1);
    network.fc.weight.fill(3e38);
    assert_names(&refused!(InPlace, network, 4, Mse, inputs, [[0.0]; 3]), "`fc` (`linear`)", "inf", 0);
    // a relu that the convolution computes
    let mut network = Fused::ZERO;
    network.conv.weight.fill(3e38);
    let error = refused!(Fused, network, 1, Mse, [[1.0; 9]], [[0.0; 2]]);
    assert_names(&error, "`conv` (`conv2d`)", "inf", 0);
    network.conv.weight.fill(1e20);
    let error = refused!(Fused, network, 1, Mse, [[1.0; 9]], [[0.0; 2]]);
    assert_names(&error, "`square1` (`square`)", "inf", 0);
}

/// The search runs with the dropout mask of the step.
#[test]
fn what_dropout_keeps_is_found() {
    let mut network = Dropped::ZERO;
    let mut found = Vec::new();
    for position in 0..8 {
        network.fc.weight.fill(0.0);
        network.fc.weight[position] = 2e38; // twice that is infinite, 0 is not
        let mut training = Training::<Dropped, Sgd, 2>::boxed();
        training.seed = 5;
        match training.step(&mut network, &Sgd::new(0.0), &Mse, &[[0.0], [0.0], [0.0], [1.0]], &[[0.0; 64]; 4]) {
            Ok(_) => found.push(false),
            Err(error) => {
                let error = error.to_string();
                let error = error.strip_prefix("step 1: ").expect("it is the first step");
                assert_names(error, "`dropout1` (`dropout`)", "inf", 3);
                found.push(true);
            }
        }
    }
    assert!(found.contains(&true) && found.contains(&false), "{found:?}");
}

#[test]
fn a_recurrent_layer_is_named() {
    let mut network = Recurrent::ZERO;
    network.rnn.weight_ih_l0.fill(1.0);
    network.rnn.weight_hh_l0.fill(1e30);
    network.out.weight.fill(1e30);
    // infinite from the second step on, after which `tanh` is finite: the loss is not, as the output overflows
    let inputs = [[0.0; 6], [0.0, 0.0, 1e20, 0.0, 0.0, 0.0]];
    network.out.bias.fill(3e38);
    let error = refused!(Recurrent, network, 2, Mse, inputs, [[0.0]; 2]);
    assert_names(&error, "`rnn` (`rnn`)", "inf", 1);
}

#[test]
fn structures_are_named_and_what_is_inside() {
    let mut network = Sum::ZERO;
    network.block.fc.weight.fill(1.0);
    assert_names(&refused!(Sum, network, 1, Mse, [[3e38]], [[0.0]]), "`block` (`residual`)", "inf", 0);
    let mut network = Inside::ZERO;
    network.block.fc.weight.fill(1.0);
    assert_names(&refused!(Inside, network, 1, Mse, [[100.0]], [[0.0]]), "`block.exp1` (`exp`)", "inf", 0);
    let mut network = Repeated::ZERO;
    network.as_mut_slice().fill(1.0);
    let error = refused!(Repeated, network, 1, Mse, [[1e15]], [[0.0]]);
    assert_names(&error, "`block2.square1` (`square`)", "inf", 0);
}

#[test]
fn of_several_outputs_the_one_that_overflows_is_named() {
    let mut network = Two::ZERO;
    network.body.weight.fill(1.0);
    let loss = TwoOutput { one: Mse, other: Mse };
    let (inputs, targets) = ([TwoInput { x: [100.0] }], [TwoOutput { one: [0.0], other: [0.0] }]);
    assert_names(&refused!(Two, network, 1, loss, inputs, targets), "`other` (`exp`)", "inf", 0);
}

#[test]
fn a_stage_after_a_frozen_one_is_named() {
    let (mut network, mut frozen) = (Still::ZERO, StillFrozen::ZERO);
    let mut training = Training::<Still, Sgd, 1>::boxed();
    for (weight, stage) in [(1.0, "`exp1` (`exp`)"), (1e38, "`old` (`linear`)")] {
        frozen.old.weight.fill(weight);
        let network = &mut network.with_frozen_mut(&frozen);
        let error = training.step(network, &Sgd::new(0.1), &Mse, &[[100.0]], &[[0.0]]).unwrap_err().to_string();
        assert_names(error.strip_prefix("step 1: ").expect("it is the first step"), stage, "inf", 0);
    }
}

#[test]
fn networks_inside_and_own_layers_are_named() {
    let mut network = Outer::ZERO;
    network.start.weight.fill(1.0);
    network.body.fc.weight.fill(1e-28);
    assert_names(&refused!(Outer, network, 1, Mse, [[1.0]], [[0.0]]), "`body.act` (`exp`)", "inf", 0);
    network.body.fc.weight.fill(1e10);
    assert_names(&refused!(Outer, network, 1, Mse, [[1.0]], [[0.0]]), "`body.fc` (`linear`)", "inf", 0);
    assert_names(&refused!(Outer, network, 1, Mse, [[1e10]], [[0.0]]), "`own` (`Own`)", "inf", 0);
    network.body.fc.weight.fill(6e-29); // exp(60)
    assert_names(&refused!(Outer, network, 1, Mse, [[1.0]], [[0.0]]), "`square1` (`square`)", "inf", 0);
    let mut network = Steps::ZERO;
    network.frames.fc.weight.fill(200.0);
    let inputs = [[0.0; 4], [0.0, 0.0, 1.0, 0.0]];
    // the loss is of the last step, and finite; the gradient is not
    let error = refused!(Steps, network, 2, Mse, inputs, [[0.0]; 2]);
    assert_names(&error, "`frames.exp1` (`exp`)", "inf", 1);
    let data = Dataset::new(&inputs, &[[0.0]; 2]).unwrap();
    let error = Fit::new(Sgd::new(0.1), Mse).run(&mut network, &data).unwrap_err();
    assert!(error.to_string().starts_with("epoch 1, step 1: the output of `frames.exp1` (`exp`) is inf"), "{error}");
}

#[test]
fn a_loss_that_overflows_behind_finite_outputs_is_named_itself() {
    let error = refused!(Five, Five::ZERO, 1, Mse, [[1.0]], [[3e38]]);
    assert!(
        error.starts_with("the loss is inf, though the outputs of all stages are finite, so the network"),
        "{error}"
    );
}

network! {
    struct Chain: [1] -> [1] {
        first: linear(1),
        second: linear(1),
        third: linear(1),
    }
    struct Root: [1] -> [1] { first: linear(1), sqrt, last: linear(1) }
}

/// The backward pass begins at the last stage.
#[test]
fn a_gradient_is_named_by_the_stage_where_the_backward_pass_found_it_first() {
    let mut network = Chain::ZERO;
    network.first.weight.fill(1.0);
    network.second.weight.fill(1.0);
    network.third.weight.fill(1e25);
    // the gradient is about 1e15 at the output, and infinite before the third stage
    let error = refused!(Chain, network, 1, Mse, [[1e-10]], [[0.0]]);
    let expected = "the gradient of parameter 3 (`second.bias`) is inf, and the gradients of all stages behind it are finite, so \
                    the network was not changed; ";
    assert!(error.starts_with(expected), "{error}");
    // infinite where the argument of the root is 0
    let mut network = Root::ZERO;
    network.last.weight.fill(1.0);
    let error = refused!(Root, network, 1, Mse, [[1.0]], [[-1.0]]);
    assert!(
        error.starts_with("the gradient of parameter 1 (`first.bias`) is inf, and the gradients of all"),
        "{error}"
    );
}
