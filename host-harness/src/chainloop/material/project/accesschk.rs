//! Outputs of AccessChk: objects, each with lines about who may do what.

use std::sync::LazyLock;

use regex_lite::Regex;
use serde_json::{Map, Value, json};

use super::Unreadable;

/// A larger output is not repeated word by word.
const RAW_LIMIT: usize = 10 * 1024 * 1024;

static VERSION: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)accesschk v([0-9][0-9.]*)"));
static ENTRY: LazyLock<Regex> = LazyLock::new(|| regex(r"^(RW|R|W)\s+(\S.*)$"));
static ACE: LazyLock<Regex> = LazyLock::new(|| regex(r"^\[(\d+)\]\s*(.*?):\s*(.*)$"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is tested")
}

pub(super) fn json(content: &[u8]) -> Result<Vec<u8>, Unreadable> {
    Ok(Report::read(content)?.json().to_string().into_bytes())
}

/// Whether a text has anything that only this tool writes; an error if it is no text.
pub(in super::super) fn looks_like_one(content: &[u8]) -> Result<bool, Unreadable> {
    let report = Report::read(content)?;
    let told = |object: &Object| {
        !(object.entries.is_empty()
            && object.lists.iter().all(Vec::is_empty)
            && object.owner.is_empty()
            && object.flags.is_empty())
    };
    Ok(!report.version.is_empty() || report.marked || report.objects.iter().any(told))
}

#[derive(Default)]
struct Report {
    version: String,
    objects: Vec<Object>,
    raw: Option<String>,
    /// Whether there was a word that only descriptors have.
    marked: bool,
}

#[derive(Default)]
struct Object {
    name: String,
    flags: Vec<String>,
    owner: String,
    /// The discretionary list and that of the system.
    lists: [Vec<Entry>; 2],
    entries: Vec<Entry>,
    lines: Vec<String>,
    /// How deep the last entry is indented.
    indent: Option<usize>,
    section: Section,
    /// Whether the last line belongs to an entry of a list.
    within: bool,
}

/// Who may do what, or must not.
struct Entry {
    head: Map<String, Value>,
    flags: Vec<String>,
    rights: Vec<String>,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Section {
    #[default]
    None,
    Flags,
    Discretionary,
    System,
}

impl Report {
    fn read(content: &[u8]) -> Result<Self, Unreadable> {
        let text = std::str::from_utf8(content)
            .map_err(|error| Unreadable::at("input is not valid UTF-8 text", error.valid_up_to()))?;
        let mut report = Self { raw: (text.len() <= RAW_LIMIT).then(|| text.to_owned()), ..Self::default() };
        for line in text.split('\n') {
            report.line(line.strip_suffix('\r').unwrap_or(line));
        }
        Ok(report)
    }

    fn line(&mut self, line: &str) {
        let trimmed = line.trim();
        if trimmed.is_empty() || is_banner(trimmed) {
            if self.version.is_empty()
                && let Some(found) = VERSION.captures(trimmed)
            {
                self.version = found[1].to_owned();
            }
            return;
        }
        self.marked |= trimmed.contains("DESCRIPTOR FLAGS") || trimmed.contains("ACCESS_ALLOWED");
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if indent == 0 {
            self.objects.push(Object { name: trimmed.to_owned(), ..Object::default() });
        } else if let Some(object) = self.objects.last_mut() {
            if self.raw.is_some() {
                object.lines.push(line.to_owned());
            }
            object.line(trimmed, indent);
        }
    }

    fn json(self) -> Value {
        let mut tool = json!({ "name": "AccessChk" });
        if !self.version.is_empty() {
            tool["version"] = self.version.into();
        }
        let whole = self.raw.is_some();
        let objects: Vec<Value> = self.objects.into_iter().map(|object| object.json(whole)).collect();
        json!({ "tool": tool, "objects": objects, "raw": self.raw.unwrap_or_default() })
    }
}

fn is_banner(trimmed: &str) -> bool {
    let lower = trimmed.to_lowercase();
    lower.starts_with("accesschk v")
        || lower.starts_with("copyright")
        || lower.contains("sysinternals - www.sysinternals.com")
}

impl Object {
    /// An indented line.
    fn line(&mut self, trimmed: &str, indent: usize) {
        if let Some(found) = ENTRY.captures(trimmed) {
            let head = [("access", &found[1]), ("principal", &found[2])];
            self.entries.push(Entry::new(head.map(|(key, value)| (key, value.into()))));
            self.indent = Some(indent);
            self.within = false;
        } else if trimmed.starts_with("DESCRIPTOR FLAGS") {
            (self.section, self.within) = (Section::Flags, false);
        } else if let Some(owner) = trimmed.strip_prefix("OWNER:") {
            self.owner = owner.trim().to_owned();
            self.within = false;
        } else if trimmed.starts_with("DACL") {
            (self.section, self.within) = (Section::Discretionary, false);
        } else if trimmed.starts_with("SACL") {
            (self.section, self.within) = (Section::System, false);
        } else if let Some(found) = ACE.captures(trimmed) {
            // A number that is too large is none.
            let index: i64 = found[1].parse().unwrap_or(0);
            let mut entry = Entry::new([("index", index.into()), ("principal", found[3].trim().into())]);
            let kind = found[2].trim();
            if !kind.is_empty() {
                entry.head.insert("ace_type".to_owned(), kind.into());
            }
            if self.section != Section::System {
                self.section = Section::Discretionary;
            }
            self.list().push(entry);
            self.within = true;
        } else {
            self.detail(trimmed, indent);
        }
    }

    /// A flag in brackets, or a right.
    fn detail(&mut self, trimmed: &str, indent: usize) {
        let token = trimmed.strip_prefix('[').unwrap_or(trimmed);
        let token = token.strip_suffix(']').unwrap_or(token).to_owned();
        if self.within {
            let flag = trimmed.starts_with('[') && trimmed.ends_with(']');
            if let Some(entry) = self.list().last_mut() {
                if flag { entry.flags.push(token) } else { entry.rights.push(trimmed.to_owned()) }
            }
        } else if self.section == Section::Flags {
            self.flags.push(token);
        } else if self.indent.is_some_and(|of_entry| indent > of_entry)
            && let Some(entry) = self.entries.last_mut()
        {
            entry.rights.push(trimmed.to_owned());
        }
    }

    fn list(&mut self) -> &mut Vec<Entry> {
        &mut self.lists[usize::from(self.section == Section::System)]
    }

    fn json(self, whole: bool) -> Value {
        let entries: Vec<Value> = self.entries.into_iter().map(|entry| entry.json(false)).collect();
        let lines = if whole { json!(self.lines) } else { Value::Null };
        let mut object = json!({ "name": self.name, "access_entries": entries, "raw_lines": lines });
        if !self.flags.is_empty() {
            object["descriptor_flags"] = self.flags.into();
        }
        if !self.owner.is_empty() {
            object["owner"] = self.owner.into();
        }
        for (key, list) in ["dacl", "sacl"].into_iter().zip(self.lists) {
            if !list.is_empty() {
                object[key] = list.into_iter().map(|entry| entry.json(true)).collect();
            }
        }
        object
    }
}

impl Entry {
    fn new<const N: usize>(head: [(&str, Value); N]) -> Self {
        let head = head.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        Self { head, flags: Vec::new(), rights: Vec::new() }
    }

    fn json(self, with_flags: bool) -> Value {
        let mut object = self.head;
        object.insert("rights".to_owned(), self.rights.into());
        if with_flags {
            object.insert("ace_flags".to_owned(), self.flags.into());
        }
        Value::Object(object)
    }
}
