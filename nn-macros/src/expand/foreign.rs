//! Types from elsewhere as stages: other networks, and layers that users write.
//!
//! Each is named in one place, an alias, which the network uses wherever it means the type. There it is checked that the type fits:
//! see `network::fits` in `nn-runtime`.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::{Expansion, number};
use crate::model::naming::{Names, as_written};
use crate::model::shape::Shape;
use crate::model::{Element, Kind, Model, Operation, TypePath};

/// The aliases of a network.
pub struct Aliases<'m> {
    names: HashMap<Key, Ident>,
    /// The first stage of each alias.
    stages: Vec<(Ident, Stage<'m>)>,
}

/// What the stages of one alias have in common: a type that does not fit is one mistake, however often it is used.
type Key = (String, usize, usize);

/// A stage that is of a type from elsewhere.
struct Stage<'m> {
    path: &'m TypePath,
    input: &'m Shape,
    output: &'m Shape,
}

impl<'m> Stage<'m> {
    fn new(operation: &'m Operation) -> Option<Self> {
        let Kind::Foreign { path, input, output } = &operation.kind else { return None };
        Some(Self { path, input, output })
    }

    fn key(&self) -> Key {
        let root = if self.path.is_global { "::" } else { "" };
        (format!("{root}{}", self.path.spelling()), self.input.len(), self.output.len())
    }
}

impl<'m> Aliases<'m> {
    pub fn new(model: &'m Model, network: &Names) -> Self {
        let mut aliases = Self { names: HashMap::new(), stages: Vec::new() };
        for operation in &model.graph.operations {
            let Some(stage) = Stage::new(operation) else { continue };
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
        context.aliases.names.get(&Stage::new(self)?.key())
    }

    /// Its type as a layer of its sizes, such as `<__Net_0 as nn::Layer<32, 16, f32>>`.
    pub fn foreign(&self, context: &Expansion) -> TokenStream {
        let Some(Stage { input, output, .. }) = Stage::new(self) else { return TokenStream::new() };
        let (alias, scalar) = (self.alias(context), context.model.tensors.scalar);
        let (input, output) = (number(input.len()), number(output.len()));
        quote!(<#alias as nn::Layer<#input, #output, #scalar>>)
    }
}

/// The aliases as items.
pub fn expand(context: &Expansion) -> TokenStream {
    context.aliases.stages.iter().map(|(name, stage)| alias(context, name, stage)).collect()
}

fn alias(context: &Expansion, name: &Ident, stage: &Stage) -> TokenStream {
    let (runtime, cfg, path) = (context.runtime, context.model.cfg(), stage.path);
    let written = as_written(name);
    // an error is reported where the call is: that is to be where the user wrote the type
    let (described, function) = (describe(context, &written, stage), Ident::new("fits", path.last().span()));
    let fits = quote_spanned!(function.span()=> #function(#described));
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
    }
}

/// The stage, and what the compiler knows of its type, for `fits`.
fn describe(context: &Expansion, kind: &Ident, Stage { path, input, output }: &Stage) -> TokenStream {
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
    let derived = ["IS_CLONE", "IS_COPY", "IS_DEBUG", "IS_PARTIAL_EQ", "IS_POD", "IS_ZEROABLE"];
    let derived = derived.map(|name| format_ident!("{name}"));
    quote! {
        Stage {
            name: #written,
            shapes: [#input, #output],
            sizes: [#inputs, #outputs],
            layer: #layer,
            scalars: [#(#scalars),*],
            declared: <#kind>::__DECLARED,
            is_layer: [#known::IS_LAYER, #other::IS_LAYER],
            is_derived: [#(#known::#derived),*],
            is_of_scalars: #known::IS_OF_SCALARS,
        }
    }
}
