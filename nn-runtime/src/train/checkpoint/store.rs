//! The folder of a run.

use std::borrow::ToOwned as _;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::super::fit::State;
use super::contents::{self, Fixed, Refused};
use super::{Checkpoint, CheckpointError};
use crate::files::replace;
use crate::network::Parameters;
use crate::optim::Optimizer;
use crate::weights::{SaveError, save_parts};

/// The folder in which a run saves itself.
pub(in crate::train) struct Store {
    checkpoint: Checkpoint,
    fixed: Fixed,
    /// Held as long as the run lasts.
    _lock: File,
    saved: Instant,
    /// Whether the best network is not saved yet.
    pub has_new_best: bool,
    /// After how many steps the clock is looked at again, and how many of them are over.
    pace: (u32, u32),
    looked: Instant,
}

/// The file of the weights after the best epoch.
const BEST: &str = "best.safetensors";

/// The file of the weights after the last step.
const LAST: &str = "last.safetensors";

/// The largest time between two looks at the clock.
const LONGEST_LOOK_MS: u128 = 4;

impl Store {
    /// Makes the folder, and reserves it for this run.
    pub fn open(checkpoint: Checkpoint, fixed: Fixed) -> Result<Self, CheckpointError> {
        let folder = &checkpoint.folder;
        let cannot_write = |path: &Path, error| CheckpointError::Write { path: path.to_owned(), error };
        fs::create_dir_all(folder).map_err(|error| cannot_write(folder, error))?;
        let path = folder.join(".lock");
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let lock = lock.map_err(|error| cannot_write(&path, error))?;
        match reserve(&lock) {
            Err(TryLockError::WouldBlock) => return Err(CheckpointError::InUse { folder: folder.clone() }),
            // not every file system can lock
            Err(TryLockError::Error(error)) if error.kind() != io::ErrorKind::Unsupported => {
                return Err(cannot_write(&path, error));
            }
            _ => {}
        }
        remove_remains(folder);
        let now = Instant::now();
        Ok(Self { checkpoint, fixed, _lock: lock, saved: now, has_new_best: false, pace: (1, 0), looked: now })
    }

    fn file(&self, name: &str) -> PathBuf {
        self.checkpoint.folder.join(name)
    }

    /// The file of the run.
    fn run(&self) -> PathBuf {
        self.file("run.safetensors")
    }

    /// Restores the run that is saved in the folder; returns whether there is one.
    pub fn resume<P, O, const BATCH: usize>(
        &self,
        network: &mut P,
        state: &mut State<P, O, BATCH>,
        epochs: usize,
    ) -> Result<bool, CheckpointError>
    where
        P: Parameters,
        O: Optimizer<P::Scalar> + Clone,
    {
        let path = self.run();
        if self.checkpoint.restarts {
            // the weights of the old run are not to be taken for those of the new one
            for name in [BEST, LAST] {
                let _ = fs::remove_file(self.file(name));
            }
            return Ok(false);
        }
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(CheckpointError::Read { path, error }),
        };
        contents::read(&bytes, network, state, &self.fixed, epochs).map_err(|refused| match refused {
            Refused::Format(reason) => CheckpointError::Format { path, reason },
            Refused::OtherNetwork(differences) => CheckpointError::OtherNetwork { path, differences },
            Refused::OtherRun { what, checkpoint, run } => CheckpointError::OtherRun { path, what, checkpoint, run },
            Refused::Complete { epochs, begun_with } => {
                CheckpointError::Complete { path, epochs, checkpoint: begun_with, run: self.fixed.rates.clone() }
            }
        })?;
        Ok(true)
    }

    /// Whether it is time to save the run again.
    #[inline(always)]
    pub fn is_due(&mut self) -> bool {
        let (pace, steps) = &mut self.pace;
        *steps += 1;
        if *steps < *pace && !self.checkpoint.every.is_zero() {
            return false;
        }
        self.look()
    }

    /// Reads the clock, and adapts the number of steps until the next reading so that one takes place about every 2 to 4 ms.
    fn look(&mut self) -> bool {
        let now = Instant::now();
        let passed = now.duration_since(self.looked).as_millis();
        let pace = self.pace.0;
        self.pace = (if passed < LONGEST_LOOK_MS / 2 { pace.saturating_mul(2) } else { (pace / 2).max(1) }, 0);
        self.looked = now;
        now.duration_since(self.saved) >= self.checkpoint.every
    }

    /// Saves the run.
    pub fn save_run<P, O, const BATCH: usize>(
        &mut self,
        network: &P,
        state: &mut State<P, O, BATCH>,
    ) -> Result<(), CheckpointError>
    where
        P: Parameters,
        O: Optimizer<P::Scalar> + Clone,
    {
        self.saved = Instant::now();
        let (path, bytes) = (self.run(), contents::to_bytes(network, state, &self.fixed));
        bytes.and_then(|bytes| replace(&path, &bytes)).map_err(|error| CheckpointError::Write { path, error })
    }

    /// Saves the weights after the last step.
    pub fn save_last<P: Parameters>(&self, network: &P, frozen: &P::Frozen) -> Result<(), CheckpointError> {
        self.save_weights(network, frozen, LAST)
    }

    /// Saves the weights after the best epoch, if they are new.
    pub fn save_best<P: Parameters>(&mut self, network: &P, frozen: &P::Frozen) -> Result<(), CheckpointError> {
        if self.has_new_best {
            self.save_weights(network, frozen, BEST)?;
            self.has_new_best = false;
        }
        Ok(())
    }

    fn save_weights<P: Parameters>(&self, network: &P, frozen: &P::Frozen, name: &str) -> Result<(), CheckpointError> {
        save_parts(network, frozen, &self.file(name)).map_err(|error| match error {
            SaveError::Write { path, error } => CheckpointError::Write { path, error },
            error @ SaveError::NotFinite { .. } => {
                CheckpointError::Write { path: self.file(name), error: io::Error::other(error) }
            }
        })
    }
}

/// Locks a file. A process that was just forked from one that had the lock still has it until it runs its own program, so a lock is tried for
/// a second.
fn reserve(lock: &File) -> Result<(), TryLockError> {
    let end = Instant::now() + Duration::from_secs(1);
    loop {
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) if Instant::now() < end => sleep(Duration::from_millis(10)),
            result => return result,
        }
    }
}

/// Removes what a run that was killed while it was saving has left.
fn remove_remains(folder: &Path) {
    let names = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let remains = names.filter(|path| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let numbers = name.as_deref().and_then(|name| name.strip_prefix(".tmp-")?.split_once('-'));
        numbers.is_some_and(|(process, number)| process.parse::<u32>().is_ok() && number.parse::<u32>().is_ok())
    });
    remains.for_each(|path| drop(fs::remove_file(path)));
}
