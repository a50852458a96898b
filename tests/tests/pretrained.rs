//! `#[weights("file.safetensors")]`: what the constants of a network hold. `ui/weights/generate.py` wrote the files.

use nn_runtime::kernels::Isa;
use nn_runtime::network::TensorView;
use nn_runtime::prelude::*;
use nn_runtime::scalar::Scalar;
use nn_runtime::{Layer, Pass, layer, nalgebra};

network! {
    #[weights("ui/weights/network.safetensors")]
    pub struct Plain: [4] -> [3] { fc1: linear(2), tanh, fc2: linear(3) }

    #[weights(r"ui/weights/network_with_spec.safetensors",)]
    struct WithSpec: [4] -> [3] { fc1: linear(2), tanh, fc2: linear(3) }

    #[weights("ui/weights/f16.safetensors")]
    struct Half: [4] -> [3] { fc1: linear(2), tanh, fc2: linear(3) }

    #[weights("ui/weights/bf16.safetensors")]
    struct Brain: f64 [4] -> f64 [3] { fc1: linear(2), tanh, fc2: linear(3) }

    #[weights("ui/weights/f64.safetensors")]
    struct Single: [4] -> [3] { fc1: linear(2), tanh, fc2: linear(3) }

    #[weights("ui/weights/network.safetensors")]
    struct Double: f64 [4] -> f64 [3] { fc1: linear(2), tanh, fc2: linear(3) }

    #[weights("ui/weights/norm.safetensors")]
    struct Norm: [2] -> [2] { norm: batch_norm1d }

    #[weights("ui/weights/network_with_spec.safetensors")]
    struct Both: [4] -> [3] { #[frozen] fc1: linear(2), tanh, fc2: linear(3) }

    #[weights("ui/weights/frozen_alone.safetensors")]
    struct FrozenAlone: [4] -> [3] { #[frozen] fc1: linear(2), tanh, out: linear(3) }

    struct Encoder: [4] -> [2] { fc: linear(2), leaky_relu }

    #[weights("ui/weights/encoder.safetensors")]
    struct Nested: [4] -> [3] { enc: Encoder, out: linear(3) }

    #[weights("ui/weights/encoder_with_spec.safetensors")]
    struct NestedWithSpec: [4] -> [3] { enc: inside::Encoder -> [2], out: linear(3) }

    #[weights("ui/weights/encoder_with_spec.safetensors")]
    struct NestedFrozen: [4] -> [3] { #[frozen] enc: Encoder, out: linear(3) }

    #[weights("ui/weights/own.safetensors")]
    struct WithOwn: [3] -> [1] { own: Own -> [2], out: linear(1) }

    #[cfg_attr(debug_assertions, weights("ui/weights/network.safetensors"))]
    #[cfg_attr(not(debug_assertions), weights("ui/weights/f16.safetensors"))]
    #[cfg_attr(any(), weights("there_is_no.safetensors"))]
    struct Conditional: [4] -> [3] { fc1: linear(2), tanh, fc2: linear(3) }
}

mod inside {
    use super::network;

    network! { pub struct Encoder: [4] -> [2] { fc: linear(2), leaky_relu } }
}

layer! {
    /// A layer of the user's own, whose first tensor stands as in PyTorch.
    struct Own {
        scale: [[f32; 3]; 2],
        shift: [f32; 2],
    }
}

impl Layer<3, 2> for Own {
    type Cache<const BATCH: usize> = ();

    fn forward<I: Isa, const BATCH: usize>(
        &self,
        _: I,
        _: &nalgebra::SMatrix<f32, BATCH, 3>,
        output: &mut nalgebra::SMatrix<f32, BATCH, 2>,
        (): &mut (),
        _: Pass,
    ) {
        output.fill(self.shift[0]);
    }

    fn backward_input<I: Isa, const BATCH: usize>(
        &self,
        _: I,
        _: &mut nalgebra::SMatrix<f32, BATCH, 3>,
        (): &mut (),
        _: &nalgebra::SMatrix<f32, BATCH, 2>,
        _: Pass,
    ) {
    }
}

/// The first value of each tensor and how many there are; the values go up by an eighth.
fn check<'n, T: Scalar + 'n>(state_dict: impl Iterator<Item = TensorView<'n, T>>, expected: &[(&str, u8, usize)])
where
    f64: From<T>,
{
    let mut names = Vec::new();
    for view in state_dict {
        let name = view.info().name().to_string();
        let (_, first, len) = *expected.iter().find(|(expected, ..)| *expected == name).expect("no other tensor");
        let values: Vec<f64> = view.values().map(f64::from).collect();
        let wanted: Vec<f64> = (0..len).map(|index| (first as f64 + index as f64) / 8.0).collect();
        assert_eq!(values, wanted, "{name}");
        names.push(name);
    }
    assert_eq!(names.len(), expected.len(), "{names:?}");
}

const PLAIN: &[(&str, u8, usize)] =
    &[("fc1.weight", 1, 8), ("fc1.bias", 11, 2), ("fc2.weight", 21, 6), ("fc2.bias", 31, 3)];
const ENCODER: &[(&str, u8, usize)] =
    &[("enc.fc.weight", 1, 8), ("enc.fc.bias", 11, 2), ("out.weight", 21, 6), ("out.bias", 31, 3)];

#[test]
fn the_values_are_those_of_the_file() {
    check(Plain::PRETRAINED.state_dict(), PLAIN);
    check(WithSpec::PRETRAINED.state_dict(), PLAIN);
    check(Conditional::PRETRAINED.state_dict(), PLAIN);
    let state = [("norm.weight", 1, 2), ("norm.bias", 3, 2), ("norm.running_mean", 5, 2), ("norm.running_var", 7, 2)];
    check(Norm::PRETRAINED.state_dict(), &state);
}

#[test]
fn the_values_are_converted_to_the_networks_type() {
    check(Half::PRETRAINED.state_dict(), PLAIN);
    check(Brain::PRETRAINED.state_dict(), PLAIN);
    check(Single::PRETRAINED.state_dict(), PLAIN);
    check(Double::PRETRAINED.state_dict(), PLAIN);
}

#[test]
fn frozen_parameters_have_a_constant_of_their_own() {
    check(Both::PRETRAINED.with_frozen(BothFrozen::PRETRAINED).state_dict(), PLAIN);
    check(NestedFrozen::PRETRAINED.with_frozen(NestedFrozenFrozen::PRETRAINED).state_dict(), ENCODER);
    let fc1 = &FrozenAloneFrozen::PRETRAINED.fc1;
    assert_eq!((fc1.weight, fc1.bias), (BothFrozen::PRETRAINED.fc1.weight, BothFrozen::PRETRAINED.fc1.bias));
}

#[test]
fn stages_of_types_from_elsewhere_have_their_tensors() {
    check(Nested::PRETRAINED.state_dict(), ENCODER);
    check(NestedWithSpec::PRETRAINED.state_dict(), ENCODER);
    check(
        WithOwn::PRETRAINED.state_dict(),
        &[("own.scale", 1, 6), ("own.shift", 7, 2), ("out.weight", 1, 2), ("out.bias", 1, 1)],
    );
    assert_eq!(
        WithOwn::PRETRAINED.own.scale[1].map(f32::to_bits),
        [4.0_f32, 5.0, 6.0].map(|value| (value / 8.0).to_bits())
    );
}

#[test]
fn a_constant_is_used_where_it_is() {
    const NETWORK: &Plain = Plain::PRETRAINED;
    static COPY: Plain = *Plain::PRETRAINED;
    assert!(std::ptr::eq(NETWORK, Plain::PRETRAINED));
    assert_eq!(COPY.predict(&[1.0, 2.0, 3.0, 4.0]), Plain::PRETRAINED.predict(&[1.0, 2.0, 3.0, 4.0]));
    let mut tuned = *Plain::PRETRAINED;
    tuned.fc1.bias[0] = 0.0;
    assert_ne!(&tuned, Plain::PRETRAINED);
}

network! {
    struct Inner: [4] -> [6] { fc: linear(6), norm: batch_norm1d(eps = 1e-3), silu }

    /// What `save` writes, the macro reads: nested, recurrent in both directions, joined.
    #[weights("weights/saved.safetensors")]
    struct Saved: [4] -> [4, 2] {
        inner: Inner,
        residual { hidden: linear(6, bias = false), hard_tanh(min_val = -0.5) },
        reshape([2, 3]),
        rms_norm,
        concat(dim = 0) { [], [dropout(0.25)] },
        gru: gru(2, bidirectional = true),
        out: linear(2),
    }
}

#[test]
fn what_is_saved_is_read_while_compiling() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/weights/saved.safetensors");
    let bytes = std::fs::read(file).expect("the file is there");
    assert_eq!(*Saved::PRETRAINED, Saved::from_bytes(&bytes).expect("its own file"));
    assert!(Saved::PRETRAINED.to_bytes() == bytes, "`save` writes another file now");
}
