//! Files that are whole at every moment.

use alloc::borrow::ToOwned as _;
use core::sync::atomic::{AtomicU32, Ordering};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Writes a file in place of another: at every moment there is the old file or the new one, whole, also when the power fails.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // a link stays, and what it points to is replaced, or made if it is not there
    let target = fs::canonicalize(path).or_else(|_| fs::read_link(path).map(|target| path.with_file_name(target)));
    let path = &target.unwrap_or_else(|_| path.to_owned());
    let old = fs::metadata(path).ok();
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        // a device or a pipe has no old content; of a folder, this is an error
        return fs::write(path, bytes);
    }
    if old.as_ref().is_some_and(|old| old.permissions().readonly()) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    let (temporary, mut file) = create_beside(path)?;
    let written = old.map_or(Ok(()), |old| file.set_permissions(old.permissions()));
    let written = written.and_then(|()| file.write_all(bytes)).and_then(|()| file.sync_all());
    drop(file);
    let renamed = written.and_then(|()| fs::rename(&temporary, path));
    if renamed.is_err() {
        let _ = fs::remove_file(&temporary);
        return renamed;
    }
    sync_folder(path);
    Ok(())
}

/// A new file in the same folder, `.tmp-<process>-<number>`: no longer a name than any file can have.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    if path.file_name().is_none() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path has no file name"));
    }
    loop {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let temporary = path.with_file_name(std::format!(".tmp-{}-{number}", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            // another process had this number, and ended in between
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// Creates the folder of a file, and the folders above it, unless they are there.
pub(crate) fn create_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::create_dir_all(folder),
        _ => Ok(()),
    }
}

/// Flushes the folder, so that the rename survives a power failure. Errors are ignored: not every system can.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use alloc::vec::Vec;
    use std::ffi::OsString;

    use super::*;

    /// An empty folder of a test's own.
    pub(crate) fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(std::format!("nn-files-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    fn names(folder: &Path) -> Vec<OsString> {
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect()
    }

    #[test]
    fn a_file_takes_the_place_of_another_and_leaves_nothing_else() {
        let folder = folder("place");
        let path = folder.join("net");
        for bytes in [&b"first"[..], b"second"] {
            replace(&path, bytes).expect("written");
            assert_eq!(fs::read(&path).expect("there"), bytes);
        }
        assert_eq!(names(&folder), ["net"]);
        fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn what_cannot_be_written_leaves_what_was_there() {
        let folder = folder("failure");
        fs::create_dir(folder.join("net")).expect("a folder");
        assert!(replace(&folder.join("net"), b"bytes").is_err());
        let error = replace(&folder.join("none/net"), b"bytes").expect_err("no folder");
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        let locked = folder.join("locked");
        fs::write(&locked, b"old").expect("written");
        let mut permissions = fs::metadata(&locked).expect("there").permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&locked, permissions).expect("set");
        let error = replace(&locked, b"new").expect_err("read-only");
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(fs::read(&locked).expect("there"), b"old");
        fs::remove_file(&locked).expect("removed");
        assert!(replace(Path::new(""), b"bytes").is_err());
        assert!(replace(Path::new("/"), b"bytes").is_err());
        assert_eq!(names(&folder), ["net"]);
        fs::remove_dir_all(&folder).expect("removed");
    }

    #[cfg(unix)]
    #[test]
    fn links_permissions_and_devices_stay() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let folder = folder("links");
        let [path, link] = ["net", "latest"].map(|name| folder.join(name));
        replace(&path, b"first").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("set");
        symlink("net", &link).expect("linked");
        replace(&link, b"second").expect("written");
        assert_eq!(fs::read(&path).expect("there"), b"second");
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        replace(Path::new("/dev/null"), b"bytes").expect("written");
        assert!(!fs::metadata("/dev/null").expect("there").is_file());
        fs::remove_dir_all(&folder).expect("removed");
    }

    /// `/dev/full` is a disk without room.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error() {
        let error = replace(Path::new("/dev/full"), b"bytes").expect_err("no room");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
