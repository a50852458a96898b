//! A network of one layer against its golden file.

use nn_runtime::bytemuck::{self, Zeroable};
use nn_runtime::kernels::{Kernel as _, Portable, dispatch};
use nn_runtime::network::{Architecture, Parameters as _, Predict, Restore, TensorView, Trainable as _, WithFrozen};
use nn_runtime::scalar::Scalar as _;

use crate::case::Case;
use crate::close::{Precision, assert_close};
use crate::parameters::{load, rows_of, tensors_of};
use crate::step::{Outcome, Step, Values};

/// Declares the network of a golden file, in `f32` and in `f64`, and tests it in tiles of several sizes.
///
/// ```text
/// golden_layer! {
///     linear_bias: "linear/bias", [7] -> [5] { layer: linear(5) }
/// }
/// ```
///
/// An index input is written `u8 [4] -> [4, 3]`. `statistics` in front of the name stands for a layer that normalises by the
/// batch, whose golden file has three training steps.
///
/// The tiles are single samples, and more rows than a kernel has lanes, with some left over, which do not divide the batch.
#[macro_export]
macro_rules! golden_layer {
    (statistics $name:ident: $($rest:tt)*) => {
        $crate::golden_layer!(@declare check_statistics [8, 5] $name: $($rest)*);
    };
    ($name:ident: $($rest:tt)*) => {
        $crate::golden_layer!(@declare check_layer [18, 11, 1] $name: $($rest)*);
    };
    (@declare $check:ident $tiles:tt $name:ident: $case:literal, [$($in:tt)*] -> $out:tt $stages:tt) => {
        $crate::golden_layer!(@networks $check $tiles $name: $case, [f32 [$($in)*]] [f64 [$($in)*]] -> $out $stages);
    };
    (@declare $check:ident $tiles:tt $name:ident: $case:literal, $index:ident $in:tt -> $out:tt $stages:tt) => {
        $crate::golden_layer!(@networks $check $tiles $name: $case, [$index $in] [$index $in] -> $out $stages);
    };
    (
        @networks $check:ident [$single_tile:literal, $($double_tile:literal),*] $name:ident: $case:literal,
        [$($single:tt)*] [$($double:tt)*] -> $out:tt $stages:tt
    ) => {
        mod $name {
            ::nn_runtime::network! {
                struct Single: $($single)* -> f32 $out $stages
                struct Double: $($double)* -> f64 $out $stages
            }

            #[test]
            fn agrees_in_f64() {
                let case = $crate::Case::read($case);
                $($crate::$check::<Double, $double_tile>(&case);)*
            }

            #[test]
            fn agrees_in_f32() {
                $crate::$check::<Single, $single_tile>(&$crate::Case::read($case));
            }

            #[test]
            fn is_saved() {
                let case = $crate::Case::read($case);
                $crate::check_saved::<Single>(&case);
                $crate::check_saved::<Double>(&case);
            }
        }
    };
}

/// A network that a golden file describes.
pub trait Golden:
    Restore + Zeroable + Predict<Scalar: Precision, Input: Values, Output: Values<Value = <Self as Architecture>::Scalar>>
{
}

impl<N> Golden for N where
    N: Restore
        + Zeroable
        + Predict<Scalar: Precision, Input: Values, Output: Values<Value = <Self as Architecture>::Scalar>>
{
}

/// Checks outputs, inference, every gradient of a parameter and the gradient of the input, in tiles of `BATCH` rows, at
/// the portable level and at the machine's.
///
/// The samples of the golden file are repeated until they fill a tile, so that every lane counts.
///
/// # Panics
///
/// If something differs; the message says what.
pub fn check_layer<N: Golden, const BATCH: usize>(case: &Case) {
    let network = load::<N>(case, "parameter.");
    let copies = BATCH.div_ceil(case.tensor("input").shape[0]);
    for (level, mut outcome) in both_levels::<N, BATCH>(case, &network, "", copies) {
        let place = Place { case, batch: BATCH, level, copies };
        place.check_pass(&outcome, "");
        place.check_samples("output", N::Output::flat(&outcome.inferred));
        // The gradient of the sum over all copies.
        outcome.gradient.as_mut_slice().iter_mut().for_each(|gradient| *gradient /= N::Scalar::from_f64(copies as f64));
        place.check_all("gradient.", WithFrozen::new(&*outcome.gradient, network.frozen()).state_dict());
    }
}

