//! Networks, training runs and settings in JSON and in postcard: what is written, what is refused, and that a training run goes on.

use std::fmt::Debug;

use nn_runtime::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

network! {
    struct Net: [2] -> [1] { fc1: linear(3), tanh, fc2: linear(1) }

    /// The same shapes with another activation.
    struct Other: [2] -> [1] { fc1: linear(3), relu, fc2: linear(1) }

    /// What is kept of a run besides parameters: running statistics, and the seed of dropout.
    struct Full: [6] -> [2] {
        #[frozen]
        old: linear(6),
        norm: batch_norm1d, dropout(0.2),
        block: residual { fc: linear(6), tanh },
        out: linear(2),
    }

    struct Double: f64 [2] -> [1] { fc: linear(1) }

    struct Wide: [300] -> [300] { linear(300) }

    struct Empty: [4] -> [2] { max_pool: reshape([1, 4]), max_pool1d(2), flatten }
}

/// The run of a single sample.
type NetRun<O> = Training<Net, O, 1>;

const ONES: &str = r#"{"fc1.weight":[[1,1],[1,1],[1,1]],"fc1.bias":[1,1,1],"fc2.weight":[[1,1,1]],"fc2.bias":[1]}"#;

/// The message of a mistake in JSON, without the position.
fn refusal<V: DeserializeOwned + Debug>(text: &str) -> String {
    let error = serde_json::from_str::<V>(text).expect_err(text).to_string();
    error.split(" at line ").next().unwrap_or_default().to_owned()
}

