//! Ctrl-C, which ends a run instead of the process.

use alloc::string::{String, ToString as _};
use core::fmt;
use core::sync::atomic::{AtomicBool, Ordering};
use std::process;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// The exit code of a process that Ctrl-C ended: 128 and the signal's number, as shells have it.
const INTERRUPTED: i32 = 130;

/// Whether Ctrl-C was pressed while somebody watched.
static IS_PRESSED: AtomicBool = AtomicBool::new(false);

/// The number of watches. The process is ended, and `IS_PRESSED` changed, under this lock alone.
static WATCHES: Mutex<usize> = Mutex::new(0);

fn watches() -> MutexGuard<'static, usize> {
    WATCHES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Watches for Ctrl-C until the [`Watch`] is dropped.
///
/// The first Ctrl-C is seen by all watches that are alive, and by those that begin before all of them are dropped. The second ends the
/// process with exit code 130. So does the first while nobody watches. A process that ignores Ctrl-C, as one in the background of a
/// shell script does, goes on ignoring it.
///
/// ```no_run
/// # use nn_runtime::train::ctrl_c;
/// let watch = ctrl_c::watch()?;
/// while !watch.is_pressed() {
///     // a training step
/// }
/// # Ok::<(), ctrl_c::WatchError>(())
/// ```
///
/// # Errors
/// If the program handles Ctrl-C itself, or the system refuses a handler.
pub fn watch() -> Result<Watch, WatchError> {
    static INSTALLED: OnceLock<Result<(), WatchError>> = OnceLock::new();
    INSTALLED.get_or_init(install).clone()?;
    *watches() += 1;
    Ok(Watch(()))
}

/// A watch for Ctrl-C, from [`watch`].
#[derive(Debug)]
#[must_use = "a watch that is dropped sees nothing"]
pub struct Watch(());

impl Watch {
    /// Whether Ctrl-C was pressed: a load from memory.
    #[must_use]
    pub fn is_pressed(&self) -> bool {
        IS_PRESSED.load(Ordering::Relaxed)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut watches = watches();
        *watches -= 1;
        if *watches == 0 {
            // the next run is another one
            IS_PRESSED.store(false, Ordering::Relaxed);
        }
    }
}

/// Installs the handler, which is called in a thread of its own.
fn install() -> Result<(), WatchError> {
    if is_ignored() {
        return Ok(());
    }
    ctrlc::try_set_handler(pressed).map_err(|error| match error {
        ctrlc::Error::MultipleHandlers => WatchError::Handled,
        error => WatchError::System { error: error.to_string() },
    })
}

/// Ctrl-C was pressed.
fn pressed() {
    let watches = watches();
    if *watches == 0 || IS_PRESSED.swap(true, Ordering::Relaxed) {
        process::exit(INTERRUPTED);
    }
}

/// Whether the process ignores Ctrl-C, which Linux alone says in a file: `SigIgn`, where signal 2 is bit 1.
fn is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|signals| u64::from_str_radix(signals.trim(), 16).ok()).is_some_and(|signals| signals & 2 != 0)
}

/// Why Ctrl-C cannot be watched.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WatchError {
    /// The program has a handler for Ctrl-C of its own.
    Handled,
    /// The system refuses a handler.
    System {
        /// What the system says.
        error: String,
    },
}

impl fmt::Display for WatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handled => f.write_str(
                "cannot stop on Ctrl-C: the program has a handler for Ctrl-C of its own, and a process has only one\n\
                 help: set a flag in that handler, and return `ControlFlow::Break(())` from a callback when it is set",
            ),
            Self::System { error } => write!(f, "cannot stop on Ctrl-C: {error}"),
        }
    }
}

/// The message, as `main` prints the `Debug` form of an error that it returns.
impl fmt::Debug for WatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl core::error::Error for WatchError {}

#[cfg(all(test, target_os = "linux"))]
mod tests;
