//! The geometry of a window that slides over an image or a signal: convolution and pooling.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::diagnostic::Diagnostic;
use crate::model::definition::Context;
use crate::model::options::{Around, Key, Sizes};

pub const KERNEL_SIZE: Key<Sizes> = Key::sizes("kernel_size");
pub const STRIDE: Key<Sizes> = Key::sizes("stride");
pub const PADDING: Key<Around> = Key::around("padding");
pub const CEIL_MODE: Key<bool> = Key::bool("ceil_mode");
pub const DILATION: Key<Sizes> = Key::sizes("dilation");

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
    /// That of the input of a layer that takes both.
    pub fn of(context: &Context) -> Result<Self, Diagnostic> {
        match context.input.sizes().len() {
            2 => Ok(Self::One),
            3 => Ok(Self::Two),
            _ => Err(context.wrong_shape(
                "[channels, length] or [channels, height, width]",
                3,
                "declare the input as a signal, such as `[8, 100]`, or as an image, such as `[8, 28, 28]`",
            )),
        }
    }

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

    /// What is added before and after, as a message names it: as one size of each dimension if both sides are the same.
    pub fn sides(self, sides: Sides) -> String {
        if sides.iter().all(|[before, after]| before == after) {
            return self.name(sides.map(|[before, _]| before));
        }
        match self {
            Self::One => format!("{:?}", &sides[1..]),
            Self::Two => format!("{sides:?}"),
        }
    }
}

/// What is added before and after, along height and width.
pub type Sides = [[usize; 2]; 2];

/// A window, and what it slides over, before anything is known of the padding.
pub struct Unpadded {
    pub rank: Rank,
    pub channels: usize,
    pub input: [usize; 2],
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub dilation: [usize; 2],
    /// How far the last point of the window is from the first; `None` if that is too far.
    reach: [Option<usize>; 2],
}

/// How the size of an output is made a whole number.
#[derive(Clone, Copy)]
pub enum Rounding {
    Down,
    Up,
}

/// What is added to the input around it.
#[derive(Clone, Copy)]
pub enum Padding {
    /// So much before and after.
    Sides(Sides),
    /// As much as makes the output as large as the input.
    Same,
    /// The same, all of it before the input.
    Causal,
}

impl Unpadded {
    /// The window of a layer with the options `kernel_size` and `stride`.
    pub fn new(context: &Context, rank: Rank) -> Result<Self, Diagnostic> {
        Self::with_dilation(context, rank, [1; 2])
    }

    /// The window of a layer with the options `kernel_size`, `stride` and `dilation`.
    pub fn dilated(context: &Context, rank: Rank) -> Result<Self, Diagnostic> {
        Self::with_dilation(context, rank, context.options.get(&DILATION).along_both(1))
    }

    fn with_dilation(context: &Context, rank: Rank, dilation: [usize; 2]) -> Result<Self, Diagnostic> {
        let (channels, input) = rank.input(context)?;
        let kernel = context.options.get(&KERNEL_SIZE).along_both(1);
        let stride = context.options.get(&STRIDE).along_both(1);
        let reach = [0, 1].map(|axis| dilation[axis].checked_mul(kernel[axis] - 1));
        Ok(Self { rank, channels, input, kernel, stride, dilation, reach })
    }

    /// The window over the padded input. The output's size is rounded down, or with `rounding` up: then the last window may
    /// end behind the padding, but begins in the input or before it.
    pub fn padded(&self, context: &Context, padding: Padding, rounding: Rounding) -> Result<Window2d, Diagnostic> {
        let Self { channels, input, kernel, stride, dilation, reach, .. } = *self;
        let around = [0, 1].map(|axis| {
            let reach = reach[axis].unwrap_or_default();
            match padding {
                Padding::Sides(sides) => sides[axis],
                Padding::Same => [reach / 2, reach - reach / 2],
                Padding::Causal => [reach, 0],
            }
        });
        let output = [0, 1].map(|axis| {
            let [before, after] = around[axis];
            let padded = input[axis].checked_add(before)?.checked_add(after)?;
            let room = padded.checked_sub(reach[axis]?.checked_add(1)?)?;
            Some(
                1 + match rounding {
                    Rounding::Down => room / stride[axis],
                    Rounding::Up => room.div_ceil(stride[axis]).min((input[axis] + before - 1) / stride[axis]),
                },
            )
        });
        let [Some(height), Some(width)] = output else { return Err(self.too_large(context, padding)) };
        let padding = around.map(|[before, _]| before);
        Ok(Window2d { channels, input, output: [height, width], kernel, stride, padding, dilation })
    }

    /// The window of the convolution that a transposed one runs backwards: its output is the layer's input. `more` is
    /// added to the layer's output behind it.
    pub fn transposed(&self, context: &Context, out_channels: usize, more: [usize; 2]) -> Result<Window2d, Diagnostic> {
        let Self { rank, input: output, kernel, stride, dilation, reach, .. } = *self;
        let padding = context.options.get(&PADDING).along_both().unwrap_or_default();
        let whole = [0, 1].map(|axis| {
            let last = (output[axis] - 1).checked_mul(stride[axis])?;
            last.checked_add(reach[axis]?)?.checked_add(more[axis])?.checked_add(1)
        });
        let [Some(height), Some(width)] = whole else {
            let error = format!("`{}` makes an output that is too large", context.keyword);
            return Err(context.error_at(&STRIDE, error).help("use a smaller `stride` or `dilation`"));
        };
        let whole = [height, width];
        let input = [0, 1].map(|axis| padding[axis].into_iter().fold(whole[axis], usize::saturating_sub));
        if input.contains(&0) {
            let (padding, whole) = (rank.sides(padding), rank.name(whole));
            let keyword = context.keyword;
            let error =
                format!("`{keyword}` has padding {padding}, which leaves nothing of the {whole} that it makes without");
            let help = context.or_channels_first("use a smaller `padding`".into());
            return Err(context.error_at(&PADDING, error).help(help));
        }
        let padding = padding.map(|[before, _]| before);
        Ok(Window2d { channels: out_channels, input, output, kernel, stride, padding, dilation })
    }

    fn too_large(&self, context: &Context, padding: Padding) -> Diagnostic {
        let Self { rank, .. } = *self;
        let spread = match self.dilation {
            [1, 1] => String::new(),
            dilation => format!(" with dilation {}", rank.name(dilation)),
        };
        let around = match padding {
            Padding::Sides([[0, 0], [0, 0]]) | Padding::Same | Padding::Causal => String::new(),
            Padding::Sides(sides) => {
                let on_each = if sides.iter().all(|[before, after]| before == after) { " on each side" } else { "" };
                format!(", with padding {}{on_each}", rank.sides(sides))
            }
        };
        let (kernel, input) = (rank.sized("kernel", self.kernel), rank.name(self.input));
        let long = if rank == Rank::One { " long" } else { "" };
        let error =
            format!("`{}` has a {kernel}{spread}, but its input is only {input}{long}{around}", context.keyword);
        context.error_at(&KERNEL_SIZE, error).help(match (&context.channels_first, rank) {
            (None, _) => "use a smaller `kernel_size`, or set `padding`".into(),
            (Some(meant), Rank::One) => {
                format!("shapes are written [channels, length]: declare the input as `{meant}`")
            }
            (Some(meant), Rank::Two) => {
                format!("shapes are written [channels, height, width]: declare the input as `{meant}`")
            }
        })
    }
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
