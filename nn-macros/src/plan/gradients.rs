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
                    if let Some(value) = Self::read(operation, &argument) {
                        gradients.reads[value] += 1;
                    }
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

    /// The value that an argument reads, or overwrites after reading.
    pub(super) fn read(operation: &Operation, argument: &Argument) -> Option<usize> {
        match argument {
            Argument::Input | Argument::InputThenGrad => operation.inputs.first().copied(),
            Argument::Output => Some(operation.output),
            _ => None,
        }
    }

    /// The calls that the backward pass makes for an operation.
    pub(super) fn backward_functions(&self, operation: &Operation) -> Vec<Function> {
        let parameters = operation.is_trained().then_some(Function::BackwardParameters);
        let input = operation.inputs.iter().any(|input| self.wanted[*input]).then_some(Function::BackwardInput);
        let shared = parameters.or(input).map(|_| Function::BackwardShared);
        [shared, parameters, input]
            .into_iter()
            .flatten()
            .filter(|function| arguments(operation, *function).is_some())
            .collect()
    }
}
