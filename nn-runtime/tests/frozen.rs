//! A network with frozen stages and its frozen parameters are evaluated as the same network without `#[frozen]`.

#![allow(clippy::float_cmp, reason = "equal bits are meant")]

use nn_runtime::prelude::*;

network! {
    struct Plain: f64 [3] -> [4] { first: linear(5), tanh, last: linear(4) }
    struct Tuned: f64 [3] -> [4] { #[frozen] first: linear(5), tanh, last: linear(4) }
}

/// The same parameters in both.
fn new() -> (Plain, Tuned, TunedFrozen) {
    let (plain, mut tuned, mut frozen) = (Plain::new(&mut rng(1)), Tuned::ZERO, TunedFrozen::ZERO);
    for (mut slot, tensor) in tuned.with_both_mut(&mut frozen).state_dict_mut().zip(plain.state_dict()) {
        slot.set(tensor.values());
    }
    (plain, tuned, frozen)
}

/// Seven samples of four classes.
fn samples() -> ([[f64; 3]; 7], [u8; 7]) {
    let inputs = core::array::from_fn(|row| core::array::from_fn(|column| ((row * 3 + column) as f64 * 1.7).sin()));
    (inputs, [0, 3, 1, 2, 2, 0, 1])
}

#[test]
fn outputs_of_a_batch_are_the_same() {
    let ((plain, tuned, frozen), (inputs, _)) = (new(), samples());
    let expected = predict_batch(&plain, &inputs);
    assert_eq!(predict_batch(&tuned.with_frozen(&frozen), &inputs), expected);
    assert_eq!(predict_batch(&WithFrozen::new(Box::new(tuned), Box::new(frozen)), &inputs), expected);
}

#[test]
fn the_confusion_matrix_is_the_same() {
    let ((plain, tuned, frozen), (inputs, classes)) = (new(), samples());
    let data = Dataset::new(&inputs, &classes).expect("as many of both");
    let expected = confusion_matrix(&plain, &data).expect("finite");
    assert_eq!(expected.samples(), 7);
    assert_eq!(confusion_matrix(&tuned.with_frozen(&frozen), &data), Ok(expected));
}

#[test]
fn an_evaluator_finds_the_same() {
    let ((plain, tuned, frozen), (inputs, classes)) = (new(), samples());
    let data = Dataset::new(&inputs, &classes).expect("as many of both");
    let network = tuned.with_frozen(&frozen);
    let mut expected = Evaluator::<Plain, 3>::ZERO;
    let mut evaluator = Evaluator::<Tuned, 3>::ZERO;
    assert_eq!(evaluator.evaluate(&network, &CrossEntropy, &data), expected.evaluate(&plain, &CrossEntropy, &data));
    assert_eq!(evaluator.confusion_matrix(&network, &data), expected.confusion_matrix(&plain, &data));
    let (mut outputs, mut plain_outputs) = ([[0.0; 4]; 7], [[0.0; 4]; 7]);
    evaluator.predict(&network, &inputs, &mut outputs).expect("finite");
    expected.predict(&plain, &inputs, &mut plain_outputs).expect("finite");
    assert_eq!(outputs, plain_outputs);
    assert!(outputs.as_flattened().iter().all(|value| *value != 0.0));
}
