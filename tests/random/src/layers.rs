//! The layers: what each takes, and how its options are drawn.

use super::numbers::Random;

/// A layer that has a keyword.
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    /// The keyword.
    pub keyword: &'static str,
    /// The ranks of input that it takes; any if there are none.
    pub ranks: &'static [usize],
    /// Whether its input is indices.
    pub takes_indices: bool,
    /// Whether it has parameters, so that it can be frozen.
    pub has_parameters: bool,
    draw: Draw,
}

/// Options in their parentheses, and the output's shape; `None` if they do not fit the input.
type Drawn = Option<(String, Vec<usize>)>;

/// How options are drawn for an input's shape.
#[derive(Clone, Copy, Debug)]
enum Draw {
    /// One of these; the output's shape is the input's.
    Same(&'static [&'static str]),
    /// By a function, which says the output's shape too; `None` if what it drew does not fit the input.
    To(fn(&mut Random, &[usize]) -> Drawn),
}

const fn layer(keyword: &'static str, ranks: &'static [usize], draw: Draw) -> Layer {
    Layer { keyword, ranks, takes_indices: false, has_parameters: false, draw }
}

use Draw::{Same, To};

const ANY: &[usize] = &[];
const PLAIN: Draw = Same(&[""]);

/// Every layer that `network!` knows.
pub const TABLE: &[Layer] = &[
    layer("batch_norm1d", &[1, 2], Same(&["(0.01)", "(eps = 0.1, momentum = 0.3)", "(1e-3)"])).with_parameters(),
    layer("conv1d", &[2], To(convolution)).with_parameters(),
    layer("conv2d", &[3], To(convolution)).with_parameters(),
    layer("conv_transpose1d", &[2], To(convolution_transpose)).with_parameters(),
    layer("conv_transpose2d", &[3], To(convolution_transpose)).with_parameters(),
    layer("dropout", ANY, Same(&["", "(0.25)", "(p = 1e-1)"])),
    layer("elu", ANY, Same(&["", "(0.5)", "(alpha = 2)"])),
    layer("embedding", &[1], To(embedding)).of_indices().with_parameters(),
    layer("flatten", ANY, To(|_, input| Some((String::new(), vec![input.iter().product()])))),
    layer("gelu", ANY, Same(&["", "(tanh)", "(approximate = none)"])),
    layer("gru", &[2], To(recurrent)).with_parameters(),
    layer("hard_sigmoid", ANY, PLAIN),
    layer("hard_swish", ANY, PLAIN),
    layer("hard_tanh", ANY, PLAIN),
    layer("leaky_relu", ANY, Same(&["", "(0.2)", "(negative_slope = -0.1)"])),
    layer("linear", &[1, 2], To(linear)).with_parameters(),
    layer("log_softmax", ANY, PLAIN),
    layer("max_pool2d", &[3], To(pool)),
    layer("mish", ANY, PLAIN),
    layer("multihead_attention", &[2], To(attention)).with_parameters(),
    layer("prelu", ANY, To(prelu)).with_parameters(),
    layer("relu", ANY, PLAIN),
    layer("relu6", ANY, PLAIN),
    layer("reshape", ANY, To(reshape)),
    layer("selu", ANY, PLAIN),
    layer("sigmoid", ANY, PLAIN),
    layer("silu", ANY, PLAIN),
    layer("softmax", ANY, PLAIN),
    layer("softplus", ANY, Same(&["", "(2.0)", "(beta = 0.5, threshold = 30)"])),
    layer("softsign", ANY, PLAIN),
    layer("tanh", ANY, PLAIN),
    layer("transpose", &[2, 3], To(|_, input| Some((String::new(), transposed(input))))),
];

impl Layer {
    const fn with_parameters(self) -> Self {
        Self { has_parameters: true, ..self }
    }

    const fn of_indices(self) -> Self {
        Self { takes_indices: true, ..self }
    }

    /// Whether it takes an input of this rank.
    #[must_use]
    pub fn takes(&self, rank: usize) -> bool {
        self.ranks.is_empty() || self.ranks.contains(&rank)
    }

    /// The options in their parentheses, and the output's shape; `None` if what was drawn does not fit the input.
    pub fn draw(&self, random: &mut Random, input: &[usize]) -> Option<(String, Vec<usize>)> {
        match self.draw {
            Same(options) => Some((random.of(options).to_owned(), input.to_vec())),
            To(draw) => draw(random, input),
        }
    }
}

/// An option: its name, its value, and its default, if it has one.
type Value<'a> = (&'a str, String, &'a str);

/// Options as a user could write them: some by position, then some by name; one that has its default is mostly left out.
fn write(random: &mut Random, options: &[Value]) -> String {
    let by_position = random.below(options.len() + 1);
    let (first, rest) = options.split_at(by_position);
    let mut rest: Vec<_> = rest.iter().filter(|(_, value, default)| value != default || random.one_in(4)).collect();
    random.shuffle(&mut rest);
    let first = first.iter().map(|(_, value, _)| value.clone());
    let all: Vec<_> = first.chain(rest.iter().map(|(name, value, _)| format!("{name} = {value}"))).collect();
    if all.is_empty() { String::new() } else { format!("({})", all.join(", ")) }
}

/// One number for each dimension, written once if they are the same.
fn sizes(random: &mut Random, sizes: &[usize]) -> String {
    match *sizes {
        [first, second] if first != second || random.one_in(4) => format!("({first}, {second})"),
        [first, ..] => first.to_string(),
        [] => String::new(),
    }
}

