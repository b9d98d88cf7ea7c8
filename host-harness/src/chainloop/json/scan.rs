//! Checking a text.

use super::SyntaxError;
use super::error::MAX_DEPTH;

/// An array or an object with fewer bytes than this is read again when its end is needed.
const SHORT: usize = 64;

/// What is known of a text that is JSON.
pub(super) struct Scanned {
    /// Where the first value starts.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// Starts and ends of arrays and objects that are not short, in the order of their starts.
    pub(super) ends: Vec<(u32, u32)>,
}

/// Checks the first value, whatever comes after it.
pub(super) fn scan(text: &[u8]) -> Result<Scanned, SyntaxError> {
    // Offsets take four bytes each.
    if u32::try_from(text.len()).is_err() {
        return Err(SyntaxError::TooLong);
    }
    let mut scanner = Scanner { text, at: 0, open: Vec::new(), ends: Vec::new() };
    scanner.space();
    let start = scanner.at;
    if start == text.len() {
        return Err(SyntaxError::Empty);
    }
    scanner.value()?;
    Ok(Scanned { start, end: scanner.at, ends: scanner.ends })
}

/// An array or an object whose end was not seen yet.
struct Open {
    object: bool,
    start: usize,
    /// Its index in `ends`.
    entry: Option<usize>,
}

struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
    open: Vec<Open>,
    ends: Vec<(u32, u32)>,
}

impl Scanner<'_> {
    fn value(&mut self) -> Result<(), SyntaxError> {
        loop {
            match self.next()? {
                b'{' => {
                    self.enter(true)?;
                    if self.next()? != b'}' {
                        self.key()?;
                        continue;
                    }
                    self.leave();
                }
                b'[' => {
                    self.enter(false)?;
                    if self.next()? != b']' {
                        continue;
                    }
                    self.leave();
                }
                b'"' => self.string()?,
                b'-' | b'0'..=b'9' => self.number()?,
                b't' => self.literal("true")?,
                b'f' => self.literal("false")?,
                b'n' => self.literal("null")?,
                _ => return self.unexpected("looking for beginning of value"),
            }
            loop {
                let Some(Open { object, .. }) = self.open.last() else { return Ok(()) };
                let object = *object;
                match (self.next()?, object) {
                    (b',', true) => {
                        self.at += 1;
                        self.next()?;
                        self.key()?;
                        break;
                    }
                    (b',', false) => {
                        self.at += 1;
                        break;
                    }
                    (b'}', true) | (b']', false) => self.leave(),
                    (_, true) => return self.unexpected("after object key:value pair"),
                    (_, false) => return self.unexpected("after array element"),
                }
            }
        }
    }

    fn enter(&mut self, object: bool) -> Result<(), SyntaxError> {
        if self.open.len() == MAX_DEPTH {
            return Err(SyntaxError::TooDeep { at: self.at });
        }
        // A hostile text can begin an array in every byte, so the number of ends is bounded. Others are found by reading
        // again.
        let entry = (self.ends.len() <= self.text.len() / 32).then_some(self.ends.len());
        if entry.is_some() {
            self.ends.push((self.at as u32, 0));
        }
        self.open.push(Open { object, start: self.at, entry });
        self.at += 1;
        Ok(())
    }

    fn leave(&mut self) {
        self.at += 1;
        let Some(Open { start, entry: Some(entry), .. }) = self.open.pop() else { return };
        if self.at - start < SHORT {
            // What is inside is even shorter, and was dropped before.
            self.ends.truncate(entry);
        } else if let Some((_, end)) = self.ends.get_mut(entry) {
            *end = self.at as u32;
        }
    }

    fn key(&mut self) -> Result<(), SyntaxError> {
        if self.peek()? != b'"' {
            return self.unexpected("looking for beginning of object key string");
        }
        self.string()?;
        if self.next()? != b':' {
            return self.unexpected("after object key");
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<(), SyntaxError> {
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => {
                    self.at += 1;
                    match self.peek()? {
                        b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => self.at += 1,
                        b'u' => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.peek()?.is_ascii_hexdigit() {
                                    return self.unexpected("in \\u hexadecimal character escape");
                                }
                                self.at += 1;
                            }
                        }
                        _ => return self.unexpected("in string escape code"),
                    }
                }
                0..0x20 => return self.unexpected("in string literal"),
                _ => self.at += 1,
            }
        }
    }

    fn number(&mut self) -> Result<(), SyntaxError> {
        if self.peek()? == b'-' {
            self.at += 1;
        }
        match self.peek()? {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits(),
            _ => return self.unexpected("in numeric literal"),
        }
        if self.text.get(self.at) == Some(&b'.') {
            self.at += 1;
            if !self.peek()?.is_ascii_digit() {
                return self.unexpected("after decimal point in numeric literal");
            }
            self.digits();
        }
        if matches!(self.text.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek()?, b'+' | b'-') {
                self.at += 1;
            }
            if !self.peek()?.is_ascii_digit() {
                return self.unexpected("in exponent of numeric literal");
            }
            self.digits();
        }
        Ok(())
    }

    fn digits(&mut self) {
        self.at += self.text[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    }

    fn literal(&mut self, word: &str) -> Result<(), SyntaxError> {
        for expected in word.bytes() {
            if self.peek()? != expected {
                return self.unexpected(&format!("in literal {word} (expecting '{}')", char::from(expected)));
            }
            self.at += 1;
        }
        Ok(())
    }

    fn space(&mut self) {
        self.at = skip_space(self.text, self.at);
    }

    /// The next byte that is no white space.
    fn next(&mut self) -> Result<u8, SyntaxError> {
        self.space();
        self.peek()
    }

    fn peek(&self) -> Result<u8, SyntaxError> {
        self.text.get(self.at).copied().ok_or(SyntaxError::Ended)
    }

    fn unexpected(&self, place: &str) -> Result<(), SyntaxError> {
        Err(SyntaxError::Unexpected { at: self.at, byte: self.peek()?, place: place.to_owned() })
    }
}

/// The first byte from `at` on that is no white space.
pub(super) fn skip_space(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count()
}
