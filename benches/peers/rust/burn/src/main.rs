//! The workloads in burn: its own modules, losses and optimizers on its flex backend, without autodiff where nothing is trained.

mod load;
mod networks;
mod workloads;

use std::process::ExitCode;

fn main() -> ExitCode {
    peer_protocol::main("burn", workloads::WORKLOADS)
}
