//! The options of windows that move over an image or a signal, and the output's shape.

use super::layers::Drawn;
use super::numbers::Random;
use super::options::{Value, flag, sizes, write_some};

/// The size of a window, and how it moves, along each dimension but the first.
struct Window {
    kernel: Vec<usize>,
    stride: Vec<usize>,
    /// Before and after.
    padding: Vec<[usize; 2]>,
    dilation: Vec<usize>,
}

impl Window {
    /// How far the last point of the window is from the first, and 1.
    fn reach(&self, axis: usize) -> usize {
        self.dilation[axis] * (self.kernel[axis] - 1) + 1
    }

    /// The output along each dimension; `None` if the window does not fit.
    fn output(&self, input: &[usize], rounds_up: bool) -> Option<Vec<usize>> {
        let along = |axis: usize| {
            let padded = input[axis] + self.padding[axis].iter().sum::<usize>();
            let room = padded.checked_sub(self.reach(axis))?;
            let last = room.div_ceil(self.stride[axis]);
            // a window begins in the input or before it
            let is_last_in = last * self.stride[axis] < input[axis] + self.padding[axis][0];
            Some(1 + if rounds_up && is_last_in { last } else { room / self.stride[axis] })
        };
        (0..input.len()).map(along).collect()
    }

    /// The padding as a user could write it.
    fn written_padding(&self, random: &mut Random) -> String {
        if random.one_in(4) || self.padding.iter().any(|[before, after]| before != after) {
            return format!("{:?}", self.padding);
        }
        sizes(random, &self.padding.iter().map(|[before, _]| *before).collect::<Vec<_>>())
    }
}

/// Padding for each dimension, mostly the same on both sides.
fn padding(random: &mut Random, choices: &[Vec<usize>]) -> Vec<[usize; 2]> {
    let draw = |choices: &Vec<usize>| {
        let before = random.of(choices);
        [before, if random.one_in(4) { random.of(choices) } else { before }]
    };
    choices.iter().map(draw).collect()
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
        dilation: each(&[1, 1, 2]),
        padding: padding(random, &vec![vec![0, 0, 1]; along.len()]),
    };
    let is_causal = along.len() == 1 && random.one_in(4);
    let is_same = !is_causal && random.one_in(4);
    let output = if is_causal {
        window.padding.fill([0; 2]);
        along.iter().zip(&window.stride).map(|(size, stride)| (size - 1) / stride + 1).collect()
    } else if is_same {
        window.stride.fill(1);
        along.to_vec()
    } else {
        window.output(along, false)?
    };
    let padding = if is_same { "same".to_owned() } else { window.written_padding(random) };
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
        dilation: each(&[1, 1, 2]),
        padding: padding(random, &vec![vec![0, 0, 1]; along.len()]),
    };
    let more: Vec<_> = window
        .stride
        .iter()
        .zip(&window.dilation)
        .map(|(stride, dilation)| random.below(*stride.max(dilation)))
        .collect();
    let output = |axis: usize| {
        let whole = (along[axis] - 1) * window.stride[axis] + window.reach(axis) + more[axis];
        whole.checked_sub(window.padding[axis].iter().sum()).filter(|size| *size > 0)
    };
    let output: Vec<_> = (0..along.len()).map(output).collect::<Option<_>>()?;
    let options = [
        ("out_channels", out_channels.to_string(), ""),
        ("kernel_size", sizes(random, &window.kernel), ""),
        ("stride", sizes(random, &window.stride), "1"),
        ("padding", window.written_padding(random), "0"),
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
    let own = ("dilation", sizes(random, &dilation), "1");
    pool(random, input, dilation, 4, |ceil_mode| [own, ceil_mode])
}

pub fn average_pool(random: &mut Random, input: &[usize]) -> Drawn {
    let own = ("count_include_pad", flag(random), "true");
    pool(random, input, vec![1; input.len()], 5, |ceil_mode| [ceil_mode, own])
}

/// A pool over all dimensions but the first, with two options behind those that all pools have; the first `positions` of all
/// can be given by position.
fn pool<'a>(
    random: &mut Random,
    input: &[usize],
    dilation: Vec<usize>,
    positions: usize,
    last: impl FnOnce(Value<'a>) -> [Value<'a>; 2],
) -> Drawn {
    let (channels, along) = input.split_first()?;
    let kernel: Vec<_> = along.iter().map(|_| random.within(1, 3)).collect();
    let stride: Vec<_> = kernel.iter().map(|size| random.of(&[*size, 1, 2])).collect();
    let padding = padding(random, &kernel.iter().map(|size| (0..=size / 2).collect()).collect::<Vec<_>>());
    let (window, rounds_up) = (Window { kernel, stride, padding, dilation }, random.one_in(3));
    let may_miss = |axis: usize| window.padding[axis][0] > 0 && window.dilation[axis] > along[axis];
    if (0..along.len()).any(may_miss) {
        return None;
    }
    let output = window.output(along, rounds_up)?;
    let [kernel, default] = [sizes(random, &window.kernel), sizes(random, &window.kernel)];
    let stride = if window.stride == window.kernel { default.clone() } else { sizes(random, &window.stride) };
    let padding = window.written_padding(random);
    let [fourth, fifth] = last(("ceil_mode", rounds_up.to_string(), "false"));
    let options =
        [("kernel_size", kernel, ""), ("stride", stride, &default[..]), ("padding", padding, "0"), fourth, fifth];
    Some((write_some(random, &options, positions), [&[*channels], &output[..]].concat()))
}
