//! What can stand where, learned from documents.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::documents::Sample;

/// One step down into a document.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// Keys whose content nobody here looks at; a world in a case is what it is elsewhere.
const OPAQUE: [&str; 9] = ["raw", "settings", "material", "value", "json", "data", "template", "rootfs", "world"];

/// Whether nobody looks at what is in this entry of an object.
fn is_opaque(key: &str, value: &Value) -> bool {
    // A CustomResourceDefinition says what it defines.
    OPAQUE.contains(&key) || key == "spec" && value.get("names").is_none()
}

/// The keys of places, each with a few of the values that it has somewhere.
#[derive(Default)]
pub(super) struct Grammar(BTreeMap<String, BTreeMap<String, Vec<Value>>>);

/// Values of one key that are remembered.
const VALUES: usize = 4;

impl Grammar {
    pub(super) fn of(samples: &[Sample]) -> Self {
        let mut grammar = Self::default();
        for sample in samples {
            each_place(&sample.value, &mut |path: &[Step], value: &Value, open: bool| {
                for (key, value) in Some(value).filter(|_| open).and_then(Value::as_object).into_iter().flatten() {
                    let values = grammar.0.entry(place(path)).or_default().entry(key.clone()).or_default();
                    if values.len() < VALUES && !values.contains(value) {
                        values.push(value.clone());
                    }
                }
            });
        }
        grammar
    }

    /// The keys that stand at a place in some document, with their values.
    pub(super) fn at(&self, path: &[Step]) -> impl Iterator<Item = (&String, &Vec<Value>)> {
        self.0.get(&place(path)).into_iter().flatten()
    }

    /// Every key of any place.
    pub(super) fn keys(&self) -> BTreeSet<&String> {
        self.0.values().flat_map(BTreeMap::keys).filter(|key| !key.contains(['.', ':', '/'])).collect()
    }
}

/// A visitor of a value: its path, itself, and whether somebody looks into it.
pub(super) trait Visit<'v>: FnMut(&[Step], &'v Value, bool) {}

impl<'v, V: FnMut(&[Step], &'v Value, bool)> Visit<'v> for V {}

/// Visits every value that somebody looks at, the document first.
pub(super) fn each_place<'v>(document: &'v Value, visit: &mut impl Visit<'v>) {
    fn walk<'v>(path: &mut Vec<Step>, value: &'v Value, visit: &mut impl Visit<'v>) {
        visit(path, value, true);
        let steps: Vec<(Step, &Value)> = match value {
            Value::Object(fields) => fields.iter().map(|(key, value)| (Step::Key(key.clone()), value)).collect(),
            Value::Array(items) => items.iter().enumerate().map(|(at, value)| (Step::Index(at), value)).collect(),
            _ => Vec::new(),
        };
        for (step, value) in steps {
            let opaque = matches!(&step, Step::Key(key) if is_opaque(key, value));
            path.push(step);
            match opaque {
                true => visit(path, value, false),
                false => walk(path, value, visit),
            }
            path.pop();
        }
    }
    walk(&mut Vec::new(), document, visit);
}

/// A path without what differs between documents of one shape.
pub(super) fn place(path: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Key(key) if key.contains(['.', ':', '/']) => "*".to_owned(),
        Step::Key(key) => key.clone(),
        Step::Index(_) => "[]".to_owned(),
    };
    path.iter().map(step).collect::<Vec<_>>().join("/")
}

/// The value at a path.
pub(super) fn at<'v>(document: &'v mut Value, path: &[Step]) -> &'v mut Value {
    path.iter().fold(document, |value, step| match step {
        Step::Key(key) => &mut value[key.as_str()],
        Step::Index(index) => &mut value[*index],
    })
}

/// The value at a path, to look at.
pub(super) fn look<'v>(document: &'v Value, path: &[Step]) -> &'v Value {
    path.iter().fold(document, |value, step| match step {
        Step::Key(key) => &value[key.as_str()],
        Step::Index(index) => &value[*index],
    })
}
