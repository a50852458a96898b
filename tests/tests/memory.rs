//! The bytes of workspaces, beside the sum of all activations and gradients: what planning by liveness saves.

use nn_runtime::network::{LayerInfo, Parameters};
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

    struct Mlp: [784] -> [10] {
        linear(128), relu, linear(64), relu, linear(10),
    }

    struct ResNet: [3, 16, 16] -> [10] {
        conv2d(8, kernel_size = 3, padding = 1, bias = false), batch_norm2d, relu,
        residual {
            conv2d(8, kernel_size = 3, padding = 1, bias = false), batch_norm2d, relu,
            conv2d(8, kernel_size = 3, padding = 1, bias = false), batch_norm2d,
        },
        relu,
        global_avg_pool,
        linear(10),
    }

    struct Lstm: [32, 8] -> [4] {
        lstm(16, bidirectional = true), mean, linear(4),
    }

    struct Transformer: u8 [16] -> [16, 64] {
        embedding(64, 32), positional_embedding,
        residual { layer_norm, multihead_attention(4, causal = true) },
        residual { layer_norm, linear(64), gelu, linear(32) },
        residual { layer_norm, multihead_attention(4, causal = true) },
        residual { layer_norm, linear(64), gelu, linear(32) },
        layer_norm, linear(64),
    }

    struct Autoencoder: [1, 16, 16] -> [1, 16, 16] {
        conv2d(8, kernel_size = 3, stride = 2, padding = 1), relu,
        conv2d(16, kernel_size = 3, stride = 2, padding = 1), relu,
        conv_transpose2d(8, kernel_size = 2, stride = 2), relu,
        conv_transpose2d(1, kernel_size = 2, stride = 2), sigmoid,
    }

    /// All layers work in place or need their output alone.
    struct Deep: [64] -> [64] {
        linear(64), tanh, linear(64), tanh, linear(64), tanh, linear(64), tanh, linear(64),
    }

    struct UNet: [1, 16, 16] -> [2, 16, 16] {
        down1: conv2d(8, kernel_size = 3, padding = 1), skip1: relu, max_pool2d(2),
        down2: conv2d(16, kernel_size = 3, padding = 1), skip2: relu, max_pool2d(2),
        bottom: conv2d(32, kernel_size = 3, padding = 1), relu,
        up2: conv_transpose2d(16, kernel_size = 2, stride = 2),
        concat { [skip2], [up2] }, conv2d(16, kernel_size = 3, padding = 1), relu,
        up1: conv_transpose2d(8, kernel_size = 2, stride = 2),
        concat { [skip1], [up1] }, out: conv2d(2, kernel_size = 1),
    }

    struct WaveNet: [1, 64] -> [1, 64] {
        front: conv1d(8, 1),
        z1: mul { [conv1d(8, 2, causal = true), tanh], [conv1d(8, 2, causal = true), sigmoid] },
        skip1: conv1d(4, 1),
        x1: add { [front], [z1, conv1d(8, 1)] },
        z2: mul { [conv1d(8, 2, dilation = 2, causal = true), tanh], [conv1d(8, 2, dilation = 2, causal = true), sigmoid] },
        skip2: conv1d(4, 1),
        x2: add { [x1], [z2, conv1d(8, 1)] },
        z3: mul { [conv1d(8, 2, dilation = 4, causal = true), tanh], [conv1d(8, 2, dilation = 4, causal = true), sigmoid] },
        skip3: conv1d(4, 1),
        add { [skip1], [skip2], [skip3], [x2 { conv1d(4, 1) }] }, relu,
        conv1d(1, 1),
    }

    /// Two inputs and two outputs, which have places of their own.
    struct TwoHeads: { image: [1, 12, 12], speed: [4] } -> { steering: [1], brake: [8] } {
        image, conv2d(4, kernel_size = 3), relu, max_pool2d(2), flatten, seen: linear(16),
        concat { [seen], [speed] }, linear(32), trunk: relu,
        steering: trunk { linear(16), tanh, linear(1) },
        brake: trunk { linear(16), tanh, linear(8) },
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

fn bytes<P: Parameters>() -> [usize; 3] {
    [size_of::<P::Workspace<1>>(), size_of::<P::Scratch<1>>(), sum(P::LAYERS)]
}

#[test]
fn workspaces_are_planned() {
    // To train, to infer, and what a buffer for each output and each gradient would take, without what layers keep besides: of
    // an LSTM its gates and its memory, 20,480 bytes here.
    let networks = [
        ("LeNet", bytes::<LeNet>(), [38_200, 17_280, 86_032]),
        ("Mlp", bytes::<Mlp>(), [1_320, 768, 3_152]),
        ("ResNet", bytes::<ResNet>(), [57_568, 24_576, 163_984]),
        ("Lstm", bytes::<Lstm>(), [28_816, 4_224, 8_480]),
        ("Transformer", bytes::<Transformer>(), [66_176, 15_360, 102_400]),
        ("Autoencoder", bytes::<Autoencoder>(), [8_192, 3_072, 24_576]),
        ("Deep", bytes::<Deep>(), [1_536, 512, 4_608]),
        ("Head", bytes::<Head>(), [512, 512, 2_080]),
        ("TwoHeads", bytes::<TwoHeads>(), [4_140, 2_040, 9_384]),
        ("UNet", bytes::<UNet>(), [67_328, 36_864, 157_696]),
        ("WaveNet", bytes::<WaveNet>(), [30_720, 8_192, 94_720]),
    ];
    for (name, found, expected) in networks {
        assert_eq!(found, expected, "{name}");
    }
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
