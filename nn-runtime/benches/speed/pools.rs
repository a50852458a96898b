//! Pools. They compute nothing worth mentioning with what they read and write: their share of the peak counts one multiply-add
//! for each value of the input.

use nn_runtime::kernels::{Isa, Window2d, dispatch};
use nn_runtime::layers::{avg_pool2d, max_pool2d};
use nn_runtime::nalgebra::SMatrix;

use super::{Aligned, Calls, Case, Layer, Operation, Zeroable, bytemuck};

/// 2x2 windows over 6 channels of 24x24, as in LeNet-5.
const WINDOW: Window2d = Window2d {
    channels: 6,
    input: [24, 24],
    output: [12, 12],
    kernel: [2, 2],
    stride: [2, 2],
    padding: [0, 0],
    dilation: [1, 1],
};
const N: usize = 3456;
const M: usize = 864;

#[derive(Clone, Copy, Zeroable)]
#[repr(C)]
struct Lanes<const BATCH: usize> {
    input: Aligned<SMatrix<f32, BATCH, N>>,
    output: Aligned<SMatrix<f32, BATCH, M>>,
    cache: Aligned<SMatrix<u8, BATCH, M>>,
}

struct Max<const BATCH: usize>(Box<Lanes<BATCH>>);

impl<const BATCH: usize> Layer for Max<BATCH> {
    #[inline(always)]
    fn call<I: Isa>(&mut self, isa: I, operation: Operation) {
        let Lanes { input: Aligned(input), output: Aligned(output), cache: Aligned(cache) } = &mut *self.0;
        match operation {
            Operation::Forward if BATCH == 1 => max_pool2d::infer(isa, WINDOW, input, output),
            Operation::Forward => max_pool2d::forward(isa, WINDOW, input, output, cache),
            Operation::GradInput => max_pool2d::backward_input(isa, WINDOW, cache, output, input),
            Operation::GradWeight => {}
        }
    }
}

struct Average<const BATCH: usize>(Box<Lanes<BATCH>>);

impl<const BATCH: usize> Layer for Average<BATCH> {
    #[inline(always)]
    fn call<I: Isa>(&mut self, isa: I, operation: Operation) {
        let Lanes { input: Aligned(input), output: Aligned(output), .. } = &mut *self.0;
        match operation {
            Operation::Forward => avg_pool2d::forward(isa, WINDOW, Some(WINDOW.input), input, output),
            Operation::GradInput => avg_pool2d::backward_input(isa, WINDOW, Some(WINDOW.input), output, input),
            Operation::GradWeight => {}
        }
    }
}

fn case<const BATCH: usize>(name: &str, mut layer: impl Layer + 'static, operation: Operation, floor: f64) -> Case {
    let name = format!("{name}, batch {BATCH}, {operation:?}");
    Case::new(name, BATCH * N, floor, move |times| dispatch(Calls(&mut layer, operation, times)))
}

pub fn cases() -> Vec<Case> {
    let (forward, backward) = (Operation::Forward, Operation::GradInput);
    vec![
        case::<32>("max_pool2d", Max::<32>(bytemuck::zeroed_box()), forward, 0.09),
        case::<32>("max_pool2d", Max::<32>(bytemuck::zeroed_box()), backward, 0.075),
        case::<32>("avg_pool2d", Average::<32>(bytemuck::zeroed_box()), forward, 0.09),
        case::<32>("avg_pool2d", Average::<32>(bytemuck::zeroed_box()), backward, 0.065),
        case::<1>("max_pool2d", Max::<1>(bytemuck::zeroed_box()), forward, 0.08),
        case::<1>("avg_pool2d", Average::<1>(bytemuck::zeroed_box()), forward, 0.12),
    ]
}
