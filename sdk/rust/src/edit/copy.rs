//! A copy of JSON that can be edited.

use serde_json::Number;

use crate::json::{Error, Kind, Value};

/// Copies a value and everything in it.
///
/// # Errors
///
/// When it has a number that the copy cannot keep; the pointer says which.
pub(super) fn copy(value: Value<'_>) -> Result<serde_json::Value, Error> {
    // The depth of a document is bounded, so this recursion is.
    Ok(match value.kind() {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool => serde_json::Value::Bool(value.as_bool() == Some(true)),
        Kind::Number => serde_json::Value::Number(number(value)?),
        Kind::String => serde_json::Value::String(value.unescaped().into_owned()),
        Kind::Array => value.children().map(copy).collect::<Result<Vec<_>, _>>()?.into(),
        Kind::Object => {
            let entries = value.entries().map(|(key, value)| Ok((key.into_owned(), copy(value)?)));
            serde_json::Value::Object(entries.collect::<Result<_, Error>>()?)
        }
    })
}

fn number(value: Value<'_>) -> Result<Number, Error> {
    if let Some(number) = value.as_u64() {
        return Ok(number.into());
    }
    // Not for `-0`, which only a float can keep.
    if let Some(number) = value.as_i64().filter(|number| *number != 0) {
        return Ok(number.into());
    }
    let float = value.as_f64().filter(|float| kept(value.raw(), *float));
    float.and_then(Number::from_f64).ok_or_else(|| cannot_be_kept(value))
}

/// Whether a float is what the text says, within its precision: neither infinite nor zero in place of something else, and
/// exact for integers.
fn kept(text: &str, float: f64) -> bool {
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        // Without an exponent, a float that is an integer is written with all its digits.
        return format!("{float:.0}") == text;
    }
    let significand = text.split(['e', 'E']).next().unwrap_or_default();
    float.is_finite() && (float != 0.0 || !significand.bytes().any(|byte| matches!(byte, b'1'..=b'9')))
}

#[cold]
fn cannot_be_kept(value: Value<'_>) -> Error {
    let mut text = value.raw();
    let mut more = "";
    if text.len() > 40 {
        (text, more) = (&text[..40], "…");
    }
    let message = format!("the number {text}{more} cannot be kept by an edit: it does not fit into 64 bits");
    Error::new(message).at(|| value.pointer())
}
