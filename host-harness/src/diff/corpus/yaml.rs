//! YAML in a stream: one document after the other, none of them parsed.

use std::io::{self, BufRead};

use memchr::{memchr_iter, memchr2_iter};

use super::json::{read_line, too_large};
use super::{Raw, Unreadable};
use crate::file::MAX_DOCUMENT;

/// The documents in a text.
pub(super) struct Documents<R> {
    reader: R,
    /// The line that begins the next document.
    held: Vec<u8>,
    /// The number of the last line that was read.
    number: u64,
    ended: bool,
}

impl<R: BufRead> Documents<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, held: Vec::new(), number: 0, ended: false }
    }

    /// The next document that has anything in it; nothing at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Result<Raw, Unreadable>>> {
        while !self.ended {
            let mut text = std::mem::take(&mut self.held);
            // The line that is held was read already.
            let line = self.number + u64::from(text.is_empty());
            let mut empty = is_nothing(&text);
            loop {
                let start = text.len();
                if read_line(&mut self.reader, &mut text)? == 0 {
                    self.ended = true;
                    break;
                }
                self.number += 1;
                if begins_document(&text[start..]) && !empty {
                    self.held = text.split_off(start);
                    break;
                }
                empty = empty && is_nothing(&text[start..]);
                if text.len() as u64 > MAX_DOCUMENT {
                    self.ended = true;
                    return Ok(Some(Err(Unreadable { line, why: too_large() })));
                }
            }
            if !empty {
                return Ok(Some(Ok(Raw { text, line })));
            }
        }
        Ok(None)
    }
}

/// Whether a line separates documents. Nothing else in YAML can be written so, at the beginning of a line.
fn begins_document(line: &[u8]) -> bool {
    line.strip_prefix(b"---").is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace))
}

/// Whether a line has neither content nor the beginning of a document with content.
fn is_nothing(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let line = if begins_document(line) { &line[3..] } else { line };
    match line.iter().position(|byte| !byte.is_ascii_whitespace()) {
        Some(first) => line[first] == b'#' || (first == 0 && line[0] == b'%'),
        None => true,
    }
}

/// How many lines of a document come before its content.
pub(super) fn lines_before_content(text: &[u8]) -> u64 {
    let lines = text.split(|byte| *byte == b'\n');
    lines.take_while(|line| is_nothing(line)).count() as u64
}

/// The items of a list of Kubernetes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Items {
    /// Of what it is a list: apiVersion and kind, unless it is a plain `List`.
    pub(super) of: Option<(String, String)>,
    /// Each as a document, and in which line of the text it begins, from 0.
    pub(super) items: Vec<(Vec<u8>, u64)>,
}

/// The items of the list that this document is, as kubectl writes lists; nothing for any other document, and for a list in which
/// items can have something in common, which are read together.
pub(super) fn items(text: &[u8]) -> Option<Items> {
    let lines = || Lines { text, at: 0 };
    let (mut kind, mut api_version, mut items_at) = (None, None, None);
    for (number, line) in lines().enumerate() {
        let seen_before = if let Some(value) = value_of(line, b"kind:") {
            kind.replace(value).is_some()
        } else if let Some(value) = value_of(line, b"apiVersion:") {
            api_version.replace(value).is_some()
        } else if line.starts_with(b"items:") {
            (!line[6..].trim_ascii().is_empty()) || items_at.replace(number).is_some()
        } else {
            false
        };
        if seen_before {
            return None;
        }
    }
    let (kind, api_version, items_at) = (kind?.strip_suffix("List")?.to_owned(), api_version?, items_at?);
    if has_anchors(text) {
        return None;
    }
    let mut items: Vec<(Vec<u8>, u64)> = Vec::new();
    let (mut indent, mut ended) = (None, false);
    for (number, line) in lines().enumerate().skip(items_at + 1) {
        let blanks = line.iter().position(|byte| *byte != b' ').unwrap_or(line.len());
        let begins = line.get(blanks) == Some(&b'-') && line.get(blanks + 1).is_none_or(u8::is_ascii_whitespace);
        let nothing = is_nothing(line);
        if ended {
            // Whatever else this is, it is none of the keys of a list.
            if begins || blanks == 0 && !nothing && !is_key(line) {
                return None;
            }
            continue;
        }
        match indent {
            None if nothing => {}
            None if begins => indent = Some(blanks),
            None => return None,
            Some(indent) if nothing || blanks > indent || begins && blanks == indent => {}
            Some(_) if blanks == 0 && is_key(line) => {
                ended = true;
                continue;
            }
            Some(_) => return None,
        }
        if begins && indent == Some(blanks) {
            items.push((Vec::new(), number as u64));
        }
        if let Some((item, first)) = items.last_mut() {
            let start = item.len();
            item.extend_from_slice(line);
            if *first == number as u64 {
                // In place of the dash, so that the columns stay what they are.
                item[start + blanks] = b' ';
            }
        }
    }
    Some(Items { of: (!kind.is_empty()).then_some((api_version, kind)), items })
}

