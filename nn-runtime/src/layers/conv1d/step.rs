//! A causal convolution of stride 1, one step at a time.

use nalgebra::{SMatrix, SVector};

use crate::kernels::single::AnyRows;
use crate::kernels::{Isa, Kernel, single};
use crate::scalar::Scalar;

/// Overwrites `output` with a causal convolution's next output, of which `input` is the next input.
///
/// `state` is all zeros before the first step, and belongs to this function. It holds the last `dilation · (kernel - 1)`
/// inputs, which are `channels` values each, and one value more: `LEN = channels · dilation · (kernel - 1) + 1`.
pub fn step<I: Isa, T: Scalar, const OUT: usize, const K: usize, const LEN: usize, const CHANNELS: usize>(
    isa: I,
    dilation: usize,
    groups: usize,
    weight: &SMatrix<T, OUT, K>,
    bias: Option<&SVector<T, OUT>>,
    state: &mut SVector<T, LEN>,
    input: &SMatrix<T, 1, CHANNELS>,
    output: &mut SMatrix<T, 1, OUT>,
) {
    let Some((position, frames)) = state.as_mut_slice().split_last_mut() else { return };
    isa.call(Step {
        dilation,
        group_channels: (CHANNELS / groups.max(1)).max(1),
        group_outputs: (OUT / groups.max(1)).max(1),
        weight: weight.as_slice(),
        bias: bias.map(SVector::as_slice),
        past: Past { frames, position },
        input: input.as_slice(),
        met: &mut [T::ZERO; K],
        output: output.as_mut_slice(),
    });
}

struct Step<'a, T> {
    dilation: usize,
    group_channels: usize,
    group_outputs: usize,
    weight: &'a [T],
    bias: Option<&'a [T]>,
    past: Past<'a, T>,
    input: &'a [T],
    /// Memory for the inputs that an output is made of.
    met: &'a mut [T],
    output: &'a mut [T],
}

impl<T: Scalar> Kernel for Step<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(mut self, isa: I) {
        let met = core::mem::take(&mut self.met);
        let kernel = met.len() / self.group_channels;
        if self.group_channels == self.input.len() {
            for tap in 0..kernel {
                let places = met.iter_mut().skip(tap).step_by(kernel);
                places.zip(self.frame(tap, kernel)).for_each(|(place, value)| *place = *value);
            }
            single::product::<I, T, AnyRows>(isa, self.weight, self.bias, met, self.output);
        } else {
            let output = core::mem::take(&mut self.output);
            output.fill(T::ZERO);
            output.iter_mut().zip(self.bias.unwrap_or_default()).for_each(|(output, bias)| *output = *bias);
            for (column, weights) in self.weight.chunks_exact(output.len().max(1)).enumerate() {
                let (channel, tap) = (column / kernel.max(1), column % kernel.max(1));
                let values = self.frame(tap, kernel).iter().skip(channel).step_by(self.group_channels);
                let groups = weights.chunks(self.group_outputs).zip(output.chunks_mut(self.group_outputs));
                for ((weights, output), value) in groups.zip(values) {
                    for (output, weight) in output.iter_mut().zip(weights) {
                        *output = isa.mul_add(*weight, *value, *output);
                    }
                }
            }
        }
        self.past.push(self.input);
    }
}

impl<T: Scalar> Step<'_, T> {
    /// The input that a tap meets: the last one the present.
    #[inline(always)]
    fn frame(&self, tap: usize, kernel: usize) -> &[T] {
        if tap + 1 == kernel { self.input } else { self.past.frame(tap * self.dilation, self.input.len()) }
    }
}

/// The last inputs, in a ring.
pub(super) struct Past<'a, T> {
    pub(super) frames: &'a mut [T],
    /// The number of the oldest.
    pub(super) position: &'a mut T,
}

