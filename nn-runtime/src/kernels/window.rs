//! The geometry of a window that slides over an image: convolution and pooling.

/// A window sliding over the height and width of a `[channels, height, width]` sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window2d {
    /// The number of input channels.
    pub channels: usize,
    /// The input's height and width.
    pub input: [usize; 2],
    /// The window's height and width.
    pub kernel: [usize; 2],
    /// How far the window moves, down and across. Not 0.
    pub stride: [usize; 2],
    /// Rows and columns of padding on either side.
    pub padding: [usize; 2],
    /// The distance between neighbouring points of the window, down and across. Not 0.
    pub dilation: [usize; 2],
}

impl Window2d {
    /// The output's height and width: `(input + 2 · padding - dilation · (kernel - 1) - 1) / stride + 1`, rounded down.
    #[must_use]
    pub const fn output(&self) -> [usize; 2] {
        [self.output_along(0), self.output_along(1)]
    }

    const fn output_along(&self, axis: usize) -> usize {
        let reach = self.dilation[axis] * (self.kernel[axis] - 1) + 1;
        (self.input[axis] + 2 * self.padding[axis] - reach) / self.stride[axis] + 1
    }
}
