//! Finding the lines and columns of all fields of a text in YAML or JSON.
//!
//! JSON is a subset of YAML for this purpose, so one parser with positions serves both. It runs only when there is
//! something to complain about.

use std::collections::BTreeMap;

use super::mapping::{Budget, entries, written_otherwise};
use super::tree::{Id, Kind, MAX_DEPTH, Tree};
use crate::input::Position;
use crate::input::error::Failure;
use crate::input::places::{Below, Places};

/// The places in each document of a YAML or JSON text; none when it cannot be read this way.
pub(in crate::input) fn places(text: &str) -> Vec<Places> {
    let Ok(tree) = Tree::read(text) else { return Vec::new() };
    let mut finder = Finder { tree: &tree, budget: Budget::default() };
    let found = tree.documents().map(|root| finder.places(tree.node(root).at, root, 0, false));
    let mut found = found.collect::<Result<Vec<_>, _>>().unwrap_or_default();
    if found.is_empty() {
        // A text without a document has an end, at least.
        found.push(Places::new(Some(Position::after(text)), Below::Nothing));
    }
    found
}

struct Finder<'f, 't> {
    tree: &'f Tree<'t>,
    budget: Budget,
}

impl Finder<'_, '_> {
    /// The places of a value that stands, or whose key stands, at `at`.
    fn places(&mut self, at: Position, id: Id, depth: usize, repeated: bool) -> Result<Places, Failure> {
        if repeated {
            self.budget.repeat(self.tree, id)?;
        }
        let below = match &self.tree.node(id).kind {
            Kind::Alias(target) => return self.places(at, *target, depth, true),
            Kind::Scalar(written) => Below::Scalar(written.text.clone().into_owned()),
            Kind::Sequence(_) | Kind::Mapping(_) if depth == MAX_DEPTH => Below::Nothing,
            Kind::Sequence(items) => {
                let item = |item: &Id| self.places(self.tree.node(*item).at, *item, depth + 1, repeated);
                Below::Sequence(items.iter().map(item).collect::<Result<_, _>>()?)
            }
            Kind::Mapping(_) => {
                let mut found = BTreeMap::new();
                for entry in entries(self.tree, id, depth, repeated, &mut self.budget)? {
                    let at = self.tree.node(entry.key_node).at;
                    let mut places = self.places(at, entry.value, depth + 1, entry.repeated)?;
                    if let Some(written) = written_otherwise(self.tree, entry.key_node, &entry.key) {
                        places = places.under(written.to_owned());
                    }
                    found.insert(entry.key, places);
                }
                Below::Mapping(found)
            }
        };
        Ok(Places::new(Some(at), below))
    }
}
