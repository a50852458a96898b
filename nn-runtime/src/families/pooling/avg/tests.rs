use nalgebra::SMatrix;

use super::*;
use crate::init::{rng, unit};
use crate::kernels::{Portable, dispatch};

fn random<const R: usize, const C: usize>(seed: u64) -> SMatrix<f64, R, C> {
    let mut rng = rng(seed);
    SMatrix::from_fn(|_, _| 2.0 * unit(&mut rng) - 1.0)
}

/// `input` of 2 channels, the window's other sizes, whether padding counts.
struct Check<const BATCH: usize, const N: usize, const M: usize>(Window2d, bool);

impl<const BATCH: usize, const N: usize, const M: usize> Kernel for Check<BATCH, N, M> {
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        let Self(window, count_include_pad) = self;
        let (input, grad_output) = (random::<BATCH, N>(1), random::<BATCH, M>(2));
        let (mut output, mut grad_input) = (random::<BATCH, M>(3), random::<BATCH, N>(4));
        forward(isa, window, count_include_pad, &input, &mut output);
        backward_input(isa, window, count_include_pad, &grad_output, &mut grad_input);
        let adjoint = output.dot(&grad_output) - input.dot(&grad_input);
        assert!(adjoint.abs() < 1e-12, "the adjoint identity is wrong by {adjoint}");
        for (row, index) in (0..BATCH).flat_map(|row| (0..M).map(move |index| (row, index))) {
            let expected = mean(&window, count_include_pad, index, |feature| input[(row, feature)]);
            let actual = output[(row, index)];
            assert!((actual - expected).abs() < 1e-14, "row {row}, output {index}: {actual} is not {expected}");
        }
    }
}

/// The definition, word for word.
fn mean(window: &Window2d, count_include_pad: bool, index: usize, input: impl Fn(usize) -> f64) -> f64 {
    let ([height, width], [rows, columns]) = (window.input, window.output);
    let (channel, y, x) = (index / (rows * columns), index / columns % rows, index % columns);
    let (mut sum, mut count) = (0.0, 0);
    for (i, j) in (0..window.kernel[0]).flat_map(|i| (0..window.kernel[1]).map(move |j| (i, j))) {
        let y = (y * window.stride[0] + i).checked_sub(window.padding[0]).filter(|y| *y < height);
        let x = (x * window.stride[1] + j).checked_sub(window.padding[1]).filter(|x| *x < width);
        let point = y.zip(x).map(|(y, x)| input((channel * height + y) * width + x));
        sum += point.unwrap_or_default();
        count += usize::from(count_include_pad || point.is_some());
    }
    sum / count as f64
}

#[test]
fn agrees_with_the_definition_on_odd_sizes() {
    let plane = Window2d {
        channels: 2,
        input: [5, 7],
        output: [3, 3],
        kernel: [3, 4],
        stride: [2, 3],
        padding: [1, 2],
        dilation: [1, 1],
    };
    let line = Window2d { input: [1, 9], output: [1, 6], kernel: [1, 5], stride: [1, 2], padding: [0, 2], ..plane };
    let squares = Window2d { input: [5, 10], output: [2, 5], kernel: [2; 2], stride: [2; 2], padding: [0; 2], ..plane };
    for count_include_pad in [true, false] {
        dispatch(Check::<1, 100, 20>(squares, count_include_pad));
        Check::<1, 70, 18>(plane, count_include_pad).run(Portable);
        dispatch(Check::<3, 70, 18>(plane, count_include_pad));
        dispatch(Check::<32, 70, 18>(plane, count_include_pad));
        Check::<4, 18, 12>(line, count_include_pad).run(Portable);
        dispatch(Check::<1, 18, 12>(line, count_include_pad));
    }
}

#[test]
fn values_by_hand() {
    let window = Window2d {
        channels: 1,
        input: [1, 3],
        output: [1, 2],
        kernel: [1, 2],
        stride: [1, 2],
        padding: [0, 1],
        dilation: [1, 1],
    };
    let input = SMatrix::<f32, 1, 3>::new(2.0, 4.0, 8.0);
    let mut output = SMatrix::<f32, 1, 2>::zeros();
    forward(Portable, window, true, &input, &mut output);
    assert_eq!(output, SMatrix::<f32, 1, 2>::new(1.0, 6.0));
    forward(Portable, window, false, &input, &mut output);
    assert_eq!(output, SMatrix::<f32, 1, 2>::new(2.0, 6.0));
    let mut grad_input = SMatrix::<f32, 1, 3>::repeat(7.0);
    backward_input(Portable, window, true, &output, &mut grad_input);
    assert_eq!(grad_input, SMatrix::<f32, 1, 3>::new(1.0, 3.0, 3.0));
    backward_input(Portable, window, false, &output, &mut grad_input);
    assert_eq!(grad_input, SMatrix::<f32, 1, 3>::new(2.0, 3.0, 3.0));
}
