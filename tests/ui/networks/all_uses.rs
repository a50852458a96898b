use nn_runtime::network::Parameters as _;
use nn_runtime::prelude::*;

network! {
    pub struct Net: [5, 4] -> [5, 3] {
        fc1: linear(8), relu,
        block: residual { fc2: linear(8), tanh },
        #[frozen]
        memory: gru(8),
        output: linaer(3),
    }

    /// A network that uses the mistaken one.
    pub struct Later: [5, 4] -> [2] {
        net: Net, flatten, head: linear(2),
    }
}

/// A network of another invocation that uses it.
mod elsewhere {
    use super::Net;

    nn_runtime::network! {
        pub struct Outer: [5, 4] -> [2] {
            net: Net -> [5, 3], nn_runtime_flatten: flatten, linear(2),
        }
    }
}

struct Model {
    net: Net,
    frozen: NetFrozen,
    state: NetState,
}

trait Describe {
    fn describe(&self) -> String;
}

impl Describe for Net {
    fn describe(&self) -> String {
        format!("{:?} {}", self.fc1, Net::summary())
    }
}

impl Default for Later {
    fn default() -> Self {
        Self::ZERO
    }
}

fn parameters<N: Trainable>(net: &N) -> usize {
    net.as_slice().len()
}

fn first_weight(layer: &NetFc1, block: &NetBlock, inner: &NetBlockFc2) -> f32 {
    layer.weight[(0, 0)] + block.fc2.weight[(0, 0)] + inner.bias[0]
}

static WORKSPACE: NetInferenceWorkspace = NetInferenceWorkspace::ZERO;

fn main() {
    let mut rng = rng(1);
    let mut net = Net::new(&mut rng);
    let zero = Net::ZERO;
    net.init(&mut rng);
    let frozen = NetFrozen::new(&mut rng);
    let output = net.with_frozen(&frozen).predict(&SVector::zeros());
    println!("{} {:?}", output[0], output.argmax());
    let mut inference = NetInferenceWorkspace::ZERO;
    net.with_frozen(&frozen).predict_in(&SVector::zeros(), &mut inference);

    let mut workspace = NetWorkspace::<4>::ZERO;
    net.forward_with(nn_runtime::kernels::Portable, &frozen, &SMatrix::zeros(), &mut workspace, Pass::training(1, 4));
    let gradient = Net::output_then_grad(&mut workspace);
    gradient.fill(1.0);
    println!("{} {}", NetWorkspace::<4>::BYTES, size_of::<Net>());

    let mut state = NetState::ZERO;
    for frame in [SVector::zeros(), SVector::zeros()] {
        println!("{}", net.with_frozen(&frozen).step(&mut state, &frame));
    }
    state.reset();

    net.fc1.weight[(0, 1)] += 0.5;
    net.block.fc2.bias.fill(0.0);
    for value in net.output.weight.iter_mut() {
        *value *= 2.0;
    }
    println!("{} {}", net.describe(), parameters(&net));
    println!("{}", first_weight(&net.fc1, &net.block, &net.block.fc2));
    let (inputs, targets) = ([[0.5; 20]; 2], [1_u8, 0]);
    let data = Dataset::new(&inputs, &targets).expect("as many inputs as targets");
    let fit = Fit::new(Adam::new(1e-3), CrossEntropy).epochs(3);
    let mut later = Later::default();
    fit.on_epoch(|run| println!("{run}")).run(&mut later, &data).expect("training");
    let mut training = Training::<Later, Adam, 2>::boxed();
    training.step(&mut later, &inputs, &targets, &CrossEntropy, &Adam::new(1e-3)).expect("a step");
    println!("{:?} {:?}", evaluate(&later, &CrossEntropy, &data), confusion_matrix(&later, &data));

    later.net = zero;
    println!("{} {}", later.predict(&SVector::zeros()), later.head.bias);
    println!("{}", elsewhere::Outer::boxed(&mut rng).predict(&SVector::zeros()));
    let model = Model { net, frozen, state };
    let thread = std::thread::spawn(move || model.net.with_frozen(&model.frozen).predict(&SVector::zeros()));
    println!("{:?}", thread.join());
}
