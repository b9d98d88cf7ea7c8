//! JSON pointers (RFC 6901), computed only when somebody asks where a value is.

use super::document::{Document, Token};

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

/// The pointer from the value at `base` to the value at `target`, which must lie in it.
///
/// Walks down from `base`, each time into the child whose nodes include `target`.
#[cold]
pub(crate) fn between(document: &Document, base: u32, target: u32) -> String {
    let mut pointer = String::new();
    let mut parent = base;
    while parent != target {
        let node = document.node(parent);
        let object = node.token == Token::Object;
        let mut child = parent + 1;
        let mut index = 0usize;
        loop {
            let (key, value) = if object { (Some(child), child + 1) } else { (None, child) };
            if target < document.node(value).next {
                match key {
                    Some(key) => segment(&mut pointer, &document.value(key, base).unescaped()),
                    None => segment(&mut pointer, &index.to_string()),
                }
                parent = value;
                break;
            }
            child = document.node(value).next;
            index += 1;
        }
    }
    pointer
}