#[test]
fn a_map_of_tensors_is_checked() {
    let net: Net = serde_json::from_str(ONES).expect("all tensors");
    assert_eq!(net.as_slice(), [1.0; 13]);
    let cases = [
        (r#""fc1.bias":[1,1,1],"#, "", "`fc1.bias` of shape [3] is missing"),
        (
            "fc1.bias",
            "fc1.b",
            "the network has no tensor `fc1.b`; its tensors are `fc1.weight`, `fc1.bias`, `fc2.weight`, `fc2.bias`",
        ),
        ("fc2.bias", "fc1.bias", "`fc1.bias` comes twice"),
        ("[[1,1],[1,1],[1,1]]", "[[1,1,1],[1,1,1]]", "`fc1.weight` has shape [2, 3] here, but [3, 2] in the network"),
        ("[[1,1],[1,1],[1,1]]", "[1,1,1,1,1,1]", "`fc1.weight` has shape [6] here, but [3, 2] in the network"),
        ("[[1,1],[1,1],[1,1]]", "1", "`fc1.weight` has shape [] here, but [3, 2] in the network"),
        ("[[1,1],[1,1],[1,1]]", "[]", "`fc1.weight` has shape [0] here, but [3, 2] in the network"),
        ("[[1,1],[1,1],[1,1]]", "[[],[],[]]", "`fc1.weight` has shape [3, 0] here, but [3, 2] in the network"),
        (
            "[[1,1],[1,1],[1,1]]",
            "[[1,1],[1,1],[1]]",
            "`fc1.weight` is no tensor here: its lists differ in length; it has shape [3, 2] in the network",
        ),
        (
            "[[1,1],[1,1],[1,1]]",
            "[[1,1],[1,1],1,1]",
            "`fc1.weight` is no tensor here: its lists differ in length; it has shape [3, 2] in the network",
        ),
        (
            "[[1,1],[1,1],[1,1]]",
            "[[1,1],[1,1],[[1],[1]]]",
            "`fc1.weight` is no tensor here: its lists differ in length; it has shape [3, 2] in the network",
        ),
        (
            "[[1,1],[1,1],[1,1]]",
            "[[1,1],[1,1],[1,1e39]]",
            "`fc1.weight` at [2, 1] is 1e39, but must be finite as an `f32`",
        ),
        (
            "[[1,1],[1,1],[1,1]]",
            "[[1,1],[1,null],[1,1]]",
            "invalid type: null, expected the finite numbers of `fc1.weight`, in nested lists of shape [3, 2]",
        ),
        (
            "[[1,1],[1,1],[1,1]]",
            r#"{"a":1}"#,
            "invalid type: map, expected the finite numbers of `fc1.weight`, in nested lists of shape [3, 2]",
        ),
        (
            "[[1,1],[1,1],[1,1]]",
            "[[[[[[[[[1]]]]]]]]]",
            "`fc1.weight` has more than 8 dimensions here, but shape [3, 2] in the network",
        ),
    ];
    for (old, new, message) in cases {
        assert_eq!(refusal::<Net>(&ONES.replacen(old, new, 1)), message);
    }
    assert_eq!(refusal::<Net>("1"), "invalid type: integer `1`, expected the tensors of the network");
    assert!(
        refusal::<Net>("[1]")
            .starts_with("these are values of another network, whose stages, options or shapes differ: ")
    );
    assert_eq!(refusal::<Empty>(ONES), "the network has no tensor `fc1.weight`; its tensors are none");
}

#[test]
fn a_network_without_tensors_is_an_empty_map() {
    assert_eq!(serde_json::to_string(&Empty::ZERO).expect("no values"), "{}");
    assert_eq!(serde_json::from_str::<Empty>("{}").expect("no values"), Empty::ZERO);
    let bytes = postcard::to_allocvec(&Empty::ZERO).expect("no values");
    assert_eq!(postcard::from_bytes::<Empty>(&bytes).expect("no values"), Empty::ZERO);
}

#[test]
fn what_is_not_finite_is_not_written() {
    let mut net: Net = serde_json::from_str(ONES).expect("all tensors");
    net.fc1.weight[(2, 1)] = f32::NAN;
    let message = "`fc1.weight` at [2, 1] is NaN: only finite values are saved";
    assert_eq!(serde_json::to_string(&net).expect_err("a NaN").to_string(), message);
    assert!(postcard::to_allocvec(&net).is_err());
}

/// A half of a network is never taken for a whole one.
#[test]
fn after_an_error_a_network_is_nan() {
    let mut net: Net = serde_json::from_str(ONES).expect("all tensors");
    let text = ONES.replace(r#""fc2.bias":[1]"#, r#""fc2.bias":[]"#);
    net.deserialize_in(&mut serde_json::Deserializer::from_str(&text)).expect_err("a wrong shape");
    assert!(net.as_slice().iter().all(|value| value.is_nan()));
}

#[test]
fn frozen_parameters_are_a_map_of_their_own() {
    let (net, frozen) = (Full::new(&mut rng(1)), FullFrozen::new(&mut rng(2)));
    let (text, of_frozen) = (serde_json::to_string(&net).unwrap(), serde_json::to_string(&frozen).unwrap());
    assert!(text.starts_with(r#"{"norm.weight":["#) && of_frozen.starts_with(r#"{"old.weight":[["#));
    assert_eq!(serde_json::from_str::<FullFrozen>(&of_frozen).unwrap(), frozen);
    let message = "`old.weight` is frozen in the network: its frozen parameters are read apart";
    assert_eq!(refusal::<Full>(&of_frozen), message);
    let message = "the network's frozen part has no tensor `norm.weight`; its tensors are `old.weight`, `old.bias`";
    assert_eq!(refusal::<FullFrozen>(&text), message);
    // passed over by its name alone, as in files of weights
    let counted = text.replacen('{', r#"{"norm.num_batches_tracked":17,"#, 1);
    assert_eq!(serde_json::from_str::<Full>(&counted).unwrap(), net);
}

#[test]
fn a_binary_file_of_another_network_is_refused() {
    let net = Net::new(&mut rng(1));
    let bytes = postcard::to_allocvec(&net).unwrap();
    assert!(bytes.len() <= size_of::<Net>() + 11, "{} bytes", bytes.len());
    assert!(postcard::from_bytes::<Other>(&bytes).is_err());
    assert!(postcard::from_bytes::<FullFrozen>(&bytes).is_err());
    assert_eq!(postcard::from_bytes::<Net>(&bytes).unwrap(), net);
    // shapes and names are the same: without a fingerprint, JSON takes it
    serde_json::from_str::<Other>(&serde_json::to_string(&net).unwrap()).unwrap();
}

#[test]
fn text_keeps_the_bits_of_an_f32() {
    let (mut net, mut random) = (Wide::boxed(&mut rng(1)), rng(2));
    for value in net.as_mut_slice() {
        let bits = nn_runtime::rand_core::Rng::next_u32(&mut random);
        *value = Some(f32::from_bits(bits)).filter(|value| value.is_finite()).unwrap_or(f32::MIN_POSITIVE / 3.0);
    }
    let text = serde_json::to_string(&net).unwrap();
    let read: Box<Wide> = nn_runtime::serde::boxed(&mut serde_json::Deserializer::from_str(&text)).unwrap();
    let bits = |net: &Wide| net.as_slice().iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    assert!(bits(&read) == bits(&net));
}

/// Trains a network, writes it with its optimizer and its run, and trains both on: the copy that was read has the same bits.
fn check_resumed<O>(optimizer: &O)
where
    O: Optimizer<f32> + Serialize + DeserializeOwned + PartialEq + Debug,
{
    type Run<O> = Training<Full, O, 8>;
    let frozen = FullFrozen::new(&mut rng(3));
    let inputs: Vec<[f32; 6]> = (0_u8..24).map(|i| std::array::from_fn(|j| f32::from(i * 7 % 11) - j as f32)).collect();
    let targets: Vec<u8> = (0..24).map(|i| i % 2).collect();
    let train = |net: &mut Full, run: &mut Run<O>, optimizer: &O, steps: u64| {
        for step in 0..steps {
            let batch = (step as usize % 3) * 8..;
            let (inputs, targets) = (&inputs[batch.clone()][..8], &targets[batch][..8]);
            run.step(&mut net.with_frozen_mut(&frozen), optimizer, &CrossEntropy, inputs, targets).expect("a step");
        }
    };
    let (mut net, mut run) = (Full::new(&mut rng(4)), Run::<O>::ZERO);
    run.seed = 9;
    train(&mut net, &mut run, optimizer, 6);
    let text = serde_json::to_string(&(&net, optimizer, &run)).expect("finite values");
    let bytes = postcard::to_allocvec(&(&net, optimizer, &run)).expect("finite values");
    train(&mut net, &mut run, optimizer, 6);

    let check = |(mut read, of_read, mut run_of_read): (Full, O, Run<O>)| {
        assert_eq!(of_read, *optimizer);
        assert_eq!((run_of_read.steps, run_of_read.seed), (6, 9));
        train(&mut read, &mut run_of_read, &of_read, 6);
        assert!(
            read == net
                && nn_runtime::bytemuck::bytes_of(&run_of_read.state) == nn_runtime::bytemuck::bytes_of(&run.state)
        );
    };
    check(serde_json::from_str(&text).expect("what was written"));
    check(postcard::from_bytes(&bytes).expect("what was written"));
}

#[test]
fn a_training_run_goes_on_with_the_same_bits() {
    check_resumed(&Sgd::new(0.05).weight_decay(1e-3));
    check_resumed(&Sgd::new(0.05).momentum(0.9).nesterov(true));
    check_resumed(&Adam::new(1e-2).betas(0.8, 0.99).eps(1e-6));
    check_resumed(&AdamW::new(1e-2));
    check_resumed(&NAdam::new(1e-2).decoupled_weight_decay(true).weight_decay(0.01));
    check_resumed(&RmsProp::new(1e-2));
    check_resumed(&RmsProp::new(1e-2).centered());
    check_resumed(&RmsProp::new(1e-2).momentum(0.5));
    check_resumed(&RmsProp::new(1e-2).centered().momentum(0.5));
    check_resumed(&Adagrad::new(1e-2).initial_accumulator_value(0.1));
    check_resumed(&Lion::new(1e-3).weight_decay(0.1));
}

#[test]
fn what_an_optimizer_remembers_has_pytorchs_names() {
    let (mut net, mut run) = (Net::new(&mut rng(1)), Training::<Net, Adam, 1>::ZERO);
    run.step(&mut net, &Adam::new(0.1), &Mse, &[[1.0, 2.0]], &[[0.0]]).unwrap();
    let text = serde_json::to_string(&run).unwrap();
    assert!(text.starts_with(r#"{"step":1,"seed":0,"state":{"exp_avg":{"fc1.weight":[["#), "{text}");
    assert!(text.contains(r#""exp_avg_sq":{"fc1.weight":[["#), "{text}");

    let refusal = |text: &str| {
        let mut run = NetRun::<Adam>::ZERO;
        run.steps = 7;
        let error = run.deserialize_in(&mut serde_json::Deserializer::from_str(text)).expect_err(text).to_string();
        assert_eq!(run.steps, 0, "a run is as before its first step");
        assert!(nn_runtime::bytemuck::bytes_of(&run.state).iter().all(|byte| *byte == 0));
        error.split(" at line ").next().unwrap_or_default().to_owned()
    };
    let cases = [
        ("exp_avg_sq", "max_exp_avg_sq", "`state` has no `max_exp_avg_sq`; it has `exp_avg`, `exp_avg_sq`"),
        ("\"step\":1,", "", "`step` of `Training` is missing"),
        (
            "fc2.bias",
            "fc3.bias",
            "the optimizer's state has no tensor `fc3.bias`; its tensors are `fc1.weight`, `fc1.bias`, `fc2.weight`, `fc2.bias`",
        ),
        ("\"step\":1", "\"steps\":1", "`Training` has no `steps`; it has `step`, `seed`, `state`"),
        ("\"seed\":0", "\"step\":0", "`step` of `Training` comes twice"),
        ("\"exp_avg_sq\"", "\"exp_avg\"", "`exp_avg` of `state` comes twice"),
    ];
    for (old, new, message) in cases {
        assert_eq!(refusal(&text.replacen(old, new, 1)), message);
    }
    // the state of each is one network
    let bytes = postcard::to_allocvec(&NetRun::<Lion>::ZERO).unwrap();
    assert!(postcard::from_bytes::<NetRun<SgdMomentum>>(&bytes).is_err());
    assert!(postcard::from_bytes::<NetRun<Lion>>(&bytes).is_ok());
}

#[test]
fn settings_are_pytorchs_options() {
    let written = [
        (serde_json::to_string(&Sgd::new(0.5)), r#"{"lr":0.5,"weight_decay":0.0}"#),
        (
            serde_json::to_string(&Sgd::new(0.5).momentum(0.9)),
            r#"{"lr":0.5,"momentum":0.9,"dampening":0.0,"weight_decay":0.0,"nesterov":false}"#,
        ),
        (serde_json::to_string(&Adam::new(1e-3)), r#"{"lr":0.001,"betas":[0.9,0.999],"eps":1e-8,"weight_decay":0.0}"#),
        (
            serde_json::to_string(&RmsProp::new(0.5).centered()),
            r#"{"lr":0.5,"alpha":0.99,"eps":1e-8,"weight_decay":0.0,"centered":true}"#,
        ),
    ];
    for (text, expected) in written {
        assert_eq!(text.unwrap(), expected);
    }
    assert_eq!(
        serde_json::from_str::<AdamW>(r#"{"betas": [0.5, 0.9], "lr": 1}"#).unwrap(),
        AdamW::new(1.0).betas(0.5, 0.9)
    );
    assert_eq!(serde_json::from_str::<RmsProp>(r#"{"lr": 1}"#).unwrap(), RmsProp::new(1.0));
    let refused = [
        (
            refusal::<Adam>(r#"{"lr": 1, "amsgrad": true}"#),
            "`Adam` has no `amsgrad`; it has `lr`, `betas`, `eps`, `weight_decay`",
        ),
        (refusal::<Adam>(r#"{"eps": 1e-8}"#), "`lr` of `Adam` is missing"),
        (refusal::<SgdMomentum>(r#"{"lr": 1}"#), "`momentum` of `SgdMomentum` is missing"),
        (refusal::<Adam>(r#"{"lr": 1, "lr": 2}"#), "`lr` of `Adam` comes twice"),
        (refusal::<Adam>(r#"{"lr": -1}"#), "`lr` of `Adam` is -1, but must be finite and at least 0"),
        (refusal::<Adam>(r#"{"lr": "1"}"#), r#"invalid type: string "1", expected a number for `lr` of `Adam`"#),
        (
            refusal::<Adam>(r#"{"lr": 1, "betas": [0.9]}"#),
            "invalid length 1, expected two numbers for `betas` of `Adam`",
        ),
        (
            refusal::<Adam>(r#"{"lr": 1, "betas": [0.9, 1]}"#),
            "`betas.1` of `Adam` is 1, but must be at least 0 and less than 1",
        ),
        (
            refusal::<RmsProp>(r#"{"lr": 1, "centered": true}"#),
            "`centered` of `RmsProp` is true, but false by its type",
        ),
        (
            refusal::<SgdMomentum>(r#"{"lr": 1, "momentum": 0, "nesterov": true}"#),
            "`momentum` of `SgdMomentum` is 0, but must be more than 0 with `nesterov`",
        ),
    ];
    for (message, expected) in refused {
        assert_eq!(message, expected);
    }
    let error = serde_json::to_string(&Adam::new(f64::NAN)).expect_err("a NaN").to_string();
    assert_eq!(error, "`lr` of `Adam` is NaN, but must be finite and at least 0");
}

#[test]
fn groups_are_read_by_their_names() {
    let groups = |base, fc2| Groups::new(&Net::ZERO, Adam::new(base), [("fc2", Adam::new(fc2))]).unwrap();
    let (saved, mut read) = (groups(0.1, 0.2), groups(0.3, 0.4));
    let text = serde_json::to_string(&saved).unwrap();
    assert!(text.starts_with(r#"{"base":{"lr":0.1,"#) && text.contains(r#""groups":{"fc2":{"lr":0.2,"#), "{text}");
    read.deserialize_in(&mut serde_json::Deserializer::from_str(&text)).unwrap();
    assert_eq!(read, saved);
    let bytes = postcard::to_allocvec(&saved).unwrap();
    read = groups(0.3, 0.4);
    read.deserialize_in(&mut postcard::Deserializer::from_bytes(&bytes)).unwrap();
    assert_eq!(read, saved);
    let cases = [
        ("fc2", "fc3", "there is no group `fc3`"),
        (r#""fc2":{"lr":0.2,"betas":[0.9,0.999],"eps":1e-8,"weight_decay":0.0}"#, "", "the group `fc2` is missing"),
        ("base", "bases", "`Groups` has no `bases`; it has `base`, `groups`"),
    ];
    for (old, new, message) in cases {
        let text = text.replacen(old, new, 1);
        let error = read.deserialize_in(&mut serde_json::Deserializer::from_str(&text)).expect_err(&text).to_string();
        assert_eq!(error.split(" at line ").next(), Some(message));
        assert_eq!(read, saved, "after an error, groups are as they were");
    }
}

#[derive(Serialize, Deserialize)]
struct Checkpoint {
    #[serde(deserialize_with = "nn_runtime::serde::boxed")]
    network: Box<Double>,
    optimizer: NAdam,
    #[serde(deserialize_with = "nn_runtime::serde::boxed")]
    run: Box<Training<Double, NAdam, 2>>,
}

/// A struct that derives serde's traits has networks and runs in its fields, in boxes or not.
#[test]
fn a_struct_of_the_users_is_read() {
    let network = Double::boxed(&mut rng(1));
    let mut saved = Checkpoint { network, optimizer: NAdam::new(0.25), run: Training::boxed() };
    saved.run.step(&mut saved.network, &saved.optimizer, &Mse, &[[1.0, 2.0]], &[[3.0]]).unwrap();
    let bytes = postcard::to_allocvec(&saved).unwrap();
    let read: Checkpoint = postcard::from_bytes(&bytes).unwrap();
    assert_eq!((&read.network, read.optimizer, read.run.steps), (&saved.network, saved.optimizer, 1));
    assert_eq!(read.run.state, saved.run.state);
}

/// Bytes that were changed anywhere are read or refused, and what is read is finite.
#[test]
fn hostile_files_do_not_panic() {
    let (mut net, mut run) = (Net::new(&mut rng(1)), Training::<Net, Adam, 1>::ZERO);
    run.step(&mut net, &Adam::new(0.1), &Mse, &[[1.0, 2.0]], &[[0.0]]).unwrap();
    let saved = (net, Adam::new(0.1), run);
    let (text, bytes) = (serde_json::to_vec(&saved).unwrap(), postcard::to_allocvec(&saved).unwrap());
    let mut random = rng(5);
    let mut below = |bound: usize| nn_runtime::init::below(bound, &mut random);
    let mut refused = 0;
    for _ in 0..20_000 {
        let is_text = below(2) == 0;
        let mut file = if is_text { text.clone() } else { bytes.clone() };
        for _ in 0..=below(3) {
            let at = below(file.len());
            match below(4) {
                0 => file[at] = below(256) as u8,
                1 => file.truncate(at.max(1)),
                2 => file.insert(at, b"[]{}0-9e,.\xff"[below(11)]),
                _ => _ = file.remove(at),
            }
            if file.is_empty() {
                file.push(0);
            }
        }
        let read = if is_text {
            serde_json::from_slice::<(Net, Adam, NetRun<Adam>)>(&file).ok()
        } else {
            postcard::from_bytes::<(Net, Adam, NetRun<Adam>)>(&file).ok()
        };
        match read {
            Some((net, _, run)) => {
                let state: &[f32] = nn_runtime::bytemuck::cast_slice(&run.state);
                assert!(net.as_slice().iter().chain(state).all(|value| value.is_finite()));
            }
            None => refused += 1,
        }
    }
    assert!(refused > 10_000, "{refused}");
}
