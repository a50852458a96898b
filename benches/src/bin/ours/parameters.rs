//! A network's parameters in the order of PyTorch's `state_dict`, each tensor row by row.

use nn_runtime::network::{NamedTensor, Network, tensors};

/// The names of those stages that PyTorch's `TransformerEncoderLayer` has in another order than ours.
const ENCODER: [&str; 5] = ["self_attn", "linear1", "linear2", "norm1", "norm2"];

fn in_order<N: Network<IN, OUT>, const IN: usize, const OUT: usize>() -> Vec<NamedTensor> {
    let mut all: Vec<_> = tensors(N::LAYERS).collect();
    all.sort_by_key(|tensor| ENCODER.iter().position(|stage| tensor.name().is_of(stage)));
    all
}

/// Where each value stands in the network's flat slice.
fn entries<N: Network<IN, OUT>, const IN: usize, const OUT: usize>() -> impl Iterator<Item = usize> {
    in_order::<N, IN, OUT>().into_iter().flat_map(|tensor| tensor.order().map(move |entry| tensor.start() + entry))
}

/// A line for each tensor: its name and its dimensions.
pub fn shapes<N: Network<IN, OUT>, const IN: usize, const OUT: usize>() -> String {
    let line = |tensor: NamedTensor| {
        let dimensions = tensor.shape().iter().map(|size| format!(" {size}"));
        format!("{}{}\n", tensor.name(), dimensions.collect::<String>())
    };
    in_order::<N, IN, OUT>().into_iter().map(line).collect()
}

/// All parameters.
pub fn save<N: Network<IN, OUT, Scalar = f32>, const IN: usize, const OUT: usize>(network: &N) -> Vec<f32> {
    entries::<N, IN, OUT>().map(|entry| network.as_slice()[entry]).collect()
}

/// Takes all parameters.
pub fn load<N: Network<IN, OUT, Scalar = f32>, const IN: usize, const OUT: usize>(network: &mut N, values: &[f32]) {
    let slice = network.as_mut_slice();
    for (entry, value) in entries::<N, IN, OUT>().zip(values) {
        slice[entry] = *value;
    }
}
