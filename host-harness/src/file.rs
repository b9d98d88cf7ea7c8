//! Writing files; what reads them is the runtime's.

use std::{
    fs::{self, File, Permissions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

pub(crate) use admit_runtime::internal::{
    MAX_DOCUMENT, MAX_MATERIAL, MAX_MODULE, Refused, open_to_stream, read_file as read, read_text, regular,
};

/// Writes a file as a whole: a file that is there stays as it is until the new one is complete.
///
/// A file that is replaced keeps its mode; a new one gets what the umask leaves of 0666. Where `path` is a link, the file
/// that it stands for is replaced.
///
/// # Errors
///
/// The operating system's, and one of kind [`InvalidInput`](io::ErrorKind::InvalidInput) where `path` is a read-only file, a folder,
/// a device, a pipe, a socket, or a link to nothing; nothing was written then. None of them has `path` in it.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (path, permissions) = destination(path)?;
    // Next to its destination, because a rename does not leave the file system.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Errors of `tempfile` have a path in them that means nothing to a reader.
    let mut code = None;
    let mut open = |temporary: &Path| {
        let opened = File::options().write(true).create_new(true).open(temporary);
        opened.inspect_err(|error| code = error.raw_os_error())
    };
    let made = tempfile::Builder::new().prefix(".admit-").make_in(folder, &mut open);
    let mut file = made.map_err(|error| code.map_or(error, io::Error::from_raw_os_error))?;
    // The permissions are set before there is any content.
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file_mut().write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The file that is replaced, without links, and its permissions if it is there.
fn destination(path: &Path) -> io::Result<(PathBuf, Option<Permissions>)> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((path.to_owned(), None)),
        found => found?,
    };
    // A rename would put a file in the place of the link, and of a device.
    let path = path.canonicalize().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => refused("it is a link to a file that does not exist"),
        _ => error,
    })?;
    let metadata = fs::metadata(&path)?;
    if metadata.is_dir() {
        return Err(refused("it is a folder"));
    }
    if !metadata.is_file() {
        return Err(refused("it is not a regular file but a device, a pipe or a socket"));
    }
    // A rename asks the folder only.
    if metadata.permissions().readonly() {
        return Err(refused("it is read-only: make it writable (`chmod u+w`), or choose another file"));
    }
    File::options().write(true).open(&path)?;
    Ok((path, kept(&metadata)))
}

fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why)
}

/// The permission bits of a file, without setuid, setgid and the sticky bit.
#[cfg(unix)]
fn kept(metadata: &fs::Metadata) -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(Permissions::from_mode(metadata.permissions().mode() & 0o777))
}

/// Not needed here: a new file gets the permissions of its folder.
#[cfg(not(unix))]
fn kept(_: &fs::Metadata) -> Option<Permissions> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::{
        fs::{PermissionsExt as _, symlink},
        net::UnixListener,
    };

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("a file").permissions().mode() & 0o777
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("text")).collect();
        names.sort();
        names
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let (target, link) = (folder.path().join("real/target"), folder.path().join("link"));
        fs::create_dir(folder.path().join("real")).expect("a folder");
        fs::write(&target, "old").expect("a file");
        symlink("real/target", &link).expect("a link");
        replace(&link, b"new").expect("written");
        assert_eq!(fs::read_link(&link).expect("still a link"), Path::new("real/target"));
        assert_eq!(fs::read(&target).expect("a file"), b"new");
        assert_eq!(
            (names(folder.path()), names(&folder.path().join("real"))),
            (vec!["link".into(), "real".into()], vec!["target".into()])
        );
    }

    #[test]
    fn what_is_no_file_is_refused_and_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let _socket = UnixListener::bind(path("socket")).expect("a socket");
        fs::create_dir(path("folder")).expect("a folder");
        symlink("socket", path("to-socket")).expect("a link");
        symlink("nothing", path("dangling")).expect("a link");
        let before = names(folder.path());
        for (name, why) in [
            ("socket", "not a regular file"),
            ("to-socket", "not a regular file"),
            ("folder", "is a folder"),
            ("dangling", "a link to a file that does not exist"),
        ] {
            let kind = fs::symlink_metadata(path(name)).expect("it is there").file_type();
            let error = replace(&path(name), b"new").expect_err(name).to_string();
            assert!(error.contains(why), "{name}: {error}");
            assert_eq!(fs::symlink_metadata(path(name)).expect("it is there").file_type(), kind, "{name}");
        }
        assert_eq!(names(folder.path()), before);
    }

    #[test]
    fn a_file_that_nobody_may_write_to_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("kept");
        fs::write(&path, "old").expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).expect("a mode");
        let error = replace(&path, b"new").expect_err("refused").to_string();
        assert!(error.contains("read-only") && error.contains("chmod"), "{error}");
        assert_eq!(
            (fs::read(&path).expect("a file"), names(folder.path())),
            (b"old".to_vec(), vec!["kept".to_owned()])
        );
    }

    #[test]
    fn modes_are_those_of_any_other_program() {
        let folder = tempfile::tempdir().expect("a folder");
        let (new, kept, plain) = (folder.path().join("new"), folder.path().join("kept"), folder.path().join("plain"));
        replace(&new, b"new").expect("written");
        fs::write(&plain, "").expect("a file");
        assert_eq!(mode(&new), mode(&plain), "the umask decides");
        for bits in [0o600, 0o755, 0o666] {
            fs::write(&kept, "old").expect("a file");
            fs::set_permissions(&kept, fs::Permissions::from_mode(bits)).expect("a mode");
            replace(&kept, b"new").expect("written");
            assert_eq!((mode(&kept), fs::read(&kept).expect("a file")), (bits, b"new".to_vec()));
        }
    }

    #[test]
    fn errors_do_not_name_the_temporary_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = replace(&folder.path().join("none/file"), b"new").expect_err("there is no folder").to_string();
        assert!(error.contains("No such file or directory") && !error.contains(".admit-"), "{error}");
    }
}
