//! Layers of a user's own where the runtime has another name: renamed in Cargo.toml, or handed on by another crate.

use deep::network::{LayerParameters, Tensor};
use deep::prelude::*;

/// The struct of a layer, with fields of both kinds: a type that is known as it is written, and one that the compiler checks.
mod renamed {
    deep::layer! {
        pub struct Own {
            pub weight: deep::nalgebra::SMatrix<f32, 3, 2>,
            pub alias: super::Alias,
        }

        pub struct Without;
    }
}

mod handed_on {
    nn_facade::nn::layer! {
        pub struct Generic<const N: usize> {
            pub bias: [f64; N],
        }
    }
    nn_facade::nn_runtime::layer! { pub struct Without; }
}

type Alias = SVector<f32, 3>;

fn names(tensors: &[Tensor]) -> Vec<&str> {
    tensors.iter().map(|tensor| tensor.name).collect()
}

#[test]
fn a_layer_finds_the_runtime() {
    assert_eq!(names(<renamed::Own as LayerParameters<f32>>::TENSORS), ["weight", "alias"]);
    assert_eq!(names(<handed_on::Generic<2> as LayerParameters<f64>>::TENSORS), ["bias"]);
    assert!(names(<renamed::Without as LayerParameters<f32>>::TENSORS).is_empty());
    assert!(names(<handed_on::Without as LayerParameters<f64>>::TENSORS).is_empty());
}
