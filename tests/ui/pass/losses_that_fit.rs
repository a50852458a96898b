use nn_runtime::bytemuck::Zeroable as _;
use nn_runtime::prelude::*;

network! {
    struct Logits: [2] -> [3] { linear(3) }
    struct Probabilities: [2] -> [3] { linear(3), sigmoid }
    struct LogProbabilities: [2] -> [3] { linear(3), log_softmax }
    struct SoftmaxInside: [2] -> [3] { linear(3), softmax, linear(3) }
}

fn train<N: Network<2, 3, Scalar = f32, Input = f32, Frozen = ()>, L: Loss<T, f32, 3>, T>(loss: &L, target: T) {
    let mut network = Box::new(N::zeroed());
    let mut training = Training::<N, Adam, 4, _, _>::boxed();
    training.step(&mut *network, &Adam::new(0.1), loss, &[[1.0, 2.0]], &[target]).unwrap();
}

fn main() {
    train::<Logits, _, _>(&CrossEntropy, 0_u8);
    train::<Logits, _, _>(&BceWithLogits, [0.0, 1.0, 0.0]);
    train::<Probabilities, _, _>(&Bce, [0.0, 1.0, 0.0]);
    train::<LogProbabilities, _, _>(&Nll, 0_u8);
    train::<SoftmaxInside, _, _>(&CrossEntropy, 0_u8);
}
