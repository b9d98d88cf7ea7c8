//! The one pass over the text: checks the grammar of RFC 8259 and notes where every value is.
//!
//! Nothing is converted or copied here. It is the hottest loop of a policy, so it is one function over local variables:
//! calls of methods would cost fuel for every byte of every request. Open containers are kept in the nodes themselves (`end`
//! holds the parent until the container is closed), so nesting needs no stack.

use super::SyntaxError;
use super::node::{Node, Token};

/// Most levels of nesting: as many as serde_json allows, which Kubewarden hosts use.
const MAX_DEPTH: u32 = 127;
/// Largest text in bytes (256 MiB). Every offset fits into a `u32`, also on 64-bit machines.
const MAX_LENGTH: usize = 256 << 20;
/// A byte of 1 in every place: multiplied with a byte it repeats it.
const ONES: u64 = u64::from_le_bytes([1; 8]);
/// No container is open.
const NONE: u32 = u32::MAX;

/// What a scan finds: the values, and whether any byte lies outside of ASCII.
pub(super) struct Scanned {
    pub(super) nodes: Vec<Node>,
    pub(super) ascii: bool,
}

pub(super) fn scan(text: &[u8]) -> Result<Scanned, SyntaxError> {
    if text.len() > MAX_LENGTH {
        return Err(SyntaxError::new(b"", 0, "document larger than 256 MiB"));
    }
    // Kubernetes objects have a value or key every eight bytes or so; one allocation is cheaper than growing.
    let mut nodes: Vec<Node> = Vec::with_capacity(text.len() / 8 + 8);
    let mut at = 0;
    let mut container = NONE;
    let mut object = false;
    let mut depth = 0;
    // Every byte of every string, or-ed together: the high bit says that one is not ASCII. Elsewhere only ASCII fits.
    let mut seen = 0u64;
    // Whether a key comes next, and not a value.
    let mut key = false;

    let fault = 'fault: {
        'next: loop {
            at = skip_space(text, at);
            let byte = peek(text, at);
            if byte == b'"' {
                at += 1;
                let start = at;
                let mut token = Token::Plain;
                loop {
                    at = skip_plain(text, at, &mut seen);
                    match peek(text, at) {
                        b'"' => break,
                        b'\\' => {
                            token = Token::Escaped;
                            match escape(text, at) {
                                Ok(behind) => at = behind,
                                Err((place, message)) => {
                                    at = place;
                                    break 'fault message;
                                }
                            }
                        }
                        _ if at == text.len() => break 'fault "string without an end",
                        _ => break 'fault "control character in a string",
                    }
                }
                push(&mut nodes, start, at, token);
                at += 1;
                if key {
                    at = skip_space(text, at);
                    if peek(text, at) != b':' {
                        break 'fault "expected `:`";
                    }
                    at += 1;
                    key = false;
                    continue 'next;
                }
            } else if key {
                // `}` here is right only behind `{`; behind a comma it is not.
                if byte != b'}' || nodes.len() as u32 != container + 1 {
                    break 'fault "expected a key in double quotes";
                }
            } else {
                match byte {
                    b'{' | b'[' => {
                        if depth == MAX_DEPTH {
                            break 'fault "nested deeper than 127 levels";
                        }
                        depth += 1;
                        object = byte == b'{';
                        key = object;
                        let parent = container;
                        container = nodes.len() as u32;
                        push(&mut nodes, at, parent as usize, if object { Token::Object } else { Token::Array });
                        at += 1;
                        continue 'next;
                    }
                    b't' | b'f' | b'n' => {
                        let (word, token): (&[u8], _) = match byte {
                            b't' => (b"true", Token::True),
                            b'f' => (b"false", Token::False),
                            _ => (b"null", Token::Null),
                        };
                        if !text[at..].starts_with(word) {
                            break 'fault "expected a value";
                        }
                        push(&mut nodes, at, at + word.len(), token);
                        at += word.len();
                    }
                    b'-' | b'0'..=b'9' => {
                        let start = at;
                        let (behind, complete) = number(text, at);
                        at = behind;
                        if !complete {
                            break 'fault "expected a digit";
                        }
                        push(&mut nodes, start, at, Token::Number);
                    }
                    b']' if !object && container != NONE && nodes.len() as u32 == container + 1 => {}
                    _ => break 'fault "expected a value",
                }
            }
            // A value has ended, or an empty container is about to: what comes next is up to the container.
            loop {
                at = skip_space(text, at);
                let byte = peek(text, at);
                if container == NONE {
                    if at == text.len() {
                        return Ok(Scanned { nodes, ascii: seen & (ONES * 0x80) == 0 });
                    }
                    break 'fault "trailing characters";
                }
                if byte == b',' {
                    at += 1;
                    key = object;
                    continue 'next;
                }
                if byte != if object { b'}' } else { b']' } {
                    break 'fault if object { "expected `,` or `}`" } else { "expected `,` or `]`" };
                }
                at += 1;
                depth -= 1;
                let next = nodes.len() as u32;
                let node = &mut nodes[container as usize];
                container = node.end;
                node.end = at as u32;
                node.next = next;
                object = nodes.get(container as usize).is_some_and(|parent| parent.token == Token::Object);
            }
        }
    };
    Err(SyntaxError::new(text, at, fault))
}

