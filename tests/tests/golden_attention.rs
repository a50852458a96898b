//! Attention against PyTorch: outputs, every gradient of a parameter, the gradient of the input, and the weights.

use nn_runtime::kernels::{Isa, Kernel, Portable, dispatch};
use nn_runtime::nalgebra::SMatrix;
use nn_runtime::network::{Parameters as _, Pass, Row, Trainable as _};
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

golden_layer!(cross: "multihead_attention/cross", [5, 6] -> [5, 6] {
    query: linear(6), source: linear(6), memory: narrow(0, 1, 3),
    query, layer: multihead_attention(2, key = memory),
});
golden_layer!(cross_causal: "multihead_attention/cross_causal", [5, 6] -> [5, 6] {
    query: linear(6), source: linear(6), memory: narrow(0, 1, 3),
    query, layer: multihead_attention(3, causal = true, key = memory, value = memory),
});
golden_layer!(cross_causal_few: "multihead_attention/cross_causal_few", [9, 6] -> [2, 4] {
    query: linear(4), source: linear(4),
    query, narrow(0, 2, 2), layer: multihead_attention(2, causal = true, key = source),
});
golden_layer!(cross_wide: "multihead_attention/cross_wide", [5, 6] -> [5, 4] {
    query: linear(4), source: linear(7), memory: narrow(0, 1, 3),
    query, layer: multihead_attention(2, key = memory),
});
golden_layer!(cross_no_bias: "multihead_attention/cross_no_bias", [5, 6] -> [5, 4] {
    query: linear(4), source: linear(3), memory: narrow(0, 1, 3),
    query, layer: multihead_attention(1, bias = false, key = memory, value = memory),
});
golden_layer!(cross_long: "multihead_attention/cross_long", [19, 6] -> [15, 10] {
    query: linear(10), source: linear(10),
    query, narrow(0, 2, 15), layer: multihead_attention(1, causal = true, key = source),
});
golden_layer!(key_value: "multihead_attention/key_value", [5, 6] -> [5, 4] {
    query: linear(4), keys: linear(4, bias = false), some_keys: narrow(0, 1, 3),
    query, values: linear(4), some_values: narrow(0, 0, 3),
    query, layer: multihead_attention(2, key = some_keys, value = some_values),
});
golden_layer!(key_value_wide: "multihead_attention/key_value_wide", [5, 6] -> [5, 4] {
    query: linear(4), keys: linear(4, bias = false), some_keys: narrow(0, 1, 3),
    query, values: linear(9), some_values: narrow(0, 0, 3),
    query, layer: multihead_attention(2, key = some_keys, value = some_values),
});
golden_layer!(grouped: "multihead_attention/grouped", [5, 12] -> [5, 12] {
    layer: multihead_attention(6, num_kv_heads = 2)
});
golden_layer!(multi_query: "multihead_attention/multi_query", [7, 6] -> [7, 6] {
    layer: multihead_attention(3, causal = true, num_kv_heads = 1)
});
golden_layer!(grouped_cross: "multihead_attention/grouped_cross", [5, 6] -> [5, 8] {
    query: linear(8), source: linear(8), memory: narrow(0, 1, 3),
    query, layer: multihead_attention(4, key = memory, num_kv_heads = 2),
});
golden_layer!(grouped_cross_wide: "multihead_attention/grouped_cross_wide", [5, 6] -> [5, 8] {
    query: linear(8), source: linear(5), memory: narrow(0, 1, 3),
    query, layer: multihead_attention(4, key = memory, num_kv_heads = 2),
});
golden_layer!(interleaved: "multihead_attention/interleaved", [5, 8] -> [5, 8] {
    layer: multihead_attention(2, rotary = interleaved)
});
golden_layer!(halves: "multihead_attention/halves", [17, 12] -> [17, 12] {
    layer: multihead_attention(2, causal = true, rotary = halves, rope_theta = 500.0)
});
golden_layer!(grouped_rotary: "multihead_attention/grouped_rotary", [6, 6] -> [6, 8] {
    query: linear(8), source: linear(5), memory: narrow(0, 1, 5),
    query, layer: multihead_attention(4, causal = true, key = memory, num_kv_heads = 2, rotary = interleaved),
});

