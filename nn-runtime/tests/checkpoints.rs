//! Runs that are stopped, killed and taken up again end with the bits of a run that never was.
#![cfg(feature = "safetensors")]

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nn_runtime::init::below;
use nn_runtime::prelude::*;
use nn_runtime::train::{Checkpoint, CheckpointError, Ended, FitReport};

network! {
    struct Net: [2] -> [3] {
        fc1: linear(16), norm: batch_norm1d, relu, dropout(0.2),
        fc2: linear(3),
    }

    struct Other: [2] -> [3] { fc1: linear(8), relu, fc2: linear(3) }
}

type Samples = (Vec<[f32; 2]>, Vec<u8>);

fn samples() -> Samples {
    (0_u8..160).map(|i| ([f32::from(i % 3) + f32::from(i % 7) / 9.0, f32::from(i % 5) / 5.0], i % 3)).unzip()
}

/// A folder that does not exist yet.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("nn-checkpoints-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

const EPOCHS: usize = 10;

/// A run with everything that has a state.
fn train(network: &mut Net, checkpoint: Option<Checkpoint>, epochs: usize) -> Result<FitReport, FitError> {
    let (inputs, classes) = samples();
    let (train, validation) = Dataset::new(&inputs, &classes)?.split_at(130)?;
    let fit = Fit::new(Adam::new(0.02), CrossEntropy)
        .batch_size(16)
        .epochs(epochs)
        .seed(3)
        .drop_last()
        .clip_norm(5.0)
        .schedule(schedule::Exponential::new(0.99).per_step().chain(ReduceOnPlateau::new().patience(2)))
        .validation(&validation)
        .metrics(Accuracy)
        .average(Average::ema(0.97))
        .early_stopping(EarlyStopping::new().patience(EPOCHS).restore_best())
        .on_step(|run: &mut AfterStep<Net, Adam>| {
            run.optimizer.lr *= 0.999;
            run.network.fc2.bias[0] *= 0.999;
        });
    let mut fit = if let Some(checkpoint) = checkpoint { fit.checkpoint(checkpoint) } else { fit };
    fit.run(network, &train)
}

/// All that a run leaves: the bits of the network, and the history.
fn outcome(checkpoint: Option<Checkpoint>) -> (Vec<u8>, String) {
    let mut network = Net::new(&mut rng(1));
    let report = train(&mut network, checkpoint, EPOCHS).expect("a run");
    (nn_runtime::bytemuck::bytes_of(&network).to_vec(), format!("{:?} {:?}", report.best, report.history))
}

/// What a killed process does.
#[test]
#[ignore = "a process of `a_run_that_is_killed_ends_with_the_same_bits`"]
fn process() {
    let folder = std::env::var_os("NN_CHECKPOINT_FOLDER").expect("the test sets it");
    let (bits, history) = outcome(Some(Checkpoint::new(&folder).every(Duration::from_millis(1))));
    let done = Path::new(&folder).join("done");
    fs::write(done.with_extension("new"), [history.as_bytes(), &bits].concat()).expect("written");
    fs::rename(done.with_extension("new"), done).expect("renamed");
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "process", "--ignored", "--quiet"]).env("NN_CHECKPOINT_FOLDER", folder);
    command
}

