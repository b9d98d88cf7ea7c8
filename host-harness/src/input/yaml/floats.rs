//! Floats in JSON.

use serde_json::{Number, Value};

use super::tree::{Id, Kind, Tree};

/// Gives every float of a JSON text the value that is nearest to what is written: serde_json takes one beside it at times,
/// which shows where the float is a large whole number.
pub(in crate::input) fn to_nearest(value: &mut Value, text: &str) {
    let Ok(tree) = Tree::read(text) else { return };
    if let Some(root) = tree.documents().next() {
        walk(&tree, root, value);
    }
}

fn walk(tree: &Tree<'_>, id: Id, value: &mut Value) {
    match (&tree.node(id).kind, value) {
        (Kind::Scalar(written), Value::Number(number)) if number.is_f64() => {
            if let Some(nearest) = written.text.parse().ok().and_then(Number::from_f64) {
                *number = nearest;
            }
        }
        (Kind::Sequence(items), Value::Array(values)) => {
            items.iter().zip(values).for_each(|(item, value)| walk(tree, *item, value));
        }
        (Kind::Mapping(pairs), Value::Object(entries)) => {
            for (key, item) in pairs {
                if let Kind::Scalar(written) = &tree.node(*key).kind
                    && let Some(value) = entries.get_mut(written.text.as_ref())
                {
                    walk(tree, *item, value);
                }
            }
        }
        _ => {}
    }
}
