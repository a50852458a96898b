//! The losses over the whole range of both types: value and gradient, against the definitions in `f64`.
//!
//! A value or a gradient that is finite in the definition is finite and right; what is infinite or not a number is so too.

#![allow(clippy::float_cmp, reason = "equal bits are meant")]

use nn_runtime::OptionError;
use nn_runtime::kernels::{Isa, Kernel, dispatch};
use nn_runtime::loss::{
    Bce, BceWithLogits, CrossEntropy, HingeEmbedding, Huber, KlDiv, L1, Loss, Mse, MultiMargin, Nll, SmoothL1,
    TargetError, Unchecked,
};
use nn_runtime::nalgebra::SMatrix;
use nn_runtime::scalar::Scalar;

/// A loss on one row, and its gradient.
struct Both<'a, L, Target, T, const OUT: usize>(&'a L, [T; OUT], &'a Target);

impl<L: Loss<Target, [T; OUT], T>, Target, T: Scalar, const OUT: usize> Kernel for Both<'_, L, Target, T, OUT> {
    type Output = ([T; 2], [T; OUT]);

    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let mut output = SMatrix::<T, 1, OUT>::from_row_slice(&self.1);
        let value = self.0.loss(isa, &output, &[self.2]);
        let value_again = self.0.loss_and_gradient(isa, &mut output, &[self.2], T::ONE);
        ([value, value_again], core::array::from_fn(|feature| output[(0, feature)]))
    }
}

/// The value and the gradient in a loss's definition.
type Expected<const OUT: usize> = (f64, [f64; OUT]);

/// Whether a number is the expected one, rounded to its type, where that is as large as `largest`.
fn is_close<T: Scalar>(found: T, expected: f64, terms: f64) -> bool {
    let (found, rounded) = (found.to_f64(), T::from_f64(expected).to_f64());
    if rounded.is_nan() {
        return found.is_nan();
    }
    if !rounded.is_finite() {
        return found == rounded;
    }
    // sums of terms of opposite sign lose as much as their size times the rounding error
    let tolerance = if size_of::<T>() == 4 { 1e-5 } else { 1e-13 };
    (found - rounded).abs() <= tolerance * (rounded.abs() + terms.min(f64::MAX)) + T::MIN_POSITIVE.to_f64()
}

fn check<L, Needs, Target, T: Scalar, const OUT: usize>(
    loss: &L,
    output: [T; OUT],
    target: &Target,
    (value, gradient): Expected<OUT>,
    [terms, gradient_terms]: [f64; 2],
) where
    L: Loss<Target, [T; OUT], T, Needs>,
    Target: core::fmt::Debug,
{
    let (values, found) = dispatch(Both(&Unchecked::new(loss), output, target));
    let what = || format!("{} of {output:?} to {target:?}", core::any::type_name::<L>());
    for found in values {
        assert!(is_close(found, value, terms), "{}: {found}, not {value}", what());
    }
    for (found, expected) in found.into_iter().zip(gradient) {
        assert!(is_close(found, expected, gradient_terms), "{}: gradient {found}, not {expected}", what());
    }
}

/// Every fourth power of two, of both signs, and what is special.
fn sweep<T: Scalar>() -> Vec<T> {
    let exponents = if size_of::<T>() == 4 { -149..=127 } else { -1074..=1023 };
    let step = if size_of::<T>() == 4 { 3 } else { 17 };
    let powers =
        exponents.step_by(step).map(|exponent| 1.375 * 2_f64.powi(exponent / 2) * 2_f64.powi(exponent - exponent / 2));
    let special = [0.0, 1.0, 0.5, 100.0, 1e-9, f64::INFINITY];
    let largest = if size_of::<T>() == 4 { f64::from(f32::MAX) } else { f64::MAX };
    let sizes = powers.chain(special).chain([largest]).map(T::from_f64);
    sizes.flat_map(|size| [size, -size]).chain([T::from_f64(f64::NAN)]).collect()
}

/// `a · b`, and 0 where `a` is 0.
fn counted(a: f64, b: f64) -> f64 {
    if a == 0.0 && !b.is_nan() { 0.0 } else { a * b }
}

