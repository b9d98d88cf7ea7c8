//! The names of fields, in the two ways in which they are written.

use crate::input::nearest;

/// How the names of fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `backgroundAudit`, as in Kubewarden's `metadata.yml`.
    Camel,
    /// `background-audit`, as in a `Cargo.toml`.
    Kebab,
}

/// The names that differ.
const NAMES: [(&str, &str); 11] = [
    ("apiGroups", "api-groups"),
    ("apiVersion", "api-version"),
    ("apiVersions", "api-versions"),
    ("backgroundAudit", "background-audit"),
    ("contextAwareResources", "context-aware-resources"),
    ("executionMode", "execution-mode"),
    ("hostCapabilities", "host-capabilities"),
    ("minimumKubewardenVersion", "minimum-kubewarden-version"),
    ("policyType", "policy-type"),
    ("protocolVersion", "protocol-version"),
    ("contextAware", "context-aware"),
];

impl Spelling {
    /// How Kubewarden's `name` is written.
    pub(super) fn of(self, name: &'static str) -> &'static str {
        match self {
            Self::Camel => name,
            Self::Kebab => NAMES.iter().find(|(camel, _)| *camel == name).map_or(name, |(_, kebab)| kebab),
        }
    }

    /// Whether `key` is one of `known`, which are Kubewarden's names; else a hint at what was meant.
    pub(super) fn check(self, key: &str, known: &[&'static str]) -> Result<(), String> {
        let known: Vec<&str> = known.iter().map(|name| self.of(name)).collect();
        if known.contains(&key) {
            return Ok(());
        }
        let squashed = |text: &str| text.to_ascii_lowercase().replace(['-', '_'], "");
        Err(match known.iter().find(|name| squashed(name) == squashed(key)) {
            Some(name) => format!("here it is written `{name}`"),
            None => match nearest(key, &known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known keys: {}", known.join(", ")),
            },
        })
    }
}
