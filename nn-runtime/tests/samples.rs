//! Samples are arrays or nalgebra vectors, with the same results.

#![allow(clippy::float_cmp, reason = "equal bits are meant")]

use nn_runtime::prelude::*;

network! {
    struct Net: [3] -> [2] { linear(4), tanh, linear(2) }
    struct Words: u16 [4] -> [4, 2] { embedding(9, 3), gru(2) }
    struct Filter: [4, 3] -> [4, 2] { #[frozen] lstm(4), linear(2) }
}

const INPUTS: [[f32; 3]; 5] =
    [[0.1, -0.2, 0.3], [1.0, 0.5, 0.25], [0.0, 0.0, -1.0], [-0.75, 0.5, 2.0], [0.5, 0.5, -0.5]];
const CLASSES: [u8; 5] = [0, 1, 1, 0, 1];

#[test]
fn predict_takes_both() {
    let (net, words) = (Net::new(&mut rng(1)), Words::new(&mut rng(1)));
    for row in INPUTS {
        let (expected, vector) = (net.predict(&row), SVector::from(row));
        assert_eq!(net.predict(&vector), expected);
        assert_eq!(net.predict(&Box::new(vector)), expected);
    }
    assert_ne!(net.predict(&INPUTS[0]), net.predict(&SVector::from(INPUTS[1])));
    assert_eq!(words.predict(&[3_u16, 0, 8, 1]), words.predict(&SVector::from([3_u16, 0, 8, 1])));
    assert_eq!(words.predict(&SVector::from([3_u16, 0, 9, 1])).unwrap_err().position, 2);
}

#[test]
fn a_step_takes_both() {
    let words = Words::new(&mut rng(1));
    let (mut of_arrays, mut of_vectors) = (WordsState::ZERO, WordsState::ZERO);
    for word in [3_u16, 0, 8] {
        let expected = words.step(&mut of_arrays, &[word]);
        assert_eq!(words.step(&mut of_vectors, &SVector::from([word])), expected);
    }

    let (filter, frozen) = (Filter::new(&mut rng(1)), FilterFrozen::new(&mut rng(2)));
    let filter = filter.with_frozen(&frozen);
    let (mut of_arrays, mut of_vectors) = (FilterState::ZERO, FilterState::ZERO);
    for frame in INPUTS {
        let expected = filter.step(&mut of_arrays, &frame);
        assert_eq!(filter.step(&mut of_vectors, &SVector::from(frame)), expected);
    }
}

#[test]
fn a_batch_takes_both() {
    let net = Net::new(&mut rng(1));
    let vectors = INPUTS.map(SVector::from);
    let outputs = predict_batch(&net, &INPUTS).expect("finite");
    assert_eq!(predict_batch(&net, &vectors).expect("finite"), outputs);
    for (output, row) in outputs.iter().zip(&vectors) {
        approx::assert_relative_eq!(output[..], *net.predict(row).as_slice(), max_relative = 1e-5);
    }
}

#[test]
fn a_data_set_takes_both() {
    let vectors = INPUTS.map(SVector::from);
    let arrays = Dataset::new(&INPUTS, &CLASSES).expect("as many of both");
    let data = Dataset::new(&vectors, &CLASSES).expect("as many of both");
    assert_eq!(data.inputs(), arrays.inputs());
    let trained = |data: &Dataset<[f32; 3], u8>| {
        let mut net = Net::new(&mut rng(1));
        Fit::new(Adam::new(0.01), CrossEntropy).epochs(3).run(&mut net, data).expect("finite");
        (net, evaluate(&net, &CrossEntropy, data))
    };
    assert_eq!(trained(&data), trained(&arrays));

    let (mut net, mut same) = (Net::new(&mut rng(1)), Net::new(&mut rng(1)));
    let mut training = Training::<Net, Sgd, 2>::ZERO;
    let loss = training.step(&mut net, &Sgd::new(0.1), &CrossEntropy, &INPUTS, &CLASSES);
    let mut training = Training::<Net, Sgd, 2>::ZERO;
    assert_eq!(training.step(&mut same, &Sgd::new(0.1), &CrossEntropy, &vectors, &CLASSES), loss);
    assert_eq!(same, net);
}
