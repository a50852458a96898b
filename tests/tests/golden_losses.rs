//! Each loss against PyTorch: its value and its gradient.

use nn_runtime::kernels::{Isa, Kernel, Portable, dispatch};
use nn_runtime::loss::{Bce, BceWithLogits, CrossEntropy, Loss, Mse};
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
    L: Loss<Target, T, OUT>,
    T: Value + Precision,
{
    /// The mean loss, the same computed along with the gradient, and the gradient.
    type Output = (T, T, Vec<[T; OUT]>);

    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let weight = self.targets.iter().fold(T::ZERO, |sum, target| sum + self.loss.weight(target));
        let (mut value, mut value_again, mut gradient) = (T::ZERO, T::ZERO, Vec::new());
        for (output, targets) in self.output.chunks(BATCH).zip(self.targets.chunks(BATCH)) {
            let mut tile = SMatrix::<T, BATCH, OUT>::repeat(T::ZERO);
            fill(&mut tile, output, output[0]);
            let targets: Vec<_> = targets.iter().collect();
            value += self.loss.loss(isa, &tile, &targets);
            value_again += self.loss.loss_and_gradient(isa, &mut tile, &targets, T::ONE / weight);
            gradient.extend(rows_in(&tile, output.len()));
            let mut padding = rows_in(&tile, BATCH).skip(output.len());
            assert!(padding.all(|row| row.iter().all(|value| *value == T::ZERO)), "the gradient of padding");
        }
        (value / weight, value_again / weight, gradient)
    }
}

fn check_tiles<L, Target, T, const OUT: usize, const BATCH: usize>(case: &Case, loss: &L, targets: &[Target])
where
    L: Loss<Target, T, OUT>,
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
    L: Loss<Target, T, OUT>,
    T: Value + Precision,
{
    let case = Case::read(name);
    let targets = read(case.tensor("target"));
    assert!(targets.iter().all(|target| loss.check(target).is_ok()), "{name}: a target is refused");
    check_tiles::<L, Target, T, OUT, 1>(&case, loss, &targets);
    check_tiles::<L, Target, T, OUT, 4>(&case, loss, &targets);
    check_tiles::<L, Target, T, OUT, 16>(&case, loss, &targets);
}

/// `name: "file", the loss of `outputs` values, how the targets are read`
macro_rules! golden_loss {
    ($($name:ident: $case:literal, $loss:ident of $outputs:literal, $read:expr;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn agrees_in_f64() {
                type Number = f64;
                check::<_, _, Number, $outputs>($case, &$loss, $read);
            }

            #[test]
            fn agrees_in_f32() {
                type Number = f32;
                check::<_, _, Number, $outputs>($case, &$loss, $read);
            }
        }
    )*};
}

golden_loss! {
    mse: "mse/mean", Mse of 3, rows_of::<Number, 3>;
    mse_single: "mse/single", Mse of 7, rows_of::<Number, 7>;
    bce: "bce/mean", Bce of 3, rows_of::<Number, 3>;
    bce_hard: "bce/hard", Bce of 2, rows_of::<Number, 2>;
    bce_with_logits: "bce_with_logits/mean", BceWithLogits of 3, rows_of::<Number, 3>;
    bce_with_logits_far: "bce_with_logits/far", BceWithLogits of 3, rows_of::<Number, 3>;
    cross_entropy: "cross_entropy/classes", CrossEntropy of 4, values_of::<u8>;
    cross_entropy_wide: "cross_entropy/classes", CrossEntropy of 4, values_of::<u32>;
    cross_entropy_far: "cross_entropy/far", CrossEntropy of 4, values_of::<u16>;
    cross_entropy_steps: "cross_entropy/steps", CrossEntropy of 12, rows_of::<u8, 3>;
    cross_entropy_probabilities: "cross_entropy/probabilities", CrossEntropy of 4, rows_of::<Number, 4>;
}