fn start(folder: &Path) -> std::process::Child {
    command(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a process")
}

#[test]
fn a_run_that_is_killed_ends_with_the_same_bits() {
    let kills: usize = std::env::var("NN_KILLS").map_or(200, |kills| kills.parse().expect("a number"));
    let (bits, history) = outcome(None);
    let expected = [history.as_bytes(), &bits].concat();
    let (mut random, mut killed, mut finished) = (rng(0), 0, 0);
    // a process is killed within the first third of the time that a run takes, so that most runs are killed several times
    let undisturbed = folder("undisturbed");
    fs::create_dir_all(&undisturbed).expect("a folder");
    let begin = Instant::now();
    start(&undisturbed).wait().expect("an end");
    let longest = begin.elapsed().as_micros() as usize / 3;
    fs::remove_dir_all(&undisturbed).expect("removed");
    while killed < kills {
        let folder = folder(&format!("kill{finished}"));
        fs::create_dir_all(&folder).expect("a folder");
        while !folder.join("done").exists() {
            let mut process = start(&folder);
            sleep(Duration::from_micros(below(longest, &mut random) as u64));
            // of a process that has ended, nothing is killed
            let is_running = process.try_wait().expect("a state").is_none();
            killed += usize::from(is_running && process.kill().is_ok());
            process.wait().expect("an end");
        }
        assert_eq!(fs::read(folder.join("done")).expect("the outcome"), expected, "after {killed} kills");
        fs::remove_dir_all(&folder).expect("removed");
        finished += 1;
    }
    println!("{killed} kills in {finished} runs");
}

#[test]
fn many_runs_of_one_epoch_are_one_run() {
    let folder = folder("epochs");
    let mut network = Net::new(&mut rng(1));
    for epochs in 1..=EPOCHS {
        network = Net::new(&mut rng(epochs as u64));
        let report = train(&mut network, Some(Checkpoint::new(&folder)), epochs).expect("a run");
        assert_eq!(report.resumed_at, (epochs > 1).then_some(8 * (epochs as u64 - 1)), "epoch {epochs}");
    }
    assert_eq!(nn_runtime::bytemuck::bytes_of(&network), outcome(None).0);
    let best = Net::load(folder.join("best.safetensors")).expect("the best network");
    assert_eq!(best, network, "the run restores the best network");
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn a_run_that_is_over_says_so() {
    let folder = folder("over");
    fs::create_dir_all(&folder).expect("a folder");
    let said = || {
        let output = command(&folder).arg("--nocapture").output().expect("a process");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert_eq!(said(), "");
    let text = "nothing is trained: the run of the checkpoint is over, after 10 epochs\n\
        help: set more `epochs`, or more `patience` if it was stopped early, or begin anew: `Checkpoint::new(..).restart()`\n";
    assert_eq!(said(), text);
    fs::remove_dir_all(folder).expect("removed");
}

fn error_of(result: Result<FitReport, FitError>) -> CheckpointError {
    match result.expect_err("a mistake") {
        FitError::Checkpoint(error) => error,
        error => panic!("{error}"),
    }
}

#[test]
fn a_run_is_only_taken_up_by_the_same_run() {
    let folder = folder("same");
    let (inputs, classes) = samples();
    let data = Dataset::new(&inputs, &classes).expect("data");
    let (half, _) = data.split_at(80).expect("halves");
    let mut network = Net::new(&mut rng(1));
    let fit = || Fit::new(Adam::new(0.01), CrossEntropy).epochs(2).checkpoint(&*folder);
    fit().run(&mut network, &data).expect("a run");
    let before = network;
    let message = |error: CheckpointError| error.to_string().replace(&folder.display().to_string(), "FOLDER");
    let way_out = "help: choose another folder, or begin anew: `Checkpoint::new(..).restart()`";

    let error = message(error_of(fit().epochs(3).run(&mut network, &half)));
    let first =
        "the checkpoint `FOLDER/run.safetensors` is of another run: the number of samples is 160 there, but 80 here";
    assert_eq!(error, format!("{first}\n{way_out}"));
    let error = message(error_of(fit().epochs(3).batch_size(8).run(&mut network, &data)));
    assert!(error.contains("`batch_size` is 32 there, but 8 here"), "{error}");
    let error = message(error_of(fit().epochs(3).seed(1).run(&mut network, &data)));
    assert!(error.contains("`seed` is 0 there, but 1 here"), "{error}");
    let other =
        Fit::new(Sgd::new(0.01).momentum(0.9), CrossEntropy).epochs(3).checkpoint(&*folder).run(&mut network, &data);
    let error = message(error_of(other));
    let states = "the optimizer state is exp_avg, exp_avg_sq there, but momentum_buffer here";
    assert!(error.contains(states), "{error}");
    // nothing would be trained with the new rate
    let other = Fit::new(Adam::new(0.02), CrossEntropy).epochs(2).checkpoint(&*folder).run(&mut network, &data);
    let error = message(error_of(other));
    assert!(error.contains("it has 2 epochs, begun with the learning rate 0.01, but this run has 0.02"), "{error}");
    assert_eq!(network, before);

    let other = Fit::new(Adam::new(0.01), CrossEntropy).checkpoint(&*folder).run(&mut Other::new(&mut rng(0)), &data);
    let error = message(error_of(other));
    let differences = "is of another network\n  \
         file:    fc1: linear(out_features = 16, bias = true): [2] -> [16]\n  \
         network: fc1: linear(out_features = 8, bias = true): [2] -> [8]\n  \
         file:    norm: batch_norm1d(eps = 1e-5, momentum = 0.1): [16] -> [16]\n  \
         network: relu1: relu: [8] -> [8]";
    assert!(error.contains(differences), "{error}");

    // the same run with another rate goes on with it, and one that begins anew overwrites the old one
    let report = Fit::new(Adam::new(0.02), CrossEntropy).epochs(3).checkpoint(&*folder).run(&mut network, &data);
    let report = report.expect("a run");
    assert_eq!((report.resumed_at, report.history.get("lr")), (Some(10), Some(&[0.01, 0.01, 0.02][..])));
    let anew =
        Fit::new(Sgd::new(0.01), CrossEntropy).checkpoint(Checkpoint::new(&folder).restart()).run(&mut network, &data);
    assert_eq!(anew.expect("a run").resumed_at, None);
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn a_damaged_checkpoint_is_an_error_and_changes_nothing() {
    let folder = folder("damaged");
    let mut network = Net::new(&mut rng(1));
    train(&mut network, Some(Checkpoint::new(&folder)), 2).expect("a run");
    let file = folder.join("run.safetensors");
    let bytes = fs::read(&file).expect("the checkpoint");
    let before = network;
    for len in (0..bytes.len()).step_by(97) {
        fs::write(&file, &bytes[..len]).expect("written");
        let error = error_of(train(&mut network, Some(Checkpoint::new(&folder)), 3));
        assert!(matches!(error, CheckpointError::Format { .. }), "{error}");
    }
    let mut changed = bytes.clone();
    let at = bytes.windows(8).position(|window| window == b"position").expect("a tensor");
    changed[at] = b'P';
    fs::write(&file, &changed).expect("written");
    let error = error_of(train(&mut network, Some(Checkpoint::new(&folder)), 3));
    assert!(error.to_string().contains("its checksum is another: bytes have changed"), "{error}");
    // values that are NaN
    let mut changed = bytes;
    let end = changed.len();
    changed[end - 400..].fill(0xff);
    fs::write(&file, &changed).expect("written");
    assert!(train(&mut network, Some(Checkpoint::new(&folder)), 3).is_err());
    assert_eq!(network, before);
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn a_folder_is_for_one_run_at_a_time() {
    let folder = folder("lock");
    let (inputs, classes) = samples();
    let data = Dataset::new(&inputs, &classes).expect("data");
    let mut network = Net::new(&mut rng(1));
    let mut inner = None;
    let mut fit = Fit::new(Adam::new(0.01), CrossEntropy).epochs(1).checkpoint(&*folder).on_epoch(|_| {
        let other = Fit::new(Adam::new(0.01), CrossEntropy).checkpoint(&*folder).run(&mut Net::new(&mut rng(0)), &data);
        inner = Some(error_of(other));
    });
    fit.run(&mut network, &data).expect("a run");
    drop(fit);
    assert!(matches!(inner, Some(CheckpointError::InUse { .. })), "{inner:?}");
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn what_cannot_be_saved_at_first_is_an_error() {
    let folder = folder("file");
    fs::write(&folder, b"a file").expect("written");
    let mut network = Net::new(&mut rng(1));
    let before = network;
    let error = error_of(train(&mut network, Some(Checkpoint::new(folder.join("run"))), 2));
    assert!(matches!(error, CheckpointError::Write { .. }), "{error}");
    assert_eq!(network, before);
    fs::remove_file(folder).expect("removed");
}

#[test]
fn what_cannot_be_saved_later_is_a_warning() {
    let folder = folder("gone");
    let (bits, _) = outcome(None);
    let (inputs, classes) = samples();
    let data = Dataset::new(&inputs, &classes).expect("data");
    let mut network = Net::new(&mut rng(1));
    let report = Fit::new(Adam::new(0.01), CrossEntropy)
        .epochs(3)
        .checkpoint(Checkpoint::new(&folder).every(Duration::ZERO))
        .on_epoch(|run| {
            if run.epoch == 2 {
                fs::remove_dir_all(&folder).expect("removed");
            }
        })
        .run(&mut network, &data)
        .expect("the run goes on");
    assert_eq!((report.epochs, report.warnings.len()), (3, 1), "{report}");
    assert!(report.to_string().contains("\nwarning: cannot write the checkpoint"), "{report}");
    assert_ne!(nn_runtime::bytemuck::bytes_of(&network), bits);
}

/// A process that may not write files of more than 6 kB, as on a full disk, goes on without saving; what it saved before is whole.
#[cfg(unix)]
#[test]
fn a_full_disk_loses_nothing() {
    let folder = folder("full");
    fs::create_dir_all(&folder).expect("a folder");
    let program = std::env::current_exe().expect("this program");
    let script = "trap '' XFSZ; ulimit -f 6; exec \"$0\" --exact process --ignored --quiet";
    let status = Command::new("bash")
        .args(["-c", script])
        .arg(program)
        .env("NN_CHECKPOINT_FOLDER", &folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("a process");
    let saved = fs::metadata(folder.join("run.safetensors")).expect("the last checkpoint that could be saved").len();
    assert!(saved <= 6 * 1024, "{status}, {saved}");
    let (bits, history) = outcome(Some(Checkpoint::new(&folder)));
    assert_eq!((bits, history), outcome(None));
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn callbacks_stop_a_run_that_goes_on_later() {
    let folder = folder("stop");
    let (inputs, classes) = samples();
    let data = Dataset::new(&inputs, &classes).expect("data");
    let run = |stop: u64, checkpoint: bool| {
        let mut network = Net::new(&mut rng(1));
        let fit = Fit::new(Adam::new(0.01), CrossEntropy)
            .epochs(4)
            .batch_size(16)
            .on_step(move |run| if run.step == stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) });
        let mut fit = if checkpoint { fit.checkpoint(&*folder) } else { fit };
        let report = fit.run(&mut network, &data).expect("a run");
        (network, report)
    };
    let (_, stopped) = run(13, true);
    assert_eq!((stopped.ended, stopped.epochs, stopped.steps), (Ended::Callback, 1, 13));
    let (network, report) = run(0, true);
    assert_eq!((report.ended, report.epochs, report.resumed_at), (Ended::Complete, 4, Some(13)));
    assert_eq!(network, run(0, false).0);
    fs::remove_dir_all(folder).expect("removed");
}
