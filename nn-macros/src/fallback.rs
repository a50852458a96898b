//! What is written for an item with mistakes: enough that its uses are not mistakes too.
//!
//! The compiler says nothing of a type that depends on a const with an error, whatever is done with it. So the mistakes
//! stand in such a const: `pub type Net = NetWithMistakes<{ compile_error! { .. } }>;`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;
use syn::{Attribute, GenericParam, Generics, Visibility};

use crate::ast::{self, Layer, Ports, Stage};
use crate::diagnostic::Report;
use crate::model::TypePath;
use crate::model::naming::{Names, Role, Type, What, inner};
use crate::resolve;
use crate::scope::Scope;

/// What is left of an item with mistakes.
pub struct Fallback {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    name: Ident,
    kind: Kind,
    /// Its own mistakes; none if it only uses an earlier item that has some.
    mistakes: Report,
    /// How it uses the mistaken item that it depends on, if any.
    cause: Option<TokenStream>,
}

enum Kind {
    Const,
    /// A network, and the other types that would be written for it.
    Network(Vec<Type>),
}

/// The mistaken items of an invocation so far.
#[derive(Default)]
pub struct Mistaken {
    /// An expression that uses the last of them.
    last: Option<TokenStream>,
    /// How many have a name that is taken.
    again: usize,
}

impl Mistaken {
    pub fn network(&mut self, item: ast::Network, is_new: bool, mistakes: Report, scope: &mut Scope) -> Fallback {
        let ast::Network { attributes, visibility, name, input, output, stages } = item;
        if !is_new {
            return self.again(&name, mistakes);
        }
        let types = free_types(&name, Some(&[input, output]), &stages, scope);
        self.item(attributes, visibility, name, Kind::Network(types), mistakes)
    }

    pub fn constant(&mut self, item: ast::Const, is_new: bool, mistakes: Report) -> Fallback {
        let ast::Const { mut attributes, visibility, name, .. } = item;
        if !is_new {
            return self.again(&name, mistakes);
        }
        let is_condition = |path: &syn::Path| path.is_ident("cfg") || path.is_ident("cfg_attr");
        attributes.retain(|attribute| !is_condition(attribute.path())); // the mistakes are said whether they hold or not
        self.item(attributes, visibility, name, Kind::Const, mistakes)
    }

    /// An item with mistakes in its grammar, which goes through no other phase.
    pub fn unreadable(&mut self, item: ast::Unreadable, scope: &mut Scope) -> Fallback {
        let ast::Unreadable { attributes, visibility, name, network, mut mistakes } = item;
        let is_new = if network.is_some() {
            let is_new = resolve::network_name(&name, scope, &mut mistakes);
            scope.end(&name, is_new, None);
            is_new
        } else {
            scope.consts.insert(&name, None)
        };
        if !is_new {
            return self.again(&name, mistakes);
        }
        let types = network.map(|(ports, stages)| free_types(&name, ports.as_ref(), &stages, scope));
        self.item(attributes, visibility, name, types.map_or(Kind::Const, Kind::Network), mistakes)
    }

    /// An item whose name is taken: its mistakes, in a const of another name.
    fn again(&mut self, name: &Ident, mistakes: Report) -> Fallback {
        self.again += 1;
        let name = format_ident!("_{}_AGAIN_{}", name.unraw().to_string().to_uppercase(), self.again);
        self.item(Vec::new(), Visibility::Inherited, name, Kind::Const, mistakes)
    }

