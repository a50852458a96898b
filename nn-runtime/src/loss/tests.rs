//! Values and gradients against PyTorch 2.15 in `f64`, and against central differences.

use approx::assert_relative_eq;
use nalgebra::SMatrix;

use super::*;
use crate::kernels::{Kernel, Portable, dispatch};

const LOGITS: [[f64; 4]; 3] = [[0.3, -1.2, 2.5, 0.0], [-0.7, 0.9, 0.1, -3.0], [1.5, 1.4, -0.2, 0.6]];
const PROBABILITIES: [[f64; 4]; 3] = [[0.3, 0.9, 1.0, 0.5], [0.0, 0.25, 0.999, 1e-9], [0.7, 0.6, 0.01, 1.0]];
const TARGETS: [[f64; 4]; 3] = [[0.0, 1.0, 0.25, 0.5], [1.0, 0.0, 0.75, 0.1], [0.2, 0.9, 1.0, 0.0]];

/// A tile with `rows` first and copies of the first behind.
fn tile<const BATCH: usize>(rows: &[[f64; 4]; 3]) -> SMatrix<f64, BATCH, 4> {
    SMatrix::from_fn(|row, column| rows.get(row).unwrap_or(&rows[0])[column])
}

/// The loss of the rows of a tile.
fn value<L, Needs, Target, T: Scalar, const BATCH: usize, const OUT: usize>(
    loss: &L,
    output: &SMatrix<T, BATCH, OUT>,
    targets: &[&Target],
) -> T
where
    L: Loss<Target, [T; OUT], T, Needs>,
{
    loss.loss(Portable, output, targets)
}

/// The same, and the gradient.
fn gradient<L, Needs, Target, T: Scalar, const BATCH: usize, const OUT: usize>(
    loss: &L,
    output_then_grad: &mut SMatrix<T, BATCH, OUT>,
    targets: &[&Target],
) -> T
where
    L: Loss<Target, [T; OUT], T, Needs>,
{
    loss.loss_and_gradient(Portable, output_then_grad, targets, T::ONE)
}

/// The predictions that are right.
fn hits<L, Needs, Target, T: Scalar, const BATCH: usize, const OUT: usize>(
    loss: &L,
    output: &SMatrix<T, BATCH, OUT>,
    targets: &[&Target],
) -> Option<Hits>
where
    L: Loss<Target, [T; OUT], T, Needs>,
{
    loss.hits(output, targets)
}

struct Both<'a, L, Target, const BATCH: usize> {
    loss: &'a L,
    output: SMatrix<f64, BATCH, 4>,
    targets: &'a [&'a Target],
    scale: f64,
}

/// The loss from both functions and the gradient.
impl<L: Loss<Target, [f64; 4], f64>, Target, const BATCH: usize> Kernel for Both<'_, L, Target, BATCH> {
    type Output = ([f64; 2], SMatrix<f64, BATCH, 4>);

    fn run<I: Isa>(mut self, isa: I) -> Self::Output {
        let value = self.loss.loss(isa, &self.output, self.targets);
        let with_gradient = self.loss.loss_and_gradient(isa, &mut self.output, self.targets, self.scale);
        ([value, with_gradient], self.output)
    }
}

fn check_in_tiles_of<const BATCH: usize, L: Loss<Target, [f64; 4], f64>, Target>(
    loss: &L,
    output: &[[f64; 4]; 3],
    targets: &[Target; 3],
    (expected, gradient): &(f64, [[f64; 4]; 3]),
) {
    let targets = targets.each_ref();
    let both = || Both { loss, output: tile::<BATCH>(output), targets: &targets, scale: 1.0 / 3.0 };
    for (losses, computed) in [dispatch(both()), both().run(Portable)] {
        for value in losses {
            assert_relative_eq!(value / 3.0, expected, max_relative = 1e-12);
        }
        for (row, column) in (0..BATCH).flat_map(|row| (0..4).map(move |column| (row, column))) {
            let expected = gradient.get(row).map_or(0.0, |gradient| gradient[column]);
            assert_relative_eq!(computed[(row, column)], expected, max_relative = 1e-10, epsilon = 1e-15);
        }
    }
}

