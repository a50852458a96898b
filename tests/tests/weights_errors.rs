//! The error for each mistake in a file of weights or in its path, word for word. After each error the network is unchanged.

use std::fs;
use std::path::PathBuf;

use nn_runtime::prelude::*;
use nn_runtime::weights::{Load, LoadError, SaveError};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors, serialize};

network! {
    struct Net: [4] -> [3] { fc1: linear(8), relu, fc2: linear(3) }
    struct Tanh: [4] -> [3] { fc1: linear(8), tanh, fc2: linear(3) }
    struct Deep: [4] -> [3] { fc1: linear(8), relu, dropout(0.1), fc2: linear(3), softmax }
    struct Wide: [4] -> [3] { fc1: linear(9), relu, fc2: linear(3) }
    struct Names: [4] -> [3] { first: linear(8), relu, second: linear(3) }
    struct Norm: [4] -> [4] { norm: batch_norm1d }
    struct Wired: [4] -> [4] { a: linear(4), residual { b: linear(4), c: linear(4) } }
    struct Rewired: [4] -> [4] { residual { a: linear(4), b: linear(4), c: linear(4) } }

    struct Body: [4] -> [8] { fc: linear(8), relu }
    struct SameBody: [4] -> [8] { fc: linear(8), relu }
    struct OtherBody: [4] -> [8] { fc: linear(8), sigmoid }
    struct Outer: [4] -> [2] { body: Body, linear(2) }
    struct SameOuter: [4] -> [2] { body: SameBody, linear(2) }
    struct OtherOuter: [4] -> [2] { body: OtherBody, linear(2) }
    struct Half: [4] -> [3] { #[frozen] fc1: linear(8), relu, fc2: linear(3) }
    struct Rms: [4] -> [4] { norm: rms_norm }
    struct DoubleRms: f64 [4] -> [4] { norm: rms_norm }
    struct OtherRms: [4] -> [4] { norm: rms_norm(eps = 1e-5) }
    struct Double: f64 [4] -> [3] { fc1: linear(8), relu, fc2: linear(3) }
}

/// A tensor for a file: name, type, shape, bytes.
type Entry = (&'static str, Dtype, Vec<usize>, Vec<u8>);

fn zeros(name: &'static str, shape: &[usize]) -> Entry {
    (name, Dtype::F32, shape.to_vec(), vec![0; 4 * shape.iter().product::<usize>()])
}

/// A file without metadata, as other programs write it.
fn file(entries: &[Entry]) -> Vec<u8> {
    let views = entries.iter().map(|(name, dtype, shape, bytes)| {
        (*name, TensorView::new(*dtype, shape.clone(), bytes).expect("as many bytes as the shape needs"))
    });
    serialize(views, None).expect("a file")
}

/// The tensors of `Net`, of which some are others.
fn net(changed: Vec<Entry>) -> Vec<u8> {
    let mut entries = vec![
        zeros("fc1.weight", &[8, 4]),
        zeros("fc1.bias", &[8]),
        zeros("fc2.weight", &[3, 8]),
        zeros("fc2.bias", &[3]),
    ];
    for entry in changed {
        entries.retain(|other| other.0 != entry.0);
        entries.push(entry);
    }
    file(&entries)
}

/// The error of loading into a `Net`, which stays as it is.
fn error(load: &Load, bytes: &[u8]) -> LoadError {
    let before = Net::new(&mut rng(1));
    let mut network = before;
    let error = load.bytes(&mut network, bytes).expect_err("a mistake");
    assert_eq!(network, before);
    error
}

fn text(bytes: &[u8]) -> String {
    error(&Load::new(), bytes).to_string()
}

#[test]
fn another_architecture_is_shown_stage_by_stage() {
    let bytes = Tanh::new(&mut rng(1)).to_bytes();
    let expected = "the file is of another network\n  \
         file:    tanh1: tanh: [8] -> [8]\n  \
         network: relu1: relu: [8] -> [8]\n\
         help: declare the network with the file's stages, or compare names and shapes alone: \
         `Load::new().check_architecture(false)`";
    assert_eq!(text(&bytes), expected);
    for load in [Load::new().check_architecture(false), Load::new().strict(false)] {
        load.bytes(&mut Net::new(&mut rng(1)), &bytes).expect("the same names and shapes");
    }

    let expected = "the file is of another network\n  \
         file:    dropout1: dropout(p = 0.1): [8] -> [8]\n  \
         network: no such stage\n  \
         file:    softmax1: softmax(dim = 0): [3] -> [3]\n  \
         network: no such stage\n\
         help: declare the network with the file's stages, or compare names and shapes alone: `Load::new().check_architecture(false)`";
    assert_eq!(text(&Deep::new(&mut rng(1)).to_bytes()), expected);

    let expected = "the file is of another network\n  \
         file:    fc1: linear(out_features = 9, bias = true): [4] -> [9]\n  \
         network: fc1: linear(out_features = 8, bias = true): [4] -> [8]\n  \
         file:    relu1: relu: [9] -> [9]\n  \
         network: relu1: relu: [8] -> [8]\n  \
         file:    fc2: linear(out_features = 3, bias = true): [9] -> [3]\n  \
         network: fc2: linear(out_features = 3, bias = true): [8] -> [3]\n\
         help: declare the network with the file's stages, or compare names and shapes alone: `Load::new().check_architecture(false)`";
    assert_eq!(text(&Wide::new(&mut rng(1)).to_bytes()), expected);
}

/// The wiring counts, and what is inside of a network; the names of stages and types do not, nor what is frozen, nor the type of values.
#[test]
fn what_computes_the_same_is_the_same_network() {
    let is_other = |result: Result<_, LoadError>| matches!(result, Err(LoadError::OtherNetwork { .. }));
    let wired = Wired::new(&mut rng(1)).to_bytes();
    assert!(is_other(Rewired::from_bytes(&wired).map(|_| ())));
    let outer = Outer::new(&mut rng(1)).to_bytes();
    assert!(is_other(OtherOuter::from_bytes(&outer).map(|_| ())));
    SameOuter::from_bytes(&outer).expect("a network of the same stages");
    let names = Names::new(&mut rng(1)).to_bytes();
    let load = Load::new().rename("first", "fc1").rename("second", "fc2");
    load.bytes(&mut Net::new(&mut rng(2)), &names).expect("the same layers");
    let net = Net::new(&mut rng(1)).to_bytes();
    Half::from_bytes(&net).expect("the same layers");
    Double::from_bytes(&net).expect("the same layers");
    // the default `eps` of `rms_norm` is the epsilon of the network's type
    let rms = Rms::new(&mut rng(1)).to_bytes();
    DoubleRms::from_bytes(&rms).expect("the same layers");
    assert!(is_other(OtherRms::from_bytes(&rms).map(|_| ())));
}

/// What other programs write under the key that we use says nothing of stages.
#[test]
fn metadata_of_other_programs_is_none_of_ours() {
    let bytes = Net::new(&mut rng(1)).to_bytes();
    let read = SafeTensors::deserialize(&bytes).expect("a file");
    let metadata = [("network".to_owned(), "mlp".to_owned())].into();
    Net::from_bytes(&serialize(read.iter(), Some(metadata)).expect("a file")).expect("the same names and shapes");
}

#[test]
fn a_missing_tensor_names_those_that_may_be_meant() {
    let expected = "the file's tensors are not those of the network\n  \
         `fc1.weight` [8, 4] is not in the file, which has `fc1.wieght` [8, 4]\n  \
         `fc1.wieght` [8, 4] is not in the network\n\
         help: name the stages as in the file, or rename: `Load::new().rename(\"file.prefix\", \"stage\")`; load a part: `.strict(false)`";
    let bytes = file(&[
        zeros("fc1.wieght", &[8, 4]),
        zeros("fc1.bias", &[8]),
        zeros("fc2.weight", &[3, 8]),
        zeros("fc2.bias", &[3]),
    ]);
    assert_eq!(text(&bytes), expected);

    let expected = "the file's tensors are not those of the network\n  \
         `fc2.weight` [3, 8] is not in the file\n  \
         `fc2.bias` [3] is not in the file\n\
         help: load what is there: `Load::new().strict(false)`";
    let bytes = file(&[zeros("fc1.weight", &[8, 4]), zeros("fc1.bias", &[8])]);
    assert_eq!(text(&bytes), expected);

    let expected = "the file's tensors are not those of the network\n  \
         `fc3.weight` [1, 3] is not in the network\n\
         help: leave them out: `Load::new().strict(false)`";
    assert_eq!(text(&net(vec![zeros("fc3.weight", &[1, 3])])), expected);
}

#[test]
fn a_prefix_that_explains_all_is_suggested() {
    let names = ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"];
    let shapes: [&[usize]; 4] = [&[8, 4], &[8], &[3, 8], &[3]];
    let below = |prefix: &'static str| {
        let entries: Vec<_> =
            names.iter().zip(shapes).map(|(name, shape)| zeros(format!("{prefix}{name}").leak(), shape)).collect();
        file(&entries)
    };
    let help = |bytes: &[u8]| text(bytes).lines().last().unwrap_or_default().to_owned();
    assert_eq!(help(&below("module.")), "help: the names differ: `Load::new().rename(\"module\", \"\")`");
    assert_eq!(help(&below("net.model.")), "help: the names differ: `Load::new().rename(\"net.model\", \"\")`");
    let mut network = Net::new(&mut rng(1));
    for prefix in ["module", "module."] {
        Load::new().rename(prefix, "").bytes(&mut network, &below("module.")).expect("loaded");
    }
    let error = error(&Load::new().rename("modul", ""), &below("module.")).to_string();
    let expected = "`Load::rename(\"modul\", ..)` matches no tensor of the file\n\
         note: the file has `module.fc1.bias`, `module.fc1.weight`, `module.fc2.bias`, `module.fc2.weight`\n\
         help: rename one of these names, or what comes before one of its dots";
    assert_eq!(error, expected);
}

#[test]
fn two_tensors_of_one_name_are_an_error() {
    let bytes = net(vec![zeros("old.weight", &[8, 4])]);
    let error = error(&Load::new().rename("old", "fc1"), &bytes).to_string();
    let expected = "two tensors of the file would be `fc1.weight`: `fc1.weight` and `old.weight`\n\
         help: `Load::rename` one of them to another name";
    assert_eq!(error, expected);
    // a name that the network does not have may be there as often as it likes
    let load = Load::new().rename("fc1", "unused").rename("fc2", "unused").strict(false);
    let nothing_taken = load.bytes(&mut Net::new(&mut rng(1)), &bytes);
    assert!(matches!(nothing_taken, Err(LoadError::Tensors { .. })));
}

#[test]
fn shapes_are_compared_with_both_sides() {
    let expected = "the file's tensors are not those of the network\n  \
         `fc2.weight` is [2, 8] in the file, but [3, 8] in the network\n  \
         `fc2.bias` is [2] in the file, but [3] in the network\n\
         help: declare the network with the file's shapes, or leave the stage as it is: `Load::new().rename(\"fc2\", \"unused\").strict(false)`";
    let bytes = net(vec![zeros("fc2.weight", &[2, 8]), zeros("fc2.bias", &[2])]);
    assert_eq!(text(&bytes), expected);
    assert_eq!(error(&Load::new().strict(false), &bytes).to_string(), expected);
    // the help helps
    let mut network = Net::new(&mut rng(1));
    let report = Load::new().rename("fc2", "unused").strict(false).bytes(&mut network, &bytes).expect("a part");
    assert_eq!((report.taken.len(), report.missing.len(), report.left_over.len()), (2, 2, 2));

    let expected = "the file's tensors are not those of the network\n  \
         `fc1.weight` is [4, 8] in the file, but [8, 4] in the network\n\
         note: Keras and Flax have the dimensions of a weight in the opposite order\n\
         help: transpose it in Python; a `Dense` kernel is `kernel.T` in PyTorch";
    assert_eq!(text(&net(vec![zeros("fc1.weight", &[4, 8])])), expected);
}

#[test]
fn other_types_are_an_error_that_names_the_tensor() {
    let expected = "`fc2.bias` has values of type I64 in the file, but the network has f32\n\
         note: F16, BF16, F32 and F64 are converted\n\
         help: in Python, save `tensor.float()`";
    assert_eq!(text(&net(vec![("fc2.bias", Dtype::I64, vec![3], vec![0; 24])])), expected);
}

#[test]
fn values_that_are_not_finite_are_an_error_that_names_their_place() {
    let with = |name: &'static str, shape: &[usize], at: usize, dtype, value: &[u8]| {
        let len = shape.iter().product::<usize>();
        let mut bytes = vec![0; value.len() * len];
        bytes[at * value.len()..][..value.len()].copy_from_slice(value);
        text(&net(vec![(name, dtype, shape.to_vec(), bytes)]))
    };
    let nan = with("fc1.weight", &[8, 4], 13, Dtype::F32, &f32::NAN.to_le_bytes());
    let expected = "`fc1.weight` has the value NaN at [3, 1], which is not finite\n\
         help: save a network whose training did not diverge";
    assert_eq!(nan, expected);
    let infinite = with("fc2.bias", &[3], 2, Dtype::F16, &0xfc00_u16.to_le_bytes());
    let expected = "`fc2.bias` has the value -inf at [2], which is not finite\n\
         help: save a network whose training did not diverge";
    assert_eq!(infinite, expected);
    let large = with("fc2.bias", &[3], 1, Dtype::F64, &1e300_f64.to_le_bytes());
    assert_eq!(
        large,
        "`fc2.bias` has the value 1e300 at [1], too large for the network's f32\nhelp: declare the network with `f64`"
    );
    let mut bytes = vec![0; 24];
    bytes[8..16].copy_from_slice(&1e300_f64.to_le_bytes());
    let file = net(vec![("fc2.bias", Dtype::F64, vec![3], bytes)]);
    assert_eq!(Double::from_bytes(&file).expect("it is no `f32`").fc2.bias.as_slice(), [0.0, 1e300, 0.0]);
}

