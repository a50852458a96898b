//! Each loss against PyTorch: its value and its gradient.

use nn_runtime::kernels::{Isa, Kernel, Portable, dispatch};
use nn_runtime::loss::{
    Bce, BceWithLogits, CrossEntropy, HingeEmbedding, Huber, KlDiv, L1, Loss, Mse, MultiMargin, Nll, SmoothL1,
    StepWeights, Unchecked,
};
use nn_runtime::nalgebra::SMatrix;
use nn_tests::{Case, Precision, Tensor, Value, assert_close, fill, rows_in, rows_of, values_of};

/// A loss and its gradient over a batch, in tiles of `BATCH` rows.
struct Evaluation<'a, L, Target, T, const OUT: usize, const BATCH: usize> {
    loss: &'a L,
    output: &'a [[T; OUT]],
    targets: &'a [Target],
}

impl<L, Target, T, const OUT: usize, const BATCH: usize> Kernel for Evaluation<'_, L, Target, T, OUT, BATCH>
where
    L: Loss<Target, [T; OUT], T>,
    T: Value + Precision,
{
    /// The mean loss, the same computed along with the gradient, and the gradient.
    type Output = (T, T, Vec<[T; OUT]>);

    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let weight = self.targets.iter().fold(T::ZERO, |sum, target| sum + self.loss.weight(target));
        let (mut value, mut value_again, mut gradient) = (T::ZERO, T::ZERO, Vec::new());
        for (output, targets) in self.output.chunks(BATCH).zip(self.targets.chunks(BATCH)) {
            let mut tile = SMatrix::<T, BATCH, OUT>::repeat(T::ZERO);
            fill(isa, &mut tile, output, &output[0]);
            let targets: Vec<_> = targets.iter().collect();
            value += self.loss.loss(isa, &tile, &targets);
            value_again += self.loss.loss_and_gradient(isa, &mut tile, &targets, T::ONE / weight);
            gradient.extend(rows_in::<[T; OUT], BATCH>(&tile, output.len()));
            let mut padding = rows_in::<[T; OUT], BATCH>(&tile, BATCH).skip(output.len());
            assert!(padding.all(|row| row.iter().all(|value| *value == T::ZERO)), "the gradient of padding");
        }
        (value / weight, value_again / weight, gradient)
    }
}

fn check_tiles<L, Target, T, const OUT: usize, const BATCH: usize>(case: &Case, loss: &L, targets: &[Target])
where
    L: Loss<Target, [T; OUT], T>,
    T: Value + Precision,
{
    let output = rows_of(case.tensor("output"));
    let evaluation = || Evaluation::<L, Target, T, OUT, BATCH> { loss, output: &output, targets };
    for (level, found) in [("portable", evaluation().run(Portable)), ("dispatched", dispatch(evaluation()))] {
        let what = |of: &str| format!("{}: {of}, {}, tiles of {BATCH}, {level}", case.name, std::any::type_name::<T>());
        let (value, value_again, gradient) = found;
        let expected = &case.tensor("loss").values;
        assert_close(&[value], expected, T::GOLDEN, &what("loss"));
        assert_close(&[value_again], expected, T::GOLDEN, &what("loss, along with the gradient"));
        assert_close(gradient.as_flattened(), &case.tensor("grad_output").values, T::GOLDEN, &what("grad_output"));
    }
}

fn check<L, Target, T, const OUT: usize>(name: &str, loss: &L, read: fn(&Tensor) -> Vec<Target>)
where
    L: Loss<Target, [T; OUT], T>,
    T: Value + Precision,
{
    let case = Case::read(name);
    let targets = read(case.tensor("target"));
    assert!(targets.iter().all(|target| loss.check(target).is_ok()), "{name}: a target is refused");
    check_tiles::<L, Target, T, OUT, 1>(&case, loss, &targets);
    check_tiles::<L, Target, T, OUT, 4>(&case, loss, &targets);
    check_tiles::<L, Target, T, OUT, 16>(&case, loss, &targets);
}

/// Targets of 3 steps with 2 values each, and the weights of the steps.
fn weighted_rows_of<T: Value + Precision>(tensor: &Tensor) -> Vec<([T; 6], [T; 3])> {
    let rows: Vec<[T; 9]> = rows_of(tensor);
    rows.iter().map(|row| (std::array::from_fn(|at| row[at]), std::array::from_fn(|step| row[6 + step]))).collect()
}

/// The weights of `tests/golden/losses.py`.
const WEIGHT: [f64; 4] = [0.5, 3.0, 1.25, 0.75];

/// `name: "file", the loss, the number of outputs, how the targets are read`
macro_rules! golden_loss {
    ($($name:ident: $case:literal, $loss:expr, $outputs:literal, $read:expr;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn agrees_in_f64() {
                type Number = f64;
                check::<_, _, Number, $outputs>($case, &Unchecked::new(&$loss), $read);
            }

            #[test]
            fn agrees_in_f32() {
                type Number = f32;
                check::<_, _, Number, $outputs>($case, &Unchecked::new(&$loss), $read);
            }
        }
    )*};
}