fn check<L: Loss<Target, [f64; 4], f64, Needs>, Needs, Target>(
    loss: &L,
    output: &[[f64; 4]; 3],
    targets: &[Target; 3],
    expected: &(f64, [[f64; 4]; 3]),
) {
    let loss = &Unchecked::new(loss);
    check_in_tiles_of::<3, _, _>(loss, output, targets, expected);
    check_in_tiles_of::<5, _, _>(loss, output, targets, expected);
    check_in_tiles_of::<32, _, _>(loss, output, targets, expected);
    check_differences(loss, &targets[1]);
}

/// The gradient at one row inside every loss's domain, against central differences.
fn check_differences<L: Loss<Target, [f64; 4], f64, Needs>, Needs, Target>(loss: &L, target: &Target) {
    let output = SMatrix::<f64, 1, 4>::new(0.2, 0.25, 0.9, 0.6);
    let mut gradient = output;
    loss.loss_and_gradient(Portable, &mut gradient, &[target], 1.0);
    for column in 0..4 {
        let shifted = |by: f64| {
            let mut output = output;
            output[column] += by;
            loss.loss(Portable, &output, &[target])
        };
        assert_relative_eq!(
            (shifted(1e-6) - shifted(-1e-6)) / 2e-6,
            gradient[column],
            max_relative = 1e-7,
            epsilon = 1e-8
        );
    }
}

#[test]
fn mse_is_pytorchs() {
    let gradient = [
        [0.049_999_999_999_999_996, -0.366_666_666_666_666_7, 0.375, -0.083_333_333_333_333_33],
        [-0.283_333_333_333_333_3, 0.15, -0.108_333_333_333_333_34, -0.516_666_666_666_666_6],
        [0.216_666_666_666_666_67, 0.083_333_333_333_333_31, -0.199_999_999_999_999_98, 0.099_999_999_999_999_99],
    ];
    check(&Mse, &LOGITS, &TARGETS, &(2.309_583_333_333_333_8, gradient));
}

#[test]
fn bce_is_pytorchs() {
    let gradient = [
        [0.119_047_619_047_619_05, -0.092_592_592_592_592_6, 62_500_000_249.737_67, 0.0],
        [-83_333_333_666.316_91, 0.111_111_111_111_111_1, 20.770_770_770_770_75, -8_333_333.258_333_333],
        [0.198_412_698_412_698_37, -0.104_166_666_666_666_69, -8.333_333_333_333_332, 83_333_333_666.316_91],
    ];
    // PyTorch divides by max(output · (1 - output), 1e-12) with a 1e-12 of single precision
    let exact = gradient
        .map(|row| row.map(|value| if f64::abs(value) > 1e9 { value * 0.999_999_996_004_197_2 } else { value }));
    check(&Bce, &PROBABILITIES, &TARGETS, &(23.869_494_670_417_67, exact));
}

#[test]
fn bce_with_logits_is_pytorchs() {
    let gradient = [
        [0.047_870_209_734_304_92, -0.064_043_731_958_251_47, 0.056_178_484_998_229_715, 0.0],
        [-0.055_682_314_347_347_18, 0.059_245_791_885_416_99, -0.018_751_734_376_754_998, -0.004_381_177_235_202_769],
        [0.051_464_539_682_803_644, -0.008_151_342_620_118_194, -0.045_819_499_776_039_82, 0.053_804_692_185_482_95],
    ];
    check(&BceWithLogits, &LOGITS, &TARGETS, &(0.993_704_672_474_382_7, gradient));
}

