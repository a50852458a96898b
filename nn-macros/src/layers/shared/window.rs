//! The geometry of a window that slides over an image or a signal: convolution and pooling.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::diagnostic::Diagnostic;
use crate::layers::Context;

/// The channels of an image that is read from a file: a first size above is its height.
const MOST_CHANNELS: usize = 4;

/// What a window slides over.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// `[channels, length]`, as over an image of height 1.
    One,
    /// `[channels, height, width]`
    Two,
}

/// A window over the height and width of `[channels, height, width]`, as the runtime has it.
pub struct Window2d {
    pub channels: usize,
    pub input: [usize; 2],
    pub output: [usize; 2],
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub padding: [usize; 2],
    pub dilation: [usize; 2],
}

impl Rank {
    /// The channels of the layer's input, its height and its width.
    pub fn input(self, context: &Context) -> Result<(usize, [usize; 2]), Diagnostic> {
        let (takes, most, example) = match (self, context.input.sizes()) {
            (Self::One, &[channels, length]) => return Ok((channels, [1, length])),
            (Self::Two, &[channels, height, width]) => return Ok((channels, [height, width])),
            (Self::One, _) => ("[channels, length]", 2, "a signal, such as `[1, 100]`"),
            (Self::Two, _) => ("[channels, height, width]", 3, "an image, such as `[1, 28, 28]`"),
        };
        let keyword = context.keyword.to_string();
        let help = match context.input.sizes().len() {
            2 if context.is_declared && context.input.sizes()[0] > MOST_CHANNELS => {
                let [height, width] = [0, 1].map(|axis| context.input.sizes()[axis]);
                let signal = keyword.replace("2d", "1d");
                format!(
                    "for an image of one channel, declare the input as `[1, {height}, {width}]`; for a signal, use `{signal}`"
                )
            }
            2 => format!("use `{}`", keyword.replace("2d", "1d")),
            3 => format!("use `{}`", keyword.replace("1d", "2d")),
            _ => format!("declare the input as {example}, and put `flatten` after this layer"),
        };
        Err(context.wrong_shape(takes, most, help))
    }

    /// The shape with so many channels.
    pub fn shape(self, channels: usize, [height, width]: [usize; 2]) -> Vec<usize> {
        match self {
            Self::One => vec![channels, width],
            Self::Two => vec![channels, height, width],
        }
    }

    /// An option that has a value along each dimension; `idle` along one that is not there.
    pub fn option(self, context: &Context, name: &str, idle: usize) -> Option<[usize; 2]> {
        let [height, width] = context.options.written_pair(name)?;
        Some([if self == Self::One { idle } else { height }, width])
    }

    /// A window as a message names it: `3x5 window` or `window of 5`.
    pub fn sized(self, what: &str, size: [usize; 2]) -> String {
        match self {
            Self::One => format!("{what} of {}", self.name(size)),
            Self::Two => format!("{} {what}", self.name(size)),
        }
    }

    /// A size as a message names it: `3x5` or `5`.
    pub fn name(self, [height, width]: [usize; 2]) -> String {
        match self {
            Self::One => width.to_string(),
            Self::Two => format!("{height}x{width}"),
        }
    }
}

/// What of the window's options does not depend on the padding.
struct Moves {
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
    /// How far the last point of the window is from the first; `None` if that is too far.
    reach: [Option<usize>; 2],
}

impl Moves {
    fn new(context: &Context, rank: Rank) -> Self {
        let kernel = rank.option(context, "kernel_size", 1).unwrap_or([1; 2]);
        let stride = rank.option(context, "stride", 1).unwrap_or(kernel);
        let dilation = rank.option(context, "dilation", 1).unwrap_or([1; 2]);
        let reach = [0, 1].map(|axis| dilation[axis].checked_mul(kernel[axis] - 1));
        Self { kernel, stride, dilation, reach }
    }
}

impl Window2d {
    /// The window of a layer with the options `kernel_size` and `padding`, and perhaps `stride`, which otherwise is the
    /// kernel's size, `dilation` and `causal`.
    pub fn new(context: &Context, rank: Rank) -> Result<Self, Diagnostic> {
        let (channels, input) = rank.input(context)?;
        let moves = Moves::new(context, rank);
        let padding = padding(context, rank, &moves)?;
        let output = [0, 1].map(|axis| {
            let [before, after] = padding[axis];
            let padded = input[axis].checked_add(before)?.checked_add(after)?;
            Some(padded.checked_sub(moves.reach[axis]?.checked_add(1)?)? / moves.stride[axis] + 1)
        });
        let [Some(height), Some(width)] = output else { return Err(too_large(context, rank, &moves, input)) };
        let Moves { kernel, stride, dilation, .. } = moves;
        let padding = padding.map(|[before, _]| before);
        Ok(Self { channels, input, output: [height, width], kernel, stride, padding, dilation })
    }

