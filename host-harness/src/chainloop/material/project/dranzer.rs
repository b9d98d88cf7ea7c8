//! Reports of Dranzer: one, or an archive of those of one run.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex_lite::Regex;
use serde_json::{Map, Value, json};

use super::super::archive::{self, Format, Limits, Stopped};
use super::Unreadable;
use super::room::Room;

/// What is said of a file that is no report, and of an archive that has none.
pub(in super::super) const NO_REPORT: &str = "no dranzer report found";

const LIMITS: Limits = Limits { entries: 256, bytes: 16 << 20 };

/// How many things a report may list: objects and what is said of each, findings, counters. A run tests some thousand objects.
const MOST_LISTED: usize = 200_000;

/// Counters that have a field of their own.
const COUNTERS: [(&str, &str); 5] = [
    ("com_objects", "object_count"),
    ("com_objects_with_kill_bit", "kill_bit_count"),
    ("com_objects_passed_test", "passed_count"),
    ("com_objects_failed_test", "failed_count"),
    ("com_objects_hung_during_test", "hung_count"),
];

static OBJECT: LazyLock<Regex> = LazyLock::new(|| regex(r"^Testing COM Object - (\{[^}]+\}|[0-9A-Fa-f-]+)\s*(.*)$"));
static FAILURE: LazyLock<Regex> = LazyLock::new(|| regex(r"^(\{[^}]+\})-(.*)$"));
static ERROR: LazyLock<Regex> = LazyLock::new(|| regex(r"^ERROR - (.*?)\s*\((0x[0-9A-Fa-f]+)\)\s*$"));
static METHOD: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^Invok(?:ing|ed) (?:Method|Property Get|Property Put Reference|Property Put)\s+-\s+(.+)$")
});
static VIOLATION: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^(.+?) at (0x[0-9A-Fa-f]+) :Bad (read|write) on (0x[0-9A-Fa-f]+)$"));
static EXCEPTION: LazyLock<Regex> = LazyLock::new(|| regex(r"^(.+?) \(code ([0-9A-Fa-f]+)\) at (0x[0-9A-Fa-f]+)$"));
static METADATA: LazyLock<Regex> = LazyLock::new(|| regex(r"^([A-Za-z][A-Za-z .]+?)\s*:\s*(.*)$"));
static COUNTER: LazyLock<Regex> = LazyLock::new(|| regex(r"^Number of (.+?)\s{2,}([0-9]+)$"));
static VERSION: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)Test Engine Version:\s*\$Rev:\s*([0-9]+)"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is tested")
}

/// What all reports say together, and what each counted.
pub(super) fn json(content: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let mut bounds = Bounds { listed: MOST_LISTED, room: Room::of(content) };
    let Some(format) = Format::of(content) else {
        return Ok(bundle(vec![Report::read("", content, &mut bounds)?]).to_string().into_bytes());
    };
    let mut reports = Vec::new();
    archive::limited(content, format, LIMITS, &mut |name, content| {
        let report = Report::read(name, content, &mut bounds).map_err(|error| Stopped::Caller(error.words))?;
        if report.is_one() {
            reports.push(report);
        }
        Ok(())
    })
    .map_err(|stopped| match stopped {
        Stopped::Limit(words) => {
            Unreadable::new(format!("{words}: provide an archive holding just the dranzer reports of a single run"))
                .within("reading dranzer archive")
        }
        other => Unreadable::new(other.to_string()).within("reading dranzer archive"),
    })?;
    if reports.is_empty() {
        return Err(Unreadable::new(NO_REPORT));
    }
    reports.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(bundle(reports).to_string().into_bytes())
}

/// Whether a file that is no archive is a report; an error if it is too large.
pub(in super::super) fn looks_like_one(content: &[u8]) -> Result<bool, Unreadable> {
    let mut bounds = Bounds { listed: MOST_LISTED, room: Room::of(content) };
    Report::read("", content, &mut bounds).map(|report| report.is_one())
}

