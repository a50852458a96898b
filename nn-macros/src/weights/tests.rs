//! Files as they are, damaged, and hostile.

use std::panic::catch_unwind;
use std::{env, fs, panic};

use nn_random::Random;
use syn::{LitStr, parse_quote};

use super::file::{self, File};
use super::{fit, spec};
use crate::Ready;
use crate::diagnostic::{Diagnostic, Report};
use crate::model::{Model, StageValues, Stored};

const NETWORK: &[u8] = include_bytes!("../../../tests/ui/weights/network_with_spec.safetensors");
const ENCODER: &[u8] = include_bytes!("../../../tests/ui/weights/encoder_with_spec.safetensors");
const PLAIN: &str = "struct Net: [4] -> [3] { fc1: linear(2), tanh, fc2: linear(3) }";
const NESTED: &str = "struct Net: [4] -> [3] { enc: Encoder -> [2], out: linear(3) }";

fn with_model<T>(network: &str, then: impl FnOnce(&Model) -> T) -> T {
    let (items, _) = crate::read(network.parse().expect("the network is made of tokens"));
    match items.as_slice() {
        [Ready::Network(checked)] => then(&checked.model),
        _ => panic!("`{network}` is one network without mistakes"),
    }
}

fn read(model: &Model, bytes: &[u8]) -> Result<[Option<Vec<StageValues>>; 2], Diagnostic> {
    let path: LitStr = parse_quote!("a.safetensors");
    fit::fit(model, &File::parse(&path, bytes)?)
}

fn message(error: Diagnostic) -> String {
    Report::from(error).tokens().to_string()
}

fn message_of(network: &str, bytes: &[u8]) -> String {
    with_model(network, |model| read(model, bytes).map(|_| ()).map_err(message)).expect_err("the file is refused")
}

/// A file of this header and so many bytes of values.
fn written(header: &str, values: usize) -> Vec<u8> {
    let len = u64::try_from(header.len()).expect("a header is short").to_le_bytes();
    [&len[..], header.as_bytes(), &vec![0; values]].concat()
}

#[test]
fn a_file_is_read_in_the_order_in_which_values_stand() {
    with_model(PLAIN, |model| {
        let [Some(stages), None] = read(model, NETWORK).map_err(message).expect("the file fits") else {
            panic!("nothing is frozen");
        };
        let Stored::Layer(bytes) = &stages[0].values else { panic!("a layer of the library") };
        let values: Vec<f32> = bytes.as_chunks().0.iter().map(|bytes| 8.0 * f32::from_le_bytes(*bytes)).collect();
        assert_eq!(values, [1., 5., 2., 6., 3., 7., 4., 8., 11., 12.]);
    });
}

#[test]
fn what_another_program_says_of_the_network_does_not_count() {
    let header =
        r#"{"__metadata__":{"network":"resnet"},"fc.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}"#;
    let file = written(header, 4);
    let is_read = |model: &Model| read(model, &file).map_err(message).map(|_| ());
    assert_eq!(with_model("struct Net: [1] -> [1] { fc: linear(1, bias = false) }", is_read), Ok(()));
}

