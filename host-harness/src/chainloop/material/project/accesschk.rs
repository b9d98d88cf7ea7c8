//! Outputs of AccessChk: objects, each with lines about who may do what.

use std::sync::LazyLock;

use super::super::super::json::{Sink, write_string};
use super::Unreadable;
use super::room::Room;
use regex_lite::Regex;

/// A larger output is not repeated word by word.
const RAW_LIMIT: usize = 10 * 1024 * 1024;

static VERSION: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)accesschk v([0-9][0-9.]*)"));
static ENTRY: LazyLock<Regex> = LazyLock::new(|| regex(r"^(RW|R|W)\s+(\S.*)$"));
static ACE: LazyLock<Regex> = LazyLock::new(|| regex(r"^\[(\d+)\]\s*(.*?):\s*(.*)$"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is tested")
}

pub(super) fn json(content: &[u8]) -> Result<Vec<u8>, Unreadable> {
    Report::read(content).map(Report::json)
}

/// Whether a text has anything that only this tool writes; an error if it is no text.
pub(in super::super) fn looks_like_one(content: &[u8]) -> Result<bool, Unreadable> {
    let report = Report::read(content)?;
    Ok(!report.version.is_empty() || report.marked || report.told)
}

/// What was read. An output can be of a whole disk, so objects are JSON as soon as they are complete.
struct Report<'c> {
    version: String,
    /// The objects before the last one, as the items of a list.
    objects: Sink,
    last: Option<Object<'c>>,
    raw: Option<&'c str>,
    /// Whether there was a word that only descriptors have.
    marked: bool,
    /// Whether more than the name is said of an object.
    told: bool,
    room: Room,
}

#[derive(Default)]
struct Object<'c> {
    name: &'c str,
    flags: Sink,
    owner: &'c str,
    /// The discretionary list and that of the system.
    lists: [List; 2],
    entries: List,
    lines: Sink,
    /// How deep the last entry is indented.
    indent: Option<usize>,
    section: Section,
    /// Whether the last line belongs to an entry of a list.
    within: bool,
}

/// Who may do what.
#[derive(Default)]
struct List {
    /// The entries before the last one, as the items of a list.
    entries: Sink,
    last: Option<Entry>,
}

/// Who may do what, or must not.
#[derive(Default)]
struct Entry {
    /// Its other fields, each with a comma.
    head: Sink,
    /// Items of lists.
    flags: Sink,
    rights: Sink,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Section {
    #[default]
    None,
    Flags,
    Discretionary,
    System,
}

impl<'c> Report<'c> {
    fn read(content: &'c [u8]) -> Result<Self, Unreadable> {
        let text = std::str::from_utf8(content)
            .map_err(|error| Unreadable::at("input is not valid UTF-8 text", error.valid_up_to()))?;
        let raw = (text.len() <= RAW_LIMIT).then_some(text);
        let (version, objects, room) = (String::new(), Sink::default(), Room::of(content));
        let mut report = Self { version, objects, last: None, raw, marked: false, told: false, room };
        for line in text.split('\n') {
            report.line(line.strip_suffix('\r').unwrap_or(line))?;
        }
        report.complete()?;
        Ok(report)
    }

    fn line(&mut self, line: &'c str) -> Result<(), Unreadable> {
        let trimmed = line.trim();
        if trimmed.is_empty() || is_banner(trimmed) {
            if self.version.is_empty()
                && let Some(found) = VERSION.captures(trimmed)
            {
                self.version = found[1].to_owned();
            }
            return Ok(());
        }
        self.marked |= trimmed.contains("DESCRIPTOR FLAGS") || trimmed.contains("ACCESS_ALLOWED");
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if indent == 0 {
            self.complete()?;
            self.last = Some(Object { name: trimmed, ..Object::default() });
        } else if let Some(object) = &mut self.last {
            let before = object.len();
            if self.raw.is_some() {
                item(line, &mut object.lines);
            }
            object.line(trimmed, indent);
            self.room.take(object.len() - before)?;
        }
        Ok(())
    }

    /// The last object is complete.
    fn complete(&mut self) -> Result<(), Unreadable> {
        let Some(object) = self.last.take() else { return Ok(()) };
        self.told |= object.is_told();
        // What is in its lists took room when it was written.
        let before = self.objects.len() + object.len();
        object.write(self.raw.is_some(), &mut self.objects);
        self.room.take(self.objects.len().saturating_sub(before))
    }

