//! A network of one layer against its golden file.

use nn_runtime::bytemuck;
use nn_runtime::kernels::{Kernel as _, Portable, dispatch};
use nn_runtime::network::Network;
use nn_runtime::scalar::Scalar;

use crate::case::Case;
use crate::close::{Precision, assert_close};
use crate::parameters::{load, rows_of, tensors_of};
use crate::step::{Outcome, Step, Value};

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
                $($crate::$check::<Double, _, _, _, $double_tile>(&case);)*
            }

            #[test]
            fn agrees_in_f32() {
                $crate::$check::<Single, _, _, _, $single_tile>(&$crate::Case::read($case));
            }

            #[test]
            fn is_saved() {
                let case = $crate::Case::read($case);
                $crate::check_saved::<Single, _, _>(&case);
                $crate::check_saved::<Double, _, _>(&case);
            }
        }
    };
}

/// Checks outputs, inference, every gradient of a parameter and the gradient of the input, in tiles of `BATCH` rows, at
/// the portable level and at the machine's.
///
/// The samples of the golden file are repeated until they fill a tile, so that every lane counts.
///
/// # Panics
///
/// If something differs; the message says what.
pub fn check_layer<N, T: Precision + Value, const IN: usize, const OUT: usize, const BATCH: usize>(case: &Case)
where
    N: Network<IN, OUT, Frozen = (), Scalar = T, Input: Value>,
{
    let network = load::<N, IN, OUT>(case, "parameter.");
    let copies = BATCH.div_ceil(case.tensor("input").shape[0]);
    for (level, mut outcome) in both_levels::<N, IN, OUT, BATCH>(case, &network, "", copies) {
        let place = Place { case, batch: BATCH, level, copies };
        place.check_pass(&outcome, "");
        place.check_samples("output", outcome.inferred.as_flattened());
        // The gradient of the sum over all copies.
        outcome.gradient.as_mut_slice().iter_mut().for_each(|gradient| *gradient /= T::from_f64(copies as f64));
        place.check_all("gradient.", &mut *outcome.gradient);
    }
}

/// The same for a layer with running statistics: three training steps, then inference. `BATCH` is at least the batch.
///
/// # Panics
///
/// If something differs; the message says what.
pub fn check_statistics<N, T: Precision + Value, const IN: usize, const OUT: usize, const BATCH: usize>(case: &Case)
where
    N: Network<IN, OUT, Frozen = (), Scalar = T, Input: Value>,
{
    let mut network = load::<N, IN, OUT>(case, "parameter.");
    for suffix in [".0", ".1", ".2"] {
        let mut change = network.clone();
        for (level, mut outcome) in both_levels::<N, IN, OUT, BATCH>(case, &network, suffix, 1) {
            let place = Place { case, batch: BATCH, level, copies: 1 };
            place.check_pass(&outcome, suffix);
            if suffix == ".0" {
                place.check_all("gradient.", &mut *outcome.gradient);
            }
            change = outcome.gradient;
        }
        for run in N::RUNS.iter().filter(|run| !run.is_trained) {
            let range = run.start..run.start + run.len;
            let changes = &change.as_slice()[range.clone()];
            network.as_mut_slice()[range].iter_mut().zip(changes).for_each(|(value, change)| *value += *change);
        }
    }
    for (level, outcome) in both_levels::<N, IN, OUT, BATCH>(case, &network, ".evaluation", 1) {
        let place = Place { case, batch: BATCH, level, copies: 1 };
        place.check_samples("output.evaluation", outcome.inferred.as_flattened());
        place.check_all("after.", &mut *network);
    }
}

/// A step on copies of the samples at the portable level and at the machine's, which must agree within rounding.
fn both_levels<N, const IN: usize, const OUT: usize, const BATCH: usize>(
    case: &Case,
    network: &N,
    suffix: &str,
    copies: usize,
) -> [(&'static str, Outcome<N, IN, OUT>); 2]
where
    N: Network<IN, OUT, Frozen = (), Scalar: Precision + Value, Input: Value>,
{
    let input = rows_of(case.tensor(&format!("input{suffix}"))).repeat(copies);
    let grad_output = case.find(&format!("grad_output{suffix}"));
    let grad_output =
        grad_output.map_or_else(|| vec![[N::Scalar::ZERO; OUT]; input.len()], |rows| rows_of(rows).repeat(copies));
    let step = || Step::<N, IN, OUT, BATCH> { network, input: &input, grad_output: &grad_output, seed: 0 };
    let (portable, dispatched) = (step().run(Portable), dispatch(step()));
    let pairs = [
        ("output", portable.output.as_flattened(), dispatched.output.as_flattened()),
        ("inference", portable.inferred.as_flattened(), dispatched.inferred.as_flattened()),
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
    fn check_pass<N, const IN: usize, const OUT: usize>(&self, outcome: &Outcome<N, IN, OUT>, suffix: &str)
    where
        N: Network<IN, OUT, Scalar: Precision>,
    {
        self.check_samples(&format!("output{suffix}"), outcome.output.as_flattened());
        if N::HAS_INPUT_GRADIENT {
            self.check_samples(&format!("grad_input{suffix}"), scalars::<N, IN, OUT>(&outcome.grad_input));
        }
    }

    fn check_samples<T: Precision>(&self, tensor: &str, actual: &[T]) {
        self.check(tensor, actual, &self.case.tensor(tensor).values.repeat(self.copies));
    }

    fn check_all<N, const IN: usize, const OUT: usize>(&self, prefix: &str, network: &mut N)
    where
        N: Network<IN, OUT, Scalar: Precision>,
    {
        for (tensor, values) in tensors_of(network, self.case, prefix) {
            self.check(&tensor.name, &values, &tensor.values);
        }
    }

    fn check<T: Precision>(&self, tensor: &str, actual: &[T], expected: &[f64]) {
        let Self { case, batch, level, .. } = self;
        let what = format!("{}: {tensor}, {}, tiles of {batch}, {level}", case.name, std::any::type_name::<T>());
        assert_close(actual, expected, T::GOLDEN, &what);
    }
}

/// The gradients of inputs that are no indices, which have the network's scalar type.
fn scalars<N: Network<IN, OUT>, const IN: usize, const OUT: usize>(grad_input: &[[N::Input; IN]]) -> &[N::Scalar] {
    bytemuck::cast_slice(grad_input)
}
