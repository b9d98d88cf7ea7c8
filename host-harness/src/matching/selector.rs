//! Label selectors as custom resources have them: `matchLabels` and `matchExpressions`.

use std::fmt;

use serde_json::{Map, Value};

use crate::request::AdmissionRequest;

/// Requirements that all have to hold; none for what is not given.
#[derive(Clone, Debug, Default)]
pub(super) struct Selector(pub(super) Vec<Requirement>);

/// What a selector wants of one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Requirement {
    pub(super) key: String,
    pub(super) wanted: Wanted,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    In(Vec<String>),
    /// Also what does not have the label.
    NotIn(Vec<String>),
    Exists,
    DoesNotExist,
}

impl Requirement {
    /// Whether it holds for the value of the label.
    pub(super) fn holds(&self, label: Option<&str>) -> bool {
        let is_in = |values: &[String]| label.is_some_and(|label| values.iter().any(|value| value == label));
        match &self.wanted {
            Wanted::In(values) => is_in(values),
            Wanted::NotIn(values) => !is_in(values),
            Wanted::Exists => label.is_some(),
            Wanted::DoesNotExist => label.is_none(),
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = &self.key;
        match &self.wanted {
            Wanted::In(values) => match values.as_slice() {
                [only] => write!(f, "{key}={only}"),
                values => write!(f, "{key} in ({})", values.join(", ")),
            },
            Wanted::NotIn(values) => match values.as_slice() {
                [only] => write!(f, "{key}!={only}"),
                values => write!(f, "{key} notin ({})", values.join(", ")),
            },
            Wanted::Exists => write!(f, "{key}"),
            Wanted::DoesNotExist => write!(f, "!{key}"),
        }
    }
}

impl Selector {
    /// A requirement that neither the object nor the stored one meets; nothing when one of them meets all.
    pub(super) fn first_unmet(&self, request: &AdmissionRequest) -> Option<&Requirement> {
        let objects: Vec<&Value> = [&request.object, &request.old_object].into_iter().flatten().collect();
        // The options of a connection can have no labels, so they are not selected even by what they do not have.
        let objects: Vec<&Value> = objects.into_iter().filter(|object| has_metadata(object)).collect();
        let unmet = |object: &&Value| self.0.iter().find(|wanted| !wanted.holds(label(labels(object), &wanted.key)));
        match objects.iter().map(unmet).collect::<Option<Vec<_>>>() {
            None => None,
            Some(unmet) => unmet.first().copied().or(self.0.first()),
        }
    }
}

fn has_metadata(object: &Value) -> bool {
    let options = object.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("Options"));
    object.is_object() && !options
}

/// The labels of an object.
pub(super) fn labels(object: &Value) -> Option<&Map<String, Value>> {
    object.pointer("/metadata/labels").and_then(Value::as_object)
}

/// The value of a label.
pub(super) fn label<'l>(labels: Option<&'l Map<String, Value>>, key: &str) -> Option<&'l str> {
    labels.and_then(|labels| labels.get(key)).and_then(Value::as_str)
}
