//! Edits by JSON pointer.

use admit::prelude::*;
use serde_json::Value;

/// Puts a value at a JSON pointer, or removes what is there.
pub(crate) fn apply(root: &mut Value, pointer: &str, value: Option<&Value>) -> Result<(), Error> {
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        *root = value.cloned().unwrap_or_default();
        return Ok(());
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    let missing = || Error::new(format!("there is nothing at {parent}"));
    match (root.pointer_mut(parent).ok_or_else(missing)?, value) {
        (Value::Object(fields), Some(value)) => {
            fields.insert(key, value.clone());
        }
        (Value::Object(fields), None) => {
            fields.remove(&key);
        }
        (Value::Array(items), value) => {
            let index = key.parse::<usize>().map_err(|_| Error::new(format!("{key} is no position")))?;
            match value {
                Some(value) if index < items.len() => items[index] = value.clone(),
                Some(value) => items.push(value.clone()),
                None if index < items.len() => drop(items.remove(index)),
                None => return Err(missing()),
            }
        }
        _ => return Err(missing()),
    }
    Ok(())
}
