//! Trains XOR without `std` and without an allocator: it links, or it does not. Exits with 0 if the network has learnt.

#![no_std]
#![no_main]

use core::ffi::c_int;
use core::panic::PanicInfo;

use nn_runtime::prelude::*;

network! {
    /// Exclusive or.
    struct Xor: [2] -> [1] {
        hidden: linear(8), tanh,
        out: linear(1),
    }
}

// The C library of the host, for nothing but its start-up code.
#[link(name = "c")]
unsafe extern "C" {}

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    loop {}
}

/// Trains, and compares the outputs with the truth table.
fn has_learnt() -> Result<bool, TrainError> {
    let inputs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    let targets = [[0.0], [1.0], [1.0], [0.0]];
    let mut network = Xor::new(&mut rng(1));
    let mut training = Training::<Xor, Adam, 4>::ZERO;
    for _ in 0..500 {
        training.step(&mut network, &Adam::new(0.05), &BceWithLogits, &inputs, &targets)?;
    }
    let is_right = |(input, target): (&[f32; 2], &[f32; 1])| (network.predict(input)[0] > 0.0) == (target[0] > 0.5);
    Ok(inputs.iter().zip(&targets).all(is_right))
}

#[unsafe(no_mangle)]
extern "C" fn main(_: c_int, _: *const *const u8) -> c_int {
    match has_learnt() {
        Ok(true) => 0,
        Ok(false) => 1,
        Err(_) => 2,
    }
}
