//! Reports in XML, as JSON.

use super::super::super::json::{Sink, write_string};
use super::super::super::xml::{Start, Token, Xml, XmlError};
use super::Unreadable;
use super::room::{Room, shortened};
use super::shapes::{Shape, Type};

/// The JSON of a report. `root` is the name of its outermost element, where that matters. What comes after that element is
/// not read.
pub(super) fn json(content: &[u8], root: Option<&str>, shape: &Shape) -> Result<Vec<u8>, Unreadable> {
    let mut xml = Xml::new(content);
    let start = loop {
        match xml.next()? {
            Token::Start(start) => break start,
            Token::Finished => return Err(Unreadable::at("EOF", content.len())),
            Token::End(_) | Token::Text(_) | Token::Other => {}
        }
    };
    if let Some(root) = root.filter(|root| *root != start.name) {
        let words = format!("expected element type <{root}> but have <{}>", shortened(start.name));
        return Err(Unreadable::at(words, xml.at()));
    }
    let mut sink = Sink::default();
    element(&mut xml, &start, shape, &mut sink, &mut Room::of(content))?;
    Ok(sink.into_bytes())
}

impl From<XmlError> for Unreadable {
    fn from(error: XmlError) -> Self {
        Self::at(error.to_string(), error.at)
    }
}

/// Writes an element whose start was read. What its shape does not name is passed over.
fn element(
    xml: &mut Xml<'_>,
    start: &Start<'_>,
    shape: &Shape,
    sink: &mut Sink,
    room: &mut Room,
) -> Result<(), Unreadable> {
    let before = sink.len();
    sink.push(b"{");
    let mut first = attributes(xml, start, shape, sink)?;
    // What is in its lists took room when it was written.
    let mut own = sink.len() - before;
    let mut lists: Vec<Sink> = shape.lists.iter().map(|_| Sink::default()).collect();
    while let Some(child) = child(xml)? {
        if let Some(index) = shape.lists.iter().position(|list| list.inside.is_none() && list.element == child.name) {
            item(xml, &child, shape, index, &mut lists, room)?;
        } else if let Some(index) = shape.lists.iter().position(|list| list.inside == Some(child.name)) {
            while let Some(inner) = self::child(xml)? {
                if inner.name == shape.lists[index].element {
                    item(xml, &inner, shape, index, &mut lists, room)?;
                } else {
                    xml.pass_over()?;
                }
            }
        } else {
            xml.pass_over()?;
        }
    }
    for (list, items) in shape.lists.iter().zip(lists) {
        let items = items.into_bytes();
        comma(&mut first, sink);
        write_string(list.name, sink);
        own += list.name.len() + ",\"\":null".len();
        // A list to which nothing was added is no list in Go.
        if items.is_empty() {
            sink.push(b":null");
        } else {
            sink.push(b":[");
            sink.push(&items);
            sink.push(b"]");
        }
    }
    sink.push(b"}");
    room.take(own)
}

/// The next element inside of one; `None` after the last.
fn child<'t>(xml: &mut Xml<'t>) -> Result<Option<Start<'t>>, XmlError> {
    loop {
        match xml.next()? {
            Token::Start(child) => return Ok(Some(child)),
            Token::End(_) | Token::Finished => return Ok(None),
            Token::Text(_) | Token::Other => {}
        }
    }
}

fn item(
    xml: &mut Xml<'_>,
    start: &Start<'_>,
    shape: &Shape,
    index: usize,
    lists: &mut [Sink],
    room: &mut Room,
) -> Result<(), Unreadable> {
    let (Some(list), Some(sink)) = (shape.lists.get(index), lists.get_mut(index)) else { return Ok(()) };
    if !sink.is_empty() {
        sink.push(b",");
    }
    match list.shape {
        Some(shape) => element(xml, start, shape, sink, room),
        None => {
            let before = sink.len();
            write_string(&text(xml)?, sink);
            room.take(sink.len() - before)
        }
    }
}

/// The text up to the end of the element that was started.
fn text(xml: &mut Xml<'_>) -> Result<String, XmlError> {
    let mut text = String::new();
    loop {
        match xml.next()? {
            Token::Text(part) => text.push_str(&part),
            Token::Start(_) => drop(xml.pass_over()?),
            Token::Other => {}
            Token::End(_) | Token::Finished => return Ok(text),
        }
    }
}

fn comma(first: &mut bool, sink: &mut Sink) {
    if !std::mem::take(first) {
        sink.push(b",");
    }
}

/// Writes the attributes; whether there was none.
fn attributes(xml: &Xml<'_>, start: &Start<'_>, shape: &Shape, sink: &mut Sink) -> Result<bool, Unreadable> {
    let mut first = true;
    for (name, kind) in shape.attributes {
        // Of those of the same name, the last one counts.
        let value = start.attributes.iter().rev().find(|(found, _)| found == name);
        let value = value.map(|(_, value)| value.as_str()).unwrap_or_default();
        if *kind == Type::OptionalText && value.is_empty() {
            continue;
        }
        comma(&mut first, sink);
        write_string(name, sink);
        sink.push(b":");
        let token = token(*kind, value).map_err(|words| Unreadable::at(words, xml.at()))?;
        match token {
            Some(token) => sink.push(token.as_bytes()),
            None => write_string(value, sink),
        }
    }
    Ok(first)
}

/// The JSON of a value that is not a text.
fn token(kind: Type, value: &str) -> Result<Option<String>, String> {
    let trimmed = value.trim();
    let wrong = |function: &str| format!("strconv.{function}: parsing {:?}: invalid syntax", shortened(trimmed));
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
