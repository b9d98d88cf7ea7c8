//! Metadata logs of Radamsa: one, compressed or not, or an archive of them.

use serde_json::{Map, Value};

use super::super::super::go::quoted;
use super::super::super::json::Sink;
use super::super::archive::{self, Format, Limits, Stopped};
use super::Unreadable;
use super::room::{Room, shortened};

/// What every error about the content starts with.
const INVALID: &str = "invalid radamsa -M report";

const LIMITS: Limits = Limits { entries: 2_000_000, bytes: 1 << 30 };

/// How many records there may be.
const MOST_RECORDS: usize = 5_000_000;

/// How long a line may be.
const LONGEST: usize = 1024 * 1024;

/// Records as JSON, with commas between them, and how many there are: as values they would take many times as much.
#[derive(Default)]
struct Records {
    json: Sink,
    count: usize,
}

/// The list of records.
pub(super) fn json(content: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let mut room = Room::of(content);
    let logs = match Format::of(content) {
        None => vec![log(content, &mut room).map_err(Unreadable::new)?],
        Some(Format::TarGz) => {
            let plain = archive::gunzip(content).map_err(|stopped| {
                let words = match stopped {
                    Stopped::Compression(words) => words,
                    other => other.to_string(),
                };
                Unreadable::new(format!("{INVALID}: {words}"))
            })?;
            // A log that is compressed by itself is no archive.
            match is_tar(&plain) {
                true => archived(&plain, Format::Tar, &mut room)?,
                false => vec![log(&plain, &mut room).map_err(Unreadable::new)?],
            }
        }
        Some(format) => archived(content, format, &mut room)?,
    };
    let mut all = Sink::default();
    all.push(b"[");
    for records in logs.into_iter().filter(|records| records.count > 0) {
        if all.len() > 1 {
            all.push(b",");
        }
        all.push(&records.json.into_bytes());
    }
    all.push(b"]");
    Ok(all.into_bytes())
}

/// Whether the first block is the header of an archive, or there is nothing.
fn is_tar(plain: &[u8]) -> bool {
    archive::each(plain, Format::Tar, &mut |_| Err(Stopped::Caller(String::new())))
        .is_ok_and(|()| plain.iter().all(|byte| *byte == 0))
        || Format::of(plain) == Some(Format::Tar)
}

fn archived(content: &[u8], format: Format, room: &mut Room) -> Result<Vec<Records>, Unreadable> {
    let (mut logs, mut total) = (Vec::new(), 0);
    archive::limited(content, format, LIMITS, &mut |name, content| {
        let records = log(content, room).map_err(Stopped::Caller)?;
        total += records.count;
        if total > MOST_RECORDS {
            return Err(Stopped::Caller(too_many()));
        }
        logs.push((name.to_owned(), records));
        Ok(())
    })
    .map_err(|stopped| Unreadable::new(stopped.to_string()).within("reading radamsa archive"))?;
    logs.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(logs.into_iter().map(|(_, records)| records).collect())
}

fn too_many() -> String {
    format!("{INVALID}: exceeds {MOST_RECORDS} records")
}

/// The records of one log. The line that a run starts with says its seed, and is no record.
fn log(content: &[u8], room: &mut Room) -> Result<Records, String> {
    let mut records = Records::default();
    for line in content.split(|byte| *byte == b'\n') {
        if line.len() >= LONGEST {
            return Err(format!("{INVALID}: bufio.Scanner: token too long"));
        }
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        if !line.is_empty() {
            let record = record(line).map_err(|words| format!("{INVALID}: {words}"))?;
            if !record.contains_key("seed") {
                let record = Value::Object(record).to_string();
                room.take(record.len() + 1).map_err(|error| format!("{INVALID}: {}", error.words))?;
                if records.count > 0 {
                    records.json.push(b",");
                }
                records.json.push(record.as_bytes());
                records.count += 1;
            }
        }
    }
    if records.count > MOST_RECORDS { Err(too_many()) } else { Ok(records) }
}

fn record(line: &str) -> Result<Map<String, Value>, String> {
    let mut record = Map::new();
    for pair in pairs(line) {
        let pair = pair.trim();
        if pair.is_empty() {
            continue;
        }
        let (key, value) = match pair.split_once(": ") {
            Some(found) => found,
            None => (
                pair.strip_suffix(':')
                    .ok_or_else(|| format!("invalid radamsa -M pair: {}", quoted(&shortened(pair))))?,
                "",
            ),
        };
        record.insert(key.trim().to_owned(), value_of(value.trim()));
    }
    if record.is_empty() { Err(format!("invalid radamsa -M line: {}", quoted(&shortened(line)))) } else { Ok(record) }
}

/// The parts of a line between `, `, outside of quotes.
fn pairs(line: &str) -> Vec<&str> {
    let bytes = line.as_bytes();
    let (mut parts, mut start, mut at, mut within) = (Vec::new(), 0, 0, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'"' => within = !within,
            b',' if !within && bytes.get(at + 1) == Some(&b' ') => {
                parts.push(&line[start..at]);
                at += 1;
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(&line[start..]);
    parts
}

fn value_of(value: &str) -> Value {
    if value.len() >= 2 && value.starts_with('"') && value.ends_with('"') {
        return unquoted(&value[1..value.len() - 1]).unwrap_or_else(|| value.trim_matches('"').to_owned()).into();
    }
    // As Go reads whole numbers: with a sign, without `_`.
    value.parse::<i64>().map_or_else(|_| value.into(), Value::from)
}

/// What stands between the quotes of a string of Go; `None` if it is none.
fn unquoted(inside: &str) -> Option<String> {
    let (mut out, mut rest) = (Vec::new(), inside.as_bytes());
    let digits = |rest: &[u8], from: usize, count: usize, radix: u32| {
        let digits = std::str::from_utf8(rest.get(from..from + count)?).ok()?;
        if digits.starts_with('+') { None } else { u32::from_str_radix(digits, radix).ok() }
    };
    while let [first, after @ ..] = rest {
        match (first, after.first()) {
            (b'"' | b'\n', _) => return None,
            (b'\\', Some(escape)) => {
                let (bytes, length) = match escape {
                    b'a' => (vec![7], 2),
                    b'b' => (vec![8], 2),
                    b'f' => (vec![12], 2),
                    b'n' => (vec![b'\n'], 2),
                    b'r' => (vec![b'\r'], 2),
                    b't' => (vec![b'\t'], 2),
                    b'v' => (vec![11], 2),
                    b'\\' | b'"' => (vec![*escape], 2),
                    b'x' => (vec![u8::try_from(digits(rest, 2, 2, 16)?).ok()?], 4),
                    b'0'..=b'7' => (vec![u8::try_from(digits(rest, 1, 3, 8)?).ok()?], 4),
                    b'u' | b'U' => {
                        let count = if *escape == b'u' { 4 } else { 8 };
                        let character = char::from_u32(digits(rest, 2, count, 16)?)?;
                        (character.to_string().into_bytes(), 2 + count)
                    }
                    _ => return None,
                };
                out.extend_from_slice(&bytes);
                rest = &rest[length..];
            }
            (b'\\', None) => return None,
            (byte, _) => {
                out.push(*byte);
                rest = after;
            }
        }
    }
    Some(String::from_utf8_lossy(&out).into_owned())
}
