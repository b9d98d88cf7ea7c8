//! The small structures inside of a request. Their shape was checked when the request arrived.

use std::borrow::Cow;

use crate::error::Error;
use crate::json::{self, Value};

/// The user who makes a request.
#[derive(Clone, Copy, Debug)]
pub struct UserInfo<'a>(Value<'a>);

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

    /// Values that the authenticator adds to the user under this key (`extra`).
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
