//! The options of windows that move over an image or a signal, and the output's shape.

use super::layers::Drawn;
use super::numbers::Random;
use super::options::{Value, flag, sizes, write_some};

/// The size of a window, and how it moves, along each dimension but the first.
struct Window {
    kernel: Vec<usize>,
    stride: Vec<usize>,
    padding: Vec<usize>,
    dilation: Vec<usize>,
}

impl Window {
    /// How far the last point of the window is from the first, and 1.
    fn reach(&self, axis: usize) -> usize {
        self.dilation[axis] * (self.kernel[axis] - 1) + 1
    }

    /// The output along each dimension; `None` if the window does not fit.
    fn output(&self, input: &[usize]) -> Option<Vec<usize>> {
        let along = |axis: usize| {
            let padded = input[axis] + 2 * self.padding[axis];
            Some(padded.checked_sub(self.reach(axis))? / self.stride[axis] + 1)
        };
        (0..input.len()).map(along).collect()
    }
}

/// A convolution over all dimensions but the first.
pub fn convolution(random: &mut Random, input: &[usize]) -> Drawn {
    let (channels, along) = input.split_first()?;
    let out_channels = random.within(1, 4);
    let groups = random.divisor(&[*channels, out_channels]);
    let mut each = |choices: &[usize]| along.iter().map(|_| random.of(choices)).collect::<Vec<_>>();
    let mut window = Window {
        kernel: each(&[1, 2, 3]),
        stride: each(&[1, 1, 2]),
        padding: each(&[0, 0, 1]),
        dilation: each(&[1, 1, 2]),
    };
    let is_causal = along.len() == 1 && random.one_in(4);
    let is_same = !is_causal && random.one_in(4);
    let output = if is_causal {
        window.padding.fill(0);
        along.iter().zip(&window.stride).map(|(size, stride)| (size - 1) / stride + 1).collect()
    } else if is_same {
        window.stride.fill(1);
        along.to_vec()
    } else {
        window.output(along)?
    };
    let padding = if is_same { "same".to_owned() } else { sizes(random, &window.padding) };
    let mut options = vec![
        ("out_channels", out_channels.to_string(), ""),
        ("kernel_size", sizes(random, &window.kernel), ""),
        ("stride", sizes(random, &window.stride), "1"),
        ("padding", padding, "0"),
        ("dilation", sizes(random, &window.dilation), "1"),
        ("groups", groups.to_string(), "1"),
        ("bias", flag(random), "true"),
    ];
    if along.len() == 1 {
        options.push(("causal", is_causal.to_string(), "false"));
    }
    Some((write_some(random, &options, 2), [&[out_channels], &output[..]].concat()))
}

/// A transposed convolution over all dimensions but the first.
pub fn convolution_transpose(random: &mut Random, input: &[usize]) -> Drawn {
    let (channels, along) = input.split_first()?;
    let out_channels = random.within(1, 3);
    let groups = random.divisor(&[*channels, out_channels]);
    let mut each = |choices: &[usize]| along.iter().map(|_| random.of(choices)).collect::<Vec<_>>();
    let window = Window {
        kernel: each(&[1, 2, 3]),
        stride: each(&[1, 2]),
        padding: each(&[0, 0, 1]),
        dilation: each(&[1, 1, 2]),
    };
    let more: Vec<_> = window
        .stride
        .iter()
        .zip(&window.dilation)
        .map(|(stride, dilation)| random.below(*stride.max(dilation)))
        .collect();
    let output = |axis: usize| {
        let whole = (along[axis] - 1) * window.stride[axis] + window.reach(axis) + more[axis];
        whole.checked_sub(2 * window.padding[axis]).filter(|size| *size > 0)
    };
    let output: Vec<_> = (0..along.len()).map(output).collect::<Option<_>>()?;
    let options = [
        ("out_channels", out_channels.to_string(), ""),
        ("kernel_size", sizes(random, &window.kernel), ""),
        ("stride", sizes(random, &window.stride), "1"),
        ("padding", sizes(random, &window.padding), "0"),
        ("output_padding", sizes(random, &more), "0"),
        ("groups", groups.to_string(), "1"),
        ("bias", flag(random), "true"),
        ("dilation", sizes(random, &window.dilation), "1"),
    ];
    Some((write_some(random, &options, 2), [&[out_channels], &output[..]].concat()))
}

pub fn maximum_pool(random: &mut Random, input: &[usize]) -> Drawn {
    let (_, along) = input.split_first()?;
    let dilation: Vec<_> = along.iter().map(|_| random.of(&[1, 1, 2])).collect();
    let last = ("dilation", sizes(random, &dilation), "1");
    pool(random, input, dilation, last, 4)
}

pub fn average_pool(random: &mut Random, input: &[usize]) -> Drawn {
    let last = ("count_include_pad", flag(random), "true");
    pool(random, input, vec![1; input.len()], last, 3)
}

/// A pool over all dimensions but the first, with an option behind those that all pools have, of which the first `positions`
/// can be given by position.
fn pool(random: &mut Random, input: &[usize], dilation: Vec<usize>, last: Value, positions: usize) -> Drawn {
    let (channels, along) = input.split_first()?;
    let kernel: Vec<_> = along.iter().map(|_| random.within(1, 3)).collect();
    let stride: Vec<_> = kernel.iter().map(|size| random.of(&[*size, 1, 2])).collect();
    let padding: Vec<_> = kernel.iter().map(|size| random.below(size / 2 + 1)).collect();
    let window = Window { kernel, stride, padding, dilation };
    let may_miss = |axis: usize| window.padding[axis] > 0 && window.dilation[axis] > along[axis];
    if (0..along.len()).any(may_miss) {
        return None;
    }
    let output = window.output(along)?;
    let [kernel, default] = [sizes(random, &window.kernel), sizes(random, &window.kernel)];
    let stride = if window.stride == window.kernel { default.clone() } else { sizes(random, &window.stride) };
    let padding = sizes(random, &window.padding);
    let options = [("kernel_size", kernel, ""), ("stride", stride, &default[..]), ("padding", padding, "0"), last];
    Some((write_some(random, &options, positions), [&[*channels], &output[..]].concat()))
}
