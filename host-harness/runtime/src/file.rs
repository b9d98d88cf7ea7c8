//! Reading files: never more than a limit, and without waiting for what is not a regular file.
//!
//! Everything that the project reads from a file is read here.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufReader, Read as _};
use std::path::Path;

/// Largest document in bytes: far more than an API server accepts, and not too much for a machine's memory.
pub const MAX_DOCUMENT: u64 = 64 << 20;

/// Largest module in bytes: far more than policies have, and not too much for the host's memory.
pub const MAX_MODULE: u64 = 256 << 20;

/// Largest material in bytes. A policy of Chainloop has 1 GiB of memory, in which its input is several times.
pub const MAX_MATERIAL: u64 = 256 << 20;

/// Bytes that are read at once of a file that is read bit by bit.
const STREAMED: usize = 256 << 10;

/// Why a file is not read although it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Reading it could wait for ever, or never end.
    #[error("it is {0}, and only regular files are read; copy what comes out of it to a file, and give that")]
    Irregular(&'static str),
    /// It has more bytes than the limit.
    #[error("it is larger than {}, which is the limit for such a file", shown(*.limit))]
    TooLarge {
        /// The bytes that are known of.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
}

impl Refused {
    /// Why a file was refused; `None` for an error of the operating system.
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref::<Self>().copied()
    }
}

impl From<Refused> for io::Error {
    fn from(refused: Refused) -> Self {
        let kind = match refused {
            Refused::Irregular(_) => io::ErrorKind::InvalidInput,
            Refused::TooLarge { .. } => io::ErrorKind::FileTooLarge,
        };
        Self::new(kind, refused)
    }
}

/// The content of the file at `path`, which has `limit` bytes at most.
///
/// What a shell hands over, its standard input and its pipes (`/dev/stdin`, and `/dev/fd/63` for `<(command)`), is read as well: only
/// the user of a command line can have meant that, so that it is waited for.
///
/// # Errors
///
/// The operating system's, and [`Refused`]. They do not have `path` in them.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = if is_from_shell(path) { File::open(path)? } else { open(path)? };
    content(&file, limit)
}

/// Opens the file at `path` for somebody who reads it bit by bit, and so bounds what is kept of it: it has any size.
///
/// What a shell hands over is opened as well, as by [`read`].
///
/// # Errors
///
/// The operating system's, and [`Refused::Irregular`]. They do not have `path` in them.
pub fn open_to_stream(path: &Path) -> io::Result<BufReader<File>> {
    let file = if is_from_shell(path) { File::open(path)? } else { open(path)? };
    Ok(BufReader::with_capacity(STREAMED, file))
}

/// As [`read`], for text in UTF-8.
///
/// # Errors
///
/// As [`read`], and one of kind [`InvalidData`](io::ErrorKind::InvalidData).
pub fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    String::from_utf8(read(path, limit)?)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()))
}

/// Opens a regular file for reading.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    // Before it is opened, since opening a device can have effects; and after, since it can be another one by then.
    regular(&fs::metadata(path)?)?;
    let file = without_waiting().open(path)?;
    regular(&file.metadata()?)?;
    Ok(file)
}

/// What is left to read of a file, `limit` bytes at most.
pub(crate) fn content(file: &File, limit: u64) -> io::Result<Vec<u8>> {
    let size = file.metadata()?.len();
    if size > limit {
        return Err(Refused::TooLarge { size, limit }.into());
    }
    let mut bytes = Vec::new();
    let room = usize::try_from(size).map_err(|_| io::ErrorKind::OutOfMemory)?;
    bytes.try_reserve_exact(room).map_err(|_| io::ErrorKind::OutOfMemory)?;
    // It may have grown since, and a pipe has no size.
    let size = file.take(limit.saturating_add(1)).read_to_end(&mut bytes)? as u64;
    if size > limit { Err(Refused::TooLarge { size, limit }.into()) } else { Ok(bytes) }
}

