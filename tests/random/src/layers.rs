//! The layers: what each takes, and how its options are drawn.

use super::numbers::Random;
use super::options::{
    attention, embedding, first, glu, group_norm, gru, last, linear, lstm, normalize, prelu, reshape, rnn, softmax,
    transposed,
};
use super::shape::{narrow, pad, permute, upsample};
use super::windows::{average_pool, convolution, convolution_transpose, maximum_pool};

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
    /// The stage that has to come before it, so that its input is in its domain and what it makes is not too large.
    pub behind: Option<&'static str>,
    draw: Draw,
}

/// Options in their parentheses, and the output's shape; `None` if they do not fit the input.
pub type Drawn = Option<(String, Vec<usize>)>;

/// How options are drawn for an input's shape.
#[derive(Clone, Copy, Debug)]
enum Draw {
    /// One of these; the output's shape is the input's.
    Same(&'static [&'static str]),
    /// The same, where the last dimension has several values: over a single one the output does not depend on it.
    Over(&'static [&'static str]),
    /// By a function, which says the output's shape too; `None` if what it drew does not fit the input.
    To(fn(&mut Random, &[usize]) -> Drawn),
}

const fn layer(keyword: &'static str, ranks: &'static [usize], draw: Draw) -> Layer {
    Layer { keyword, ranks, takes_indices: false, has_parameters: false, behind: None, draw }
}

use Draw::{Over, Same, To};

const ANY: &[usize] = &[];
const PLAIN: Draw = Same(&[""]);
const BATCH_NORM: Draw = Same(&["(0.01)", "(eps = 0.1, momentum = 0.3)", "(1e-3)"]);

/// Every layer that `network!` knows.
pub const TABLE: &[Layer] = &[
    layer("abs", ANY, PLAIN),
    layer("avg_pool1d", &[2], To(average_pool)),
    layer("avg_pool2d", &[3], To(average_pool)),
    layer("batch_norm1d", &[1, 2], BATCH_NORM).with_parameters(),
    layer("batch_norm2d", &[3], BATCH_NORM).with_parameters(),
    layer("conv1d", &[2], To(convolution)).with_parameters(),
    layer("conv2d", &[3], To(convolution)).with_parameters(),
    layer("conv_transpose1d", &[2], To(convolution_transpose)).with_parameters(),
    layer("conv_transpose2d", &[3], To(convolution_transpose)).with_parameters(),
    layer("dropout", ANY, Same(&["", "(0.25)", "(p = 1e-1)"])),
    layer("elu", ANY, Same(&["", "(0.5)", "(alpha = 2)"])),
    layer("embedding", &[1], To(embedding)).of_indices().with_parameters(),
    layer("exp", ANY, PLAIN).behind("tanh"),
    layer("flatten", ANY, To(|_, input| Some((String::new(), vec![input.iter().product()])))),
    layer("gelu", ANY, Same(&["", "(tanh)", "(approximate = none)"])),
    layer("global_avg_pool", &[2, 3], To(|_, input| first(input))),
    layer("global_max_pool", &[2, 3], To(|_, input| first(input))),
    layer("glu", ANY, To(glu)),
    layer("group_norm", ANY, To(group_norm)).with_parameters(),
    layer("gru", &[2], To(gru)).with_parameters(),
    layer("hard_sigmoid", ANY, PLAIN),
    layer("hard_swish", ANY, PLAIN),
    layer("hard_tanh", ANY, Same(&["", "(-0.5)", "(-2, 0.5)", "(max_val = 0.7)", "(min_val = -0.3, max_val = 2)"])),
    layer("last", &[2], To(|_, input| last(input))),
    layer("layer_norm", ANY, Over(&["", "(0.01)", "(eps = 1e-3)"])).with_parameters(),
    layer("leaky_relu", ANY, Same(&["", "(0.2)", "(negative_slope = -0.1)"])),
    layer("linear", &[1, 2], To(linear)).with_parameters(),
    layer("log", ANY, PLAIN).behind("sigmoid"),
    layer("log_softmax", ANY, To(softmax)),
    layer("lstm", &[2], To(lstm)).with_parameters(),
    layer("max_pool1d", &[2], To(maximum_pool)),
    layer("max_pool2d", &[3], To(maximum_pool)),
    layer("mean", &[2], To(|_, input| last(input))),
    layer("mish", ANY, PLAIN),
    layer("multihead_attention", &[2], To(attention)).with_parameters(),
    layer("narrow", ANY, To(narrow)),
    layer("normalize", ANY, To(normalize)),
    layer("pad", ANY, To(pad)),
    layer("permute", ANY, To(permute)),
    layer("positional_embedding", &[2], PLAIN).with_parameters(),
    layer("positional_encoding", &[2], PLAIN),
    layer("prelu", ANY, To(prelu)).with_parameters(),
    layer("relu", ANY, PLAIN),
    layer("relu6", ANY, PLAIN),
    layer("reshape", ANY, To(reshape)),
    // With an `eps` as small as its default, what follows zeros is too steep for differences.
    layer("rms_norm", ANY, Over(&["(0.01)", "(eps = 0.1)", "(1e-3)"])).with_parameters(),
    layer("rnn", &[2], To(rnn)).with_parameters(),
    layer("selu", ANY, PLAIN),
    layer("sigmoid", ANY, PLAIN),
    layer("silu", ANY, PLAIN),
    layer("softmax", ANY, To(softmax)),
    layer("softplus", ANY, Same(&["", "(2.0)", "(beta = 0.5, threshold = 30)"])),
    layer("softsign", ANY, PLAIN),
    layer("sqrt", ANY, PLAIN).behind("sigmoid"),
    layer("square", ANY, PLAIN).behind("tanh"),
    layer("tanh", ANY, PLAIN),
    layer("transpose", &[2, 3], To(|_, input| Some((String::new(), transposed(input))))),
    layer("upsample", &[2, 3], To(upsample)),
];

impl Layer {
    /// Whether it takes statistics over a mini-batch.
    #[must_use]
    pub fn has_statistics(&self) -> bool {
        self.keyword.starts_with("batch_norm")
    }

    const fn with_parameters(self) -> Self {
        Self { has_parameters: true, ..self }
    }

    const fn of_indices(self) -> Self {
        Self { takes_indices: true, ..self }
    }

    const fn behind(self, stage: &'static str) -> Self {
        Self { behind: Some(stage), ..self }
    }

    /// Whether it takes an input of this rank.
    #[must_use]
    pub fn takes(&self, rank: usize) -> bool {
        self.ranks.is_empty() || self.ranks.contains(&rank)
    }

    /// The options in their parentheses, and the output's shape; `None` if what was drawn does not fit the input.
    pub fn draw(&self, random: &mut Random, input: &[usize]) -> Option<(String, Vec<usize>)> {
        match self.draw {
            Over(_) if input.last() == Some(&1) => None,
            Same(options) | Over(options) => Some((random.of(options).to_owned(), input.to_vec())),
            To(draw) => draw(random, input),
        }
    }
}
