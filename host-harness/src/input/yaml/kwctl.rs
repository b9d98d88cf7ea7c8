//! Where kwctl reads something else.
//!
//! kwctl reads settings with serde_yaml, which knows the words of YAML 1.2, takes every key for a string, merges nothing and
//! keeps `3.0` a float. What a cluster gives a policy is what kubectl made of the manifest.

use serde_json::{Number, Value};

use super::mapping::{Budget, entries, written_otherwise};
use super::scalar::{Scalar, Tag, Written};
use super::tree::{Id, Kind, Tree};
use crate::input::places::{Step, render};
use crate::input::{Position, number};

/// Place, field and message for everything in a document that kwctl takes for something else.
pub(in crate::input) fn read_otherwise_by_kwctl(text: &str, document: usize) -> Vec<(Position, String, String)> {
    let Ok(tree) = Tree::read(text) else { return Vec::new() };
    let mut finder = Finder { tree: &tree, budget: Budget::default(), found: Vec::new() };
    if let Some(root) = tree.documents().nth(document) {
        finder.look(root, &[]);
    }
    finder.found
}

struct Finder<'f, 't> {
    tree: &'f Tree<'t>,
    budget: Budget,
    found: Vec<(Position, String, String)>,
}

impl Finder<'_, '_> {
    fn look(&mut self, id: Id, path: &[Step<'_>]) {
        // The document was read, so it is neither too deep nor too large.
        match &self.tree.node(self.tree.target(id)).kind {
            Kind::Scalar(written) => {
                if let Some(message) = of_value(written) {
                    self.report(id, path, message);
                }
            }
            Kind::Sequence(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.look(*item, &[path, &[Step::Index(index)]].concat());
                }
            }
            Kind::Mapping(pairs) => {
                for (key, _) in pairs {
                    if matches!(&self.tree.node(*key).kind, Kind::Scalar(written) if written.is_merge()) {
                        let message =
                            "`<<` merges for kubectl and in a cluster; kwctl passes it on as a key".to_owned();
                        self.report(*key, path, message);
                    }
                }
                let repeated = self.tree.target(id) != id;
                let Ok(found) = entries(self.tree, self.tree.target(id), 0, repeated, &mut self.budget) else { return };
                for entry in found {
                    let path = [path, &[Step::Key(&entry.key)]].concat();
                    if let Some(written) = written_otherwise(self.tree, entry.key_node, &entry.key) {
                        let message = format!(
                            "the key `{written}` is `{}` for kubectl and in a cluster, and stays as it is for kwctl; put it in quotes",
                            entry.key
                        );
                        self.report(entry.key_node, &path, message);
                    }
                    self.look(entry.value, &path);
                }
            }
            Kind::Alias(_) => {}
        }
    }

    fn report(&mut self, id: Id, path: &[Step<'_>], message: String) {
        self.found.push((self.tree.node(id).at, render(path), message));
    }
}

/// What differs in the value of a scalar.
fn of_value(written: &Written<'_>) -> Option<String> {
    if written.tag != Tag::Implicit {
        return None;
    }
    let ours = json(written.value().ok()?)?;
    let theirs = plain(&written.text);
    let described = |value: &Value| match value {
        Value::String(text) => format!("the string `{text}`"),
        other => format!("`{other}`"),
    };
    let advice = match &theirs {
        Value::String(_) => format!("write {ours} or {theirs}"),
        _ => format!("write {ours}"),
    };
    (ours != theirs).then(|| {
        let (ours, theirs, text) = (described(&ours), described(&theirs), &written.text);
        format!("`{text}` is {ours} for kubectl and in a cluster, and {theirs} for kwctl; {advice}")
    })
}

fn json(scalar: Scalar<'_>) -> Option<Value> {
    Some(match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(value) => value.into(),
        Scalar::Integer(number) => number.into(),
        Scalar::Large(number) => number::of_u64(number).into(),
        Scalar::Float(float) => number::of_f64(float)?.into(),
        Scalar::String(text) => text.into_owned().into(),
    })
}

/// A text without quotes, as serde_yaml reads it.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return true.into(),
        "false" | "False" | "FALSE" => return false.into(),
        _ => {}
    }
    let number = integer(text).or_else(|| float(text));
    number.map_or_else(|| text.into(), Value::Number)
}

fn integer(text: &str) -> Option<Number> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let prefixes = [("0x", 16), ("0o", 8), ("0b", 2)];
    let prefixed = prefixes.iter().find_map(|(prefix, radix)| Some((digits.strip_prefix(prefix)?, *radix)));
    let (digits, radix) = prefixed.unwrap_or((digits, 10));
    if digits.starts_with(['+', '-']) || (radix == 10 && has_leading_zero(digits)) {
        return None;
    }
    if negative {
        i64::from_str_radix(&format!("-{digits}"), radix).ok().map(Number::from)
    } else {
        u64::from_str_radix(digits, radix).ok().map(Number::from)
    }
}

fn has_leading_zero(digits: &str) -> bool {
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn float(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if has_leading_zero(unsigned)
        || unsigned.starts_with(['+', '-'])
        || unsigned.starts_with(|c: char| c.is_ascii_alphabetic())
    {
        return None;
    }
    text.parse().ok().and_then(Number::from_f64)
}
