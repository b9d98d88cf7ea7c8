//! Reports in XML, as JSON.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::super::super::json::{Sink, write_string};
use super::super::MaterialError;
use super::super::error::position;
use super::shapes::{Shape, Type};

/// The JSON of a report. `root` is the name of its outermost element, where that matters; `title` is what the kind of report
/// is called in errors.
pub(super) fn project(
    name: &str,
    content: &[u8],
    title: &str,
    root: Option<&str>,
    shape: &Shape,
) -> Result<Vec<u8>, MaterialError> {
    let mut report = Report { reader: Reader::from_reader(content) };
    report.read(root, shape).map_err(|what| {
        let at = usize::try_from(report.reader.buffer_position()).unwrap_or(content.len());
        let error = MaterialError::new(name, format!("invalid {title} report file: {what}"));
        MaterialError { position: Some(position(content, at)), ..error }
    })
}

struct Report<'c> {
    reader: Reader<&'c [u8]>,
}

/// An event that matters.
enum Found<'c> {
    Start(BytesStart<'c>),
    Empty(BytesStart<'c>),
    Text(String),
    End,
}

impl<'c> Report<'c> {
    fn read(&mut self, root: Option<&str>, shape: &Shape) -> Result<Vec<u8>, String> {
        loop {
            let (start, open) = match self.next()? {
                Found::Start(start) => (start, true),
                Found::Empty(start) => (start, false),
                Found::Text(_) | Found::End => continue,
            };
            let local = local(&start);
            if let Some(root) = root.filter(|root| *root != local) {
                return Err(format!("expected element type <{root}> but have <{local}>"));
            }
            let mut sink = Sink::default();
            self.element(&start, open, shape, &mut sink)?;
            return Ok(sink.into_bytes());
        }
    }

    /// Writes an element whose start was read. What its shape does not name is passed over.
    fn element(&mut self, start: &BytesStart<'_>, open: bool, shape: &Shape, sink: &mut Sink) -> Result<(), String> {
        sink.push(b"{");
        let mut first = attributes(start, shape, sink)?;
        let mut lists: Vec<Sink> = shape.lists.iter().map(|_| Sink::default()).collect();
        while let Some((child, child_open)) = self.child(open)? {
            let name = local(&child);
            if let Some(index) = shape.lists.iter().position(|list| list.inside.is_none() && list.element == name) {
                self.item(&child, child_open, shape, index, &mut lists)?;
            } else if let Some(index) = shape.lists.iter().position(|list| list.inside == Some(name.as_str())) {
                while let Some((item, item_open)) = self.child(child_open)? {
                    if local(&item) == shape.lists[index].element {
                        self.item(&item, item_open, shape, index, &mut lists)?;
                    } else if item_open {
                        self.pass_over()?;
                    }
                }
            } else if child_open {
                self.pass_over()?;
            }
        }
        for (list, items) in shape.lists.iter().zip(lists) {
            let items = items.into_bytes();
            comma(&mut first, sink);
            write_string(list.name, sink);
            // A slice to which nothing was added is `null` in Go's JSON.
            if items.is_empty() {
                sink.push(b":null");
            } else {
                sink.push(b":[");
                sink.push(&items);
                sink.push(b"]");
            }
        }
        sink.push(b"}");
        Ok(())
    }

    /// The next element inside of one, and whether it has an end of its own; `None` after the last.
    fn child(&mut self, open: bool) -> Result<Option<(BytesStart<'c>, bool)>, String> {
        if !open {
            return Ok(None);
        }
        loop {
            match self.next()? {
                Found::Start(child) => return Ok(Some((child, true))),
                Found::Empty(child) => return Ok(Some((child, false))),
                Found::Text(_) => {}
                Found::End => return Ok(None),
            }
        }
    }

    fn item(
        &mut self,
        start: &BytesStart<'_>,
        open: bool,
        shape: &Shape,
        index: usize,
        lists: &mut [Sink],
    ) -> Result<(), String> {
        let (Some(list), Some(sink)) = (shape.lists.get(index), lists.get_mut(index)) else { return Ok(()) };
        if !sink.is_empty() {
            sink.push(b",");
        }
        match list.shape {
            Some(shape) => self.element(start, open, shape, sink),
            None => {
                let text = if open { self.text()? } else { String::new() };
                write_string(&text, sink);
                Ok(())
            }
        }
    }

    /// The text up to the end of the element that was started.
    fn text(&mut self) -> Result<String, String> {
        let mut text = String::new();
        loop {
            match self.next()? {
                Found::Text(part) => text.push_str(&part),
                Found::Start(_) => self.pass_over()?,
                Found::Empty(_) => {}
                Found::End => return Ok(text),
            }
        }
    }

    /// Reads up to the end of the element that was started.
    fn pass_over(&mut self) -> Result<(), String> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next()? {
                Found::Start(_) => depth += 1,
                Found::End => depth -= 1,
                Found::Empty(_) | Found::Text(_) => {}
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Found<'c>, String> {
        loop {
            let event = self.reader.read_event().map_err(|error| format!("XML syntax error: {error}"))?;
            return Ok(match event {
                Event::Start(start) => Found::Start(start),
                Event::Empty(start) => Found::Empty(start),
                Event::End(_) => Found::End,
                Event::Text(text) => Found::Text(text.decode().map_err(|error| error.to_string())?.into_owned()),
                Event::CData(text) => Found::Text(text.decode().map_err(|error| error.to_string())?.into_owned()),
                Event::GeneralRef(reference) => {
                    let name = reference.decode().map_err(|error| error.to_string())?;
                    match reference.resolve_char_ref().map_err(|error| error.to_string())? {
                        Some(character) => Found::Text(character.to_string()),
                        None => match resolve_predefined_entity(&name) {
                            Some(text) => Found::Text(text.to_owned()),
                            None => return Err(format!("XML syntax error: invalid character entity &{name};")),
                        },
                    }
                }
                Event::Eof => return Err("XML syntax error: unexpected EOF".to_owned()),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => continue,
            });
        }
    }
}

/// A name without its namespace, which Go does not look at.
fn local(start: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(start.local_name().as_ref()).into_owned()
}

fn comma(first: &mut bool, sink: &mut Sink) {
    if !std::mem::take(first) {
        sink.push(b",");
    }
}

/// Writes the attributes; whether there was none.
fn attributes(start: &BytesStart<'_>, shape: &Shape, sink: &mut Sink) -> Result<bool, String> {
    let mut values = vec![String::new(); shape.attributes.len()];
    // Looking for one that is there twice would compare all with all. The last one counts.
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| format!("XML syntax error: {error}"))?;
        let name = attribute.key.local_name();
        if let Some(index) = shape.attributes.iter().position(|(known, _)| known.as_bytes() == name.as_ref()) {
            let value = attribute.unescape_value().map_err(|error| format!("XML syntax error: {error}"))?;
            values[index] = value.into_owned();
        }
    }
    let mut first = true;
    for ((name, kind), value) in shape.attributes.iter().zip(values) {
        if *kind == Type::OptionalText && value.is_empty() {
            continue;
        }
        comma(&mut first, sink);
        write_string(name, sink);
        sink.push(b":");
        let token = token(*kind, &value)?;
        match token {
            Some(token) => sink.push(token.as_bytes()),
            None => write_string(&value, sink),
        }
    }
    Ok(first)
}

