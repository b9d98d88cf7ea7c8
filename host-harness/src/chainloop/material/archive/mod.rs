//! Archives of reports.

mod read;

#[cfg(test)]
mod tests;

use std::fmt;

pub(super) use self::read::{each, gunzip, gzip_header, limited};

/// How much any archive may hold, in bytes.
const ANYHOW: u64 = 64 << 20;

/// How many times its own size a larger archive may hold. Reports in XML and JSON take a tenth to a thirtieth of their size; what takes
/// less is made to take memory.
const RATIO: u64 = 32;

/// How much an archive of this many bytes may hold. Chainloop has a limit for some kinds only.
fn most_bytes(archive: usize) -> u64 {
    (archive as u64).saturating_mul(RATIO).clamp(ANYHOW, 1 << 30)
}

/// What an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Zip,
    Tar,
    TarGz,
}

impl Format {
    /// The format, by what the content starts with; `None` for what is no archive.
    pub(super) fn of(content: &[u8]) -> Option<Self> {
        if content.starts_with(b"PK\x03\x04") || content.starts_with(b"PK\x05\x06") {
            Some(Self::Zip)
        } else if content.starts_with(b"\x1f\x8b") {
            Some(Self::TarGz)
        } else {
            (content.get(257..262) == Some(b"ustar")).then_some(Self::Tar)
        }
    }
}

/// What an archive may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) entries: usize,
    pub(super) bytes: u64,
}

/// Why an archive was not read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stopped {
    /// It is not compressed with gzip.
    Compression(String),
    /// It is no archive, or is cut off.
    Archive(String),
    /// It holds too much.
    Limit(String),
    /// What was looked for is not what was found.
    Caller(String),
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compression(words) => write!(f, "opening gzip: {words}"),
            Self::Archive(words) | Self::Limit(words) | Self::Caller(words) => f.write_str(words),
        }
    }
}

/// Whether a name stays inside of the folder that an archive is unpacked to.
fn is_safe(name: &str) -> bool {
    let name = name.replace('\\', "/");
    let mut start = name.chars();
    let drive = start.next().is_some_and(|first| first.is_ascii_alphabetic()) && start.next() == Some(':');
    if name.starts_with('/') || drive {
        return false;
    }
    let mut parts = vec!["root"];
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.first() == Some(&"root")
}
