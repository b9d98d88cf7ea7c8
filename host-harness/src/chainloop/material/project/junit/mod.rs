//! Reports of tests, in the form that JUnit made known: one, or an archive of them.

mod parts;

use self::parts::{Attributes, Totals, attributes, comma, field, map, outputs};
use super::super::super::json::Sink;
use super::super::super::xml::{Start, Token, Xml, unescaped};
use super::super::archive::{self, Format};
use super::Unreadable;
use super::duration::nanoseconds;
use super::room::Room;

/// How deep elements may be nested; real suites are hardly ever in another one.
const MAX_DEPTH: usize = 200;

/// What Go wraps a report in, so that a file of several elements, or of none, is a document too.
const WRAPPER: [&[u8]; 2] = [b"<fake-root>", b"</fake-root>"];

/// The list of suites.
pub(super) fn json(path: &str, content: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let (mut sink, mut room) = (Sink::default(), Room::of(content));
    sink.push(b"[");
    if content.is_empty() {
        return Err(Unreadable::new(format!("reading file {path:?}: EOF")));
    } else if content.starts_with(b"PK\x03\x04") {
        archived(content, Format::Zip, &mut sink, &mut room)
            .map_err(|error| error.within("could not ingest Zip archive "))?;
    } else if content.starts_with(b"\x1f\x8b\x08") {
        archived(content, Format::TarGz, &mut sink, &mut room)
            .map_err(|error| error.within("could not ingest GZip archive"))?;
    } else if is_xml(content) {
        report(content, &mut true, &mut sink, &mut room).map_err(|error| error.within("invalid JUnit XML file"))?;
    } else {
        return Err(Unreadable::at(format!("invalid JUnit XML file: {path}"), 0));
    }
    sink.push(b"]");
    Ok(sink.into_bytes())
}

