//! Networks where the runtime has another name: renamed in Cargo.toml, or handed on by another crate.

use deep::prelude::*;

/// Every kind of item that is written for a network, and a network of another invocation.
mod renamed {
    deep::network! {
        /// A network with frozen parameters, a state, and weights to look at.
        pub struct Net: [8, 6] -> [3] {
            #[frozen]
            linear(6),
            encoder: super::Encoder -> [8, 6],
            residual { attention: multihead_attention(2, need_weights = true) },
            gru(4), last, linear(3),
        }

        /// Words.
        pub struct Words: u8 [4] -> [3] { embedding(5, 2), mean, linear(3) }
    }
}

network! { pub struct Encoder: [8, 6] -> [8, 6] { gru(6) } }

#[test]
fn a_renamed_runtime_is_found() -> Result<(), TrainError> {
    let mut net = renamed::Net::new(&mut rng(1));
    let frozen = renamed::NetFrozen::new(&mut rng(2));
    let mut training = Training::<renamed::Net, Adam, 2>::ZERO;
    let (inputs, targets) = ([[0.5; 48]; 2], [[1.0; 3]; 2]);
    let mut step = || training.step(&mut net.with_frozen_mut(&frozen), &Adam::new(0.01), &Mse, &inputs, &targets);
    assert!(step()? > step()?);
    let mut state = EncoderState::ZERO;
    assert_eq!(Encoder::ZERO.step(&mut state, &SVector::zeros()), SVector::<f32, 6>::zeros());
    assert!(renamed::Words::new(&mut rng(1)).predict(&SVector::from([9; 4])).is_err());
    Ok(())
}

#[test]
fn a_network_in_a_function_finds_it_too() {
    deep::network! { struct Net: [2] -> [1] { fc: linear(1) } }
    {
        deep::network! { struct Net: [2] -> [3] { fc: linear(3) } }
        assert_eq!(Net::ZERO.fc.weight.nrows(), 3);
    }
    assert_eq!(Net::ZERO.fc.weight.nrows(), 1);
}

mod handed_on {
    nn_facade::nn_runtime::network! { pub struct Whole: [4] -> [2] { linear(2) } }
    nn_facade::nn::network! { pub struct Pieces: [4] -> [2] { linear(2) } }
    nn_facade::perceptron!(pub Perceptron, 2 + 3);
}

#[test]
fn a_runtime_behind_another_crate_is_found() {
    use handed_on::{Perceptron, Pieces, Whole};

    assert_eq!(Whole::ZERO.predict(&SVector::zeros()), Pieces::ZERO.predict(&SVector::zeros()));
    assert_eq!(Perceptron::default().fc1.bias.len(), 5);
}

network! {
    #[derive(Default)]
    struct Saved: [3, 40] -> [3, 2] {
        #[frozen]
        first_layer: linear(40),
        block: residual { second_layer: linear(40) },
        encoder: Inner -> [3, 40],
        attention: multihead_attention(2),
        linear(2),
    }
}

network! { struct Inner: [3, 40] -> [3, 40] { prelu } }

/// serde's traits are found behind the other names too.
#[test]
fn a_network_is_serialised() -> Result<(), serde_json::Error> {
    let (net, frozen) = (Saved::new(&mut rng(1)), SavedFrozen::new(&mut rng(2)));
    let text = serde_json::to_string(&net)?;
    assert!(text.starts_with(r#"{"block.second_layer.weight":[["#), "{}", &text[..60]);
    assert_eq!(serde_json::from_str::<Saved>(&text)?, net);
    let text = serde_json::to_string(&frozen)?;
    assert!(text.starts_with(r#"{"first_layer.weight":[["#), "{}", &text[..60]);
    assert_eq!(serde_json::from_str::<SavedFrozen>(&text)?, frozen);
    assert_eq!(Saved::default(), Saved::ZERO);
    Ok(())
}
