use nn_runtime::bytemuck::Zeroable;
use nn_runtime::kernels::Isa;
use nn_runtime::loss::needs::Fits;
use nn_runtime::loss::{Elementwise, TargetError};
use nn_runtime::prelude::*;
use nn_runtime::scalar::Scalar;

network! {
    struct Logits: [2] -> [3] { linear(3) }
    struct Probabilities: [2] -> [3] { linear(3), sigmoid }
    struct LogProbabilities: [2] -> [3] { linear(3), log_softmax }
    struct SoftmaxInside: [2] -> [3] { linear(3), softmax, linear(3) }
}

fn train<N, L, Needs, Target>(mut network: N, loss: &L, input: N::Input, target: Target)
where
    N: Network,
    L: Loss<Target, N::Output, N::Scalar, Needs>,
    Needs: Fits<N::Ending>,
{
    let mut training = Training::<N, Adam, 4>::boxed();
    training.step(&mut network, &Adam::new(0.1), loss, &[input], &[target]).unwrap();
}

/// A loss that is nobody's business but its user's: it says nothing of what it needs, and goes with every network.
struct Own;

impl Elementwise for Own {
    fn check<T: Scalar>(&self, _position: usize, _target: T) -> Result<(), TargetError> {
        Ok(())
    }

    fn value_and_gradient<I: Isa, T: Scalar>(&self, _isa: I, output: T, target: T) -> [T; 2] {
        [output * target, target]
    }
}

fn train_with_any<N: Network>(network: N, loss: &impl Loss<N::Output, N::Output, N::Scalar>, input: N::Input) {
    train(network, loss, input, N::Output::zeroed());
}

fn main() {
    let input = [1.0, 2.0];
    train(Logits::ZERO, &CrossEntropy, input, 0_u8);
    train(Logits::ZERO, &BceWithLogits, input, [0.0, 1.0, 0.0]);
    train(Probabilities::ZERO, &Bce, input, [0.0, 1.0, 0.0]);
    train(LogProbabilities::ZERO, &Nll, input, 0_u8);
    train(SoftmaxInside::ZERO, &CrossEntropy, input, 0_u8);
    train(Logits::ZERO, &CrossEntropy.class_weights(&[1.0, 2.0, 0.5]), input, 0_u8);
    train(Logits::ZERO, &CrossEntropy, input, [0.25, 0.75, 0.0]);
    train_with_any(Probabilities::ZERO, &Mse, input);
    train_with_any(Probabilities::ZERO, &Own, input);
}
