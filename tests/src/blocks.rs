//! Steps of a sequence in blocks, and one at a time.

use nn_runtime::bytemuck::zeroed_box;
use nn_runtime::kernels::{Isa, Kernel, Portable, dispatch};
use nn_runtime::network::{Row as _, Streaming, Tile};
use nn_runtime::scalar::Scalar;

use super::{Value, assert_close};

/// Runs a network in blocks of 7, 1 and 64 steps with single steps between them, and checks that it gives what it gives in steps alone,
/// to `precision`, without and with the instructions of the machine.
///
/// # Panics
///
/// If it does not.
pub fn check_blocks<N, V: Value, T: Scalar + Value, const IN: usize, const OUT: usize>(
    network: &N,
    frozen: &N::Frozen,
    precision: f64,
    what: &str,
) where
    N: Streaming<Frame = [V; IN], FrameOutput = [T; OUT]>,
{
    let alternate = || Alternate { network, frozen, precision, what };
    alternate().run(Portable);
    dispatch(alternate());
}

struct Alternate<'a, N: Streaming> {
    network: &'a N,
    frozen: &'a N::Frozen,
    precision: f64,
    what: &'a str,
}

impl<N, V: Value, T: Scalar + Value, const IN: usize, const OUT: usize> Kernel for Alternate<'_, N>
where
    N: Streaming<Frame = [V; IN], FrameOutput = [T; OUT]>,
{
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        let mut run = Run { of: self, isa, blocks: zeroed_box(), steps: zeroed_box(), done: 0 };
        for _ in 0..2 {
            run.block::<7>();
            run.block::<1>();
            run.step();
            run.block::<64>();
            run.step();
            run.step();
        }
    }
}

/// A run in blocks, and the same in steps.
struct Run<'a, N: Streaming, I> {
    of: Alternate<'a, N>,
    isa: I,
    blocks: Box<N::State>,
    steps: Box<N::State>,
    done: usize,
}

impl<N, I: Isa, V: Value, T: Scalar + Value, const IN: usize, const OUT: usize> Run<'_, N, I>
where
    N: Streaming<Frame = [V; IN], FrameOutput = [T; OUT]>,
{
    /// The frame of a step, with values between -1.5 and 1.5, or all indices.
    fn frame(step: usize) -> [V; IN] {
        std::array::from_fn(|at| {
            let number = (((step * IN + at) as f64 + 1.0) * 12.9898).sin();
            let index = |bound: usize| (0.5 * (number + 1.0) * bound as f64).floor();
            V::from_value(N::INPUTS[0].index_bound.map_or(1.5 * number, index))
        })
    }

    fn block<const FRAMES: usize>(&mut self) {
        let mut workspace = zeroed_box::<N::BlockWorkspace<FRAMES>>();
        let frames: [_; FRAMES] = std::array::from_fn(|row| Self::frame(self.done + row));
        <[V; IN]>::fill(self.isa, &frames.each_ref(), N::frames_mut(&mut workspace));
        let made = self.of.network.step_block_with(self.isa, self.of.frozen, &mut self.blocks, &mut workspace);
        for row in 0..FRAMES {
            let mut output = [T::ZERO; OUT];
            output.copy_from_tile(made, row);
            self.compare(&output, FRAMES);
        }
    }

    fn step(&mut self) {
        let mut output = zeroed_box::<Tile<[T; OUT], 1>>();
        let frame = Self::frame(self.done);
        frame.with_tile(|frame| {
            self.of.network.step_with(self.isa, self.of.frozen, frame, &mut self.blocks, &mut output);
        });
        let output = std::array::from_fn(|at| output[at]);
        self.compare(&output, 0);
    }

    /// Compares an output with that of the next step.
    fn compare(&mut self, output: &[T; OUT], frames: usize) {
        let mut expected = zeroed_box::<Tile<[T; OUT], 1>>();
        Self::frame(self.done).with_tile(|frame| {
            self.of.network.step_with(self.isa, self.of.frozen, frame, &mut self.steps, &mut expected);
        });
        let [output, expected] =
            [output.as_slice(), expected.as_slice()].map(|values| values.iter().map(|value| value.to_f64()));
        let what = format!("step {} in a block of {frames} of {}", self.done, self.of.what);
        assert_close(&output.collect::<Vec<_>>(), &expected.collect::<Vec<_>>(), self.of.precision, &what);
        self.done += 1;
    }
}
