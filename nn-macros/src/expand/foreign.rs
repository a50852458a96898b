//! Types from elsewhere as stages: other networks, and layers that users write.
//!
//! Each is named in one place, an alias, which the network uses wherever it means the type. There it is checked that the type fits:
//! see `network::fits` in `nn-runtime`.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::{Expansion, number};
use crate::model::naming::{Names, as_frozen, as_stage, as_steps, as_written};
use crate::model::{Element, Foreign, Kind, Model, Operation};

/// The aliases of a network.
pub struct Aliases<'m> {
    names: HashMap<Key, Ident>,
    /// The first stage of each alias.
    stages: Vec<(Ident, &'m Foreign)>,
}

/// What the stages of one alias have in common: a type that does not fit is one mistake, however often it is used.
type Key = (String, usize, usize);

impl Foreign {
    fn of(operation: &Operation) -> Option<&Self> {
        if let Kind::Foreign(foreign) = &operation.kind { Some(foreign) } else { None }
    }

    /// The alias of its type as a stage.
    fn stage(&self, alias: &Ident) -> TokenStream {
        let (stage, steps) = (as_stage(alias), self.steps.map(number));
        let steps = steps.map(|steps| quote!(<#steps>));
        quote!(#stage #steps)
    }

    /// The types of a sample that goes in and of what comes out.
    fn samples(&self, context: &Expansion) -> (TokenStream, TokenStream) {
        let (element, scalar) = (self.element.path(), context.model.tensors.scalar.path());
        let (inputs, outputs) = (number(self.input.len()), number(self.output.len()));
        (quote!([#element; #inputs]), quote!([#scalar; #outputs]))
    }

    fn key(&self) -> Key {
        if self.steps.is_some() {
            return (self.path.spelling(), 0, 0); // whatever the steps, it is one network
        }
        let root = if self.path.is_global { "::" } else { "" };
        (format!("{root}{}", self.path.spelling()), self.input.len(), self.output.len())
    }
}

impl<'m> Aliases<'m> {
    pub fn new(model: &'m Model, network: &Names) -> Self {
        let mut aliases = Self { names: HashMap::new(), stages: Vec::new() };
        for operation in &model.graph.operations {
            let Some(stage) = Foreign::of(operation) else { continue };
            aliases.names.entry(stage.key()).or_insert_with(|| {
                let name = network.alias(aliases.stages.len());
                aliases.stages.push((name.clone(), stage));
                name
            });
        }
        aliases
    }
}

impl Operation {
    /// The alias of its type, if that is from elsewhere.
    pub fn alias<'c>(&self, context: &'c Expansion) -> Option<&'c Ident> {
        context.aliases.names.get(&Foreign::of(self)?.key())
    }

    /// Its type as a stage of its sizes, such as `<__Net_0_stage as nn::Stage<[f32; 32], [f32; 16]>>`.
    pub fn foreign(&self, context: &Expansion) -> TokenStream {
        let Some((alias, input, output)) = self.stage(context) else { return TokenStream::new() };
        quote!(<#alias as nn::Stage<#input, #output>>)
    }

    /// The same as a stage that gives its input a gradient without its parameters.
    pub fn foreign_gradient(&self, context: &Expansion) -> TokenStream {
        let Some((alias, input, output)) = self.stage(context) else { return TokenStream::new() };
        quote!(<#alias as nn::StageGradient<#input, #output>>)
    }

    /// The same in a step of a sequence.
    pub fn foreign_step(&self, context: &Expansion) -> TokenStream {
        let Some((alias, frame, output)) = self.steps(context) else { return TokenStream::new() };
        quote!(<#alias as nn::StageStep<#frame, #output>>)
    }

    /// The alias of its type in a step of a sequence, and the types of a frame that goes in and of what comes out.
    pub fn steps(&self, context: &Expansion) -> Option<(Ident, TokenStream, TokenStream)> {
        let (foreign, [inputs, outputs]) = (Foreign::of(self)?, self.frame()?.map(number));
        let (element, scalar) = (foreign.element.path(), context.model.tensors.scalar.path());
        let alias = as_steps(self.alias(context)?, &self.flat_name());
        Some((alias, quote!([#element; #inputs]), quote!([#scalar; #outputs])))
    }

    /// The alias of its type in a step of a sequence, as an item.
    pub fn steps_alias(&self, context: &Expansion) -> Option<TokenStream> {
        let (runtime, cfg) = (context.runtime, context.model.cfg());
        let (foreign, [inputs, outputs]) = (Foreign::of(self)?, self.frame()?.map(number));
        let (element, scalar) = (foreign.element.path(), context.model.tensors.scalar.path());
        let (name, (steps, ..)) = (self.alias(context)?, self.steps(context)?);
        let written = as_written(name);
        Some(quote! {
            #cfg
            #[allow(non_camel_case_types)]
            type #steps = #runtime::__private::Steps<#name, {
                #[allow(unused_imports)]
                use #runtime::__private::{fits::Undeclared as _, steps::{KnownSteps, UnknownSteps as _, kind}};
                type Known = KnownSteps<#written, #inputs, #outputs, #element, #scalar>;
                kind(<#written>::__DECLARED.is_some(), Known::IS_LAYER, Known::IS_NETWORK)
            }>;
        })
    }

    /// What is said of it if it has no step.
    pub fn step_stage(&self, context: &Expansion) -> Option<TokenStream> {
        let ([inputs, outputs], (steps, ..)) = (self.frame()?, self.steps(context)?);
        let name = &context.model.rows[self.row];
        let name = format!("`{}` (`{}`)", name.name, name.keyword);
        let layer = format!("network::StreamingLayer<{inputs}, {outputs}, {}>", context.model.tensors.scalar.name());
        Some(quote!(StepStage { name: #name, layer: #layer, kind: <#steps>::KIND }))
    }

    /// The alias of its type as a stage, and the types of a sample that goes in and of what comes out.
    pub fn stage(&self, context: &Expansion) -> Option<(TokenStream, TokenStream, TokenStream)> {
        let foreign = Foreign::of(self)?;
        let (input, output) = foreign.samples(context);
        Some((foreign.stage(self.alias(context)?), input, output))
    }

    /// The frozen parameters inside of it, as its functions take them.
    pub fn frozen_part(&self) -> TokenStream {
        let path = self.frozen_path();
        if self.has_frozen_part() { quote!(&__frozen #(.#path)*) } else { quote!(&()) }
    }
}

/// The aliases as items.
pub fn expand(context: &Expansion) -> TokenStream {
    let alias = |(name, stage): &(Ident, &Foreign)| {
        if stage.steps.is_some() { body(context, name, stage) } else { alias(context, name, stage) }
    };
    context.aliases.stages.iter().map(alias).collect()
}

/// The aliases of the body of an `each`, which is known to fit.
fn body(context: &Expansion, name: &Ident, stage: &Foreign) -> TokenStream {
    let (runtime, cfg, path, as_stage) = (context.runtime, context.model.cfg(), &stage.path, as_stage(name));
    let frozen = stage.has_frozen.then(|| {
        let (alias, frozen) = (as_frozen(name), Names::new(&path.last()).frozen);
        quote! {
            #cfg
            #[allow(non_camel_case_types)]
            type #alias = #frozen;
        }
    });
    quote! {
        #cfg
        #[allow(non_camel_case_types)]
        type #name = #path;
        #cfg
        #[allow(non_camel_case_types)]
        type #as_stage<const STEPS: ::core::primitive::usize> = #runtime::__private::Each<#name, STEPS>;
        #frozen
    }
}

fn alias(context: &Expansion, name: &Ident, stage: &Foreign) -> TokenStream {
    let (runtime, cfg, path) = (context.runtime, context.model.cfg(), &stage.path);
    let written = as_written(name);
    // an error is reported where the call is: that is to be where the user wrote the type
    let (described, function) = (describe(context, &written, stage), Ident::new("fits", path.last().span()));
    let fits = quote_spanned!(function.span()=> #function(#described));
    let frozen = stage.has_frozen.then(|| frozen(context, name, stage));
    let stage = as_stage(name);
    // documentation shows the type itself
    quote! {
        #cfg
        #[allow(non_camel_case_types)]
        type #written = #path;
        #cfg
        #[cfg(doc)]
        #[allow(non_camel_case_types)]
        type #name = #written;
        #cfg
        #[cfg(not(doc))]
        #[allow(non_camel_case_types)]
        type #name = <#runtime::__private::Checked<{
            #[allow(unused_imports)]
            use #runtime::__private::fits::{Known, Stage, Undeclared as _, Unknown as _, fits};
            #fits
        }> as #runtime::__private::Of<#written>>::Type;
        #cfg
        #[allow(non_camel_case_types)]
        type #stage = #runtime::__private::As<#name, {
            #[allow(unused_imports)]
            use #runtime::__private::fits::Undeclared as _;
            <#written>::__DECLARED.is_some()
        }>;
        #frozen
    }
}

/// The alias of the frozen parameters inside of a network. It does not name them: where the network is not compiled, its own name
/// is the error, and the only one.
fn frozen(context: &Expansion, name: &Ident, stage: &Foreign) -> TokenStream {
    let (runtime, cfg, (input, output)) = (context.runtime, context.model.cfg(), stage.samples(context));
    let (alias, as_stage, written) = (as_frozen(name), as_stage(name), Names::new(&stage.path.last()).frozen);
    quote! {
        #cfg
        #[cfg(doc)]
        #[allow(non_camel_case_types)]
        type #alias = #written;
        #cfg
        #[cfg(not(doc))]
        #[allow(non_camel_case_types)]
        type #alias = <#as_stage as #runtime::__private::Stage<#input, #output>>::Frozen;
    }
}

/// The stage, and what the compiler knows of its type, for `fits`.
fn describe(context: &Expansion, kind: &Ident, stage: &Foreign) -> TokenStream {
    let Foreign { path, element, input, output, has_frozen, .. } = stage;
    let element = element.name();
    let scalar = context.model.tensors.scalar;
    let other = if scalar == Element::F32 { Element::F64 } else { Element::F32 };
    let scalars = [scalar, other].map(Element::name);
    let (inputs, outputs) = (number(input.len()), number(output.len()));
    let layer = format!("Layer<{inputs}, {outputs}, {}>", scalar.name());
    let (written, input, output) = (path.spelling(), input.to_string(), output.to_string());
    let [known, other] = [scalar, other].map(|scalar| {
        let scalar = scalar.path();
        quote!(Known::<#kind, #inputs, #outputs, #scalar>)
    });
    quote! {
        Stage {
            name: #written,
            shapes: [#input, #output],
            sizes: [#inputs, #outputs],
            element: #element,
            has_frozen: #has_frozen,
            layer: #layer,
            scalars: [#(#scalars),*],
            declared: <#kind>::__DECLARED,
            is_layer: [#known::IS_LAYER, #other::IS_LAYER],
            has_parameters: #known::HAS_PARAMETERS,
            is_of_scalars: #known::IS_OF_SCALARS,
        }
    }
}