    /// The window of the convolution that a transposed one runs backwards: its output is the layer's input.
    pub fn transposed(context: &Context, rank: Rank, out_channels: usize) -> Result<Self, Diagnostic> {
        let (_, output) = rank.input(context)?;
        let moves = Moves::new(context, rank);
        let padding = rank.option(context, "padding", 0).unwrap_or_default();
        let more = output_padding(context, rank, &moves)?;
        let Moves { kernel, stride, dilation, reach } = moves;
        let whole = [0, 1].map(|axis| {
            let last = (output[axis] - 1).checked_mul(stride[axis])?;
            last.checked_add(reach[axis]?)?.checked_add(more[axis])?.checked_add(1)
        });
        let [Some(height), Some(width)] = whole else {
            let error = format!("`{}` makes an output that is too large", context.keyword);
            return Err(context.error_at("stride", error).help("use a smaller `stride` or `dilation`"));
        };
        let whole = [height, width];
        let input = [0, 1].map(|axis| whole[axis].saturating_sub(padding[axis].saturating_mul(2)));
        if input.contains(&0) {
            let [padding, whole] = [padding, whole].map(|pair| rank.name(pair));
            let keyword = context.keyword;
            let error =
                format!("`{keyword}` has padding {padding}, which leaves nothing of the {whole} that it makes without");
            let help = context.or_channels_first("use a smaller `padding`".into());
            return Err(context.error_at("padding", error).help(help));
        }
        Ok(Self { channels: out_channels, input, output, kernel, stride, padding, dilation })
    }
}

/// How much a transposed convolution adds to its output behind it.
fn output_padding(context: &Context, rank: Rank, moves: &Moves) -> Result<[usize; 2], Diagnostic> {
    let Moves { stride, dilation, .. } = *moves;
    let more = rank.option(context, "output_padding", 0).unwrap_or_default();
    if (0..2).all(|axis| more[axis] < stride[axis].max(dilation[axis])) {
        return Ok(more);
    }
    let [more, stride, dilation] = [more, stride, dilation].map(|pair| rank.name(pair));
    let error = format!(
        "`{}` has output_padding {more}, which is not smaller than its stride {stride} or its dilation {dilation}",
        context.keyword
    );
    Err(context.error_at("output_padding", error).help("use a smaller `output_padding`"))
}

/// The padding before and after the input, along height and width.
fn padding(context: &Context, rank: Rank, moves: &Moves) -> Result<[[usize; 2]; 2], Diagnostic> {
    let (keyword, options) = (context.keyword, context.options);
    let both = rank.option(context, "padding", 0);
    let reach = moves.reach.map(Option::unwrap_or_default);
    if options.bool("causal") {
        if both != Some([0; 2]) {
            let error = format!("`{keyword}` is causal, but has `padding`");
            return Err(context
                .error_at("padding", error)
                .help("a causal layer pads its input itself: remove `padding`, or `causal`"));
        }
        return Ok(reach.map(|reach| [reach, 0]));
    }
    if options.word("padding") == "same" {
        if moves.stride != [1; 2] {
            let error = format!("`{keyword}` has padding `same`, but its stride is {}", rank.name(moves.stride));
            return Err(context.error_at("padding", error).help("write the padding as a number, or use stride 1"));
        }
        return Ok(reach.map(|reach| [reach / 2, reach - reach / 2]));
    }
    Ok(both.unwrap_or_default().map(|padding| [padding; 2]))
}

fn too_large(context: &Context, rank: Rank, moves: &Moves, input: [usize; 2]) -> Diagnostic {
    let padding = rank.option(context, "padding", 0).unwrap_or_default();
    let spread = match moves.dilation {
        [1, 1] => String::new(),
        dilation => format!(" with dilation {}", rank.name(dilation)),
    };
    let around = match padding {
        [0, 0] => String::new(),
        padding => format!(", with padding {} on each side", rank.name(padding)),
    };
    let (kernel, input) = (rank.sized("kernel", moves.kernel), rank.name(input));
    let long = if rank == Rank::One { " long" } else { "" };
    let error = format!("`{}` has a {kernel}{spread}, but its input is only {input}{long}{around}", context.keyword);
    context.error_at("kernel_size", error).help(match (&context.channels_first, rank) {
        (None, _) => "use a smaller `kernel_size`, or set `padding`".into(),
        (Some(meant), Rank::One) => format!("shapes are written [channels, length]: declare the input as `{meant}`"),
        (Some(meant), Rank::Two) => {
            format!("shapes are written [channels, height, width]: declare the input as `{meant}`")
        }
    })
}

impl ToTokens for Window2d {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            channels,
            input: [height, width],
            output: [oh, ow],
            kernel: [kh, kw],
            stride: [sh, sw],
            padding: [ph, pw],
            dilation: [dh, dw],
        } = self;
        tokens.extend(quote! {
            nn::Window2d {
                channels: #channels,
                input: [#height, #width],
                output: [#oh, #ow],
                kernel: [#kh, #kw],
                stride: [#sh, #sw],
                padding: [#ph, #pw],
                dilation: [#dh, #dw],
            }
        });
    }
}
