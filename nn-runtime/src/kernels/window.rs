//! The geometry of a window that slides over an image: convolution and pooling.

/// A window sliding over the height and width of a `[channels, height, width]` sample. Over a `[channels, length]` sample it
/// slides as over an image of height 1.
///
/// Beyond the input there is padding: `padding` before it, and behind it as much as the windows of the output reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window2d {
    /// The number of input channels.
    pub channels: usize,
    /// The input's height and width.
    pub input: [usize; 2],
    /// The output's height and width: how often the window moves, plus 1.
    pub output: [usize; 2],
    /// The window's height and width.
    pub kernel: [usize; 2],
    /// How far the window moves, down and across. Not 0.
    pub stride: [usize; 2],
    /// Rows of padding above the input, and columns to the left of it.
    pub padding: [usize; 2],
    /// The distance between neighbouring points of the window, down and across. Not 0.
    pub dilation: [usize; 2],
}
