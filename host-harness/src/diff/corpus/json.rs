//! JSON in a stream: one value after the other, none of them parsed.

use std::io::{self, BufRead, Read as _};
use std::ops::Range;

use memchr::memchr2;

use super::{Raw, Unreadable};
use crate::file::MAX_DOCUMENT;

/// What makes a log of one that is read line by line, besides its name.
const OF_AUDIT: &[u8] = b"audit.k8s.io/";

/// The values in a text.
pub(super) struct Values<R> {
    reader: R,
    /// Whether each line is a value of its own, so that one that is cut off spoils no other.
    by_line: bool,
    /// The line that is being read, what of it was read, and its number.
    line: Vec<u8>,
    at: usize,
    number: u64,
    ended: bool,
}

impl<R: BufRead> Values<R> {
    pub(super) fn new(reader: R, by_line: bool) -> Self {
        Self { reader, by_line, line: Vec::new(), at: 0, number: 0, ended: false }
    }

    /// The next value; nothing at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Result<Raw, Unreadable>>> {
        if !self.go_to_value()? {
            return Ok(None);
        }
        let begins = self.number;
        if !matches!(self.line[self.at], b'{' | b'[') {
            self.at = self.line.len();
            return Ok(Some(Err(self.unreadable(begins, "expected JSON: an object in braces"))));
        }
        let (mut scan, mut text) = (Scan::default(), Vec::new());
        loop {
            let rest = &self.line[self.at..];
            if let Some(end) = scan.end(rest) {
                text.extend_from_slice(&rest[..end]);
                self.at += end;
                if begins == self.number && memchr::memmem::find(&text, OF_AUDIT).is_some() {
                    self.by_line = true;
                }
                return Ok(Some(Ok(Raw { text, line: begins })));
            }
            text.extend_from_slice(rest);
            self.at = self.line.len();
            if text.len() as u64 > MAX_DOCUMENT {
                self.ended = true;
                return Ok(Some(Err(self.unreadable(begins, &too_large()))));
            }
            if self.by_line {
                return Ok(Some(Err(self.unreadable(begins, "the line ends before its JSON does"))));
            }
            if !self.next_line()? {
                return Ok(Some(Err(self.unreadable(begins, "the file ends before its JSON does"))));
            }
        }
    }

    /// Goes to where a value begins; false at the end.
    fn go_to_value(&mut self) -> io::Result<bool> {
        loop {
            let rest = &self.line[self.at..];
            // A mark of the byte order, which some editors write.
            let blank = |byte: &u8| byte.is_ascii_whitespace() || [0xef, 0xbb, 0xbf].contains(byte);
            match rest.iter().position(|byte| !blank(byte)) {
                Some(found) => {
                    self.at += found;
                    return Ok(true);
                }
                None if self.next_line()? => {}
                None => return Ok(false),
            }
        }
    }

    fn next_line(&mut self) -> io::Result<bool> {
        self.line.clear();
        self.at = 0;
        self.number += 1;
        if self.ended {
            return Ok(false);
        }
        let read = read_line(&mut self.reader, &mut self.line)?;
        self.ended = read == 0 || read as u64 > MAX_DOCUMENT;
        Ok(read > 0)
    }

    fn unreadable(&self, line: u64, why: &str) -> Unreadable {
        Unreadable { line, why: why.to_owned() }
    }
}

/// Reads up to the end of a line, and not more than a document may have.
pub(super) fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<usize> {
    reader.take(MAX_DOCUMENT + 1).read_until(b'\n', line)
}

pub(super) fn too_large() -> String {
    format!(
        "larger than {} MiB, which is the limit for a document; what follows in the file is not read",
        MAX_DOCUMENT >> 20
    )
}

/// Where a JSON value ends, of which the parts come one after the other.
#[derive(Default)]
struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    /// The length of the value in `part`, if it ends there. The first part begins with a bracket or brace.
    fn end(&mut self, part: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < part.len() {
            if self.escaped {
                self.escaped = false;
                at += 1;
                continue;
            }
            if self.in_string {
                let found = memchr2(b'"', b'\\', &part[at..])?;
                at += found + 1;
                self.escaped = part[at - 1] == b'\\';
                self.in_string = self.escaped;
                continue;
            }
            let byte = part[at];
            at += 1;
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }
}

/// The items of a list of Kubernetes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Items {
    /// Of what it is a list: apiVersion and kind, unless it is a plain `List`.
    pub(super) of: Option<(String, String)>,
    /// Where each is in the text, and in which line of it, from 0.
    pub(super) items: Vec<(Range<usize>, u64)>,
}

/// The items of the list that this text is; nothing for any other text, and for one that is written in an unusual way.
pub(super) fn items(text: &[u8]) -> Option<Items> {
    let mut walk = Walk { text, at: 0 };
    let (mut kind, mut api_version, mut items) = (None, None, None);
    walk.expect(b'{')?;
    loop {
        let key = walk.string()?;
        walk.expect(b':')?;
        let seen_before = match key.as_str() {
            "kind" => kind.replace(walk.string()?).is_some(),
            "apiVersion" => api_version.replace(walk.string()?).is_some(),
            "items" => items.replace(walk.array()?).is_some(),
            _ => walk.value().is_none(),
        };
        if seen_before {
            return None;
        }
        match walk.next()? {
            b',' => {}
            b'}' => break,
            _ => return None,
        }
    }
    let kind = kind?.strip_suffix("List")?.to_owned();
    let api_version = api_version?;
    let mut line = 0;
    let mut counted = 0;
    let place = |range: Range<usize>| {
        line += memchr::memchr_iter(b'\n', &text[counted..range.start]).count() as u64;
        counted = range.start;
        (range, line)
    };
    Some(Items {
        of: (!kind.is_empty()).then_some((api_version, kind)),
        items: items?.into_iter().map(place).collect(),
    })
}

