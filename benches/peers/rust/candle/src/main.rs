//! The workloads in candle: its own layers, losses and optimizers. Where nothing is trained the parameters are plain tensors, so
//! that no graph is kept; where it has a fused operation without a gradient, that is used for inference only.

mod networks;
mod workloads;

use std::process::ExitCode;

fn main() -> ExitCode {
    peer_protocol::main("candle", workloads::WORKLOADS)
}
