//! What goes over the border, for people.

use serde_json::Value;

/// Arrays of so many numbers are bytes, if all of them can be: certificates travel like this, and nothing else does.
const LEAST_BYTES: usize = 16;

/// The payload of a host call as it is, but for bytes that are written as an array of numbers: they become the text that they are,
/// of which the first `longest` characters are shown, or their number when they are not a text.
///
/// ```
/// use admit_host::capabilities::readable;
///
/// let pem = b"-----BEGIN CERTIFICATE-----\nMIIB".map(|byte| byte.to_string()).join(",");
/// let payload = format!(r#"{{"cert":{{"encoding":"Pem","data":[{pem}]}}}}"#);
/// let shown = readable(payload.as_bytes(), 27);
/// assert_eq!(shown, r#"{"cert":{"data":"-----BEGIN CERTIFICATE-----… (32 bytes)","encoding":"Pem"}}"#);
/// assert_eq!(readable(b"\"db.example\"", 27), "\"db.example\"");
/// ```
pub fn readable(payload: &[u8], longest: usize) -> String {
    let as_it_is = || String::from_utf8_lossy(payload).into_owned();
    let Ok(mut value) = serde_json::from_slice::<Value>(payload) else { return as_it_is() };
    if replace(&mut value, longest) { value.to_string() } else { as_it_is() }
}

/// Whether there were bytes to be replaced.
fn replace(value: &mut Value, longest: usize) -> bool {
    let children: Box<dyn Iterator<Item = &mut Value>> = match value {
        Value::Array(items) => match bytes(items) {
            Some(bytes) => {
                *value = text(&bytes, longest).into();
                return true;
            }
            None => Box::new(items.iter_mut()),
        },
        Value::Object(fields) => Box::new(fields.values_mut()),
        _ => return false,
    };
    children.fold(false, |replaced, child| replace(child, longest) | replaced)
}

fn bytes(items: &[Value]) -> Option<Vec<u8>> {
    let byte = |item: &Value| item.as_u64().and_then(|number| u8::try_from(number).ok());
    let bytes: Option<Vec<u8>> = items.iter().map(byte).collect();
    bytes.filter(|bytes| bytes.len() >= LEAST_BYTES)
}

fn text(bytes: &[u8], longest: usize) -> String {
    let size = bytes.len();
    let is_text = |text: &&str| !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    match std::str::from_utf8(bytes).ok().filter(is_text) {
        Some(text) => match text.char_indices().nth(longest) {
            Some((end, _)) => format!("{}… ({size} bytes)", &text[..end]),
            None => text.to_owned(),
        },
        None => format!("({size} bytes)"),
    }
}

/// Characters of bytes, and of a payload, that a message shows: it is as large as its guest wants it.
const LONGEST_BYTES: usize = 60;
const MAX_SHOWN: usize = 200;

/// The start of a payload, for messages.
pub(crate) fn shown(payload: &[u8]) -> String {
    let text = readable(payload, LONGEST_BYTES);
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bytes_are_replaced() {
        let numbers = (0..20).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
        assert_eq!(readable(format!("[[{numbers}],1.0]").as_bytes(), 5), "[\"(20 bytes)\",1.0]");
        for other in [&format!("[{numbers},256]"), "[1,2,3]", "{\"b\": 1, \"a\": [true]}", "not JSON", "", "[]"] {
            assert_eq!(readable(other.as_bytes(), 5), *other);
        }
    }

    #[test]
    fn messages_show_the_start() {
        let long = format!("{{\"image\":\"{}\"}}", "ä".repeat(MAX_SHOWN));
        let shown = shown(long.as_bytes());
        assert_eq!(shown.chars().count(), MAX_SHOWN + 1);
        assert!(shown.ends_with("ä…"), "{shown}");
    }
}
