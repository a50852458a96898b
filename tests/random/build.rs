//! Writes the random networks that the tests compile.

#[path = "src/lib.rs"]
#[allow(dead_code, unused_imports, reason = "nn-macros uses more of it")]
mod generator;

fn main() {
    for path in ["src", "build.rs"] {
        println!("cargo::rerun-if-changed={path}");
    }
    println!("cargo::rerun-if-env-changed=RANDOM_NETWORKS");
    println!("cargo::rerun-if-env-changed=RANDOM_SEED");
    let number = |name: &str, default: u64| {
        std::env::var(name).map_or(default, |text| text.parse().expect("a number of networks, or a seed"))
    };
    let (count, seed) = (number("RANDOM_NETWORKS", 210), number("RANDOM_SEED", 0));
    let networks: String = (seed..seed + count).map(module).collect();
    let folder = std::env::var("OUT_DIR").expect("cargo says where to write");
    std::fs::write(format!("{folder}/networks.rs"), networks).expect("the folder can be written");
}

/// A network, the test of its gradients, and that of its steps.
fn module(seed: u64) -> String {
    let text = generator::invocation(seed);
    let hash = if text.contains('"') { "#" } else { "" };
    format!(
        r#"mod network_{seed} {{
::nn_runtime::network! {{
{text}}}
#[test]
fn gradients() {{
    crate::check(&mut crate::Setting::<Net>::new(r{hash}"{text}"{hash}));
}}
#[test]
fn blocks() {{
    #[allow(unused_imports, reason = "some have a step")]
    use crate::{{Steps, CannotStep as _, Unknown as _}};
    Steps::<Net, {{ Steps::<Net, true>::KNOWN }}>::check(r{hash}"{text}"{hash});
}}
}}
"#
    )
}
