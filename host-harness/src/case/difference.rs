//! What was expected, and what there was.

use serde::Serialize;

use crate::input::{Place, Position};

/// One field that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The field, named as in the case file; inside an object followed by a JSON pointer.
    pub field: String,
    /// What the case expects.
    pub expected: String,
    /// What the policy answered.
    pub actual: String,
    /// Where the case file says what is expected; as near to it as there is something.
    pub at: Option<Position>,
}

impl Difference {
    pub(super) fn new(field: impl Into<String>, expected: impl ToString, actual: impl ToString) -> Self {
        Self { field: field.into(), expected: expected.to_string(), actual: actual.to_string(), at: None }
    }

    /// With its place in the case file, whose document this is.
    pub(super) fn located(self, document: &Place) -> Self {
        let keys = keys(&self.field);
        let at = document.position_of(&keys.iter().map(String::as_str).collect::<Vec<_>>());
        Self { at, ..self }
    }
}

/// The way to a field in the case file.
fn keys(field: &str) -> Vec<String> {
    let (name, below) = field.split_at(field.find(['/', '[', ' ']).unwrap_or(field.len()));
    if ["session", "faults"].contains(&name) {
        return vec![name.to_owned()];
    }
    let mut keys = vec!["expect".to_owned()];
    // `law …` is no key.
    if !below.starts_with(' ') {
        keys.push(name.to_owned());
    }
    if let Some(pointer) = below.strip_prefix('/') {
        keys.extend(pointer.split('/').map(|key| key.replace("~1", "/").replace("~0", "~")));
    } else if let Some(index) = below.strip_prefix('[') {
        keys.push(index.trim_end_matches(']').to_owned());
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Document;

    #[test]
    fn as_near_to_the_expectation_as_there_is_something() {
        let text = "raw: 1\nexpect:\n  verdict: accept\n  warnings:\n  - a\n  - b\n  object:\n    a/b: {c: [1,\n      2]}\nfaults: []\n";
        let document = Document::parse(text.as_bytes(), "case.yaml").expect("YAML").root().located();
        for (field, line) in [
            ("verdict", 3),
            ("warnings[1]", 6),
            ("warnings[2]", 4),
            ("message", 2),
            ("object/a~1b/c/1", 9),
            ("object/a~1b/d", 8),
            ("law twice-is-once", 2),
            ("faults", 10),
            ("session", 1),
        ] {
            let difference = Difference::new(field, "", "").located(&document);
            assert_eq!(difference.at.map(|at| at.line), Some(line), "{field}");
        }
    }
}
