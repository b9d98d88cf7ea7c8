//! Names of kinds and resources.

use std::borrow::Cow;

use crate::json::Value;

/// Group, version and kind of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupVersionKind<'a> {
    /// API group; empty for the core group.
    pub group: Cow<'a, str>,
    /// Version, for example `v1`.
    pub version: Cow<'a, str>,
    /// Kind, for example `Pod`.
    pub kind: Cow<'a, str>,
}

/// Group, version and plural name of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupVersionResource<'a> {
    /// API group; empty for the core group.
    pub group: Cow<'a, str>,
    /// Version, for example `v1`.
    pub version: Cow<'a, str>,
    /// Plural resource name, for example `pods`.
    pub resource: Cow<'a, str>,
}

/// A string field that was checked when the request arrived.
fn checked<'a>(value: Value<'a>, key: &str) -> Cow<'a, str> {
    value.get(key).map(Value::unescaped).unwrap_or_default()
}

impl<'a> GroupVersionKind<'a> {
    pub(crate) fn read(value: Value<'a>) -> Self {
        Self { group: checked(value, "group"), version: checked(value, "version"), kind: checked(value, "kind") }
    }
}

impl<'a> GroupVersionResource<'a> {
    pub(crate) fn read(value: Value<'a>) -> Self {
        Self {
            group: checked(value, "group"),
            version: checked(value, "version"),
            resource: checked(value, "resource"),
        }
    }
}
