#![deny(warnings)]
#![allow(non_camel_case_types, dead_code, non_upper_case_globals)]

/// Everything here has a name that the expansion could mean.
mod crowded {
    pub struct Option;
    pub struct Result;
    pub struct Some;
    pub struct None;
    pub struct Vec;
    pub struct Box;
    pub struct Copy;
    pub struct Clone;
    pub struct Sized;
    pub struct SMatrix;
    pub struct SVector;
    pub struct Network;
    pub struct Layer;
    pub struct Pass;
    pub struct Self_;
    pub struct f32;
    pub struct f64;
    pub struct usize;
    pub struct u8;
    pub struct bool;
    pub struct str;
    pub mod core {}
    pub mod std {}
    pub mod alloc {}
    pub mod nn {}
    pub mod nalgebra {}
    pub mod bytemuck {}

    ::nn_runtime::network! {
        pub struct Net: [6, 4] -> [3] {
            #[frozen]
            linear(5), relu,
            residual { linear(5), dropout(0.1) },
            concat(dim = 1) { [gru(2)], [] },
            flatten,
            batch_norm1d,
            linear(3),
        }

        pub struct Words: u8 [6] -> f64 [6, 3] { embedding(7, 3), softmax }
        pub struct Outer: [6, 4] -> [6, 3] { linear(2), gru(3) }
    }
}

fn main() {
    use nn_runtime::prelude::*;

    let (net, frozen) = (crowded::Net::new(&mut rng(1)), crowded::NetFrozen::new(&mut rng(2)));
    println!("{} {}", net.with_frozen(&frozen).predict(&SVector::zeros()), crowded::Net::summary());
    println!("{:?}", crowded::Words::new(&mut rng(1)).predict(&SVector::zeros()));
    let mut state = crowded::OuterState::ZERO;
    println!("{}", crowded::Outer::new(&mut rng(1)).step(&mut state, &SVector::zeros()));
}
