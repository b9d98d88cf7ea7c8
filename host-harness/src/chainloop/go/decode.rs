//! `json.Unmarshal`: whether a document fits a type.
//!
//! A type is written as text, one structure a line, `Name: field type, field type`. Types are `string`, `bool`, `int`,
//! `float64`, `any`, `time` (RFC 3339), `stamp` (the same, or seconds), `[T]`, `{T}` with texts as keys, and names of
//! structures. What starts with `!` is read by code of its own: see [`Types::check`]. A structure with `~` before its name
//! reads itself, and errors have no name for it.

use std::collections::HashMap;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::super::json::Json;
use super::names::{folded, word};

/// The structures that a document is decoded into.
#[derive(Debug)]
pub(crate) struct Types {
    package: &'static str,
    structures: HashMap<&'static str, Vec<(&'static str, &'static str)>>,
    /// Those that read themselves, into a structure without a name.
    nameless: Vec<&'static str>,
}

/// The first value that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// Where, in bytes.
    pub(crate) at: usize,
    /// The way to it, like `runs[0].tool`.
    pub(crate) path: String,
    /// In Go's words.
    pub(crate) words: String,
}

/// Reads one value of a type that starts with `!`: what is wrong with the text of its token.
type Special = fn(name: &str, token: &str) -> Result<(), String>;

/// The value of a field, found as Go finds it: without regard to case, and the last one counts. `null` is nothing.
pub(crate) fn field(json: &Json<'_>, object: usize, name: &str) -> Option<usize> {
    if json.byte(object) != b'{' {
        return None;
    }
    let name = folded(name);
    let found = json.members(object).into_iter().rev().find(|member| folded(&json.key(*member)) == name);
    found.map(|member| member.value()).filter(|at| json.byte(*at) != b'n')
}

impl Types {
    /// Reads the text of the structures; `package` is where Go has them.
    pub(crate) fn new(package: &'static str, text: &'static str) -> Self {
        let structure = |line: &'static str| {
            let (name, fields) = line.split_once(':')?;
            let fields = fields.split(',').filter_map(|field| field.trim().split_once(' ')).collect();
            Some((name, fields))
        };
        let nameless = text.lines().filter_map(|line| line.strip_prefix('~')?.split_once(':')).map(|(name, _)| name);
        let lines = text.lines().map(|line| line.strip_prefix('~').unwrap_or(line));
        Self { package, structures: lines.filter_map(structure).collect(), nameless: nameless.collect() }
    }

    /// Whether the value at `at` fits `kind`. `special` reads the types of that sort.
    pub(crate) fn check(&self, json: &Json<'_>, at: usize, kind: &str, special: Special) -> Result<(), Mismatch> {
        let mut check = Check { types: self, json, special, fields: Vec::new(), structure: None, path: String::new() };
        check.value(at, kind)
    }
}

struct Check<'c, 't> {
    types: &'c Types,
    json: &'c Json<'t>,
    special: Special,
    /// Fields down to the value, as Go lists them.
    fields: Vec<&'c str>,
    /// The structure that the value is a field of.
    structure: Option<&'c str>,
    path: String,
}