/// The mean of a function of output and target over two outputs, whose sum is infinite where the type cannot hold it.
fn elementwise<T: Scalar>(output: [T; 2], target: [T; 2], of: impl Fn(f64, f64) -> [f64; 2]) -> Expected<2> {
    let [a, b] = [0, 1].map(|i| of(output[i].to_f64(), target[i].to_f64()));
    let sum = T::from_f64(a[0] + b[0]).to_f64();
    (sum / 2.0, [a[1] / 2.0, b[1] / 2.0])
}

/// `output - target` as the type has it.
fn difference<T: Scalar>(output: f64, target: f64) -> f64 {
    (T::from_f64(output) - T::from_f64(target)).to_f64()
}

fn differences<T: Scalar>() {
    let finite: Vec<T> = sweep::<T>().into_iter().filter(|value| value.to_f64().is_finite()).collect();
    let rest = [T::from_f64(0.25), T::from_f64(0.25)];
    for &output in &sweep::<T>() {
        for &target in finite.iter().step_by(5) {
            let (output, target) = ([output, rest[0]], [target, rest[1]]);
            let of = |slope: &dyn Fn(f64) -> [f64; 2]| {
                elementwise(output, target, |output, target| slope(difference::<T>(output, target)))
            };
            // half of it, so that twice the largest number is finite
            let (value, gradient) = of(&|difference| [difference * difference, difference]);
            check(&Mse, output, &target, (value, gradient.map(|value| 2.0 * value)), [0.0; 2]);
            let sign = |value: f64| if value == 0.0 || value.is_nan() { value } else { value.signum() };
            check(&L1, output, &target, of(&|difference| [difference.abs(), sign(difference)]), [0.0; 2]);
            for beta in [0.0, 0.5, 1e30] {
                let smooth = |difference: f64| match difference.abs() {
                    size if size < beta => [0.5 * difference * (difference / beta), difference / beta],
                    size => [size - 0.5 * beta, sign(difference)],
                };
                check(&SmoothL1 { beta }, output, &target, of(&smooth), [0.0; 2]);
            }
            for delta in [0.5, 1e15] {
                let huber = |difference: f64| match difference.abs() {
                    size if size > delta => [delta * (size - 0.5 * delta), delta * sign(difference)],
                    _ => [0.5 * difference * difference, difference],
                };
                check(&Huber { delta }, output, &target, of(&huber), [0.0; 2]);
            }
        }
    }
}

#[test]
fn losses_of_differences_are_right_everywhere() {
    differences::<f32>();
    differences::<f64>();
}

fn binary<T: Scalar>() {
    for &output in &sweep::<T>() {
        for target in [0.0, 1.0, 0.5, 1e-30] {
            let (output, target) = ([output, T::from_f64(0.25)], [T::from_f64(target), T::from_f64(1.0)]);
            let logits = elementwise(output, target, |output, target| {
                let small = (-output.abs()).exp();
                let line = if output > 0.0 { counted(1.0 - target, output) } else { counted(-target, output) };
                let probability = if output > 0.0 { 1.0 / (1.0 + small) } else { small / (1.0 + small) };
                [line + small.ln_1p(), probability - target]
            });
            check(&BceWithLogits, output, &target, logits, [0.01, 1.0]);
            if !(0.0..=1.0).contains(&output[0].to_f64()) && !output[0].to_f64().is_nan() {
                continue;
            }
            let probabilities = elementwise(output, target, |output, target| {
                let logarithm = |value: f64| if value < -100.0 { -100.0 } else { value };
                let slope = if output * (1.0 - output) < 1e-12 { 1e-12 } else { output * (1.0 - output) };
                let value = target * logarithm(output.ln()) + (1.0 - target) * logarithm((-output).ln_1p());
                [-value, (output - target) / slope]
            });
            check(&Bce, output, &target, probabilities, [0.0; 2]);
        }
        for target in [1.0, -1.0] {
            let (output, target) = ([output, T::from_f64(0.25)], [target, 1.0].map(T::from_f64));
            let hinge = elementwise(output, target, |output, target| match 0.5 - output {
                _ if target > 0.0 => [output, 1.0],
                missing if missing < 0.0 => [0.0, 0.0],
                missing => [missing, if missing > 0.0 { -1.0 } else { -missing }],
            });
            check(&HingeEmbedding { margin: 0.5 }, output, &target, hinge, [0.0; 2]);
        }
    }
}

