//! An index that no embedding has is an error wherever samples come in, and leaves the network as it was.

use nn_runtime::prelude::*;

network! {
    /// Two tokens of five, and a class.
    struct Words: u8 [2] -> [3] {
        embedding(5, 4),
        positional_embedding,
        mean,
        linear(3),
    }
}

const MESSAGE: &str = "index 5 at position 1 of the input is out of range: the network has 5 embeddings, 0 to 4";

#[test]
fn an_index_out_of_range_is_refused_everywhere() {
    let mut network = Words::new(&mut rng(1));
    let before = network;
    let (inputs, classes) = ([[0, 4], [4, 0], [1, 5]], [0_u8, 1, 2]);
    let message = format!("sample 2: {MESSAGE}");
    assert!(network.predict(&SVector::from([4, 4])).is_ok());
    assert_eq!(network.predict(&SVector::from([1, 5])).unwrap_err().to_string(), MESSAGE);
    let mut workspace = WordsInferenceWorkspace::ZERO;
    assert_eq!(network.predict_in(&SVector::from([1, 5]), &mut workspace).unwrap_err().to_string(), MESSAGE);

    let (known, all) = (Dataset::new(&inputs[..2], &classes[..2]), Dataset::new(&inputs, &classes));
    let (known, all) = (known.expect("as many classes as inputs"), all.expect("as many classes as inputs"));
    assert!(evaluate(&network, &CrossEntropy, &known).is_ok());
    assert_eq!(evaluate(&network, &CrossEntropy, &all).unwrap_err().to_string(), message);
    assert_eq!(confusion_matrix(&network, &all).unwrap_err().to_string(), message);
    let mut fit = Fit::new(Adam::default(), CrossEntropy).epochs(1).batch_size(2);
    assert_eq!(fit.run(&mut network, &all).unwrap_err().to_string(), message);
    let mistaken = fit.validation(&all).run(&mut network, &known).unwrap_err().to_string();
    assert!(mistaken.ends_with(MESSAGE), "{mistaken}");
    assert_eq!(network, before);
}
