//! The attributes of a network: which of the items that are written for it each goes to.

mod argument;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token};

use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Attributes, WeightsFile};

/// What every struct of parameters derives anyway, and what follows from that.
const DERIVED: &[&str] =
    &["Clone", "Copy", "Debug", "PartialEq", "Pod", "Zeroable", "AnyBitPattern", "CheckedBitPattern", "NoUninit"];

/// Derives that floating-point fields do not support.
const OF_EXACT_VALUES: &[&str] = &["Eq", "Hash", "Ord"];

/// Derives whose traits `nn-runtime` implements.
const OF_SERDE: &[&str] = &["Serialize", "Deserialize"];

/// Attributes of one item that no derive reads: Rust's own.
const OF_ONE_ITEM: &[&str] = &[
    "automatically_derived",
    "cold",
    "deny",
    "doc",
    "expect",
    "export_name",
    "forbid",
    "ignore",
    "inline",
    "link",
    "link_name",
    "link_section",
    "macro_export",
    "macro_use",
    "must_use",
    "no_mangle",
    "path",
    "proc_macro",
    "proc_macro_attribute",
    "proc_macro_derive",
    "should_panic",
    "target_feature",
    "test",
    "track_caller",
    "unsafe",
    "used",
    "warn",
];

/// The attributes, each with the items that it goes to.
pub fn sort(written: &[Attribute], report: &mut Report) -> Attributes {
    let mut sorted = Attributes::default();
    for attribute in written {
        Sorter { sorted: &mut sorted, report, conditions: &[] }.sort(&attribute.meta);
    }
    sorted
}

/// The paths of an attribute, or of those inside of a `cfg_attr`, which has any number.
pub fn unconditional(meta: &Meta) -> Vec<Path> {
    match split_condition(meta).filter(|_| meta.path().is_ident("cfg_attr")) {
        Some((_, inner)) => inner.iter().flat_map(unconditional).collect(),
        None => vec![meta.path().clone()],
    }
}

struct Sorter<'a> {
    sorted: &'a mut Attributes,
    report: &'a mut Report,
    /// Those of each `cfg_attr` around the attribute.
    conditions: &'a [TokenStream],
}

