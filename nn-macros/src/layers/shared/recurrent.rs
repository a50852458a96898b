//! Layers that go through a sequence step by step: `[steps, features]` to `[steps, hidden]`, or `[steps, 2 · hidden]` in
//! both directions.

use proc_macro2::TokenStream;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::sequence::steps_and_features;
use crate::model::definition::Context;
use crate::model::options::{Key, Word};
use crate::model::spec::{Argument, Axis, Cache, Calls, Infer, Layer, Parameter, Step};

pub const HIDDEN_SIZE: Key<usize> = Key::size("hidden_size");
pub const BIDIRECTIONAL: Key<bool> = Key::bool("bidirectional");
pub const ACTIVATION: Key<Word> = Key::word("activation", &["tanh", "relu", "sigmoid"]);

/// What tells recurrent layers apart, in blocks of `hidden_size`.
pub struct Cell {
    /// The rows of the weights.
    pub gates: usize,
    /// What a step keeps for the backward pass.
    pub kept: usize,
    /// What a step hands to the next.
    pub state: usize,
    /// The value that stands for the formulas of a step.
    pub formulas: TokenStream,
}

/// The parameters of the forward direction, each with that of the reverse direction.
const NAMES: [&[&str]; 4] = [
    &["weight_ih_l0", "weight_ih_l0_reverse"],
    &["weight_hh_l0", "weight_hh_l0_reverse"],
    &["bias_ih_l0", "bias_ih_l0_reverse"],
    &["bias_hh_l0", "bias_hh_l0_reverse"],
];

/// The layer with the options of both keys.
pub fn build(context: &Context, cell: Cell) -> Result<Layer, Diagnostic> {
    let hidden = context.options.get(&HIDDEN_SIZE);
    let directions = if context.options.get(&BIDIRECTIONAL) { 2 } else { 1 };
    let [steps, features] = steps_and_features(context)?;
    let output = context.output(vec![steps, hidden.saturating_mul(directions)])?;
    let cache = context.output(vec![steps, directions, cell.kept, hidden])?.len();
    let rows = context.output(vec![cell.gates, hidden])?.len();
    let parameters = |direction: usize| {
        let names = NAMES.map(|names| names[direction]);
        [
            Parameter::matrix(names[0], rows, features),
            Parameter::matrix(names[1], rows, hidden),
            Parameter::vector(names[2], rows),
            Parameter::vector(names[3], rows),
        ]
    };
    let multiply_adds = (steps * directions * rows) as u64 * (features + hidden) as u64;
    let formulas = Argument::Option(cell.formulas);
    let step = if directions == 1 { step(cell.state * hidden, &formulas) } else { Step::Never(REVERSE) };
    Ok(Layer {
        parameters: (0..directions).flat_map(parameters).collect(),
        cache: Some(Cache::Lanes(cache)),
        multiply_adds,
        calls: calls(NAMES.map(|names| &names[..directions]), &formulas, step),
        ..Layer::new(output)
    })
}

/// Why the reverse direction cannot work step by step.
const REVERSE: &str = "begins with the last step";

fn calls(names: [&'static [&'static str]; 4], formulas: &Argument, step: Step) -> Calls {
    use Argument::{Cache, GradInput, GradOutput, Gradients, Input, Output, Parameters, Rng};
    let (all, gradients) = (names.map(Parameters), names.map(Gradients));
    let formulas = std::slice::from_ref(formulas);
    let [to_input, to_hidden] = [Parameters(names[0]), Parameters(names[1])];
    Calls {
        init: Some([&gradients[..], &[Rng]].concat()),
        forward: Some([formulas, &all, &[Input, Output, Cache]].concat()),
        infer: Infer::Call([formulas, &all, &[Input, Output]].concat()),
        backward_shared: Some([formulas, &[to_hidden, Output, Cache, GradOutput]].concat()),
        backward_parameters: Some([formulas, &[Input, Output, Cache], &gradients[..]].concat()),
        backward_input: Some(vec![to_input, Cache, GradInput]),
        step,
    }
}

fn step(state: usize, formulas: &Argument) -> Step {
    let all = NAMES.map(|names| Argument::Parameter(names[0]));
    let call = [std::slice::from_ref(formulas), &all, &[Argument::State, Argument::Input, Argument::Output]].concat();
    Step::Call { axis: Axis::First, state, call }
}
