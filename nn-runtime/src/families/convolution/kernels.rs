//! Convolution: the loops over groups, rows and runs of pixels; the sums themselves are the shared kernels'.

use super::padded::Padded;
use crate::kernels::{Axis, Contraction, Correlation, Isa, Kernel, Listed, Patches, Phase, Sums, Window2d};
use crate::scalar::Scalar;

/// How many lanes of the output a weight's gradient takes in at once, in a large batch and in a small one. The more, the less
/// often sums are gathered (of 6 outputs under a 5x5 window: 55 % of the peak with 256, 45 % with 128); the fewer, the less
/// stack, 25 kB with 256 in `f32`.
const TERMS: [usize; 2] = [256, 32];

/// The geometry of a convolution.
#[derive(Clone, Copy)]
pub(crate) struct Geometry {
    window: Window2d,
    groups: usize,
    /// The number of channels and of outputs of each group.
    group_channels: usize,
    group_outputs: usize,
    /// The number of outputs of all groups together, and so how far neighbouring columns of the weight are apart.
    outputs: usize,
}

impl Geometry {
    /// What may not be 0 counts as 1 here, so that nothing can panic.
    pub(crate) fn new(window: Window2d, groups: usize, outputs: usize) -> Self {
        let window = Window2d { stride: window.stride.map(|stride| stride.max(1)), ..window };
        let groups = groups.max(1);
        Self { window, groups, group_channels: window.channels / groups, group_outputs: outputs / groups, outputs }
    }

    /// How many points the window has.
    #[inline(always)]
    pub(super) fn taps(&self) -> usize {
        self.window.kernel.iter().product()
    }

    /// How far channels are apart in the weight.
    #[inline(always)]
    fn channel_weights(&self) -> usize {
        self.taps() * self.outputs
    }

    #[inline(always)]
    fn axis(&self, axis: usize, source: [usize; 2]) -> Axis {
        Axis {
            kernel: self.window.kernel[axis],
            stride: self.window.stride[axis],
            padding: self.window.padding[axis],
            dilation: self.window.dilation[axis],
            source: source[axis],
        }
    }
}

/// Along which axes, and between which images, a convolution goes: forward, or backward.
#[derive(Clone, Copy)]
pub(super) struct Way {
    pub(super) geometry: Geometry,
    is_forward: bool,
    /// Height and width of the source and of the output.
    pub(super) sizes: [[usize; 2]; 2],
}

impl Way {
    /// The taps of the output's positions along an axis.
    #[inline(always)]
    pub(super) fn phases(self, axis: usize) -> impl Iterator<Item = Phase> {
        let [source, target] = self.sizes;
        let (steps, count) = (self.geometry.axis(axis, source), target[axis]);
        let forward = self.is_forward.then(|| steps.forward(count));
        let backward = (!self.is_forward).then(|| steps.backward(count));
        forward.into_iter().chain(backward.into_iter().flatten())
    }
}

/// An image of several channels, and as many lanes a pixel as there are samples.
#[derive(Clone, Copy)]
pub(super) struct Image {
    pub(super) size: [usize; 2],
    pub(super) batch: usize,
}

impl Image {
    /// How far channels are apart.
    #[inline(always)]
    pub(super) fn channel(self) -> usize {
        self.size[0] * self.size[1] * self.batch
    }

    #[inline(always)]
    pub(super) fn position(self, channel: usize, y: usize, x: usize) -> usize {
        channel * self.channel() + (y * self.size[1] + x) * self.batch
    }

    /// How far rows of pixels are apart.
    #[inline(always)]
    fn row(self) -> usize {
        self.size[1] * self.batch
    }
}

pub(crate) struct Forward<'a, T, const BATCH: usize> {
    pub(crate) geometry: Geometry,
    pub(crate) weight: &'a [T],
    pub(crate) bias: Option<&'a [T]>,
    /// Whether what is below 0 becomes 0.
    pub(crate) is_rectified: bool,
    pub(crate) input: &'a [T],
    pub(crate) output: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Forward<'_, T, BATCH> {
    /// Each output is a sum over the channels.
    pub(crate) fn call<I: Isa>(self, isa: I) {
        let Self { geometry, weight, bias, is_rectified, input, output } = self;
        let Geometry { window, group_channels, group_outputs, .. } = geometry;
        Correlate::<T, BATCH> {
            way: Way { geometry, is_forward: true, sizes: [window.input, window.output] },
            weight,
            group_factors: group_outputs,
            row_factor: 1,
            inner_factor: geometry.channel_weights(),
            channels: [group_channels, group_outputs],
            bias,
            is_rectified,
            source: input,
            output,
        }
        .call(isa);
    }
}

