//! A network's parameters in the order of PyTorch's `state_dict`, each tensor row by row.

use nn_runtime::network::{LayerInfo, Network, Tensor};

/// A tensor and where it stands in the network's flat slice.
struct Place {
    stage: &'static str,
    tensor: Tensor,
    start: usize,
}

impl Place {
    /// Where each entry of PyTorch's tensor stands, row by row.
    fn entries(&self) -> impl Iterator<Item = usize> + use<> {
        let (len, rows, start) = (self.tensor.len(), self.tensor.shape[0], self.start);
        let (columns, is_row_major) = (len / rows, self.tensor.is_row_major);
        (0..len).map(move |entry| start + if is_row_major { entry } else { entry % columns * rows + entry / columns })
    }
}

/// The names of those stages that PyTorch's `TransformerEncoderLayer` has in another order than ours.
const ENCODER: [&str; 5] = ["self_attn", "linear1", "linear2", "norm1", "norm2"];

fn places(layers: &'static [LayerInfo]) -> Vec<Place> {
    let mut places = Vec::new();
    for layer in layers {
        let mut start = layer.start;
        for &tensor in layer.tensors {
            places.push(Place { stage: layer.name, tensor, start });
            start += tensor.len();
        }
    }
    places.sort_by_key(|place| ENCODER.iter().position(|stage| *stage == place.stage));
    places
}

/// A line for each tensor: its name and its dimensions.
pub fn shapes<N: Network<IN, OUT>, const IN: usize, const OUT: usize>() -> String {
    let line = |place: Place| {
        let dimensions = place.tensor.shape.iter().map(|size| format!(" {size}"));
        format!("{}.{}{}\n", place.stage, place.tensor.name, dimensions.collect::<String>())
    };
    places(N::LAYERS).into_iter().map(line).collect()
}

/// All parameters.
pub fn save<N: Network<IN, OUT, Scalar = f32>, const IN: usize, const OUT: usize>(network: &N) -> Vec<f32> {
    places(N::LAYERS).iter().flat_map(Place::entries).map(|entry| network.as_slice()[entry]).collect()
}

/// Takes all parameters.
pub fn load<N: Network<IN, OUT, Scalar = f32>, const IN: usize, const OUT: usize>(network: &mut N, values: &[f32]) {
    let slice = network.as_mut_slice();
    for (entry, value) in places(N::LAYERS).iter().flat_map(Place::entries).zip(values) {
        slice[entry] = *value;
    }
}
