//! Reports of TruffleHog: a JSON object in each line.

use super::super::super::go::{folded, word};
use super::super::super::json::{Json, Sink, write_string};
use super::Unreadable;
use super::room::Room;

/// Fields with the name of their type in Go, and with their JSON for reports that do not have them.
const FIELDS: [(&str, &str, &[u8]); 10] = [
    ("SourceMetadata", "trufflehog.SourceMetadata", b"{}"),
    ("SourceID", "int", b"0"),
    ("SourceType", "int", b"0"),
    ("SourceName", "string", b"\"\""),
    ("DetectorType", "int", b"0"),
    ("DetectorName", "string", b"\"\""),
    ("DecoderName", "string", b"\"\""),
    ("Verified", "bool", b"false"),
    ("Raw", "string", b"\"\""),
    ("Redacted", "string", b"\"\""),
];

/// The list of findings, each with the fields that Chainloop reads and no other.
pub(super) fn json(content: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let mut sink = Sink::with_capacity(content.len());
    sink.push(b"[");
    let mut findings = Findings { content, at: 0, first: true, room: Room::of(content) };
    let trimmed = content.trim_ascii_start();
    findings.at = content.len() - trimmed.len();
    if trimmed.starts_with(b"[") {
        let json = findings.read("JSON array")?;
        for item in json.items(json.start()) {
            findings.write(&json, item, "JSON array", &mut sink)?;
        }
        let rest = findings.at + json.rest();
        if rest < content.len() {
            return Err(Unreadable::at("unexpected content after trufflehog JSON array", rest));
        }
    } else {
        while findings.at < content.len() {
            let json = findings.read("JSONL")?;
            findings.write(&json, json.start(), "JSONL", &mut sink)?;
            findings.at += json.rest();
        }
    }
    sink.push(b"]");
    Ok(sink.into_bytes())
}

struct Findings<'c> {
    content: &'c [u8],
    /// Where the value that is looked at starts.
    at: usize,
    first: bool,
    room: Room,
}

impl<'c> Findings<'c> {
    fn read(&self, form: &str) -> Result<Json<'c>, Unreadable> {
        let rest = &self.content[self.at..];
        Json::first(rest).map_err(|error| {
            let at = self.at + error.at().unwrap_or(rest.len());
            Unreadable::at(format!("invalid trufflehog {form}: {}", error.of_a_stream()), at)
        })
    }

    fn write(&mut self, json: &Json<'_>, at: usize, form: &str, sink: &mut Sink) -> Result<(), Unreadable> {
        let place = self.at + at;
        let wrong =
            |what: String| Unreadable::at(format!("invalid trufflehog {form}: json: cannot unmarshal {what}"), place);
        let members = match json.byte(at) {
            b'{' => json.members(at),
            // Go decodes `null` to a finding without any field.
            b'n' => Vec::new(),
            byte => return Err(wrong(format!("{} into Go value of type trufflehog.Finding", word(byte)))),
        };
        let before = sink.len();
        let mut values: [Option<usize>; FIELDS.len()] = [None; FIELDS.len()];
        for member in members {
            let key = folded(&json.key(member));
            let Some(index) = FIELDS.iter().position(|(field, ..)| folded(field) == key) else { continue };
            let (field, kind, _) = FIELDS[index];
            let byte = json.byte(member.value());
            if byte == b'n' {
                continue;
            }
            let token = json.token(member.value());
            let fits = match kind {
                "int" => std::str::from_utf8(token).is_ok_and(|token| token.parse::<i64>().is_ok()),
                "string" => byte == b'"',
                "bool" => matches!(byte, b't' | b'f'),
                _ => byte == b'{',
            };
            if !fits {
                let found = match word(byte) {
                    "number" if kind == "int" => format!("number {}", String::from_utf8_lossy(token)),
                    found => found.to_owned(),
                };
                return Err(wrong(format!("{found} into Go struct field Finding.{field} of type {kind}")));
            }
            values[index] = Some(member.value());
        }
        for (index, ((field, kind, missing), value)) in FIELDS.iter().zip(values).enumerate() {
            let start: &[u8] = match (index, self.first) {
                (0, true) => b"{",
                (0, false) => b",{",
                _ => b",",
            };
            sink.push(start);
            write_string(field, sink);
            sink.push(b":");
            match value {
                None => sink.push(missing),
                Some(value) if *kind == "trufflehog.SourceMetadata" => {
                    let data = json.members(value).into_iter().rev().find(|entry| folded(&json.key(*entry)) == "data");
                    if let Some(data) = data {
                        sink.push(b"{\"Data\":");
                        json.write(data.value(), sink);
                        sink.push(b"}");
                    } else {
                        sink.push(missing);
                    }
                }
                Some(value) => json.write(value, sink),
            }
        }
        sink.push(b"}");
        self.first = false;
        self.room.take(sink.len() - before)
    }
}
