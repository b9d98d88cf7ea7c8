//! Walking a document field by field.

use serde_json::{Map, Value};

use super::places::{Step, render};
use super::{Document, InputError, Place, nearest};

/// A value, and the way to it: whatever is wrong with it can be reported with file, line, column and field path.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'d> {
    document: &'d Document,
    path: Vec<Step<'d>>,
    value: &'d Value,
}

impl Document {
    pub(crate) fn root(&self) -> Cursor<'_> {
        Cursor { document: self, path: Vec::new(), value: self.value() }
    }
}

impl<'d> Cursor<'d> {
    pub(super) fn document(&self) -> &'d Document {
        self.document
    }

    pub(super) fn path(&self) -> &[Step<'d>] {
        &self.path
    }

    pub(crate) fn value(&self) -> &'d Value {
        self.value
    }

    /// This value with its numbers as they are written, see [`Document::exact`].
    pub(crate) fn exact(&self) -> Value {
        let mut exact = self.document.exact();
        for step in &self.path {
            exact = match (step, &mut exact) {
                (Step::Key(key), Value::Object(entries)) => entries.remove(*key).unwrap_or_default(),
                (Step::Index(index), Value::Array(items)) if *index < items.len() => items.swap_remove(*index),
                _ => return self.value.clone(),
            };
        }
        exact
    }

    /// The text of this scalar as it is written in YAML or JSON, without quotes.
    pub(crate) fn written(&self) -> Option<&'d str> {
        self.document.written(&self.path)
    }

    /// The key of this value as it is written in YAML or JSON, where what it means is another text.
    pub(crate) fn written_key(&self) -> Option<&'d str> {
        self.document.written_key(&self.path)
    }

    /// A complaint about this value.
    pub(crate) fn error(&self, message: impl Into<String>) -> InputError {
        InputError {
            name: self.document.name().to_owned(),
            position: self.document.position(&self.path),
            field: render(&self.document.origin().resolve(&self.path)),
            message: message.into(),
        }
    }

    /// An error about an entry of this object, which need not exist.
    pub(crate) fn error_at(&self, key: &'d str, message: impl Into<String>) -> InputError {
        self.step(Step::Key(key), &Value::Null).error(message)
    }

    /// The place of this value, for an error about another one.
    pub(crate) fn place(&self) -> String {
        self.error("").to_string().trim_end_matches(": ").to_owned()
    }

    /// Where this value stands, for those who ask later.
    pub(crate) fn located(&self) -> Place {
        Place::new(self.document.name(), self.document.lines(), &self.path)
    }

    pub(crate) fn step(&self, step: Step<'d>, value: &'d Value) -> Self {
        let mut path = self.path.clone();
        path.push(step);
        Self { document: self.document, path, value }
    }

    fn expected(&self, what: &str) -> InputError {
        self.error(format!("must be {what}, found {}", kind_of(self.value)))
    }

    pub(crate) fn object(&self) -> Result<&'d Map<String, Value>, InputError> {
        self.value.as_object().ok_or_else(|| self.expected("an object"))
    }

    pub(crate) fn list(&self) -> Result<Vec<Cursor<'d>>, InputError> {
        let items = self.value.as_array().ok_or_else(|| self.expected("an array"))?;
        Ok(items.iter().enumerate().map(|(index, item)| self.step(Step::Index(index), item)).collect())
    }

    /// The items of this array; none where nothing stands behind the key, as in `rules:`.
    pub(crate) fn list_or_nothing(&self) -> Result<Vec<Cursor<'d>>, InputError> {
        if self.value.is_null() { Ok(Vec::new()) } else { self.list() }
    }

    pub(crate) fn entries(&self) -> Result<Vec<(&'d str, Cursor<'d>)>, InputError> {
        let object = self.object()?;
        Ok(object.iter().map(|(key, value)| (key.as_str(), self.step(Step::Key(key), value))).collect())
    }

    pub(crate) fn string(&self) -> Result<&'d str, InputError> {
        self.value.as_str().ok_or_else(|| {
            let mut error = self.expected("a string");
            if self.value.is_boolean() || self.value.is_number() {
                error.message.push_str("; put it in quotes if it is meant as one");
            }
            error
        })
    }

    pub(crate) fn boolean(&self) -> Result<bool, InputError> {
        self.value.as_bool().ok_or_else(|| self.expected("true or false"))
    }

    pub(crate) fn code(&self) -> Result<u16, InputError> {
        let code = self.value.as_u64().and_then(|code| u16::try_from(code).ok());
        code.ok_or_else(|| self.expected("a whole number from 0 to 65535"))
    }

    pub(crate) fn strings(&self) -> Result<Vec<String>, InputError> {
        self.list()?.iter().map(|item| item.string().map(str::to_owned)).collect()
    }

    /// As [`list_or_nothing`](Self::list_or_nothing).
    pub(crate) fn strings_or_nothing(&self) -> Result<Vec<String>, InputError> {
        if self.value.is_null() { Ok(Vec::new()) } else { self.strings() }
    }

    /// The entry `key` of this object, even when it is `null`.
    pub(crate) fn given(&self, key: &'d str) -> Result<Option<Cursor<'d>>, InputError> {
        Ok(self.object()?.get(key).map(|value| self.step(Step::Key(key), value)))
    }

    /// The entry `key` of this object; `null` is the same as absent.
    pub(crate) fn optional(&self, key: &'d str) -> Result<Option<Cursor<'d>>, InputError> {
        Ok(self.given(key)?.filter(|cursor| !cursor.value.is_null()))
    }

    /// The entry `key` of this object; absent or `null` is an error that ends in `why`.
    pub(crate) fn required(&self, key: &'d str, why: &str) -> Result<Cursor<'d>, InputError> {
        self.optional(key)?.ok_or_else(|| self.missing(key, why))
    }

    /// The entry `key` of this object, which is an array: with nothing behind it, it is an empty one. Absent, it is an error
    /// that ends in `why`.
    pub(crate) fn required_list(&self, key: &'d str, why: &str) -> Result<Cursor<'d>, InputError> {
        self.given(key)?.ok_or_else(|| self.missing(key, why))
    }

    fn missing(&self, key: &'d str, why: &str) -> InputError {
        self.error_at(key, format!("missing; {why}"))
    }

    /// Refuses entries whose key is not `known`, with the nearest known key as a suggestion.
    pub(crate) fn only_keys(&self, known: &[&str]) -> Result<(), InputError> {
        self.unknown_keys(known)?.into_iter().next().map_or(Ok(()), Err)
    }

    /// A complaint about each entry whose key is not `known`.
    pub(crate) fn unknown_keys(&self, known: &[&str]) -> Result<Vec<InputError>, InputError> {
        let unknown = self.entries()?.into_iter().filter(|(key, _)| !known.contains(key));
        Ok(unknown
            .map(|(key, cursor)| {
                let hint = match nearest(key, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known keys: {}", known.join(", ")),
                };
                cursor.error(format!("unknown key; {hint}"))
            })
            .collect())
    }
}

fn kind_of(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(value) => format!("{value}"),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) if text.chars().count() <= 40 => format!("the string `{text}`"),
        Value::String(_) => "a string".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}
