use super::*;
use crate::kernels::{Portable, dispatch};

/// A 3x4 kernel, stride 2x3, padding 1x2 on 2 channels of 5x7: outputs of 3x3.
const WINDOW: Window2d = Window2d {
    channels: 2,
    input: [5, 7],
    output: [3, 3],
    kernel: [3, 4],
    stride: [2, 3],
    padding: [1, 2],
    dilation: [1, 1],
};
const N: usize = 70;
const M: usize = 18;

fn window(input: [usize; 2], kernel: [usize; 2], stride: [usize; 2], padding: [usize; 2]) -> Window2d {
    let output = [0, 1].map(|axis| (input[axis] + 2 * padding[axis] - kernel[axis]) / stride[axis] + 1);
    Window2d { channels: 1, input, output, kernel, stride, padding, dilation: [1, 1] }
}

/// Different values in each row, no ties.
fn sample<const BATCH: usize>() -> SMatrix<f64, BATCH, N> {
    SMatrix::from_fn(|row, feature| ((feature * 37 + row * 23) % 71) as f64 - 35.0)
}

/// The definition, word for word: value and place in the input of each maximum of one row.
fn reference(row: &[f64]) -> [(f64, usize); M] {
    core::array::from_fn(|index| {
        let (channel, y, x) = (index / 9, index / 3 % 3, index % 3);
        let mut best = (f64::NEG_INFINITY, usize::MAX);
        for i in 0..3 {
            for j in 0..4 {
                let (Some(y), Some(x)) = ((y * 2 + i).checked_sub(1), (x * 3 + j).checked_sub(2)) else { continue };
                let place = (channel * 5 + y) * 7 + x;
                if y < 5 && x < 7 && row[place] > best.0 {
                    best = (row[place], place);
                }
            }
        }
        best
    })
}

struct Step<'a, const BATCH: usize> {
    input: &'a SMatrix<f64, BATCH, N>,
    output: &'a mut SMatrix<f64, BATCH, M>,
    inferred: &'a mut SMatrix<f64, BATCH, M>,
    grad_output: &'a SMatrix<f64, BATCH, M>,
    grad_input: &'a mut SMatrix<f64, BATCH, N>,
}

impl<const BATCH: usize> Kernel for Step<'_, BATCH> {
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        let mut cache = SMatrix::repeat(255);
        forward(isa, WINDOW, self.input, self.output, &mut cache);
        infer(isa, WINDOW, self.input, self.inferred);
        backward_input(isa, WINDOW, &cache, self.grad_output, self.grad_input);
    }
}

fn check_against_the_definition<const BATCH: usize>() {
    let input = sample::<BATCH>();
    let grad_output = SMatrix::<f64, BATCH, M>::from_fn(|row, feature| (row + 1) as f64 + feature as f64 / 8.0);
    let (mut output, mut inferred) = (SMatrix::repeat(99.0), SMatrix::repeat(99.0));
    let mut grad_input = SMatrix::repeat(99.0);
    dispatch(Step {
        input: &input,
        output: &mut output,
        inferred: &mut inferred,
        grad_output: &grad_output,
        grad_input: &mut grad_input,
    });
    assert_eq!(output, inferred);
    for row in 0..BATCH {
        let values: [f64; N] = core::array::from_fn(|feature| input[(row, feature)]);
        let mut grad = [0.0; N];
        for (index, (value, place)) in reference(&values).into_iter().enumerate() {
            assert_eq!(output[(row, index)], value, "row {row}, output {index}");
            grad[place] += grad_output[(row, index)];
        }
        assert!(grad_input.row(row).iter().eq(&grad), "gradient of row {row}");
    }
}

#[test]
fn agrees_with_the_definition_on_odd_sizes() {
    check_against_the_definition::<1>();
    check_against_the_definition::<3>();
    check_against_the_definition::<4>();
    check_against_the_definition::<32>();
}

#[test]
fn a_tie_goes_to_the_first() {
    let pool = window([2, 2], [2, 2], [2, 2], [0, 0]);
    let input = SMatrix::<f32, 2, 4>::from_row_slice(&[1., 3., 3., 3., 2., 2., 2., 2.]);
    let (mut output, mut cache) = (SMatrix::<f32, 2, 1>::zeros(), SMatrix::zeros());
    forward(Portable, pool, &input, &mut output, &mut cache);
    assert_eq!(output.as_slice(), [3., 2.]);
    let mut grad_input = SMatrix::<_, 2, 4>::repeat(7.0);
    backward_input(Portable, pool, &cache, &SMatrix::<f32, 2, 1>::new(5., 6.), &mut grad_input);
    assert_eq!(grad_input, SMatrix::<f32, 2, 4>::from_row_slice(&[0., 5., 0., 0., 6., 0., 0., 0.]));
}