/// The JSON of a value that is not a text.
fn token(kind: Type, value: &str) -> Result<Option<String>, String> {
    let trimmed = value.trim();
    let wrong = |function: &str| format!("strconv.{function}: parsing {trimmed:?}: invalid syntax");
    Ok(match kind {
        Type::Text | Type::OptionalText => None,
        // An empty attribute is 0, or false.
        Type::Integer | Type::Rate if value.is_empty() => Some("0".to_owned()),
        Type::Flag if value.is_empty() => Some("false".to_owned()),
        Type::Integer => Some(trimmed.parse::<i64>().map_err(|_| wrong("ParseInt"))?.to_string()),
        Type::Rate => Some(rate(trimmed.parse().map_err(|_| wrong("ParseFloat"))?)),
        Type::Flag => match trimmed {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => Some("true".to_owned()),
            "0" | "f" | "F" | "FALSE" | "false" | "False" => Some("false".to_owned()),
            _ => return Err(wrong("ParseBool")),
        },
    })
}

/// A number as Go writes it.
fn rate(number: f64) -> String {
    let size = number.abs();
    if !number.is_finite() {
        "null".to_owned()
    } else if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{number:e}");
        if size < 1.0 { text } else { text.replace('e', "e+") }
    } else {
        number.to_string()
    }
}