/// What reports may still list and say together.
struct Bounds {
    listed: usize,
    room: Room,
}

impl Bounds {
    /// One more thing, about which there are texts of so many bytes.
    fn add(&mut self, texts: usize) -> Result<(), Unreadable> {
        self.listed = self.listed.checked_sub(1).ok_or_else(|| {
            Unreadable::new(format!(
                "it lists more than {MOST_LISTED} objects, findings and counters, which is the most that cargo admit reads; split the report"
            ))
        })?;
        self.room.take(texts)
    }
}

#[derive(Default)]
struct Report {
    /// The entry of the archive.
    source: String,
    version: String,
    objects: Vec<Map<String, Value>>,
    findings: Vec<Map<String, Value>>,
    counters: BTreeMap<String, i64>,
    raw: String,
}

impl Report {
    fn read(source: &str, content: &[u8], bounds: &mut Bounds) -> Result<Self, Unreadable> {
        bounds.room.take(content.len())?;
        let raw: String = content.utf8_chunks().map(|chunk| chunk.valid()).collect();
        let mut report = Self { source: source.to_owned(), ..Self::default() };
        if let Some(found) = VERSION.captures(&raw) {
            report.version = found[1].to_owned();
        }
        let mut lines = Lines::default();
        for line in raw.split('\n') {
            let trimmed = line.trim();
            let stripped = trimmed.trim_matches(['*', ' ']);
            if !stripped.is_empty() && !stripped.eq_ignore_ascii_case("Access Violation") {
                report.line(trimmed, &mut lines, bounds)?;
            }
        }
        report.raw = raw;
        Ok(report)
    }

    fn is_one(&self) -> bool {
        !(self.version.is_empty() && self.objects.is_empty() && self.findings.is_empty() && self.counters.is_empty())
    }

    fn line(&mut self, trimmed: &str, lines: &mut Lines, bounds: &mut Bounds) -> Result<(), Unreadable> {
        if let Some(found) = COUNTER.captures(trimmed) {
            bounds.add(found[1].len())?;
            self.counters.insert(normal(&found[1]), found[2].parse().unwrap_or(0));
        } else if let Some(found) = OBJECT.captures(trimmed) {
            let mut object = Map::new();
            filled(&mut object, "clsid", &found[1]);
            filled(&mut object, "description", found[2].trim());
            bounds.add(texts(&object))?;
            self.objects.push(object);
            *lines = Lines { within_object: true, ..Lines::default() };
        } else if let Some(found) = METHOD.captures(trimmed) {
            lines.method = found[1].trim().to_owned();
        } else if let Some(found) = VIOLATION.captures(trimmed) {
            let mut finding = self.of_object(lines);
            filled(&mut finding, "method", &lines.method);
            filled(&mut finding, "error_message", found[1].trim());
            filled(&mut finding, "address", &found[2]);
            filled(&mut finding, "access_type", &found[3]);
            bounds.add(texts(&finding))?;
            self.findings.push(finding);
        } else if let Some(found) = EXCEPTION.captures(trimmed) {
            let mut finding = self.of_object(lines);
            filled(&mut finding, "method", &lines.method);
            filled(&mut finding, "error_message", found[1].trim());
            filled(&mut finding, "error_code", &format!("0x{}", &found[2]));
            filled(&mut finding, "address", &found[3]);
            bounds.add(texts(&finding))?;
            self.findings.push(finding);
        } else if let Some(found) = FAILURE.captures(trimmed) {
            let mut finding = Map::new();
            filled(&mut finding, "clsid", &found[1]);
            filled(&mut finding, "class_name", found[2].trim());
            bounds.add(texts(&finding))?;
            self.findings.push(finding);
            lines.pending = Some(self.findings.len() - 1);
        } else if let Some(found) = ERROR.captures(trimmed) {
            let mut finding = match lines.pending {
                Some(_) => Map::new(),
                None => self.of_object(lines),
            };
            filled(&mut finding, "error_message", &found[1]);
            filled(&mut finding, "error_code", &found[2]);
            bounds.add(texts(&finding))?;
            match lines.pending.take().and_then(|index| self.findings.get_mut(index)) {
                Some(pending) => pending.extend(finding),
                None => self.findings.push(finding),
            }
        } else if trimmed.starts_with("Test Engine Version") {
            lines.within_object = false;
        } else if lines.within_object
            && let Some(found) = METADATA.captures(trimmed)
            && let Some(object) = self.objects.last_mut()
        {
            bounds.add(trimmed.len())?;
            let metadata = object.entry("metadata").or_insert_with(|| json!({}));
            metadata[normal(&found[1])] = found[2].trim().into();
        }
        Ok(())
    }

