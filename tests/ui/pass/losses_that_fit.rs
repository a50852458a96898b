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

fn train<N, L, Needs, T>(loss: &L, target: T)
where
    N: Network<2, 3, Scalar = f32, Input = f32, Frozen = ()>,
    L: Loss<T, f32, 3, Needs>,
    Needs: Fits<N::Ending>,
{
    let mut network = Box::new(N::zeroed());
    let mut training = Training::<N, Adam, 4>::boxed();
    training.step(&mut *network, &Adam::new(0.1), loss, &[[1.0, 2.0]], &[target]).unwrap();
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

fn train_with_any<N, L>(loss: &L)
where
    N: Network<2, 3, Scalar = f32, Input = f32, Frozen = ()>,
    L: Loss<[f32; 3], f32, 3>,
{
    train::<N, _, _, _>(loss, [0.0, 1.0, 0.0]);
}

fn main() {
    train::<Logits, _, _, _>(&CrossEntropy, 0_u8);
    train::<Logits, _, _, _>(&BceWithLogits, [0.0, 1.0, 0.0]);
    train::<Probabilities, _, _, _>(&Bce, [0.0, 1.0, 0.0]);
    train::<LogProbabilities, _, _, _>(&Nll, 0_u8);
    train::<SoftmaxInside, _, _, _>(&CrossEntropy, 0_u8);
    train::<Logits, _, _, _>(&CrossEntropy.class_weights(&[1.0, 2.0, 0.5]), 0_u8);
    train::<Logits, _, _, _>(&CrossEntropy, [0.25, 0.75, 0.0]);
    train_with_any::<Probabilities, _>(&Mse);
    train_with_any::<Probabilities, _>(&Own);
}