fn linear(random: &mut Random, input: &[usize]) -> Drawn {
    let (features, bias) = (random.within(1, 4), random.of(&["true", "true", "false"]));
    let options = write(random, &[("out_features", features.to_string(), ""), ("bias", bias.to_owned(), "true")]);
    let (_, before) = input.split_last()?;
    Some((options, [before, &[features]].concat()))
}

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
fn embedding(random: &mut Random, input: &[usize]) -> Drawn {
    let (entries, features) = (random.within(1, 5), random.within(1, 4));
    let options = [("num_embeddings", entries.to_string(), ""), ("embedding_dim", features.to_string(), "")];
    Some((write(random, &options), [input, &[features]].concat()))
}

fn recurrent(random: &mut Random, input: &[usize]) -> Drawn {
    let hidden = random.within(1, 3);
    let options = write(random, &[("hidden_size", hidden.to_string(), "")]);
    Some((options, vec![*input.first()?, hidden]))
}

fn prelu(random: &mut Random, input: &[usize]) -> Drawn {
    let slopes = random.of(&[1, *input.first()?]);
    let init = random.of(&["0.25", "-0.5", "1"]);
    let options = write(random, &[("num_parameters", slopes.to_string(), "1"), ("init", init.to_owned(), "0.25")]);
    Some((options, input.to_vec()))
}

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
fn reshape(random: &mut Random, input: &[usize]) -> Drawn {
    let mut rest: usize = input.iter().product();
    let mut shape = Vec::new();
    for _ in 0..random.below(3) {
        let size = random.divisor(&[rest]);
        shape.push(size);
        rest /= size;
    }
    shape.push(rest);
    random.shuffle(&mut shape);
    let name = random.of(&["", "shape = "]);
    Some((format!("({name}{shape:?})"), shape))
}

fn transposed(input: &[usize]) -> Vec<usize> {
    let mut output = input.to_vec();
    if let [.., rows, columns] = output.as_mut_slice() {
        std::mem::swap(rows, columns);
    }
    output
}

/// The output along each dimension of a window that is moved over `input`; `None` if it does not fit.
fn windows(
    input: &[usize],
    kernel: &[usize],
    stride: &[usize],
    padding: &[usize],
    dilation: &[usize],
) -> Option<Vec<usize>> {
    let along = |axis: usize| {
        let reach = dilation[axis] * (kernel[axis] - 1) + 1;
        Some((input[axis] + 2 * padding[axis]).checked_sub(reach)? / stride[axis] + 1)
    };
    (0..input.len()).map(along).collect()
}

/// A convolution over all dimensions but the first.
fn convolution(random: &mut Random, input: &[usize]) -> Drawn {
    let (channels, along) = input.split_first()?;
    let out_channels = random.within(1, 4);
    let groups = random.divisor(&[*channels, out_channels]);
    let mut each = |choices: &[usize]| along.iter().map(|_| random.of(choices)).collect::<Vec<_>>();
    let (kernel, stride) = (each(&[1, 2, 3]), each(&[1, 1, 2]));
    let (padding, dilation) = (each(&[0, 0, 1]), each(&[1, 1, 2]));
    let output = windows(along, &kernel, &stride, &padding, &dilation)?;
    let options = [
        ("out_channels", out_channels.to_string(), ""),
        ("kernel_size", sizes(random, &kernel), ""),
        ("stride", sizes(random, &stride), "1"),
        ("padding", sizes(random, &padding), "0"),
        ("dilation", sizes(random, &dilation), "1"),
        ("groups", groups.to_string(), "1"),
        ("bias", random.of(&["true", "true", "false"]).to_owned(), "true"),
    ];
    Some((write(random, &options), [&[out_channels], &output[..]].concat()))
}

/// A pool over all dimensions but the first.
fn pool(random: &mut Random, input: &[usize]) -> Drawn {
    let (channels, along) = input.split_first()?;
    let kernel: Vec<_> = along.iter().map(|_| random.within(1, 3)).collect();
    let stride: Vec<_> = kernel.iter().map(|size| random.of(&[*size, 1, 2])).collect();
    let padding: Vec<_> = kernel.iter().map(|size| random.below(size / 2 + 1)).collect();
    let output = windows(along, &kernel, &stride, &padding, &[1; 3])?;
    let [kernel_size, default] = [sizes(random, &kernel), sizes(random, &kernel)];
    let written = if stride == kernel { default.clone() } else { sizes(random, &stride) };
    let options = [
        ("kernel_size", kernel_size, ""),
        ("stride", written, &default[..]),
        ("padding", sizes(random, &padding), "0"),
    ];
    Some((write(random, &options), [&[*channels], &output[..]].concat()))
}

/// A transposed convolution over all dimensions but the first.
fn convolution_transpose(random: &mut Random, input: &[usize]) -> Drawn {
    let (_, along) = input.split_first()?;
    let out_channels = random.within(1, 3);
    let kernel: Vec<_> = along.iter().map(|_| random.within(1, 3)).collect();
    let stride: Vec<_> = along.iter().map(|_| random.within(1, 2)).collect();
    let output = along.iter().zip(&kernel).zip(&stride).map(|((size, kernel), stride)| (size - 1) * stride + kernel);
    let output: Vec<_> = output.collect();
    let options = [
        ("out_channels", out_channels.to_string(), ""),
        ("kernel_size", sizes(random, &kernel), ""),
        ("stride", sizes(random, &stride), "1"),
    ];
    Some((write(random, &options), [&[out_channels], &output[..]].concat()))
}

fn attention(random: &mut Random, input: &[usize]) -> Drawn {
    let heads = random.divisor(&[*input.last()?]);
    let flag = |random: &mut Random| random.of(&["true", "false"]).to_owned();
    let options =
        [("num_heads", heads.to_string(), ""), ("causal", flag(random), "false"), ("bias", flag(random), "true")];
    Some((write(random, &options), input.to_vec()))
}