network! {
    struct InOrder: [4] -> [4] { fc1: linear(4), tanh, fc2: linear(4) }
    struct Swapped: [4] -> [4] { fc2: linear(4), tanh, fc1: linear(4) }
    struct Renamed: [4] -> [4] { a: linear(4), act: tanh, b: linear(4) }
}

#[test]
fn stages_that_have_changed_places_are_told_apart() {
    let deep = InOrder::new(&mut rng(1));
    let error = Swapped::from_bytes(&deep.to_bytes()).expect_err("its stages stand in another order").to_string();
    assert!(error.contains("file:    fc1: linear") && error.contains("network: fc2: linear"), "{error}");
    let mut renamed = Renamed::ZERO;
    Load::new().rename("fc1", "a").rename("fc2", "b").bytes(&mut renamed, &deep.to_bytes()).expect("the same stages");
    assert_eq!(renamed.predict(&[1.0; 4]), deep.predict(&[1.0; 4]));
    assert!(Load::new().rename("fc1", "b").rename("fc2", "a").bytes(&mut renamed, &deep.to_bytes()).is_err());
}

#[test]
fn the_count_of_batches_is_neither_missed_nor_left_over() {
    let names = ["norm.weight", "norm.bias", "norm.running_mean", "norm.running_var"];
    let mut entries: Vec<_> = names.map(|name| zeros(name, &[4])).into();
    Norm::from_bytes(&file(&entries)).expect("loaded");
    entries.push(("norm.num_batches_tracked", Dtype::I64, vec![], vec![0; 8]));
    let mut network = Norm::new(&mut rng(1));
    let report = Load::new().strict(false).bytes(&mut network, &file(&entries)).expect("loaded");
    assert_eq!((report.taken.len(), report.left_over.len()), (4, 0));
    Norm::from_bytes(&file(&entries)).expect("loaded");
    // as some programs write a single number
    entries.pop();
    entries.push(zeros("norm.num_batches_tracked", &[1]));
    Norm::from_bytes(&file(&entries)).expect("loaded");
}

