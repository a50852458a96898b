//! Convolution: the loops over groups, rows and runs of pixels; the sums themselves are the shared kernels'.

use crate::kernels::{
    Axis, ByRow, ByTerm, Contraction, Isa, Kernel, Output, Patches, Product, Start, Sums, Taps, Terms, Window2d, runs,
};
use crate::scalar::Scalar;

/// How many lanes of the output a weight's gradient takes in at once, in a large batch and in a small one: the fewer, the
/// less stack.
const TERMS: [usize; 2] = [128, 32];

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

    /// How far channels are apart in the weight.
    #[inline(always)]
    fn channel_weights(&self) -> usize {
        self.window.kernel[0] * self.window.kernel[1] * self.outputs
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

    /// How far the taps move through the weight, first down, then across; and where the first is.
    #[inline(always)]
    fn weight_moves(&self, down: Taps, across: Taps) -> ([usize; 2], usize) {
        let row = self.window.kernel[1] * self.outputs;
        let moves = [down.tap_distance.wrapping_mul(row), across.tap_distance.wrapping_mul(self.outputs)];
        (moves, down.tap * row + across.tap * self.outputs)
    }
}

/// An image of several channels, and as many lanes a pixel as there are samples.
#[derive(Clone, Copy)]
struct Image {
    size: [usize; 2],
    batch: usize,
}

impl Image {
    /// How far channels are apart.
    #[inline(always)]
    fn channel(self) -> usize {
        self.size[0] * self.size[1] * self.batch
    }

    #[inline(always)]
    fn position(self, channel: usize, y: usize, x: usize) -> usize {
        channel * self.channel() + (y * self.size[1] + x) * self.batch
    }

    /// How far the taps move through the image, first down, then across.
    #[inline(always)]
    fn moves(self, down: Taps, across: Taps) -> [usize; 2] {
        let row = self.size[1] * self.batch;
        [down.source_distance.wrapping_mul(row), across.source_distance.wrapping_mul(self.batch)]
    }
}

pub(crate) struct Forward<'a, T, const BATCH: usize> {
    pub(crate) geometry: Geometry,
    pub(crate) weight: &'a [T],
    pub(crate) bias: Option<&'a [T]>,
    pub(crate) input: &'a [T],
    pub(crate) output: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for Forward<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { geometry, weight, bias, input, output } = self;
        let source = Image { size: geometry.window.input, batch: BATCH };
        let target = Image { size: geometry.window.output, batch: BATCH };
        let (down, across) = (geometry.axis(0, source.size), geometry.axis(1, source.size));
        for group in 0..geometry.groups {
            let (channel, row) = (group * geometry.group_channels, group * geometry.group_outputs);
            for run in runs(target.size[1], |x| across.forward(x)) {
                for y in 0..target.size[0] {
                    let (down, across) = (down.forward(y), run.taps);
                    let ([weight_down, weight_across], first_weight) = geometry.weight_moves(down, across);
                    let [source_down, source_across] = source.moves(down, across);
                    let terms = Terms {
                        count: [geometry.group_channels, down.count, across.count],
                        factor: [geometry.channel_weights(), weight_down, weight_across],
                        lanes: [source.channel(), source_down, source_across],
                        first_factor: first_weight + row,
                        first_lane: source.position(channel, down.source, across.source),
                    };
                    let start = bias.map_or(Start::Zero, |bias| Start::Bias(bias.get(row..).unwrap_or_default()));
                    let product = Product { factors: ByTerm(weight), lanes: input, terms: terms.longest_last(), start };
                    product.run::<I, BATCH>(
                        isa,
                        Output {
                            values: output.get_mut(target.position(row, y, run.position)..).unwrap_or_default(),
                            distance: target.channel(),
                            rows: geometry.group_outputs,
                            lanes: run.count * BATCH,
                        },
                    );
                }
            }
        }
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
            let contraction = Contraction {
                rows: Patches {
                    image: input.get(source.position(channel, 0, 0)..).unwrap_or_default(),
                    window: geometry.window,
                    batch: BATCH,
                },
                row_count: geometry.group_channels * geometry.window.kernel[0] * geometry.window.kernel[1],
                columns: grad_output.get(target.position(row, 0, 0)..).unwrap_or_default(),
                column_distance: target.channel(),
                column_count: geometry.group_outputs,
                lanes: target.channel(),
            };
            let mut sums = Sums {
                values: grad_weight.get_mut(row..).unwrap_or_default(),
                distance: geometry.outputs,
                of_columns: grad_bias.get_mut(row..).unwrap_or_default(),
            };
            if BATCH >= 16 {
                contraction.run::<I, { TERMS[0] }>(isa, &mut sums);
            } else {
                contraction.run::<I, { TERMS[1] }>(isa, &mut sums);
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

impl<T: Scalar, const BATCH: usize> Kernel for BackwardInput<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { geometry, weight, bias, grad_output, grad_input } = self;
        let source = Image { size: geometry.window.output, batch: BATCH };
        let target = Image { size: geometry.window.input, batch: BATCH };
        let (down, across) = (geometry.axis(0, source.size), geometry.axis(1, source.size));
        for group in 0..geometry.groups {
            let (channel, row) = (group * geometry.group_channels, group * geometry.group_outputs);
            for run in runs(target.size[1], |x| across.backward(x)) {
                for y in 0..target.size[0] {
                    let (down, across) = (down.backward(y), run.taps);
                    let ([weight_down, weight_across], first_weight) = geometry.weight_moves(down, across);
                    let [source_down, source_across] = source.moves(down, across);
                    let terms = Terms {
                        count: [down.count, across.count, geometry.group_outputs],
                        factor: [weight_down, weight_across, 1],
                        lanes: [source_down, source_across, source.channel()],
                        first_factor: first_weight + row,
                        first_lane: source.position(row, down.source, across.source),
                    };
                    let start = bias.map_or(Start::Zero, |bias| Start::Bias(bias.get(channel..).unwrap_or_default()));
                    let factors = ByRow { values: weight, distance: geometry.channel_weights() };
                    let product = Product { factors, lanes: grad_output, terms, start };
                    product.run::<I, BATCH>(
                        isa,
                        Output {
                            values: grad_input.get_mut(target.position(channel, y, run.position)..).unwrap_or_default(),
                            distance: target.channel(),
                            rows: geometry.group_channels,
                            lanes: run.count * BATCH,
                        },
                    );
                }
            }
        }
    }
}