    /// An item without mistakes of its own depends on the last mistaken one, which it uses.
    fn item(
        &mut self,
        attributes: Vec<Attribute>,
        visibility: Visibility,
        name: Ident,
        kind: Kind,
        mistakes: Report,
    ) -> Fallback {
        let cause = self.last.clone().filter(|_| mistakes.is_empty());
        self.last = Some(match &kind {
            Kind::Const => quote!(#name),
            Kind::Network(_) => quote!(::core::mem::size_of::<#name>()),
        });
        Fallback { attributes, visibility, name, kind, mistakes, cause }
    }
}

/// The mistakes of an item, in a type or a const of its name.
pub fn item(item: &Fallback) -> TokenStream {
    let Fallback { visibility, name, mistakes, cause, .. } = item;
    let attributes = kept(&item.attributes);
    let mistakes = mistakes.tokens();
    let value = if mistakes.is_empty() { quote!({ #cause }) } else { quote!({ #mistakes }) };
    match &item.kind {
        Kind::Const => quote!(#(#attributes)* #visibility const #name: ::core::primitive::usize = #value;),
        Kind::Network(types) => {
            let holder = Names::new(name).mistaken();
            let types = types.iter().map(|Type { name: written, role, .. }| {
                let batch = role.has_batch().then(|| quote!(<const BATCH: ::core::primitive::usize = 1>));
                quote!(#(#attributes)* #visibility type #written #batch = #name;)
            });
            quote! {
                #(#attributes)* #visibility struct #holder<const MISTAKES: ::core::primitive::usize>;
                #(#attributes)* #visibility type #name = #holder<#value>;
                #(#types)*
            }
        }
    }
}

/// The attributes that a type with mistakes has.
fn kept(written: &[Attribute]) -> Vec<Attribute> {
    let is_kept = |attribute: &&Attribute| attribute.path().is_ident("cfg") || attribute.path().is_ident("doc");
    let mut attributes: Vec<_> = written.iter().filter(is_kept).cloned().collect();
    attributes.push(syn::parse_quote!(#[allow(non_camel_case_types)])); // the name may be the mistake
    attributes
}

/// The mistakes of a user's own layer, in a type of its name with its generic parameters.
pub fn layer(
    written: &[Attribute],
    visibility: &Visibility,
    name: &Ident,
    generics: &Generics,
    mistakes: &Report,
) -> TokenStream {
    let (attributes, mistakes, holder) = (kept(written), mistakes.tokens(), format_ident!("{name}WithMistakes"));
    let (parameters, uses): (Vec<_>, Vec<_>) = generics.params.iter().map(unbounded).unzip();
    quote! {
        #(#attributes)* #visibility struct #holder<Uses, const MISTAKES: ::core::primitive::usize> {
            __uses: ::core::marker::PhantomData<Uses>,
        }
        #(#attributes)* #visibility type #name<#(#parameters),*> = #holder<(#(#uses,)*), { #mistakes }>;
    }
}

/// A generic parameter for an alias, and a type that uses it.
fn unbounded(parameter: &GenericParam) -> (TokenStream, TokenStream) {
    match parameter {
        GenericParam::Lifetime(parameter) => {
            let lifetime = &parameter.lifetime;
            (quote!(#lifetime), quote!(&#lifetime ()))
        }
        GenericParam::Type(parameter) => {
            let name = &parameter.ident;
            (quote!(#name), quote!(::core::marker::PhantomData<#name>))
        }
        GenericParam::Const(parameter) => {
            let (name, kind) = (&parameter.ident, &parameter.ty);
            (quote!(const #name: #kind), quote!([(); #name]))
        }
    }
}

/// The types that would be written, apart from those whose names are taken.
fn free_types(network: &Ident, ports: Option<&[Ports; 2]>, stages: &[Stage], scope: &mut Scope) -> Vec<Type> {
    let mut types = types(network, ports, stages, scope);
    types.retain(|written| {
        let is_later = scope.later.iter().any(|later| written.name == later);
        !is_later && scope.taken.take(&written.name, network, What::TypeOfMistaken)
    });
    types
}

/// The types that would be written for a network besides its own, as far as its stages tell.
fn types(network: &Ident, ports: Option<&[Ports; 2]>, stages: &[Stage], scope: &Scope) -> Vec<Type> {
    let names = Names::new(network);
    let has_sequence = ports.is_some_and(|[input, _]| input.has_sequence(stages.iter().any(has_each)));
    let are_named = ports.map_or([false; 2], |ports| ports.each_ref().map(Ports::is_named));
    let has_frozen = stages.iter().any(|stage| has_frozen(stage, scope));
    let mut found = names.own(true, has_frozen, has_sequence, are_named);
    stage_types([&names.network, &names.frozen], stages, scope, &mut found);
    found
}

fn has_each(stage: &Stage) -> bool {
    let is_each = stage.layer.keyword().is_some_and(|keyword| keyword.name == "each");
    is_each || stage.layer.inner().iter().flatten().any(has_each)
}

fn is_frozen(stage: &Stage) -> bool {
    stage.attributes.iter().any(|attribute| attribute.path().is_ident("frozen"))
}

/// Whether it has frozen parameters: its own, or those inside of a network.
fn has_frozen(stage: &Stage, scope: &Scope) -> bool {
    let has_inside = match &stage.layer {
        Layer::Type(path, _) => scope.has_frozen(&TypePath::from(path).last()),
        Layer::Keyword(_) => stage.layer.inner().iter().flatten().any(|stage| has_frozen(stage, scope)),
    };
    has_inside || is_frozen(stage)
}

/// The structs of stages, inside of those for trained and for frozen parameters.
fn stage_types(outer: [&Ident; 2], stages: &[Stage], scope: &Scope, found: &mut Vec<Type>) {
    for stage in stages {
        let [trained, frozen] = outer;
        let owners = [if is_frozen(stage) { frozen } else { trained }, frozen];
        let inside = owners.map(|owner| match &stage.name {
            Some(name) => inner(owner, &name.to_string()),
            None => owner.clone(),
        });
        if let (Layer::Keyword(_), Some(name)) = (&stage.layer, &stage.name) {
            let has_both = !is_frozen(stage) && has_frozen(stage, scope);
            let written = inside.iter().take(if has_both { 2 } else { 1 });
            let role = Role::Stage(name.to_string());
            found.extend(written.map(|inside| Type { name: inside.clone(), role: role.clone(), source: name.clone() }));
        }
        stage.layer.inner().iter().for_each(|stages| stage_types([&inside[0], &inside[1]], stages, scope, found));
    }
}
