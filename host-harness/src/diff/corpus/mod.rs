//! A corpus of requests: files and folders, read piece by piece.
//!
//! Whoever reads splits only; pieces are parsed by whoever evaluates them, many at once.

mod audit;
mod folder;
mod json;
mod read;
mod yaml;

use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::subject::Place;
use crate::file;
use crate::input::InputError;

pub(super) use read::Asked;

/// Where the requests come from.
#[derive(Default)]
pub struct Corpus {
    sources: Vec<Source>,
}

enum Source {
    Path(PathBuf),
    Stream(String, Box<dyn BufRead + Send>),
}

impl Corpus {
    /// A corpus of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or a folder with everything in it that is called `.yaml`, `.yml`, `.json`, `.jsonl`, `.ndjson` or `.log`.
    ///
    /// Links in a folder are followed to files inside of it. What begins with a dot is left alone.
    ///
    /// # Errors
    ///
    /// There is nothing, or nothing that can be read.
    pub fn add(&mut self, path: &Path) -> Result<(), InputError> {
        let refused = |error: io::Error| {
            InputError::whole(path.display().to_string(), format!("cannot read the requests: {error}"))
        };
        if !path.is_dir() {
            file::open_to_stream(path).map_err(refused)?;
        }
        self.sources.push(Source::Path(path.to_owned()));
        Ok(())
    }

    /// Adds what a reader gives, for example standard input. `name` stands for its path in reports.
    pub fn add_stream(&mut self, name: impl Into<String>, reader: Box<dyn BufRead + Send>) {
        self.sources.push(Source::Stream(name.into(), reader));
    }

    /// Hands over piece by piece, until nobody wants more.
    ///
    /// Files are looked at in the order of their names. What cannot be read is handed over as well.
    pub(super) fn read(self, mut found: impl FnMut(Found) -> bool) {
        for source in self.sources {
            let goes_on = match source {
                Source::Path(path) if path.is_dir() => folder::read(&path, &mut found),
                Source::Path(path) => file(&path, &mut found),
                Source::Stream(name, reader) => stream(&name, reader, &mut found),
            };
            if !goes_on {
                return;
            }
        }
    }
}

/// What is in a corpus.
pub(super) enum Found {
    Piece(Piece),
    LeftOut(LeftOut),
}

/// A document, or an item of a list, that was not parsed yet.
pub(super) struct Piece {
    file: Arc<str>,
    text: Vec<u8>,
    /// The line of the file in which the text begins, from 1.
    line: u64,
    /// How many lines of it come before its content.
    before: u64,
    item: Option<u64>,
    /// The apiVersion and kind that its list says of it.
    of: Option<(String, String)>,
}

impl Piece {
    /// How much of the memory it takes, about.
    pub(super) fn size(&self) -> usize {
        self.text.len()
    }
}

/// Something that is not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LeftOut {
    pub(super) reason: Reason,
    pub(super) place: Place,
    /// What is to be said about it besides its reason.
    pub(super) about: String,
}

/// Why something in a corpus is not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It cannot be read: not valid YAML or JSON, no valid request or object, too large.
    Unreadable,
    /// A policy asked its host what the world has no answer for, or the machine had no memory for it.
    Unanswerable,
    /// The rules in the metadata of both policies are about other requests.
    NoRule,
    /// A document that is neither a request nor an object.
    NoObject,
    /// A file whose name says that it is something else.
    OtherFile,
    /// A link in a folder that leads out of it, to a folder or nowhere.
    Link,
    /// An event of an audit log about reading.
    AuditRead,
    /// An event of an audit log about the same request at an earlier stage.
    AuditStage,
    /// An event of an audit log without the object: it was logged at level Metadata.
    AuditLevel,
    /// A patch in an audit log without what became of the object: it was logged at level Request.
    AuditPatch,
    /// A change in an audit log that no admission request about one object tells: a deletion of a collection, a connection.
    AuditOther,
}

impl Reason {
    /// What it means, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unreadable => "cannot be read",
            Self::Unanswerable => "no answer for what a policy asked its host",
            Self::NoRule => "no rule of either policy is about it",
            Self::NoObject => "neither a request nor an object",
            Self::OtherFile => "a file of another kind",
            Self::Link => "a link that is not followed",
            Self::AuditRead => "audit log: a request that changes nothing",
            Self::AuditStage => "audit log: another stage of the same request",
            Self::AuditLevel => "audit log: an event without the object; it is logged at level Request",
            Self::AuditPatch => "audit log: a patch without its result, which is logged at level RequestResponse",
            Self::AuditOther => "audit log: a deletion of a collection, or a connection",
        }
    }
}