const ROWS: usize = 5;

network! {
    struct Weights: f64 [5, 6] -> [5, 6] { layer: multihead_attention(3, need_weights = true) }
    struct CausalWeights: f64 [4, 6] -> [4, 6] { layer: multihead_attention(2, causal = true, need_weights = true) }
    struct CrossWeights: f64 [5, 6] -> [5, 6] {
        query: linear(6), source: linear(6), memory: narrow(0, 1, 3),
        query, layer: multihead_attention(2, need_weights = true, key = memory),
    }
    struct Plain: f64 [5, 6] -> [5, 6] { layer: multihead_attention(3) }
    struct MultiQuery: f64 [5, 6] -> [5, 6] { layer: multihead_attention(3, num_kv_heads = 1) }

    struct Stages: f64 [5, 6] -> [5, 6] {
        #[frozen]
        first: multihead_attention(3, need_weights = true),
        block: residual { attn: multihead_attention(2, need_weights = true) },
    }
}

/// The weights that stand in a workspace, row by row, in PyTorch's order: head, query, key.
fn in_order<const STEPS: usize, const KEY_STEPS: usize>(
    heads: usize,
    weights: impl Fn(usize, usize) -> Option<SMatrix<f64, STEPS, KEY_STEPS>>,
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
        match self.0.name.as_str() {
            "multihead_attention/weights" => {
                check_weights!(isa, self.0, Weights, WeightsWorkspace, WeightsInferenceWorkspace, 30, 3);
            }
            "multihead_attention/cross_weights" => {
                check_weights!(isa, self.0, CrossWeights, CrossWeightsWorkspace, CrossWeightsInferenceWorkspace, 30, 2);
            }
            _ => {
                check_weights!(
                    isa,
                    self.0,
                    CausalWeights,
                    CausalWeightsWorkspace,
                    CausalWeightsInferenceWorkspace,
                    24,
                    2
                );
            }
        }
    }
}

