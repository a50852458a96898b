//! The textbooks' smallest network, followed by hand: one input, two hidden units with `relu`, one output with `sigmoid`.
//!
//! [`Step`] computes one step of gradient descent the way one does on paper, so that every quantity can be printed beside its formula.

use nn_runtime::prelude::*;

network! {
    /// One input, two hidden units, one output.
    pub struct OneTwoOne: f64 [1] -> [1] {
        hidden: linear(2), relu,
        out: linear(1), sigmoid,
    }
}

/// The two points, 0 and 1.
pub const INPUTS: [[f64; 1]; 2] = [[0.0], [1.0]];
/// What the network is to make of them.
pub const TARGETS: [[f64; 1]; 2] = [[0.0], [1.0]];
/// The learning rate.
pub const LEARNING_RATE: f64 = 0.1;

/// Parameters to begin with, which are easy to write down. The second hidden unit is silent at the point 1.
#[must_use]
pub fn start() -> OneTwoOne {
    let mut network = OneTwoOne::ZERO;
    network.hidden.weight.as_mut_slice().copy_from_slice(&[0.5, -0.4]);
    network.hidden.bias.as_mut_slice().copy_from_slice(&[0.1, 0.2]);
    network.out.weight.as_mut_slice().copy_from_slice(&[0.6, 0.3]);
    network.out.bias[0] = -0.2;
    network
}

/// What the network computes at one point, forward and backward.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// The input.
    pub x: f64,
    /// The target.
    pub y: f64,
    /// The pre-activations of the hidden units: z = w · x + b.
    pub z: [f64; 2],
    /// The activations of the hidden units: h = max(0, z).
    pub h: [f64; 2],
    /// The pre-activation of the output: s = v · h + c.
    pub s: f64,
    /// The output: p = 1 / (1 + e⁻ˢ).
    pub p: f64,
    /// The loss: −ln p at y = 1, −ln(1 − p) at y = 0.
    pub loss: f64,
    /// The gradient of the loss by s: p − y.
    pub grad_s: f64,
    /// The gradients by z: `grad_s` · v where z > 0, else 0.
    pub grad_z: [f64; 2],
}

/// One step of gradient descent on the mean loss of both points.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The network before the step.
    pub before: OneTwoOne,
    /// Both points.
    pub points: [Point; 2],
    /// The mean loss.
    pub loss: f64,
    /// The gradient of the mean loss.
    pub gradient: OneTwoOne,
    /// The network after the step.
    pub after: OneTwoOne,
}

impl Step {
    /// Follows one step by hand.
    #[must_use]
    pub fn new(before: OneTwoOne) -> Self {
        let points = [0, 1].map(|i| Point::new(&before, INPUTS[i][0], TARGETS[i][0]));
        let mean = |quantity: fn(&Point) -> f64| points.iter().map(quantity).sum::<f64>() / 2.0;
        let mut gradient = OneTwoOne::ZERO;
        gradient
            .hidden
            .weight
            .as_mut_slice()
            .copy_from_slice(&[mean(|p| p.grad_z[0] * p.x), mean(|p| p.grad_z[1] * p.x)]);
        gradient.hidden.bias.as_mut_slice().copy_from_slice(&[mean(|p| p.grad_z[0]), mean(|p| p.grad_z[1])]);
        gradient.out.weight.as_mut_slice().copy_from_slice(&[mean(|p| p.grad_s * p.h[0]), mean(|p| p.grad_s * p.h[1])]);
        gradient.out.bias[0] = mean(|p| p.grad_s);
        let mut after = before;
        for (parameter, gradient) in after.as_mut_slice().iter_mut().zip(gradient.as_slice()) {
            *parameter -= LEARNING_RATE * gradient;
        }
        Self { before, points, loss: mean(|p| p.loss), gradient, after }
    }
}

impl Point {
    fn new(network: &OneTwoOne, x: f64, y: f64) -> Self {
        let OneTwoOne { hidden, out } = network;
        let z = [0, 1].map(|unit| hidden.weight[unit] * x + hidden.bias[unit]);
        let h = z.map(|z| z.max(0.0));
        let s = out.weight[0] * h[0] + out.weight[1] * h[1] + out.bias[0];
        let p = 1.0 / (1.0 + (-s).exp());
        let loss = if y > 0.5 { -p.ln() } else { -(1.0 - p).ln() };
        let grad_s = p - y;
        let grad_z = [0, 1].map(|unit| if z[unit] > 0.0 { grad_s * out.weight[unit] } else { 0.0 });
        Self { x, y, z, h, s, p, loss, grad_s, grad_z }
    }
}

/// Trains for a number of epochs, each one step of Adam on both points, and calls `on_epoch` with its number and its loss.
///
/// # Errors
///
/// None with this data; a training step can refuse other data.
pub fn train(network: &mut OneTwoOne, epochs: usize, mut on_epoch: impl FnMut(usize, f64)) -> Result<(), TrainError> {
    let mut training = Training::<OneTwoOne, Adam, 2>::ZERO;
    for epoch in 1..=epochs {
        on_epoch(epoch, training.step(network, &Adam::new(LEARNING_RATE), &Bce, &INPUTS, &TARGETS)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_all_close(actual: &[f64], expected: &[f64]) {
        assert_eq!(actual.len(), expected.len());
        for (actual, expected) in actual.iter().zip(expected) {
            assert!((actual - expected).abs() < 1e-12, "{actual} instead of {expected}");
        }
    }

    #[test]
    fn the_step_by_hand_is_the_network() {
        let step = Step::new(start());
        let mut training = Training::<OneTwoOne, Sgd, 2>::ZERO;
        let mut network = start();
        let loss = training
            .step(&mut network, &Sgd::new(LEARNING_RATE), &Bce, &INPUTS, &TARGETS)
            .expect("the points are right");
        assert_all_close(&[loss], &[step.loss]);
        assert_all_close(training.gradient.as_slice(), step.gradient.as_slice());
        assert_all_close(network.as_slice(), step.after.as_slice());
    }

    #[test]
    fn the_step_by_hand_is_pytorchs() {
        let step = Step::new(start());
        assert_all_close(&[step.loss], &[LOSS]);
        assert_all_close(step.gradient.as_slice(), &GRADIENT);
    }

    #[test]
    fn a_hundred_epochs_are_pytorchs() {
        let mut losses = Vec::new();
        train(&mut start(), 100, |_, loss| losses.push(loss)).expect("the points are right");
        assert_all_close(&[losses[0], losses[9], losses[99]], &LOSSES);
    }

    // PyTorch 2.15 in float64: the same parameters, BCELoss, and for the losses Adam(lr=0.1). The gradient is in the order
    // hidden.weight, hidden.bias, out.weight, out.bias.
    const LOSS: f64 = 0.635_145_370_179_164_8;
    const GRADIENT: [f64; 7] = [
        -0.138_025_534_633_330_28,
        0.0,
        0.005_977_663_319_995_191,
        0.072_001_598_976_662_74,
        -0.114_025_001_641_109_37,
        0.048_001_065_984_441_83,
        0.009_962_772_199_991_976,
    ];
    const LOSSES: [f64; 3] = [0.635_145_370_179_164_8, 0.309_211_562_973_304_3, 0.003_962_997_866_451_534];
}
