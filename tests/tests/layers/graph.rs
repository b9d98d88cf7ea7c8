//! Which of the modules that are beside each other use each other.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Crate, ModulePath, Use};

/// For each module that has others in it, what these use of each other: the one that uses, the one that is used, and an example.
/// What is in a module counts as the module.
pub(super) type Levels = BTreeMap<ModulePath, BTreeMap<(String, String), String>>;

/// The levels of a crate.
pub(super) fn levels(of: &Crate) -> Levels {
    let mut levels = Levels::new();
    for Use { from, to, example } in of.uses() {
        let common = from.iter().zip(&to).take_while(|(from, to)| from == to).count();
        // A module that is in the other one is not beside it.
        if let (Some(user), Some(used)) = (from.get(common), to.get(common)) {
            let edges = levels.entry(from[..common].to_vec()).or_default();
            edges.entry((user.clone(), used.clone())).or_insert(example);
        }
    }
    levels
}

/// What is used in a circle: all edges between modules that reach each other.
pub(super) fn circles(edges: &BTreeMap<(String, String), String>) -> Vec<String> {
    let reached = |start: &str| {
        let mut found = BTreeSet::new();
        let mut open = vec![start.to_owned()];
        while let Some(module) = open.pop() {
            for (_, used) in edges.keys().filter(|(user, _)| *user == module) {
                if found.insert(used.clone()) {
                    open.push(used.clone());
                }
            }
        }
        found
    };
    let in_circle = edges.iter().filter(|((user, used), _)| reached(used).contains(user));
    in_circle.map(|((user, used), example)| format!("{user} uses {used}: {example}")).collect()
}
