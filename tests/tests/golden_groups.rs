//! Parameter groups against PyTorch's, and their names.

use nn_runtime::loss::{Loss, Mse};
use nn_runtime::network::{Architecture as _, Parameters as _, Trainable as _};
use nn_runtime::optim::{Adam, GroupError, Groups, Optimizer, Sgd};
use nn_runtime::{bytemuck, network};
use nn_tests::{Case, Golden, check_run, load, rows_of, train};

network! {
    struct FlatSingle: [4] -> [3] {
        fc1: linear(6), tanh,
        fc2: linear(3),
    }

    struct Flat: f64 [4] -> [3] {
        fc1: linear(6), tanh,
        fc2: linear(3),
    }

    struct NestedSingle: [4] -> [3] {
        fc: linear(6),
        block: residual { fc1: linear(6), tanh, fc2: linear(6) },
        out: linear(3),
    }

    struct Nested: f64 [4] -> [3] {
        fc: linear(6),
        block: residual { fc1: linear(6), tanh, fc2: linear(6) },
        out: linear(3),
    }

    struct Last: f64 [5] -> [3] { linear(3) }

    /// Names that begin alike, running statistics, a frozen stage, another network.
    struct Mixed: f64 [4] -> [3] {
        fc: linear(6), batch_norm1d,
        fc1: linear(5),
        #[frozen]
        still: linear(5),
        block: residual { fc: linear(5), batch_norm1d, inner: residual { linear(5), tanh } },
        inner: Last,
    }
}

fn check<N: Golden>(name: &str, optimizer: &impl Optimizer<N::Scalar>)
where
    Mse: Loss<N::Output, N::Output, N::Scalar>,
{
    let case = Case::read(name);
    let mut network = load::<N>(&case, "parameter.");
    let (inputs, targets) = (rows_of(case.tensor("input")), rows_of(case.tensor("target")));
    let run = train(&mut *network, optimizer, &Mse, None, (&inputs, &targets), 10);
    check_run(&case, &*network, &run);
}

#[test]
fn groups_are_pytorchs() {
    let (base, group) = (Adam::new(0.02), Adam::new(0.005).weight_decay(0.2));
    check::<Flat>("groups/adam", &Groups::new(&Flat::ZERO, base, [("fc2", group)]).unwrap());
    check::<FlatSingle>("groups/adam", &Groups::new(&FlatSingle::ZERO, base, [("fc2", group)]).unwrap());
    // the other way round
    check::<Flat>("groups/adam", &Groups::new(&Flat::ZERO, group, [("fc1", base)]).unwrap());
}

#[test]
fn the_closest_name_counts() {
    let base = Sgd::new(0.05).momentum(0.9);
    let block = Sgd::new(0.03).momentum(0.9).weight_decay(0.1);
    let inside = Sgd::new(0.01).momentum(0.5);
    let groups = [("block", block), ("block.fc2", inside)];
    check::<Nested>("groups/nested", &Groups::new(&Nested::ZERO, base, groups).unwrap());
    let groups = [("block.fc2", inside), ("block", block)];
    check::<NestedSingle>("groups/nested", &Groups::new(&NestedSingle::ZERO, base, groups).unwrap());
    let groups = [("block.fc1", block), ("block.fc2", inside)];
    check::<Nested>("groups/nested", &Groups::new(&Nested::ZERO, base, groups).unwrap());
}

/// Which entries of the network's flat slice a group of this name changes.
fn changed(name: &'static str) -> Vec<usize> {
    let mut parameters: Box<Mixed> = bytemuck::zeroed_box();
    let mut gradient: Box<Mixed> = bytemuck::zeroed_box();
    gradient.as_mut_slice().fill(1.0);
    for run in Mixed::RUNS.iter().filter(|run| !run.is_trained) {
        gradient.as_mut_slice()[run.start..run.start + run.len].fill(0.0);
    }
    let groups = Groups::new(&*parameters, Sgd::new(0.0), [(name, Sgd::new(1.0))]).unwrap();
    nn_runtime::optim::update(&mut *parameters, &gradient, &groups, &mut [], 1).unwrap();
    let values = parameters.as_slice().iter().enumerate();
    values.filter(|(_, value)| **value != 0.0).map(|(position, _)| position).collect()
}

/// The trained entries of the stages that the table of layers has under these names.
fn expected(names: &[&str]) -> Vec<usize> {
    let mut positions = Vec::new();
    for name in names {
        let row = Mixed::LAYERS.iter().find(|row| row.name == *name).unwrap();
        positions.extend(row.start..row.start + row.parameters);
    }
    positions
}

#[test]
fn a_name_stands_for_its_own_stages() {
    for (name, stages) in [
        ("fc", &["fc"][..]),
        ("fc1", &["fc1"]),
        ("inner", &["inner"]),
        ("block.inner", &["block.inner.linear1"]),
        ("block", &["block.fc", "block.batch_norm1d1", "block.inner.linear1"]),
    ] {
        assert_eq!(changed(name), expected(stages), "{name}");
    }
}

#[test]
fn what_is_wrong_with_a_group_is_said() {
    let sgd = Sgd::new(0.1);
    let message = |names: [&'static str; 2]| {
        let error: GroupError = Groups::new(&Mixed::ZERO, sgd, names.map(|name| (name, sgd))).unwrap_err();
        error.to_string()
    };
    assert_eq!(message(["fc", "fc2"]), "the network has no stage `fc2`; stages with similar names exist: `fc`, `fc1`");
    assert_eq!(
        message(["block.fc1", "fc"]),
        "the network has no stage `block.fc1`; stages with similar names exist: `block.fc`, `block`, `block.inner`"
    );
    assert_eq!(message(["still", "fc"]), "the stage `still` is frozen: nothing trains it");
    assert_eq!(message(["block.inner.tanh1", "fc"]), "the stage `block.inner.tanh1` has no parameters");
    assert_eq!(message(["fc", "fc"]), "the stage `fc` has two groups");
    assert!(message(["", "fc"]).starts_with("the network has no stage ``; "));
}

#[test]
fn settings_can_be_changed() {
    let mut groups = Groups::new(&Flat::ZERO, Sgd::new(0.1), [("fc2", Sgd::new(0.2))]).unwrap();
    groups.group_mut("fc2").unwrap().lr = 0.4;
    assert!(groups.group_mut("fc1").is_none());
    groups.optimizers_mut().for_each(|optimizer| optimizer.lr *= 0.5);
    assert_eq!(groups, Groups::new(&Flat::ZERO, Sgd::new(0.05), [("fc2", Sgd::new(0.2))]).unwrap());
}
