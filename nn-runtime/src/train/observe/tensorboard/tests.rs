//! Files are compared with those of `tests/tensorboard/frozen`, which TensorBoard itself has read: see `tests/tensorboard/check.py`.

use std::fs;
use std::path::Path;

use super::super::tests::{history, plan, report};
use super::*;
use crate::files::tests::folder;

/// The time at which all happens.
const TIME: f64 = 1_750_000_000.25;

fn step(step: u64) -> StepRecord {
    StepRecord {
        epoch: 1,
        step,
        step_of_epoch: step,
        samples: 10 * step as usize,
        loss: 1.0 / step as f64,
        lr: 1e-3 / step as f64,
    }
}

/// A run that goes on after two epochs and ends after four, three steps each.
fn write(folder: &Path) {
    let mut board = TensorBoard::with_clock(folder.into(), || TIME);
    board.begin(&plan(), &history(2)).expect("a folder");
    for epoch in 3..=4 {
        for number in 1..=3 {
            board.step(&step(3 * (epoch as u64 - 1) + number)).expect("written");
        }
        board.epoch(&history(epoch), &"").expect("written");
    }
    board.end(&report(4)).expect("written");
}

/// The bytes of a folder's files.
fn bytes(folder: &Path) -> Vec<u8> {
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| fs::read(path).expect("a file")).collect()
}

#[test]
fn the_bytes_are_those_that_tensorboard_reads() {
    let frozen = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/tensorboard/frozen");
    if std::env::var_os("UPDATE_TENSORBOARD").is_some() {
        let _ = fs::remove_dir_all(&frozen);
        write(&frozen);
        fs::write(frozen.join("history.csv"), history(4).to_csv()).expect("written");
    }
    let folder = folder("tensorboard");
    write(&folder);
    for name in ["train", "validation"] {
        assert_eq!(bytes(&folder.join(name)), bytes(&frozen.join(name)), "{name}");
    }
    assert_eq!(fs::read_to_string(frozen.join("history.csv")).expect("there"), history(4).to_csv());
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn a_run_without_validation_has_one_folder() {
    let folder = folder("tensorboard-train");
    let mut board = TensorBoard::new(folder.join("runs"));
    board.begin(&plan(), &history(0)).expect("a folder");
    board.step(&step(1)).expect("written");
    let mut history = History::default();
    history.push([(String::from("loss"), None, 0.5), (String::from("val_loss"), None, f64::NAN)]);
    board.epoch(&history, &"").expect("written");
    assert!(folder.join("runs/train").exists());
    assert!(!folder.join("runs/validation").exists());
    fs::remove_dir_all(folder).expect("removed");
}

/// Nothing is lost where a run ends with an error.
#[test]
fn a_log_that_is_dropped_is_complete() {
    let folder = folder("tensorboard-dropped");
    let mut board = TensorBoard::with_clock(folder.clone(), || TIME);
    board.begin(&plan(), &history(0)).expect("a folder");
    let before = bytes(&folder.join("train")).len();
    board.step(&step(1)).expect("written");
    assert_eq!(bytes(&folder.join("train")).len(), before);
    drop(board);
    assert!(bytes(&folder.join("train")).len() > before);
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn long_runs_are_written_in_part() {
    let written = |steps: u64| (1..=steps).filter(|step| step.is_multiple_of(stride(*step))).count();
    assert_eq!(written(1000), 1000);
    assert_eq!(written(2000), 1500);
    assert_eq!(written(4000), 2000);
    assert_eq!(written(1_000_000), 5976);
}

/// The last epoch is written, also where it is one of those left out.
#[test]
fn the_last_epoch_of_a_long_run_is_written() {
    let folder = folder("tensorboard-last");
    let mut board = TensorBoard::with_clock(folder.clone(), || TIME);
    board.begin(&plan(), &history(1000)).expect("a folder");
    board.epoch(&history(1001), &"").expect("left out");
    assert!(!folder.join("validation").exists());
    board.end(&report(1001)).expect("written");
    assert!(folder.join("validation").exists());
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn a_folder_that_cannot_be_created_is_named() {
    let folder = folder("tensorboard-error");
    fs::write(folder.join("file"), "").expect("written");
    let error = TensorBoard::new(folder.join("file")).begin(&plan(), &history(0)).expect_err("a file");
    assert_eq!(error.path, folder.join("file/train"));
    fs::remove_dir_all(folder).expect("removed");
}