/// Refuses what is not a regular file; for a folder the error is the operating system's.
///
/// # Errors
///
/// [`Refused::Irregular`], and one of kind [`IsADirectory`](io::ErrorKind::IsADirectory).
pub fn regular(metadata: &Metadata) -> io::Result<()> {
    match metadata.file_type() {
        kind if kind.is_file() => Ok(()),
        kind if kind.is_dir() => Err(is_a_folder()),
        kind => Err(Refused::Irregular(what(kind)).into()),
    }
}

/// Whether a shell puts something there that it hands over.
fn is_from_shell(path: &Path) -> bool {
    let Some(path) = path.to_str() else { return false };
    let number = |rest: &str| !rest.is_empty() && rest.bytes().all(|digit| digit.is_ascii_digit());
    ["/dev/stdin", "/dev/null"].contains(&path)
        || ["/dev/fd/", "/proc/self/fd/"].iter().any(|folder| path.strip_prefix(folder).is_some_and(number))
}

#[cfg(unix)]
fn without_waiting() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::OFlags;

    let mut options = File::options();
    // A terminal does not become that of this process either.
    options.read(true).custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
    options
}

#[cfg(not(unix))]
fn without_waiting() -> OpenOptions {
    let mut options = File::options();
    options.read(true);
    options
}

#[cfg(unix)]
fn is_a_folder() -> io::Error {
    rustix::io::Errno::ISDIR.into()
}

#[cfg(not(unix))]
fn is_a_folder() -> io::Error {
    io::ErrorKind::IsADirectory.into()
}

#[cfg(unix)]
fn what(kind: fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    match kind {
        kind if kind.is_fifo() => "a named pipe",
        kind if kind.is_socket() => "a socket",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn what(_: fs::FileType) -> &'static str {
    "a device"
}

/// A number of bytes, in MiB where it is one of these.
fn shown(bytes: u64) -> String {
    if bytes >= 1 << 20 && bytes.is_multiple_of(1 << 20) {
        format!("{} MiB", bytes >> 20)
    } else {
        format!("{bytes} bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(path: &Path) -> Refused {
        let error = read(path, 4).expect_err("it is refused");
        Refused::of(&error).unwrap_or_else(|| panic!("{error}"))
    }

    #[test]
    fn the_limit_is_the_last_size_that_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "1234").unwrap();
        assert_eq!(read(&path, 4).unwrap(), b"1234");
        assert_eq!(read_text(&path, 4).unwrap(), "1234");
        fs::write(&path, "12345").unwrap();
        assert_eq!(refused(&path), Refused::TooLarge { size: 5, limit: 4 });
        // A sparse file takes no room on the disk, and would take all of the memory.
        File::create(&path).unwrap().set_len(10 << 30).unwrap();
        assert_eq!(refused(&path), Refused::TooLarge { size: 10 << 30, limit: 4 });
        fs::write(&path, b"\xff").unwrap();
        assert_eq!(read_text(&path, 4).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    /// A file may grow after it was looked at: what is said about it is not believed.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_says_that_it_is_empty_is_bounded() {
        let path = Path::new("/proc/self/status");
        assert_eq!(fs::metadata(path).unwrap().len(), 0);
        assert_eq!(refused(path), Refused::TooLarge { size: 5, limit: 4 });
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).unwrap();
        assert_eq!(refused(&pipe), Refused::Irregular("a named pipe"));
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert_eq!(refused(&socket), Refused::Irregular("a socket"));
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        for path in [Path::new("/dev/zero"), &link] {
            assert_eq!(refused(path), Refused::Irregular("a device"));
        }
        assert_eq!(read(folder.path(), 4).unwrap_err().kind(), io::ErrorKind::IsADirectory);
        assert_eq!(read(&folder.path().join("none"), 4).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!(read(Path::new("/dev/null"), 4).unwrap(), b"");
    }

    #[test]
    fn what_shells_hand_over_is_known_by_its_path() {
        for path in ["/dev/stdin", "/dev/fd/0", "/dev/fd/63", "/proc/self/fd/12"] {
            assert!(is_from_shell(Path::new(path)), "{path}");
        }
        for path in ["/dev/zero", "/dev/fd/", "/dev/fd/1/x", "/dev/fd/../zero", "dev/stdin", "/proc/1/fd/1", "-", ""] {
            assert!(!is_from_shell(Path::new(path)), "{path}");
        }
    }
}