impl<'c> Check<'c, '_> {
    fn value(&mut self, at: usize, kind: &'c str) -> Result<(), Mismatch> {
        let byte = self.json.byte(at);
        let token = || String::from_utf8_lossy(self.json.token(at));
        let fits = match kind {
            "any" => true,
            kind if kind.starts_with('!') => {
                // A pointer takes `null` without asking.
                let (name, pointer) = match kind.strip_prefix("!*") {
                    Some(name) => (name, true),
                    None => (&kind[1..], false),
                };
                if !(pointer && byte == b'n') {
                    (self.special)(name, &token()).map_err(|words| self.mismatch(at, words))?;
                }
                true
            }
            _ if byte == b'n' => true,
            "string" => byte == b'"',
            "bool" => matches!(byte, b't' | b'f'),
            "int" => token().parse::<i64>().is_ok(),
            "float64" => token().parse::<f64>().is_ok_and(f64::is_finite) && word(byte) == "number",
            "time" | "stamp" => return self.time(at, kind),
            kind => return self.composed(at, kind),
        };
        if fits { Ok(()) } else { Err(self.unfit(at, kind)) }
    }

    fn composed(&mut self, at: usize, kind: &'c str) -> Result<(), Mismatch> {
        let (byte, length) = (self.json.byte(at), self.path.len());
        if let Some(item) = kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
            if byte != b'[' {
                return Err(self.unfit(at, kind));
            }
            for (index, found) in self.json.items(at).enumerate() {
                self.path.push_str(&format!("[{index}]"));
                self.value(found, item)?;
                self.path.truncate(length);
            }
        } else if let Some(item) = kind.strip_prefix('{').and_then(|kind| kind.strip_suffix('}')) {
            if byte != b'{' {
                return Err(self.unfit(at, kind));
            }
            for member in self.json.members(at) {
                self.path.push_str(&format!(".{}", self.json.key(member)));
                self.value(member.value(), item)?;
                self.path.truncate(length);
            }
        } else {
            if byte != b'{' {
                return Err(self.unfit(at, kind));
            }
            let types = self.types;
            let fields = types.structures.get(kind).map(Vec::as_slice).unwrap_or_default();
            // What reads itself is not seen by what reads the rest.
            let seen = if types.nameless.contains(&kind) { self.structure } else { Some(kind) };
            let outer = std::mem::replace(&mut self.structure, seen);
            for member in self.json.members(at) {
                let key = self.json.key(member);
                let same = |name: &str| folded(name) == folded(&key);
                let found =
                    fields.iter().find(|(name, _)| *name == key).or_else(|| fields.iter().find(|(name, _)| same(name)));
                if let Some((name, kind)) = found {
                    self.path.push_str(if length == 0 { "" } else { "." });
                    self.path.push_str(name);
                    self.fields.push(name);
                    self.value(member.value(), kind)?;
                    self.fields.pop();
                    self.path.truncate(length);
                }
            }
            self.structure = outer;
        }
        Ok(())
    }

    fn time(&self, at: usize, kind: &str) -> Result<(), Mismatch> {
        let token = String::from_utf8_lossy(self.json.token(at));
        if kind == "stamp" && token.parse::<i64>().is_ok() {
            return Ok(());
        }
        let Some(text) = self.json.string(at) else {
            return Err(self.mismatch(at, "Time.UnmarshalJSON: input is not a JSON string".to_owned()));
        };
        // Go wants capitals, and knows no leap seconds.
        let strict = !text.contains(['t', 'z']) && text.get(17..19) != Some("60");
        match OffsetDateTime::parse(&text, &Rfc3339) {
            Ok(_) if strict => Ok(()),
            _ => {
                Err(self.mismatch(at, format!("parsing time {token} as \"2006-01-02T15:04:05Z07:00\": it is no time")))
            }
        }
    }

    fn unfit(&self, at: usize, kind: &str) -> Mismatch {
        let byte = self.json.byte(at);
        let found = match word(byte) {
            // What is a number, but not one of this sort, is named.
            "number" if matches!(kind, "int" | "float64") => {
                format!("number {}", String::from_utf8_lossy(self.json.token(at)))
            }
            found => found.to_owned(),
        };
        let of = self.name(kind);
        let words = match self.structure {
            Some(structure) => {
                format!(
                    "json: cannot unmarshal {found} into Go struct field {structure}.{} of type {of}",
                    self.fields.join(".")
                )
            }
            None => format!("json: cannot unmarshal {found} into Go value of type {of}"),
        };
        self.mismatch(at, words)
    }

    fn mismatch(&self, at: usize, words: String) -> Mismatch {
        let path = if self.path.is_empty() { "the document".to_owned() } else { format!("`{}`", self.path) };
        Mismatch { at, path, words }
    }

    /// A type as Go calls it. Items of lists are pointers where they are structures.
    fn name(&self, kind: &str) -> String {
        if let Some(item) = kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
            let pointer = if self.types.structures.contains_key(item) { "*" } else { "" };
            format!("[]{pointer}{}", self.name(item))
        } else if let Some(item) = kind.strip_prefix('{').and_then(|kind| kind.strip_suffix('}')) {
            format!("map[string]{}", self.name(item))
        } else if self.types.nameless.contains(&kind) {
            let field = |(name, kind): &(&'static str, &'static str)| {
                let (first, rest) = name.split_at(1);
                format!("{}{rest} {} \"json:\\\"{name},omitempty\\\"\"", first.to_uppercase(), self.name(kind))
            };
            let fields: Vec<String> = self.types.structures[kind].iter().map(field).collect();
            format!("struct {{ {} }}", fields.join("; "))
        } else if self.types.structures.contains_key(kind) {
            format!("{}.{kind}", self.types.package)
        } else {
            kind.to_owned()
        }
    }
}
