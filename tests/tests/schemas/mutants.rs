//! Documents that differ from others in one place, as those differ that people get wrong.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::documents::Sample;
use super::grammar::{Grammar, Step, at, each_place, look, place};
use super::values::{WORDS, kind, palette};

/// A changed document.
pub(super) struct Mutant {
    /// What was changed.
    pub(super) change: String,
    pub(super) value: Value,
    /// Whether all that was done is to add a key that nobody knows.
    pub(super) unknown_key: bool,
}

/// A key that is like no other, so that the parser lists those that it knows.
pub(super) const UNKNOWN: &str = "qqqqqqqqqqqqqqqqqqqqqqqq";

/// What a case asks about, in itself or in a companion file.
const INPUTS: [&str; 4] = ["object", "request", "raw", "material"];

/// Changes documents, and never twice in the same way.
pub(super) struct Changes<'g> {
    grammar: &'g Grammar,
    seen: BTreeSet<String>,
    /// Places and the keys from elsewhere that were tried there.
    foreign: BTreeSet<String>,
    /// Whether the document is a case in a folder of its own, of which a schema knows less.
    has_companions: bool,
}

impl<'g> Changes<'g> {
    pub(super) fn new(grammar: &'g Grammar) -> Self {
        Self { grammar, seen: BTreeSet::new(), foreign: BTreeSet::new(), has_companions: false }
    }

    /// The mutants of a document, as far as there were none like them.
    pub(super) fn of(&mut self, sample: &Sample) -> Vec<Mutant> {
        let document = &sample.value;
        self.has_companions = sample.folder.is_some() && document.get("expect").is_some();
        let mut mutants = vec![Mutant { change: "nothing".to_owned(), value: document.clone(), unknown_key: false }];
        each_place(document, &mut |path: &[Step], value: &Value, open: bool| {
            for replacement in palette(path.len(), value) {
                self.change(&mut mutants, document, path, &format!("becomes {replacement}"), |v| *v = replacement);
            }
            match value {
                _ if !open => {}
                Value::Object(fields) => {
                    for key in fields.keys() {
                        self.change(&mut mutants, document, path, &format!("loses {key}"), |v| drop(take(v, key)));
                        let change = format!("has {key} with a typo");
                        self.change(&mut mutants, document, path, &change, |v| {
                            let value = take(v, key);
                            v[typo(key)] = value;
                        });
                    }
                    let known = self.grammar.at(path).flat_map(|(key, values)| values.iter().map(move |v| (key, v)));
                    for (key, value) in known {
                        self.change(&mut mutants, document, path, &format!("gets {key}: {value}"), |v| {
                            v[key.as_str()] = value.clone();
                        });
                    }
                    let change = format!("gets {UNKNOWN}");
                    let before = mutants.len();
                    self.change(&mut mutants, document, path, &change, |v| v[UNKNOWN] = json!("text"));
                    mutants[before..].iter_mut().for_each(|mutant| mutant.unknown_key = true);
                }
                Value::Array(items) => {
                    for (index, item) in items.iter().enumerate() {
                        self.change(&mut mutants, document, path, "loses an item", |v| drop(list(v).remove(index)));
                        let item = item.clone();
                        self.change(&mut mutants, document, path, "has an item twice", |v| list(v).push(item));
                    }
                }
                _ => {}
            }
        });
        mutants
    }

    /// The mutants of a document with a key that the parser knows at a place, or with one from elsewhere in the grammar.
    pub(super) fn with_keys(&mut self, document: &Value, path: &[Step], known: &[&str]) -> Vec<Mutant> {
        let mut mutants = Vec::new();
        for key in known {
            let seen = self.grammar.at(path).any(|(seen, _)| seen == key);
            for value in palette(path.len(), &Value::Null).into_iter().filter(|value| !seen || value.is_null()) {
                let change = format!("gets {key}: {value}");
                self.change(&mut mutants, document, path, &change, |v| v[*key] = value);
            }
        }
        // Few words mean something deeper down.
        let keys = if path.len() < 2 { self.grammar.keys() } else { BTreeSet::new() };
        let foreign = keys.into_iter().filter(|key| self.foreign.insert(format!("{}|{key}", place(path))));
        for key in foreign {
            let mut value = document.clone();
            let fields = at(&mut value, path).as_object_mut().expect("an object");
            fields.entry(key.as_str()).or_insert(Value::Null);
            let change = format!("{}: gets {key}: null", place(path));
            mutants.push(Mutant { change, value, unknown_key: false });
        }
        mutants
    }

    fn change(
        &mut self,
        mutants: &mut Vec<Mutant>,
        document: &Value,
        path: &[Step],
        change: &str,
        apply: impl FnOnce(&mut Value),
    ) {
        let (place, value) = (place(path), look(document, path));
        // Rules are about two keys: a change is made again when something stands beside it that was not there before.
        let mut beside = match path.split_last() {
            _ if !change.starts_with("becomes") => features(value, |_| true),
            // What a value may be depends on the words beside it.
            Some((_, above)) => features(look(document, above), |kind| kind == "true" || WORDS.contains(&kind)),
            None => Vec::new(),
        };
        if path.is_empty() && value.is_object() {
            beside.extend(features(&document["expect"], |kind| WORDS.contains(&kind)));
        }
        beside.push(kind(value));
        let place = match self.has_companions {
            true => format!("{place} with companions, {}", INPUTS.iter().any(|key| document.get(key).is_some())),
            false => place,
        };
        let new = beside.iter().filter(|feature| self.seen.insert(format!("{place}|{change}|{feature}"))).count();
        if new == 0 {
            return;
        }
        let mut value = document.clone();
        apply(at(&mut value, path));
        if value != *document {
            mutants.push(Mutant { change: format!("{place}: {change}"), value, unknown_key: false });
        }
    }
}

/// The entries of an object of some kinds, without the values.
fn features(value: &Value, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let named = |key: &str| !key.contains(['.', ':', '/']);
    let fields = value.as_object().into_iter().flatten().map(|(key, value)| (key, kind(value)));
    let fields = fields.filter(|(key, kind)| named(key) && wanted(kind));
    fields.map(|(key, kind)| format!("{key}={kind}")).collect()
}

fn take(value: &mut Value, key: &str) -> Value {
    value.as_object_mut().and_then(|fields| fields.remove(key)).expect("a key of an object")
}

fn list(value: &mut Value) -> &mut Vec<Value> {
    value.as_array_mut().expect("a list")
}

/// Two letters change places.
fn typo(key: &str) -> String {
    let mut letters: Vec<char> = key.chars().collect();
    match letters.len() {
        0..3 => letters.push('x'),
        length => letters.swap(length - 2, length - 1),
    }
    if letters.iter().collect::<String>() == key {
        letters.push('x');
    }
    letters.into_iter().collect()
}
