//! Layers that go through a sequence step by step: `[steps, features]` to `[steps, hidden]`, or `[steps, 2 · hidden]` in
//! both directions.

use proc_macro2::{Ident, TokenStream};

use crate::diagnostic::Diagnostic;
use crate::layers::shared::sequence::{self, LENGTH, steps_and_features};
use crate::model::definition::Context;
use crate::model::options::{Key, Word};
use crate::model::spec::{Argument, Axis, Cache, Calls, Infer, Layer, Memory, Operand, Parameter, Step};

pub const HIDDEN_SIZE: Key<usize> = Key::size("hidden_size");
pub const BIDIRECTIONAL: Key<bool> = Key::bool("bidirectional");
/// The hidden state before the first step.
pub const H_0: Key<Ident> = Key::value("h_0");
/// The cell state before the first step.
pub const C_0: Key<Ident> = Key::value("c_0");
pub const ACTIVATION: Key<Word> = Key::word("activation", &["tanh", "relu", "sigmoid"]);

/// What tells recurrent layers apart, in blocks of `hidden_size`.
pub struct Cell {
    /// The rows of the weights.
    pub gates: usize,
    /// What a step keeps for the backward pass.
    pub kept: usize,
    /// What a step hands to the next, each with the option that gives it before the first step.
    pub state: &'static [Key<Ident>],
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

/// Builds the layer of a cell.
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
    let memory = Memory {
        state: cell.state.len() * hidden,
        past: None,
        // what a step keeps, but for what it was handed besides an output
        scratch: (cell.kept + 1 - cell.state.len()) * hidden,
    };
    let start = start(context, cell.state, [directions, hidden])?;
    let has_start = start.iter().any(Option::is_some);
    let (lengths, length) = sequence::length(context, &LENGTH, steps)?;
    if let (true, true, Some(length)) = (has_start, directions == 2, &length) {
        let error = format!(
            "`{}` with `bidirectional = true` takes either an initial state or a `{}`, not both",
            context.keyword, length.option
        );
        let note = "the reverse direction begins in the padding, where its initial state would be lost";
        return Err(context.error_at(&LENGTH, error).note(note).help("leave one of them out"));
    }
    let step = match (directions, has_start, &length) {
        (2, ..) => Step::Never("begins with the last step"),
        (_, true, _) => Step::Never("begins with a state that it is given"),
        (_, _, Some(_)) => Step::Never(sequence::TAKES_LENGTH),
        _ => step(memory, &Argument::Option(cell.formulas.clone())),
    };
    let given = cell.state.iter().zip(&start).filter(|(_, place)| place.is_some());
    let operands = given.map(|(option, _)| Operand {
        option: option.name,
        most_steps: None,
        backward: Some(vec![Argument::Option(cell.formulas.clone()), Argument::Cache, Argument::GradInput]),
    });
    let operands = operands.chain(length).collect();
    // the gradients of the states before the first step
    let starts = if has_start { directions * cell.state.len() * hidden } else { 0 };
    let options =
        Options { formulas: Argument::Option(cell.formulas), start: Argument::OptionalOperands(start), lengths };
    Ok(Layer {
        parameters: (0..directions).flat_map(parameters).collect(),
        cache: Some(Cache::Lanes(cache + starts)),
        multiply_adds,
        operands,
        calls: calls(NAMES.map(|names| &names[..directions]), options, step),
        ..Layer::new(output)
    })
}

/// The places of the states before the first step, where they are given.
fn start(context: &Context, state: &[Key<Ident>], sizes: [usize; 2]) -> Result<Vec<Option<usize>>, Diagnostic> {
    state.iter().map(|option| sequence::numbers(context, option, &sizes)).collect()
}

/// What calls take besides parameters and buffers.
struct Options {
    formulas: Argument,
    start: Argument,
    lengths: Argument,
}

fn calls(names: [&'static [&'static str]; 4], options: Options, step: Step) -> Calls {
    use Argument::{Cache, GradInput, GradOutput, Gradients, Input, Output, Parameters, Rng};
    let (all, gradients) = (names.map(Parameters), names.map(Gradients));
    let Options { formulas, start, lengths } = options;
    let formulas = std::slice::from_ref(&formulas);
    let (start, both) = (std::slice::from_ref(&start), [start.clone(), lengths]);
    let [to_input, to_hidden] = [Parameters(names[0]), Parameters(names[1])];
    Calls {
        init: Some([&gradients[..], &[Rng]].concat()),
        forward: Some([formulas, &all, &both, &[Input, Output, Cache]].concat()),
        infer: Infer::Call([formulas, &all, &both, &[Input, Output]].concat()),
        backward_shared: Some([formulas, &[to_hidden], &both, &[Output, Cache, GradOutput]].concat()),
        backward_parameters: Some([formulas, start, &[Input, Output, Cache], &gradients[..]].concat()),
        backward_input: Some(vec![to_input, Cache, GradInput]),
        step,
    }
}

fn step(memory: Memory, formulas: &Argument) -> Step {
    let all = NAMES.map(|names| Argument::Parameter(names[0]));
    let call = [std::slice::from_ref(formulas), &all, &[Argument::State, Argument::Input, Argument::Output]].concat();
    Step::Call { axis: Axis::First, memory: Some(memory), call }
}
