#![no_implicit_prelude]
#![deny(warnings)]
#![allow(non_camel_case_types, dead_code)]

/// Every layer and structure where no name of Rust's is in scope, all names mean something else, and every value has methods of the
/// names that the expansion calls.
mod hostile {
    pub struct Option;
    pub struct Result;
    pub struct Some;
    pub struct None;
    pub struct Vec;
    pub struct Box;
    pub struct Copy;
    pub struct Clone;
    pub struct Default;
    pub struct Sized;
    pub struct Checked;
    pub struct Of;
    pub struct Known;
    pub struct Stage;
    pub struct bool;
    pub struct f32;
    pub struct f64;
    pub struct str;
    pub struct usize;
    pub mod core {}
    pub mod std {}
    pub mod alloc {}
    pub mod nn {}
    pub mod nn_runtime {}
    pub mod bytemuck {}
    pub mod fits {}
    pub mod diagnostic {}

    /// Methods that are found before those of a type itself, which take a reference.
    pub trait Methods: ::core::marker::Sized {
        fn init(self) {}
        fn init_frozen(self) {}
        fn step(self) {}
        fn reset(self) {}
        fn predict(self) {}
        fn predict_in(self) {}
        fn zeroed(self) {}
        fn boxed(self) {}
        fn new(self) {}
        fn forward(self) {}
        fn forward_with(self) {}
        fn infer(self) {}
        fn infer_with(self) {}
        fn backward_with(self) {}
        fn backward_parameters(self) {}
        fn backward_input(self) {}
        fn backward_input_with(self) {}
        fn output_then_grad(self) {}
        fn as_slice(self) {}
        fn as_mut_slice(self) {}
        fn check_indices(self) {}
        fn clone(self) {}
        fn default(self) {}
        fn eq(self) {}
        fn fmt(self) {}
        fn none(self) {}
        fn weights(self) {}
        fn stage(self) {}
        fn evaluation(self) {}
        fn parameters(self) {}
        fn layer(self) {}
        fn frozen(self) {}
        fn multiply_adds(self) {}
        fn state(self) {}
        fn row_major(self) {}
    }

    impl<T> Methods for T {}

    ::nn_runtime::network! {
        #[derive(Default, PartialOrd)]
        pub struct Images: [2, 9, 9] -> [3] {
            conv2d(4, kernel_size = 3), relu,
            batch_norm2d,
            max_pool2d(2),
            conv_transpose2d(4, kernel_size = 2), leaky_relu,
            group_norm(2), relu6,
            avg_pool2d(2), elu,
            add { [conv2d(4, kernel_size = 1)], [] },
            add { [global_avg_pool], [global_max_pool] },
            batch_norm1d,
            #[frozen] linear(3), log_softmax,
        }

        pub struct Signals: f64 [2, 9] -> f64 [2, 9] {
            conv1d(4, kernel_size = 3, causal = true), selu,
            residual { conv_transpose1d(4, kernel_size = 3, padding = 1), sigmoid, hard_sigmoid },
            max_pool1d(1), avg_pool1d(1),
            layer_norm, rms_norm, prelu,
            repeat(2) { named: conv1d(4, kernel_size = 3, padding = same), tanh, hard_tanh },
            transpose, linear(2), transpose,
        }

        pub struct Words: u8 [6] -> [4] {
            embedding(7, 4), positional_embedding, positional_encoding,
            block: residual { multihead_attention(2, need_weights = true), dropout(0.1) },
            concat(dim = 1) { [rnn(2)], [gru(2, bidirectional = true)], [lstm(2)] },
            softsign, gelu, silu, mish, softplus, hard_swish,
            reshape([8, 6]), mean, last_one: linear(4), softmax,
        }

        pub struct Steps: [6, 4] -> [3] { #[frozen] linear(4), gru(3), lstm(3), last, flatten }
    }

    ::nn_runtime::network! {
        pub struct Outer: [6, 4] -> [3] {
            #[frozen] Inner -> [6, 4], self::Inner -> [6, 4], flatten, linear(3),
        }
    }

    ::nn_runtime::network! { pub struct Inner: [6, 4] -> [6, 4] { linear(4) } }

    pub type Row = ::nn_runtime::nalgebra::RowVector3<::std::primitive::f32>;

    ::nn_runtime::layer! {
        #[derive(PartialOrd)]
        pub struct Own {
            pub weight: ::nn_runtime::nalgebra::SMatrix<::std::primitive::f32, 4, 3>,
            pub array: [::std::primitive::f32; 2],
            pub field: Row,
            #[state]
            pub number: ::std::primitive::f32,
        }

        pub struct Without;

        pub struct Generic<T: ::nn_runtime::scalar::Scalar, const N: ::std::primitive::usize> { pub bool: [T; N] }
    }
}

fn main() {
    use ::nn_runtime::nalgebra::SVector;

    let mut rng = ::nn_runtime::init::rng(1);
    let (images, frozen) = (hostile::Images::new(&mut rng), hostile::ImagesFrozen::boxed(&mut rng));
    ::std::println!("{} {}", images.with_frozen(&*frozen).predict(&SVector::<f32, 162>::zeros()), hostile::Images::summary());
    ::std::println!("{}", hostile::Signals::new(&mut rng).predict(&SVector::<f64, 18>::zeros()));
    ::std::println!("{:?}", hostile::Words::new(&mut rng).predict(&SVector::<u8, 6>::zeros()));
    let (mut state, steps) = (hostile::StepsState::ZERO, hostile::Steps::new(&mut rng));
    state.reset();
    ::std::println!("{}", steps.with_frozen(&hostile::StepsFrozen::ZERO).step(&mut state, &SVector::<f32, 4>::zeros()));
    ::std::println!("{:?}", (hostile::Outer::ZERO, hostile::OuterFrozen::ZERO));
    let own: hostile::Own = ::nn_runtime::bytemuck::zeroed();
    ::std::println!("{:?}", (own, hostile::Without, hostile::Generic { bool: [1.0_f64; 3] }));
}
