#![no_implicit_prelude]
#![deny(warnings)]

::nn_runtime::network! {
    pub struct Net: [1, 6, 6] -> [3] {
        conv2d(2, 3), relu,
        max_pool2d(2),
        flatten,
        linear(3), log_softmax,
    }
}

fn main() {
    let net = Net::new(&mut ::nn_runtime::init::rng(1));
    ::std::println!("{}", net.predict(&::nn_runtime::nalgebra::SVector::<f32, 36>::zeros()));
}
