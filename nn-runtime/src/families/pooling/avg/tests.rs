use nalgebra::SMatrix;

use super::*;
use crate::init::{rng, unit};
use crate::kernels::{Portable, dispatch};

fn random<const R: usize, const C: usize>(seed: u64) -> SMatrix<f64, R, C> {
    let mut rng = rng(seed);
    SMatrix::from_fn(|_, _| 2.0 * unit(&mut rng) - 1.0)
}

/// `input` of 2 channels, the window's other sizes, the padded input's size if padding counts.
struct Check<const BATCH: usize, const N: usize, const M: usize>(Window2d, Option<[usize; 2]>);

impl<const BATCH: usize, const N: usize, const M: usize> Kernel for Check<BATCH, N, M> {
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        let Self(window, padded) = self;
        let (input, grad_output) = (random::<BATCH, N>(1), random::<BATCH, M>(2));
        let (mut output, mut grad_input) = (random::<BATCH, M>(3), random::<BATCH, N>(4));
        forward(isa, window, padded, &input, &mut output);
        backward_input(isa, window, padded, &grad_output, &mut grad_input);
        let adjoint = output.dot(&grad_output) - input.dot(&grad_input);
        assert!(adjoint.abs() < 1e-12, "the adjoint identity is wrong by {adjoint}");
        for (row, index) in (0..BATCH).flat_map(|row| (0..M).map(move |index| (row, index))) {
            let expected = mean(&window, padded, index, |feature| input[(row, feature)]);
            let actual = output[(row, index)];
            assert!((actual - expected).abs() < 1e-14, "row {row}, output {index}: {actual} is not {expected}");
        }
    }
}

/// The definition, word for word.
fn mean(window: &Window2d, padded: Option<[usize; 2]>, index: usize, input: impl Fn(usize) -> f64) -> f64 {
    let ([height, width], [rows, columns]) = (window.input, window.output);
    let (channel, y, x) = (index / (rows * columns), index / columns % rows, index % columns);
    let (mut sum, mut count) = (0.0, 0);
    for (i, j) in (0..window.kernel[0]).flat_map(|i| (0..window.kernel[1]).map(move |j| (i, j))) {
        let (down, across) = (y * window.stride[0] + i, x * window.stride[1] + j);
        let y = down.checked_sub(window.padding[0]).filter(|y| *y < height);
        let x = across.checked_sub(window.padding[1]).filter(|x| *x < width);
        let point = y.zip(x).map(|(y, x)| input((channel * height + y) * width + x));
        sum += point.unwrap_or_default();
        count += usize::from(padded.map_or(point.is_some(), |[height, width]| down < height && across < width));
    }
    sum / count as f64
}

/// The size of the input with its padding, which is the same on both sides.
fn with_padding(window: &Window2d) -> [usize; 2] {
    [0, 1].map(|axis| window.input[axis] + 2 * window.padding[axis])
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
    for is_padding_counted in [true, false] {
        let padded = |window: Window2d| is_padding_counted.then(|| with_padding(&window));
        dispatch(Check::<1, 100, 20>(squares, padded(squares)));
        Check::<1, 70, 18>(plane, padded(plane)).run(Portable);
        dispatch(Check::<3, 70, 18>(plane, padded(plane)));
        dispatch(Check::<32, 70, 18>(plane, padded(plane)));
        Check::<4, 18, 12>(line, padded(line)).run(Portable);
        dispatch(Check::<1, 18, 12>(line, padded(line)));
    }
}

/// With `ceil_mode` the last window ends behind the padding.
#[test]
fn agrees_where_a_window_ends_behind_the_padding() {
    let plane = Window2d {
        channels: 2,
        input: [5, 9],
        output: [3, 5],
        kernel: [2; 2],
        stride: [2; 2],
        padding: [0; 2],
        dilation: [1; 2],
    };
    let padded = Window2d { input: [6, 8], output: [3, 4], kernel: [3, 4], stride: [3, 3], padding: [1, 2], ..plane };
    for is_padding_counted in [true, false] {
        let size = |window: &Window2d| is_padding_counted.then(|| with_padding(window));
        dispatch(Check::<1, 90, 30>(plane, size(&plane)));
        dispatch(Check::<8, 90, 30>(plane, size(&plane)));
        dispatch(Check::<1, 96, 24>(padded, size(&padded)));
        dispatch(Check::<3, 96, 24>(padded, size(&padded)));
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
    forward(Portable, window, Some([1, 5]), &input, &mut output);
    assert_eq!(output, SMatrix::<f32, 1, 2>::new(1.0, 6.0));
    forward(Portable, window, None, &input, &mut output);
    assert_eq!(output, SMatrix::<f32, 1, 2>::new(2.0, 6.0));
    let mut grad_input = SMatrix::<f32, 1, 3>::repeat(7.0);
    backward_input(Portable, window, Some([1, 5]), &output, &mut grad_input);
    assert_eq!(grad_input, SMatrix::<f32, 1, 3>::new(1.0, 3.0, 3.0));
    backward_input(Portable, window, None, &output, &mut grad_input);
    assert_eq!(grad_input, SMatrix::<f32, 1, 3>::new(2.0, 3.0, 3.0));
}