#[test]
fn losses_of_two_classes_are_right_everywhere() {
    binary::<f32>();
    binary::<f64>();
}

/// `Σ target · ln softmax output`, with `Σ target · softmax - target`; a target of 0 counts nothing.
fn cross_entropy<T: Scalar>(output: [f64; 3], target: [f64; 3]) -> Expected<3> {
    let max = output.into_iter().fold(f64::NEG_INFINITY, |max, value| if value > max { value } else { max });
    let powers = output.map(|output| (output - max).exp());
    let (total, sum): (f64, f64) = (powers.iter().sum(), target.iter().sum());
    let terms = (0..3).map(|i| counted(target[i], total.ln() - difference::<T>(output[i], max)));
    let value = terms.sum::<f64>() + if total.is_nan() { total } else { 0.0 };
    (value, core::array::from_fn(|i| powers[i] / total * sum - target[i]))
}

macro_rules! classes {
    ($name:ident, $T:ident) => {
        #[test]
        fn $name() {
            type T = $T;
            let values = sweep::<T>();
            for (i, &first) in values.iter().enumerate() {
                for &second in values.iter().skip(i % 7).step_by(7) {
                    let logits = [first, second, <T as Scalar>::from_f64(0.25)];
                    let wide = logits.map(Scalar::to_f64);
                    for class in 0..3_u8 {
                        let target = core::array::from_fn(|i| f64::from(u8::from(i == usize::from(class))));
                        let expected = cross_entropy::<T>(wide, target);
                        check(&CrossEntropy, logits, &class, expected, [0.01, 1.0]);
                        check(&CrossEntropy, logits, &target.map(<T as Scalar>::from_f64), expected, [0.01, 1.0]);
                        let weights = [0.0, 2.0, 0.5];
                        let weighted = core::array::from_fn(|i| target[i] * weights[i]);
                        check(
                            &CrossEntropy.class_weights(&weights),
                            logits,
                            &class,
                            cross_entropy::<T>(wide, weighted),
                            [0.01, 1.0],
                        );
                        let smoothed = target.map(|target| 0.7 * target + 0.1);
                        let expected = cross_entropy::<T>(wide, smoothed);
                        let size = wide.iter().map(|value| value.abs()).sum::<f64>();
                        check(
                            &CrossEntropy.label_smoothing(0.3),
                            logits,
                            &class,
                            expected,
                            [if size.is_finite() { size } else { 0.0 }, 1.0],
                        );
                        let own = wide[usize::from(class)];
                        let weight = weights[usize::from(class)];
                        check(
                            &Nll.class_weights(&weights),
                            logits,
                            &class,
                            (-counted(weight, own), weighted.map(|value| -value)),
                            [0.01, 1.0],
                        );
                    }
                    let target = [0.0, 0.25, 0.75];
                    check(
                        &CrossEntropy,
                        logits,
                        &target.map(<T as Scalar>::from_f64),
                        cross_entropy::<T>(wide, target),
                        [0.01, 1.0],
                    );
                    let logarithm = |value: f64| if value > 0.0 { value.ln() } else { 0.0 };
                    let terms = (0..3).map(|i| counted(target[i], logarithm(target[i]) - wide[i]));
                    let value = terms.zip(wide).map(|(term, output)| if output.is_nan() { output } else { term }).sum();
                    check(
                        &KlDiv::default(),
                        logits,
                        &target.map(<T as Scalar>::from_f64),
                        (value, target.map(|value| -value)),
                        [0.01, 1.0],
                    );
                    let logarithms = target.map(|value| <T as Scalar>::from_f64(value.ln()));
                    check(
                        &KlDiv { log_target: true },
                        logits,
                        &logarithms,
                        (value, target.map(|value| -value)),
                        [0.01, 1.0],
                    );
                }
            }
        }
    };
}

