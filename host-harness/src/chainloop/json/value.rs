//! A text that was checked, and the ends of values in it.

use super::SyntaxError;
use super::scan::{Scanned, scan, skip_space};

/// A text whose first value is known to be JSON.
#[derive(Debug)]
pub(crate) struct Json<'t> {
    pub(super) text: &'t [u8],
    /// Where the first value starts.
    start: usize,
    /// Where it ends.
    end: usize,
    /// Starts and ends of arrays and objects that are not short, in the order of their starts.
    ends: Vec<(u32, u32)>,
}

impl<'t> Json<'t> {
    /// Reads the first value, whatever comes after it.
    pub(crate) fn first(text: &'t [u8]) -> Result<Self, SyntaxError> {
        let Scanned { start, end, ends } = scan(text)?;
        Ok(Self { text, start, end, ends })
    }

    /// Reads a text that has to be one value.
    pub(crate) fn document(text: &'t [u8]) -> Result<Self, SyntaxError> {
        let json = Self::first(text)?;
        let rest = json.rest();
        match text.get(rest) {
            Some(byte) => {
                Err(SyntaxError::Unexpected { at: rest, byte: *byte, place: "after top-level value".to_owned() })
            }
            None => Ok(json),
        }
    }

    /// Where the value starts.
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// Where what comes after the value starts, behind white space.
    pub(crate) fn rest(&self) -> usize {
        skip_space(self.text, self.end)
    }

    /// The first byte of the value at `at`, which says what it is.
    pub(crate) fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or_default()
    }

    /// Where the value that starts at `at` ends.
    pub(super) fn end_of(&self, at: usize) -> usize {
        match self.byte(at) {
            b'"' => string_end(self.text, at),
            b'{' | b'[' => match self.ends.binary_search_by_key(&(at as u32), |(start, _)| *start) {
                Ok(found) => self.ends[found].1 as usize,
                Err(_) => self.short_end(at),
            },
            _ => {
                let more = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
                at + self.text[at..].iter().take_while(|byte| more(byte)).count()
            }
        }
    }

    fn short_end(&self, mut at: usize) -> usize {
        let mut depth = 0_usize;
        while let Some(byte) = self.text.get(at) {
            match byte {
                b'"' => {
                    at = string_end(self.text, at);
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            at += 1;
            if depth == 0 {
                break;
            }
        }
        at
    }
}

/// The end of the string that starts at `at`.
pub(super) fn string_end(text: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        match text[at] {
            b'"' => return at + 1,
            _ => at += 2,
        }
    }
    text.len()
}
