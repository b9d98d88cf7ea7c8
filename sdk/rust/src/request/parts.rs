//! The small structures inside of a request. Their shape was checked when the request arrived.

use std::borrow::Cow;

use crate::error::Error;
use crate::json::{self, Value};

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

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub struct UserInfo<'a>(Value<'a>);

/// A string field that was seen to be there.
fn checked<'a>(value: Value<'a>, key: &str) -> Cow<'a, str> {
    value.get(key).map(Value::unescaped).unwrap_or_default()
}

impl<'a> GroupVersionKind<'a> {
    pub(super) fn read(value: Value<'a>) -> Self {
        Self { group: checked(value, "group"), version: checked(value, "version"), kind: checked(value, "kind") }
    }
}

impl<'a> GroupVersionResource<'a> {
    pub(super) fn read(value: Value<'a>) -> Self {
        Self {
            group: checked(value, "group"),
            version: checked(value, "version"),
            resource: checked(value, "resource"),
        }
    }
}

impl<'a> UserInfo<'a> {
    pub(super) fn new(value: Value<'a>) -> Self {
        Self(value)
    }

    /// Name of the user.
    pub fn username(self) -> Option<Cow<'a, str>> {
        self.0.get("username").map(Value::unescaped)
    }

    /// Id of the user.
    pub fn uid(self) -> Option<Cow<'a, str>> {
        self.0.get("uid").map(Value::unescaped)
    }

    /// Groups of the user, in the order in which they came.
    pub fn groups(self) -> impl Iterator<Item = Cow<'a, str>> {
        self.0.get("groups").into_iter().flat_map(Value::children).map(Value::unescaped)
    }

    /// What the authenticator says about the user under this key.
    pub fn extra(self, key: &str) -> impl Iterator<Item = Cow<'a, str>> {
        let values = self.0.get("extra").and_then(|extra| extra.get(key));
        values.into_iter().flat_map(Value::children).map(Value::unescaped)
    }

    pub(super) fn check(self) -> Result<(), Error> {
        self.0.str("username")?;
        self.0.str("uid")?;
        strings(self.0.array("groups")?)?;
        if let Some(extra) = self.0.object("extra")? {
            for (_, values) in extra.entries() {
                match values.kind() {
                    json::Kind::Array => strings(Some(values.children()))?,
                    json::Kind::Null => {}
                    _ => return Err(values.unexpected("an array").into()),
                }
            }
        }
        Ok(())
    }
}

fn strings(values: Option<json::Array<'_>>) -> Result<(), Error> {
    match values.into_iter().flatten().find(|value| value.kind() != json::Kind::String) {
        Some(value) => Err(value.unexpected("a string").into()),
        None => Ok(()),
    }
}