#[test]
fn the_longest_prefix_wins_and_prefixes_end_at_a_dot() {
    let bytes = file(&[
        zeros("m.a.weight", &[8, 4]),
        zeros("m.a.bias", &[8]),
        zeros("m.b.c.weight", &[3, 8]),
        zeros("m.b.c.bias", &[3]),
        zeros("m.ab.bias", &[3]),
    ]);
    let mut network = Net::new(&mut rng(1));
    let load = Load::new().rename("m", "rest").rename("m.b.c", "fc2").rename("m.a", "fc1").strict(false);
    let report = load.bytes(&mut network, &bytes).expect("loaded");
    assert_eq!((report.taken.len(), report.left_over), (4, vec!["m.ab.bias".to_owned()]));
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("weights_{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let error = Net::load("no/such/net.safetensors").expect_err("no file").to_string();
    let (first, second) = error.split_once('\n').expect("two lines");
    assert!(first.starts_with("cannot read `no/such/net.safetensors`: "), "{first}");
    assert!(second.starts_with("note: the current folder is `"), "{second}");
    let folder = folder("unreadable");
    let error = Net::load(&folder).expect_err("a folder").to_string();
    assert!(error.starts_with(&format!("cannot read `{}`: ", folder.display())), "{error}");
    fs::write(folder.join("empty"), []).expect("written");
    let error = Net::load(folder.join("empty")).expect_err("an empty file").to_string();
    assert_eq!(
        error,
        "this is not a complete safetensors file: it has 0 bytes, but the length of its header alone takes 8"
    );
}

#[test]
fn a_save_that_fails_leaves_the_old_file() {
    let folder = folder("failed_save");
    let path = folder.join("net.safetensors");
    let mut network = Net::new(&mut rng(1));
    network.save(&path).expect("saved");
    let old = fs::read(&path).expect("there");
    network.fc1.weight[(3, 1)] = f32::NAN;
    let error = network.save(&path).expect_err("a NaN");
    let expected = "`fc1.weight` has the value NaN at [3, 1], which is not finite: nothing is saved\n\
         help: load the last file, and train with a smaller learning rate or `clip_norm`";
    assert_eq!(error.to_string(), expected);
    assert_eq!(fs::read(&path).expect("there"), old);
    network.fc1.weight[(3, 1)] = 0.0;
    let error = network.save(folder.join("none/net.safetensors")).expect_err("no folder");
    assert!(matches!(error, SaveError::Write { .. }));
    assert!(error.to_string().starts_with("cannot write `"), "{error}");
    assert_eq!(fs::read_dir(&folder).expect("there").count(), 1);
}

#[test]
fn saves_of_several_threads_are_whole() {
    let path = folder("threads").join("net.safetensors");
    std::thread::scope(|scope| {
        for seed in 0..4 {
            let path = &path;
            scope.spawn(move || {
                for _ in 0..5 {
                    Net::new(&mut rng(seed)).save(path).expect("saved");
                    Net::load(path).expect("whole");
                }
            });
        }
    });
    assert_eq!(fs::read_dir(path.parent().expect("a folder")).expect("there").count(), 1);
}

#[test]
fn the_same_network_gives_the_same_bytes() {
    let network = Net::new(&mut rng(1));
    let bytes = network.to_bytes();
    assert!((0..20).all(|_| network.to_bytes() == bytes));
    let header = r#"{"__metadata__":{"format":"pt","network":"[4] -> [3]\nfc1: linear(out_features = 8, bias = true): [4] -> [8]\nrelu1: relu: [8] -> [8]\nfc2: linear(out_features = 3, bias = true): [8] -> [3]"},"fc1.bias":{"dtype":"F32","shape":[8],"data_offsets":[0,32]},"#;
    assert!(bytes[8..].starts_with(header.as_bytes()), "{}", String::from_utf8_lossy(&bytes[8..400]));
}
