//! Layers of a user's own inside of networks: trained, frozen, saved, and compared with central differences.

use approx::assert_relative_eq;
use nn_runtime::layers::linear;
use nn_runtime::math;
use nn_runtime::prelude::*;
use nn_runtime::scalar::Scalar;

layer! {
    /// A linear layer with a gain, which counts the training passes that it has seen.
    struct Gained {
        weight: SMatrix<f64, 3, 4>,
        gain: f64,
        #[state]
        passes: f64,
        bias: SVector<f64, 3>,
    }

    /// `x + sin²(x)`
    struct Snake;
}

impl Layer<4, 3, f64> for Gained {
    type Cache<const BATCH: usize> = SMatrix<f64, BATCH, 3>;

    fn init<R: Rng + ?Sized>(&mut self, rng: &mut R) {
        linear::init(&mut self.weight, Some(&mut self.bias), rng);
        self.gain = 0.75;
    }

    fn forward<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &SMatrix<f64, BATCH, 4>,
        output: &mut SMatrix<f64, BATCH, 3>,
        cache: &mut Self::Cache<BATCH>,
        _pass: Pass,
    ) {
        linear::forward(isa, &self.weight, Some(&self.bias), input, cache);
        *output = *cache * self.gain;
    }

    fn backward_parameters<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &SMatrix<f64, BATCH, 4>,
        cache: &mut Self::Cache<BATCH>,
        grad_output: &SMatrix<f64, BATCH, 3>,
        gradient: &mut Self,
        _pass: Pass,
    ) {
        gradient.gain += cache.dot(grad_output);
        gradient.passes += 1.0;
        let grad = *grad_output * self.gain;
        linear::backward_parameters(isa, input, &grad, &mut gradient.weight, Some(&mut gradient.bias));
    }

    fn backward_input<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input_then_grad: &mut SMatrix<f64, BATCH, 4>,
        _cache: &mut Self::Cache<BATCH>,
        grad_output: &SMatrix<f64, BATCH, 3>,
        _pass: Pass,
    ) {
        linear::backward_input(isa, &self.weight, &(*grad_output * self.gain), input_then_grad);
    }
}

impl Activation for Snake {
    #[inline(always)]
    fn value<I: Isa, T: Scalar>(isa: I, input: T) -> T {
        let [sin, _] = math::sin_cos(isa, input);
        input + sin * sin
    }

    #[inline(always)]
    fn derivative<I: Isa, T: Scalar>(isa: I, input: T) -> T {
        let [sin, cos] = math::sin_cos(isa, input);
        T::ONE + (sin + sin) * cos
    }
}

network! {
    struct Double: f64 [2] -> [1] { linear(4), Snake -> [4], own: Gained -> [3], snake: Snake -> [3], linear(1) }
    struct Still: f64 [4] -> [1] { #[frozen] own: Gained -> [3], Snake -> [3], linear(1) }
    struct Single: [2] -> [2] { linear(5), Snake -> [5], linear(2) }
}

const INPUTS: [[f64; 2]; 3] = [[0.3, -0.7], [1.1, 0.2], [-0.5, 0.9]];
const TARGETS: [[f64; 1]; 3] = [[0.4], [-0.2], [0.6]];

#[test]
fn gradients_agree_with_differences() -> Result<(), TrainError> {
    let net = Double::new(&mut rng(3));
    let mut training = Training::<Double, Sgd, 2>::ZERO;
    training.loss_and_gradient(&net, &Mse, &INPUTS, &TARGETS)?;
    let gradient = training.gradient;
    assert_eq!(gradient.own.passes.to_bits(), 2_f64.to_bits(), "three samples are two tiles");
    for (index, gradient) in gradient.as_slice().iter().enumerate() {
        let mut loss_at = |change: f64| {
            let mut moved = net;
            moved.as_mut_slice()[index] += change;
            training.loss_and_gradient(&moved, &Mse, &INPUTS, &TARGETS)
        };
        let difference = (loss_at(1e-5)? - loss_at(-1e-5)?) / 2e-5;
        let is_state = core::ptr::eq(&raw const net.as_slice()[index], &raw const net.own.passes);
        assert_relative_eq!(if is_state { 2.0 } else { difference }, *gradient, epsilon = 1e-9, max_relative = 1e-7);
    }
    Ok(())
}

#[test]
fn the_fields_are_the_tensors_of_the_network() {
    let names: Vec<_> = Double::ZERO.state_dict().map(|tensor| tensor.info().name().to_string()).collect();
    assert_eq!(names[2..6], ["own.weight", "own.gain", "own.passes", "own.bias"]);
    let net = Double::new(&mut rng(3));
    assert_eq!(Double::from_bytes(&net.to_bytes()).expect("its own bytes"), net);
    let bytes = postcard::to_allocvec(&net).expect("plain values");
    assert_eq!(postcard::from_bytes::<Double>(&bytes).expect("its own bytes"), net);
}

#[test]
fn a_frozen_layer_stays() -> Result<(), TrainError> {
    let (mut net, frozen) = (Still::new(&mut rng(1)), StillFrozen::new(&mut rng(2)));
    let mut training = Training::<Still, Sgd, 2>::ZERO;
    let inputs = [[0.5, -0.25, 1.0, 0.125]; 3];
    let mut step = || training.step(&mut net.with_frozen_mut(&frozen), &Sgd::new(0.1), &Mse, &inputs, &TARGETS);
    assert!(step()? > step()?);
    assert_eq!(frozen.own.gain.to_bits(), 0.75_f64.to_bits());
    Ok(())
}

#[test]
fn an_activation_is_a_layer_of_both_types() {
    let net = Single::new(&mut rng(1));
    let hidden = net.linear1.weight * SVector::from([0.5, -1.0]) + net.linear1.bias;
    let expected = net.linear2.weight * hidden.map(|x| x + x.sin().powi(2)) + net.linear2.bias;
    assert_relative_eq!(net.predict(&[0.5, -1.0]), expected, epsilon = 1e-6);
}