pub(crate) struct BackwardParameters<'a, T, const BATCH: usize> {
    pub(crate) geometry: Geometry,
    pub(crate) input: &'a [T],
    pub(crate) grad_output: &'a [T],
    pub(crate) grad_weight: &'a mut [T],
    pub(crate) grad_bias: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for BackwardParameters<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { geometry, input, grad_output, grad_weight, grad_bias } = self;
        let source = Image { size: geometry.window.input, batch: BATCH };
        let target = Image { size: geometry.window.output, batch: BATCH };
        for group in 0..geometry.groups {
            let (channel, row) = (group * geometry.group_channels, group * geometry.group_outputs);
            let terms = if const { BATCH >= 16 } { TERMS[0] } else { TERMS[1] };
            let contraction = Contraction {
                rows: Patches::<T, BATCH> {
                    image: input.get(source.position(channel, 0, 0)..).unwrap_or_default(),
                    window: geometry.window,
                },
                row_count: geometry.group_channels * geometry.taps(),
                columns: grad_output.get(target.position(row, 0, 0)..).unwrap_or_default(),
                column_distance: target.channel(),
                column_count: geometry.group_outputs,
                block_distance: terms,
                lanes: target.channel(),
            };
            let mut sums = Sums {
                values: grad_weight.get_mut(row..).unwrap_or_default(),
                distance: geometry.outputs,
                of_columns: grad_bias.get_mut(row..).unwrap_or_default(),
            };
            if const { BATCH >= 16 } {
                contraction.run::<I, { TERMS[0] }, { TERMS[0] }>(isa, &mut sums);
            } else {
                contraction.run::<I, { TERMS[1] }, { TERMS[1] }>(isa, &mut sums);
            }
        }
    }
}

pub(crate) struct BackwardInput<'a, T, const BATCH: usize> {
    pub(crate) geometry: Geometry,
    pub(crate) weight: &'a [T],
    /// One value a channel, that the gradient starts from.
    pub(crate) bias: Option<&'a [T]>,
    pub(crate) grad_output: &'a [T],
    pub(crate) grad_input: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> BackwardInput<'_, T, BATCH> {
    /// The gradient of each channel is a sum over the outputs.
    pub(crate) fn call<I: Isa>(self, isa: I) {
        let Self { geometry, weight, bias, grad_output, grad_input } = self;
        let Geometry { window, group_channels, group_outputs, .. } = geometry;
        Correlate::<T, BATCH> {
            way: Way { geometry, is_forward: false, sizes: [window.output, window.input] },
            weight,
            group_factors: group_outputs,
            row_factor: geometry.channel_weights(),
            inner_factor: 1,
            channels: [group_outputs, group_channels],
            bias,
            is_rectified: false,
            source: grad_output,
            output: grad_input,
        }
        .call(isa);
    }
}

/// What forward and backward pass have in common: an image is made of another. One kernel does for both, so that it is
/// compiled once.
struct Correlate<'a, T, const BATCH: usize> {
    way: Way,
    weight: &'a [T],
    /// How far the weights of neighbouring groups, channels of the output and channels of the source are apart.
    group_factors: usize,
    row_factor: usize,
    inner_factor: usize,
    /// The channels of a group of the source and of the output.
    channels: [usize; 2],
    bias: Option<&'a [T]>,
    is_rectified: bool,
    source: &'a [T],
    output: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for Correlate<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { way, .. } = self;
        let Geometry { window, groups, outputs, .. } = way.geometry;
        let [source, target] = way.sizes.map(|size| Image { size, batch: BATCH });
        let mut terms = Listed::new();
        let mut padded = if const { I::FMA && BATCH == 1 } { Padded::new(way, self.channels[0]) } else { None };
        let (image, at_once) =
            padded.as_ref().map_or((source, self.channels[0]), |padded| (padded.image, padded.at_once));
        let before = padded.as_ref().map_or([0; 2], |padded| padded.before);
        let phases = |axis: usize| way.phases(axis).map(move |phase| phase.within(before[axis], image.size[axis]));
        for group in 0..groups {
            let row = group * self.channels[1];
            for first in (0..self.channels[0].max(1)).step_by(at_once.max(1)) {
                let count = at_once.min(self.channels[0] - first);
                let channel = source.position(group * self.channels[0] + first, 0, 0);
                let mut values = self.source.get(channel..).unwrap_or_default();
                if let Some(padded) = &mut padded {
                    values = padded.channels(count, source, values);
                }
                let factors = group * self.group_factors + first * self.inner_factor;
                for across in phases(1) {
                    for down in phases(0) {
                        let correlation = Correlation {
                            factors: self.weight.get(factors..).unwrap_or_default(),
                            row_distance: self.row_factor,
                            tap_distance: [window.kernel[1] * outputs, outputs],
                            inner: [count, self.inner_factor, image.channel()],
                            source: values,
                            source_row: image.row(),
                            bias: self.bias.map(|bias| bias.get(row..).unwrap_or_default()),
                            goes_on: first > 0,
                            is_rectified: self.is_rectified && first + count == self.channels[0],
                            rows: self.channels[1],
                            output_distance: target.channel(),
                            output_row: target.row(),
                            down,
                            across,
                        };
                        let values = self.output.get_mut(target.position(row, 0, 0)..).unwrap_or_default();
                        correlation.run::<I, BATCH>(isa, &mut terms, values);
                    }
                }
            }
        }
    }
}

impl<T: Scalar, const BATCH: usize> Correlate<'_, T, BATCH> {
    fn call<I: Isa>(self, isa: I) {
        // the lanes of a single sample are its pixels
        let [height, width] = self.way.sizes[1];
        if const { BATCH == 1 } && height * width >= 16 {
            isa.call_widest(self);
        } else {
            isa.call_for::<_, BATCH>(self);
        }
    }
}
