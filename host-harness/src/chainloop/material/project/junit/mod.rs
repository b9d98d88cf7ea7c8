//! Reports of tests, in the form that JUnit made known.

mod parts;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use self::parts::{Attributes, Totals, attributes, comma, field, map, outputs, syntax};
use super::super::super::json::Sink;
use super::super::MaterialError;
use super::super::error::position;
use super::duration::nanoseconds;

/// How deep elements may be nested; real suites are hardly ever in another one.
const MAX_DEPTH: usize = 200;

/// The list of suites.
pub(super) fn project(name: &str, content: &[u8]) -> Result<Vec<u8>, MaterialError> {
    let failed = |what: String| MaterialError::new(name, format!("failed to ingest junit xml: {what}"));
    if content.starts_with(b"PK") || content.starts_with(b"\x1f\x8b") {
        return Err(failed("archives are not supported yet".to_owned()).advise("give one of the reports in it"));
    }
    // Chainloop knows XML by its declaration only.
    if !content.trim_ascii_start().starts_with(b"<?xml") {
        return Err(failed(format!("invalid JUnit XML file: {name}")).advise("a report has to start with `<?xml`"));
    }
    let mut report = Report { content, reader: Reader::from_reader(content), depth: 0 };
    report.reader.config_mut().expand_empty_elements = true;
    let mut sink = Sink::default();
    sink.push(b"[");
    report.suites(&mut true, &mut sink).map_err(|what| {
        let at = usize::try_from(report.reader.buffer_position()).unwrap_or(content.len());
        let error = failed(format!("invalid JUnit XML file: {what}"));
        MaterialError { position: Some(position(content, at)), ..error }
    })?;
    sink.push(b"]");
    Ok(sink.into_bytes())
}

struct Report<'c> {
    content: &'c [u8],
    reader: Reader<&'c [u8]>,
    depth: usize,
}

impl<'c> Report<'c> {
    /// The next element inside of the one that was started last; `None` at its end.
    fn child(&mut self) -> Result<Option<BytesStart<'c>>, String> {
        loop {
            match self.reader.read_event().map_err(syntax)? {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(format!("elements are nested deeper than {MAX_DEPTH} levels"));
                    }
                    return Ok(Some(start));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(None);
                }
                Event::Eof if self.depth == 0 => return Ok(None),
                Event::Eof => return Err("XML syntax error: unexpected EOF".to_owned()),
                _ => {}
            }
        }
    }

    /// What is between the tags of an element that was started, markup included.
    fn inside(&mut self, start: &BytesStart<'_>) -> Result<String, String> {
        let span = self.reader.read_to_end(start.name()).map_err(syntax)?;
        self.depth = self.depth.saturating_sub(1);
        let part = usize::try_from(span.start).ok().zip(usize::try_from(span.end).ok());
        let text = part.and_then(|(from, to)| self.content.get(from..to)).unwrap_or_default();
        let text = String::from_utf8_lossy(text);
        let (mut rest, mut out) = (text.as_ref(), String::new());
        while let Some((before, after)) = rest.split_once("<![CDATA[") {
            out.push_str(&unescape(before).map_err(syntax)?);
            let (inside, after) = after.split_once("]]>").unwrap_or((after, ""));
            out.push_str(inside);
            rest = after;
        }
        out.push_str(&unescape(rest).map_err(syntax)?);
        Ok(out)
    }

    /// Suites, however deep they are in elements of other names.
    fn suites(&mut self, first: &mut bool, sink: &mut Sink) -> Result<(), String> {
        while let Some(start) = self.child()? {
            if start.local_name().as_ref() == b"testsuite" {
                comma(first, sink);
                self.suite(&start, sink)?;
            } else {
                self.suites(first, sink)?;
            }
        }
        Ok(())
    }

    fn suite(&mut self, start: &BytesStart<'_>, sink: &mut Sink) -> Result<Totals, String> {
        let mut properties = attributes(start)?;
        let of = |name: &str| properties.get(name).cloned().unwrap_or_default();
        let (name, package) = (of("name"), of("package"));
        let (mut tests, mut suites, mut totals) = (Sink::default(), Sink::default(), Totals::default());
        let (mut out, mut err) = (String::new(), String::new());
        while let Some(child) = self.child()? {
            match child.local_name().as_ref() {
                b"testsuite" => {
                    comma(&mut suites.is_empty(), &mut suites);
                    totals.add(self.suite(&child, &mut suites)?);
                }
                b"testcase" => {
                    comma(&mut tests.is_empty(), &mut tests);
                    totals.add(self.test(&child, &mut tests)?);
                }
                b"properties" => self.properties(&mut properties)?,
                b"system-out" => out = self.inside(&child)?,
                b"system-err" => err = self.inside(&child)?,
                _ => drop(self.inside(&child)?),
            }
        }
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
        Ok(totals)
    }

    fn test(&mut self, start: &BytesStart<'_>, sink: &mut Sink) -> Result<Totals, String> {
        let mut properties = attributes(start)?;
        let of = |name: &str| properties.get(name).cloned().unwrap_or_default();
        let (name, class, duration) = (of("name"), of("classname"), nanoseconds(&of("time")));
        let (mut status, mut message, mut error) = ("passed", String::new(), None);
        let (mut out, mut err) = (String::new(), String::new());
        while let Some(child) = self.child()? {
            match child.local_name().as_ref() {
                kind @ (b"skipped" | b"failure" | b"error") => {
                    let given = attributes(&child)?;
                    message = given.get("message").cloned().unwrap_or_default();
                    let body = self.inside(&child)?;
                    status = match kind {
                        b"skipped" => "skipped",
                        b"failure" => "failed",
                        _ => "error",
                    };
                    if status != "skipped" {
                        error = Some([message.clone(), given.get("type").cloned().unwrap_or_default(), body]);
                    }
                }
                b"properties" => self.properties(&mut properties)?,
                b"system-out" => out = self.inside(&child)?,
                b"system-err" => err = self.inside(&child)?,
                _ => drop(self.inside(&child)?),
            }
        }
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
        let one = |word: &str| i64::from(status == word);
        let (passed, skipped, failed, error) = (one("passed"), one("skipped"), one("failed"), one("error"));
        Ok(Totals { tests: 1, passed, skipped, failed, error, duration })
    }

    fn properties(&mut self, properties: &mut Attributes) -> Result<(), String> {
        while let Some(child) = self.child()? {
            let mut given = attributes(&child)?;
            if child.local_name().as_ref() == b"property" {
                let mut take = |name: &str| given.remove(name).unwrap_or_default();
                properties.insert(take("name"), take("value"));
            }
            self.inside(&child)?;
        }
        Ok(())
    }
}
