//! The steps of a plan as statements.

use std::collections::{BTreeSet, HashSet};

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote};

use super::{Expansion, number, parameter_path, workspace};
use crate::model::spec::{Argument, Layer};
use crate::model::{Broadcast, Graph, Kind, Operation};
use crate::plan::{self, Call, Each, Function, Part, Place, Plan, Spread, Step, Watch};

/// A pass to be written: the steps, and how its function calls its surroundings.
pub struct Pass<'p> {
    pub context: &'p Expansion<'p>,
    /// What the plan is of: the whole network, or one step of it.
    pub graph: &'p Graph,
    pub plan: &'p Plan,
    pub steps: &'p [Step],
    pub mode: Mode,
}

/// Whether a pass is one of training or of evaluation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Its function has a parameter that says so.
    Given,
    /// It is one of evaluation.
    Evaluation,
    /// The same, of one step of a sequence.
    Step,
    /// The same, of a block of steps. The workspace has the inputs, too, and the state is apart from it.
    StepBlock,
}

impl Pass<'_> {
    /// The statements of the pass, after the binding of what they use of the workspace.
    pub fn statements(&self, workspace: &TokenStream, extra: &[Place]) -> TokenStream {
        let statements: Vec<_> = self.steps.iter().map(|step| self.step(step)).collect();
        let fields = self.fields(extra);
        if fields.is_empty() {
            return quote!(#(#statements)*);
        }
        quote! {
            let #workspace { #(#fields,)* .. } = __workspace;
            #(#statements)*
        }
    }

    /// The fields of the workspace that the steps use.
    fn fields(&self, extra: &[Place]) -> Vec<Ident> {
        let mut places: Vec<Place> = extra.to_vec();
        let (mut fields, mut bound) = (Vec::new(), HashSet::new());
        for step in self.steps {
            match step {
                Step::Each { from, to, .. }
                | Step::Join(Part { own: from, whole: to, .. })
                | Step::Split(Part { own: from, whole: to, .. })
                | Step::Expand(Spread { own: from, whole: to, .. })
                | Step::Reduce(Spread { own: from, whole: to, .. }) => {
                    places.extend([from, to]);
                }
                Step::Watch(Watch { output, .. }) => places.push(*output),
                Step::Call(call) => {
                    places.extend(&call.operands);
                    let operation = &self.graph.operations[call.operation];
                    let arguments = self.arguments(call);
                    let own = arguments.iter().filter_map(|argument| match argument {
                        Argument::Cache => operation.cached_lanes().is_none().then(|| operation.memory()),
                        Argument::State if self.mode == Mode::Step => Some(operation.memory()),
                        Argument::BlockWorkspace => Some(operation.block_workspace()),
                        Argument::OptionalKept => operation.layer_kept().map(|_| operation.kept()),
                        _ => None,
                    });
                    fields.extend(own.filter(|field| bound.insert(field.clone())));
                }
            }
        }
        let slots: BTreeSet<usize> = places.iter().filter_map(|place| place.slot()).collect();
        // a step writes its output into what it is handed
        let has_output = self.mode != Mode::Step && places.iter().any(|place| matches!(place, Place::Output(_)));
        let output = has_output.then(workspace::output);
        let has_input = self.mode == Mode::StepBlock && places.iter().any(|place| matches!(place, Place::Input(_)));
        let input = has_input.then(workspace::input);
        let kept: BTreeSet<usize> = places.iter().filter_map(|place| place.kept()).collect();
        let kept = kept.into_iter().map(|number| self.graph.kept[number].field());
        slots.into_iter().map(workspace::slot).chain(input).chain(output).chain(kept).chain(fields).collect()
    }

    fn step(&self, step: &Step) -> TokenStream {
        match step {
            Step::Each { function, from, to, columns } => {
                let (from, to) = (self.view(*from, *columns, false), self.view(*to, *columns, true));
                let isa = (*function != Each::Copy).then(|| quote!(__isa,));
                let function = format_ident!("{}", function.name());
                quote!(nn::#function(#isa #from, #to);)
            }
            Step::Expand(spread) => self.spread(spread, "expand", true),
            Step::Reduce(spread) => self.spread(spread, "reduce", false),
            Step::Join(part) => self.part(part, "join", true),
            Step::Split(part) => self.part(part, "split", false),
            Step::Call(call) => self.call(call),
            Step::Watch(watch) => self.watch(watch),
        }
    }

    fn part(&self, part: &Part, function: &str, is_joined: bool) -> TokenStream {
        let [own, all] = part.columns;
        let function = format_ident!("{function}");
        let (whole, part, pieces, offset) = (
            self.view(part.whole, all, is_joined),
            self.view(part.own, own, !is_joined),
            number(part.pieces),
            number(part.offset),
        );
        quote!(nn::#function(#part, #whole, #pieces, #offset);)
    }

    fn spread(&self, spread: &Spread, function: &str, is_expanded: bool) -> TokenStream {
        let Spread { own, whole, columns: [part, all], broadcast: Broadcast(pairs) } = spread;
        let (own, whole) = (self.view(*own, *part, !is_expanded), self.view(*whole, *all, is_expanded));
        let function = format_ident!("{function}");
        let pairs = pairs.iter().map(|[repeats, parts]| {
            let (repeats, parts) = (number(*repeats), number(*parts));
            quote!([#repeats, #parts])
        });
        quote!(nn::#function(__isa, #own, #whole, &[#(#pairs),*]);)
    }

    fn watch(&self, Watch { operation, output }: &Watch) -> TokenStream {
        let operation = &self.graph.operations[*operation];
        let (row, output) = (number(operation.row), self.view(*output, self.graph.values[operation.output], false));
        quote!(nn::watch(__isa, self, #row, #output);)
    }

    fn call(&self, call: &Call) -> TokenStream {
        let operation = &self.graph.operations[call.operation];
        let function = format_ident!("{}", call.function.name(operation.operands()));
        let mut operands = call.operands.iter();
        let arguments: Vec<_> = self
            .arguments(call)
            .iter()
            .map(|argument| self.argument(call, operation, argument, &mut operands))
            .collect();
        match &operation.kind {
            Kind::Layer { keyword, .. } => {
                let keyword = format_ident!("{keyword}");
                quote!(nn::#keyword::#function(__isa, #(#arguments),*);)
            }
            Kind::Foreign(_) => {
                let layer = match call.function {
                    Function::Trace | Function::TraceBackward => operation.foreign_gradient(self.context),
                    Function::Step | Function::StepBlock => operation.foreign_step(self.context),
                    _ => operation.foreign(self.context),
                };
                let (value, frozen) = (Self::field(operation), operation.frozen_part());
                let row = number(operation.row);
                let isa = if call.function == Function::Forward {
                    quote!(nn::inside(__isa, self, #row))
                } else {
                    quote!(__isa)
                };
                quote!(#layer::#function(&#value, #frozen, #isa, #(#arguments),*);)
            }
            Kind::Combine { .. } | Kind::Concat { .. } => TokenStream::new(),
        }
    }

    fn arguments(&self, call: &Call) -> Vec<Argument> {
        plan::arguments(&self.graph.operations[call.operation], call.function).unwrap_or_default()
    }

    fn argument<'c>(
        &self,
        call: &Call,
        operation: &Operation,
        argument: &Argument,
        operands: &mut impl Iterator<Item = &'c Place>,
    ) -> TokenStream {
        let values = &self.graph.values;
        let taken = |place: usize| values[operation.inputs[place]];
        let (input, output) = (taken(0), values[operation.output]);
        let is_backward = call.function.is_backward();
        let field = || Self::field(operation);
        let name = || operation.memory().into_token_stream();
        let mut view = |columns, is_written| {
            operands.next().map(|place| self.view(*place, columns, is_written)).unwrap_or_default()
        };
        match argument {
            Argument::Option(value) => unsuffixed(value.clone()),
            Argument::Parameter(name) => {
                let (field, name) = (field(), parameter_path(name));
                quote!(&#field.#name)
            }
            Argument::Parameters(names) => {
                let (field, names) = (field(), names.iter().map(|name| format_ident!("{name}")));
                quote!([#(&#field.#names),*])
            }
            Argument::Slices(names) => {
                let (field, names) = (field(), names.iter().map(|name| parameter_path(name)));
                quote!([#(nn::slice(&#field.#names)),*])
            }
            Argument::OptionalParameter(name) => optional(operation, name, |name| {
                let field = field();
                quote!(&#field.#name)
            }),
            Argument::LayerGradient => {
                let path = &operation.path;
                quote!(&mut __gradient #(.#path)*)
            }
            Argument::Gradient(name) => {
                let (path, name) = (&operation.path, parameter_path(name));
                quote!(&mut __gradient #(.#path)* .#name)
            }
            Argument::Gradients(names) => {
                let path = &operation.path;
                let names = names.iter().map(|name| {
                    let name = format_ident!("{name}");
                    quote!(&mut __gradient #(.#path)* .#name)
                });
                quote!([#(#names),*])
            }
            Argument::GradientSlices(names) => {
                let path = &operation.path;
                let names = names.iter().map(|name| parameter_path(name));
                let slices = names.map(|name| quote!(nn::slice_mut(&mut __gradient #(.#path)* .#name)));
                quote!([#(#slices),*])
            }
            Argument::OptionalGradient(name) => optional(operation, name, |name| {
                let path = &operation.path;
                quote!(&mut __gradient #(.#path)* .#name)
            }),
            Argument::Input => view(input, false),
            Argument::Operand(place) => view(taken(*place), false),
            Argument::OptionalOperands(places) => {
                let mut value = |place: &usize| {
                    let value = view(taken(*place), false);
                    quote!(nn::Some(nn::slice(#value)))
                };
                let values: Vec<_> =
                    places.iter().map(|place| place.as_ref().map_or_else(|| quote!(nn::None), &mut value)).collect();
                quote!([#(#values),*])
            }
            Argument::Output => view(output, !is_backward),
            Argument::Value => view(output, true),
            Argument::Cache => {
                let is_written = matches!(call.function, Function::Forward | Function::BackwardShared);
                operation.cached_lanes().map_or_else(name, |columns| view(columns, is_written))
            }
            Argument::OptionalKept => operation.layer_kept().map_or(quote!(nn::None), |_| {
                let kept = operation.kept();
                quote!(nn::Some(nn::slice_mut(#kept)))
            }),
            Argument::Scratch(columns) => view(*columns, true),
            Argument::State if self.mode == Mode::StepBlock => {
                let memory = operation.memory();
                quote!(&mut __state.#memory)
            }
            Argument::State => name(),
            Argument::BlockWorkspace => operation.block_workspace().into_token_stream(),
            Argument::GradOutput => view(output, false),
            Argument::GradInput => match call.function {
                Function::BackwardOperand(place) => view(taken(place), true),
                _ => view(input, true),
            },
            Argument::Grad | Argument::InputThenGrad => view(input, true),
            Argument::Pass | Argument::StagePass if self.mode != Mode::Given => {
                quote!(nn::Pass::inference(__BATCH as u32))
            }
            Argument::Pass if operation.is_frozen => quote!(__pass.evaluation()),
            Argument::Pass => quote!(__pass),
            Argument::StagePass => {
                let stage = number(call.operation);
                quote!(__pass.stage(#stage))
            }
            Argument::Rng => quote!(__rng),
        }
    }

    fn view(&self, place: Place, columns: usize, is_written: bool) -> TokenStream {
        workspace::view(self.context, self.plan, place, columns, is_written)
    }

    /// Where an operation's parameters stand.
    fn field(operation: &Operation) -> TokenStream {
        let path = &operation.path;
        if operation.is_frozen { quote!(__frozen #(.#path)*) } else { quote!(self #(.#path)*) }
    }
}

/// The tokens as one writes them: numbers without their types.
fn unsuffixed(tokens: TokenStream) -> TokenStream {
    let plain = |token| match token {
        TokenTree::Group(group) => {
            let mut plain = Group::new(group.delimiter(), unsuffixed(group.stream()));
            plain.set_span(group.span());
            plain.into()
        }
        TokenTree::Literal(literal) => {
            let text = literal.to_string();
            let size = text.strip_suffix("usize").map(str::to_owned);
            let number = || {
                let number = text.strip_suffix("f64")?;
                Some(if number.contains(['.', 'e']) { number.to_owned() } else { format!("{number}.0") })
            };
            size.or_else(number).and_then(|plain| plain.parse().ok()).unwrap_or(literal).into()
        }
        other => other,
    };
    tokens.into_iter().map(plain).collect()
}

/// `Some(..)` of a parameter that a layer has, else `None`.
fn optional(operation: &Operation, name: &str, some: impl Fn(TokenStream) -> TokenStream) -> TokenStream {
    let has = |layer: &Layer| layer.parameters.iter().any(|parameter| parameter.name == name);
    match &operation.kind {
        Kind::Layer { layer, .. } if has(layer) => {
            let some = some(parameter_path(name));
            quote!(nn::Some(#some))
        }
        _ => quote!(nn::None),
    }
}

/// The statements that draw an operation's parameters, which stand in `owner`.
pub fn init(context: &Expansion, operation: &Operation, owner: &TokenStream) -> TokenStream {
    let path = &operation.path;
    let value = quote!(#owner #(.#path)*);
    match &operation.kind {
        Kind::Layer { keyword, layer } => {
            let Some(call) = &layer.calls.init else { return TokenStream::new() };
            let keyword = format_ident!("{keyword}");
            let arguments = call.iter().map(|argument| match argument {
                Argument::Option(value) => unsuffixed(value.clone()),
                Argument::Gradient(name) => {
                    let name = parameter_path(name);
                    quote!(&mut #value.#name)
                }
                Argument::Gradients(names) => {
                    let names = names.iter().map(|name| format_ident!("{name}"));
                    quote!([#(&mut #value.#names),*])
                }
                Argument::GradientSlices(names) => {
                    let names = names.iter().map(|name| parameter_path(name));
                    quote!([#(nn::slice_mut(&mut #value.#names)),*])
                }
                Argument::OptionalGradient(name) => optional(operation, name, |name| quote!(&mut #value.#name)),
                _ => quote!(__rng),
            });
            quote!(nn::#keyword::init(#(#arguments),*);)
        }
        Kind::Foreign(_) => {
            let layer = operation.foreign(context);
            quote!(#layer::init(&mut #value, __rng);)
        }
        Kind::Combine { .. } | Kind::Concat { .. } => TokenStream::new(),
    }
}

impl Place {
    /// The slot's number, if it is one.
    pub fn slot(self) -> Option<usize> {
        if let Self::Slot(index) = self { Some(index) } else { None }
    }

    /// The number of the value that is kept for the user, if it is one.
    pub fn kept(self) -> Option<usize> {
        if let Self::Kept(number) = self { Some(number) } else { None }
    }
}
