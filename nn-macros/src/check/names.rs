//! Names that users may know from elsewhere, and the names that stages get.

use std::collections::HashMap;

use proc_macro2::{Ident, Span};

use crate::diagnostic::{Diagnostic, Report, nearest};
use crate::layers::LAYERS;

/// The structures, which `check` takes apart itself.
pub const STRUCTURES: &[&str] = &["residual"];

/// What other frameworks call a layer, and its name here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("dense", "linear"),
    ("fc", "linear"),
    ("fully_connected", "linear"),
    ("affine", "linear"),
    ("conv", "conv2d"),
    ("convolution", "conv2d"),
    ("convolution2d", "conv2d"),
    ("conv_2d", "conv2d"),
    ("max_pool", "max_pool2d"),
    ("maxpool", "max_pool2d"),
    ("maxpool2d", "max_pool2d"),
    ("max_pooling2d", "max_pool2d"),
    ("max_pool_2d", "max_pool2d"),
    ("batch_norm", "batch_norm1d"),
    ("batchnorm", "batch_norm1d"),
    ("batchnorm1d", "batch_norm1d"),
    ("batch_normalization", "batch_norm1d"),
    ("logsoftmax", "log_softmax"),
    ("logistic", "sigmoid"),
    ("hyperbolic_tangent", "tanh"),
    ("rectifier", "relu"),
    ("drop", "dropout"),
    ("embed", "embedding"),
    ("skip", "residual"),
    ("shortcut", "residual"),
];

/// The mistake of a keyword that no layer has.
pub fn unknown_layer(keyword: &Ident) -> Diagnostic {
    let written = keyword.to_string();
    let error = Diagnostic::new(keyword.span(), format!("unknown layer `{written}`"));
    let known = || LAYERS.iter().map(|layer| layer.keyword).chain(STRUCTURES.iter().copied());
    if let Some((_, name)) = ELSEWHERE.iter().find(|(elsewhere, _)| *elsewhere == written) {
        return error.help(format!("the layer is called `{name}` here"));
    }
    if let Some(name) = nearest(&written, known()) {
        return error.help(format!("a layer with a similar name exists: `{name}`"));
    }
    error.help("a layer of your own is written by the path of its type, which starts with a capital letter or has a `::`")
}

/// The names given so far to the stages of each namespace.
#[derive(Default)]
pub struct Names {
    taken: HashMap<String, Ident>,
    counts: HashMap<(String, String), usize>,
}

impl Names {
    /// The name of a stage: what is written, or the keyword with its number in the namespace.
    pub fn name(&mut self, namespace: &[Ident], written: Option<&Ident>, keyword: &str, span: Span, report: &mut Report) -> Ident {
        let path = namespace.iter().map(Ident::to_string).collect::<Vec<_>>().join(".");
        let count = self.counts.entry((path.clone(), keyword.to_owned())).or_default();
        *count += 1;
        let name = written.cloned().unwrap_or_else(|| Ident::new(&format!("{keyword}{count}"), span));
        if let Some(first) = self.taken.insert(format!("{path}.{name}"), name.clone()) {
            let error = Diagnostic::new(name.span(), format!("two stages have the name `{name}`"));
            report.push(if written.is_some() && first != name { error } else { error.help("give one of them another name") });
        }
        name
    }
}

/// `Conv1` for `conv1`, `BatchNorm1d` for `batch_norm1d`.
pub fn camel_case(name: &str) -> String {
    name.split('_')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
        })
        .collect()
}

/// `my_encoder` for `MyEncoder`.
pub fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (i, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && i > 0 && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
