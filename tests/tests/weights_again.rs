//! A program is compiled again when its file of weights changes.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

const MANIFEST: &str = r#"
[package]
name = "weights-again"
edition = "2024"

[dependencies]
nn-runtime = { path = "RUNTIME", default-features = false, features = ["libm", "weights"] }

[workspace]
"#;

const PROGRAM: &str = r#"
nn_runtime::network! {
    #[weights("network.safetensors")]
    struct Net: [4] -> [3] { fc1: linear(2), tanh, fc2: linear(3) }
}

fn main() {
    println!("{}", Net::PRETRAINED.fc1.bias[1]);
}
"#;

#[test]
fn a_program_has_the_values_of_the_file_as_it_is_now() {
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("weights-again");
    let runtime = concat!(env!("CARGO_MANIFEST_DIR"), "/../nn-runtime");
    fs::create_dir_all(project.join("src")).expect("the project is written");
    fs::write(project.join("Cargo.toml"), MANIFEST.replace("RUNTIME", runtime)).expect("the project is written");
    fs::write(project.join("src/main.rs"), PROGRAM).expect("the project is written");
    fs::copy("../Cargo.lock", project.join("Cargo.lock")).expect("the versions are those of the workspace");
    let mut bytes = fs::read("ui/weights/network.safetensors").expect("the file is there");
    for value in ["1.5", "-8"] {
        // the names of a file are sorted, and `fc1.bias` is the first
        let second = bytes.len() - 19 * 4 + 4;
        bytes[second..second + 4].copy_from_slice(&value.parse::<f32>().expect("a number").to_le_bytes());
        fs::write(project.join("network.safetensors"), &bytes).expect("the file is written");
        let mut cargo = Command::new(env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
        let run = cargo.args(["run", "--quiet", "--offline", "--target-dir", "target"]).current_dir(&project);
        let output = run.output().expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), value);
    }
}
