//! Weights as PyTorch wrote them: every layer with parameters, every structure that changes names. The other direction is
//! `tests/weights/accept.py`, which gives PyTorch the files that are saved here.

use std::fs;
use std::path::PathBuf;

use nn_runtime::prelude::*;
use nn_runtime::weights::{Load, LoadError, Report};
use nn_tests::{Case, Golden, Precision, Values as _, assert_close, rows_of};
use safetensors::{Dtype, SafeTensors};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("weights").join(name).with_extension("safetensors")
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// How exactly the outputs of PyTorch are met.
trait Exactly: Precision {
    const TOLERANCE: f64;
}

impl Exactly for f32 {
    const TOLERANCE: f64 = 1e-6;
}

impl Exactly for f64 {
    const TOLERANCE: f64 = 1e-9;
}

/// Compares the outputs of a loaded network with PyTorch's, and saves it for PyTorch.
fn check<N: Golden<Scalar: Exactly>>(name: &str, network: &N) {
    let case = Case::read(&format!("../weights/{name}"));
    let outputs = predict_batch(network, &rows_of::<N::Input>(case.tensor("input"))).expect("the inputs are finite");
    assert_close(N::Output::flat(&outputs), &case.tensor("output").values, N::Scalar::TOLERANCE, name);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("weights");
    fs::create_dir_all(&folder).expect("a folder");
    nn_runtime::weights::save(network, folder.join(name).with_extension("safetensors")).expect("saved");
}

/// A tensor's name, type and shape.
type Info = (String, Dtype, Vec<usize>);

/// What a file holds without the counts of batches: names, types and shapes in their order, and the bytes.
fn contents(file: &[u8]) -> (Vec<Info>, Vec<u8>) {
    let tensors = SafeTensors::deserialize(file).expect("a file");
    let (_, metadata) = SafeTensors::read_metadata(file).expect("a header");
    let names = metadata.offset_keys().into_iter().filter(|name| !name.ends_with("num_batches_tracked"));
    let (mut infos, mut values) = (Vec::new(), Vec::new());
    for name in names {
        let tensor = tensors.tensor(&name).expect("its name is in the header");
        infos.push((name, tensor.dtype(), tensor.shape().to_vec()));
        values.extend_from_slice(tensor.data());
    }
    (infos, values)
}

/// The header without metadata and padding.
fn header(file: &[u8]) -> String {
    let len = u64::from_le_bytes(file[..8].try_into().expect("8 bytes")) as usize;
    assert!(len.is_multiple_of(8));
    let text = str::from_utf8(&file[8..8 + len]).expect("UTF-8").trim_end();
    let (_, tensors) = text.split_once("},").expect("metadata comes first");
    tensors.to_owned()
}

/// Networks of `tests/weights/networks.py`: loaded by one call, compared in their outputs, and written as PyTorch writes them.
macro_rules! networks {
    ($($name:ident: $declaration:tt)*) => {
        $(mod $name {
            nn_runtime::network! $declaration

            #[test]
            fn is_loaded_and_saved_as_pytorch_does() {
                let network = Net::load(super::path(stringify!($name))).unwrap_or_else(|error| panic!("{error}"));
                super::check(stringify!($name), &network);
                let (ours, theirs) = (network.to_bytes(), super::bytes(stringify!($name)));
                assert_eq!(super::contents(&ours), super::contents(&theirs));
                if !super::header(&theirs).contains("num_batches_tracked") {
                    assert_eq!(super::header(&ours), super::header(&theirs));
                }
                assert_eq!(Net::from_bytes(&ours).expect("its own bytes"), network);
            }
        })*
    };
}

