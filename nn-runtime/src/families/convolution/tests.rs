use std::boxed::Box;

use nalgebra::{SMatrix, SVector};

use super::*;
use crate::init::{rng, unit};
use crate::kernels::{Kernel, Portable, at_each_level};

fn random<const R: usize, const C: usize>(seed: u64) -> SMatrix<f64, R, C> {
    let mut rng = rng(seed);
    SMatrix::from_fn(|_, _| 2.0 * unit(&mut rng) - 1.0)
}

/// A window with the same padding on either side.
const fn window(
    channels: usize,
    input: [usize; 2],
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: [usize; 2],
    dilation: [usize; 2],
) -> Window2d {
    const fn along(input: usize, kernel: usize, stride: usize, padding: usize, dilation: usize) -> usize {
        (input + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
    }
    let output = [
        along(input[0], kernel[0], stride[0], padding[0], dilation[0]),
        along(input[1], kernel[1], stride[1], padding[1], dilation[1]),
    ];
    Window2d { channels, input, output, kernel, stride, padding, dilation }
}

/// Calls `f` with (m, c, k, output pixel, input pixel) for every product of the convolution's definition.
fn for_each_product(window: Window2d, groups: usize, outputs: usize, mut f: impl FnMut(usize, usize, usize, usize)) {
    let [height, width] = window.input;
    let [output_height, output_width] = window.output;
    let channels = window.channels / groups;
    for m in 0..outputs {
        let group = m / (outputs / groups);
        for (c, i, j) in each(channels, window.kernel[0], window.kernel[1]) {
            for (_, y, x) in each(1, output_height, output_width) {
                let source = |position: usize, tap: usize, axis: usize| {
                    (position * window.stride[axis] + tap * window.dilation[axis]).checked_sub(window.padding[axis])
                };
                let (Some(sy), Some(sx)) = (source(y, i, 0), source(x, j, 1)) else { continue };
                if sy < height && sx < width {
                    let k = (c * window.kernel[0] + i) * window.kernel[1] + j;
                    let output = (m * output_height + y) * output_width + x;
                    f(m, k, ((group * channels + c) * height + sy) * width + sx, output);
                }
            }
        }
    }
}

fn each(a: usize, b: usize, c: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    (0..a).flat_map(move |x| (0..b).flat_map(move |y| (0..c).map(move |z| (x, y, z))))
}

/// A convolution, and the transposed one of the same window and weight, which runs from its output to its input: operands,
/// and their products by the definition. On the heap, as together they are large.
struct Check<
    const BATCH: usize,
    const CHANNELS: usize,
    const OUT: usize,
    const K: usize,
    const N: usize,
    const M: usize,
> {
    window: Window2d,
    groups: usize,
    weight: SMatrix<f64, OUT, K>,
    first_weight: SMatrix<f64, OUT, K>,
    image: Box<SMatrix<f64, BATCH, N>>,
    outputs: Box<SMatrix<f64, BATCH, M>>,
    /// What the image makes.
    forwards: Box<SMatrix<f64, BATCH, M>>,
    /// What the outputs make.
    backwards: Box<SMatrix<f64, BATCH, N>>,
    /// The first weight, and what the image and the outputs make together.
    gradient: SMatrix<f64, OUT, K>,
}

impl<const BATCH: usize, const CHANNELS: usize, const OUT: usize, const K: usize, const N: usize, const M: usize>
    Check<BATCH, CHANNELS, OUT, K, N, M>
{
    fn new(window: Window2d, groups: usize) -> Self {
        let (weight, first_weight) = (random(1), random(2));
        let (image, outputs) = (Box::new(random(3)), Box::new(random(4)));
        let (forwards, backwards, gradient) = (Box::new(SMatrix::zeros()), Box::new(SMatrix::zeros()), first_weight);
        let mut check = Self { window, groups, weight, first_weight, image, outputs, forwards, backwards, gradient };
        for_each_product(window, groups, OUT, |m, k, source, target| {
            for row in 0..BATCH {
                check.forwards[(row, target)] += weight[(m, k)] * check.image[(row, source)];
                check.backwards[(row, source)] += weight[(m, k)] * check.outputs[(row, target)];
                check.gradient[(m, k)] += check.outputs[(row, target)] * check.image[(row, source)];
            }
        });
        let adjoint = check.forwards.dot(&check.outputs) - check.image.dot(&check.backwards);
        assert!(adjoint.abs() < 1e-9, "the adjoint identity is wrong by {adjoint}");
        check
    }

    fn direct<I: Isa>(&self, isa: I) {
        let Self { window, groups, ref weight, ref image, ref outputs, .. } = *self;
        let (bias, first_bias) = (random::<OUT, 1>(5), random::<OUT, 1>(6));
        let mut output = Box::new(random::<BATCH, M>(7));
        forward(isa, window, groups, weight, Some(&bias), image, &mut output);
        close("output", &output, &with_bias(&self.forwards, &bias));
        forward(isa, window, groups, weight, None, image, &mut output);
        close("output without bias", &output, &self.forwards);
        let mut rectified = Box::new(random::<BATCH, M>(7));
        forward_relu(isa, window, groups, weight, None, image, &mut rectified);
        assert_eq!(*rectified, output.map(|output| output.max(0.0)));
        let (mut grad_weight, mut grad_bias) = (self.first_weight, first_bias);
        backward_parameters(isa, window, groups, image, outputs, &mut grad_weight, Some(&mut grad_bias));
        close("grad_weight", &grad_weight, &self.gradient);
        close("grad_bias", &grad_bias, &(first_bias + sums(outputs)));
        let mut grad_input = Box::new(random::<BATCH, N>(8));
        backward_input(isa, window, groups, weight, outputs, &mut grad_input);
        close("grad_input", &grad_input, &self.backwards);
    }

    fn transposed<I: Isa>(&self, isa: I) {
        let Self { window, groups, ref weight, ref image, ref outputs, .. } = *self;
        let (bias, first_bias) = (random::<CHANNELS, 1>(5), random::<CHANNELS, 1>(6));
        let mut output = Box::new(random::<BATCH, N>(7));
        transposed::forward(isa, window, groups, weight, Some(&bias), outputs, &mut output);
        close("transposed output", &output, &with_bias(&self.backwards, &bias));
        transposed::forward(isa, window, groups, weight, None::<&SVector<_, CHANNELS>>, outputs, &mut output);
        close("transposed output without bias", &output, &self.backwards);
        let (mut grad_weight, mut grad_bias) = (self.first_weight, first_bias);
        let some_bias = Some(&mut grad_bias);
        transposed::backward_parameters(isa, window, groups, outputs, image, &mut grad_weight, some_bias);
        close("transposed grad_weight", &grad_weight, &self.gradient);
        close("transposed grad_bias", &grad_bias, &(first_bias + sums(image)));
        let mut grad_input = Box::new(random::<BATCH, M>(8));
        transposed::backward_input(isa, window, groups, weight, image, &mut grad_input);
        close("transposed grad_input", &grad_input, &self.forwards);
    }
}

impl<const BATCH: usize, const CHANNELS: usize, const OUT: usize, const K: usize, const N: usize, const M: usize> Kernel
    for &Check<BATCH, CHANNELS, OUT, K, N, M>
{
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        self.direct(isa);
        self.transposed(isa);
    }
}

