//! Going through an archive.

use std::io::{self, Read};

use flate2::bufread::DeflateDecoder;
use flate2::read::GzDecoder;
use rawzip::CompressionMethod;

use super::{Format, Limits, Stopped, is_safe, most_bytes};

const TOO_LARGE: &str = "archive exceeds the maximum uncompressed size";

/// An entry of an archive.
pub(in super::super) struct Entry<'e> {
    pub(in super::super) name: String,
    /// Whether it is a file, and not a folder or a link.
    pub(in super::super) file: bool,
    size: u64,
    content: &'e mut dyn Read,
}

impl Entry<'_> {
    /// What is in it.
    pub(in super::super) fn read(&mut self) -> Result<Vec<u8>, Stopped> {
        let mut content = Vec::new();
        match self.content.read_to_end(&mut content) {
            Ok(_) => Ok(content),
            Err(error) => Err(stopped(&error)),
        }
    }
}

/// Visits every entry.
pub(in super::super) fn each(
    content: &[u8],
    format: Format,
    visit: &mut dyn FnMut(&mut Entry<'_>) -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    entries(content, format, u64::MAX, visit)
}

/// What is told the name and the content of a file.
pub(in super::super) type Visit<'v> = dyn FnMut(&str, &[u8]) -> Result<(), Stopped> + 'v;

/// Visits every file that is not empty, with its name and content.
pub(in super::super) fn limited(
    content: &[u8],
    format: Format,
    limits: Limits,
    visit: &mut Visit<'_>,
) -> Result<(), Stopped> {
    let mut count = 0;
    entries(content, format, limits.bytes, &mut |entry| {
        if !is_safe(&entry.name) {
            return Err(Stopped::Archive(format!("unsafe entry path in archive: {:?}", entry.name)));
        }
        count += 1;
        if count > limits.entries {
            return Err(Stopped::Limit("archive exceeds the maximum number of entries".to_owned()));
        }
        if !entry.file || entry.size == 0 {
            return Ok(());
        }
        let found = entry.read()?;
        visit(&entry.name, &found).map_err(|stopped| match stopped {
            Stopped::Caller(words) => Stopped::Caller(format!("processing entry {:?}: {words}", entry.name)),
            other => other,
        })
    })
}

fn entries(
    content: &[u8],
    format: Format,
    most: u64,
    visit: &mut dyn FnMut(&mut Entry<'_>) -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    let most = most.min(most_bytes(content.len()));
    match format {
        Format::Zip => zip(content, most, visit),
        Format::Tar => tar(content, most, visit),
        Format::TarGz => {
            gzip_header(content).map_err(Stopped::Compression)?;
            tar(GzDecoder::new(content), most, visit)
        }
    }
}

/// What Go says about the first bytes of a file that should be compressed.
pub(in super::super) fn gzip_header(content: &[u8]) -> Result<(), String> {
    match content {
        [] => Err("EOF".to_owned()),
        content if content.len() < 10 => Err("unexpected EOF".to_owned()),
        [0x1f, 0x8b, 8, ..] => Ok(()),
        _ => Err("gzip: invalid header".to_owned()),
    }
}

/// What is compressed with gzip.
pub(in super::super) fn gunzip(content: &[u8]) -> Result<Vec<u8>, Stopped> {
    gzip_header(content).map_err(Stopped::Compression)?;
    let mut all = Vec::new();
    Capped { inner: GzDecoder::new(content), left: most_bytes(content.len()) }
        .read_to_end(&mut all)
        .map_err(|error| stopped(&error))?;
    Ok(all)
}

fn zip(content: &[u8], most: u64, visit: &mut dyn FnMut(&mut Entry<'_>) -> Result<(), Stopped>) -> Result<(), Stopped> {
    let none = |_: rawzip::Error| Stopped::Archive("zip: not a valid zip file".to_owned());
    let archive = rawzip::ZipArchive::from_slice(content).map_err(none)?;
    let mut left = most;
    let mut entries = archive.entries();
    while let Some(file) = entries.next_entry().map_err(none)? {
        let name = String::from_utf8_lossy(file.file_path().as_bytes()).into_owned();
        let is_file = !file.is_dir() && !file.mode().is_symlink();
        let size = file.uncompressed_size_hint();
        let entry = archive.get_entry(file.wayfinder()).map_err(none)?;
        let unpacked: Box<dyn Read + '_> = match file.compression_method() {
            CompressionMethod::STORE => Box::new(entry.data()),
            CompressionMethod::DEFLATE => Box::new(DeflateDecoder::new(entry.data())),
            _ if !is_file => Box::new(io::empty()),
            _ => return Err(Stopped::Archive("zip: unsupported compression algorithm".to_owned())),
        };
        let mut capped = Capped { inner: entry.verifying_reader(unpacked), left };
        visit(&mut Entry { name, file: is_file, size, content: &mut capped })?;
        left = capped.left;
    }
    Ok(())
}

fn tar(
    content: impl Read,
    most: u64,
    visit: &mut dyn FnMut(&mut Entry<'_>) -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    let mut archive = tar::Archive::new(Capped { inner: content, left: most });
    for entry in archive.entries().map_err(|error| stopped(&error))? {
        let mut entry = entry.map_err(|error| stopped(&error))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let (file, size) = (entry.header().entry_type().is_file() && !name.ends_with('/'), entry.size());
        visit(&mut Entry { name, file, size, content: &mut entry })?;
    }
    Ok(())
}

fn stopped(error: &io::Error) -> Stopped {
    let words = error.to_string();
    if words.contains(TOO_LARGE) {
        Stopped::Limit(TOO_LARGE.to_owned())
    } else if error.kind() == io::ErrorKind::UnexpectedEof || words.contains("failed to read entire block") {
        Stopped::Archive("unexpected EOF".to_owned())
    } else {
        Stopped::Archive(words)
    }
}

/// A reader that fails once more was read than it may give.
struct Capped<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // One byte more is asked for, so that a reader with just enough is not taken for one with too much.
        let most = usize::try_from(self.left.saturating_add(1)).unwrap_or(usize::MAX).min(buffer.len());
        let count = self.inner.read(&mut buffer[..most])?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| io::Error::other(TOO_LARGE))?;
        Ok(count)
    }
}