networks! {
    linear: { struct Net: [4] -> [3] { layer: linear(3) } }
    linear_no_bias: { struct Net: [4] -> [3] { layer: linear(3, bias = false) } }
    conv1d: { struct Net: [4, 9] -> [6, 7] { layer: conv1d(6, kernel_size = 3, groups = 2) } }
    conv1d_causal: { struct Net: [2, 5] -> [3, 5] { layer: conv1d(3, kernel_size = 3, causal = true) } }
    conv2d: { struct Net: [2, 5, 6] -> [3, 6, 6] { layer: conv2d(3, kernel_size = (2, 3), padding = 1) } }
    conv_transpose1d: { struct Net: [4, 5] -> [6, 11] { layer: conv_transpose1d(6, kernel_size = 3, stride = 2, groups = 2) } }
    conv_transpose2d: { struct Net: [2, 3, 4] -> [3, 6, 9] { layer: conv_transpose2d(3, kernel_size = (2, 3), stride = 2) } }
    batch_norm1d: { struct Net: [3, 4] -> [3, 4] { layer: batch_norm1d } }
    batch_norm2d: { struct Net: [3, 2, 4] -> [3, 2, 4] { layer: batch_norm2d } }
    layer_norm: { struct Net: [3, 5] -> [3, 5] { layer: layer_norm } }
    group_norm: { struct Net: [4, 5] -> [4, 5] { layer: group_norm(2) } }
    rms_norm: { struct Net: [3, 5] -> [3, 5] { layer: rms_norm(eps = 1e-5) } }
    prelu: { struct Net: [3, 4] -> [3, 4] { layer: prelu(num_parameters = 3) } }
    embedding: { struct Net: u8 [3] -> [3, 4] { layer: embedding(7, 4) } }
    positional_embedding: { struct Net: [3, 4] -> [3, 4] { layer: positional_embedding } }
    rnn: { struct Net: [4, 3] -> [4, 5] { layer: rnn(5) } }
    rnn_bidirectional: { struct Net: [4, 3] -> [4, 10] { layer: rnn(5, bidirectional = true) } }
    lstm: { struct Net: [4, 3] -> [4, 5] { layer: lstm(5) } }
    lstm_bidirectional: { struct Net: [4, 3] -> [4, 10] { layer: lstm(5, bidirectional = true) } }
    gru: { struct Net: [4, 3] -> [4, 5] { layer: gru(5) } }
    gru_bidirectional: { struct Net: [4, 3] -> [4, 10] { layer: gru(5, bidirectional = true) } }
    multihead_attention: { struct Net: [4, 6] -> [4, 6] { layer: multihead_attention(2) } }
    multihead_attention_no_bias: { struct Net: [4, 6] -> [4, 6] { layer: multihead_attention(3, causal = true, bias = false) } }
    multihead_attention_cross: {
        struct Net: [5, 6] -> [5, 4] {
            query: linear(4), source: linear(7), memory: narrow(0, 1, 3),
            query, layer: multihead_attention(2, key = memory),
        }
    }
    mlp: { struct Net: [4] -> [3] { fc1: linear(8), relu, fc2: linear(3) } }
    mlp_f64: { struct Net: f64 [4] -> [3] { fc1: linear(8), relu, fc2: linear(3) } }
    nested: {
        struct Encoder: [4] -> [5] { fc: linear(5), norm: batch_norm1d, tanh }
        struct Net: [4] -> [2] { encoder: Encoder, out: linear(2) }
    }
    each: {
        struct Net: [5, 2, 4] -> [5, 2] {
            frames: each { conv: conv1d(3, 2), tanh, flatten, fc: linear(4) },
            memory: gru(3),
            out: each { inner: linear(2) },
        }
    }
    residual: {
        struct Net: [4] -> [3] { block: residual { norm: layer_norm, fc1: linear(6), tanh, fc2: linear(4) }, out: linear(3) }
    }
    repeated: {
        struct Net: [4] -> [4] { block: repeat(2) { fc: linear(4), tanh }, repeat(2) { cell: linear(4) } }
    }
    concat: { struct Net: [3] -> [2] { join: concat { [a: linear(2)], [b: linear(4)] }, out: linear(2) } }
}

