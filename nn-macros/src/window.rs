//! The geometry of a window that slides over an image: convolution and pooling.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::diagnostic::Diagnostic;
use crate::layers::Context;

/// A window over the height and width of `[channels, height, width]`, as the runtime has it.
pub struct Window2d {
    pub channels: usize,
    pub input: [usize; 2],
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub padding: [usize; 2],
    pub dilation: [usize; 2],
}

impl Window2d {
    /// The window of a layer with the options `kernel_size` and `padding`, and the height and width of its output.
    pub fn new(context: &Context, stride: [usize; 2], dilation: [usize; 2]) -> Result<(Self, [usize; 2]), Diagnostic> {
        let [channels, height, width] = *context.input.sizes() else {
            return Err(context
                .wrong_shape("[channels, height, width]")
                .help("declare the input as an image, such as `[1, 28, 28]`, and put `flatten` after this layer"));
        };
        let (kernel, padding) = (context.options.pair("kernel_size"), context.options.pair("padding"));
        let window = Self { channels, input: [height, width], kernel, stride, padding, dilation };
        match (window.output_along(0), window.output_along(1)) {
            (Some(height), Some(width)) => Ok((window, [height, width])),
            _ => Err(window.too_large(context)),
        }
    }

    /// `(input + 2 · padding - dilation · (kernel - 1) - 1) / stride + 1`, rounded down, if the window fits.
    fn output_along(&self, axis: usize) -> Option<usize> {
        let reach = self.dilation[axis].checked_mul(self.kernel[axis] - 1)?.checked_add(1)?;
        let padded = self.padding[axis].checked_mul(2)?.checked_add(self.input[axis])?;
        Some(padded.checked_sub(reach)? / self.stride[axis] + 1)
    }

    fn too_large(&self, context: &Context) -> Diagnostic {
        let Self { input, kernel, padding, dilation, .. } = self;
        let (keyword, of) = (context.keyword, |[height, width]: [usize; 2]| format!("{height}x{width}"));
        let spread = if *dilation == [1, 1] { String::new() } else { format!(" with dilation {}", of(*dilation)) };
        let around =
            if *padding == [0, 0] { String::new() } else { format!(" and padding {} on each side", of(*padding)) };
        let span = context.options.span("kernel_size").unwrap_or(keyword.span());
        Diagnostic::new(
            span,
            format!("`{keyword}` has a {} kernel{spread}, but its input is only {}{around}", of(*kernel), of(*input)),
        )
        .help("use a smaller `kernel_size`, or set `padding`")
    }
}

impl ToTokens for Window2d {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            channels,
            input: [height, width],
            kernel: [kh, kw],
            stride: [sh, sw],
            padding: [ph, pw],
            dilation: [dh, dw],
        } = self;
        tokens.extend(quote! {
            nn::Window2d {
                channels: #channels,
                input: [#height, #width],
                kernel: [#kh, #kw],
                stride: [#sh, #sw],
                padding: [#ph, #pw],
                dilation: [#dh, #dw],
            }
        });
    }
}
