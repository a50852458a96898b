//! Initialisations by name, for all weights of a network or of a stage.

use nn_runtime::init::{Fan, Initialisation, Nonlinearity, stage_weights, weights};
use nn_runtime::nalgebra::SMatrix;
use nn_runtime::prelude::*;

network! {
    struct Inner: [40] -> [60] { fc: linear(60), tanh }

    struct Net: u8 [10] -> [5] {
        table: embedding(50, 16),
        reshape([1, 16, 10]),
        conv: conv2d(40, kernel_size = (4, 3)),
        flatten,
        #[frozen]
        still: linear(40),
        inner: Inner,
        norm: batch_norm1d,
        out: linear(5),
    }

    struct Memory: [4, 9] -> [5] { past: gru(9), flatten, norm: batch_norm1d, out: linear(5) }

    struct Remembering: [4, 6] -> [5] {
        narrow: linear(2),
        #[frozen]
        still: linear(9),
        memory: Memory,
    }
}

/// The standard deviation, or what is nearest to it for an even distribution around 0.
fn spread<const ROWS: usize, const COLUMNS: usize>(weight: &SMatrix<f32, ROWS, COLUMNS>) -> f64 {
    let square = |value: &f32| f64::from(*value) * f64::from(*value);
    (weight.iter().map(square).sum::<f64>() / weight.len() as f64).sqrt()
}

#[track_caller]
fn assert_spread<const ROWS: usize, const COLUMNS: usize>(weight: &SMatrix<f32, ROWS, COLUMNS>, expected: f64) {
    let found = spread(weight);
    assert!((found / expected - 1.0).abs() < 0.1, "{found} instead of {expected}");
}

#[test]
fn a_whole_network() {
    let mut net = Net::boxed(&mut rng(1));
    let before = *net;
    weights(&mut *net, Initialisation::KaimingNormal(Fan::Out, Nonlinearity::Relu), &mut rng(2)).unwrap();
    assert_spread(&net.table.weight, (2.0_f64 / 50.0).sqrt());
    assert_spread(&net.conv.weight, (2.0_f64 / (40.0 * 12.0)).sqrt());
    assert_spread(&net.inner.fc.weight, (2.0_f64 / 60.0).sqrt());
    assert_spread(&net.out.weight, (2.0_f64 / 5.0).sqrt());
    assert_eq!(
        [net.conv.bias.as_slice(), net.out.bias.as_slice()],
        [before.conv.bias.as_slice(), before.out.bias.as_slice()]
    );
    assert_eq!(net.norm, before.norm);

    weights(&mut *net, Initialisation::XavierUniform { gain: 2.0 }, &mut rng(3)).unwrap();
    assert_spread(&net.table.weight, 2.0 * (2.0_f64 / 66.0).sqrt());
    assert_spread(&net.conv.weight, 2.0 * (2.0_f64 / (41.0 * 12.0)).sqrt());
}

#[test]
fn a_stage() {
    let mut net = Net::boxed(&mut rng(1));
    let before = *net;
    stage_weights(&mut *net, "inner", Initialisation::Constant(0.5), &mut rng(2)).unwrap();
    assert_eq!(net.inner.fc.weight, SMatrix::<f32, 60, 40>::repeat(0.5));
    net.inner.fc.weight = before.inner.fc.weight;
    assert_eq!(*net, before, "nothing else has changed");
    let error = |stage| {
        stage_weights(&mut Net::ZERO.clone(), stage, Initialisation::Zeros, &mut rng(2)).unwrap_err().to_string()
    };
    assert_eq!(error("still"), "the stage `still` is frozen: nothing trains it");
    assert_eq!(error("outer"), "the network has no stage `outer`; a stage with a similar name exists: `out`");
}

#[test]
fn what_is_out_of_its_range_is_refused() {
    let mut net = Net::boxed(&mut rng(1));
    let before = *net;
    let leaky = Nonlinearity::LeakyRelu(f64::NAN);
    for initialisation in [
        Initialisation::Uniform((0.5..0.25).into()),
        Initialisation::Normal((f64::NAN).into()),
        Initialisation::XavierUniform { gain: -1.0 },
        Initialisation::XavierNormal { gain: f64::INFINITY },
        Initialisation::KaimingUniform(Fan::In, leaky),
        Initialisation::KaimingNormal(Fan::Out, leaky),
        Initialisation::Orthogonal { gain: f64::NAN },
    ] {
        let error = weights(&mut *net, initialisation, &mut rng(2)).unwrap_err();
        let of_stage = stage_weights(&mut *net, "inner", initialisation, &mut rng(2)).unwrap_err();
        assert_eq!(of_stage.to_string(), error.to_string());
    }
    assert_eq!(*net, before);
}

#[test]
fn orthogonal_by_rows_and_by_columns() {
    let mut net = Net::boxed(&mut rng(1));
    weights(&mut *net, Initialisation::Orthogonal { gain: 3.0 }, &mut rng(2)).unwrap();
    let (table, conv, fc) = (&net.table.weight, &net.conv.weight, &net.inner.fc.weight);
    assert!((table * table.transpose() - SMatrix::<f32, 16, 16>::identity() * 9.0).amax() < 1e-4);
    assert!((conv.transpose() * conv - SMatrix::<f32, 12, 12>::identity() * 9.0).amax() < 1e-4);
    assert!((fc.transpose() * fc - SMatrix::<f32, 40, 40>::identity() * 9.0).amax() < 1e-4);
}

#[test]
fn every_weight_and_nothing_else() {
    let mut net = Remembering::new(&mut rng(1));
    let mut expected = net;
    expected.narrow.weight.fill(0.5);
    expected.memory.past.weight_ih_l0.fill(0.5);
    expected.memory.past.weight_hh_l0.fill(0.5);
    expected.memory.out.weight.fill(0.5);
    weights(&mut net, Initialisation::Constant(0.5), &mut rng(2)).unwrap();
    assert_eq!(net, expected);
}

#[test]
fn every_distribution() {
    let mut net = Net::boxed(&mut rng(1));
    let xavier = 2.0 * (2.0_f64 / (40.0 + 60.0)).sqrt();
    let kaiming = (2.0_f64 / 40.0).sqrt();
    for (initialisation, std, is_even) in [
        (Initialisation::Uniform(0.6.into()), 0.6 / 3.0_f64.sqrt(), true),
        (Initialisation::Normal(0.6.into()), 0.6, false),
        (Initialisation::XavierUniform { gain: 2.0 }, xavier, true),
        (Initialisation::XavierNormal { gain: 2.0 }, xavier, false),
        (Initialisation::KaimingUniform(Fan::In, Nonlinearity::Relu), kaiming, true),
        (Initialisation::KaimingNormal(Fan::In, Nonlinearity::Relu), kaiming, false),
    ] {
        weights(&mut *net, initialisation, &mut rng(2)).unwrap();
        let weight = &net.inner.fc.weight;
        assert_spread(weight, std);
        let bound = (std * 3.0_f64.sqrt()) as f32 * 1.001;
        assert_eq!(weight.amax() <= bound, is_even, "{initialisation:?}");
    }
}