/// A text that was split off.
#[derive(Debug)]
struct Raw {
    text: Vec<u8>,
    /// Its line, from 1.
    line: u64,
}

/// A text that could not be split off.
#[derive(Debug)]
struct Unreadable {
    line: u64,
    why: String,
}

/// How a file is split.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Splitting {
    Yaml,
    Json,
    JsonLines,
}

/// How a file of this name is split; nothing when the name does not say it.
fn splitting(path: &Path) -> Option<Splitting> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    Some(match extension.as_str() {
        "yaml" | "yml" => Splitting::Yaml,
        "json" => Splitting::Json,
        "jsonl" | "ndjson" | "log" => Splitting::JsonLines,
        _ => return None,
    })
}

/// Hands over what is in a file; false when nobody wants more.
fn file(path: &Path, found: &mut impl FnMut(Found) -> bool) -> bool {
    let name = path.display().to_string();
    match file::open_to_stream(path) {
        Ok(reader) => stream(&name, reader, found),
        Err(error) => found(whole(Reason::Unreadable, name, error.to_string())),
    }
}

fn stream(name: &str, mut reader: impl BufRead, found: &mut impl FnMut(Found) -> bool) -> bool {
    let splitting = splitting(Path::new(name)).unwrap_or_else(|| guessed(&mut reader));
    let read = match splitting {
        Splitting::Yaml => {
            let mut documents = yaml::Documents::new(reader);
            each(name, || documents.next(), yaml_pieces, found)
        }
        Splitting::Json | Splitting::JsonLines => {
            let mut values = json::Values::new(reader, splitting == Splitting::JsonLines);
            each(name, || values.next(), json_pieces, found)
        }
    };
    read.unwrap_or_else(|error| found(whole(Reason::Unreadable, name.to_owned(), error.to_string())))
}

/// By its beginning. YAML may begin with a brace as well, and then rarely with a quote behind it.
fn guessed(reader: &mut impl BufRead) -> Splitting {
    let start = reader.fill_buf().unwrap_or_default();
    let mut characters = start.iter().filter(|byte| !byte.is_ascii_whitespace());
    match (characters.next(), characters.next()) {
        (Some(b'{'), None | Some(b'"' | b'}')) => Splitting::Json,
        _ => Splitting::Yaml,
    }
}

fn each(
    name: &str,
    mut next: impl FnMut() -> io::Result<Option<Result<Raw, Unreadable>>>,
    pieces: impl Fn(Raw, &Arc<str>, &mut dyn FnMut(Piece) -> bool) -> bool,
    found: &mut impl FnMut(Found) -> bool,
) -> io::Result<bool> {
    let file: Arc<str> = name.into();
    while let Some(next) = next()? {
        let goes_on = match next {
            Ok(raw) => pieces(raw, &file, &mut |piece| found(Found::Piece(piece))),
            Err(Unreadable { line, why }) => {
                let place = Place { file: name.to_owned(), line, item: None };
                found(Found::LeftOut(LeftOut { reason: Reason::Unreadable, place, about: why }))
            }
        };
        if !goes_on {
            return Ok(false);
        }
    }
    Ok(true)
}

fn json_pieces(raw: Raw, file: &Arc<str>, found: &mut dyn FnMut(Piece) -> bool) -> bool {
    let Some(json::Items { of, items }) = json::items(&raw.text) else {
        return found(Piece { file: file.clone(), text: raw.text, line: raw.line, before: 0, item: None, of: None });
    };
    items.into_iter().zip(1..).all(|((range, line), number)| {
        found(Piece {
            file: file.clone(),
            text: raw.text[range].to_vec(),
            line: raw.line + line,
            before: 0,
            item: Some(number),
            of: of.clone(),
        })
    })
}

fn yaml_pieces(raw: Raw, file: &Arc<str>, found: &mut dyn FnMut(Piece) -> bool) -> bool {
    let Some(yaml::Items { of, items }) = yaml::items(&raw.text) else {
        let before = yaml::lines_before_content(&raw.text);
        return found(Piece { file: file.clone(), text: raw.text, line: raw.line, before, item: None, of: None });
    };
    items.into_iter().zip(1..).all(|((text, line), number)| {
        found(Piece { file: file.clone(), text, line: raw.line + line, before: 0, item: Some(number), of: of.clone() })
    })
}

/// Something that is about a whole file.
fn whole(reason: Reason, file: String, about: String) -> Found {
    Found::LeftOut(LeftOut { reason, place: Place { file, line: 0, item: None }, about })
}
