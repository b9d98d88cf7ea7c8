//! A value in an [`Edited`](crate::Edited), for edits by JSON pointer.

use std::cell::Cell;

use serde_json::{Map, Value};

use crate::json::{self, Error, array_index};

/// A value in an [`Edited`](crate::Edited), with edits by JSON pointers that are relative to it: `""` is the value itself,
/// `/a` its field `a`.
///
/// Values that are missing on the path are created by [`set`](Self::set) and [`push`](Self::push); `null` counts as missing.
/// A value of the wrong type is an error with its JSON pointer.
#[derive(Debug)]
pub struct ValueMut<'a> {
    value: &'a mut Value,
    /// JSON pointer from `value` to this place. When it is not empty, the place may not exist yet.
    missing: String,
    /// JSON pointer of `value`.
    pointer: String,
    changed: &'a Cell<bool>,
}

impl<'a> ValueMut<'a> {
    pub(super) fn new(value: &'a mut Value, pointer: String, changed: &'a Cell<bool>) -> Self {
        Self { value, missing: String::new(), pointer, changed }
    }

    /// The same place, borrowed for a shorter time.
    pub(super) fn reborrow(&mut self) -> ValueMut<'_> {
        ValueMut {
            value: self.value,
            missing: self.missing.clone(),
            pointer: self.pointer.clone(),
            changed: self.changed,
        }
    }

    /// A place below this one, which need not be there yet.
    pub(super) fn below(mut self, missing: &str) -> Self {
        self.missing.push_str(missing);
        self
    }

    /// The place behind a pointer.
    pub(super) fn into_at(self, pointer: &str) -> Result<Self, Error> {
        find(self.value, &self.pointer, &(self.missing.clone() + pointer))?;
        Ok(self.below(pointer))
    }

    /// The value at this place, to make places of its parts; `None` when it is not there.
    pub(super) fn into_value(self) -> Result<Option<&'a mut Value>, Error> {
        find_mut(self.value, &self.pointer, &self.missing)
    }

    /// The flag that an edit sets when it changes something.
    pub(super) fn changed(&self) -> &'a Cell<bool> {
        self.changed
    }

    /// JSON pointer of this place, from the outermost value.
    pub fn pointer(&self) -> String {
        format!("{}{}", self.pointer, self.missing)
    }

    /// The value behind a pointer; `None` when it is missing, as a `null` is.
    ///
    /// # Errors
    ///
    /// When the pointer leads through something that is neither an object nor an array.
    pub fn get(&self, pointer: &str) -> Result<Option<&Value>, Error> {
        Ok(find(self.value, &self.pointer, &self.full(pointer))?.filter(|value| !value.is_null()))
    }

    /// The string behind a pointer.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get), and when it is not a string.
    pub fn str(&self, pointer: &str) -> Result<Option<&str>, Error> {
        match self.get(pointer)? {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(unexpected("a string", other).at(|| self.pointer() + pointer)),
        }
    }

    /// Sets the value behind a pointer.
    ///
    /// # Errors
    ///
    /// As [`Edited::set`](crate::Edited::set).
    pub fn set(&mut self, pointer: &str, value: impl Into<Value>) -> Result<(), Error> {
        self.set_value(&self.full(pointer), value.into())
    }

    /// Removes the value behind a pointer, and gives it back.
    ///
    /// # Errors
    ///
    /// As [`Edited::remove`](crate::Edited::remove).
    pub fn remove(&mut self, pointer: &str) -> Result<Option<Value>, Error> {
        let pointer = self.full(pointer);
        let Some((parent, key)) = pointer.rsplit_once('/') else {
            return Err(Error::new("the outermost value cannot be removed"));
        };
        let removed = match find_mut(self.value, &self.pointer, parent)? {
            None | Some(Value::Null) => None,
            Some(Value::Object(map)) => map.remove(&*unescape(key)),
            Some(Value::Array(items)) => array_index(key).filter(|at| *at < items.len()).map(|at| items.remove(at)),
            Some(other) => return Err(no_parent(other).at(|| self.pointer.clone() + parent)),
        };
        if removed.is_some() {
            self.changed.set(true);
        }
        Ok(removed)
    }

    /// Appends to the array behind a pointer.
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set), and when it is not an array.
    pub fn push(&mut self, pointer: &str, value: impl Into<Value>) -> Result<(), Error> {
        let pointer = self.full(pointer);
        match find(self.value, &self.pointer, &pointer)? {
            None | Some(Value::Null) => self.set_value(&pointer, Value::Array(vec![value.into()])),
            Some(Value::Array(_)) => self.set_value(&(pointer + "/-"), value.into()),
            Some(other) => Err(unexpected("an array", other).at(|| self.pointer.clone() + &pointer)),
        }
    }

    /// Sets the field `key` of the object behind a pointer.
    pub(super) fn set_field(&mut self, pointer: &str, key: &str, value: impl Into<Value>) -> Result<(), Error> {
        let mut pointer = pointer.to_owned();
        json::segment(&mut pointer, key);
        self.set(&pointer, value)
    }

    /// Removes the field `key` of the object behind a pointer.
    pub(super) fn remove_field(&mut self, pointer: &str, key: &str) -> Result<Option<Value>, Error> {
        let mut pointer = pointer.to_owned();
        json::segment(&mut pointer, key);
        self.remove(&pointer)
    }

    fn full(&self, pointer: &str) -> String {
        format!("{}{pointer}", self.missing)
    }

    /// The pointer is counted from `value`.
    fn set_value(&mut self, pointer: &str, new: Value) -> Result<(), Error> {
        let Some((parent, key)) = pointer.rsplit_once('/') else {
            check(pointer)?;
            return self.replace_whole(new);
        };
        if self.pointer.len() + pointer.len() > MAX_DEPTH && slashes(&self.pointer) + slashes(pointer) > MAX_DEPTH {
            return Err(Error::new(format!("an edit cannot go deeper than {MAX_DEPTH} levels: no host reads that")));
        }
        // Checks the whole path before anything is created: an edit that fails changes nothing.
        if find(self.value, &self.pointer, pointer)? == Some(&new) {
            return Ok(());
        }
        let changed = self.changed;
        let at = |end: usize| format!("{}{}", self.pointer, &pointer[..end]);
        let mut value = &mut *self.value;
        let mut end = 0;
        for segment in parent.split('/').skip(1) {
            value = match value {
                Value::Array(items) => {
                    item(items, segment).map_err(|error| error.at(|| at(end + 1 + segment.len())))?
                }
                _ => {
                    object(value).map_err(|error| error.at(|| at(end)))?.entry(unescape(segment)).or_insert(Value::Null)
                }
            };
            end += 1 + segment.len();
        }
        if let Value::Array(items) = value {
            match array_index(key).unwrap_or(if key == "-" { items.len() } else { usize::MAX }) {
                index if index == items.len() => items.push(new),
                _ => *item(items, key).map_err(|error| error.at(|| at(pointer.len())))? = new,
            }
        } else {
            object(value).map_err(|error| error.at(|| at(parent.len())))?.insert(unescape(key), new);
        }
        changed.set(true);
        Ok(())
    }

    fn replace_whole(&mut self, new: Value) -> Result<(), Error> {
        if *self.value != new {
            *self.value = new;
            self.changed.set(true);
        }
        Ok(())
    }
}

