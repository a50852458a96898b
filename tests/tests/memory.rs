//! The bytes of workspaces, beside the sum of all activations and gradients: what planning by liveness saves.

use nn_runtime::Network;
use nn_runtime::network::LayerInfo;
use nn_runtime::prelude::*;

network! {
    struct LeNet: [1, 28, 28] -> [10] {
        conv1: conv2d(6, kernel_size = 5), relu,
        max_pool2d(2),
        conv2: conv2d(16, kernel_size = 5), relu,
        max_pool2d(2),
        flatten,
        fc1: linear(120), relu,
        fc2: linear(84), relu,
        out: linear(10),
    }

    struct Deep: [64] -> [64] {
        linear(64), tanh, linear(64), tanh, linear(64), tanh, linear(64), tanh, linear(64),
    }

    struct Residual: [32] -> [32] {
        residual { linear(64), relu, linear(32) },
        residual { linear(64), relu, linear(32) },
    }

    /// Only the last stage is trained: nothing before it is kept.
    struct Head: [64] -> [4] {
        #[frozen]
        a: linear(64), relu,
        #[frozen]
        b: linear(64), relu,
        head: linear(4),
    }
}

/// The bytes a row of every layer's output, and of its gradient, each in memory of its own.
fn sum(layers: &[LayerInfo]) -> usize {
    layers.iter().map(|layer| layer.output.iter().product::<usize>() * 2 * size_of::<f32>()).sum()
}

fn bytes<N: Network<IN, OUT>, const IN: usize, const OUT: usize>() -> [usize; 3] {
    [size_of::<N::Workspace<1>>(), size_of::<N::InferenceWorkspace<1>>(), sum(N::LAYERS)]
}

#[test]
fn workspaces_are_planned() {
    // Training, inference, and the sum of everything.
    assert_eq!(
        [bytes::<LeNet, _, _>(), bytes::<Deep, _, _>(), bytes::<Residual, _, _>(), bytes::<Head, _, _>()],
        [[38_200, 17_280, 86_032], [1_536, 512, 4_608], [1_024, 512, 3_072], [512, 512, 2_080]]
    );
}

#[test]
fn a_workspace_is_its_rows() {
    assert_eq!(LeNetWorkspace::<32>::BYTES, 32 * LeNetWorkspace::<1>::BYTES);
    assert_eq!(LeNetWorkspace::<1>::BYTES, LeNet::summary().training_bytes);
}

network! {
    /// 6 MB of parameters, and more inference workspace than `predict` would put on a stack.
    struct Large: [1, 96, 96] -> [16] {
        conv2d(8, kernel_size = 3, padding = 1), relu,
        max_pool2d(4),
        flatten,
        linear(320), relu,
        linear(16),
    }
}

/// A large network is drawn, run and dropped on a thread whose stack could not hold a part of it.
#[test]
fn large_networks_stay_off_the_stack() {
    const { assert!(size_of::<Large>() > 5 << 20) };
    let run = || {
        let network = Large::boxed(&mut rng(1));
        let input: Box<SVector<f32, 9216>> = nn_runtime::bytemuck::zeroed_box();
        let mut workspace: Box<LargeInferenceWorkspace> = nn_runtime::bytemuck::zeroed_box();
        let output = network.predict_in(&input, &mut workspace);
        assert!(output.iter().all(|value| value.is_finite()));
        assert_eq!(size_of_val(network.as_slice()), size_of::<Large>());
    };
    let thread = std::thread::Builder::new().stack_size(192 << 10).spawn(run);
    thread.expect("a thread starts").join().expect("the stack suffices");
}

/// The same output with the caller's workspace, used again, as with one of its own.
#[test]
fn predictions_do_not_depend_on_the_workspace() {
    let network = LeNet::new(&mut rng(3));
    let mut workspace = LeNetInferenceWorkspace::ZERO;
    for scale in [0.5, -1.0] {
        let input = SVector::from_fn(|row, _| scale * (row as f32).sin());
        assert_eq!(network.predict_in(&input, &mut workspace), network.predict(&input));
    }
}
