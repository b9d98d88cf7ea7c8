//! Parsing a JSON or YAML document, or a Cargo.toml.

use std::{path::Path, sync::Arc};

use serde_json::Value;

use super::lines::{Format, Lines, Shared};
use super::origin::Origin;
use super::places::Step;
use super::{InputError, Position, json, manifest, yaml};
use crate::file;

/// One document, kept with its text so that later errors about a field can say where it is.
///
/// Numbers are as kubectl and API servers send them: `3.0` and `1e1` are the integers `3` and `10`, and an integer that needs
/// more than 64 bits is a float. At most 127 levels deep. Stricter than the parsers underneath: a key given twice, a number
/// that JSON cannot hold, a second YAML document and bytes that are not UTF-8 are errors.
#[derive(Clone, Debug)]
pub struct Document {
    name: String,
    lines: Lines,
    value: Value,
    /// The content with its numbers as they are written, of a document that is made of another one.
    exact: Option<Value>,
}

impl Document {
    /// Parses `bytes`; `name` (a path, or something like `<stdin>`) goes into errors and selects the [`Format`].
    ///
    /// An empty text is `null`.
    pub fn parse(bytes: &[u8], name: impl Into<String>) -> Result<Self, InputError> {
        Self::parse_as(bytes, name.into(), None)
    }

    /// Parses a `Cargo.toml`.
    pub(crate) fn parse_manifest(bytes: &[u8], name: impl Into<String>) -> Result<Self, InputError> {
        Self::parse_as(bytes, name.into(), Some(Format::Toml))
    }

    fn parse_as(bytes: &[u8], name: String, format: Option<Format>) -> Result<Self, InputError> {
        let (text, format, mut values) = values(bytes, &name, format)?;
        if values.len() > 1 {
            let message = format!(
                "holds {} YAML documents separated by `---`; one is expected: put each into a file of its own",
                values.len()
            );
            return Err(InputError { name, position: yaml::second_document(&text), field: String::new(), message });
        }
        let lines = Lines::new(text.into(), format, 0, Arc::default());
        Ok(Self { name, lines, value: values.pop().unwrap_or_default(), exact: None })
    }

    /// Parses `bytes` as [`parse`](Self::parse) does; a YAML text may hold any number of documents, separated by `---`.
    /// Those that are empty are left out.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), but for the number of documents.
    pub fn parse_all(bytes: &[u8], name: impl Into<String>) -> Result<Vec<Self>, InputError> {
        let name = name.into();
        let (text, format, values) = values(bytes, &name, None)?;
        let (text, places): (Arc<str>, Shared) = (text.into(), Arc::default());
        let documents = values.into_iter().enumerate().filter(|(_, value)| !value.is_null());
        Ok(documents
            .map(|(index, value)| Self {
                name: name.clone(),
                lines: Lines::new(text.clone(), format, index, places.clone()),
                value,
                exact: None,
            })
            .collect())
    }

    /// Reads and parses a file.
    pub fn open(path: &Path) -> Result<Self, InputError> {
        Self::parse(&read(path)?, path.display().to_string())
    }

    /// Reads a file and parses all of its documents.
    pub(crate) fn open_all(path: &Path) -> Result<Vec<Self>, InputError> {
        Self::parse_all(&read(path)?, path.display().to_string())
    }

    /// The text that it was made of.
    pub(crate) fn text(&self) -> &str {
        self.lines.text()
    }

    /// Name for errors.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The language that it is written in.
    pub fn format(&self) -> Format {
        self.lines.format()
    }

    /// The content.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The content with its numbers as they are written: for what does not pass kubectl and an API server. In YAML, of which
    /// only they say what it means, this is the content.
    pub(crate) fn exact(&self) -> Value {
        if !matches!(self.lines.origin(), Origin::Whole) {
            return self.exact.as_ref().unwrap_or(&self.value).clone();
        }
        match self.lines.format() {
            Format::Json => serde_json::from_str(self.lines.text()).unwrap_or_else(|_| self.value.clone()),
            Format::Yaml | Format::Toml => self.value.clone(),
        }
    }

