//! Dropout is random, so there are no golden values: what must hold of it.
#![expect(clippy::float_cmp, reason = "a kept value is exactly the input times the scale")]

use nn_runtime::kernels::{Kernel as _, Portable, dispatch};
use nn_runtime::nalgebra::{SMatrix, SVector};
use nn_runtime::network;
use nn_runtime::network::{Parameters as _, Pass};
use nn_tests::{Outcome, Step};

const FEATURES: usize = 1000;
const ROWS: usize = 21;

network! {
    struct Quarter: [1000] -> [1000] { dropout(0.25) }
    struct Never: [1000] -> [1000] { dropout(0.0) }
    struct Twice: [1000] -> [1000] { dropout, dropout }
}

/// A training pass over ones, whose loss is the sum of the outputs, in tiles of `BATCH` rows.
fn step<const BATCH: usize>(seed: u64) -> Outcome<Quarter> {
    let ones = vec![[1.0; FEATURES]; ROWS];
    dispatch(Step::<Quarter, BATCH> { network: &Quarter::ZERO, input: &ones, grad_output: &ones, seed })
}

#[test]
fn keeps_the_mean_by_scaling_what_it_keeps() {
    let output = step::<8>(1).output;
    let values = output.as_flattened();
    assert!(values.iter().all(|&value| value == 0.0 || value == 1.0 / 0.75));
    let dropped = values.iter().filter(|&&value| value == 0.0).count() as f64 / values.len() as f64;
    // Five standard deviations of 21,000 draws.
    assert!((dropped - 0.25).abs() < 0.015, "{dropped}");
}

#[test]
fn rows_and_features_are_independent() {
    let output = step::<8>(1).output;
    let dropped_in = |row: &[f32; FEATURES]| row.iter().filter(|&&value| value == 0.0).count();
    assert!(output.iter().all(|row| (180..320).contains(&dropped_in(row))));
    for (row, other) in output.iter().zip(&output[1..]) {
        let both = row.iter().zip(other).filter(|(row, other)| **row == 0.0 && **other == 0.0).count();
        // 1/16 of 1,000, within five standard deviations.
        assert!((25..101).contains(&both), "{both} features are dropped in both of two rows");
    }
    for feature in 0..FEATURES - 1 {
        let column = output.iter().map(|row| row[feature] == 0.0);
        assert!(
            !column.eq(output.iter().map(|row| row[feature + 1] == 0.0)),
            "features {feature} and the next are alike"
        );
    }
}

#[test]
fn the_mask_is_a_function_of_seed_row_and_feature() {
    let output = step::<8>(5).output;
    assert_eq!(output, step::<8>(5).output);
    assert_eq!(output, step::<1>(5).output, "tiles of 1 row");
    assert_eq!(output, step::<16>(5).output, "tiles of 16 rows");
    assert_ne!(output, step::<8>(6).output, "another seed");
}

#[test]
fn both_levels_draw_the_same_mask() {
    let ones = vec![[1.0; FEATURES]; ROWS];
    let portable = Step::<Quarter, 8> { network: &Quarter::ZERO, input: &ones, grad_output: &ones, seed: 1 };
    assert_eq!(portable.run(Portable).output, step::<8>(1).output);
}

#[test]
fn the_gradient_passes_where_the_value_did() {
    let outcome = step::<8>(9);
    assert_eq!(outcome.grad_input, outcome.output);
}

#[test]
fn two_stages_have_masks_of_their_own() {
    let ones = vec![[1.0; FEATURES]; ROWS];
    let twice = Step::<Twice, 8> { network: &Twice::ZERO, input: &ones, grad_output: &ones, seed: 1 };
    let output = dispatch(twice).output;
    let values = output.as_flattened();
    let kept = values.iter().filter(|&&value| value == 4.0).count() as f64 / values.len() as f64;
    assert!((kept - 0.25).abs() < 0.015, "{kept}");
}

#[test]
fn is_the_identity_in_evaluation_mode() {
    assert_eq!(step::<8>(1).inferred, vec![[1.0; FEATURES]; ROWS]);
    let input = SVector::from_fn(|feature, _| feature as f32);
    assert_eq!(Quarter::ZERO.predict(&input), input);

    let tile = SMatrix::<f32, 2, FEATURES>::from_fn(|row, feature| (row + feature) as f32);
    let mut workspace = Box::new(QuarterWorkspace::<2>::ZERO);
    Quarter::ZERO.forward_with(Portable, &(), &tile, &mut workspace, Pass::training(1, 2).evaluation());
    assert_eq!(*Quarter::output_then_grad(&mut workspace), tile);
}

#[test]
fn a_probability_of_zero_drops_nothing() {
    let ones = vec![[1.0; FEATURES]; ROWS];
    let never = Step::<Never, 8> { network: &Never::ZERO, input: &ones, grad_output: &ones, seed: 1 };
    assert_eq!(dispatch(never).output, ones);
}
