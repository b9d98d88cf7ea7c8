//! `protojson.Unmarshal`: whether a document is a message of Protocol Buffers, in which no unknown field may be.
//!
//! Messages are written as in [`Types`](crate::chainloop::go::Types), with the kinds `string`, `bytes`, `int64`, `enum` and
//! `struct` (any object).

use std::collections::HashMap;

use super::super::super::json::Json;
use super::super::error::position;
use crate::input::Position;

/// What a bundle of Sigstore and a statement of in-toto are made of.
const MESSAGES: &str = include_str!("types/messages.txt");

/// Why a document is not the message.
#[derive(Debug)]
pub(super) struct ProtoError {
    pub(super) words: String,
    pub(super) at: usize,
}

/// Checks a text that has to be a message of this kind.
pub(super) fn message<'t>(text: &'t [u8], kind: &str) -> Result<Json<'t>, ProtoError> {
    let json = Json::document(text).map_err(|error| {
        let at = error.at().unwrap_or(text.len());
        let Position { line, column } = position(text, at);
        let rest = String::from_utf8_lossy(text.get(at..).unwrap_or_default());
        let token: String = rest.split([' ', '\n', '\r', '\t']).next().unwrap_or_default().chars().take(40).collect();
        ProtoError { words: format!("proto: syntax error (line {line}:{column}): unexpected token {token}"), at }
    })?;
    let line = |line: &'static str| {
        let (name, fields) = line.split_once(':')?;
        Some((name, fields.split(',').filter_map(|field| field.trim().split_once(' ')).collect()))
    };
    let check = Check { messages: MESSAGES.lines().filter_map(line).collect(), json: &json, text };
    check.message(json.start(), kind)?;
    Ok(json)
}

/// The value of a field, by its name in JSON or in the definition of the message.
pub(super) fn field(json: &Json<'_>, message: usize, name: &str) -> Option<usize> {
    json.member(message, name).or_else(|| json.member(message, &snake(name))).filter(|at| json.byte(*at) != b'n')
}

struct Check<'c, 't> {
    messages: HashMap<&'static str, Vec<(&'static str, &'static str)>>,
    json: &'c Json<'t>,
    text: &'t [u8],
}

impl Check<'_, '_> {
    fn message(&self, at: usize, kind: &str) -> Result<(), ProtoError> {
        if self.json.byte(at) != b'{' {
            return Err(self.unexpected(at));
        }
        let fields = self.messages.get(kind).map(Vec::as_slice).unwrap_or_default();
        let mut seen = Vec::new();
        for member in self.json.members(at) {
            let key = self.json.key(member);
            let found = fields.iter().find(|(name, _)| *name == key || snake(name) == key);
            let Some((name, kind)) = found else {
                return Err(self.error(member.at(), &format!("unknown field {key:?}")));
            };
            if seen.contains(name) {
                return Err(self.error(member.at(), &format!("duplicate field {key:?}")));
            }
            seen.push(name);
            if self.json.byte(member.value()) != b'n' {
                self.value(member.value(), name, kind)?;
            }
        }
        Ok(())
    }

    fn value(&self, at: usize, name: &str, kind: &str) -> Result<(), ProtoError> {
        let byte = self.json.byte(at);
        if let Some(item) = kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
            if byte != b'[' {
                return Err(self.unexpected(at));
            }
            return self.json.items(at).try_for_each(|found| self.value(found, name, item));
        }
        if kind == "{string}" {
            if byte != b'{' {
                return Err(self.unexpected(at));
            }
            let mut members = self.json.members(at).into_iter();
            return members.try_for_each(|member| self.value(member.value(), name, "string"));
        }
        let token = || String::from_utf8_lossy(self.json.token(at)).into_owned();
        let fits = match kind {
            "string" => byte == b'"',
            "bytes" => self.json.string(at).is_some_and(|text| super::super::envelope::decoded(&text).is_some()),
            "int64" => token().trim_matches('"').parse::<i64>().is_ok(),
            "enum" => byte == b'"' || token().parse::<i32>().is_ok(),
            "struct" if byte == b'{' => true,
            "struct" => return Err(self.unexpected(at)),
            message => return self.message(at, message),
        };
        if fits { Ok(()) } else { Err(self.error(at, &format!("invalid value for {kind} field {name}: {}", token()))) }
    }

    fn unexpected(&self, at: usize) -> ProtoError {
        let Position { line, column } = position(self.text, at);
        let token = String::from_utf8_lossy(self.json.token(at));
        // Of lists and objects the first character is the token.
        let token = if matches!(self.json.byte(at), b'{' | b'[') { &token[..1] } else { &token };
        ProtoError { words: format!("proto: syntax error (line {line}:{column}): unexpected token {token}"), at }
    }

    fn error(&self, at: usize, what: &str) -> ProtoError {
        let Position { line, column } = position(self.text, at);
        ProtoError { words: format!("proto: (line {line}:{column}): {what}"), at }
    }
}

/// A name as it is in the definition of a message.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for character in name.trim_start_matches('_').chars() {
        if character.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(character.to_ascii_lowercase());
    }
    out
}
