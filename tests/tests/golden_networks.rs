//! Whole networks against PyTorch: outputs, every gradient, and ten training steps. What is large is compared by its digest.

use nn_runtime::bytemuck;
use nn_runtime::kernels::dispatch;
use nn_runtime::loss::Loss;
use nn_runtime::loss::Unchecked;
use nn_runtime::network::Parameters as _;
use nn_runtime::optim::Optimizer;
use nn_runtime::prelude::*;
use nn_tests::{
    Case, Golden, Precision as _, Step, Tensor, Values as _, assert_close, assert_digest, assert_digests, check_blocks,
    fill_network, rows_of, train, values_of,
};

/// Declares a network of `tests/golden/networks.py` in both precisions.
macro_rules! networks {
    ($($single:ident, $double:ident: [$($input:tt)*] [$($input_of_double:tt)*] -> $output:tt $stages:tt)*) => {
        network! {
            $(
                struct $single: $($input)* -> f32 $output $stages
                struct $double: $($input_of_double)* -> f64 $output $stages
            )*
        }
    };
}

networks! {
    LeNet, LeNetDouble: [[1, 28, 28]] [f64 [1, 28, 28]] -> [10] {
        conv1: conv2d(6, kernel_size = 5), relu,
        max_pool2d(2),
        conv2: conv2d(16, kernel_size = 5), relu,
        max_pool2d(2),
        flatten,
        fc1: linear(120), relu,
        fc2: linear(84), relu,
        out: linear(10),
    }
    ResNet, ResNetDouble: [[3, 7, 6]] [f64 [3, 7, 6]] -> [5] {
        conv: conv2d(4, kernel_size = 3, padding = 1, bias = false),
        norm: batch_norm2d, relu,
        block: residual {
            conv1: conv2d(4, kernel_size = 3, padding = 1, bias = false),
            norm1: batch_norm2d, relu,
            conv2: conv2d(4, kernel_size = 3, padding = 1, bias = false),
            norm2: batch_norm2d,
        },
        relu,
        global_avg_pool,
        out: linear(5),
    }
    LstmClassifier, LstmClassifierDouble: [u8 [7]] [u8 [7]] -> [3] {
        table: embedding(11, 4),
        lstm: lstm(5, bidirectional = true),
        mean,
        out: linear(3),
    }
    Transformer, TransformerDouble: [u16 [6]] [u16 [6]] -> [6, 11] {
        token: embedding(11, 8),
        position: positional_embedding,
        attention1: residual { norm: layer_norm, attn: multihead_attention(2, causal = true) },
        mlp1: residual { norm: layer_norm, fc1: linear(16), gelu, fc2: linear(8) },
        attention2: residual { norm: layer_norm, attn: multihead_attention(4, causal = true) },
        mlp2: residual { norm: layer_norm, fc1: linear(16), gelu, fc2: linear(8) },
        norm: layer_norm,
        out: linear(11),
    }
    Autoencoder, AutoencoderDouble: [[1, 8, 8]] [f64 [1, 8, 8]] -> [1, 8, 8] {
        conv1: conv2d(4, kernel_size = 3, stride = 2, padding = 1), relu,
        conv2: conv2d(6, kernel_size = 3, stride = 2, padding = 1), relu,
        flatten,
        code: linear(5),
        fc: linear(24),
        reshape([6, 2, 2]),
        up1: conv_transpose2d(4, kernel_size = 3, stride = 2, padding = 1, output_padding = 1), relu,
        up2: conv_transpose2d(1, kernel_size = 4, stride = 2, padding = 1), sigmoid,
    }
    UNet, UNetDouble: [[2, 8, 8]] [f64 [2, 8, 8]] -> [3, 8, 8] {
        down1: conv2d(4, kernel_size = 3, padding = 1), skip1: relu, max_pool2d(2),
        down2: conv2d(6, kernel_size = 3, padding = 1), skip2: relu, max_pool2d(2),
        bottom: conv2d(8, kernel_size = 3, padding = 1), relu,
        up2: conv_transpose2d(6, kernel_size = 2, stride = 2),
        concat { [skip2], [up2] }, merge2: conv2d(6, kernel_size = 3, padding = 1), relu,
        up1: conv_transpose2d(4, kernel_size = 2, stride = 2),
        concat { [skip1], [up1] }, out: conv2d(3, kernel_size = 1),
    }
    DenseNet, DenseNetDouble: [[3, 6, 5]] [f64 [3, 6, 5]] -> [5] {
        conv0: conv2d(4, kernel_size = 3, padding = 1),
        norm1: batch_norm2d, relu, conv1: conv2d(3, kernel_size = 3, padding = 1),
        dense1: concat { [conv0], [conv1] },
        norm2: batch_norm2d, relu, conv2: conv2d(3, kernel_size = 3, padding = 1),
        dense2: concat { [dense1], [conv2] },
        norm3: batch_norm2d, relu, conv3: conv2d(3, kernel_size = 3, padding = 1),
        concat { [dense2], [conv3] },
        global_avg_pool,
        out: linear(5),
    }
    WaveNet, WaveNetDouble: [[1, 17]] [f64 [1, 17]] -> [1, 17] {
        front: conv1d(4, kernel_size = 1),
        z1: mul {
            [filter: conv1d(4, kernel_size = 2, causal = true), tanh],
            [gate: conv1d(4, kernel_size = 2, causal = true), sigmoid],
        },
        skip1: conv1d(3, kernel_size = 1),
        z1, back1: conv1d(4, kernel_size = 1), x1: add { [front], [back1] },
        z2: mul {
            [filter: conv1d(4, kernel_size = 2, dilation = 2, causal = true), tanh],
            [gate: conv1d(4, kernel_size = 2, dilation = 2, causal = true), sigmoid],
        },
        skip2: conv1d(3, kernel_size = 1),
        z2, back2: conv1d(4, kernel_size = 1), x2: add { [x1], [back2] },
        z3: mul {
            [filter: conv1d(4, kernel_size = 2, dilation = 4, causal = true), tanh],
            [gate: conv1d(4, kernel_size = 2, dilation = 4, causal = true), sigmoid],
        },
        skip3: conv1d(3, kernel_size = 1),
        add { [skip1], [skip2], [skip3] }, relu,
        mix: conv1d(3, kernel_size = 1), relu,
        out: conv1d(1, kernel_size = 1),
    }
    Silero, SileroDouble: [[576]] [f64 [576]] -> [1, 1] {
        reshape([1, 576]), pad([[0, 64]], mode = reflect),
        stft: conv1d(258, kernel_size = 256, stride = 128, bias = false),
        add { [narrow(0, 0, 129), square], [narrow(0, 129, 129), square] }, sqrt,
        conv1: conv1d(128, kernel_size = 3, padding = 1), relu,
        conv2: conv1d(64, kernel_size = 3, stride = 2, padding = 1), relu,
        conv3: conv1d(64, kernel_size = 3, stride = 2, padding = 1), relu,
        conv4: conv1d(128, kernel_size = 3, padding = 1), relu,
        transpose,
        lstm: lstm(128), relu,
        out: linear(1), sigmoid,
    }
    Video, VideoDouble: [[5, 2, 6, 5]] [f64 [5, 2, 6, 5]] -> [3] {
        frames: each {
            conv: conv2d(3, kernel_size = 3), relu,
            flatten,
            fc: linear(4), tanh,
        },
        memory: gru(6),
        last,
        out: linear(3),
    }
    Towers, TowersDouble: [[10]] [f64 [10]] -> [2] {
        reshape([2, 5]),
        both: each { fc1: linear(7), relu, fc2: linear(3), normalize(dim = 0) },
        mul { [narrow(0, 0, 1)], [both { narrow(0, 1, 1) }] },
        flatten,
        out: linear(2),
    }
    SqueezeAndExcitation, SqueezeAndExcitationDouble: [[3, 6, 5]] [f64 [3, 6, 5]] -> [5] {
        conv: conv2d(4, kernel_size = 3, padding = 1), image: relu,
        global_avg_pool, squeeze: linear(2), relu, excite: linear(4), sigmoid, scale: reshape([4, 1, 1]),
        excited: mul { [image], [scale] },
        sub { [excited], [excited, global_max_pool, reshape([4, 1, 1])] },
        global_avg_pool,
        out: linear(5),
    }
}

