//! Options that layers have in other frameworks.

/// An option that a layer has, options that such a layer has elsewhere, and what to write here instead.
const ELSEWHERE: &[(&str, &[&str], &str)] = &[
    ("bias", &["use_bias"], "it is called `bias` here"),
    ("dilation", &["dilation_rate"], "it is called `dilation` here"),
    ("momentum", &["affine", "center", "scale"], "it always has weights and biases, which begin as 1 and 0"),
    ("eps", &["epsilon"], "it is called `eps` here"),
    ("eps", &["num_features", "num_channels", "normalized_shape"], IS_KNOWN),
    (
        "eps",
        &["affine", "elementwise_affine", "center", "scale"],
        "its weights begin as 1, its biases as 0: write `#[frozen]` before the stage to keep them so",
    ),
    ("hidden_size", &["units", "hidden_dim", "hidden_features"], "it is called `hidden_size` here"),
    ("hidden_size", &["num_layers", "layers"], "write a stage for each layer: `lstm(8), lstm(8)`"),
    (
        "hidden_size",
        &["return_sequences", "return_state"],
        "every step's output is given: write `last` after it for that of the last step alone",
    ),
    ("hidden_size", &["batch_first", "time_major"], WITHOUT_BATCH),
    ("hidden_size", &["dropout", "recurrent_dropout"], "write a stage of its own after it: `dropout(0.5)`"),
    ("hidden_size", &["stateful"], "`step` keeps a state from one step of a sequence to the next: remove it"),
    ("hidden_size", &["go_backwards"], "`bidirectional = true` goes both ways"),
    ("hidden_size", &["input_size"], IS_KNOWN),
    ("kernel_size", &["pool_size"], "it is called `kernel_size` here"),
    ("kernel_size", &["ceil_mode"], "the output's size is rounded down: remove it"),
    ("nonlinearity", &["activation"], "it is called `nonlinearity` here"),
    ("num_groups", &["groups"], "it is called `num_groups` here"),
    ("num_heads", &["embed_dim", "d_model"], IS_KNOWN),
    (
        "num_heads",
        &["key_dim", "value_dim", "head_dim", "kdim", "vdim"],
        "each head takes as many of the features: remove it",
    ),
    ("num_heads", &["batch_first"], WITHOUT_BATCH),
    ("num_heads", &["dropout"], "write a stage of its own after it: `dropout(0.1)`"),
    ("num_heads", &["is_causal", "use_causal_mask"], "it is called `causal` here"),
    ("out_channels", &["filters"], "it is called `out_channels` here"),
    ("out_channels", &["in_channels"], IS_KNOWN),
    ("out_channels", &["padding_mode"], "the padding is zeros: remove it"),
    ("out_features", &["units"], "it is called `out_features` here"),
    ("out_features", &["in_features"], IS_KNOWN),
    ("stride", &["strides"], "it is called `stride` here"),
];

const IS_KNOWN: &str = "the size of the input is known, and not written: leave it out";
const WITHOUT_BATCH: &str = "shapes are written without the batch: remove it";

/// What to write instead of an option that a layer with these options has elsewhere.
pub fn help(options: &[&str], written: &str) -> Option<&'static str> {
    let found = ELSEWHERE.iter().find(|(has, elsewhere, _)| options.contains(has) && elsewhere.contains(&written));
    found.map(|(.., help)| *help)
}
