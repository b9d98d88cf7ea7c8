//! Where things stand in the text of a document, to the byte.

use std::ops::Range;

use granit_parser::{Event, Parser, Span, StructureStyle};

/// A value in a text: in YAML, or in JSON, which is the flow style of YAML.
#[derive(Debug)]
pub(in crate::input) struct Outline {
    /// Its bytes, without comments and white space around it. Of a block, those from its first to its last value.
    pub(in crate::input) span: Range<usize>,
    pub(in crate::input) shape: Shape,
}

#[derive(Debug)]
pub(in crate::input) enum Shape {
    /// A scalar, or the name of an anchor, which stands for a value elsewhere.
    Scalar,
    Mapping {
        flow: bool,
        entries: Vec<Entry>,
    },
    Sequence {
        flow: bool,
        items: Vec<Outline>,
    },
}

/// An entry of a mapping.
#[derive(Debug)]
pub(in crate::input) struct Entry {
    /// The text of the key, without quotes.
    pub(in crate::input) key: String,
    /// The bytes of the key.
    pub(in crate::input) at: Range<usize>,
    pub(in crate::input) value: Outline,
}

impl Outline {
    /// The outline of the only document in `text`; `None` where it is not valid, or there are several, and where a key is no scalar.
    pub(in crate::input) fn read(text: &str) -> Option<Self> {
        let mut options = granit_parser::Options::default();
        options.set_emit_comments(false);
        let mut events = Events { parser: Parser::new_from_str_with_options(text, options), text };
        let root = loop {
            let (event, span) = events.next()?;
            if !matches!(event, Event::StreamStart | Event::DocumentStart(..)) {
                break events.node(event, &span, 0)?;
            }
        };
        match (events.next()?.0, events.next()?.0) {
            (Event::DocumentEnd, Event::StreamEnd) => Some(root),
            _ => None,
        }
    }
}

struct Events<'t> {
    parser: Parser<'t, granit_parser::StrInput<'t>>,
    text: &'t str,
}

impl<'t> Events<'t> {
    fn next(&mut self) -> Option<(Event<'t>, Span)> {
        self.parser.next_event()?.ok()
    }

    fn node(&mut self, event: Event<'t>, span: &Span, depth: usize) -> Option<Outline> {
        if depth > super::tree::MAX_DEPTH {
            return None;
        }
        let (start, end) = (span.start.byte_offset()?, span.end.byte_offset()?);
        match event {
            Event::Scalar(..) => {
                // A block of text ends with its line.
                let written = self.text.get(start..end)?.trim_end();
                Some(Outline { span: start..start + written.len(), shape: Shape::Scalar })
            }
            Event::Alias(_) => Some(Outline { span: start..end, shape: Shape::Scalar }),
            Event::SequenceStart(style, ..) => {
                let mut items = Vec::new();
                let end = loop {
                    let (event, span) = self.next()?;
                    if matches!(event, Event::SequenceEnd) {
                        break span.end.byte_offset()?;
                    }
                    items.push(self.node(event, &span, depth + 1)?);
                };
                let flow = style == StructureStyle::Flow;
                let last = items.last().map_or(end, |item| item.span.end);
                let span = start..if flow { end } else { last };
                Some(Outline { span, shape: Shape::Sequence { flow, items } })
            }
            Event::MappingStart(style, ..) => {
                let mut entries: Vec<Entry> = Vec::new();
                let end = loop {
                    let (event, span) = self.next()?;
                    match event {
                        Event::MappingEnd => break span.end.byte_offset()?,
                        Event::Scalar(key, ..) => {
                            let at = span.start.byte_offset()?..span.end.byte_offset()?;
                            let (event, span) = self.next()?;
                            let value = self.node(event, &span, depth + 1)?;
                            entries.push(Entry { key: key.into_owned(), at, value });
                        }
                        _ => return None,
                    }
                };
                let flow = style == StructureStyle::Flow;
                let last = entries.last().map_or(end, |entry| entry.value.span.end.max(entry.at.end));
                let span = start..if flow { end } else { last };
                Some(Outline { span, shape: Shape::Mapping { flow, entries } })
            }
            _ => None,
        }
    }
}