/// Whether a file is taken for XML: by its declaration only, which has to be in its first 512 bytes.
fn is_xml(content: &[u8]) -> bool {
    let start = &content[..content.len().min(512)];
    let space = start.iter().take_while(|byte| matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')).count();
    start[space..].starts_with(b"<?xml")
}

/// The suites of all reports in an archive, one after the other.
fn archived(content: &[u8], format: Format, sink: &mut Sink, room: &mut Room) -> Result<(), Unreadable> {
    let mut first = true;
    let wrong = match format {
        Format::Zip => "could not ingest JUnit XML file",
        _ => "can't ingest JUnit XML file",
    };
    archive::each(content, format, &mut |entry| {
        if !entry.file || !entry.name.ends_with(".xml") {
            return Ok(());
        }
        let content =
            entry.read().map_err(|error| archive::Stopped::Caller(format!("{wrong} {:?}: {error}", entry.name)))?;
        report(&content, &mut first, sink, room)
            .map_err(|error| archive::Stopped::Caller(format!("{wrong} {:?}: {}", entry.name, error.words)))
    })
    .map_err(|stopped| {
        Unreadable::new(match (stopped, format) {
            (archive::Stopped::Caller(words), _) => words,
            (archive::Stopped::Archive(error), Format::Zip) => format!("could not open zip archive: {error}"),
            (archive::Stopped::Compression(error), _) => {
                format!("can't uncompress file, unexpected material type: {error}")
            }
            (archive::Stopped::Archive(error), _) => format!("can't read tar header: {error}"),
            (archive::Stopped::Limit(words), _) => words,
        })
    })
}

/// Writes the suites of one report.
fn report(content: &[u8], first: &mut bool, sink: &mut Sink, room: &mut Room) -> Result<(), Unreadable> {
    let wrapped = [WRAPPER[0], content, WRAPPER[1]].concat();
    let mut report = Report { xml: Xml::new(&wrapped), room };
    let inside = |error: Unreadable| Unreadable { at: error.at.map(|at| at.saturating_sub(WRAPPER[0].len())), ..error };
    report.all(first, sink).map_err(inside)?;
    // What is between the tags of an element is read as text as well, that of the wrapper included.
    body(&String::from_utf8_lossy(content)).map_err(|words| Unreadable::at(words, content.len()))?;
    Ok(())
}

struct Report<'c, 'r> {
    xml: Xml<'c>,
    room: &'r mut Room,
}

impl<'c> Report<'c, '_> {
    fn all(&mut self, first: &mut bool, sink: &mut Sink) -> Result<(), Unreadable> {
        // The wrapper's own start.
        self.child()?;
        self.suites(first, sink)
    }

    /// The next element inside of the one that was started last; `None` at its end.
    fn child(&mut self) -> Result<Option<Start<'c>>, Unreadable> {
        loop {
            match self.xml.next()? {
                Token::Start(start) => {
                    if self.xml.depth() > MAX_DEPTH + 1 {
                        let words = format!("elements are nested deeper than {MAX_DEPTH} levels");
                        return Err(Unreadable::at(words, self.xml.at()));
                    }
                    return Ok(Some(start));
                }
                Token::End(_) | Token::Finished => return Ok(None),
                Token::Text(_) | Token::Other => {}
            }
        }
    }

    /// What is between the tags of an element that was started, as text, markup included.
    fn inside(&mut self, start: &Start<'_>) -> Result<String, Unreadable> {
        let end = self.xml.pass_over()?;
        body(&self.xml.between(start.end, end)).map_err(|words| Unreadable::at(words, end))
    }

    /// Suites, however deep they are in elements of other names.
    fn suites(&mut self, first: &mut bool, sink: &mut Sink) -> Result<(), Unreadable> {
        while let Some(start) = self.child()? {
            if start.name == "testsuite" {
                comma(first, sink);
                self.suite(&start, sink)?;
            } else {
                self.suites(first, sink)?;
            }
        }
        Ok(())
    }

    fn suite(&mut self, start: &Start<'_>, sink: &mut Sink) -> Result<Totals, Unreadable> {
        let mut properties = attributes(start);
        let of = |name: &str| properties.get(name).cloned().unwrap_or_default();
        let (name, package) = (of("name"), of("package"));
        let (mut tests, mut suites, mut totals) = (Sink::default(), Sink::default(), Totals::default());
        let (mut out, mut err) = (String::new(), String::new());
        while let Some(child) = self.child()? {
            match child.name {
                "testsuite" => {
                    comma(&mut suites.is_empty(), &mut suites);
                    totals.add(self.suite(&child, &mut suites)?);
                }
                "testcase" => {
                    comma(&mut tests.is_empty(), &mut tests);
                    totals.add(self.test(&child, &mut tests)?);
                }
                "properties" => self.properties(&mut properties)?,
                "system-out" => out = self.inside(&child)?,
                "system-err" => err = self.inside(&child)?,
                _ => drop(self.inside(&child)?),
            }
        }
        // What is in it took room when it was written.
        let own = sink.len() + tests.len() + suites.len();
        sink.push(b"{");
        field("name", &name, sink);
        sink.push(b",");
        field("package", &package, sink);
        if !properties.is_empty() {
            sink.push(b",");
            map(&properties, sink);
        }
        for (name, items) in [("tests", tests), ("suites", suites)] {
            if !items.is_empty() {
                sink.push(format!(",\"{name}\":[").as_bytes());
                sink.push(&items.into_bytes());
                sink.push(b"]");
            }
        }
        outputs(&out, &err, sink);
        let Totals { tests, passed, skipped, failed, error, duration } = totals;
        sink.push(format!(",\"totals\":{{\"tests\":{tests},\"passed\":{passed},\"skipped\":{skipped},\"failed\":{failed},\"error\":{error},\"duration\":{duration}}}}}").as_bytes());
        self.room.take(sink.len() - own)?;
        Ok(totals)
    }

    fn test(&mut self, start: &Start<'_>, sink: &mut Sink) -> Result<Totals, Unreadable> {
        let mut properties = attributes(start);
        let of = |name: &str| properties.get(name).cloned().unwrap_or_default();
        let (name, class, duration) = (of("name"), of("classname"), nanoseconds(&of("time")));
        let (mut status, mut message, mut error) = ("passed", String::new(), None);
        let (mut out, mut err) = (String::new(), String::new());
        while let Some(child) = self.child()? {
            match child.name {
                kind @ ("skipped" | "failure" | "error") => {
                    let given = attributes(&child);
                    message = given.get("message").cloned().unwrap_or_default();
                    let body = self.inside(&child)?;
                    status = match kind {
                        "skipped" => "skipped",
                        "failure" => "failed",
                        _ => "error",
                    };
                    if status != "skipped" {
                        error = Some([message.clone(), given.get("type").cloned().unwrap_or_default(), body]);
                    }
                }
                "properties" => self.properties(&mut properties)?,
                "system-out" => out = self.inside(&child)?,
                "system-err" => err = self.inside(&child)?,
                _ => drop(self.inside(&child)?),
            }
        }
        let before = sink.len();
        sink.push(b"{");
        for (key, value) in [("name", &name), ("classname", &class), ("message", &message)] {
            field(key, value, sink);
            sink.push(b",");
        }
        sink.push(format!("\"duration\":{duration},\"status\":\"{status}\",\"error\":").as_bytes());
        match error {
            None => sink.push(b"null"),
            Some(parts) => {
                sink.push(b"{");
                let mut first = true;
                for (key, part) in
                    ["message", "type", "body"].into_iter().zip(&parts).filter(|(_, part)| !part.is_empty())
                {
                    comma(&mut first, sink);
                    field(key, part, sink);
                }
                sink.push(b"}");
            }
        }
        sink.push(b",");
        map(&properties, sink);
        outputs(&out, &err, sink);
        sink.push(b"}");
        self.room.take(sink.len() - before)?;
        let one = |word: &str| i64::from(status == word);
        let (passed, skipped, failed, error) = (one("passed"), one("skipped"), one("failed"), one("error"));
        Ok(Totals { tests: 1, passed, skipped, failed, error, duration })
    }

    fn properties(&mut self, properties: &mut Attributes) -> Result<(), Unreadable> {
        while let Some(child) = self.child()? {
            let mut given = attributes(&child);
            if child.name == "property" {
                let mut take = |name: &str| given.remove(name).unwrap_or_default();
                properties.insert(take("name"), take("value"));
            }
            self.inside(&child)?;
        }
        Ok(())
    }
}

/// What stands between two tags, as text: references resolved, CDATA sections as they are.
fn body(text: &str) -> Result<String, &'static str> {
    const END: &str = "]]>";
    let (mut rest, mut out) = (text, String::new());
    while let Some((before, after)) = rest.split_once("<![CDATA[") {
        out.push_str(&unescaped(before));
        let (inside, after) = after.split_once(END).ok_or("unmatched CDATA start tag")?;
        out.push_str(inside);
        rest = after;
    }
    if rest.contains(END) {
        return Err("unmatched CDATA end tag");
    }
    out.push_str(&unescaped(rest));
    Ok(out)
}
