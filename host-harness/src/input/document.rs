//! Parsing a JSON or YAML document, or a Cargo.toml.

use std::{
    fmt,
    path::Path,
    sync::{Arc, OnceLock},
};

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::{Cursor, InputError, Position, locate, locate::Places, manifest, room::with_room};

/// Which language a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON: a name that ends in `.json`, or (whatever is not called YAML) a text that starts with `{` or `[`, its keys in
    /// quotes.
    Json,
    /// YAML as kubectl reads it, which is 1.1 where that differs from 1.2: `yes` and `on` are true, `0644` is 420.
    /// Everything else.
    Yaml,
    /// TOML, of a `Cargo.toml`. No other input is in TOML, so no name selects it.
    Toml,
}

/// One document, kept with its text so that later complaints about a field can say where it is.
///
/// At most 127 levels deep. Stricter than the parsers underneath: a key given twice, a number that JSON cannot hold, a second YAML document and
/// bytes that are not UTF-8 are errors.
#[derive(Clone, Debug)]
pub struct Document {
    name: String,
    text: Arc<str>,
    format: Format,
    value: Value,
    /// Which one of the documents in the text it is.
    index: usize,
    /// Where everything in the text stands, once somebody asked.
    places: Arc<OnceLock<Vec<Places>>>,
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
            // Reading it as one document stops where the second one starts.
            let second = with_room(|| serde_saphyr::from_str_with_options::<IgnoredAny>(&text, yaml_options()).err());
            let message = format!(
                "holds {} YAML documents separated by `---`; one is expected: put each into a file of its own",
                values.len()
            );
            return Err(InputError {
                name,
                position: second.as_ref().and_then(position_of),
                field: String::new(),
                message,
            });
        }
        Ok(Self {
            name,
            text: text.into(),
            format,
            value: values.pop().unwrap_or_default(),
            index: 0,
            places: Arc::default(),
        })
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
        let (text, places): (Arc<str>, Arc<OnceLock<_>>) = (text.into(), Arc::default());
        let documents = values.into_iter().enumerate().filter(|(_, value)| !value.is_null());
        Ok(documents
            .map(|(index, value)| Self {
                name: name.clone(),
                text: text.clone(),
                format,
                value,
                index,
                places: places.clone(),
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

    /// Name for errors.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The language that it is written in.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The content.
    pub fn value(&self) -> &Value {
        &self.value
    }

    pub(crate) fn root(&self) -> Cursor<'_> {
        Cursor::root(self)
    }

    /// Where the value at `path` stands.
    pub(super) fn position(&self, path: &[super::cursor::Step<'_>]) -> Option<Position> {
        let places = self.places.get_or_init(|| match self.format {
            Format::Toml => manifest::places(&self.text),
            Format::Json | Format::Yaml => locate::places(&self.text),
        });
        places.get(self.index)?.find(path)
    }
}

/// The bytes of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, InputError> {
    std::fs::read(path)
        .map_err(|error| InputError::whole(path.display().to_string(), format!("cannot read this file: {error}")))
}

/// The text, and the documents in it.
fn values(bytes: &[u8], name: &str, format: Option<Format>) -> Result<(String, Format, Vec<Value>), InputError> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let mut e = InputError::whole(name, "this byte is not UTF-8 text; save the file as UTF-8");
            e.position = Some(end_of(&valid));
            return Err(e);
        }
    };
    let format = format.unwrap_or_else(|| format_of(name, text));
    let parsed = match format {
        _ if text.trim().is_empty() => Ok(Vec::new()),
        Format::Json => parse_json(text).map(|value| vec![value]),
        Format::Yaml => with_room(|| parse_yaml(text)),
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

/// The position after `text`.
pub(super) fn end_of(text: &str) -> Position {
    let last = text.rsplit('\n').next().unwrap_or_default();
    Position { line: text.matches('\n').count() + 1, column: last.chars().count() + 1 }
}

pub(super) type Failure = (Option<Position>, String);

fn parse_json(text: &str) -> Result<Value, Failure> {
    serde_json::from_str::<Strict>(text).map(|strict| strict.0).map_err(|error| {
        // serde_json counts columns in bytes, from 0 when an error is at the start of a line.
        let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
        let before = error.column().saturating_sub(1).min(line.len());
        let column = String::from_utf8_lossy(&line.as_bytes()[..before]).chars().count() + 1;
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(text, _)| text);
        (Some(Position { line: error.line(), column }), format!("not valid JSON: {message}"))
    })
}

/// As deep as serde_json goes, so that a document means the same in both languages.
const MAX_DEPTH: usize = 127;

/// Options of the YAML parser, also used to find positions.
pub(super) fn yaml_options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        strict_booleans: false,
        legacy_octal_numbers: true,
        reject_unsupported_tags: true,
        non_finite_float_policy: serde_saphyr::options::NonFiniteFloatPolicy::Reject,
        with_snippet: false,
        // What kubectl prints of a real cluster is large. What aliases expand to has a limit of its own:
        // more than people repeat with anchors, and so little that a short text cannot fill the memory.
        budget: serde_saphyr::budget! { max_depth: MAX_DEPTH, max_events: 40_000_000, max_nodes: 10_000_000, max_documents: 100_000 },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 100_000 },
    }
}

fn parse_yaml(text: &str) -> Result<Vec<Value>, Failure> {
    serde_saphyr::from_multiple_with_options::<Value>(text, yaml_options())
        .map_err(|error| (position_of(&error), format!("not valid YAML: {}{}", in_words(&error), quotes(text, &error))))
}

/// Where a text without quotes is the likely cause, that it needs them: messages of policies have colons and backticks.
fn quotes(text: &str, error: &serde_saphyr::Error) -> &'static str {
    const ADVICE: &str = "; a text with `: ` in it, or with a backtick in front, is put in quotes";
    let line = position_of(error).and_then(|at| text.lines().nth(at.line - 1)).unwrap_or_default();
    let value = line.split_once(": ").map_or("", |(_, value)| value.trim_start());
    let unquoted = !value.starts_with(['"', '\'', '{', '[', '|', '>']);
    if unquoted && (value.contains(": ") || value.starts_with('`')) { ADVICE } else { "" }
}

fn position_of(error: &serde_saphyr::Error) -> Option<Position> {
    let at = error.location().filter(|at| at.line() > 0)?;
    Some(Position { line: at.line() as usize, column: at.column() as usize })
}

/// What the parser says, without the position: ours stands at the head of the line.
fn in_words(error: &serde_saphyr::Error) -> String {
    let text = error.render_with_formatter(&serde_saphyr::UserMessageFormatter);
    let text = text.trim().strip_prefix("error: ").unwrap_or(text.trim());
    match text.rsplit_once(" at line ") {
        Some((message, rest)) if rest.chars().all(|c| c.is_ascii_digit() || ", column".contains(c)) => {
            message.trim_end().to_owned()
        }
        _ => text.to_owned(),
    }
}

/// A [`Value`] in which no object holds a key twice.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Strict, E> {
        Ok(Strict(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Strict, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Strict(items.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Strict, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key `{key}` is given twice")));
            }
            let Strict(value) = map.next_value()?;
            object.insert(key, value);
        }
        Ok(Strict(object.into()))
    }
}
