//! YAML as kubectl reads it.
//!
//! kubectl makes JSON of YAML with `sigs.k8s.io/yaml`, whose parser is go-yaml 2. What that makes of scalars, keys and `<<` is
//! repeated here; where the syntax of YAML 1.1 gives another value than that of 1.2, which this parser has, is an error.

mod advice;
mod floats;
mod kwctl;
mod locate;
mod mapping;
pub(super) mod outline;
mod scalar;
mod tree;
mod value;

use std::borrow::Cow;

use serde_json::Value;

use super::Position;
use super::error::Failure;
use tree::Tree;

pub(super) use floats::to_nearest;
pub(super) use kwctl::read_otherwise_by_kwctl;
pub(super) use locate::places;

/// The documents in a text, without those that are empty or `null`.
pub(super) fn parse(text: &str) -> Result<Vec<Value>, Failure> {
    no_other_line_breaks(text)?;
    // kubectl ends the last line, which shows in a block that keeps its empty lines.
    let text = if text.ends_with('\n') { Cow::Borrowed(text) } else { Cow::Owned(format!("{text}\n")) };
    value::values(&Tree::read(&text)?)
}

/// Where the second document of a text starts.
pub(super) fn second_document(text: &str) -> Option<Position> {
    let tree = Tree::read(text).ok()?;
    Some(tree.node(tree.documents().nth(1)?).at)
}

/// Refuses characters that end a line in YAML 1.1 and do not in 1.2.
fn no_other_line_breaks(text: &str) -> Result<(), Failure> {
    let breaks = [('\u{85}', "85", 'N'), ('\u{2028}', "2028", 'L'), ('\u{2029}', "2029", 'P')];
    let found = breaks.iter().filter_map(|(character, number, escape)| Some((text.find(*character)?, number, escape)));
    let Some((at, number, escape)) = found.min() else { return Ok(()) };
    let message = format!(
        "not valid YAML: kubectl takes the character U+{number:0>4} for the end of a line; write `\\{escape}` in double quotes"
    );
    Err((text.get(..at).map(Position::after), message))
}