impl<T: Scalar> Past<'_, T> {
    /// Where in the ring the input is that came so many steps after the oldest.
    #[inline(always)]
    #[expect(clippy::cast_sign_loss, reason = "positions are not negative, and what is becomes 0")]
    pub(super) fn start(&self, steps: usize, channels: usize) -> usize {
        let start = (self.position.to_f64() as usize).saturating_add(steps).saturating_mul(channels);
        if start < self.frames.len() { start } else { start - self.frames.len() }
    }

    #[inline(always)]
    pub(super) fn frame(&self, steps: usize, channels: usize) -> &[T] {
        self.frames.get(self.start(steps, channels)..).and_then(|frames| frames.get(..channels)).unwrap_or_default()
    }

    /// Puts the present in the place of the oldest.
    #[inline(always)]
    fn push(&mut self, input: &[T]) {
        let start = self.start(0, input.len());
        let Some(oldest) = self.frames.get_mut(start..).and_then(|frames| frames.get_mut(..input.len())) else {
            return;
        };
        oldest.copy_from_slice(input);
        let is_last = start + input.len() == self.frames.len();
        *self.position = if is_last { T::ZERO } else { *self.position + T::ONE };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::{rng, unit};
    use crate::kernels::{Portable, Window2d, dispatch};
    use crate::layers::conv1d::forward;

    const STEPS: usize = 23;

    fn random<const R: usize, const C: usize>(seed: u64) -> SMatrix<f64, R, C> {
        let mut rng = rng(seed);
        SMatrix::from_fn(|_, _| 2.0 * unit(&mut rng) - 1.0)
    }

    /// The same sequence step by step and as a whole: `N` and `M` are its channels and outputs times its steps.
    struct Check<
        const CHANNELS: usize,
        const OUT: usize,
        const K: usize,
        const LEN: usize,
        const N: usize,
        const M: usize,
    > {
        kernel: usize,
        dilation: usize,
        groups: usize,
    }

    impl<const CHANNELS: usize, const OUT: usize, const K: usize, const LEN: usize, const N: usize, const M: usize>
        Kernel for Check<CHANNELS, OUT, K, LEN, N, M>
    {
        type Output = ();

        fn run<I: Isa>(self, isa: I) {
            let Self { kernel, dilation, groups } = self;
            let (weight, bias, input) = (random::<OUT, K>(1), random::<OUT, 1>(2), random::<1, N>(3));
            let window = Window2d {
                channels: CHANNELS,
                input: [1, STEPS],
                output: [1, STEPS],
                kernel: [1, kernel],
                stride: [1, 1],
                padding: [0, dilation * (kernel - 1)],
                dilation: [1, dilation],
            };
            for bias in [Some(&bias), None] {
                let mut expected = SMatrix::<f64, 1, M>::zeros();
                forward(isa, window, groups, &weight, bias, &input, &mut expected);
                let mut state = SVector::<f64, LEN>::zeros();
                for time in 0..STEPS {
                    let frame = SMatrix::<f64, 1, CHANNELS>::from_fn(|_, channel| input[channel * STEPS + time]);
                    let mut output = SMatrix::<f64, 1, OUT>::repeat(99.0);
                    step(isa, dilation, groups, &weight, bias, &mut state, &frame, &mut output);
                    for (m, output) in output.iter().enumerate() {
                        let expected = expected[m * STEPS + time];
                        assert!((output - expected).abs() < 1e-13, "step {time}, output {m}: {output}, not {expected}");
                    }
                }
            }
        }
    }

    macro_rules! check {
        ($channels:literal -> $outputs:literal, kernel $kernel:literal, dilation $dilation:literal, groups $groups:literal) => {
            let check = || Check::<
                $channels,
                $outputs,
                { $channels / $groups * $kernel },
                { $channels * $dilation * ($kernel - 1) + 1 },
                { $channels * STEPS },
                { $outputs * STEPS },
            > {
                kernel: $kernel,
                dilation: $dilation,
                groups: $groups,
            };
            check().run(Portable);
            dispatch(check());
        };
    }

    #[test]
    fn steps_are_the_sequence() {
        check!(1 -> 1, kernel 2, dilation 1, groups 1);
        check!(3 -> 5, kernel 3, dilation 1, groups 1);
        check!(4 -> 17, kernel 4, dilation 3, groups 1);
        check!(2 -> 3, kernel 7, dilation 5, groups 1);
    }

    #[test]
    fn a_kernel_of_one_remembers_nothing() {
        check!(3 -> 2, kernel 1, dilation 1, groups 1);
        check!(4 -> 6, kernel 1, dilation 3, groups 2);
    }

    #[test]
    fn steps_have_groups() {
        check!(4 -> 6, kernel 3, dilation 2, groups 2);
        check!(5 -> 5, kernel 3, dilation 1, groups 5);
        check!(6 -> 12, kernel 2, dilation 4, groups 3);
    }

    #[test]
    fn no_state_makes_it_panic() {
        let (weight, input) = (SMatrix::<f32, 1, 2>::new(1.0, 2.0), SMatrix::<f32, 1, 1>::new(3.0));
        for position in [f32::NAN, -5.0, 1e30, f32::INFINITY, 0.5] {
            let (mut state, mut output) = (SVector::<f32, 2>::new(1.0, position), SMatrix::<f32, 1, 1>::zeros());
            step(Portable, 1, 1, &weight, None, &mut state, &input, &mut output);
        }
    }
}
