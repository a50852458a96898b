//! Types as layers: other networks, and layers that users write.

use proc_macro2::Span;
use syn::ext::IdentExt as _;

use super::{Current, Placed, Walk};
use crate::diagnostic::Diagnostic;
use crate::elsewhere;
use crate::model::builder::Value;
use crate::model::shape::Shape;
use crate::model::{Foreign, TypePath};
use crate::scope::Signature;

impl Walk<'_> {
    /// A stage that is a type. `more` are the options or the body that follow, which it does not take.
    pub(super) fn foreign(&mut self, path: &TypePath, more: Option<Span>, placed: Placed) {
        let annotation = placed.stage.annotation.as_ref().map(|annotation| self.scope.consts.shape(annotation));
        let output = match annotation {
            Some(Err(error)) => Err(Some(error)),
            Some(Ok(None)) => Err(None),
            Some(Ok(Some(shape))) => self.foreign_output(path, more, Some(shape)),
            None => self.foreign_output(path, more, None),
        };
        let known = self.scope.networks.get(&path.spelling()).and_then(Option::as_ref);
        let has_frozen = known.is_some_and(|signature| signature.has_frozen);
        let needs_whole_batch = known.is_some_and(|signature| signature.needs_whole_batch);
        let takes = known.and_then(|signature| Some(signature.tensors.inputs.single()?.element));
        match output {
            Ok(output) => {
                self.needs_value(&path.last());
                self.append(|builder, input| {
                    let element = input.element;
                    let foreign = Foreign {
                        path: path.clone(),
                        element,
                        input: input.shape.clone(),
                        output,
                        has_frozen,
                        has_parameters: true,
                        needs_whole_batch,
                        steps: None,
                        frame: None,
                    };
                    builder.foreign(placed.place, foreign, takes, &input)
                });
            }
            Err(error) => {
                self.current = Current::Mistaken;
                self.report.extend(error);
            }
        }
    }

    /// The shape that a type makes: known for an earlier network, written for any other. A mistake that an earlier
    /// item explains is not to be reported.
    fn foreign_output(
        &self,
        path: &TypePath,
        more: Option<Span>,
        annotation: Option<Shape>,
    ) -> Result<Shape, Option<Diagnostic>> {
        let (written, span) = (path.spelling(), path.last().span());
        let extent = [path.segments.first().map_or(span, proc_macro2::Ident::span), span];
        if self.scope.later.contains(&written) {
            return Err(Some(if self.declared == written {
                Diagnostic::new(span, format!("`{written}` cannot be a layer of itself"))
            } else {
                let error = Diagnostic::new(span, format!("`{written}` is used before it is declared"));
                error.help(format!("move `struct {written}` before this network"))
            }));
        }
        let known = self.scope.networks.get(&written);
        let is_unknown = known.is_none() && annotation.is_none();
        if is_unknown && (more.is_some() || elsewhere::layers::is_known(&path.last().unraw().to_string())) {
            return Err(Some(elsewhere::layers::unknown(&written, extent)));
        }
        if let Some(more) = more {
            let error = Diagnostic::new(more, format!("`{written}` is a type, and takes neither options nor a body"));
            return Err(Some(
                error.help(format!("write `{written}` alone: its parameters are drawn by its own `init`")),
            ));
        }
        match known {
            Some(None) => Err(None),
            Some(Some(signature)) => self.check_signature(&written, span, signature).map_err(Some),
            None => annotation.ok_or_else(|| {
                let error = Diagnostic::across(extent, format!("the shape that `{written}` makes is not known"));
                Some(error.help(format!("write it: `{written} -> [32]`")))
            }),
        }
    }

    /// The output of an earlier network, if it fits here.
    fn check_signature(&self, written: &str, span: Span, signature: &Signature) -> Result<Shape, Diagnostic> {
        let tensors = &signature.tensors;
        let problem = |problem: String, help: String| Err(Diagnostic::new(span, problem).help(help));
        if let Some(own) =
            self.builder.as_ref().map(|builder| &builder.tensors).filter(|own| own.scalar != tensors.scalar)
        {
            let error = format!(
                "`{written}` computes in `{}`, but this network in `{}`",
                tensors.scalar.name(),
                own.scalar.name()
            );
            return problem(error, "declare both in the same type".into());
        }
        let (Some(input), Some(output)) = (tensors.inputs.single(), tensors.outputs.single()) else {
            let (inputs, outputs) = (&tensors.inputs, &tensors.outputs);
            let error =
                format!("`{written}` takes {inputs} and makes {outputs}, but a stage takes and makes one value");
            return problem(error, format!("write the stages of `{written}` here"));
        };
        let is_other =
            |current: &&Value| current.is_index() == input.element.is_index() && current.shape != input.shape;
        if let Some(current) = self.current.value().filter(is_other) {
            let error = format!("`{written}` takes {}, but its input has shape {}", input.shape, current.shape);
            let is_flat = *input.shape.sizes() == [current.shape.len()];
            let help = if is_flat {
                "add `flatten` before this layer".into()
            } else {
                format!("let the stage before it make {}", input.shape)
            };
            return Err(self.with_shapes(Diagnostic::new(span, error)).help(help));
        }
        Ok(output.shape.clone())
    }
}

impl From<&syn::Path> for TypePath {
    fn from(path: &syn::Path) -> Self {
        let segments = path.segments.iter().map(|segment| segment.ident.clone()).collect();
        Self { is_global: path.leading_colon.is_some(), segments }
    }
}
