//! Writing a value again, as Go does: objects in the order of their keys, no white space, numbers as they were.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

use super::scan::skip_space;
use super::text::{copy_escaped, decoded, write_token};
use super::value::string_end;
use super::{Json, Sink};

/// One entry of an object: where its key and its value start. Eight bytes, because an object may have millions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    key: u32,
    value: u32,
}

impl Member {
    /// Where the key starts.
    pub(crate) fn at(self) -> usize {
        self.key as usize
    }

    /// Where the value starts.
    pub(crate) fn value(self) -> usize {
        self.value as usize
    }
}

impl<'t> Json<'t> {
    /// The key of an entry.
    pub(crate) fn key(&self, member: Member) -> Cow<'t, str> {
        decoded(self.key_token(member))
    }

    fn key_token(&self, member: Member) -> &'t [u8] {
        let start = member.key as usize;
        &self.text[start + 1..string_end(self.text, start) - 1]
    }

    /// The text of the string at `at`; `None` if it is something else.
    pub(crate) fn string(&self, at: usize) -> Option<Cow<'t, str>> {
        (self.byte(at) == b'"').then(|| decoded(&self.text[at + 1..self.end_of(at) - 1]))
    }

    /// The text up to `at`.
    pub(crate) fn before(&self, at: usize) -> &'t [u8] {
        &self.text[..at]
    }

    /// The value at `at`, as it is written.
    pub(crate) fn token(&self, at: usize) -> &'t [u8] {
        &self.text[at..self.end_of(at)]
    }

    /// The entries of the object at `at`, in the order of the text.
    pub(crate) fn members(&self, at: usize) -> Vec<Member> {
        let mut members = Vec::new();
        let mut at = skip_space(self.text, at + 1);
        while self.byte(at) == b'"' {
            let key = at;
            let colon = skip_space(self.text, string_end(self.text, key));
            let value = skip_space(self.text, colon + 1);
            members.push(Member { key: key as u32, value: value as u32 });
            at = skip_space(self.text, self.end_of(value));
            if self.byte(at) == b',' {
                at = skip_space(self.text, at + 1);
            }
        }
        members
    }

    /// The entries of the object at `at` in the order of their keys; of those with the same key, the last one.
    pub(crate) fn sorted_members(&self, at: usize) -> Vec<Member> {
        let mut members = self.members(at);
        members.sort_unstable_by(|a, b| self.compare(*a, *b).then(b.key.cmp(&a.key)));
        members.dedup_by(|later, first| self.compare(*later, *first) == Ordering::Equal);
        members
    }

    fn compare(&self, a: Member, b: Member) -> Ordering {
        let (a, b) = (self.key_token(a), self.key_token(b));
        let plain = |key: &[u8]| key.iter().all(|byte| byte.is_ascii() && *byte != b'\\');
        if plain(a) && plain(b) { a.cmp(b) } else { decoded(a).as_bytes().cmp(decoded(b).as_bytes()) }
    }

    /// The entry of the object at `at` with this very key.
    pub(crate) fn member(&self, at: usize, key: &str) -> Option<usize> {
        if self.byte(at) != b'{' {
            return None;
        }
        let members = self.members(at);
        members.into_iter().rev().find(|member| self.key(*member) == key).map(Member::value)
    }

    /// Where the items of the array at `at` start.
    pub(crate) fn items(&self, at: usize) -> Items<'_, 't> {
        Items { json: self, at: skip_space(self.text, at + 1) }
    }

    /// Writes the value at `at`.
    pub(crate) fn write(&self, at: usize, sink: &mut Sink) {
        match self.byte(at) {
            b'{' => {
                sink.push(b"{");
                for (index, member) in self.sorted_members(at).into_iter().enumerate() {
                    if index > 0 {
                        sink.push(b",");
                    }
                    self.write_member(member, sink);
                }
                sink.push(b"}");
            }
            b'[' => {
                sink.push(b"[");
                for (index, item) in self.items(at).enumerate() {
                    if index > 0 {
                        sink.push(b",");
                    }
                    self.write(item, sink);
                }
                sink.push(b"]");
            }
            b'"' => write_token(&self.text[at + 1..self.end_of(at) - 1], sink),
            _ => sink.push(self.token(at)),
        }
    }

    /// Writes the value at `at` with its entries in the order of the text.
    pub(crate) fn copy(&self, at: usize, sink: &mut Sink) {
        let mut at = at;
        let end = self.end_of(at);
        while at < end {
            let next = match self.byte(at) {
                b'"' => string_end(self.text, at),
                b' ' | b'\t' | b'\n' | b'\r' => {
                    at += 1;
                    continue;
                }
                _ => at + 1,
            };
            copy_escaped(&self.text[at..next], sink);
            at = next;
        }
    }

    /// Writes an entry.
    pub(crate) fn write_member(&self, member: Member, sink: &mut Sink) {
        write_token(self.key_token(member), sink);
        sink.push(b":");
        self.write(member.value(), sink);
    }

    /// The value at `at` as a tree; a number that a float of 64 bits cannot hold is the error, as it is written.
    pub(crate) fn tree(&self, at: usize) -> Result<Value, String> {
        Ok(match self.byte(at) {
            b'{' => {
                let entry = |member: Member| Ok((self.key(member).into_owned(), self.tree(member.value())?));
                Value::Object(self.members(at).into_iter().map(entry).collect::<Result<Map<_, _>, String>>()?)
            }
            b'[' => Value::Array(self.items(at).map(|item| self.tree(item)).collect::<Result<_, _>>()?),
            b'"' => Value::String(self.string(at).unwrap_or_default().into_owned()),
            b't' => Value::Bool(true),
            b'f' => Value::Bool(false),
            b'n' => Value::Null,
            _ => {
                let token = String::from_utf8_lossy(self.token(at));
                Value::Number(token.parse::<Number>().map_err(|_| token.into_owned())?)
            }
        })
    }
}

/// Where the items of an array start.
pub(crate) struct Items<'j, 't> {
    json: &'j Json<'t>,
    at: usize,
}

impl Iterator for Items<'_, '_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let item = self.at;
        if matches!(self.json.byte(item), b']' | 0) {
            return None;
        }
        let text = self.json.text;
        self.at = skip_space(text, self.json.end_of(item));
        if self.json.byte(self.at) == b',' {
            self.at = skip_space(text, self.at + 1);
        }
        Some(item)
    }
}