struct Walk<'t> {
    text: &'t [u8],
    at: usize,
}

impl Walk<'_> {
    /// The next byte that is not blank.
    fn peek(&mut self) -> Option<u8> {
        self.at += self.text[self.at..].iter().position(|byte| !byte.is_ascii_whitespace())?;
        Some(self.text[self.at])
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn expect(&mut self, wanted: u8) -> Option<()> {
        (self.next()? == wanted).then_some(())
    }

    fn string(&mut self) -> Option<String> {
        (self.peek()? == b'"').then_some(())?;
        let range = self.value()?;
        serde_json::from_slice(&self.text[range]).ok()
    }

    /// Where the next value is.
    fn value(&mut self) -> Option<Range<usize>> {
        let first = self.peek()?;
        let (start, rest) = (self.at, &self.text[self.at..]);
        let length = match first {
            b'{' | b'[' => Scan::default().end(rest)?,
            b'"' => {
                let mut end = 1;
                loop {
                    end += memchr2(b'"', b'\\', &rest[end..])? + 1;
                    if rest[end - 1] == b'"' {
                        break end;
                    }
                    end += 1;
                    rest.get(end)?;
                }
            }
            _ => rest.iter().position(|byte| b",]} \t\r\n".contains(byte))?,
        };
        self.at += length;
        (length > 0).then_some(start..start + length)
    }

    /// Where the objects of an array are.
    fn array(&mut self) -> Option<Vec<Range<usize>>> {
        self.expect(b'[')?;
        let mut found = Vec::new();
        if self.peek()? == b']' {
            self.at += 1;
            return Some(found);
        }
        loop {
            (self.peek()? == b'{').then_some(())?;
            found.push(self.value()?);
            match self.next()? {
                b',' => {}
                b']' => return Some(found),
                _ => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str, by_line: bool) -> Vec<Result<(String, u64), (u64, String)>> {
        let mut values = Values::new(text.as_bytes(), by_line);
        let mut found = Vec::new();
        while let Some(next) = values.next().expect("a text can be read") {
            found.push(match next {
                Ok(raw) => Ok((String::from_utf8(raw.text).expect("text"), raw.line)),
                Err(Unreadable { line, why }) => Err((line, why)),
            });
        }
        found
    }

    fn good(text: &str, line: u64) -> Result<(String, u64), (u64, String)> {
        Ok((text.to_owned(), line))
    }

    #[test]
    fn values_end_where_their_braces_do() {
        let text = "\u{feff}{\"a\": \"}\\\"{\",\n \"b\": [{}]}\n\n{\"c\": 1} {\"d\": \"\\\\\"}\n[1]";
        assert_eq!(
            values(text, false),
            [
                good("{\"a\": \"}\\\"{\",\n \"b\": [{}]}", 1),
                good("{\"c\": 1}", 4),
                good("{\"d\": \"\\\\\"}", 4),
                good("[1]", 5)
            ]
        );
    }

    #[test]
    fn a_line_that_is_cut_off_spoils_no_other() {
        let text = "{\"a\": 1}\n{\"a\": {\"b\n{\"c\": 2}\nnot JSON\n{\"d\": 3}\n{\"e\":";
        let found = values(text, true);
        assert_eq!(found.iter().flatten().count(), 3, "{found:?}");
        let lines: Vec<u64> = found.iter().filter_map(|found| found.as_ref().err()).map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 4, 6]);
        let audit = "{\"apiVersion\": \"audit.k8s.io/v1\"}\n{\"cut\": {\n{\"c\": 2}\n";
        assert_eq!(values(audit, false).iter().flatten().count(), 2, "known by what is in it");
    }

    #[test]
    fn what_never_ends_is_unreadable() {
        let found = values("{\"a\": [\n{}\n", false);
        assert_eq!(found, [Err((1, "the file ends before its JSON does".to_owned()))]);
        assert_eq!(values(" \n", false), []);
    }

    #[test]
    fn items_are_found_without_reading_them() {
        let text = br#"{"apiVersion": "v1",
  "metadata": {"resourceVersion": "1"}, "items": [
    {"a": "],}"},
    {"b": [1, {}]}
  ], "kind": "PodList"}"#;
        let found = items(text).expect("a list");
        assert_eq!(found.of, Some(("v1".to_owned(), "Pod".to_owned())));
        let texts: Vec<_> = found.items.iter().map(|(range, line)| (&text[range.clone()], *line)).collect();
        assert_eq!(texts, [(&br#"{"a": "],}"}"#[..], 2), (&br#"{"b": [1, {}]}"#[..], 3)]);
        let plain = items(br#"{"apiVersion":"v1","kind":"List","items":[]}"#).expect("a list");
        assert_eq!((plain.of, plain.items.len()), (None, 0));
        for other in [
            r#"{"apiVersion":"v1","kind":"Pod","items":[]}"#,
            r#"{"apiVersion":"v1","kind":"List"}"#,
            r#"{"apiVersion":"v1","kind":"List","items":null}"#,
            r#"{"apiVersion":"v1","kind":"List","items":[1]}"#,
            r#"{"apiVersion":"v1","kind":"List","items":[],"items":[]}"#,
            r#"{"apiVersion":"v1","kind":"List","items":[{}"#,
            r#"{"kind":"List","items":[{}]}"#,
            r#"{"apiVersion":"v1","kind":"List\"#,
            "{}",
            "",
        ] {
            assert_eq!(items(other.as_bytes()), None, "{other}");
        }
    }
}
