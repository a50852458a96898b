//! Layers of a user's own, as `layer!` declares them.

use approx::assert_relative_eq;
use nn_runtime::network::{Layer as _, LayerParameters, Tensor};
use nn_runtime::prelude::*;
use nn_runtime::scalar::Scalar;
use nn_runtime::{bytemuck, kernels, math, nalgebra};

type Vector = nalgebra::Vector3<f32>;

layer! {
    /// A field of every kind.
    #[derive(Default)]
    pub struct Everything {
        /// A matrix.
        pub matrix: SMatrix<f32, 3, 2>,
        /// A matrix of one column.
        pub column: SMatrix<f32, 3, 1>,
        /// A vector.
        pub(crate) vector: SVector<f32, 3>,
        array: [f32; 5],
        /// Rows.
        pub rows: [[f32; 2]; 4],
        /// A number.
        pub number: f32,
        /// A type of another name.
        pub alias: Vector,
        /// Not trained.
        #[state]
        pub running_mean: nalgebra::SVector<f32, 2>,
        #[cfg(any())]
        pub absent: Vec<u8>,
        /// A field whose name is a keyword.
        pub r#type: f32,
    }

    /// One of `f64`.
    struct Double { alias: nalgebra::Matrix2x3<f64> }

    /// Without parameters.
    pub struct Unit;

    /// Without fields.
    pub struct Empty {}

    /// Generic in the type of its values and in its sizes.
    pub struct Mix<T: Scalar, const ROWS: usize, const COLUMNS: usize> {
        /// Its weight.
        pub weight: SMatrix<T, ROWS, COLUMNS>,
    }

    /// Generic without fields.
    pub struct Setting<const STEPS: usize>;
}

#[test]
fn each_field_is_a_tensor() {
    let expected = [
        Tensor::new::<f32>("matrix", &[3, 2]),
        Tensor::new::<f32>("column", &[3, 1]),
        Tensor::new::<f32>("vector", &[3]),
        Tensor::new::<f32>("array", &[5]),
        Tensor::new::<f32>("rows", &[4, 2]).row_major(),
        Tensor::new::<f32>("number", &[]),
        Tensor::new::<f32>("alias", &[3]),
        Tensor::new::<f32>("running_mean", &[2]).state(),
        Tensor::new::<f32>("type", &[]),
    ];
    assert_eq!(<Everything as LayerParameters<f32>>::TENSORS, expected);
    let values: usize = expected.iter().map(Tensor::len).sum();
    assert_eq!(size_of::<Everything>(), 4 * values);
    assert_eq!(<Double as LayerParameters<f64>>::TENSORS, [Tensor::new::<f64>("alias", &[2, 3])]);
    assert_eq!(<Mix<f64, 4, 1> as LayerParameters<f64>>::TENSORS, [Tensor::new::<f64>("weight", &[4, 1])]);
    assert_eq!(<Mix<f32, 2, 3> as LayerParameters<f32>>::TENSORS, [Tensor::new::<f32>("weight", &[2, 3])]);
    assert!(<Unit as LayerParameters<f32>>::TENSORS.is_empty());
    assert!(<Empty as LayerParameters<f64>>::TENSORS.is_empty());
    assert!(<Setting<3> as LayerParameters<f64>>::TENSORS.is_empty());
}

#[test]
fn the_struct_is_plain_data() {
    let everything = Everything { array: [1.0, 2.0, 3.0, 4.0, 5.0], ..Everything::default() };
    let copy = everything;
    assert_eq!(bytemuck::bytes_of(&copy), bytemuck::bytes_of(&everything));
    assert_eq!(format!("{:?} {:?}", Unit, Setting::<3>), "Unit Setting");
    assert_eq!(Mix { weight: SMatrix::<f32, 1, 1>::zeros() }, bytemuck::zeroed());
    assert_eq!(Double { alias: nalgebra::Matrix2x3::zeros() }.alias.len() + Empty {}.clone().eq(&Empty {}) as usize, 7);
}

layer! {
    /// `x + sin²(x)`
    struct Snake;
}

impl Activation for Snake {
    #[inline(always)]
    fn value<I: Isa, T: Scalar>(isa: I, input: T) -> T {
        let [sin, _] = math::sin_cos(isa, input);
        input + sin * sin
    }

    #[inline(always)]
    fn derivative<I: Isa, T: Scalar>(isa: I, input: T) -> T {
        let [sin, cos] = math::sin_cos(isa, input);
        T::ONE + (sin + sin) * cos
    }
}

fn check_snake<T: Scalar, const N: usize>(tolerance: f64) {
    let input = SMatrix::<T, 2, N>::from_fn(|row, column| T::from_f64((row as f64 - column as f64) / 3.0));
    let mut output = SMatrix::<T, 2, N>::repeat(T::ONE);
    let mut grad = input;
    let grad_output = SMatrix::<T, 2, N>::from_fn(|_, column| T::from_f64(column as f64 - 1.0));
    let isa = kernels::Portable;
    Snake.forward(isa, &input, &mut output, &mut (), Pass::inference(2));
    Snake.backward_input(isa, &mut grad, &mut (), &grad_output, Pass::training(1, 2));
    for row in 0..2 {
        for column in 0..N {
            let place = (row, column);
            let x = input[place].to_f64();
            assert_relative_eq!(
                output[place].to_f64(),
                x + x.sin().powi(2),
                epsilon = tolerance,
                max_relative = tolerance
            );
            let slope = 1.0 + (2.0 * x).sin();
            assert_relative_eq!(
                grad[place].to_f64(),
                (column as f64 - 1.0) * slope,
                epsilon = tolerance,
                max_relative = tolerance
            );
        }
    }
}

#[test]
fn an_activation_is_a_layer_of_every_size_and_type() {
    check_snake::<f32, 1>(1e-6);
    check_snake::<f32, 37>(1e-5);
    check_snake::<f64, 3>(1e-14);
}
