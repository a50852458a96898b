//! What a run reports, and what metrics measure in it.

use nn_runtime::metrics::{Measured, Metric, Mode};
use nn_runtime::network::Tile;
use nn_runtime::prelude::*;
use nn_runtime::train::{Column, History};

use super::{Data, Plain};

network! {
    struct Pilot: [3] -> { steering: [1], brake: [4] } {
        trunk: linear(6),
        steering: trunk { linear(1), tanh },
        brake: trunk { linear(4) },
    }
}

/// The largest absolute output, and the number of samples.
struct Largest;

impl<Target, const OUT: usize> Metric<Target, [f32; OUT], f32> for Largest {
    type State = (f32, u64);

    fn update<const BATCH: usize>(
        &self,
        (largest, samples): &mut (f32, u64),
        output: &Tile<[f32; OUT], BATCH>,
        targets: &[&Target],
    ) {
        let rows = (0..targets.len()).flat_map(|row| (0..OUT).map(move |column| output[(row, column)]));
        *largest = rows.fold(*largest, |largest, value| largest.max(value.abs()));
        *samples += targets.len() as u64;
    }

    fn merge(&self, (largest, samples): &mut (f32, u64), other: (f32, u64)) {
        (*largest, *samples) = (largest.max(other.0), *samples + other.1);
    }

    fn report(&self, (largest, samples): &(f32, u64), write: &mut dyn FnMut(Measured)) {
        write(Measured::new("largest", Mode::Min, f64::from(*largest)));
        write(Measured::new("samples", Mode::Max, *samples as f64));
    }
}

fn names(history: &History) -> Vec<&str> {
    history.columns().iter().map(|column| column.name.as_str()).collect()
}

#[test]
fn a_column_for_each_number() {
    let data = Data::new(60);
    let history = |fit: Fit<_, Adam, CrossEntropy, u8>| {
        let report = fit.epochs(3).run(&mut Plain::new(&mut rng(1)), &data.classes());
        report.expect("the data are right").history
    };
    let fit = || Fit::new(Adam::new(0.01), CrossEntropy);
    assert_eq!(names(&history(fit())), ["loss", "lr"]);
    let history = history(fit().validation(&data.classes()));
    assert_eq!(names(&history), ["loss", "val_loss", "val_accuracy", "lr"]);
    let modes = history.columns().iter().map(|Column { mode, .. }| *mode).collect::<Vec<_>>();
    assert_eq!(modes, [Some(Mode::Min), Some(Mode::Min), Some(Mode::Max), None]);
    assert_eq!(history.epochs(), 3);
    for column in history.columns() {
        assert_eq!((column.values.len(), history.get(&column.name)), (3, Some(&*column.values)));
        assert_eq!(history.last(&column.name), column.values.last().copied());
    }
    assert_eq!((history.get("accuracy"), history.last("accuracy")), (None, None));
}

#[test]
fn the_values_are_those_of_the_epochs() {
    let (data, mut network) = (Data::new(60), Plain::new(&mut rng(1)));
    let (mut epochs, mut lengths) = (Vec::new(), Vec::new());
    let mut fit = Fit::new(Adam::new(0.01), CrossEntropy).epochs(3).validation(&data.classes()).on_epoch(|run| {
        epochs.push(run.results.clone());
        lengths.push(run.history.epochs());
        assert_eq!(run.to_string(), run.results.to_string());
    });
    let report = fit.run(&mut network, &data.classes()).expect("the data are right");
    drop(fit);
    assert_eq!(lengths, [1, 2, 3]);
    let column = |name| report.history.get(name).expect("it is measured").to_vec();
    assert_eq!(column("loss"), epochs.iter().map(|epoch| epoch.loss).collect::<Vec<_>>());
    let validations: Vec<_> = epochs.iter().filter_map(|epoch| epoch.validation).collect();
    assert_eq!(column("val_loss"), validations.iter().map(|found| found.loss).collect::<Vec<_>>());
    assert_eq!(column("val_accuracy"), validations.iter().filter_map(|found| found.accuracy).collect::<Vec<_>>());
    assert_eq!(validations[2], evaluate(&network, &CrossEntropy, &data.classes()).expect("the data are right"));
    let (epoch, loss) = report.best.expect("there are epochs");
    assert_eq!(report.to_string(), format!("trained for 3 epochs, 6 steps; best val_loss {loss:.4} in epoch {epoch}"));
}

#[test]
fn metrics_of_ones_own_have_columns() {
    let data = Data::new(60);
    let mut network = Plain::new(&mut rng(1));
    let fit = Fit::new(Adam::new(0.01), CrossEntropy).epochs(3).validation(&data.classes());
    let mut fit = fit.metrics((Accuracy, Largest)).monitor("val_largest");
    let report = fit.run(&mut network, &data.classes()).expect("the data are right");
    let history = &report.history;
    assert_eq!(names(history), ["loss", "val_loss", "val_accuracy", "val_largest", "val_samples", "lr"]);
    assert_eq!(history.get("val_samples"), Some(&[60.0; 3][..]));
    let outputs = predict_batch(&network, &data.inputs).expect("the data are right");
    let largest = outputs.iter().flatten().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    assert!((history.last("val_largest").expect("it is measured") / f64::from(largest) - 1.0).abs() < 1e-6);
    let values = history.get("val_largest").expect("it is measured");
    let least = values.iter().fold(f64::INFINITY, |least, value| least.min(*value));
    assert_eq!(report.best.map(|best| best.1), Some(least));
}