classes!(losses_of_classes_are_right_everywhere_in_f32, f32);
classes!(losses_of_classes_are_right_everywhere_in_f64, f64);

#[test]
fn a_gradient_of_margins_is_finite_where_their_squares_are_not() {
    let loss = MultiMargin { p: 2, margin: 1.0 };
    let (values, gradient) = dispatch(Both(&Unchecked::new(&loss), [1e30_f32, 0.0, 0.0], &1_u8));
    assert_eq!(values, [f32::INFINITY; 2]);
    assert!(gradient.iter().all(|value| value.is_finite()), "{gradient:?}");
}

fn refused<L: Loss<Target, [f32; 3], f32, Needs>, Needs, Target>(loss: &L, target: &Target) -> String {
    loss.check(target).unwrap_err().to_string()
}

#[test]
fn soft_targets_are_distributions() {
    let sum = |sum: f64| Err(TargetError::NotDistribution { sum });
    for loss in [0.0, 0.1].map(|smoothing| CrossEntropy.label_smoothing(smoothing)) {
        assert_eq!(loss.check(&[0.5_f32, 0.25, 0.25]), Ok(()));
        assert_eq!(loss.check(&[0.5_f32, 0.25, 0.0]), sum(0.75));
        assert_eq!(loss.check(&[1.0_f32, 1.0, 0.0]), sum(2.0));
    }
    assert_eq!(CrossEntropy.check(&[0.0_f64; 3]), sum(0.0));
    assert_eq!(CrossEntropy.check(&[0.3333_f32; 3]), Ok(()));
    let many: [f32; 4_000] = [2.5e-4; 4_000];
    assert_eq!(CrossEntropy.check(&many), Ok(()));
    assert_eq!(KlDiv::default().check(&[0.5_f32, 0.25, 0.0]), sum(0.75));
    let logarithms = KlDiv { log_target: true };
    assert_eq!(logarithms.check(&[0.5_f32.ln(), 0.5_f32.ln(), f32::NEG_INFINITY]), Ok(()));
    assert_eq!(logarithms.check(&[0.0_f64, 0.0, f64::NEG_INFINITY]), sum(2.0));
    assert!(refused(&logarithms, &[0.0, f32::NAN, 0.0]).contains("NaN"));
    assert!(refused(&CrossEntropy, &[1.5, -0.5, 0.0]).contains("a probability"));
    assert!(refused(&CrossEntropy, &[f32::NAN, 0.5, 0.5]).contains("NaN"));
    let message = "the sum of the probabilities is 0.75, but must be 1, or at most 0.001 off; for a distribution for each step, \
                   end the network with `log_softmax` and train it with `KlDiv`";
    assert_eq!(refused(&CrossEntropy, &[0.5, 0.25, 0.0]), message);
}

#[test]
fn kl_div_takes_a_distribution_for_each_step() {
    use nn_runtime::prelude::*;

    network! { struct Steps: [2, 3] -> [2, 3] { linear(3), log_softmax } }
    let mut training = Training::<Steps, Adam, 1>::boxed();
    let mut network = Steps::ZERO;
    let mut step = |target| training.step(&mut network, &Adam::new(0.1), &KlDiv::default(), &[[0.0; 6]], &[target]);
    let expected = 2.0 * 3.0_f32.ln() - 1.5 * 2.0_f32.ln();
    assert!((step([1.0, 0.0, 0.0, 0.25, 0.5, 0.25]).unwrap() - expected).abs() < 1e-6);
    // the sum is 2, but that of the steps is not 1
    let error = step([1.0, 0.5, 0.0, 0.25, 0.0, 0.25]).unwrap_err();
    assert!(error.to_string().contains("the sum of the probabilities is 2, but"), "{error}");
    let doubled: Result<(), TargetError> = KlDiv::default().check(&[0.5_f32, 0.5, 1.0, 0.0, 0.0]);
    assert_eq!(doubled, Err(TargetError::NotDistribution { sum: 2.0 }));
    let logarithms = KlDiv { log_target: true };
    assert_eq!(logarithms.check(&[0.0_f64, f64::NEG_INFINITY, f64::NEG_INFINITY, 0.0]), Ok(()));
    assert!(logarithms.check(&[0.0_f64, 0.0, f64::NEG_INFINITY, f64::NEG_INFINITY]).is_err());
}

