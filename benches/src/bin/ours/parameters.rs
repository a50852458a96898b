//! A network's parameters in the order of PyTorch's `state_dict`, each tensor row by row.

use nn_runtime::network::{NamedTensor, Parameters, tensors};
use nn_runtime::scalar::Scalar as _;

/// The names of those stages that PyTorch's `TransformerEncoderLayer` has in another order than ours.
const ENCODER: [&str; 5] = ["self_attn", "linear1", "linear2", "norm1", "norm2"];

fn in_order<P: Parameters>() -> Vec<NamedTensor> {
    let mut all: Vec<_> = tensors(P::LAYERS).collect();
    all.sort_by_key(|tensor| ENCODER.iter().position(|stage| tensor.name().is_of(stage)));
    all
}

/// Where each value stands in the network's flat slice.
fn entries<P: Parameters>() -> impl Iterator<Item = usize> {
    in_order::<P>().into_iter().flat_map(|tensor| tensor.order().map(move |entry| tensor.start() + entry))
}

/// A line for each tensor: its name and its dimensions.
pub fn shapes<P: Parameters>() -> String {
    let line = |tensor: NamedTensor| {
        let dimensions = tensor.shape().iter().map(|size| format!(" {size}"));
        format!("{}{}\n", tensor.name(), dimensions.collect::<String>())
    };
    in_order::<P>().into_iter().map(line).collect()
}

/// All parameters.
pub fn save<P: Parameters>(parameters: &P) -> Vec<f32> {
    entries::<P>().map(|entry| parameters.as_slice()[entry].to_f64() as f32).collect()
}

/// Takes all parameters.
pub fn load<P: Parameters>(parameters: &mut P, values: &[f32]) {
    let slice = parameters.as_mut_slice();
    for (entry, value) in entries::<P>().zip(values) {
        slice[entry] = P::Scalar::from_f64((*value).into());
    }
}
