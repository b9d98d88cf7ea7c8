//! Strings: what Go decodes them to, and how it writes them.

use std::borrow::Cow;

use super::Sink;

/// Writes a string, in quotes, with everything escaped that Go escapes.
pub(crate) fn write_string(text: &str, sink: &mut Sink) {
    sink.push(b"\"");
    write_escaped(text, sink);
    sink.push(b"\"");
}

/// Writes the string that stands between the quotes of a token.
pub(super) fn write_token(inside: &[u8], sink: &mut Sink) {
    sink.push(b"\"");
    pieces(inside, &mut |piece| write_escaped(piece, sink));
    sink.push(b"\"");
}

/// The string that stands between the quotes of a token.
pub(super) fn decoded(inside: &[u8]) -> Cow<'_, str> {
    if !inside.contains(&b'\\')
        && let Ok(text) = std::str::from_utf8(inside)
    {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(inside.len());
    pieces(inside, &mut |piece| text.push_str(piece));
    Cow::Owned(text)
}

/// The parts of the string that a token stands for. What is not UTF-8 and what is half of a pair are U+FFFD.
fn pieces(inside: &[u8], each: &mut dyn FnMut(&str)) {
    let mut rest = inside;
    while !rest.is_empty() {
        let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
        let (before, after) = rest.split_at(plain);
        for chunk in before.utf8_chunks() {
            each(chunk.valid());
            // One for each byte, as Go does.
            chunk.invalid().iter().for_each(|_| each("\u{fffd}"));
        }
        if after.is_empty() {
            break;
        }
        let (character, length) = escape(after);
        each(character.encode_utf8(&mut [0; 4]));
        rest = after.get(length..).unwrap_or_default();
    }
}

/// The character that an escape at the start of `text` stands for, and the escape's length.
fn escape(text: &[u8]) -> (char, usize) {
    match text.get(1) {
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'u') => {
            let first = unit(text);
            if let Some(character) = char::from_u32(first) {
                return (character, 6);
            }
            let second = text.get(6..).filter(|rest| rest.starts_with(b"\\u")).map_or(0, unit);
            let pair = (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(&second);
            match char::from_u32(0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff)) {
                Some(character) if pair => (character, 12),
                _ => (char::REPLACEMENT_CHARACTER, 6),
            }
        }
        Some(byte) => (char::from(*byte), 2),
        None => (char::REPLACEMENT_CHARACTER, 1),
    }
}

/// The number in `\uXXXX`.
fn unit(text: &[u8]) -> u32 {
    let digits = text.get(2..6).unwrap_or_default();
    digits.iter().fold(0, |number, digit| number << 4 | char::from(*digit).to_digit(16).unwrap_or(0))
}

fn write_escaped(text: &str, sink: &mut Sink) {
    let bytes = text.as_bytes();
    let (mut from, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        let (escape, length): (&[u8], usize) = match byte {
            b'"' => (b"\\\"", 1),
            b'\\' => (b"\\\\", 1),
            b'<' => (b"\\u003c", 1),
            b'>' => (b"\\u003e", 1),
            b'&' => (b"\\u0026", 1),
            // Line and paragraph separators, which end a statement of JavaScript.
            0xe2 if bytes[at..].starts_with("\u{2028}".as_bytes()) => (b"\\u2028", 3),
            0xe2 if bytes[at..].starts_with("\u{2029}".as_bytes()) => (b"\\u2029", 3),
            0..0x20 => (b"", 1),
            _ => {
                at += 1;
                continue;
            }
        };
        sink.push(&bytes[from..at]);
        if escape.is_empty() {
            sink.push(&control(*byte))
        } else {
            sink.push(escape)
        }
        at += length;
        from = at;
    }
    sink.push(&bytes[from..]);
}

/// Writes a token as it is, except for what would mean something in HTML and JavaScript, and what is not UTF-8.
pub(super) fn copy_escaped(token: &[u8], sink: &mut Sink) {
    for chunk in token.utf8_chunks() {
        for part in chunk.valid().split_inclusive(['<', '>', '&', '\u{2028}', '\u{2029}']) {
            let last = part.chars().next_back().filter(|last| "<>&\u{2028}\u{2029}".contains(*last));
            let plain = part.len() - last.map_or(0, char::len_utf8);
            sink.push(&part.as_bytes()[..plain]);
            if let Some(last) = last {
                sink.push(format!("\\u{:04x}", u32::from(last)).as_bytes());
            }
        }
        chunk.invalid().iter().for_each(|_| sink.push("\u{fffd}".as_bytes()));
    }
}

fn control(byte: u8) -> Vec<u8> {
    match byte {
        0x08 => b"\\b".to_vec(),
        0x0c => b"\\f".to_vec(),
        b'\n' => b"\\n".to_vec(),
        b'\r' => b"\\r".to_vec(),
        b'\t' => b"\\t".to_vec(),
        _ => format!("\\u00{byte:02x}").into_bytes(),
    }
}
