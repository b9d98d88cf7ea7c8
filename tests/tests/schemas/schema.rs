//! A schema that is asked.

use boon::{Compiler, SchemaIndex, Schemas, ValidationError};
use serde_json::Value;

/// A compiled schema.
pub(super) struct Schema {
    schemas: Schemas,
    root: SchemaIndex,
}

impl Schema {
    /// # Panics
    ///
    /// When the text is no schema of the draft that it names.
    pub(super) fn new(text: &str) -> Self {
        let document: Value = serde_json::from_str(text).expect("JSON");
        let id = document["$id"].as_str().expect("an $id").to_owned();
        let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
        compiler.add_resource(&id, document).expect("an absolute $id");
        let root = compiler.compile(&id, &mut schemas).unwrap_or_else(|error| panic!("{error:#}"));
        Self { schemas, root }
    }

    /// What an editor would complain about, one line for each place and reason; nothing when the document is fine.
    pub(super) fn complaints(&self, document: &Value) -> Vec<String> {
        let mut complaints = Vec::new();
        if let Err(error) = self.schemas.validate(document, self.root) {
            leaves(&error, &mut complaints);
        }
        complaints
    }

    /// Whether the schema has nothing against the document.
    pub(super) fn accepts(&self, document: &Value) -> bool {
        self.schemas.validate(document, self.root).is_ok()
    }
}

/// The reasons at the bottom of the tree of reasons.
fn leaves(error: &ValidationError<'_, '_>, complaints: &mut Vec<String>) {
    if error.causes.is_empty() {
        complaints.push(format!("{}: {}", error.instance_location, error.kind));
    }
    for cause in &error.causes {
        leaves(cause, complaints);
    }
}
