//! Field masks: which parts of an object a policy wants to see.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::capabilities::CallError;

/// What is always kept.
const WHOLE: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// Longest path in keys; further keys are ignored. Objects of a world are not as deep, and the guest must not decide the
/// depth of the tree.
const DEPTH: usize = 512;

/// Most keys in the paths of a mask, those that several paths share counted once: each is a node of the tree, which takes more memory
/// than the path that names it. Masks of policies have some dozens.
const MAX_KEYS: usize = 10_000;

/// The paths of a mask as a tree. A node without children keeps everything below it.
#[derive(Default)]
pub(super) struct Mask(BTreeMap<String, Mask>);

impl Mask {
    /// Dotted paths; a key with a dot in it cannot be named. `None` for a mask that keeps everything.
    ///
    /// # Errors
    ///
    /// A mask of more than [`MAX_KEYS`] keys. Upstream's host has no such limit, so there is no right answer to it here.
    pub(super) fn new(paths: Option<&BTreeSet<String>>) -> Result<Option<Self>, CallError> {
        let Some(paths) = paths.filter(|paths| !paths.is_empty()) else { return Ok(None) };
        let mut root = Self::default();
        let mut left = MAX_KEYS;
        for path in paths {
            let mut node = &mut root;
            for key in path.split('.').take(DEPTH) {
                if !node.0.contains_key(key) {
                    left = left.checked_sub(1).ok_or_else(too_large)?;
                    node.0.insert(key.to_owned(), Self::default());
                }
                let Some(below) = node.0.get_mut(key) else { break };
                node = below;
            }
        }
        Ok(Some(root))
    }

    /// Takes out of an object what the mask does not name.
    pub(super) fn apply(&self, object: &mut Value) {
        let Some(fields) = object.as_object_mut() else { return };
        fields.retain(|key, value| {
            WHOLE.contains(&key.as_str()) || self.0.get(key).inspect(|below| below.prune(value)).is_some()
        });
    }

    fn prune(&self, value: &mut Value) {
        match value {
            _ if self.0.is_empty() => {}
            Value::Object(fields) => {
                fields.retain(|key, value| self.0.get(key).inspect(|below| below.prune(value)).is_some());
            }
            // Arrays are not part of a path: the mask applies to each of their items.
            Value::Array(items) => items.iter_mut().for_each(|item| self.prune(item)),
            _ => {}
        }
    }
}

fn too_large() -> CallError {
    CallError::Unanswerable(format!(
        "its field masks have more than {MAX_KEYS} keys, which is all that a world answers"
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(paths: &[&str], kept: Value) {
        let mut object = json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "status": {"phase": "Running"}, "": 1,
            "spec": {"nodeName": "n", "containers": [{"name": "a", "ports": [{"hostPort": 1, "name": "x"}]}, 7]},
        });
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        if let Some(mask) = Mask::new(Some(&paths)).expect("a small mask") {
            mask.apply(&mut object);
        }
        let fields = object.as_object_mut().expect("it stays an object");
        for (key, whole) in [("apiVersion", json!("v1")), ("kind", json!("Pod")), ("metadata", json!({"name": "p"}))] {
            assert_eq!(fields.remove(key), Some(whole));
        }
        assert_eq!(object, kept);
    }

    #[test]
    fn masks_keep_what_they_name() {
        check(&["status"], json!({"status": {"phase": "Running"}}));
        check(&["status.phase.x"], json!({"status": {"phase": "Running"}}));
        check(&["metadata.labels"], json!({}));
        check(&["spec", "spec.nodeName"], json!({"spec": {"nodeName": "n"}}));
        check(&["spec.containers.name"], json!({"spec": {"containers": [{"name": "a"}, 7]}}));
        check(&["spec.containers.ports.hostPort"], json!({"spec": {"containers": [{"ports": [{"hostPort": 1}]}, 7]}}));
        check(&["", "nothing"], json!({"": 1}));
    }

    #[test]
    fn a_path_can_be_long() {
        check(&["spec.".repeat(200_000).as_str()], json!({"spec": {}}));
    }

    #[test]
    fn no_mask_keeps_everything() {
        assert!(Mask::new(None).unwrap().is_none());
        assert!(Mask::new(Some(&BTreeSet::new())).unwrap().is_none());
    }

    #[test]
    fn a_mask_has_so_many_keys_at_most() {
        let paths = |count: usize| (0..count).map(|path| format!("spec.{path}")).collect::<BTreeSet<_>>();
        assert!(Mask::new(Some(&paths(MAX_KEYS - 1))).unwrap().is_some());
        let refused = Mask::new(Some(&paths(MAX_KEYS))).err();
        assert_eq!(refused, Some(too_large()));
    }
}
