//! Reading a document, to the first thing that is wrong.

use std::collections::BTreeSet;

use super::super::json::Json;
use super::{Field, Message, Shape, Value, camel};

/// What becomes of fields that a message does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    Refused,
    Dropped,
}

/// Reads the document as a message.
///
/// # Errors
///
/// The first thing that is wrong, in the order of the text, with its line and column: `proto: (line 1:9): …`.
pub(crate) fn check(json: &Json<'_>, message: &Message, unknown: Unknown) -> Result<(), String> {
    Reader { json, unknown }.message(json.start(), message)
}

struct Reader<'j, 't> {
    json: &'j Json<'t>,
    unknown: Unknown,
}

impl Reader<'_, '_> {
    fn message(&self, at: usize, message: &Message) -> Result<(), String> {
        let json = self.json;
        if json.byte(at) != b'{' {
            return Err(self.unexpected(at));
        }
        let (mut seen, mut groups) = (BTreeSet::new(), BTreeSet::new());
        for member in json.members(at) {
            let (key, place) = (json.key(member), member.at());
            let shown = self.raw(place);
            let Some(field) = message.fields.iter().find(|field| camel(field.name) == key || field.name == key) else {
                match self.unknown {
                    Unknown::Refused => return Err(self.error(place, format!("unknown field {shown}"))),
                    Unknown::Dropped => continue,
                }
            };
            if !seen.insert(field.name) {
                return Err(self.error(place, format!("duplicate field {shown}")));
            }
            let value = member.value();
            if json.byte(value) == b'n' {
                continue;
            }
            if let Some(oneof) = field.oneof
                && !groups.insert(oneof)
            {
                return Err(self.error(place, format!("error parsing {shown}, oneof {oneof} is already set")));
            }
            self.field(value, field)?;
        }
        Ok(())
    }

    fn field(&self, at: usize, field: &Field) -> Result<(), String> {
        let json = self.json;
        match field.shape {
            Shape::One(value) => self.value(at, field.name, value),
            Shape::Many(value) => {
                if json.byte(at) != b'[' {
                    return Err(self.unexpected(at));
                }
                json.items(at).try_for_each(|item| self.value(item, field.name, value))
            }
            Shape::Strings => {
                if json.byte(at) != b'{' {
                    return Err(self.unexpected(at));
                }
                let mut seen = BTreeSet::new();
                for member in json.members(at) {
                    if !seen.insert(json.key(member)) {
                        let shown = self.raw(member.at());
                        return Err(self.error(member.at(), format!("duplicate map key {shown}")));
                    }
                    self.value(member.value(), "value", Value::String)?;
                }
                Ok(())
            }
        }
    }

    fn value(&self, at: usize, name: &str, value: Value) -> Result<(), String> {
        let text = self.json.string(at);
        let number = || match &text {
            Some(text) => number(text),
            None => number(&self.raw(at)),
        };
        let (kind, fits) = match value {
            Value::Message(message) => return self.message(at, message),
            Value::String => ("string", text.is_some()),
            Value::Bool => ("bool", matches!(self.json.byte(at), b't' | b'f')),
            Value::Int32 => ("int32", number().is_some_and(is_int32)),
            Value::Double => {
                let word = text.as_deref().is_some_and(|text| ["NaN", "Infinity", "-Infinity"].contains(&text));
                ("double", word || number().is_some())
            }
            Value::Enum(words) => {
                let fits = match &text {
                    Some(text) => words.iter().any(|words| words.contains(&text.as_ref())),
                    None => number().is_some_and(is_int32),
                };
                ("enum", fits)
            }
        };
        if fits {
            return Ok(());
        }
        Err(self.error(at, format!("invalid value for {kind} field {}: {}", camel(name), self.raw(at))))
    }

    /// A token as it is written; of a list and an object, how it starts.
    fn raw(&self, at: usize) -> String {
        match self.json.byte(at) {
            byte @ (b'{' | b'[') => char::from(byte).to_string(),
            _ => String::from_utf8_lossy(self.json.token(at)).into_owned(),
        }
    }

    fn unexpected(&self, at: usize) -> String {
        format!("proto: syntax error {}: unexpected token {}", self.place(at), self.raw(at))
    }

    fn error(&self, at: usize, what: String) -> String {
        format!("proto: {}: {what}", self.place(at))
    }

    /// Columns are bytes.
    fn place(&self, at: usize) -> String {
        let before = self.json.before(at);
        let start = memchr::memrchr(b'\n', before).map_or(0, |found| found + 1);
        format!("(line {}:{})", memchr::memchr_iter(b'\n', before).count() + 1, before.len() - start + 1)
    }
}

fn is_int32(number: f64) -> bool {
    number.fract() == 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number)
}

/// The number that a text is, in JSON's grammar.
pub(crate) fn number(text: &str) -> Option<f64> {
    let json = Json::document(text.as_bytes()).ok()?;
    let token = json.token(json.start());
    let alone = token.len() == text.len() && matches!(json.byte(0), b'-' | b'0'..=b'9');
    text.parse::<f64>().ok().filter(|number| alone && number.is_finite())
}