fn option<L: Loss<Target, [f32; 3], f32, Needs>, Needs, Target>(loss: &L, _target: Target) -> Option<String> {
    loss.check_options().err().map(|error| error.to_string())
}

#[test]
fn options_that_make_no_sense_are_named() {
    let (class, values) = (0_u8, [0.0_f32; 3]);
    for wrong in [f64::NAN, -0.1, 1.1, f64::INFINITY] {
        let message = format!("`label_smoothing` of `CrossEntropy` is {wrong}, but must be at least 0 and at most 1");
        assert_eq!(option(&CrossEntropy.label_smoothing(wrong), class), Some(message.clone()));
        assert_eq!(option(&CrossEntropy.label_smoothing(wrong), values), Some(message));
    }
    for wrong in [f64::NAN, -0.1, f64::INFINITY, 1e31, 1e-60] {
        let weights = [1.0, wrong, 0.5];
        let message = |loss| format!("`class_weights` of `{loss}` is {wrong}, but must be 0, or from 1e-30 to 1e30");
        assert_eq!(option(&CrossEntropy.class_weights(&weights), class), Some(message("CrossEntropy")));
        assert_eq!(option(&CrossEntropy.class_weights(&weights), values), Some(message("CrossEntropy")));
        assert_eq!(option(&Nll.class_weights(&weights), class), Some(message("Nll")));
    }
    let none = "`class_weights` of `Nll` is 0, but must be more than 0 for one class or more";
    assert_eq!(option(&Nll.class_weights(&[0.0; 3]), class), Some(none.to_owned()));
    for wrong in [f64::NAN, -1.0, f64::INFINITY] {
        assert!(option(&SmoothL1 { beta: wrong }, values).is_some());
        assert!(option(&Huber { delta: wrong }, values).is_some());
    }
    let zero = "`delta` of `Huber` is 0, but must be finite and more than 0";
    assert_eq!(option(&Huber { delta: 0.0 }, values), Some(zero.to_owned()));
    for wrong in [f64::NAN, f64::INFINITY] {
        assert!(option(&HingeEmbedding { margin: wrong }, values).is_some());
        assert!(option(&MultiMargin { p: 1, margin: wrong }, class).is_some());
    }
    for wrong in [0, 3, u32::MAX] {
        let power = format!("`p` of `MultiMargin` is {wrong}, but must be 1 or 2");
        assert_eq!(option(&MultiMargin { p: wrong, margin: 1.0 }, class), Some(power));
    }
    // as an `f32`, these are 0 or infinite
    let zero = "`delta` of `Huber` is 0.00000000000000000000000000000000000000000000000001, but must be finite and more than 0, \
                also as an `f32`";
    assert_eq!(option(&Huber { delta: 1e-50 }, values), Some(zero.to_owned()));
    for wrong in [1e39, 1e300] {
        assert!(option(&Huber { delta: wrong }, values).is_some());
        assert!(option(&SmoothL1 { beta: wrong }, values).is_some());
        assert!(option(&HingeEmbedding { margin: -wrong }, values).is_some());
        assert!(option(&MultiMargin { p: 1, margin: wrong }, class).is_some());
    }
    let wide: Result<(), OptionError> = Loss::<[f64; 3], [f64; 3], f64>::check_options(&Huber { delta: 1e-50 });
    assert_eq!(wide, Ok(()));
    let fine = CrossEntropy.label_smoothing(1.0).class_weights(&[0.0, 1.0, 2.0]);
    assert_eq!(
        [option(&fine, class), option(&fine, values), option(&SmoothL1 { beta: 0.0 }, values)],
        [None, None, None]
    );
    assert_eq!([option(&Mse, values), option(&MultiMargin { p: 2, margin: -1.0 }, class)], [None, None]);
}
