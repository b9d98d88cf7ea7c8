//! Lists of containers, and what a container cannot have in another list.

use serde_json::{Map, Value, json};

/// The lists of containers of a pod spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Regular,
    Init,
    Ephemeral,
}

impl List {
    pub(super) const ALL: [Self; 3] = [Self::Regular, Self::Init, Self::Ephemeral];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Regular => "containers",
            Self::Init => "initContainers",
            Self::Ephemeral => "ephemeralContainers",
        }
    }

    /// What is in it.
    pub(super) fn of(self, spec: &Map<String, Value>) -> Vec<Value> {
        spec.get(self.key()).and_then(Value::as_array).cloned().unwrap_or_default()
    }

    /// The fields that an API server refuses here.
    fn refused(self, container: &Map<String, Value>) -> &'static [&'static str] {
        match self {
            Self::Regular => &["restartPolicy", "targetContainerName"],
            // With a restart policy it is a sidecar, and has them.
            Self::Init if container.contains_key("restartPolicy") => &["targetContainerName"],
            Self::Init => &["targetContainerName", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"],
            Self::Ephemeral => &[
                "restartPolicy",
                "livenessProbe",
                "readinessProbe",
                "startupProbe",
                "lifecycle",
                "ports",
                "resources",
                "resizePolicy",
            ],
        }
    }

    /// The containers as they can be in this list.
    pub(super) fn fitted(self, containers: &[Value]) -> Vec<Value> {
        let fit = |container: &Value| match container {
            Value::Object(fields) => {
                let refused = self.refused(fields);
                let kept = fields.iter().filter(|(key, _)| !refused.contains(&key.as_str()));
                Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
            }
            other => other.clone(),
        };
        containers.iter().map(fit).collect()
    }
}

/// What is in a list.
pub(super) type Filled = (List, Vec<Value>);

/// The pod spec with these containers and no others.
pub(super) fn with_lists(spec: &Map<String, Value>, lists: &[Filled]) -> Map<String, Value> {
    let mut spec = spec.clone();
    for list in List::ALL {
        spec.remove(list.key());
    }
    for (list, containers) in lists.iter().filter(|(_, containers)| !containers.is_empty()) {
        spec.insert(list.key().to_owned(), containers.clone().into());
    }
    spec
}

/// Name and image of a container, and nothing else.
pub(super) fn minimal(container: &Value) -> Option<Value> {
    let image = container.get("image").and_then(Value::as_str)?;
    let name = container.get("name").and_then(Value::as_str).unwrap_or(HARMLESS);
    Some(json!({ "name": name, "image": image }))
}

/// The name of a container that takes the place of others.
pub(super) const HARMLESS: &str = "harmless";

/// The container with a name that none of the others has.
pub(super) fn apart(mut container: Value, others: &[Value]) -> Value {
    let taken = |name: &str| others.iter().any(|other| other.get("name").and_then(Value::as_str) == Some(name));
    if container.get("name").and_then(Value::as_str).is_some_and(taken)
        && let Some(fields) = container.as_object_mut()
    {
        fields.insert("name".to_owned(), HARMLESS.into());
    }
    container
}