#[test]
fn stages_with_tensors_keep_their_places() {
    let tensor = |name: &str, start: usize| {
        format!(r#","{name}.weight":{{"dtype":"F32","shape":[1,1],"data_offsets":[{start},{}]}}"#, start + 4)
    };
    let stage = |name: &str| format!(r"\n{name}: linear(out_features = 1, bias = false): [1] -> [1]");
    let text = ["[1] -> [1]".to_owned(), stage("a"), r"\ntanh1: tanh: [1] -> [1]".to_owned(), stage("b")].concat();
    let metadata = format!(r#"{{"__metadata__":{{"network":"{text}"}}"#);
    let file = written(&[metadata, tensor("a", 0), tensor("b", 4), "}".to_owned()].concat(), 8);
    let is_read = |network: &str| with_model(network, |model| read(model, &file).map_err(message).map(|_| ()));
    let network = |first: &str, second: &str| {
        format!(
            "struct Net: [1] -> [1] {{ {first}: linear(1, bias = false), act: tanh, {second}: linear(1, bias = false) }}"
        )
    };
    assert_eq!(is_read(&network("a", "b")), Ok(()));
    let error = is_read(&network("b", "a")).expect_err("the stages have changed places");
    assert!(
        error.contains("`a: linear(out_features = 1, bias = false): [1] -> [1]` in the file, but `b: linear("),
        "{error}"
    );
}

#[test]
fn a_description_of_other_stages_is_refused() {
    let with = |from: &str, to: &str| {
        let text = String::from_utf8_lossy(&NETWORK[8..NETWORK.len() - 19 * 4]).replace(from, to);
        message_of(PLAIN, &[&written(&text, 0)[..], &NETWORK[NETWORK.len() - 19 * 4..]].concat())
    };
    let removed = with("\\ntanh1: tanh: [2] -> [2]", "");
    assert!(removed.contains("note: nothing in the file, but `tanh1: tanh: [2] -> [2]` here\\nhelp"), "{removed}");
    let option = with("bias = true): [4]", "bias = false): [4]");
    assert!(option.contains("bias = false): [4] -> [2]` in the file, but `fc1"), "{option}");
    let input = with("tanh1: tanh: [2] -> [2]", "tanh1: tanh: [2] -> [2] <- 0");
    assert!(input.contains("[2] <- 0` in the file, but"), "{input}");
    with_model(PLAIN, |model| {
        let path: LitStr = parse_quote!("a.safetensors");
        let mut file = File::parse(&path, NETWORK).map_err(message).expect("a file");
        file.network = file.network.map(|network| network.replace("tanh1", "other"));
        assert!(spec::check(model, &file, false).is_ok(), "stages are the same under any name");
    });
}

#[test]
fn a_description_of_a_network_inside_is_left_for_the_compiler() {
    with_model(NESTED, |model| {
        let [Some(stages), None] = read(model, ENCODER).map_err(message).expect("the file fits") else {
            panic!("nothing is frozen");
        };
        let Stored::Foreign(tensors, Some(lines)) = &stages[0].values else { panic!("a type from elsewhere") };
        assert_eq!(tensors.iter().map(|tensor| tensor.name.as_str()).collect::<Vec<_>>(), ["fc.bias", "fc.weight"]);
        assert_eq!(lines[0].essence, "fc: linear(out_features = 2, bias = true): [4] -> [2]");
        assert_eq!(lines[1].essence, "leaky_relu(negative_slope = #): [2] -> [2]");
        assert_eq!(lines[1].numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>(), [0.01_f64.to_bits()]);
    });
}

#[test]
fn frozen_parameters_may_be_those_of_another_network() {
    let bytes = include_bytes!("../../../tests/ui/weights/frozen_alone.safetensors");
    with_model("struct Net: [4] -> [3] { #[frozen] fc1: linear(2), relu, head: linear(3) }", |model| {
        let path: LitStr = parse_quote!("a.safetensors");
        let mut file = File::parse(&path, bytes).map_err(message).expect("a file");
        let fc1 = "fc1: linear(out_features = 2, bias = true): [4] -> [2]";
        file.network = Some(format!(
            "[4] -> [7]\n{fc1}\ntanh1: tanh: [2] -> [2]\nout: linear(out_features = 7, bias = true): [2] -> [7]"
        ));
        let [None, Some(stages)] = fit::fit(model, &file).map_err(message).expect("the frozen stage is the same")
        else {
            panic!("the file has the frozen stage alone");
        };
        assert_eq!(stages.len(), 1);
        file.network = file.network.map(|network| network.replace("bias = true): [4]", "bias = false): [4]"));
        let error = fit::fit(model, &file).map(|_| ()).map_err(message).expect_err("the frozen stage is another");
        assert!(error.contains(&format!("bias = false): [4] -> [2]` in the file, but `{fc1}` here")), "{error}");
    });
}

#[test]
fn sizes_larger_than_any_file_are_refused() {
    let size = (1_u64 << 61) - 1;
    let tensor = |index: u64| {
        let (start, end) = (index * size, (index + 1) * size);
        format!("\"t{index}\":{{\"dtype\":\"U8\",\"shape\":[{size}],\"data_offsets\":[{start},{end}]}}")
    };
    let header = format!("{{{}}}", (0..8).map(tensor).collect::<Vec<_>>().join(","));
    let error = message_of(PLAIN, &written(&header, 0));
    assert!(error.contains("is not a safetensors file, or is damaged"), "{error}");
    let empty = "{\"t\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,0],\"data_offsets\":[0,0]}}";
    assert!(message_of(NESTED, &written(&empty.replace("\"t\"", "\"enc.t\""), 0)).contains("out.weight"));
}

#[test]
fn a_file_that_is_not_there_is_named_with_its_whole_path() {
    let error = file::read(&parse_quote!("no/such.safetensors")).map(|_| ()).map_err(message).expect_err("no file");
    let path = env::var("CARGO_MANIFEST_DIR").expect("cargo runs the tests") + "/no/such.safetensors";
    assert!(error.contains("there is no file `no/such.safetensors`"), "{error}");
    assert!(error.contains(&format!("the path is `{path}`: paths begin at the folder")), "{error}");
}

#[test]
fn an_absolute_path_is_taken_as_it_is() {
    let path = env::temp_dir().join(format!("nn-macros-{}.safetensors", std::process::id()));
    fs::write(&path, b"abc").expect("the temporary folder is writable");
    let text = path.to_str().expect("the temporary folder has a plain name");
    let found = file::read(&LitStr::new(text, proc_macro2::Span::call_site())).map_err(message);
    fs::remove_file(&path).expect("the file is there");
    assert_eq!(found, Ok((text.to_owned(), b"abc".to_vec())));
}

const MUTATED: u64 = 100_000;

/// Whatever bytes a file has, it is read or refused: nothing panics.
#[test]
fn no_bytes_make_it_panic() {
    let mut taken = 0;
    for (network, whole) in [(PLAIN, NETWORK), (NESTED, ENCODER)] {
        with_model(network, |model| {
            for seed in 0..MUTATED / 2 {
                let bytes = mutate(whole, &mut Random::new(seed));
                let result = catch_unwind(panic::AssertUnwindSafe(|| read(model, &bytes).map(|_| ()).map_err(message)));
                taken += usize::from(result.unwrap_or_else(|_| panic!("seed {seed} of `{network}`")).is_ok());
            }
        });
    }
    assert!(taken > 1_000 && taken < MUTATED as usize / 2, "{taken} files fit still");
}

/// The file with a few bytes changed, most of them in the header; with pieces cut out, doubled, or with a number in place of another.
fn mutate(whole: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=random.below(3) {
        let len = bytes.len().max(1);
        let (at, other) = (random.below(len), random.below(len));
        let (start, end) = (at.min(other), at.max(other).min(bytes.len()));
        match random.below(8) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(start..end.min(start + 8))),
            2 => bytes.extend_from_within(start..end),
            3 => bytes.splice(start..start, *b"9999999999999999999").for_each(drop),
            4 => {
                let mut digits = bytes.iter_mut().filter(|byte| byte.is_ascii_digit());
                digits.nth(random.below(60)).into_iter().for_each(|byte| *byte = b"0123456789-.e"[at % 13]);
            }
            _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = other.to_le_bytes()[0]),
        }
    }
    bytes
}
