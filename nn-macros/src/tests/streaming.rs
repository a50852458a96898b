//! What the documentation of a state says of the steps that an output reads.

use super::expand_all;

/// The line of the documentation about each output.
fn reads(spec: &str) -> Vec<String> {
    let text = expand_all(spec.parse().expect("the spec is tokens")).to_string();
    let lines = text.split('"').filter(|line| line.contains(" reads "));
    lines.map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_state_states_its_receptive_field() {
    let one = |spec: &str| {
        let found = reads(spec);
        assert_eq!(found.len(), 1, "{found:?}");
        found.into_iter().next().unwrap_or_default()
    };
    assert_eq!(one("struct Net: [4, 3] -> [4, 2] { linear(2), tanh }"), "An output reads the present step alone.");
    assert_eq!(
        one("struct Net: [1, 9] -> [1, 9] { conv1d(1, 2, causal = true) }"),
        "An output reads the present step and the one before it: its receptive field is 2 steps."
    );
    assert_eq!(
        one(
            "struct Net: [1, 9] -> [1, 9] { residual { conv1d(2, 3, causal = true), conv1d(1, 2, dilation = 4, causal = true) } }"
        ),
        "An output reads the present step and the 6 before it: its receptive field is 7 steps."
    );
    assert_eq!(one("struct Net: [4, 3] -> [2] { gru(5), last, linear(2) }"), "An output reads all steps so far.");
    assert_eq!(
        one("struct Net: [4, 3] -> [4, 3] { own: Own -> [4, 3] }"),
        "An output reads the present step alone, besides what `own` remembers."
    );
}

#[test]
fn each_output_has_a_receptive_field_of_its_own() {
    let spec = "struct Net: { x: [2, 9], gain: [2] } -> { near: [1, 9], far: [3, 9] } {
        x, conv1d(4, 2, causal = true), body: relu,
        body, near: conv1d(1, 1),
        gain, reshape([2, 1]), factor: tanh,
        mul { [x], [factor] }, near2: conv1d(4, 4, causal = true),
        add { [body], [near2] },
        far: conv1d(3, 2, dilation = 5, causal = true),
    }";
    assert_eq!(
        reads(spec),
        [
            "- `near` reads the present step and the one before it: its receptive field is 2 steps.",
            "- `far` reads the present step and the 8 before it: its receptive field is 9 steps.",
        ]
    );
}