golden_loss! {
    mse: "mse/mean", Mse, 3, rows_of::<[Number; 3]>;
    mse_single: "mse/single", Mse, 7, rows_of::<[Number; 7]>;
    bce: "bce/mean", Bce, 3, rows_of::<[Number; 3]>;
    bce_hard: "bce/hard", Bce, 2, rows_of::<[Number; 2]>;
    bce_with_logits: "bce_with_logits/mean", BceWithLogits, 3, rows_of::<[Number; 3]>;
    bce_with_logits_far: "bce_with_logits/far", BceWithLogits, 3, rows_of::<[Number; 3]>;
    cross_entropy: "cross_entropy/classes", CrossEntropy, 4, values_of::<u8>;
    cross_entropy_wide: "cross_entropy/classes", CrossEntropy, 4, values_of::<u32>;
    cross_entropy_far: "cross_entropy/far", CrossEntropy, 4, values_of::<u16>;
    cross_entropy_steps: "cross_entropy/steps", CrossEntropy, 12, rows_of::<[u8; 3]>;
    cross_entropy_probabilities: "cross_entropy/probabilities", CrossEntropy, 4, rows_of::<[Number; 4]>;
    cross_entropy_smoothed: "cross_entropy/smoothed", CrossEntropy.label_smoothing(0.1), 4, values_of::<u8>;
    cross_entropy_weighted: "cross_entropy/weighted", CrossEntropy.class_weights(&WEIGHT), 4, values_of::<u8>;
    cross_entropy_weighted_smoothed: "cross_entropy/weighted_smoothed",
        CrossEntropy.class_weights(&WEIGHT).label_smoothing(0.25), 4, values_of::<u8>;
    cross_entropy_probabilities_weighted_smoothed: "cross_entropy/probabilities_weighted_smoothed",
        CrossEntropy.label_smoothing(0.25).class_weights(&WEIGHT), 4, rows_of::<[Number; 4]>;
    cross_entropy_steps_weighted_smoothed: "cross_entropy/steps_weighted_smoothed",
        CrossEntropy.class_weights(&WEIGHT).label_smoothing(0.25), 12, rows_of::<[u8; 3]>;
    cross_entropy_steps_ignored: "cross_entropy/steps_ignored", CrossEntropy.ignore_index(2), 12, rows_of::<[u8; 3]>;
    cross_entropy_steps_ignored_weighted_smoothed: "cross_entropy/steps_ignored_weighted_smoothed",
        CrossEntropy.ignore_index(2).class_weights(&WEIGHT).label_smoothing(0.25), 12, rows_of::<[u8; 3]>;
    nll_steps_ignored_weighted: "nll/steps_ignored_weighted",
        Nll.class_weights(&WEIGHT).ignore_index(1), 12, rows_of::<[u8; 3]>;
    mse_step_weights: "mse/step_weights", StepWeights(Mse), 6, weighted_rows_of::<Number>;
    bce_with_logits_step_weights: "bce_with_logits/step_weights", StepWeights(BceWithLogits), 6, weighted_rows_of::<Number>;
    l1: "l1/mean", L1, 3, rows_of::<[Number; 3]>;
    l1_equal: "l1/equal", L1, 3, rows_of::<[Number; 3]>;
    smooth_l1: "smooth_l1/default", SmoothL1::default(), 3, rows_of::<[Number; 3]>;
    smooth_l1_beta: "smooth_l1/beta", SmoothL1 { beta: 0.5 }, 3, rows_of::<[Number; 3]>;
    smooth_l1_zero: "smooth_l1/zero", SmoothL1 { beta: 0.0 }, 3, rows_of::<[Number; 3]>;
    huber: "huber/default", Huber::default(), 3, rows_of::<[Number; 3]>;
    huber_delta: "huber/delta", Huber { delta: 0.5 }, 3, rows_of::<[Number; 3]>;
    hinge_embedding: "hinge_embedding/default", HingeEmbedding::default(), 3, rows_of::<[Number; 3]>;
    hinge_embedding_margin: "hinge_embedding/margin", HingeEmbedding { margin: 0.75 }, 3, rows_of::<[Number; 3]>;
    kl_div: "kl_div/probabilities", KlDiv::default(), 4, rows_of::<[Number; 4]>;
    kl_div_hard: "kl_div/hard", KlDiv::default(), 4, rows_of::<[Number; 4]>;
    kl_div_log_target: "kl_div/log_target", KlDiv { log_target: true }, 4, rows_of::<[Number; 4]>;
    nll: "nll/classes", Nll, 4, values_of::<u8>;
    nll_weighted: "nll/weighted", Nll.class_weights(&WEIGHT), 4, values_of::<u16>;
    nll_steps: "nll/steps", Nll, 12, rows_of::<[u8; 3]>;
    nll_steps_weighted: "nll/steps_weighted", Nll.class_weights(&WEIGHT), 12, rows_of::<[u32; 3]>;
    multi_margin: "multi_margin/default", MultiMargin::default(), 4, values_of::<u8>;
    multi_margin_squared: "multi_margin/squared", MultiMargin { p: 2, margin: 0.75 }, 4, values_of::<u8>;
}
