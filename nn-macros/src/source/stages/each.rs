//! `each`: its stages are a network of their own on one step, which is applied to every step.

use proc_macro2::Ident;

use super::{Current, Outside, Placed, Walk, Walked};
use crate::arguments;
use crate::ast::{Keyword, Stage};
use crate::diagnostic::Diagnostic;
use crate::model::builder::Value;
use crate::model::shape::Shape;
use crate::model::{Each, Foreign, Operation, Port, Ports, Tensors, TypePath, naming};

/// The stages of an `each`, as a network.
pub struct Body {
    pub name: Ident,
    /// The name of the `each`, with those of the structures around it.
    pub stage: String,
    pub tensors: Tensors,
    pub each: Each,
    pub walked: Walked,
}

impl Walk<'_> {
    pub(super) fn each(&mut self, keyword: &Keyword, placed: Placed) {
        arguments::options(&keyword.name, &[], &keyword.options, &self.scope.consts, self.report);
        let help = "write `each { linear(8), relu }`, with the stages for one step";
        let Some(stages) = self.body(keyword, help) else { return };
        self.needs_value(&keyword.name);
        let step = self.current.value().map(|value| step_of(&keyword.name, value));
        let step = step.and_then(|step| match step {
            Ok(step) => Some(step),
            Err(error) => {
                let error = self.with_shapes(error);
                self.report.push(error);
                self.current = Current::Mistaken;
                None
            }
        });
        let Some(body) = self.body_of(stages, &placed, step) else { return self.current = Current::Mistaken };
        self.append(|builder, input| {
            let operations = &body.walked.built.graph.operations;
            let foreign = Foreign {
                path: TypePath { is_global: false, segments: vec![body.name.clone()] },
                element: input.element,
                input: input.shape.clone(),
                output: output_of(&keyword.name, &input, &body)?,
                has_frozen: operations.iter().any(Operation::has_frozen_field),
                has_parameters: operations.iter().any(Operation::has_parameters),
                needs_whole_batch: false,
                steps: Some(input.shape.first()),
                frame: None,
            };
            Ok(builder.each(placed.place, foreign, &input))
        });
        self.bodies.push(body);
    }

    /// The network that the stages are on a step; `None` after a mistake in a shape.
    fn body_of(&mut self, stages: &[Stage], placed: &Placed, step: Option<Port>) -> Option<Body> {
        let path = &placed.place.path;
        let name = naming::body(&self.network, path);
        let builder = step.zip(self.builder.as_ref()).map(|(step, outer)| {
            let shapes = outer.shapes.then(format!("each {}", step.shape));
            let scalar = outer.tensors.scalar;
            let outputs = Ports(vec![Port { element: scalar, ..step.clone() }]); // the shape is known at the end
            let tensors = Tensors { scalar, inputs: Ports(vec![step]), outputs };
            outer.on_each_step(&tensors, shapes)
        });
        let outer_is_frozen = self.outside.as_ref().is_some_and(|outside| outside.each.is_frozen);
        let each = Each { is_frozen: placed.place.is_frozen || outer_is_frozen };
        let outside = Outside { names: self.names_around(), each };
        let mut walk = Walk {
            outside: Some(outside),
            declared: self.declared.clone(),
            around: self.around.clone(),
            ..Walk::new(stages, name.clone(), Vec::new(), builder, self.scope, self.report)
        };
        walk.begin();
        walk.stages(stages);
        let outputs = walk.output()?;
        let shape = outputs.0.shape.clone();
        let mut tensors = walk.builder.as_ref()?.tensors.clone();
        tensors.outputs.0.iter_mut().for_each(|output| output.shape = shape.clone());
        let stage = path.iter().map(Ident::to_string).collect::<Vec<_>>().join(".");
        Some(Body { name, stage, tensors, each, walked: walk.finish(vec![outputs])? })
    }
}

/// One step of a value.
fn step_of(keyword: &Ident, value: &Value) -> Result<Port, Diagnostic> {
    let (shape, element) = (&value.shape, value.element);
    if let Some(shape) = shape.of_step() {
        return Ok(Port { name: None, element, shape });
    }
    let of = if value.is_index() { " of indices" } else { "" };
    let error = format!("`{keyword}` takes [steps, ..]{of}, but its input has shape {shape}");
    let error = Diagnostic::new(keyword.span(), error);
    Err(if value.is_index() {
        error.help("write its stages alone: `embedding` works on each of the indices")
    } else {
        error.help(format!("write its stages alone, or make steps of the values: `reshape([{}, 1])`", shape.len()))
    })
}

/// What the body makes of all steps.
fn output_of(keyword: &Ident, input: &Value, body: &Body) -> Result<Shape, Diagnostic> {
    let made = body.tensors.outputs.0.iter().flat_map(|output| output.shape.sizes());
    let sizes = std::iter::once(input.shape.first()).chain(made.copied()).collect();
    Shape::new(sizes)
        .map_err(|problem| Diagnostic::new(keyword.span(), format!("`{keyword}` cannot make its output: {problem}")))
}