/// What is measured of more samples than one part holds is that of all of them.
#[test]
fn metrics_measure_all_samples() {
    let (data, network) = (Data::new(2500), Plain::new(&mut rng(1)));
    let found = measure(&network, &(Largest, Accuracy), &data.classes()).expect("the data are right");
    let outputs = predict_batch(&network, &data.inputs).expect("the data are right");
    let largest = outputs.iter().flatten().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    assert_eq!(found[0], Measured::new("largest", Mode::Min, f64::from(largest)));
    assert_eq!(found[1], Measured::new("samples", Mode::Max, 2500.0));
    let matrix: ConfusionMatrix<4> = confusion_matrix(&network, &data.classes()).expect("the data are right");
    assert_eq!(found[2], Measured::new("accuracy", Mode::Max, matrix.accuracy()));
    assert_eq!(found.len(), 3);

    let (mut network, all) = (network, data.classes());
    let mut fit = Fit::new(Adam::new(0.0), CrossEntropy).epochs(1).validation(&all).metrics((Largest, Accuracy));
    let history = fit.run(&mut network, &all).expect("the data are right").history;
    assert_eq!(history.last("val_largest"), Some(f64::from(largest)));
    assert_eq!((history.last("val_samples"), history.last("val_accuracy")), (Some(2500.0), Some(matrix.accuracy())));
}

/// A metric whose numbers depend on the samples, and which has none of no samples.
struct Classes;

impl<const OUT: usize> Metric<u8, [f32; OUT], f32> for Classes {
    type State = Option<u8>;

    fn update<const BATCH: usize>(&self, highest: &mut Option<u8>, _: &Tile<[f32; OUT], BATCH>, classes: &[&u8]) {
        *highest = classes.iter().map(|class| Some(**class)).fold(*highest, Option::max);
    }

    fn merge(&self, highest: &mut Option<u8>, other: Option<u8>) {
        *highest = Option::max(*highest, other);
    }

    fn report(&self, highest: &Option<u8>, write: &mut dyn FnMut(Measured)) {
        highest.map(|highest| write(Measured::new("highest_class", Mode::Max, highest.into())));
    }
}

#[test]
fn a_number_that_only_samples_give_can_be_monitored() {
    let (data, mut network) = (Data::new(60), Plain::new(&mut rng(1)));
    let fit = Fit::new(Adam::new(0.01), CrossEntropy).epochs(2).validation(&data.classes()).metrics(Classes);
    let report = fit.monitor("val_highest_class").run(&mut network, &data.classes()).expect("it is measured");
    assert_eq!(report.best, Some((1, 3.0)));
}

#[test]
fn every_output_has_columns() {
    let data = Data::new(60);
    let targets = data.inputs.iter().zip(&data.classes);
    let targets: Vec<_> = targets.map(|(input, &brake)| PilotOutput { steering: [input[0]], brake }).collect();
    let data = Dataset::new(&data.inputs, &targets).expect("as many of both");
    let loss = PilotOutput { steering: Mse, brake: CrossEntropy };
    let mut network = Pilot::new(&mut rng(1));

    let mut fit = Fit::new(Adam::new(0.01), loss).epochs(2);
    let history = fit.run(&mut network, &data).expect("the data are right").history;
    assert_eq!(names(&history), ["loss", "steering_loss", "brake_loss", "lr"]);

    let metrics = PilotOutput { steering: (), brake: (Accuracy, Largest) };
    let mut fit = Fit::new(Adam::new(0.01), loss).epochs(2).validation(&data).metrics(metrics);
    let history = fit.run(&mut network, &data).expect("the data are right").history;
    let validated = ["val_loss", "val_steering_loss", "val_brake_loss", "val_brake_accuracy"];
    let measured = ["val_brake_largest", "val_brake_samples"];
    let expected = [&["loss", "steering_loss", "brake_loss"][..], &validated, &measured, &["lr"]].concat();
    assert_eq!(names(&history), expected);
    let value = |name| history.last(name).expect("it is measured");
    let found = evaluate(&network, &loss, &data).expect("the data are right");
    assert_eq!((value("val_loss"), value("val_steering_loss")), (found.loss, found.parts.steering.loss));
    assert_eq!(Some(value("val_brake_accuracy")), found.parts.brake.accuracy);
    assert_eq!(value("val_brake_samples"), 60.0);
    assert!((value("steering_loss") + value("brake_loss") - value("loss")).abs() < 1e-12);

    let found = measure(&network, &PilotOutput { steering: Largest, brake: Accuracy }, &data).expect("right data");
    let found: Vec<_> = found.iter().map(|found| (found.to_string(), found.output)).collect();
    let expected = [("steering_largest", "steering"), ("steering_samples", "steering"), ("brake_accuracy", "brake")];
    assert_eq!(found, expected.map(|(name, output)| (name.to_owned(), output)));
}
