//! Options that layers have in other frameworks.

/// An option that a layer has, options that such a layer has elsewhere, and what to write here instead.
const ELSEWHERE: &[(&str, &[&str], &str)] = &[
    ("hidden_size", &["units", "hidden_dim", "hidden_features"], "it is called `hidden_size` here"),
    ("hidden_size", &["num_layers", "layers"], "write a stage for each layer: `lstm(8), lstm(8)`"),
    (
        "hidden_size",
        &["return_sequences", "return_state"],
        "every step's output is given: write `last` after it for that of the last step alone",
    ),
    ("hidden_size", &["batch_first", "time_major"], "shapes are written without the batch: remove it"),
    ("hidden_size", &["dropout", "recurrent_dropout"], "write a stage of its own after it: `dropout(0.5)`"),
    ("hidden_size", &["stateful"], "`step` keeps a state from one step of a sequence to the next: remove it"),
    ("hidden_size", &["go_backwards"], "`bidirectional = true` goes both ways"),
    ("hidden_size", &["input_size"], "the size of the input is known, and not written"),
    ("nonlinearity", &["activation"], "it is called `nonlinearity` here"),
];

/// What to write instead of an option that a layer with these options has elsewhere.
pub fn help(options: &[&str], written: &str) -> Option<&'static str> {
    let found = ELSEWHERE.iter().find(|(has, elsewhere, _)| options.contains(has) && elsewhere.contains(&written));
    found.map(|(.., help)| *help)
}
