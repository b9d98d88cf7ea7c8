//! Indentation of JSON.

use super::value::string_end;

/// A document with a line for each value. The text has to be JSON without white space.
pub(crate) fn indented(text: &[u8], step: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() * 2);
    let (mut depth, mut at) = (0_usize, 0);
    let line = |out: &mut Vec<u8>, depth: usize| {
        out.push(b'\n');
        (0..depth).for_each(|_| out.extend_from_slice(step.as_bytes()));
    };
    while let Some(byte) = text.get(at) {
        let mut next = at + 1;
        match byte {
            b'"' => {
                next = string_end(text, at);
                out.extend_from_slice(&text[at..next]);
            }
            b'{' | b'[' => {
                out.push(*byte);
                // An empty array or object stays on one line.
                if let Some(end @ (b'}' | b']')) = text.get(next) {
                    out.push(*end);
                    next += 1;
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(*byte);
            }
            b',' => {
                out.push(b',');
                line(&mut out, depth);
            }
            b':' => out.extend_from_slice(b": "),
            _ => out.push(*byte),
        }
        at = next;
    }
    out
}
