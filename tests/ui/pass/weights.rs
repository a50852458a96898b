#![no_implicit_prelude]
#![deny(warnings)]

/// Constants of weights where no name of Rust's is in scope, and others mean something else.
#[allow(dead_code, non_camel_case_types)]
mod hostile {
    pub struct Option;
    pub struct Some;
    pub struct None;
    pub struct u8;
    pub struct usize;
    pub mod core {}
    pub mod nn {}
    pub mod pretrained {}
}

#[allow(unused_imports)]
mod networks {
    use super::hostile::*;

    ::nn_runtime::network! {
        #[weights("ui/weights/network.safetensors")]
        pub struct Plain: [4] -> [3] { fc1: linear(2), tanh, fc2: linear(3) }

        pub struct Encoder: [4] -> [2] { fc: linear(2), leaky_relu }

        #[weights("ui/weights/encoder_with_spec.safetensors")]
        pub struct Nested: [4] -> [3] { enc: Encoder, out: linear(3) }

        /// There is neither the network nor the file.
        #[cfg(any())]
        #[weights("there_is_none.safetensors")]
        struct Nowhere: [4] -> [3] { linear(3) }
    }
}

::nn_runtime::network! {
    /// Its constants are not used.
    #[weights("ui/weights/network.safetensors")]
    struct Unused: [4] -> [3] { #[frozen] fc1: linear(2), tanh, fc2: linear(3) }
}

macro_rules! network_of {
    ($path:literal) => {
        ::nn_runtime::network! {
            #[weights($path)]
            struct OfMacro: [4] -> [3] { fc1: linear(2), tanh, fc2: linear(3) }
        }
    };
}
network_of!("ui/weights/network.safetensors");

fn main() {
    ::nn_runtime::network! {
        #[cfg_attr(all(), weights("ui/weights/network.safetensors"))]
        struct Inside: [4] -> [3] { fc1: linear(2), tanh, fc2: linear(3) }
    }
    const INPUT: [f32; 4] = [1.0, 2.0, 3.0, 4.0];
    let output = networks::Plain::PRETRAINED.predict(&INPUT);
    ::std::assert_eq!(output, Inside::PRETRAINED.predict(&INPUT));
    ::std::assert_eq!(output, OfMacro::PRETRAINED.predict(&INPUT));
    ::std::assert!(networks::Nested::PRETRAINED.predict(&INPUT) != output);
    ::std::println!("{}", Unused::summary());
}
