//! Networks in a human-readable format and in a binary one.

use std::fmt::Debug;

use nn_runtime::bytemuck::Zeroable;
use nn_runtime::network::Restore;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::case::Case;
use crate::parameters::load;

/// Checks that the parameters of a golden file are in JSON what `{k: v.tolist() for k, v in state_dict().items()}` is, that the
/// binary form has little more than their bytes, and that they come back from both.
///
/// # Panics
///
/// If something differs.
pub fn check_saved<N>(case: &Case)
where
    N: Restore + Zeroable + Serialize + DeserializeOwned + PartialEq + Debug,
{
    let network = load::<N>(case, "parameter.");
    let tensors = case.names("parameter.").map(|name| {
        let tensor = case.tensor(&format!("parameter.{name}"));
        let (values, nested) = to_list(&tensor.shape, &tensor.values);
        assert!(values.is_empty());
        format!("\"{name}\":{nested}")
    });
    let expected = format!("{{{}}}", tensors.collect::<Vec<_>>().join(","));
    let text = serde_json::to_string(&network).expect("finite values");
    // the values of golden parameters are short in both precisions
    assert_eq!(text, expected, "{}", case.name);
    assert_eq!(serde_json::from_str::<N>(&text).expect("a saved network"), *network);
    let value: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(serde_json::from_value::<N>(value).expect("a saved network"), *network, "names in alphabetical order");

    let bytes = postcard::to_allocvec(&network).expect("finite values");
    assert!(bytes.len() <= size_of::<N>() + 14, "{}: {} bytes", case.name, bytes.len());
    assert_eq!(postcard::from_bytes::<N>(&bytes).expect("a saved network"), *network);
}

/// Nested lists of a shape, and the values that are left.
fn to_list<'v>(shape: &[usize], values: &'v [f64]) -> (&'v [f64], String) {
    let [size, inner @ ..] = shape else {
        let (value, rest) = values.split_first().expect("as many values as its shape says");
        return (rest, serde_json::to_string(value).expect("a number"));
    };
    let (mut rest, mut lists) = (values, Vec::new());
    for _ in 0..*size {
        let (others, list) = to_list(inner, rest);
        rest = others;
        lists.push(list);
    }
    (rest, format!("[{}]", lists.join(",")))
}