    /// A finding about the object that is being tested.
    fn of_object(&self, lines: &Lines) -> Map<String, Value> {
        let mut finding = Map::new();
        if let Some(object) = self.objects.last().filter(|_| lines.within_object) {
            let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
            filled(&mut finding, "clsid", text("clsid"));
            filled(&mut finding, "class_name", text("description"));
        }
        finding
    }

    fn tool(&self) -> Value {
        tool(&self.version)
    }
}

/// What the lines before say about the next one.
#[derive(Default)]
struct Lines {
    within_object: bool,
    /// A finding whose error has yet to come.
    pending: Option<usize>,
    method: String,
}

/// Sets a text that is not empty.
fn filled(object: &mut Map<String, Value>, key: &str, value: &str) {
    if !value.is_empty() {
        object.insert(key.to_owned(), value.into());
    }
}

/// Bytes of the texts in an object.
fn texts(object: &Map<String, Value>) -> usize {
    object.values().filter_map(Value::as_str).map(str::len).sum()
}

/// A label as a key.
fn normal(label: &str) -> String {
    let lower = label.to_lowercase().replace('.', "");
    lower.split_whitespace().collect::<Vec<_>>().join("_")
}

fn tool(version: &str) -> Value {
    let mut tool = json!({ "name": "dranzer" });
    if !version.is_empty() {
        tool["version"] = version.into();
    }
    tool
}

fn summary(counters: &BTreeMap<String, i64>) -> Value {
    let mut summary = Map::new();
    for (counter, field) in COUNTERS {
        summary.insert(field.to_owned(), counters.get(counter).copied().unwrap_or(0).into());
    }
    if !counters.is_empty() {
        summary.insert("counters".to_owned(), json!(counters));
    }
    Value::Object(summary)
}

fn bundle(reports: Vec<Report>) -> Value {
    let version = reports.iter().map(|report| report.version.as_str()).find(|version| !version.is_empty());
    let tool = tool(version.unwrap_or_default());
    let (mut counters, mut raw) = (BTreeMap::new(), String::new());
    let (mut objects, mut findings, mut each) = (Vec::new(), Vec::new(), Vec::new());
    for report in reports {
        let mut one = json!({ "tool": report.tool(), "summary": summary(&report.counters) });
        if report.source.is_empty() {
            raw.push_str(&report.raw);
        } else {
            one["source"] = report.source.as_str().into();
            let text = report.raw.strip_suffix('\n').unwrap_or(&report.raw);
            raw.push_str(&format!("===== {} =====\n{text}\n", report.source));
        }
        each.push(one);
        for (all, found) in [(&mut objects, report.objects), (&mut findings, report.findings)] {
            for mut entry in found {
                filled(&mut entry, "source", &report.source);
                all.push(Value::Object(entry));
            }
        }
        for (counter, count) in report.counters {
            *counters.entry(counter).or_insert(0) += count;
        }
    }
    json!({
        "tool": tool,
        "objects": objects,
        "findings": findings,
        "summary": summary(&counters),
        "raw": raw,
        "reports": each,
    })
}
