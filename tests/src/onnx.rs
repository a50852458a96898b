//! Node tests of ONNX. An operator has a file of tensors in `tests/onnx/data`, in which their names begin with the case's.

mod forward;
mod training;

use std::fs;
use std::path::Path;

pub use forward::{check_inference, check_training};
pub use training::{Reduction, check_loss, check_optimizer, class_weights, ignore_index};

use crate::case::Case;
use crate::close::{Precision, assert_close};

/// Declares a network, and a test for each case of an operator that it computes.
///
/// ```text
/// onnx_layer!("Softmax", [5] -> [5] { softmax }: softmax_axis_2, softmax_default_axis);
/// ```
///
/// An index input is written `u8 [3] -> [3, 24]`. `training` in front of the operator
/// stands for a pass in training mode.
#[macro_export]
macro_rules! onnx_layer {
    (training $operator:literal, $($rest:tt)*) => { $crate::onnx_layer!(@index check_training, $operator, $($rest)*); };
    ($operator:literal, $($rest:tt)*) => { $crate::onnx_layer!(@index check_inference, $operator, $($rest)*); };
    (@index $check:ident, $operator:literal, [$($in:tt)*] $($rest:tt)*) => {
        $crate::onnx_layer!(@network $check, $operator, [f32 [$($in)*]] $($rest)*);
    };
    (@index $check:ident, $operator:literal, $index:ident $in:tt $($rest:tt)*) => {
        $crate::onnx_layer!(@network $check, $operator, [$index $in] $($rest)*);
    };
    (
        @network $check:ident, $operator:literal, [$($in:tt)*] -> $out:tt $stages:tt:
        $first:ident $(, $case:ident)*
    ) => {
        mod $first {
            ::nn_runtime::network! { struct Operator: $($in)* -> f32 $out $stages }

            #[test]
            fn $first() {
                $crate::$check::<Operator>($operator, stringify!($first));
            }
            $(
                #[test]
                fn $case() {
                    $crate::$check::<Operator>($operator, stringify!($case));
                }
            )*
        }
    };
}

/// A test for each case of a loss.
///
/// ```text
/// onnx_losses!("NegativeLogLikelihoodLoss", Nll, Mean: nllloss_ncd1);
/// ```
#[macro_export]
macro_rules! onnx_losses {
    ($operator:literal, $loss:ident, $reduction:ident: $($case:ident),+) => {$(
        #[test]
        fn $case() {
            let (loss, reduction) = (::nn_runtime::loss::$loss, $crate::Reduction::$reduction);
            let case = $crate::onnx_case($operator, stringify!($case));
            match ($crate::class_weights(&case), $crate::ignore_index(&case)) {
                (Some(weights), Some(ignored)) => {
                    $crate::check_loss(&case, &loss.class_weights(&weights).ignore_index(ignored), reduction)
                }
                (Some(weights), None) => $crate::check_loss(&case, &loss.class_weights(&weights), reduction),
                (None, Some(ignored)) => $crate::check_loss(&case, &loss.ignore_index(ignored), reduction),
                (None, None) => $crate::check_loss(&case, &loss, reduction),
            }
        }
    )+};
}

/// A test for one case of an optimizer.
///
/// ```text
/// onnx_optimizer!("Adagrad", Adagrad::new(0.1).lr_decay(0.1), step 1, 3 parameters: adagrad_multiple);
/// ```
#[macro_export]
macro_rules! onnx_optimizer {
    ($operator:literal, $optimizer:expr, step $step:expr, $count:literal parameters: $case:ident) => {
        #[test]
        fn $case() {
            $crate::check_optimizer::<_, $count>($operator, stringify!($case), &$optimizer, $step);
        }
    };
}

/// A case of an operator. `name.tensor = other.tensor` in its file says that a tensor is the same as one before it.
///
/// # Panics
///
/// If there is no such file, or a line of the case is not a tensor.
#[must_use]
pub fn onnx_case(operator: &str, name: &str) -> Case {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("onnx/data").join(operator).with_extension("txt");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let values =
        |tensor: &str| text.lines().find_map(|line| line.strip_prefix(tensor).filter(|rest| rest.starts_with(" [")));
    let lines = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('.'));
    let lines = lines.map(|line| match line.split_once(" = ") {
        Some((tensor, other)) => format!("{tensor}{}\n", values(other).unwrap_or_default()),
        None => format!("{line}\n"),
    });
    Case::parse(name, &lines.collect::<String>())
}

fn check<T: Precision>(actual: &[T], case: &Case, tensor: &str, level: &str) {
    let tolerance = case.find("tolerance").map_or(T::GOLDEN, |tolerance| tolerance.values[0]);
    assert_close(actual, &case.tensor(tensor).values, tolerance, &format!("{}: {tensor}, {level}", case.name));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    fn read(path: &str) -> String {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
    }

    /// The cases in the data of an operator.
    fn cases(operator: &str) -> BTreeSet<String> {
        let data = read(&format!("onnx/data/{operator}.txt"));
        let lines = data.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.split_once('.').unwrap().0.to_owned()).collect()
    }

    #[test]
    fn the_readmes_count_the_tests() {
        let (list, source) = (read("onnx/README.md"), read("tests/onnx.rs"));
        let tests: BTreeSet<_> = source.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let (mut agree, mut total) = (0, 0);
        let (table, _) = list.split_once("## Not supported").unwrap();
        for row in table.lines().filter_map(|line| line.strip_prefix("| ")) {
            let cells: Vec<_> = row.split(" | ").collect();
            let Ok(count) = cells[1].parse::<usize>() else { continue };
            let cases = if count > 0 { cases(cells[0]) } else { BTreeSet::new() };
            assert_eq!(cases.len(), count, "the data of {}", cells[0]);
            for case in cases {
                assert!(tests.contains(case.as_str()), "`{case}` is not tested");
            }
            agree += count;
            total += cells[2].parse::<usize>().unwrap();
        }
        let counts = format!("**{agree} of {total}**");
        for (readme, text) in [("tests/onnx/README.md", list.as_str()), ("README.md", &read("../README.md"))] {
            assert!(text.contains(&counts), "{readme} does not say {counts}");
        }
    }
}
