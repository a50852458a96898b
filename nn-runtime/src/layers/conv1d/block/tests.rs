use super::*;
use crate::init::{rng, unit};
use crate::kernels::{Portable, at_each_level};
use crate::layers::conv1d::step;

fn random<const R: usize, const C: usize>(seed: u64) -> SMatrix<f32, R, C> {
    let mut rng = rng(seed);
    SMatrix::from_fn(|_, _| (2.0 * unit(&mut rng) - 1.0) as f32)
}

/// Blocks of `FRAMES` steps, one after the other, against the steps: outputs and state.
struct Check<
    const FRAMES: usize,
    const CHANNELS: usize,
    const OUT: usize,
    const K: usize,
    const LEN: usize,
    const MOVED: usize,
> {
    dilation: usize,
    groups: usize,
}

impl<const FRAMES: usize, const CHANNELS: usize, const OUT: usize, const K: usize, const LEN: usize, const MOVED: usize>
    Kernel for Check<FRAMES, CHANNELS, OUT, K, LEN, MOVED>
{
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        let Self { dilation, groups } = self;
        let (weight, bias) = (random::<OUT, K>(1), random::<OUT, 1>(2));
        for bias in [Some(&bias), None] {
            let (mut blocks, mut steps) = (SVector::<f32, LEN>::zeros(), SVector::<f32, LEN>::zeros());
            let mut moved = SMatrix::<f32, FRAMES, MOVED>::repeat(f32::NAN);
            for block in 0..5 {
                let input = random::<FRAMES, CHANNELS>(10 + block);
                let mut output = SMatrix::<f32, FRAMES, OUT>::repeat(99.0);
                step_block(isa, dilation, groups, &weight, bias, &mut blocks, &input, &mut output, &mut moved);
                for row in 0..FRAMES {
                    let frame = SMatrix::<f32, 1, CHANNELS>::from_fn(|_, channel| input[(row, channel)]);
                    let mut expected = SMatrix::<f32, 1, OUT>::repeat(99.0);
                    step(isa, dilation, groups, &weight, bias, &mut steps, &frame, &mut expected);
                    for (output, expected) in output.row(row).iter().zip(&expected) {
                        let allowed = if groups > 1 { 0.0 } else { 1e-6 * expected.abs().max(1.0) };
                        assert!((output - expected).abs() <= allowed, "{output}, not {expected}, in row {row}");
                    }
                }
                assert_eq!(blocks, steps, "the state after block {block}");
            }
        }
    }
}

macro_rules! check {
    ($frames:literal of $channels:literal -> $outputs:literal, kernel $kernel:literal, dilation $dilation:literal, groups $groups:literal) => {
        at_each_level(|| Check::<
            $frames,
            $channels,
            $outputs,
            { $channels / $groups * $kernel },
            { $channels * $dilation * ($kernel - 1) + 1 },
            { if $kernel > 1 { $channels * $kernel } else { 0 } },
        > {
            dilation: $dilation,
            groups: $groups,
        });
    };
}

#[test]
fn blocks_are_the_steps() {
    check!(1 of 3 -> 5, kernel 3, dilation 1, groups 1);
    check!(7 of 1 -> 1, kernel 2, dilation 1, groups 1);
    check!(7 of 4 -> 17, kernel 4, dilation 3, groups 1);
    check!(64 of 5 -> 9, kernel 3, dilation 1, groups 1);
    check!(16 of 33 -> 6, kernel 2, dilation 40, groups 1);
    check!(5 of 2 -> 3, kernel 7, dilation 5, groups 1);
}

#[test]
fn a_kernel_of_one_needs_no_memory() {
    check!(9 of 3 -> 2, kernel 1, dilation 1, groups 1);
    check!(9 of 4 -> 6, kernel 1, dilation 3, groups 2);
}

#[test]
fn groups_have_the_bits_of_steps() {
    check!(7 of 4 -> 6, kernel 3, dilation 2, groups 2);
    check!(64 of 5 -> 5, kernel 3, dilation 1, groups 5);
    check!(13 of 6 -> 12, kernel 2, dilation 4, groups 3);
}

#[test]
fn no_state_makes_it_panic() {
    let (weight, input) = (SMatrix::<f32, 1, 2>::new(1.0, 2.0), SMatrix::<f32, 3, 1>::new(3.0, 4.0, 5.0));
    for position in [f32::NAN, -5.0, 1e30, f32::INFINITY, 0.5] {
        let (mut state, mut output) = (SVector::<f32, 2>::new(1.0, position), SMatrix::<f32, 3, 1>::zeros());
        step_block(Portable, 1, 1, &weight, None, &mut state, &input, &mut output, &mut SMatrix::<f32, 3, 2>::zeros());
    }
}
