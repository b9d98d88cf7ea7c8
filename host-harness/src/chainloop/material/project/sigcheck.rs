//! Reports of Sigcheck: a table in CSV or TSV.

use serde_json::{Map, Value};

use super::Unreadable;

/// Columns that every report has.
const COLUMNS: [&str; 2] = ["Path", "Verified"];

/// The list of rows, each an object of texts.
pub(super) fn json(content: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let table = table(content)?;
    let (header, rows) = table.split_first().ok_or_else(|| Unreadable::new(NOTHING))?;
    let row = |row: &Vec<String>| {
        let cell = |index: usize| Value::String(row.get(index).cloned().unwrap_or_default());
        // Of two columns of the same name, the last one counts.
        Value::Object(header.iter().enumerate().map(|(index, name)| (name.clone(), cell(index))).collect::<Map<_, _>>())
    };
    Ok(Value::Array(rows.iter().map(row).collect()).to_string().into_bytes())
}

const NOTHING: &str = "empty tabular input";

/// Whether a table has the columns of a report; an error if it is none.
pub(in super::super) fn has_its_columns(content: &[u8]) -> Result<bool, Unreadable> {
    let table = table(content)?;
    let header = table.first().map(Vec::as_slice).unwrap_or_default();
    Ok(COLUMNS.iter().all(|column| header.iter().any(|name| name.trim() == *column)))
}

fn table(content: &[u8]) -> Result<Vec<Vec<String>>, Unreadable> {
    let text = decoded(content);
    if text.trim().is_empty() {
        return Err(Unreadable::at(NOTHING, 0));
    }
    let rows = rows(&text, delimiter(&text));
    // Only blank lines that `trim` does not take away.
    if rows.is_empty() { Err(Unreadable::at("tabular input has no header row", 0)) } else { Ok(rows) }
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
fn rows(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let text = text.replace("\r\n", "\n");
    let mut rest = text.strip_suffix('\r').unwrap_or(&text);
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('\n') {
            rest = after;
            continue;
        }
        let mut row = Vec::new();
        loop {
            let (field, after, more) = match rest.strip_prefix('"') {
                Some(inside) => quoted(inside, delimiter),
                None => {
                    let end = rest.find([delimiter, '\n']).unwrap_or(rest.len());
                    let more = rest[end..].starts_with(delimiter);
                    (rest[..end].to_owned(), rest.get(end + 1..).unwrap_or_default(), more)
                }
            };
            row.push(field);
            rest = after;
            if !more {
                break;
            }
        }
        rows.push(row);
    }
    rows
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