/// The lines of a text, each with its end.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Iterator for Lines<'t> {
    type Item = &'t [u8];

    fn next(&mut self) -> Option<&'t [u8]> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = memchr_iter(b'\n', rest).next().map_or(rest.len(), |end| end + 1);
        self.at += length;
        Some(&rest[..length])
    }
}

/// The word behind a key at the beginning of a line.
fn value_of(line: &[u8], key: &[u8]) -> Option<String> {
    let value = line.strip_prefix(key)?.trim_ascii();
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || b"./-".contains(byte);
    (!value.is_empty() && value.iter().all(word)).then(|| String::from_utf8_lossy(value).into_owned())
}

/// Whether a line begins with a key, as lists of Kubernetes have them.
fn is_key(line: &[u8]) -> bool {
    let end = line.iter().position(|byte| !byte.is_ascii_alphabetic());
    end.is_some_and(|end| end > 0 && line[end] == b':')
}

/// Whether there is something that can be an anchor or an alias.
fn has_anchors(text: &[u8]) -> bool {
    memchr2_iter(b'&', b'*', text).any(|at| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        let after = text.get(at + 1);
        before.is_none_or(|byte| byte.is_ascii_whitespace() || b"[{,:-?!".contains(byte))
            && after.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(text: &str) -> Vec<(String, u64, u64)> {
        let mut documents = Documents::new(text.as_bytes());
        let mut found = Vec::new();
        while let Some(next) = documents.next().expect("a text can be read") {
            let raw = next.expect("small documents");
            let before = lines_before_content(&raw.text);
            found.push((String::from_utf8(raw.text).expect("text"), raw.line, before));
        }
        found
    }

    #[test]
    fn documents_end_where_the_next_one_begins() {
        let text = "# a chart\n---\n# Source: a.yaml\na: |\n  ---x\n  --- y\n---\n---\n# nothing\n--- # b\nb: 1\n---\n";
        assert_eq!(
            documents(text),
            [
                ("# a chart\n---\n# Source: a.yaml\na: |\n  ---x\n  --- y\n".to_owned(), 1, 3),
                ("---\n---\n# nothing\n--- # b\nb: 1\n".to_owned(), 7, 4),
            ]
        );
        assert_eq!(documents(""), []);
        assert_eq!(documents("---\n# nothing\n---\n"), []);
        assert_eq!(documents("%YAML 1.2\n---\na: 1\n--- {b: 1}\n--- c").len(), 3);
    }

    /// What a list is of, and its items with their lines.
    type List = (Option<(String, String)>, Vec<(String, u64)>);

    fn found(text: &str) -> Option<List> {
        let Items { of, items } = items(text.as_bytes())?;
        let text = |item: Vec<u8>| String::from_utf8(item).expect("text");
        Some((of, items.into_iter().map(|(item, line)| (text(item), line)).collect()))
    }

    #[test]
    fn items_are_documents_of_their_own() {
        let (of, items) = found(
            "apiVersion: v1\nitems:\n- a: 1\n  b:\n  - c\n\n- d: |\n    - x\n# said\nkind: PodList\nmetadata: {}\n",
        )
        .expect("a list");
        assert_eq!(of, Some(("v1".to_owned(), "Pod".to_owned())));
        assert_eq!(items, [("  a: 1\n  b:\n  - c\n\n".to_owned(), 2), ("  d: |\n    - x\n# said\n".to_owned(), 6)]);
        let (of, items) =
            found("apiVersion: v1\nkind: List\nitems:\n  # first\n  - a: 1\n  -\n    b: 1").expect("a list");
        assert_eq!(of, None);
        assert_eq!(items, [("    a: 1\n".to_owned(), 4), ("   \n    b: 1".to_owned(), 5)]);
    }

    #[test]
    fn what_is_written_in_another_way_is_read_as_a_whole() {
        for other in [
            "apiVersion: v1\nkind: Pod\nitems:\n- a: 1\n",
            "apiVersion: v1\nkind: List\nitems: []\n",
            "apiVersion: v1\nkind: List\nitems:\n- a: &x 1\n- a: *x\n",
            "{apiVersion: v1, kind: List, items: [a: 1]}\n",
            "apiVersion: v1\nkind: List\nitems:\n- a: 1\nitems:\n- a: 1\n",
            "kind: List\nitems:\n- a: 1\n",
            "apiVersion: v1\nitems:\n- a: \"b\nc\"\n- d: 1\nkind: List\n",
            "apiVersion: v1\nitems:\n- a: [b,\nc: d]\n- d: 1\nkind: List\n",
            "",
        ] {
            assert_eq!(found(other), None, "{other}");
        }
        let script = "apiVersion: v1\nkind: List\nitems:\n- args: a && b & c 2>&1 * 3\n";
        assert!(found(script).is_some(), "no anchors");
    }
}