impl Sorter<'_> {
    fn sort(&mut self, meta: &Meta) {
        let name = meta.path().get_ident().map(ToString::to_string);
        let attribute = self.conditional(&meta.to_token_stream());
        let Some(name) = name else { return self.sorted.network.push(attribute) }; // a path to another crate's
        match name.as_str() {
            "cfg" => self.sorted.cfg.push(attribute),
            "cfg_attr" => self.cfg_attr(meta, attribute),
            "derive" => self.derive(meta, attribute),
            "repr" => self.refuse_repr(meta.path()),
            "deprecated" => self.refuse_deprecated(meta.path()),
            "frozen" => self.refuse_frozen(meta.path()),
            "weights" => self.weights(meta),
            "allow" => self.sorted.items.push(attribute),
            "doc" if is_hidden(meta) => self.sorted.items.push(attribute),
            name if OF_ONE_ITEM.contains(&name) => self.sorted.network.push(attribute),
            _ => self.sorted.parameters.push(attribute),
        }
    }

    /// The attribute inside of each `cfg_attr` around it.
    fn conditional(&self, meta: &TokenStream) -> TokenStream {
        let wrap = |inner, condition| quote!(cfg_attr(#condition, #inner));
        let meta = self.conditions.iter().rev().fold(meta.clone(), wrap);
        quote!(#[#meta])
    }

    fn cfg_attr(&mut self, meta: &Meta, attribute: TokenStream) {
        let Some((condition, inner)) = split_condition(meta) else { return self.sorted.network.push(attribute) };
        let conditions = [self.conditions, &[condition]].concat();
        let mut sorter = Sorter { sorted: self.sorted, report: self.report, conditions: &conditions };
        for meta in &inner {
            sorter.sort(meta);
        }
    }

    fn derive(&mut self, meta: &Meta, attribute: TokenStream) {
        let Some(paths) = list(meta).and_then(|tokens| parse_list::<Path>(tokens, Path::parse_mod_style)) else {
            return self.sorted.network.push(attribute);
        };
        let mut others = Vec::new();
        for path in paths {
            let Some(name) = known_derive(&path) else {
                others.push(path);
                continue;
            };
            if OF_EXACT_VALUES.contains(&name.as_str()) {
                self.refuse_derive(&path, &name);
            } else if OF_SERDE.contains(&name.as_str()) {
                self.refuse_serde(&path, &name);
            } else if name == "Default" {
                self.implement_default();
            } else if !DERIVED.contains(&name.as_str()) {
                others.push(path);
            }
        }
        if !others.is_empty() {
            let attribute = self.conditional(&quote!(derive(#(#others),*)));
            self.sorted.parameters.push(attribute);
        }
    }

    /// Zeros, as a derive would write it; but arrays of more than 32 entries have no `Default`.
    fn implement_default(&mut self) {
        let conditions = self.conditions;
        let cfg = quote!(#(#[cfg(#conditions)])*);
        if !self.sorted.defaults.iter().any(|other| other.is_empty() || other.to_string() == cfg.to_string()) {
            self.sorted.defaults.push(cfg);
        }
    }

    fn refuse_derive(&mut self, path: &Path, name: &str) {
        let error = format!("`{name}` cannot be derived for a network, whose parameters are floating-point numbers");
        let help =
            "remove it; the bytes of a network can be compared and hashed: `nn_runtime::bytemuck::bytes_of(&network)`";
        self.report.push(Diagnostic::new(span(path), error).help(help));
    }

    fn refuse_serde(&mut self, path: &Path, name: &str) {
        let error = format!("`{name}` is not derived for a network: `nn-runtime` implements it, with PyTorch's names");
        let help = "remove it, with the network's `serde` attributes, and turn on the feature `serde` of `nn-runtime`";
        self.report.push(Diagnostic::new(span(path), error).help(help));
    }

    fn refuse_repr(&mut self, path: &Path) {
        let error = "a network has its `repr` already: it is `repr(C)`, so that its parameters are one flat slice";
        let help = "remove it; `nn_runtime::Aligned` puts a network at the start of a cache line";
        self.report.push(Diagnostic::new(span(path), error).help(help));
    }

    fn refuse_deprecated(&mut self, path: &Path) {
        let error = "a network cannot be `deprecated`: the code that is written for it would use it, and warn";
        let help =
            "rename the network, and deprecate an alias of its old name: `#[deprecated] pub type OldName = NewName;`";
        self.report.push(Diagnostic::new(span(path), error).help(help));
    }

    fn refuse_frozen(&mut self, path: &Path) {
        let error = Diagnostic::new(span(path), "`#[frozen]` marks a stage, not a network");
        self.report.push(error.help("write it before each stage that is not to be trained"));
    }
}

/// `#[weights("file.safetensors")]`
impl Sorter<'_> {
    fn weights(&mut self, meta: &Meta) {
        let path = match argument::path(meta) {
            Ok(path) => path,
            Err(error) => return self.report.push(error),
        };
        let holds_with = |conditions: &[TokenStream]| {
            // without conditions it always holds; of different conditions, one may be for when another does not hold
            let is_always = conditions.is_empty() || self.conditions.is_empty();
            is_always || quote_all(conditions) == quote_all(self.conditions)
        };
        if self.sorted.weights.iter().any(|other| holds_with(&other.conditions)) {
            let error = Diagnostic::new(span(meta.path()), "the network has `#[weights]` twice");
            self.report.push(error.help("remove one of them: one file has all parameters, frozen ones too"));
            return;
        }
        self.sorted.weights.push(WeightsFile { path, conditions: self.conditions.to_vec() });
    }
}

fn quote_all(conditions: &[TokenStream]) -> String {
    quote!(#(#conditions),*).to_string()
}

/// Whether every struct of parameters derives it.
pub fn is_derived_anyway(derive: &Path) -> bool {
    known_derive(derive).is_some_and(|name| DERIVED.contains(&name.as_str()))
}

/// The name of a derive, unless its path is that of another crate: `derive_more::Debug` is not `Debug`.
fn known_derive(path: &Path) -> Option<String> {
    let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let (name, modules) = names.split_last()?;
    let is_known = match modules.first().map(String::as_str) {
        None | Some("core" | "std") => true,
        Some(_) => modules.last().is_some_and(|module| ["bytemuck", "serde"].contains(&module.as_str())),
    };
    is_known.then(|| name.clone())
}

fn span(path: &Path) -> Span {
    path.segments.last().map_or_else(Span::call_site, |last| last.ident.span())
}

/// `doc(hidden)`
fn is_hidden(meta: &Meta) -> bool {
    list(meta).is_some_and(|tokens| tokens.to_string() == "hidden")
}

/// What stands in the parentheses.
fn list(meta: &Meta) -> Option<TokenStream> {
    if let Meta::List(list) = meta { Some(list.tokens.clone()) } else { None }
}

fn parse_list<T>(tokens: TokenStream, parse: fn(syn::parse::ParseStream) -> syn::Result<T>) -> Option<Vec<T>> {
    let parser = move |input: syn::parse::ParseStream| Punctuated::<T, Token![,]>::parse_terminated_with(input, parse);
    parser.parse2(tokens).ok().map(|list| list.into_iter().collect())
}

/// The condition of a `cfg_attr`, and its attributes.
fn split_condition(meta: &Meta) -> Option<(TokenStream, Vec<Meta>)> {
    let mut tokens = list(meta)?.into_iter();
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',');
    let condition = tokens.by_ref().take_while(|token| !is_comma(token)).collect();
    Some((condition, parse_list::<Meta>(tokens.collect(), syn::parse::Parse::parse)?))
}