#[test]
fn cross_entropy_is_pytorchs() {
    let gradient = [
        [0.030_333_468_890_449_647, 0.006_768_311_771_383_443, -0.059_573_367_112_360_234, 0.022_471_586_450_527_152],
        [-0.293_070_005_678_279_45, 0.199_425_567_389_526_33, 0.089_607_683_613_625_03, 0.004_036_754_675_128_088],
        [0.133_649_247_981_949_66, 0.120_930_840_466_435, 0.024_415_515_608_340_398, -0.278_995_604_056_725_1],
    ];
    check(&CrossEntropy, &LOGITS, &[2_u8, 0, 3], &(1.374_839_132_489_860_8, gradient));
    check(&CrossEntropy, &LOGITS, &[2_usize, 0, 3], &(1.374_839_132_489_860_8, gradient));
    let certain = [[0.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]];
    check(&CrossEntropy, &LOGITS, &certain, &(1.374_839_132_489_860_8, gradient));
}

#[test]
fn cross_entropy_of_probabilities_is_pytorchs() {
    let gradient = [
        [0.053_083_570_558_286_88, -0.321_488_787_733_412_3, 0.395_746_607_553_369_54, -0.127_341_390_378_244_13],
        [-0.258_846_177_171_483_67, 0.368_937_299_670_623_66, -0.084_225_785_314_793_72, -0.025_865_337_184_346_37],
        [0.213_996_754_095_427_65, -0.046_045_235_020_486_5, -0.282_060_750_555_818_5, 0.114_109_231_480_877_25],
    ];
    check(&CrossEntropy, &LOGITS, &TARGETS, &(4.181_383_032_863_992, gradient));
}

#[test]
fn cross_entropy_of_steps_is_pytorchs() {
    let gradient = [
        [0.136_262_412_698_940_6, -0.136_262_412_698_940_6, -0.012_643_030_003_540_574, 0.012_643_030_003_540_591],
        [-0.138_669_730_855_654_07, 0.138_669_730_855_654_07, -0.007_184_542_490_181_023, 0.007_184_542_490_181_02],
        [0.087_496_531_246_49, -0.087_496_531_246_49, 0.051_670_919_812_064_58, -0.051_670_919_812_064_58],
    ];
    check(&CrossEntropy, &LOGITS, &[[1_u16, 0], [0, 0], [1, 1]], &(0.787_294_174_520_594, gradient));
}

#[test]
fn far_logits_neither_overflow_nor_lose_the_gradient() {
    let mut far = SMatrix::<f32, 1, 2>::from([[1e4], [-1e4]]);
    assert_eq!(gradient(&CrossEntropy, &mut far, &[&1_u8]), 2e4);
    assert_eq!(far.data.0, [[1.0], [-1.0]]);
    let mut far = SMatrix::<f32, 1, 2>::from([[1e4], [-1e4]]);
    assert_eq!(gradient(&BceWithLogits, &mut far, &[&[0.0, 1.0]]), 1e4);
    assert_eq!(far.data.0, [[0.5], [-0.5]]);
}

#[test]
fn nan_outputs_stay_nan() {
    let nan = SMatrix::<f32, 1, 2>::from([[f32::NAN], [0.5]]);
    let target = &[0.0, 1.0];
    assert!(value(&Mse, &nan, &[target]).is_nan());
    assert!(value(&Bce, &nan, &[target]).is_nan());
    assert!(value(&BceWithLogits, &nan, &[target]).is_nan());
    assert!(value(&CrossEntropy, &nan, &[&1_u32]).is_nan());
    assert!(value(&CrossEntropy, &nan, &[target]).is_nan());
    assert!(value(&CrossEntropy.label_smoothing(0.1), &nan, &[&1_u32]).is_nan());
    assert!(value(&L1, &nan, &[target]).is_nan());
    assert!(value(&SmoothL1::default(), &nan, &[target]).is_nan());
    assert!(value(&Huber::default(), &nan, &[target]).is_nan());
    assert!(value(&HingeEmbedding::default(), &nan, &[&[-1.0, 1.0]]).is_nan());
    assert!(value(&KlDiv::default(), &nan, &[target]).is_nan());
    assert!(value(&Nll, &nan, &[&0_u8]).is_nan());
    assert!(value(&MultiMargin::default(), &nan, &[&1_u8]).is_nan());
}

