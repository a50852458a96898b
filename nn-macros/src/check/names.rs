//! Names that users may know from elsewhere, and the names that stages get.

use std::collections::HashMap;

use proc_macro2::{Ident, Span};

use super::structures::STRUCTURES;
use crate::diagnostic::{Diagnostic, Extent, Report, nearest};
use crate::layers;

/// What other frameworks call a layer, in small letters and without underscores, and its name here, as it stands
/// between backticks.
const ELSEWHERE: &[(&str, &str)] = &[
    ("adaptiveavgpool1d", "global_avg_pool"),
    ("adaptiveavgpool2d", "global_avg_pool"),
    ("adaptivemaxpool1d", "global_max_pool"),
    ("adaptivemaxpool2d", "global_max_pool"),
    ("affine", "linear"),
    ("averagepooling1d", "avg_pool1d"),
    ("averagepooling2d", "avg_pool2d"),
    ("avgpool", "avg_pool2d"),
    ("batchnorm", "batch_norm1d` or `batch_norm2d"),
    ("batchnormalization", "batch_norm1d` or `batch_norm2d"),
    ("bn", "batch_norm1d` or `batch_norm2d"),
    ("causalconv1d", "conv1d"),
    ("clamp", "hard_tanh"),
    ("clip", "hard_tanh"),
    ("conv", "conv2d"),
    ("conv1dtranspose", "conv_transpose1d"),
    ("conv2dtranspose", "conv_transpose2d"),
    ("convolution", "conv2d"),
    ("convolution1d", "conv1d"),
    ("convolution2d", "conv2d"),
    ("convtranspose", "conv_transpose2d"),
    ("deconv", "conv_transpose2d"),
    ("deconv1d", "conv_transpose1d"),
    ("deconv2d", "conv_transpose2d"),
    ("deconvolution", "conv_transpose2d"),
    ("dense", "linear"),
    ("depthwiseconv2d", "conv2d"),
    ("drop", "dropout"),
    ("elman", "rnn"),
    ("embed", "embedding"),
    ("fc", "linear"),
    ("fullyconnected", "linear"),
    ("globalaveragepooling2d", "global_avg_pool"),
    ("globalmaxpooling2d", "global_max_pool"),
    ("groupnormalization", "group_norm"),
    ("grucell", "gru"),
    ("hyperbolictangent", "tanh"),
    ("layernormalization", "layer_norm"),
    ("logistic", "sigmoid"),
    ("lstmcell", "lstm"),
    ("maxpool", "max_pool2d"),
    ("maxpooling", "max_pool2d"),
    ("maxpooling1d", "max_pool1d"),
    ("maxpooling2d", "max_pool2d"),
    ("meanpool", "avg_pool2d"),
    ("positionembedding", "positional_embedding"),
    ("positionencoding", "positional_encoding"),
    ("rectifier", "relu"),
    ("recurrent", "rnn"),
    ("resnet", "residual"),
    ("rmsnormalization", "rms_norm"),
    ("rnncell", "rnn"),
    ("shortcut", "residual"),
    ("simplernn", "rnn"),
    ("sinepositionencoding", "positional_encoding"),
    ("skip", "residual"),
    ("skipconnection", "residual"),
    ("swish", "silu"),
];

/// What other frameworks have as a layer, in small letters and without underscores, and how it is written here.
const WRITTEN: &[(&str, &str)] = &[
    ("attention", "`multihead_attention(num_heads)`; for a single head, `multihead_attention(1)`"),
    ("bidirectional", "`lstm(8, bidirectional = true)`: it is an option here"),
    ("bigru", "`gru(8, bidirectional = true)`"),
    ("bilstm", "`lstm(8, bidirectional = true)`"),
    ("globalaveragepooling1d", "`mean` for [steps, features], or `global_avg_pool` for [channels, length]"),
    (
        "globalmaxpooling1d",
        "`transpose, global_max_pool` for [steps, features], or `global_max_pool` for [channels, length]",
    ),
    ("instancenorm", INSTANCE_NORM),
    ("instancenorm1d", INSTANCE_NORM),
    ("instancenorm2d", INSTANCE_NORM),
    ("instancenormalization", INSTANCE_NORM),
    ("selfattention", "`multihead_attention(num_heads)`; for a single head, `multihead_attention(1)`"),
    (
        "transformerencoderlayer",
        "`residual { multihead_attention(4) }, layer_norm, residual { linear(64), relu, linear(32) }, layer_norm`, \
         or with each `layer_norm` first in its `residual`",
    ),
];