fn with_bias<const BATCH: usize, const N: usize, const C: usize>(
    values: &SMatrix<f64, BATCH, N>,
    bias: &SVector<f64, C>,
) -> SMatrix<f64, BATCH, N> {
    SMatrix::from_fn(|row, place| values[(row, place)] + bias[place / (N / C)])
}

fn sums<const BATCH: usize, const N: usize, const C: usize>(values: &SMatrix<f64, BATCH, N>) -> SVector<f64, C> {
    SVector::from_fn(|channel, _| values.columns(channel * (N / C), N / C).sum())
}

fn close<const R: usize, const C: usize>(name: &str, actual: &SMatrix<f64, R, C>, expected: &SMatrix<f64, R, C>) {
    for (actual, expected) in actual.iter().zip(expected) {
        assert!((actual - expected).abs() < 1e-11 * (1.0 + expected.abs()), "{name}: {actual} is not {expected}");
    }
}

macro_rules! check {
    (batch $batch:literal, $channels:literal -> $outputs:literal, $input:expr, kernel $kernel:expr
        $(, stride $stride:expr)? $(, padding $padding:expr)? $(, dilation $dilation:expr)? $(, output $output:expr)?
        $(, groups $groups:literal)?) => {{
        const fn last<const N: usize>(values: [[usize; 2]; N]) -> [usize; 2] {
            values[N - 1]
        }
        const GROUPS: usize = 1 $(* $groups)?;
        const WINDOW: Window2d = Window2d {
            $(output: $output,)?
            ..window(
            $channels,
            $input,
            $kernel,
            last([[1, 1] $(, $stride)?]),
            last([[0, 0] $(, $padding)?]),
            last([[1, 1] $(, $dilation)?]),
        )};
        const K: usize = $channels / GROUPS * WINDOW.kernel[0] * WINDOW.kernel[1];
        const N: usize = $channels * WINDOW.input[0] * WINDOW.input[1];
        const M: usize = $outputs * WINDOW.output[0] * WINDOW.output[1];
        let check = Check::<$batch, $channels, $outputs, K, N, M>::new(WINDOW, GROUPS);
        at_each_level(|| &check);
    }};
}