#[test]
fn gradients_are_those_of_the_values() {
    let target = [0.5, 0.0, 0.1, 0.4];
    check_differences(&L1, &target);
    check_differences(&SmoothL1 { beta: 0.27 }, &target);
    check_differences(&Huber { delta: 0.27 }, &target);
    check_differences(&HingeEmbedding { margin: 0.5 }, &[1.0, -1.0, -1.0, 1.0]);
    check_differences(&KlDiv::default(), &target);
    check_differences(&KlDiv { log_target: true }, &target);
    check_differences(&Nll, &2_u8);
    check_differences(&Nll.class_weights(&[0.5, 2.0]), &[1_u8, 0]);
    for p in 1..=3 {
        check_differences(&MultiMargin { p, margin: 0.5 }, &1_u8);
        check_differences(&MultiMargin { p, margin: 0.1 }, &[1_u8, 0]);
    }
    let weighted = CrossEntropy.class_weights(&[0.5, 3.0, 1.0, 0.0]).label_smoothing(0.2);
    check_differences(&weighted, &1_u8);
    check_differences(&weighted, &target);
}

#[test]
fn a_loss_with_nothing_set_is_the_plain_one() {
    let plain = Both::<_, _, 5> {
        loss: &Unchecked::new(&CrossEntropy),
        output: tile(&LOGITS),
        targets: &[&2_u8, &0, &3],
        scale: 0.5,
    };
    let with = CrossEntropy.class_weights(&[1.0; 4]).label_smoothing(0.0);
    assert_eq!(
        dispatch(plain),
        dispatch(Both { loss: &Unchecked::new(&with), output: tile(&LOGITS), targets: &[&2_u8, &0, &3], scale: 0.5 })
    );
}

#[test]
fn a_class_that_is_ruled_out_counts_for_nothing_without_smoothing() {
    let mut logits = SMatrix::<f64, 1, 3>::new(f64::NEG_INFINITY, 0.5, 0.5);
    let loss = gradient(&CrossEntropy.class_weights(&[1.0, 2.0, 1.0]), &mut logits, &[&1_u8]);
    assert_relative_eq!(loss, 2.0 * core::f64::consts::LN_2, max_relative = 1e-15);
    assert_eq!(logits.data.0, [[0.0], [-1.0], [1.0]]);
}

#[test]
fn hits_count_the_rows_or_steps_that_are_right() {
    let output = tile::<5>(&LOGITS);
    let some = |right, all| Some(Hits { right, all });
    assert_eq!(hits(&CrossEntropy, &output, &[&2_u8, &1, &3]), some(2, 3));
    assert_eq!(hits(&CrossEntropy, &output, &[&[0_u8, 0], &[1, 0], &[1, 0]]), some(4, 6));
    assert_eq!(hits(&CrossEntropy.label_smoothing(0.1), &output, &[&2_u8, &1, &3]), some(2, 3));
    assert_eq!(hits(&Nll, &output, &[&2_u8, &1, &3]), some(2, 3));
    assert_eq!(hits(&Nll.class_weights(&[1.0, 2.0]), &output, &[&[0_u8, 0], &[1, 0], &[1, 0]]), some(4, 6));
    assert_eq!(hits(&MultiMargin::default(), &output, &[&2_u8, &1, &3]), some(2, 3));
    assert_eq!(hits(&Mse, &output, &[&[0.0; 4]]), None);
}