/// Most levels that policies and hosts read in a document. An edit creates at most one level for each segment of its
/// pointer.
const MAX_DEPTH: usize = 127;

fn slashes(pointer: &str) -> usize {
    pointer.bytes().filter(|byte| *byte == b'/').count()
}

/// A pointer is empty or starts with a slash.
fn check(pointer: &str) -> Result<(), Error> {
    if pointer.is_empty() || pointer.starts_with('/') {
        return Ok(());
    }
    Err(Error::new(format!("`{pointer}` is not a JSON pointer: it has to start with `/`")))
}

/// Finds the value behind a pointer, and creates nothing. `None` for what is missing, also for the end of an array.
fn find<'v>(value: &'v Value, base: &str, pointer: &str) -> Result<Option<&'v Value>, Error> {
    check(pointer)?;
    let mut value = value;
    let mut end = 0;
    for segment in pointer.split('/').skip(1) {
        let here = || format!("{base}{}", &pointer[..end]);
        let next = match value {
            Value::Null => None,
            Value::Object(map) => map.get(&unescape(segment)),
            Value::Array(items) if segment == "-" || array_index(segment) == Some(items.len()) => None,
            Value::Array(items) => {
                let item = array_index(segment).and_then(|index| items.get(index));
                Some(item.ok_or_else(|| no_item(items, segment).at(|| format!("{}/{segment}", here())))?)
            }
            other => return Err(no_parent(other).at(here)),
        };
        let Some(next) = next else { return Ok(None) };
        value = next;
        end += 1 + segment.len();
    }
    Ok(Some(value))
}

/// As [`find`], to change what is found.
fn find_mut<'v>(value: &'v mut Value, base: &str, pointer: &str) -> Result<Option<&'v mut Value>, Error> {
    Ok(match find(value, base, pointer)? {
        Some(_) => value.pointer_mut(pointer),
        None => None,
    })
}

/// The fields of an object, or of a `null` that becomes one.
fn object(value: &mut Value) -> Result<&mut Map<String, Value>, Error> {
    if value.is_null() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(map) => Ok(map),
        other => Err(no_parent(other)),
    }
}

fn item<'v>(items: &'v mut [Value], segment: &str) -> Result<&'v mut Value, Error> {
    let error = no_item(items, segment);
    array_index(segment).and_then(|index| items.get_mut(index)).ok_or(error)
}

fn no_item(items: &[Value], segment: &str) -> Error {
    match array_index(segment) {
        Some(_) => Error::new(format!("there is no such item, the array has {}", items.len())),
        None => Error::new(format!("expected the index of an item of an array, found `{segment}`")),
    }
}

fn no_parent(found: &Value) -> Error {
    unexpected("an object or an array", found)
}

#[cold]
pub(super) fn unexpected(expected: &str, found: &Value) -> Error {
    let kind = match found {
        Value::Null => json::Kind::Null,
        Value::Bool(_) => json::Kind::Bool,
        Value::Number(_) => json::Kind::Number,
        Value::String(_) => json::Kind::String,
        Value::Array(_) => json::Kind::Array,
        Value::Object(_) => json::Kind::Object,
    };
    Error::new(format!("expected {expected}, found {}", kind.name()))
}

/// A segment of a pointer as the key that it means.
fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}
