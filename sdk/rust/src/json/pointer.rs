//! JSON pointers (RFC 6901), which are computed only when they are needed.

use std::borrow::Cow;

use super::document::Document;
use super::node::{Node, Token};

/// Appends `/key` to a pointer, escaping `~` and `/`.
pub(crate) fn segment(pointer: &mut String, key: &str) {
    pointer.push('/');
    for c in key.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

/// The pointer from the value at `base` to the value at `target`, which must lie in it. A key stands for its value.
///
/// Walks down from `base`, each time into the child whose nodes include `target`.
#[cold]
pub(crate) fn between(document: &Document, base: u32, target: u32) -> String {
    let mut pointer = String::new();
    let mut parent = base;
    while let Some((segment_text, value)) = child(document, parent, target) {
        segment(&mut pointer, &segment_text);
        if target <= value {
            break;
        }
        parent = value;
    }
    pointer
}

/// Which child of `parent` includes `target`: its key or index, and its node. None for `parent` itself.
fn child(document: &Document, parent: u32, target: u32) -> Option<(Cow<'_, str>, u32)> {
    let Node { token, next: end, .. } = document.node(parent);
    let object = token == Token::Object;
    if target <= parent || !(object || token == Token::Array) {
        return None;
    }
    let mut node = parent + 1;
    for index in 0usize.. {
        let value = if object { node + 1 } else { node };
        if node >= end {
            break;
        }
        let next = document.node(value).next;
        if target < next {
            let name = if object { document.string(node) } else { index.to_string().into() };
            return Some((name, value));
        }
        node = next;
    }
    None
}