fn check<N: Golden, Target>(
    name: &str,
    optimizer: &impl Optimizer<N::Scalar>,
    loss: &impl Loss<Target, N::Output, N::Scalar>,
    targets: impl Fn(&Tensor) -> Vec<Target>,
) {
    let case = Case::read(name);
    let mut network: Box<N> = bytemuck::zeroed_box();
    fill_network(&mut *network);
    assert_digests(&case, "parameter.", network.state_dict());
    let (inputs, targets) = (rows_of(case.tensor("input")), targets(case.tensor("target")));
    let grad_output = rows_of(case.tensor("grad_output"));
    let outcome = dispatch(Step::<N, 4> { network: &network, input: &inputs, grad_output: &grad_output, seed: 0 });
    let what = |tensor| format!("{name}: {tensor}, {}", std::any::type_name::<N::Scalar>());
    let golden = N::Scalar::GOLDEN;
    assert_close(N::Output::flat(&outcome.output), &case.tensor("output").values, golden, &what("output"));
    assert_digests(&case, "gradient.", WithFrozen::new(&*outcome.gradient, network.frozen()).state_dict());
    if N::Parameters::HAS_INPUT_GRADIENT {
        let grad_input: &[N::Scalar] = bytemuck::cast_slice(N::Input::flat(&outcome.grad_input));
        assert_digest(&case, "grad_input", grad_input);
    }

    let run = train(&mut *network, optimizer, loss, None, (&inputs, &targets), 10);
    assert_close(&run.losses, &case.tensor("losses").values, golden, &what("losses"));
    assert_digests(&case, "final.", network.state_dict());
    let outcome = dispatch(Step::<N, 4> { network: &network, input: &inputs, grad_output: &grad_output, seed: 0 });
    assert_close(N::Output::flat(&outcome.inferred), &case.tensor("evaluation").values, golden, &what("evaluation"));
}