const INSTANCE_NORM: &str = "`group_norm(8)`, with as many groups as there are channels";

/// Whether another framework has a layer of this name, or it is another spelling: `Dense`, `ReLU`, `conv_2d`.
pub fn is_known_elsewhere(written: &str) -> bool {
    known_elsewhere(written).is_some() || find(WRITTEN, written).is_some()
}

/// The layer that has this name in another framework, or in another spelling: `Dense`, `ReLU`, `conv_2d`.
fn known_elsewhere(written: &str) -> Option<&'static str> {
    find(ELSEWHERE, written).or_else(|| known().find(|known| plain(known) == plain(written)))
}

fn find(table: &[(&str, &'static str)], written: &str) -> Option<&'static str> {
    table.iter().find(|(elsewhere, _)| *elsewhere == plain(written)).map(|(_, here)| *here)
}

/// A name in small letters and without underscores.
fn plain(name: &str) -> String {
    name.replace('_', "").to_lowercase()
}

fn known() -> impl Iterator<Item = &'static str> {
    layers::all().map(|layer| layer.keyword).chain(STRUCTURES.iter().copied())
}

/// The mistake of a name that no layer has.
pub fn unknown_layer(written: &str, extent: Extent) -> Diagnostic {
    let error = Diagnostic::across(extent, format!("unknown layer `{written}`"));
    let last = written.rsplit("::").next().unwrap_or(written);
    if let Some(here) = find(WRITTEN, last) {
        return error.help(format!("write {here}"));
    }
    match (known_elsewhere(last), nearest(last, known())) {
        (Some(name), _) => error.help(format!("the layer is called `{name}` here")),
        (None, Some(name)) => error.help(format!("a layer with a similar name exists: `{name}`")),
        (None, None) => error.help(
            "a layer of your own is written by the path of its type, which starts with a capital letter or has a `::`",
        ),
    }
}

/// The names given so far to the stages of each namespace.
#[derive(Default)]
pub struct Names {
    /// Whether each name was written by the user.
    taken: HashMap<String, bool>,
    counts: HashMap<(String, String), usize>,
}

impl Names {
    /// The name of a stage: what is written, or the keyword with its number in the namespace.
    pub fn name(
        &mut self,
        namespace: &[Ident],
        written: Option<&Ident>,
        keyword: &str,
        span: Span,
        report: &mut Report,
    ) -> Ident {
        let path = namespace.iter().map(Ident::to_string).collect::<Vec<_>>().join(".");
        let count = self.counts.entry((path.clone(), keyword.to_owned())).or_default();
        *count += 1;
        let name = written.cloned().unwrap_or_else(|| Ident::new(&format!("{keyword}{count}"), span));
        if let Some(first) = self.taken.insert(format!("{path}.{name}"), written.is_some()) {
            let error = Diagnostic::new(name.span(), format!("two stages have the name `{name}`"));
            let unnamed = |which| {
                format!("a stage without a name is called by its keyword and number, as the {which} of them is")
            };
            report.push(match (first, written.is_some()) {
                (false, _) => error.note(unnamed("first")).help("write another name"),
                (true, false) => error.note(unnamed("second")).help(format!("name it: `name: {keyword}`")),
                (true, true) => error.help("write another name"),
            });
        }
        name
    }
}

/// `Conv1` for `conv1`, `BatchNorm1d` for `batch_norm1d`.
pub fn camel_case(name: &str) -> String {
    name.split('_')
        .filter_map(|word| {
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