#[test]
fn weights_agree_with_those_of_each_head() {
    for name in ["weights", "weights_causal", "cross_weights"] {
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
fn heads_that_share_keys_and_values_need_less_memory() {
    let [shared, bytes] = [2 * 5 * (6 - 2), size_of::<f64>()];
    let difference = PlainInferenceWorkspace::<1>::BYTES - MultiQueryInferenceWorkspace::<1>::BYTES;
    assert_eq!(difference, shared * bytes);
    const { assert!(MultiQueryWorkspace::<1>::BYTES < PlainWorkspace::<1>::BYTES) };
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

network! {
    struct Padded: { x: f64 [6, 4], query: f64 [3, 6], n: u8 [1] } -> { own: f64 [6, 4], other: f64 [3, 6] } {
        x, first: multihead_attention(2, key_length = n, rotary = halves),
        own: multihead_attention(2, causal = true, key_length = n),
        query, other: multihead_attention(3, key = first, key_length = n, num_kv_heads = 1),
    }
    struct One: { x: f64 [1, 4], query: f64 [3, 6] } -> { own: f64 [1, 4], other: f64 [3, 6] } {
        x, first: multihead_attention(2, rotary = halves),
        own: multihead_attention(2, causal = true),
        query, other: multihead_attention(3, key = first, num_kv_heads = 1),
    }
    struct Three: { x: f64 [3, 4], query: f64 [3, 6] } -> { own: f64 [3, 4], other: f64 [3, 6] } {
        x, first: multihead_attention(2, rotary = halves),
        own: multihead_attention(2, causal = true),
        query, other: multihead_attention(3, key = first, num_kv_heads = 1),
    }
    struct Six: { x: f64 [6, 4], query: f64 [3, 6] } -> { own: f64 [6, 4], other: f64 [3, 6] } {
        x, first: multihead_attention(2, rotary = halves),
        own: multihead_attention(2, causal = true),
        query, other: multihead_attention(3, key = first, num_kv_heads = 1),
    }
}

/// A number of its own for each row and column.
fn number(row: usize, column: usize) -> f64 {
    ((row * 100 + column) as f64 * 1.7).sin()
}

/// The outputs of the steps that are no padding, a sample behind the other, and the gradient of the parameters. The samples are
/// those from `$first` on.
macro_rules! outcome {
    ($isa:ident, $network:ident, $input:ident, $workspace:ident, $from:expr, $first:expr, $lengths:expr, |$row:ident| $inputs:expr) => {{
        const BATCH: usize = $lengths.len();
        let mut network: Box<$network> = bytemuck::zeroed_box();
        network.as_mut_slice().copy_from_slice($from);
        let inputs: [$input; BATCH] = std::array::from_fn(|row| {
            let $row = $first + row;
            $inputs
        });
        let mut tile: Box<<$input as Row>::Tile<BATCH>> = bytemuck::zeroed_box();
        Row::fill($isa, &std::array::from_fn(|row| &inputs[row]), &mut tile);
        let (pass, mut workspace) = (Pass::training(0, BATCH as u32), $workspace::<BATCH>::ZERO);
        network.forward_with($isa, &(), &tile, &mut workspace, pass);
        let output = $network::output_then_grad(&mut workspace);
        let mut values: Vec<f64> = Vec::new();
        for (row, length) in $lengths.into_iter().enumerate() {
            let number = |column| number($first + row, column);
            values.extend(output.own.row(row).iter().take(4 * length).chain(output.other.row(row).iter()));
            let own = |column| if column < 4 * length { number(column) } else { 0.0 };
            output.own.row_mut(row).iter_mut().enumerate().for_each(|(column, value)| *value = own(column));
            output.other.row_mut(row).iter_mut().enumerate().for_each(|(column, value)| *value = number(column + 50));
        }
        let mut gradient: Box<$network> = bytemuck::zeroed_box();
        network.backward_with($isa, &(), &tile, &mut workspace, &mut gradient, pass);
        (values, gradient.as_slice().to_vec())
    }};
}

const LENGTHS: [usize; 3] = [3, 1, 6];

fn sequence<const N: usize>(row: usize) -> [f64; N] {
    std::array::from_fn(|column| number(row + 20, column))
}

/// Compares sequences of several lengths in one tile with each of them alone.
struct CheckPadding;

impl Kernel for CheckPadding {
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        let mut rng = nn_runtime::init::rng(1);
        let mut network = Padded::new(&mut rng);
        network.as_mut_slice().iter_mut().enumerate().for_each(|(index, value)| *value += 0.3 * number(7, index));
        let from = network.as_slice();
        let (values, gradient) = outcome!(isa, Padded, PaddedInput, PaddedWorkspace, from, 0, LENGTHS, |row| {
            PaddedInput { x: sequence(row), query: sequence(row + 10), n: [LENGTHS[row] as u8] }
        });
        let three = outcome!(isa, Three, ThreeInput, ThreeWorkspace, from, 0, [3], |row| {
            ThreeInput { x: sequence(row), query: sequence(row + 10) }
        });
        let one = outcome!(isa, One, OneInput, OneWorkspace, from, 1, [1], |row| {
            OneInput { x: sequence(row), query: sequence(row + 10) }
        });
        let six = outcome!(isa, Six, SixInput, SixWorkspace, from, 2, [6], |row| {
            SixInput { x: sequence(row), query: sequence(row + 10) }
        });
        assert_close(&values, &[three.0.as_slice(), &one.0, &six.0].concat(), 1e-12, "outputs of sequences alone");
        let parts = three.1.iter().zip(&one.1).zip(&six.1).map(|((three, one), six)| three + one + six);
        assert_close(&gradient, &parts.collect::<Vec<_>>(), 1e-12, "gradients of sequences alone");
        let single = outcome!(isa, Padded, PaddedInput, PaddedWorkspace, from, 0, [3], |row| {
            PaddedInput { x: sequence(row), query: sequence(row + 10), n: [3] }
        });
        assert_close(&single.0, &three.0, 1e-12, "outputs of a single sample");
        assert_close(&single.1, &three.1, 1e-12, "gradients of a single sample");
    }
}

#[test]
fn padding_is_left_out() {
    CheckPadding.run(Portable);
    dispatch(CheckPadding);
}
