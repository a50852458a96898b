//! Files of weights that a fuzzer makes: no bytes cause a panic, an error leaves the network as it was, what is loaded is finite.
//!
//! ```sh
//! cargo install cargo-fuzz
//! cargo +nightly fuzz run --fuzz-dir tests/fuzz load tests/fuzz/corpus tests/weights
//! ```

#![no_main]

use libfuzzer_sys::fuzz_target;
use nn_runtime::prelude::*;
use nn_runtime::weights::Load;

network! {
    /// That of `tests/weights/mlp.safetensors`.
    struct Net: [4] -> [3] { fc1: linear(8), relu, fc2: linear(3) }
}

fuzz_target!(|bytes: &[u8]| {
    let loads = [
        Load::new(),
        Load::new().strict(false),
        Load::new().check_architecture(false),
        Load::new().rename("0", "fc1").rename("", "fc2"),
    ];
    for load in loads {
        let mut network = Net::ZERO;
        match load.bytes(&mut network, bytes) {
            Ok(report) => {
                let _ = report.to_string();
                assert!(network.state_dict().all(|tensor| tensor.values().all(f32::is_finite)));
            }
            Err(error) => {
                let _ = error.to_string();
                assert!(network == Net::ZERO);
            }
        }
    }
});
