//! Self-attention against PyTorch: outputs, every gradient of a parameter, the gradient of the input, and the weights.

use nn_runtime::kernels::{Isa, Kernel, Portable, dispatch};
use nn_runtime::nalgebra::SMatrix;
use nn_runtime::network::{Parameters as _, Pass};
use nn_runtime::{bytemuck, network};
use nn_tests::{Case, assert_close, fill, golden_layer, load, rows_of};

golden_layer!(default: "multihead_attention/default", [4, 8] -> [4, 8] { layer: multihead_attention(2) });
golden_layer!(causal: "multihead_attention/causal", [7, 8] -> [7, 8] { layer: multihead_attention(2, true) });
golden_layer!(one_head: "multihead_attention/one_head", [3, 5] -> [3, 5] { layer: multihead_attention(num_heads = 1) });
golden_layer!(one_step: "multihead_attention/one_step", [1, 6] -> [1, 6] { layer: multihead_attention(2) });
golden_layer!(odd: "multihead_attention/odd", [5, 6] -> [5, 6] { layer: multihead_attention(3) });
golden_layer!(odd_causal: "multihead_attention/odd_causal", [5, 6] -> [5, 6] {
    layer: multihead_attention(3, causal = true)
});
golden_layer!(no_bias: "multihead_attention/no_bias", [4, 6] -> [4, 6] { layer: multihead_attention(2, bias = false) });
golden_layer!(long_causal: "multihead_attention/long_causal", [17, 10] -> [17, 10] {
    layer: multihead_attention(1, causal = true)
});
golden_layer!(weights: "multihead_attention/weights", [5, 6] -> [5, 6] {
    layer: multihead_attention(3, need_weights = true)
});
golden_layer!(weights_causal: "multihead_attention/weights_causal", [4, 6] -> [4, 6] {
    layer: multihead_attention(2, causal = true, need_weights = true)
});
golden_layer!(residual: "multihead_attention/residual", [4, 6] -> [4, 6] {
    a: residual { attn: multihead_attention(2) },
    b: residual { attn: multihead_attention(3), fc: linear(6) },
});
golden_layer!(block: "multihead_attention/block", [4, 6] -> [4, 6] {
    a: residual { norm: layer_norm, attn: multihead_attention(2) },
    b: residual { norm: layer_norm, fc1: linear(9), gelu, fc2: linear(6) },
});

const ROWS: usize = 5;

network! {
    struct Weights: f64 [5, 6] -> [5, 6] { layer: multihead_attention(3, need_weights = true) }
    struct CausalWeights: f64 [4, 6] -> [4, 6] { layer: multihead_attention(2, causal = true, need_weights = true) }
    struct Plain: f64 [5, 6] -> [5, 6] { layer: multihead_attention(3) }

    struct Stages: f64 [5, 6] -> [5, 6] {
        #[frozen]
        first: multihead_attention(3, need_weights = true),
        block: residual { attn: multihead_attention(2, need_weights = true) },
    }
}

/// The weights that stand in a workspace, row by row, in PyTorch's order: head, query, key.
fn in_order<const STEPS: usize>(
    heads: usize,
    weights: impl Fn(usize, usize) -> Option<SMatrix<f64, STEPS, STEPS>>,
) -> Vec<f64> {
    let places = (0..ROWS).flat_map(|row| (0..heads).map(move |head| (row, head)));
    let matrices = places.map(|(row, head)| weights(row, head).expect("the row and the head are there"));
    matrices.flat_map(|matrix| matrix.transpose().iter().copied().collect::<Vec<_>>()).collect()
}

/// Compares the weights after passes of every kind.
struct CheckWeights<'c>(&'c Case);