#[test]
fn agrees_with_its_definition() {
    check!(batch 1, 1 -> 1, [3, 4], kernel [2, 3]);
    check!(batch 1, 2 -> 3, [9, 21], kernel [3, 5]);
    check!(batch 3, 2 -> 7, [6, 5], kernel [3, 2]);
    check!(batch 4, 3 -> 5, [5, 7], kernel [3, 5]);
    check!(batch 32, 1 -> 6, [8, 9], kernel [5, 5]);
    check!(batch 32, 6 -> 17, [6, 7], kernel [1, 1]);
    check!(batch 64, 2 -> 2, [3, 3], kernel [3, 3]);
    // more terms backward than a list has
    check!(batch 4, 2 -> 30, [4, 5], kernel [3, 3]);
}

#[test]
fn strides_pads_and_dilates() {
    check!(batch 4, 2 -> 3, [9, 8], kernel [3, 5], stride [2, 2], padding [1, 1]);
    check!(batch 3, 2 -> 3, [7, 9], kernel [3, 4], stride [1, 3], padding [2, 0]);
    check!(batch 32, 2 -> 3, [7, 6], kernel [3, 3], padding [1, 1]);
    check!(batch 1, 2 -> 3, [10, 11], kernel [3, 3], padding [4, 5], dilation [2, 3]);
    check!(batch 3, 1 -> 2, [12, 13], kernel [3, 4], stride [4, 2], padding [1, 2], dilation [2, 3]);
    check!(batch 2, 1 -> 2, [11, 12], kernel [4, 5], stride [3, 4], padding [3, 3], dilation [3, 2]);
    check!(batch 4, 1 -> 2, [1, 9], kernel [1, 3], stride [1, 5], padding [0, 1]);
}

#[test]
fn divides_channels_into_groups() {
    check!(batch 4, 4 -> 6, [5, 6], kernel [3, 3], padding [1, 1], groups 2);
    check!(batch 32, 3 -> 3, [5, 6], kernel [3, 2], stride [2, 1], groups 3);
    check!(batch 1, 6 -> 12, [4, 5], kernel [2, 2], padding [1, 0], dilation [1, 2], groups 6);
}