#[test]
fn lenet() {
    let (adam, loss) = (Adam::new(0.001), Unchecked::new(&CrossEntropy));
    check::<LeNet, u8>("networks/lenet", &adam, &loss, values_of);
    check::<LeNetDouble, u8>("networks/lenet", &adam, &loss, values_of);
}

#[test]
fn resnet() {
    let (sgd, loss) = (Sgd::new(0.05).momentum(0.9).weight_decay(1e-3), Unchecked::new(&CrossEntropy));
    check::<ResNet, u8>("networks/resnet", &sgd, &loss, values_of);
    check::<ResNetDouble, u8>("networks/resnet", &sgd, &loss, values_of);
}

#[test]
fn lstm_classifier() {
    let (rms_prop, loss) = (RmsProp::new(0.01), Unchecked::new(&CrossEntropy));
    check::<LstmClassifier, u8>("networks/lstm_classifier", &rms_prop, &loss, values_of);
    check::<LstmClassifierDouble, u8>("networks/lstm_classifier", &rms_prop, &loss, values_of);
}

#[test]
fn transformer() {
    let (sgd, loss) = (Sgd::new(0.1).momentum(0.9).nesterov(true), Unchecked::new(&CrossEntropy));
    check::<Transformer, [u8; 6]>("networks/transformer", &sgd, &loss, rows_of);
    check::<TransformerDouble, [u8; 6]>("networks/transformer", &sgd, &loss, rows_of);
}

#[test]
fn autoencoder() {
    let adam = Adam::new(0.01);
    check::<Autoencoder, [f32; 64]>("networks/autoencoder", &adam, &Mse, rows_of);
    check::<AutoencoderDouble, [f64; 64]>("networks/autoencoder", &adam, &Mse, rows_of);
}

#[test]
fn unet() {
    let adam = Adam::new(0.01);
    check::<UNet, [f32; 192]>("networks/unet", &adam, &Mse, rows_of);
    check::<UNetDouble, [f64; 192]>("networks/unet", &adam, &Mse, rows_of);
}

#[test]
fn densenet() {
    let (sgd, loss) = (Sgd::new(0.05).momentum(0.9), Unchecked::new(&CrossEntropy));
    check::<DenseNet, u8>("networks/densenet", &sgd, &loss, values_of);
    check::<DenseNetDouble, u8>("networks/densenet", &sgd, &loss, values_of);
}

#[test]
fn wavenet() {
    let adam = Adam::new(0.01);
    check::<WaveNet, [f32; 17]>("networks/wavenet", &adam, &Mse, rows_of);
    check::<WaveNetDouble, [f64; 17]>("networks/wavenet", &adam, &Mse, rows_of);

    let (mut single, mut double) = (WaveNet::ZERO, WaveNetDouble::ZERO);
    fill_network(&mut single);
    fill_network(&mut double);
    check_blocks(&single, &(), 1e-6, "wavenet");
    check_blocks(&double, &(), 1e-13, "wavenet");
}

#[test]
fn video() {
    let (adam, loss) = (Adam::new(0.01), Unchecked::new(&CrossEntropy));
    check::<Video, u8>("networks/video", &adam, &loss, values_of);
    check::<VideoDouble, u8>("networks/video", &adam, &loss, values_of);
}

#[test]
fn towers() {
    let sgd = Sgd::new(0.05).momentum(0.9);
    check::<Towers, [f32; 2]>("networks/towers", &sgd, &Mse, rows_of);
    check::<TowersDouble, [f64; 2]>("networks/towers", &sgd, &Mse, rows_of);
}

#[test]
fn squeeze_and_excitation() {
    let (sgd, loss) = (Sgd::new(0.05).momentum(0.9), Unchecked::new(&CrossEntropy));
    check::<SqueezeAndExcitation, u8>("networks/squeeze_and_excitation", &sgd, &loss, values_of);
    check::<SqueezeAndExcitationDouble, u8>("networks/squeeze_and_excitation", &sgd, &loss, values_of);
}

#[test]
fn silero() {
    let sgd = Sgd::new(0.01).momentum(0.9);
    check::<Silero, [f32; 1]>("networks/silero", &sgd, &Bce, rows_of);
    check::<SileroDouble, [f64; 1]>("networks/silero", &sgd, &Bce, rows_of);
}