macro_rules! check_weights {
    ($isa:ident, $case:expr, $network:ident, $workspace:ident, $inference:ident, $size:literal, $heads:literal) => {{
        let (case, heads) = ($case, $heads);
        let network = load::<$network>(case, "parameter.");
        let expected = &case.tensor("weights").values;
        let rows = rows_of::<[f64; $size]>(case.tensor("input"));
        let mut input = SMatrix::<f64, ROWS, $size>::zeros();
        fill($isa, &mut input, &rows, &rows[0]);

        let mut inference = $inference::<ROWS>::ZERO;
        network.infer_with($isa, &(), &input, &mut inference);
        let actual = in_order(heads, |row, head| inference.layer_weights(row, head));
        assert_close(&actual, expected, 1e-9, "after inference");

        let (pass, mut training) = (Pass::training(0, ROWS as u32), $workspace::<ROWS>::ZERO);
        network.forward_with($isa, &(), &input, &mut training, pass);
        let actual = in_order(heads, |row, head| training.layer_weights(row, head));
        assert_close(&actual, expected, 1e-9, "after a forward pass");
        network.backward_with($isa, &(), &input, &mut training, &mut bytemuck::zeroed_box(), pass);
        let actual = in_order(heads, |row, head| training.layer_weights(row, head));
        assert_close(&actual, expected, 1e-9, "after a backward pass");

        let single = |row: usize, head: usize| {
            let mut workspace = $inference::ZERO;
            let _ = network.predict_in(&rows[row], &mut workspace);
            assert!(workspace.layer_weights(1, head).is_none() && workspace.layer_weights(0, heads).is_none());
            workspace.layer_weights(0, head)
        };
        assert_close(&in_order(heads, single), expected, 1e-9, "of single samples");
    }};
}

impl Kernel for CheckWeights<'_> {
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        if self.0.name.ends_with("causal") {
            check_weights!(isa, self.0, CausalWeights, CausalWeightsWorkspace, CausalWeightsInferenceWorkspace, 24, 2);
        } else {
            check_weights!(isa, self.0, Weights, WeightsWorkspace, WeightsInferenceWorkspace, 30, 3);
        }
    }
}

#[test]
fn weights_agree_with_those_of_each_head() {
    for name in ["weights", "weights_causal"] {
        let case = Case::read(&format!("multihead_attention/{name}"));
        CheckWeights(&case).run(Portable);
        dispatch(CheckWeights(&case));
    }
}

#[test]
fn nothing_is_kept_that_is_not_asked_for() {
    let [weights, one_head, bytes] = [3 * 5 * 5, 5 * 5, size_of::<f64>()];
    assert_eq!(WeightsWorkspace::<1>::BYTES, PlainWorkspace::<1>::BYTES);
    let difference = WeightsInferenceWorkspace::<1>::BYTES - PlainInferenceWorkspace::<1>::BYTES;
    assert_eq!(difference, (weights - one_head) * bytes);
}

#[test]
fn every_stage_that_keeps_its_weights_has_them_in_both_workspaces() {
    let mut rng = nn_runtime::init::rng(1);
    let (network, frozen) = (Stages::new(&mut rng), StagesFrozen::new(&mut rng));
    let input = SMatrix::<f64, 2, 30>::from_fn(|row, column| ((row * 30 + column) as f64).sin());
    let (mut training, mut inference) = (StagesWorkspace::<2>::ZERO, StagesInferenceWorkspace::<2>::ZERO);
    network.forward_with(Portable, &frozen, &input, &mut training, Pass::training(0, 2));
    network.infer_with(Portable, &frozen, &input, &mut inference);
    for head in 0..2 {
        let [first, attn] = [training.first_weights(1, head), training.block_attn_weights(1, head)];
        assert!(first.is_some_and(|weights| weights.column_sum().iter().all(|sum| (sum - 1.0).abs() < 1e-12)));
        assert_eq!([first, attn], [inference.first_weights(1, head), inference.block_attn_weights(1, head)]);
    }
    assert_ne!(training.first_weights(1, 0), training.block_attn_weights(1, 0));
}