    /// What kwctl, which reads YAML 1.2, takes for something else: each with its place, and how to write it.
    pub(crate) fn read_otherwise_by_kwctl(&self) -> Vec<InputError> {
        if self.lines.format() == Format::Toml {
            return Vec::new();
        }
        let complaint = |(position, field, message)| InputError {
            name: self.name.clone(),
            position: Some(position),
            field,
            message,
        };
        yaml::read_otherwise_by_kwctl(self.lines.text(), self.lines.index()).into_iter().map(complaint).collect()
    }

    /// Another document, which is a part of the text of this one.
    pub(super) fn derived(&self, value: Value, exact: Option<Value>, origin: Origin) -> Self {
        Self { name: self.name.clone(), lines: self.lines.part(origin), value, exact }
    }

    pub(super) fn origin(&self) -> &Origin {
        self.lines.origin()
    }

    /// Where the value at `path` stands.
    pub(super) fn position(&self, path: &[Step<'_>]) -> Option<Position> {
        self.lines.position(path)
    }

    /// The text of the document, which knows where its values stand.
    pub(super) fn lines(&self) -> &Lines {
        &self.lines
    }

    /// The text of the scalar at `path`, as it is written in YAML or JSON.
    pub(super) fn written(&self, path: &[Step<'_>]) -> Option<&str> {
        self.lines.written(path)
    }

    /// The key of the value at `path` as it is written in YAML or JSON, where what it means is another text.
    pub(super) fn written_key(&self, path: &[Step<'_>]) -> Option<&str> {
        self.lines.written_key(path)
    }
}

/// The bytes of a file that is a document, or as small as one.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, InputError> {
    file::read(path, file::MAX_DOCUMENT)
        .map_err(|error| InputError::whole(path.display().to_string(), format!("cannot read this file: {error}")))
}

/// The text, and the documents in it.
fn values(bytes: &[u8], name: &str, format: Option<Format>) -> Result<(String, Format, Vec<Value>), InputError> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let mut e = InputError::whole(name, "this byte is not UTF-8 text; save the file as UTF-8");
            e.position = Some(Position::after(&valid));
            return Err(e);
        }
    };
    let format = format.unwrap_or_else(|| format_of(name, text));
    let parsed = match format {
        _ if text.trim().is_empty() => Ok(Vec::new()),
        Format::Json => json::parse(text).map(|value| vec![value]),
        Format::Yaml => yaml::parse(text),
        Format::Toml => manifest::parse(text).map(|value| vec![value]),
    };
    match parsed {
        Ok(values) => Ok((text.to_owned(), format, values)),
        Err((position, message)) => Err(InputError { name: name.to_owned(), position, field: String::new(), message }),
    }
}

fn format_of(name: &str, text: &str) -> Format {
    let extension = Path::new(name).extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    match extension.as_deref() {
        Some("json") => Format::Json,
        Some("yaml" | "yml") => Format::Yaml,
        _ if looks_like_json(text) => Format::Json,
        _ => Format::Yaml,
    }
}

/// YAML's flow style has brackets and braces too, but rarely quotes its keys and its texts; JSON has to.
fn looks_like_json(text: &str) -> bool {
    let object = |rest: &str| rest.trim_start().starts_with(['"', '}']);
    let value = |rest: &str| {
        let words = ["true", "false", "null"];
        rest.is_empty()
            || rest.starts_with(|c: char| "\"[]-".contains(c) || c.is_ascii_digit())
            || words.iter().any(|word| rest.starts_with(word))
    };
    match text.trim_start().split_at_checked(1) {
        Some(("{", rest)) => object(rest),
        Some(("[", rest)) => {
            let rest = rest.trim_start();
            rest.strip_prefix('{').map_or_else(|| value(rest), object)
        }
        _ => false,
    }
}