#[test]
fn pads_the_sides_differently() {
    check!(batch 3, 2 -> 3, [1, 7], kernel [1, 3], padding [0, 4], dilation [1, 2], output [1, 7]);
    check!(batch 1, 2 -> 3, [1, 8], kernel [1, 4], stride [1, 3], padding [0, 6], dilation [1, 2], output [1, 3]);
    check!(batch 32, 2 -> 5, [5, 6], kernel [2, 4], padding [0, 1], output [5, 6]);
    check!(batch 2, 2 -> 3, [3, 4], kernel [2, 3], stride [2, 2], output [4, 3]);
}

#[test]
fn ends_before_the_input() {
    check!(batch 3, 2 -> 3, [9, 8], kernel [3, 2], stride [3, 2], padding [1, 0], output [2, 3]);
    check!(batch 4, 1 -> 2, [1, 12], kernel [1, 2], stride [1, 5], output [1, 2]);
}

/// More terms than a list has, rows of pixels in stretches of which the last begins earlier, channels that are padded in parts.
#[test]
fn a_single_sample_is_worked_off_in_stretches() {
    check!(batch 1, 3 -> 8, [9, 9], kernel [3, 3]);
    check!(batch 1, 20 -> 3, [39, 7], kernel [3, 3]);
    check!(batch 1, 20 -> 7, [4, 5], kernel [3, 3], padding [1, 1]);
    check!(batch 1, 40 -> 12, [7, 6], kernel [3, 3], stride [2, 1], padding [0, 2], groups 2);
}

#[test]
fn a_kernel_of_differences() {
    const WINDOW: Window2d = window(1, [1, 4], [1, 2], [1, 1], [0, 1], [1, 1]);
    let (weight, bias) = (SMatrix::<f32, 1, 2>::new(-1.0, 1.0), SVector::<f32, 1>::new(10.0));
    let input = SMatrix::<f32, 1, 4>::new(1.0, 4.0, 9.0, 16.0);
    let mut output = SMatrix::<f32, 1, 5>::zeros();
    forward(Portable, WINDOW, 1, &weight, Some(&bias), &input, &mut output);
    assert_eq!(output, SMatrix::<f32, 1, 5>::new(11.0, 13.0, 15.0, 17.0, -6.0));
    let mut grad_weight = SMatrix::<f32, 1, 2>::zeros();
    backward_parameters(Portable, WINDOW, 1, &input, &output, &mut grad_weight, None);
    assert_eq!(grad_weight, SMatrix::<f32, 1, 2>::new(13.0 + 60.0 + 153.0 - 96.0, 11.0 + 52.0 + 135.0 + 272.0));
    let mut grad_input = SMatrix::<f32, 1, 4>::zeros();
    backward_input(Portable, WINDOW, 1, &weight, &output, &mut grad_input);
    assert_eq!(grad_input, SMatrix::<f32, 1, 4>::new(-2.0, -2.0, -2.0, 23.0));
}

#[test]
fn starts_within_pytorchs_bounds() {
    let (mut weight, mut bias) = (SMatrix::<f64, 40, 25>::zeros(), SVector::<f64, 40>::zeros());
    init(&mut weight, Some(&mut bias), &mut rng(1));
    assert!(weight.iter().chain(&bias).all(|value| value.abs() <= 0.2));
    assert!(weight.amax() > 0.19 && bias.amax() > 0.15);

    // a transposed one counts the outputs that an input makes
    let (mut weight, mut bias) = (SMatrix::<f64, 40, 25>::zeros(), SVector::<f64, 40>::zeros());
    transposed::init(&mut weight, Some(&mut bias), &mut rng(1));
    assert!(weight.iter().chain(&bias).all(|value| value.abs() <= 0.2));
    assert!(weight.amax() > 0.19 && bias.amax() > 0.15);
}
