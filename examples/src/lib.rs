//! Programs that show `network!` at work: run one with `cargo run --release -p examples --example NAME`.
