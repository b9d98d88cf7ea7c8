//! Reports of Sigcheck: a table in CSV or TSV.

use std::collections::BTreeMap;

use super::super::super::json::{Sink, write_string};
use super::Unreadable;
use super::room::Room;

/// Columns that every report has.
const COLUMNS: [&str; 2] = ["Path", "Verified"];

/// How many columns a report may have; Sigcheck writes two dozen.
const MOST_COLUMNS: usize = 10_000;

/// The list of rows, each an object of texts. A row has all columns, however short it is.
pub(super) fn json(content: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let text = text(content)?;
    let mut rows = Rows::of(&text);
    let header = header(&mut rows)?;
    // Of two columns of the same name, the last one counts.
    let columns: BTreeMap<&str, usize> =
        header.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
    let (mut sink, mut room) = (Sink::default(), Room::of(content));
    sink.push(b"[");
    let mut first = true;
    while let Some(row) = rows.next(header.len()) {
        let before = sink.len();
        sink.push(if std::mem::take(&mut first) { b"{" } else { b",{" });
        for (place, (name, index)) in columns.iter().enumerate() {
            if place > 0 {
                sink.push(b",");
            }
            write_string(name, &mut sink);
            sink.push(b":");
            write_string(row.get(*index).map(String::as_str).unwrap_or_default(), &mut sink);
        }
        sink.push(b"}");
        room.take(sink.len() - before)?;
    }
    sink.push(b"]");
    Ok(sink.into_bytes())
}

const NOTHING: &str = "empty tabular input";

/// Whether a table has the columns of a report; an error if it is none.
pub(in super::super) fn has_its_columns(content: &[u8]) -> Result<bool, Unreadable> {
    let text = text(content)?;
    let header = header(&mut Rows::of(&text))?;
    Ok(COLUMNS.iter().all(|column| header.iter().any(|name| name.trim() == *column)))
}

fn text(content: &[u8]) -> Result<String, Unreadable> {
    let text = decoded(content);
    if text.trim().is_empty() { Err(Unreadable::at(NOTHING, 0)) } else { Ok(text.replace("\r\n", "\n")) }
}

/// The names of the columns.
fn header(rows: &mut Rows<'_>) -> Result<Vec<String>, Unreadable> {
    // Only blank lines that `trim` does not take away.
    let header = rows.next(MOST_COLUMNS + 1).ok_or_else(|| Unreadable::at("tabular input has no header row", 0))?;
    match header.len() > MOST_COLUMNS {
        true => Err(Unreadable::at(
            format!(
                "it has more than {MOST_COLUMNS} columns, which is the most that cargo admit reads; leave out those that the policy does \
                     not look at"
            ),
            0,
        )),
        false => Ok(header),
    }
}

/// UTF-16 is known by its byte order mark; everything else is UTF-8.
fn decoded(content: &[u8]) -> String {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let mut units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        if rest.len() % 2 == 1 {
            units.push(0xfffd);
        }
        String::from_utf16_lossy(&units)
    };
    match content {
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(content).into_owned(),
    }
}

/// What the first line has more of, outside of quotes.
fn delimiter(text: &str) -> char {
    let (mut commas, mut tabs, mut quoted) = (0_usize, 0_usize, false);
    for character in text.lines().next().unwrap_or_default().chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => commas += 1,
            '\t' if !quoted => tabs += 1,
            _ => {}
        }
    }
    if tabs > commas { '\t' } else { ',' }
}

/// The rows, read as leniently as Go's reader of CSV does when it is asked to: a quote in the middle of a field is a quote.
struct Rows<'t> {
    rest: &'t str,
    delimiter: char,
}

impl<'t> Rows<'t> {
    /// The rows of a text whose lines end in `\n`.
    fn of(text: &'t str) -> Self {
        Self { rest: text.strip_suffix('\r').unwrap_or(text), delimiter: delimiter(text) }
    }

    /// The first fields of the next row, but no more than so many.
    fn next(&mut self, most: usize) -> Option<Vec<String>> {
        self.rest = self.rest.trim_start_matches('\n');
        if self.rest.is_empty() {
            return None;
        }
        let mut row = Vec::new();
        loop {
            let (field, after, more) = match self.rest.strip_prefix('"') {
                Some(inside) => quoted(inside, self.delimiter),
                None => {
                    let end = self.rest.find([self.delimiter, '\n']).unwrap_or(self.rest.len());
                    let more = self.rest[end..].starts_with(self.delimiter);
                    (self.rest[..end].to_owned(), self.rest.get(end + 1..).unwrap_or_default(), more)
                }
            };
            if row.len() < most {
                row.push(field);
            }
            self.rest = after;
            if !more {
                return Some(row);
            }
        }
    }
}

/// A field whose opening quote was read: its text, what comes after it, and whether that is another field of the row.
fn quoted(text: &str, delimiter: char) -> (String, &str, bool) {
    let (mut field, mut rest) = (String::new(), text);
    loop {
        let Some((before, after)) = rest.split_once('"') else {
            field.push_str(rest);
            return (field, "", false);
        };
        field.push_str(before);
        let mut characters = after.chars();
        match characters.next() {
            None => return (field, "", false),
            Some(next) if next == delimiter => return (field, characters.as_str(), true),
            Some('\n') => return (field, characters.as_str(), false),
            Some('"') => {
                field.push('"');
                rest = characters.as_str();
            }
            Some(_) => {
                field.push('"');
                rest = after;
            }
        }
    }
}
