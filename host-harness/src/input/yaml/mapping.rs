//! The entries of a mapping, what `<<` merges into it included.

use std::collections::HashSet;

use super::scalar::Scalar;
use super::tree::{Id, Kind, MAX_DEPTH, Tree, too_deep};
use crate::input::error::Failure;
use crate::input::number;

/// What aliases expand to has a limit: more than people repeat with anchors, and so little that a short text cannot fill the
/// memory.
const MAX_REPEATED: usize = 100_000;

/// One entry.
pub(super) struct Entry {
    pub(super) key: String,
    /// Where the key stands.
    pub(super) key_node: Id,
    pub(super) value: Id,
    /// Whether it comes from elsewhere, by an alias.
    pub(super) repeated: bool,
}

/// Counts what is read more than once.
#[derive(Default)]
pub(super) struct Budget(usize);

impl Budget {
    pub(super) fn repeat(&mut self, tree: &Tree<'_>, id: Id) -> Result<(), Failure> {
        self.0 += 1;
        if self.0 > MAX_REPEATED {
            let message = format!("not valid YAML: the aliases repeat more than {MAX_REPEATED} values");
            return Err((Some(tree.node(id).at), message));
        }
        Ok(())
    }
}

/// The entries of a mapping, in the order in which they count: where a key is there twice, the later entry wins. That can
/// only come of `<<`, which stands for the entries of another mapping, wherever it is.
///
/// # Errors
///
/// A key that is given twice, or is none; a value of `<<` that cannot be merged.
pub(super) fn entries(
    tree: &Tree<'_>,
    mapping: Id,
    depth: usize,
    repeated: bool,
    budget: &mut Budget,
) -> Result<Vec<Entry>, Failure> {
    let mut walk = Walk { tree, budget, found: Vec::new() };
    walk.mapping(mapping, depth, repeated)?;
    Ok(walk.found)
}

struct Walk<'w, 't> {
    tree: &'w Tree<'t>,
    budget: &'w mut Budget,
    found: Vec<Entry>,
}

impl Walk<'_, '_> {
    fn mapping(&mut self, mapping: Id, depth: usize, repeated: bool) -> Result<(), Failure> {
        if depth > MAX_DEPTH {
            return Err(too_deep(self.tree.node(mapping).at));
        }
        let Kind::Mapping(pairs) = &self.tree.node(mapping).kind else { return Ok(()) };
        let mut own = HashSet::new();
        for (key_node, value) in pairs {
            if repeated {
                self.budget.repeat(self.tree, *key_node)?;
            }
            if matches!(&self.tree.node(*key_node).kind, Kind::Scalar(written) if written.is_merge()) {
                self.merge(*value, depth + 1, repeated)?;
                continue;
            }
            let key = key(self.tree, *key_node)?;
            if !own.insert(key.clone()) {
                let written = written_otherwise(self.tree, *key_node, &key);
                let written = written.map_or(String::new(), |written| format!(" (it is written `{written}`)"));
                let message = format!("not valid YAML: the key `{key}` is given twice{written}");
                return Err((Some(self.tree.node(*key_node).at), message));
            }
            self.found.push(Entry { key, key_node: *key_node, value: *value, repeated });
        }
        Ok(())
    }

    /// A mapping, or several of which the first one wins.
    fn merge(&mut self, value: Id, depth: usize, repeated: bool) -> Result<(), Failure> {
        match &self.tree.node(value).kind {
            Kind::Sequence(items) => items.iter().rev().try_for_each(|item| self.merge_one(*item, depth, repeated)),
            _ => self.merge_one(value, depth, repeated),
        }
    }

    fn merge_one(&mut self, value: Id, depth: usize, repeated: bool) -> Result<(), Failure> {
        let target = self.tree.target(value);
        if !matches!(self.tree.node(target).kind, Kind::Mapping(_)) {
            let message = "not valid YAML: `<<` merges an object, or an array of objects";
            return Err((Some(self.tree.node(value).at), message.to_owned()));
        }
        self.mapping(target, depth, repeated || target != value)
    }
}

/// The text of a key that is written otherwise than what it means.
pub(super) fn written_otherwise<'w>(tree: &'w Tree<'_>, id: Id, key: &str) -> Option<&'w str> {
    match &tree.node(tree.target(id)).kind {
        Kind::Scalar(written) if written.text != key => Some(&written.text),
        _ => None,
    }
}

/// The key as a string, which is what JSON has.
pub(super) fn key(tree: &Tree<'_>, id: Id) -> Result<String, Failure> {
    let refused = |message: &str| Err((Some(tree.node(id).at), format!("not valid YAML: {message}")));
    let Kind::Scalar(written) = &tree.node(tree.target(id)).kind else {
        return refused("a key must be a string, a number or a boolean");
    };
    match written.value() {
        Ok(Scalar::String(text)) => Ok(text.into_owned()),
        Ok(Scalar::Boolean(value)) => Ok(value.to_string()),
        Ok(Scalar::Integer(number)) => Ok(number.to_string()),
        Ok(Scalar::Float(number)) => Ok(number::as_key(number)),
        Ok(Scalar::Null) => refused("a key must not be null; put it in quotes if it is meant as a string"),
        Ok(Scalar::Large(_)) => refused("this number is too large for a key; put it in quotes"),
        Err(message) => refused(&message),
    }
}
