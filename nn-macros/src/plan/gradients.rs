//! Which gradients a network needs, and who reads what on the way back.

use super::{Function, arguments};
use crate::model::spec::Argument;
use crate::model::{Combination, Graph, Kind, Operation};

/// Which gradients are computed, and what the backward pass reads.
pub(super) struct Gradients {
    /// Whether a value depends on a trained parameter.
    pub(super) early: Vec<bool>,
    /// Whether the gradient of a value is computed at all.
    pub(super) wanted: Vec<bool>,
    /// How many calls of the backward pass read a value.
    pub(super) reads: Vec<usize>,
}

impl Gradients {
    pub(super) fn none(graph: &Graph) -> Self {
        let no = vec![false; graph.values.len()];
        Self { early: no.clone(), wanted: no, reads: vec![0; graph.values.len()] }
    }

    pub(super) fn of(graph: &Graph, has_input_gradient: bool) -> Self {
        let mut gradients = Self::none(graph);
        for operation in &graph.operations {
            gradients.early[operation.output] =
                operation.is_trained() || operation.inputs.iter().any(|input| gradients.early[*input]);
        }
        gradients.wanted = gradients.early.iter().map(|early| *early || has_input_gradient).collect();
        for (wanted, is_index) in gradients.wanted.iter_mut().zip(&graph.inputs) {
            *wanted &= !is_index;
        }
        for operation in &graph.operations {
            gradients.read_factors(operation);
            for function in gradients.backward_functions(operation) {
                for argument in arguments(operation, function).unwrap_or_default() {
                    Self::reads(operation, &argument).for_each(|value| gradients.reads[value] += 1);
                }
            }
        }
        gradients
    }

    /// The gradient of each factor of a product takes all the others.
    fn read_factors(&mut self, operation: &Operation) {
        let Kind::Combine { combination: Combination::Product, .. } = operation.kind else { return };
        for (place, input) in operation.inputs.iter().enumerate() {
            if self.wanted[*input] {
                let others = operation.inputs.iter().enumerate().filter(|(other, _)| *other != place);
                others.for_each(|(_, other)| self.reads[*other] += 1);
            }
        }
    }

    /// The values that an argument reads, or overwrites after reading.
    pub(super) fn reads(operation: &Operation, argument: &Argument) -> impl Iterator<Item = usize> {
        let output = matches!(argument, Argument::Output).then_some(operation.output);
        argument.reads().into_iter().map(|place| operation.inputs[place]).chain(output)
    }

    /// The calls that the backward pass makes for an operation.
    pub(super) fn backward_functions(&self, operation: &Operation) -> Vec<Function> {
        let parameters = operation.is_trained().then_some(Function::BackwardParameters);
        let wanted = |place: &usize| self.wanted[operation.inputs[*place]];
        let places: Vec<_> = match &operation.kind {
            Kind::Layer { .. } => (0..operation.inputs.len()).filter(wanted).collect(),
            _ => (0..operation.inputs.len()).find(wanted).map(|_| 0).into_iter().collect(),
        };
        let shared = parameters.or(places.first().map(|_| Function::BackwardInput)).map(|_| Function::BackwardShared);
        let inputs = places.into_iter().map(Function::of_input_gradient);
        let all = shared.into_iter().chain(parameters).chain(inputs);
        all.filter(|function| arguments(operation, *function).is_some()).collect()
    }
}