/// The byte at the position; NUL, which no grammar rule accepts, at the end.
#[inline(always)]
fn peek(text: &[u8], at: usize) -> u8 {
    if at < text.len() { text[at] } else { 0 }
}

/// Goes to the next byte that is not white space.
#[inline(always)]
fn skip_space(text: &[u8], mut at: usize) -> usize {
    while matches!(peek(text, at), b' ' | b'\n' | b'\t' | b'\r') {
        at += 1;
    }
    at
}

/// Goes to the next byte of a string that is not simply a character: a quote, a backslash, a control character or the end.
///
/// Eight bytes at a time: in each of the three terms the lowest flagged byte is exact, and only that one is used.
#[inline(always)]
fn skip_plain(text: &[u8], mut at: usize, seen: &mut u64) -> usize {
    while let Some(chunk) = text.get(at..).and_then(|rest| rest.first_chunk()) {
        let word = u64::from_le_bytes(*chunk);
        *seen |= word;
        let quote = word ^ (ONES * b'"' as u64);
        let backslash = word ^ (ONES * b'\\' as u64);
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let found = ((quote.wrapping_sub(ONES) & !quote) | (backslash.wrapping_sub(ONES) & !backslash) | control)
            & (ONES * 0x80);
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while at < text.len() && !matches!(text[at], b'"' | b'\\' | 0..0x20) {
        *seen |= u64::from(text[at]);
        at += 1;
    }
    at
}

#[inline(always)]
fn push(nodes: &mut Vec<Node>, start: usize, end: usize, token: Token) {
    let next = nodes.len() as u32 + 1;
    nodes.push(Node { start: start as u32, end: end as u32, next, token });
}

/// Checks an escape sequence: the position behind it, or where it goes wrong. Surrogates must come in pairs: what cannot be
/// a Rust string is refused here, so that reading a value never fails.
#[cold]
fn escape(text: &[u8], at: usize) -> Result<usize, (usize, &'static str)> {
    const UNPAIRED: &str = "unpaired surrogate in a string";
    match peek(text, at + 1) {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(at + 2),
        b'u' => match hex(text, at + 2)? {
            0xD800..=0xDBFF if peek(text, at + 6) == b'\\' && peek(text, at + 7) == b'u' => match hex(text, at + 8)? {
                0xDC00..=0xDFFF => Ok(at + 12),
                _ => Err((at + 6, UNPAIRED)),
            },
            0xD800..=0xDFFF => Err((at, UNPAIRED)),
            _ => Ok(at + 6),
        },
        _ => Err((at + 1, "invalid escape in a string")),
    }
}

/// Four hexadecimal digits.
fn hex(text: &[u8], at: usize) -> Result<u32, (usize, &'static str)> {
    (at..at + 4).try_fold(0, |value, at| match char::from(peek(text, at)).to_digit(16) {
        Some(digit) => Ok(value << 4 | digit),
        None => Err((at, "expected four hexadecimal digits")),
    })
}

/// Goes behind a number; false where a digit is missing.
#[inline(always)]
fn number(text: &[u8], mut at: usize) -> (usize, bool) {
    let digits = |mut at: usize| {
        let start = at;
        while peek(text, at).is_ascii_digit() {
            at += 1;
        }
        (at, at > start)
    };
    if peek(text, at) == b'-' {
        at += 1;
    }
    let mut complete = true;
    if peek(text, at) == b'0' {
        at += 1;
    } else {
        (at, complete) = digits(at);
    }
    if complete && peek(text, at) == b'.' {
        (at, complete) = digits(at + 1);
    }
    if complete && matches!(peek(text, at), b'e' | b'E') {
        at += 1;
        if matches!(peek(text, at), b'+' | b'-') {
            at += 1;
        }
        (at, complete) = digits(at);
    }
    (at, complete)
}