/// The same for a layer with running statistics: three training steps, then inference. `BATCH` is at least the batch.
///
/// # Panics
///
/// If something differs; the message says what.
pub fn check_statistics<N: Golden, const BATCH: usize>(case: &Case) {
    let mut network = load::<N>(case, "parameter.");
    for suffix in [".0", ".1", ".2"] {
        let mut change = bytemuck::zeroed_box();
        for (level, outcome) in both_levels::<N, BATCH>(case, &network, suffix, 1) {
            let place = Place { case, batch: BATCH, level, copies: 1 };
            place.check_pass(&outcome, suffix);
            if suffix == ".0" {
                place.check_all("gradient.", WithFrozen::new(&*outcome.gradient, network.frozen()).state_dict());
            }
            change = outcome.gradient;
        }
        for run in N::Parameters::RUNS.iter().filter(|run| !run.is_trained) {
            let range = run.start..run.start + run.len;
            let changes = &change.as_slice()[range.clone()];
            network.as_mut_slice()[range].iter_mut().zip(changes).for_each(|(value, change)| *value += *change);
        }
    }
    for (level, outcome) in both_levels::<N, BATCH>(case, &network, ".evaluation", 1) {
        let place = Place { case, batch: BATCH, level, copies: 1 };
        place.check_samples("output.evaluation", N::Output::flat(&outcome.inferred));
        place.check_all("after.", network.state_dict());
    }
}

/// A step on copies of the samples at the portable level and at the machine's, which must agree within rounding.
fn both_levels<N: Golden, const BATCH: usize>(
    case: &Case,
    network: &N,
    suffix: &str,
    copies: usize,
) -> [(&'static str, Outcome<N>); 2] {
    let input = rows_of(case.tensor(&format!("input{suffix}"))).repeat(copies);
    let grad_output = case.find(&format!("grad_output{suffix}"));
    let grad_output =
        grad_output.map_or_else(|| vec![N::Output::zeroed(); input.len()], |rows| rows_of(rows).repeat(copies));
    let step = || Step::<N, BATCH> { network, input: &input, grad_output: &grad_output, seed: 0 };
    let (portable, dispatched) = (step().run(Portable), dispatch(step()));
    let pairs = [
        ("output", N::Output::flat(&portable.output), N::Output::flat(&dispatched.output)),
        ("inference", N::Output::flat(&portable.inferred), N::Output::flat(&dispatched.inferred)),
        ("gradient", portable.gradient.as_slice(), dispatched.gradient.as_slice()),
    ];
    for (what, portable, dispatched) in pairs {
        let portable: Vec<f64> = portable.iter().map(|value| value.to_f64()).collect();
        let what = format!("{}: {what}, dispatched instead of portable", case.name);
        assert_close(dispatched, &portable, N::Scalar::ROUNDING, &what);
    }
    [("portable", portable), ("dispatched", dispatched)]
}

/// Where a comparison is made, for its message, and how often the samples are repeated.
struct Place<'c> {
    case: &'c Case,
    batch: usize,
    level: &'static str,
    copies: usize,
}

impl Place<'_> {
    fn check_pass<N: Golden>(&self, outcome: &Outcome<N>, suffix: &str) {
        self.check_samples(&format!("output{suffix}"), N::Output::flat(&outcome.output));
        if N::Parameters::HAS_INPUT_GRADIENT {
            // no indices: the values are of the network's scalar type
            let grad_input: &[N::Scalar] = bytemuck::cast_slice(N::Input::flat(&outcome.grad_input));
            self.check_samples(&format!("grad_input{suffix}"), grad_input);
        }
    }

    fn check_samples<T: Precision>(&self, tensor: &str, actual: &[T]) {
        self.check(tensor, actual, &self.case.tensor(tensor).values.repeat(self.copies));
    }

    fn check_all<'n, T: Precision + 'n>(&self, prefix: &str, state_dict: impl Iterator<Item = TensorView<'n, T>>) {
        for (tensor, values) in tensors_of(state_dict, self.case, prefix) {
            self.check(&tensor.name, &values, &tensor.values);
        }
    }

    fn check<T: Precision>(&self, tensor: &str, actual: &[T], expected: &[f64]) {
        let Self { case, batch, level, .. } = self;
        let what = format!("{}: {tensor}, {}, tiles of {batch}, {level}", case.name, std::any::type_name::<T>());
        assert_close(actual, expected, T::GOLDEN, &what);
    }
}