#[test]
fn bad_targets_are_named() {
    let message = |result: Result<(), TargetError>| std::string::ToString::to_string(&result.unwrap_err());
    assert_eq!(
        message(Loss::<u8, [f32; 4], f32, _>::check(&CrossEntropy, &4)),
        "the class is 4, but the network has outputs for the classes 0 to 3"
    );
    assert_eq!(
        message(Loss::<[u32; 2], [f32; 4], f32, _>::check(&CrossEntropy, &[0, 7])),
        "the class of step 1 is 7, but the network has outputs for the classes 0 to 1"
    );
    assert_eq!(
        message(Loss::<[f32; 2], [f32; 2], f32>::check(&Mse, &[0.0, f32::NAN])),
        "the value at position 1 is NaN, but must be finite"
    );
    assert_eq!(
        message(Loss::<[f32; 2], [f32; 2], f32, _>::check(&BceWithLogits, &[2.0, 0.0])),
        "the value at position 0 is 2, but must be a probability, from 0 to 1"
    );
    assert_eq!(
        message(Loss::<[f32; 2], [f32; 2], f32>::check(&HingeEmbedding::default(), &[-1.0, 0.0])),
        "the value at position 1 is 0, but must be 1 or -1"
    );
    assert!(Loss::<u8, [f32; 4], f32, _>::check(&CrossEntropy.label_smoothing(0.1), &4).is_err());
    assert!(Loss::<u8, [f32; 4], f32, _>::check(&Nll, &4).is_err());
    assert!(Loss::<u8, [f32; 4], f32, _>::check(&MultiMargin::default(), &4).is_err());
    for infinite in [[0.0, f32::INFINITY], [f32::NAN, 0.0]] {
        assert!(Loss::<[f32; 2], [f32; 2], f32>::check(&L1, &infinite).is_err());
        assert!(Loss::<[f32; 2], [f32; 2], f32>::check(&SmoothL1::default(), &infinite).is_err());
        assert!(Loss::<[f32; 2], [f32; 2], f32>::check(&Huber::default(), &infinite).is_err());
        assert!(Loss::<[f32; 2], [f32; 2], f32, _>::check(&KlDiv { log_target: true }, &infinite).is_err());
    }
    assert!(Loss::<[f32; 2], [f32; 2], f32, _>::check(&KlDiv { log_target: true }, &[-0.5, -0.932_752]).is_ok());
    assert!(Loss::<[f32; 2], [f32; 2], f32, _>::check(&KlDiv { log_target: true }, &[-2.0, 3.0]).is_err());
    assert!(Loss::<[f32; 2], [f32; 2], f32, _>::check(&KlDiv::default(), &[-2.0, 3.0]).is_err());
    assert!(Loss::<[f64; 2], [f64; 2], f64, _>::check(&CrossEntropy.label_smoothing(0.1), &[0.5, -0.5]).is_err());
    assert!(Loss::<[f64; 2], [f64; 2], f64, _>::check(&CrossEntropy, &[0.5, -0.5]).is_err());
    assert!(Loss::<[f64; 2], [f64; 2], f64>::check(&Bce, &[0.5, 1.0]).is_ok());
}

#[test]
fn a_row_with_nan_has_no_class_and_is_no_hit() {
    use super::classes::arg_max;
    let (nan, infinity) = (f32::NAN, f32::INFINITY);
    let lanes = [[nan, 1.0, 0.5, -infinity, 2.0], [0.0, nan, 0.5, infinity, 1.0], [1.0, 0.0, nan, infinity, 2.0]];
    assert_eq!(arg_max(&lanes), [None, None, None, Some(1), Some(0)]);
    let output = SMatrix::<f32, 5, 3>::from(lanes);
    let targets = [&0_u8, &0, &0, &1, &0];
    let expected = Some(Hits { right: 2, all: 5 });
    assert_eq!(hits(&CrossEntropy, &output, &targets), expected);
    assert_eq!(hits(&Nll, &output, &targets), expected);
    assert_eq!(hits(&MultiMargin::default(), &output, &targets), expected);
}