network! {
    struct Mlp: [4] -> [3] { fc1: linear(8), relu, fc2: linear(3) }

    /// Other options and activations: the same tensors.
    struct Tanh: [4] -> [3] { fc1: linear(8), tanh, fc2: linear(3) }

    struct Wide: [4] -> [3] { fc1: linear(9), relu, fc2: linear(3) }

    struct Double: f64 [4] -> [3] { fc1: linear(8), relu, fc2: linear(3) }

    /// Takes the body of another and has a head of its own.
    struct Tuned: [4] -> [2] { #[frozen] fc1: linear(8), relu, head: linear(2) }
}

#[test]
fn other_types_are_converted_and_reported() {
    for (name, from) in [("mlp_f16", "f16"), ("mlp_bf16", "bf16"), ("mlp_f64", "f64")] {
        let mut network = Mlp::ZERO;
        let report = network.load_in(path(name)).expect("loaded");
        let converted: Vec<_> = report.converted.iter().map(|tensor| (&*tensor.name, tensor.from)).collect();
        assert_eq!(converted, ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"].map(|tensor| (tensor, from)));
        assert_eq!(report.to_string(), format!("4 tensors loaded, 4 of them converted from {from} to f32"));
        if from == "f64" {
            let exact = Double::load(path(name)).expect("loaded");
            let rounded = exact.state_dict().flat_map(|tensor| tensor.values()).map(|value| value as f32);
            assert!(rounded.eq(network.state_dict().flat_map(|tensor| tensor.values())));
        } else {
            check(name, &network);
        }
    }
    let (mut double, mut network) = (Double::ZERO, Mlp::ZERO);
    assert_eq!(double.load_in(path("mlp")).expect("loaded").converted.len(), 4);
    assert_eq!(network.load_in(path("mlp")).expect("loaded").to_string(), "4 tensors loaded");
}

#[test]
fn modules_with_other_names_are_renamed() {
    let mut network = Mlp::ZERO;
    let error = network.load_in(path("unnamed")).expect_err("other names").to_string();
    let expected = "the file's tensors are not those of the network\n  \
         `fc1.weight` [8, 4] is not in the file\n  \
         `fc1.bias` [8] is not in the file\n  \
         `fc2.weight` [3, 8] is not in the file\n  \
         `fc2.bias` [3] is not in the file\n  \
         `model.0.bias` [8] is not in the network\n  \
         `model.0.weight` [8, 4] is not in the network\n  \
         `model.2.bias` [3] is not in the network\n  \
         `model.2.weight` [3, 8] is not in the network\n\
         help: the names differ: `Load::new().rename(\"model.0\", \"fc1\").rename(\"model.2\", \"fc2\")`";
    assert_eq!(error, expected);
    assert_eq!(network, Mlp::ZERO);
    let load = Load::new().rename("model.0", "fc1").rename("model.2", "fc2");
    let report = load.file(&mut network, path("unnamed")).expect("loaded");
    assert_eq!(report.taken, ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]);
    let case = Case::read("../weights/unnamed");
    let outputs = predict_batch(&network, &rows_of::<[f32; 4]>(case.tensor("input"))).expect("finite");
    assert_close(outputs.as_flattened(), &case.tensor("output").values, 1e-6, "unnamed");
}

#[test]
fn a_part_is_loaded_if_asked_for() {
    let bytes = Mlp::load(path("mlp")).expect("loaded").to_bytes();
    let (before, mut frozen) = (Tuned::new(&mut rng(1)), TunedFrozen::ZERO);
    let mut network = before;
    let load = Load::new().strict(false);
    let report = load.bytes(&mut network.with_both_mut(&mut frozen), &bytes).expect("a part");
    let lists = [&report.taken, &report.missing, &report.left_over].map(|names| names.join(" "));
    assert_eq!(lists, ["fc1.weight fc1.bias", "head.weight head.bias", "fc2.bias fc2.weight"]);
    let mlp = Mlp::from_bytes(&bytes).expect("its own bytes");
    assert!(network == before && frozen.fc1.weight == mlp.fc1.weight && frozen.fc1.bias == mlp.fc1.bias);
    assert!(Load::new().bytes(&mut network.with_both_mut(&mut frozen), &bytes).is_err());
    // nothing in common is no part
    let other = Load::new().strict(false).rename("", "other").bytes(&mut Mlp::new(&mut rng(1)), &bytes);
    assert!(matches!(other, Err(LoadError::Tensors { .. })));
}

#[test]
fn frozen_parameters_are_saved_and_loaded() {
    let (network, frozen) = (Tuned::new(&mut rng(1)), TunedFrozen::new(&mut rng(2)));
    let bytes = network.with_frozen(&frozen).to_bytes();
    assert_eq!(Tuned::from_bytes(&bytes).expect("its own bytes"), (network, frozen));
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("frozen.safetensors");
    network.with_frozen(&frozen).save(&path).expect("saved");
    assert_eq!(fs::read(&path).expect("there"), bytes);
    assert_eq!(Tuned::load(&path).expect("loaded"), (network, frozen));
    let (mut same, mut same_frozen) = (Tuned::ZERO, TunedFrozen::ZERO);
    let report: Report = same.with_both_mut(&mut same_frozen).load_in(&path).expect("loaded");
    assert_eq!(report.taken, ["fc1.weight", "fc1.bias", "head.weight", "head.bias"]);
    assert_eq!((same, same_frozen), (network, frozen));
}
