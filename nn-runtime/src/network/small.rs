//! Which networks are small, and how their work is entered.

use super::{LayerInfo, Parameters};
use crate::kernels::{Kernel, dispatch, dispatch_whole};

/// Up to how many parameters a network is small: with more, calls and loops over unknown sizes take less than a tenth of
/// the time, and compiling a copy of each kernel for each layer does not pay.
pub(crate) const MOST_PARAMETERS: usize = 1 << 14;

/// Up to how many products of a parameter and a lane a pass of a small network has: with more, the same.
const MOST_PRODUCTS: usize = 1 << 16;

/// Whether the layers are so small that their work on `lanes` lanes is better compiled as a whole.
///
/// A user's layer is not, as nobody knows what is in it.
pub(crate) const fn is_small(layers: &[LayerInfo], lanes: usize) -> bool {
    let (mut parameters, mut i) = (0, 0);
    while i < layers.len() {
        if layers[i].is_custom || !is_small(layers[i].inner, lanes) {
            return false;
        }
        parameters += layers[i].len() + layers[i].frozen_len;
        i += 1;
    }
    parameters <= MOST_PARAMETERS && parameters.saturating_mul(lanes) <= MOST_PRODUCTS
}

/// Runs the work of a network on `LANES` lanes: compiled as a whole if it is small.
#[inline(always)]
pub(crate) fn enter<P: Parameters, K: Kernel, const LANES: usize>(work: K) -> K::Output {
    if const { is_small(P::LAYERS, LANES) } { dispatch_whole::<_, LANES>(work) } else { dispatch(work) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Tensor;
    use crate::network::table::layer;

    const fn row(tensors: &'static [Tensor]) -> LayerInfo {
        layer("fc", "linear", &[0], &[1], &[1]).parameters(0, tensors)
    }

    const HALF: &[Tensor] = &[Tensor::new::<f32>("weight", &[MOST_PARAMETERS / 2])];
    const ONE: &[Tensor] = &[Tensor::new::<f32>("weight", &[1])];

    #[test]
    fn parameters_of_all_layers_count() {
        assert!(is_small(&[], 1) && is_small(&[row(HALF), row(HALF)], 1));
        assert!(!is_small(&[row(HALF), row(HALF), row(ONE)], 1));
    }

    #[test]
    fn a_network_is_small_for_few_lanes_and_not_for_many() {
        let lanes = MOST_PRODUCTS / MOST_PARAMETERS;
        assert!(is_small(&[row(HALF), row(HALF)], lanes));
        assert!(!is_small(&[row(HALF), row(HALF)], lanes + 1));
    }

    #[test]
    fn only_networks_are_known_of_what_the_library_has_not() {
        const SMALL: &[LayerInfo] = &[row(ONE)];
        const LARGE: &[LayerInfo] = &[row(HALF), row(HALF), row(ONE)];
        let foreign = layer("own", "Own", &[0], &[1], &[1]);
        assert!(is_small(&[foreign.layer(0, 1, &[], SMALL)], 1));
        assert!(!is_small(&[foreign.layer(0, MOST_PARAMETERS + 1, &[], LARGE)], 1));
        assert!(!is_small(&[foreign.layer(0, 1, ONE, &[])], 1));
    }
}