/// The windows of 2x2 points, of which a single sample's are folded side by side.
fn check_squares<const N: usize, const M: usize>(input: [usize; 2]) {
    let pool = window(input, [2, 2], [2, 2], [0, 0]);
    let values = SMatrix::<f64, 1, N>::from_fn(|_, i| if i % 23 == 5 { f64::NAN } else { (i * 37 % 71) as f64 - 90.0 });
    let (mut output, mut inferred) = (SMatrix::<f64, 1, M>::zeros(), SMatrix::<f64, 1, M>::zeros());
    forward(Portable, pool, &values, &mut output, &mut SMatrix::<u8, 1, M>::zeros());
    infer(Portable, pool, &values, &mut inferred);
    assert!(output.iter().zip(&inferred).all(|(a, b)| a == b || a.is_nan() && b.is_nan()), "{output} {inferred}");
}

#[test]
fn squares_of_odd_images() {
    check_squares::<{ 7 * 27 }, { 3 * 13 }>([7, 27]);
    check_squares::<{ 4 * 16 }, { 2 * 8 }>([4, 16]);
    check_squares::<{ 5 * 11 }, { 2 * 5 }>([5, 11]);
    check_squares::<{ 3 * 7 }, 3>([3, 7]);
}

#[test]
fn padding_never_wins() {
    let pool = window([1, 3], [1, 3], [1, 2], [0, 1]);
    let input = SMatrix::<f64, 1, 3>::new(f64::NEG_INFINITY, f64::NEG_INFINITY, -4.0);
    let (mut output, mut cache) = (SMatrix::<f64, 1, 2>::zeros(), SMatrix::zeros());
    forward(Portable, pool, &input, &mut output, &mut cache);
    assert_eq!(output.as_slice(), [f64::NEG_INFINITY, -4.0]);
    let mut grad_input = SMatrix::<_, 1, 3>::repeat(7.0);
    backward_input(Portable, pool, &cache, &SMatrix::<f64, 1, 2>::new(1.0, 10.0), &mut grad_input);
    assert_eq!(grad_input.as_slice(), [1.0, 0.0, 10.0]);
}

#[test]
fn a_nan_is_the_maximum() {
    let pool = window([1, 3], [1, 3], [1, 1], [0, 0]);
    for place in 0..3 {
        let mut input = SMatrix::<f32, 1, 3>::new(1.0, 2.0, 3.0);
        input[place] = f32::NAN;
        let (mut output, mut cache) = (SMatrix::<f32, 1, 1>::zeros(), SMatrix::zeros());
        forward(Portable, pool, &input, &mut output, &mut cache);
        assert!(output[0].is_nan());
        assert_eq!(usize::from(cache[0]), place);
    }
}

#[test]
fn the_last_position_of_a_window_of_256_points_fits_a_byte() {
    let pool = window([16, 16], [16, 16], [1, 1], [0, 0]);
    let input = SMatrix::<f32, 1, 256>::from_fn(|_, feature| feature as f32);
    let (mut output, mut cache) = (SMatrix::<f32, 1, 1>::zeros(), SMatrix::zeros());
    forward(Portable, pool, &input, &mut output, &mut cache);
    assert_eq!((output[0], cache[0]), (255.0, 255));
    let mut grad_input = SMatrix::<f32, 1, 256>::zeros();
    backward_input(Portable, pool, &cache, &SMatrix::<f32, 1, 1>::new(2.0), &mut grad_input);
    assert_eq!((grad_input[255], grad_input.sum()), (2.0, 2.0));
}

/// Points 2 apart, 3 down and 2 across, on 1 channel of 6x4; the definition, point by point.
#[test]
fn points_can_be_apart() {
    let pool = Window2d {
        channels: 1,
        input: [6, 4],
        output: [2, 4],
        kernel: [3, 2],
        stride: [2, 1],
        padding: [1, 1],
        dilation: [2, 2],
    };
    let input = SMatrix::<f64, 3, 24>::from_fn(|row, feature| ((feature * 37 + row * 23) % 71) as f64 - 80.0);
    let (mut output, mut cache) = (SMatrix::<f64, 3, 8>::zeros(), SMatrix::zeros());
    forward(Portable, pool, &input, &mut output, &mut cache);
    let grad_output = SMatrix::<f64, 3, 8>::from_fn(|row, feature| (row * 8 + feature + 1) as f64);
    let mut grad_input = SMatrix::<f64, 3, 24>::repeat(9.0);
    backward_input(Portable, pool, &cache, &grad_output, &mut grad_input);
    let mut expected_grad = SMatrix::<f64, 3, 24>::zeros();
    for (row, index) in (0..3).flat_map(|row| (0..8).map(move |index| (row, index))) {
        let (mut best, mut place) = (f64::NEG_INFINITY, usize::MAX);
        for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)] {
            let (y, x): (usize, usize) = (index / 4 * 2 + i * 2, index % 4 + j * 2);
            let (Some(y), Some(x)) = (y.checked_sub(1), x.checked_sub(1)) else { continue };
            if y < 6 && x < 4 && input[(row, y * 4 + x)] > best {
                (best, place) = (input[(row, y * 4 + x)], y * 4 + x);
            }
        }
        assert_eq!(output[(row, index)], best, "row {row}, output {index}");
        expected_grad[(row, place)] += grad_output[(row, index)];
    }
    assert_eq!(grad_input, expected_grad);
}
