//! From YAML to JSON.

use serde_json::{Map, Value};

use super::mapping::{Budget, entries};
use super::scalar::{Scalar, Written};
use super::tree::{Id, Kind, MAX_DEPTH, Tree, too_deep};
use crate::input::{Position, error::Failure, number};

/// The values of all documents.
pub(super) fn values(tree: &Tree<'_>) -> Result<Vec<Value>, Failure> {
    let mut maker = Maker { tree, budget: Budget::default() };
    tree.documents().map(|root| maker.value(root, 0, false)).collect()
}

struct Maker<'m, 't> {
    tree: &'m Tree<'t>,
    budget: Budget,
}

impl Maker<'_, '_> {
    /// The value of a node, below `depth` others; `repeated` says whether an alias leads there.
    fn value(&mut self, id: Id, depth: usize, repeated: bool) -> Result<Value, Failure> {
        if repeated {
            self.budget.repeat(self.tree, id)?;
        }
        let node = self.tree.node(id);
        match &node.kind {
            Kind::Scalar(written) => scalar(written, node.at),
            Kind::Alias(target) => self.value(*target, depth, true),
            Kind::Sequence(_) | Kind::Mapping(_) if depth == MAX_DEPTH => Err(too_deep(node.at)),
            Kind::Sequence(items) => {
                let items = items.iter().map(|item| self.value(*item, depth + 1, repeated));
                items.collect::<Result<Vec<_>, _>>().map(Value::Array)
            }
            Kind::Mapping(_) => {
                let mut object = Map::new();
                for entry in entries(self.tree, id, depth, repeated, &mut self.budget)? {
                    object.insert(entry.key, self.value(entry.value, depth + 1, entry.repeated)?);
                }
                Ok(Value::Object(object))
            }
        }
    }
}

fn scalar(written: &Written<'_>, at: Position) -> Result<Value, Failure> {
    let failed = |message: String| (Some(at), format!("not valid YAML: {message}"));
    Ok(match written.value().map_err(failed)? {
        Scalar::Null => Value::Null,
        Scalar::Boolean(value) => value.into(),
        Scalar::Integer(number) => number.into(),
        Scalar::Large(number) => number::of_u64(number).into(),
        Scalar::Float(float) => number::of_f64(float)
            .ok_or_else(|| failed(format!("value `{}` is not a finite number", written.text)))?
            .into(),
        Scalar::String(text) => text.into_owned().into(),
    })
}
