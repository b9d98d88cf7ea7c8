//! The nodes of a YAML text as they are written: anchors, aliases and merge keys are still there.

use std::{borrow::Cow, collections::HashMap};

use granit_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, Tag as ParsedTag};

use super::advice::advice;
use super::scalar::{Tag, Written};
use crate::input::Position;
use crate::input::error::Failure;

/// As deep as serde_json goes, so that a document means the same in both languages.
pub(super) const MAX_DEPTH: usize = 127;

/// What kubectl prints of a real cluster is large.
const MAX_NODES: usize = 10_000_000;

const MAX_DOCUMENTS: usize = 100_000;

/// A node, by its place in the tree.
pub(super) type Id = usize;

/// All documents of a text.
#[derive(Default)]
pub(super) struct Tree<'t> {
    nodes: Vec<Node<'t>>,
    documents: Vec<Id>,
}

pub(super) struct Node<'t> {
    pub(super) at: Position,
    pub(super) kind: Kind<'t>,
}

pub(super) enum Kind<'t> {
    Scalar(Written<'t>),
    Sequence(Vec<Id>),
    Mapping(Vec<(Id, Id)>),
    /// The node that the anchor stands at.
    Alias(Id),
}

impl<'t> Tree<'t> {
    /// Reads `text`.
    ///
    /// # Errors
    ///
    /// What is not valid YAML, a tag that Kubernetes has no use for, an anchor whose value contains itself, and what is too
    /// large.
    pub(super) fn read(text: &'t str) -> Result<Self, Failure> {
        let mut options = granit_parser::Options::default();
        options.set_emit_comments(false);
        let mut parser = Parser::new_from_str_with_options(text, options);
        let mut reader = Reader::default();
        while let Some(next) = parser.next_event() {
            let (event, span) = next.map_err(|error| failure(text, &error))?;
            reader.event(event, &span)?;
        }
        Ok(reader.tree)
    }

    /// The documents, without those that are empty or `null`.
    pub(super) fn documents(&self) -> impl Iterator<Item = Id> {
        self.documents.iter().copied().filter(|root| match &self.nodes[*root].kind {
            Kind::Scalar(written) => !written.is_null(),
            _ => true,
        })
    }

    pub(super) fn node(&self, id: Id) -> &Node<'t> {
        &self.nodes[id]
    }

    /// The node itself, or the one that an alias stands for.
    pub(super) fn target(&self, id: Id) -> Id {
        match self.nodes[id].kind {
            Kind::Alias(target) => target,
            _ => id,
        }
    }
}

fn failure(text: &str, error: &ScanError) -> Failure {
    let at = position(error.marker());
    (Some(at), format!("not valid YAML: {}{}", error.kind(), advice(text, at, error.kind())))
}

pub(super) fn position(marker: &Marker) -> Position {
    Position { line: marker.line(), column: marker.col() + 1 }
}

/// Makes nodes of events.
#[derive(Default)]
struct Reader<'t> {
    tree: Tree<'t>,
    /// Whether a document has started.
    started: bool,
    open: Vec<Open>,
    anchors: HashMap<usize, Id>,
}

/// A sequence or a mapping of which the end has not been seen.
struct Open {
    id: Id,
    /// The key whose value comes next.
    key: Option<Id>,
}

impl<'t> Reader<'t> {
    fn event(&mut self, event: Event<'t>, span: &Span) -> Result<(), Failure> {
        let at = position(&span.start);
        match event {
            Event::DocumentStart(explicit, _) => {
                let follows = std::mem::replace(&mut self.started, true);
                if follows && !explicit {
                    let message =
                        "not valid YAML: a document after `...` starts with `---`; kubectl leaves this one out";
                    return Err((Some(at), message.to_owned()));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                // The parser's word for nothing at all is `~`.
                let text = if style == ScalarStyle::Plain && span.is_empty() { Cow::Borrowed("") } else { text };
                let tag = tag_of_scalar(tag.as_deref(), style, span)?;
                self.add(at, Kind::Scalar(Written { text, tag }), anchor)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                tag_of_collection(tag.as_deref(), "seq", span)?;
                self.enter(at, Kind::Sequence(Vec::new()), anchor)?;
            }
            Event::MappingStart(_, anchor, tag) => {
                tag_of_collection(tag.as_deref(), "map", span)?;
                self.enter(at, Kind::Mapping(Vec::new()), anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => drop(self.open.pop()),
            Event::Alias(anchor) => {
                // The parser has refused names of which it saw no anchor.
                let target = self.anchors.get(&anchor).copied();
                let target = target.ok_or_else(|| (Some(at), "not valid YAML: unknown anchor".to_owned()))?;
                if self.open.iter().any(|open| open.id == target) {
                    return Err((Some(at), "not valid YAML: the value of this anchor contains itself".to_owned()));
                }
                self.add(at, Kind::Alias(target), 0)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn enter(&mut self, at: Position, kind: Kind<'t>, anchor: usize) -> Result<(), Failure> {
        if self.open.len() == MAX_DEPTH {
            return Err(too_deep(at));
        }
        let id = self.add(at, kind, anchor)?;
        self.open.push(Open { id, key: None });
        Ok(())
    }

    /// Adds a node, below what is open.
    fn add(&mut self, at: Position, kind: Kind<'t>, anchor: usize) -> Result<Id, Failure> {
        let Tree { nodes, documents } = &mut self.tree;
        let id = nodes.len();
        if id == MAX_NODES || documents.len() == MAX_DOCUMENTS {
            return Err((Some(at), "not valid YAML: this is too large".to_owned()));
        }
        nodes.push(Node { at, kind });
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        match self.open.last_mut() {
            None => documents.push(id),
            Some(open) => match &mut nodes[open.id].kind {
                Kind::Sequence(items) => items.push(id),
                Kind::Mapping(entries) => match open.key.take() {
                    Some(key) => entries.push((key, id)),
                    None => open.key = Some(id),
                },
                Kind::Scalar(_) | Kind::Alias(_) => {}
            },
        }
        Ok(id)
    }
}

pub(super) fn too_deep(at: Position) -> Failure {
    (Some(at), format!("not valid YAML: more than {MAX_DEPTH} levels deep"))
}

fn tag_of_scalar(tag: Option<&ParsedTag>, style: ScalarStyle, span: &Span) -> Result<Tag, Failure> {
    let Some(tag) = tag else {
        return Ok(if style == ScalarStyle::Plain { Tag::Implicit } else { Tag::String });
    };
    if is_non_specific(tag) {
        return Ok(Tag::NonSpecific);
    }
    let name = tag.suffix_in_namespace("tag:yaml.org,2002:");
    name.as_deref().and_then(Tag::named).ok_or_else(|| unsupported(tag, span))
}

fn tag_of_collection(tag: Option<&ParsedTag>, expected: &str, span: &Span) -> Result<(), Failure> {
    match tag {
        Some(tag) if !is_non_specific(tag) && !tag.is_yaml_core_schema_tag(expected) => Err(unsupported(tag, span)),
        _ => Ok(()),
    }
}

fn is_non_specific(tag: &ParsedTag) -> bool {
    tag.parts() == ("", "!")
}

fn unsupported(tag: &ParsedTag, span: &Span) -> Failure {
    let at = span.tag_start.as_ref().unwrap_or(&span.start);
    (Some(position(at)), format!("not valid YAML: unsupported tag `{}`", tag.original()))
}
