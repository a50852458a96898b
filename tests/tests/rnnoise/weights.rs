//! The published weights: a file of whole numbers of 8 bits, each in units of 1/256.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use nn_runtime::prelude::*;
use serde_json::Value;

use super::RnNoise;

/// The package whose file it is. Its licence, in the file `COPYING` of the package, is BSD's of three clauses.
const PACKAGE: [&str; 2] = ["nnnoiseless", "0.5.2"];

/// The published weights.
pub fn published() -> Vec<u8> {
    fs::read(source("weights.rnn")).expect("the package has the file")
}

/// The path of a source file of the package, where cargo keeps the package.
pub fn source(name: &str) -> PathBuf {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let options = ["metadata", "--locked", "--format-version", "1", "--manifest-path", manifest];
    let metadata = Command::new(env!("CARGO")).args(options).output().expect("cargo runs");
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("cargo writes JSON");
    let mut packages = metadata["packages"].as_array().expect("it lists packages").iter();
    let package = packages.find(|package| [&package["name"], &package["version"]] == PACKAGE);
    let manifest = package.and_then(|package| package["manifest_path"].as_str()).expect("it is a dependency");
    PathBuf::from(manifest).with_file_name("src").join(name)
}

/// The network with the weights of a file; `None` if the file's sizes are not the network's.
pub fn from_rnn(bytes: &[u8]) -> Option<Box<RnNoise>> {
    let (mut network, mut rest) = (RnNoise::boxed(&mut rng(0)), Rest { bytes });
    let RnNoise { input_dense, vad_gru, vad_output, noise_gru, denoise_gru, denoise_output } = &mut *network;
    rest.dense(&mut input_dense.weight, &mut input_dense.bias)?;
    macro_rules! gru {
        ($($gru:ident),*) => {
            $(rest.gru(
                (&mut $gru.weight_ih_l0, &mut $gru.bias_ih_l0),
                (&mut $gru.weight_hh_l0, &mut $gru.bias_hh_l0),
            )?;)*
        };
    }
    gru!(vad_gru, noise_gru, denoise_gru);
    rest.dense(&mut denoise_output.weight, &mut denoise_output.bias)?;
    rest.dense(&mut vad_output.weight, &mut vad_output.bias)?;
    rest.bytes.is_empty().then_some(network)
}

/// What is left of the file. Each layer has its number of inputs, that of outputs, its function, its weights, input by input, as
/// nalgebra's matrices have them, and its biases.
struct Rest<'a> {
    bytes: &'a [u8],
}

impl Rest<'_> {
    fn sizes(&mut self, inputs: usize, outputs: usize) -> Option<()> {
        let (&[found_inputs, found_outputs, _function], bytes) = self.bytes.split_first_chunk()?;
        self.bytes = bytes;
        ([found_inputs, found_outputs].map(usize::from) == [inputs, outputs]).then_some(())
    }

    fn fill(&mut self, values: &mut [f32]) -> Option<()> {
        let (numbers, bytes) = self.bytes.split_at_checked(values.len())?;
        self.bytes = bytes;
        for (value, number) in values.iter_mut().zip(numbers) {
            *value = f32::from(number.cast_signed()) / 256.0;
        }
        Some(())
    }

    fn dense<const OUT: usize, const IN: usize>(
        &mut self,
        weight: &mut SMatrix<f32, OUT, IN>,
        bias: &mut SVector<f32, OUT>,
    ) -> Option<()> {
        self.sizes(IN, OUT)?;
        self.fill(weight.as_mut_slice())?;
        self.fill(bias.as_mut_slice())
    }

    /// The file has the gates in the order z, r, n, and we in PyTorch's, r, z, n. Both compute `z · previous + (1 - z) · n`.
    /// PyTorch has a second bias, which is 0 here.
    #[expect(clippy::similar_names, reason = "these are PyTorch's names")]
    fn gru<const GATES: usize, const IN: usize, const HIDDEN: usize>(
        &mut self,
        (weight_ih, bias_ih): (&mut SMatrix<f32, GATES, IN>, &mut SVector<f32, GATES>),
        (weight_hh, bias_hh): (&mut SMatrix<f32, GATES, HIDDEN>, &mut SVector<f32, GATES>),
    ) -> Option<()> {
        self.sizes(IN, HIDDEN)?;
        self.fill(weight_ih.as_mut_slice())?;
        self.fill(weight_hh.as_mut_slice())?;
        self.fill(bias_ih.as_mut_slice())?;
        bias_hh.fill(0.0);
        for row in 0..HIDDEN {
            weight_ih.swap_rows(row, HIDDEN + row);
            weight_hh.swap_rows(row, HIDDEN + row);
            bias_ih.swap_rows(row, HIDDEN + row);
        }
        Some(())
    }
}