    fn json(self) -> Vec<u8> {
        let mut sink = Sink::default();
        sink.push(b"{");
        list("objects", &self.objects.into_bytes(), &mut sink);
        sink.push(b",\"raw\":");
        write_string(self.raw.unwrap_or_default(), &mut sink);
        sink.push(b",\"tool\":{\"name\":\"AccessChk\"");
        if !self.version.is_empty() {
            sink.push(b",\"version\":");
            write_string(&self.version, &mut sink);
        }
        sink.push(b"}}");
        sink.into_bytes()
    }
}

/// Writes an item of a list of texts.
fn item(text: &str, list: &mut Sink) {
    comma(list);
    write_string(text, list);
}

/// Writes a comma behind what is there.
fn comma(list: &mut Sink) {
    if !list.is_empty() {
        list.push(b",");
    }
}

fn is_banner(trimmed: &str) -> bool {
    let lower = trimmed.to_lowercase();
    lower.starts_with("accesschk v")
        || lower.starts_with("copyright")
        || lower.contains("sysinternals - www.sysinternals.com")
}

impl<'c> Object<'c> {
    /// An indented line.
    fn line(&mut self, trimmed: &'c str, indent: usize) {
        if let Some(found) = ENTRY.captures(trimmed) {
            self.entries.add(Entry::new([("access", &found[1]), ("principal", &found[2])]), false);
            self.indent = Some(indent);
            self.within = false;
        } else if trimmed.starts_with("DESCRIPTOR FLAGS") {
            (self.section, self.within) = (Section::Flags, false);
        } else if let Some(owner) = trimmed.strip_prefix("OWNER:") {
            self.owner = owner.trim();
            self.within = false;
        } else if trimmed.starts_with("DACL") {
            (self.section, self.within) = (Section::Discretionary, false);
        } else if trimmed.starts_with("SACL") {
            (self.section, self.within) = (Section::System, false);
        } else if let Some(found) = ACE.captures(trimmed) {
            let mut entry = Entry::new([("ace_type", found[2].trim())]);
            // A number that is too large is none.
            let index: i64 = found[1].parse().unwrap_or(0);
            entry.head.push(format!("\"index\":{index},\"principal\":").as_bytes());
            write_string(found[3].trim(), &mut entry.head);
            entry.head.push(b",");
            if self.section != Section::System {
                self.section = Section::Discretionary;
            }
            self.list().add(entry, true);
            self.within = true;
        } else {
            self.detail(trimmed, indent);
        }
    }

    /// A flag in brackets, or a right.
    fn detail(&mut self, trimmed: &str, indent: usize) {
        let token = trimmed.strip_prefix('[').unwrap_or(trimmed);
        let token = token.strip_suffix(']').unwrap_or(token);
        if self.within {
            let flag = trimmed.starts_with('[') && trimmed.ends_with(']');
            if let Some(entry) = &mut self.list().last {
                if flag { item(token, &mut entry.flags) } else { item(trimmed, &mut entry.rights) }
            }
        } else if self.section == Section::Flags {
            item(token, &mut self.flags);
        } else if self.indent.is_some_and(|of_entry| indent > of_entry)
            && let Some(entry) = &mut self.entries.last
        {
            item(trimmed, &mut entry.rights);
        }
    }

    fn list(&mut self) -> &mut List {
        &mut self.lists[usize::from(self.section == Section::System)]
    }

    /// Whether more than its name is known.
    fn is_told(&self) -> bool {
        let mut lists = self.lists.iter().chain([&self.entries]);
        lists.any(|list| list.last.is_some()) || !self.owner.is_empty() || !self.flags.is_empty()
    }

    /// Bytes of what is written so far.
    fn len(&self) -> usize {
        let [discretionary, system] = &self.lists;
        let lists = discretionary.len() + system.len() + self.entries.len();
        lists + self.flags.len() + self.lines.len()
    }

    /// Writes it as an item of a list.
    fn write(self, whole: bool, sink: &mut Sink) {
        comma(sink);
        sink.push(b"{\"name\":");
        write_string(self.name, sink);
        if !self.owner.is_empty() {
            sink.push(b",\"owner\":");
            write_string(self.owner, sink);
        }
        sink.push(b",");
        list("access_entries", &self.entries.finish(false), sink);
        let [discretionary, system] = self.lists.map(|list| list.finish(true));
        for (name, items) in [("dacl", discretionary), ("sacl", system), ("descriptor_flags", self.flags.into_bytes())]
        {
            if !items.is_empty() {
                sink.push(b",");
                list(name, &items, sink);
            }
        }
        sink.push(b",");
        match whole {
            true => list("raw_lines", &self.lines.into_bytes(), sink),
            false => sink.push(b"\"raw_lines\":null"),
        }
        sink.push(b"}");
    }
}

impl List {
    /// Adds an entry; those of the lists of a descriptor have `flags`, even where there are none.
    fn add(&mut self, entry: Entry, flags: bool) {
        // Only the last entry is added to.
        if let Some(last) = self.last.replace(entry) {
            last.write(flags, &mut self.entries);
        }
    }

    /// The items of the list.
    fn finish(mut self, flags: bool) -> Vec<u8> {
        if let Some(last) = self.last {
            last.write(flags, &mut self.entries);
        }
        self.entries.into_bytes()
    }

    fn len(&self) -> usize {
        self.entries.len() + self.last.as_ref().map_or(0, |last| last.head.len() + last.flags.len() + last.rights.len())
    }
}

impl Entry {
    /// An entry with these fields, without those that are empty.
    fn new<const N: usize>(fields: [(&str, &str); N]) -> Self {
        let mut head = Sink::default();
        for (name, text) in fields.into_iter().filter(|(_, text)| !text.is_empty()) {
            head.push(format!("\"{name}\":").as_bytes());
            write_string(text, &mut head);
            head.push(b",");
        }
        Self { head, ..Self::default() }
    }

    /// Writes it as an item of a list.
    fn write(self, flags: bool, sink: &mut Sink) {
        comma(sink);
        sink.push(b"{");
        sink.push(&self.head.into_bytes());
        if flags {
            list("ace_flags", &self.flags.into_bytes(), sink);
            sink.push(b",");
        }
        list("rights", &self.rights.into_bytes(), sink);
        sink.push(b"}");
    }
}

/// Writes a field that is a list.
fn list(name: &str, items: &[u8], sink: &mut Sink) {
    sink.push(format!("\"{name}\":[").as_bytes());
    sink.push(items);
    sink.push(b"]");
}
