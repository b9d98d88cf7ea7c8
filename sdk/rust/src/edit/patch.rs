//! Edits that are JSON documents: JSON Patch and JSON Merge Patch.

use super::Edited;
use crate::error::Error;

impl Edited {
    /// Applies a JSON Patch (RFC 6902): all of it, or nothing when one of its operations does not fit.
    ///
    /// `json_patch` is the crate of that name, which this crate re-exports.
    ///
    /// ```
    /// # use admit::prelude::*;
    /// # let mut order = Raw::<admit::Untyped>::from_json(r#"{"lines": []}"#)?.edit()?;
    /// let patch: admit::json_patch::Patch =
    ///     serde_json::from_str(r#"[{"op": "add", "path": "/lines/-", "value": {"quantity": 1}}]"#).unwrap();
    /// order.patch(&patch)?;
    /// assert_eq!(order.to_string(), r#"{"lines":[{"quantity":1}]}"#);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When an operation does not fit; the text says which.
    pub fn patch(&mut self, patch: &json_patch::Patch) -> Result<(), Error> {
        json_patch::patch(&mut self.value, patch)
            .map_err(|error| Error::new(format!("the patch does not fit: {error}")))?;
        // What the operations did, other than `test`, is not known.
        if !patch.0.is_empty() {
            self.changed.set(true);
        }
        Ok(())
    }

    /// Applies a JSON Merge Patch (RFC 7386): fields that are `null` in it are removed, objects are merged, everything else
    /// is replaced.
    pub fn merge(&mut self, patch: &serde_json::Value) {
        json_patch::merge(&mut self.value, patch);
        self.changed.set(true);
    }
}
