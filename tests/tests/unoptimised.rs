//! A program without optimisation says so, and how to change that: this one is compiled with `opt-level = 0`.

use std::process::Command;

use nn_runtime::prelude::*;

network! { struct Net: [1] -> [1] { linear(1) } }

#[test]
#[ignore = "a process of `an_unoptimised_build_says_so_once`"]
fn process() {
    let data = Dataset::new(&[[0.0], [1.0]], &[[1.0], [3.0]]).expect("data");
    for _ in 0..2 {
        Fit::new(Sgd::new(0.1), Mse).epochs(2).run(&mut Net::new(&mut rng(0)), &data).expect("a run");
    }
}

#[test]
fn an_unoptimised_build_says_so_once() {
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "process", "--ignored", "--nocapture"])
        .output()
        .expect("a process");
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<_> = text.lines().collect();
    let expected = [
        "note: this program is built without optimisation, so training is 10 to 200 times slower than it need be",
        "help: in Cargo.toml:",
        "[profile.dev]",
        "opt-level = 3",
    ];
    assert_eq!(lines, expected);
}
