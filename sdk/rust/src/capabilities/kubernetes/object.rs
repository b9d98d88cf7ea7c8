//! A view on an object of the cluster.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::json::{self, Value};
use crate::kinds::GroupVersionKind;
use crate::views::{Metadata, PodSpec};

/// An object of the cluster: a view, cheap to copy, on the host's answer. Its JSON pointers start at the object, also in a
/// list.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    value: Value<'a>,
    api_version: &'a str,
    kind: &'a str,
}

impl<'a> Object<'a> {
    pub(super) fn new(value: Value<'a>, api_version: &'a str, kind: &'a str) -> Self {
        Self { value: value.rebase(), api_version, kind }
    }

    /// The JSON behind this view.
    pub fn value(self) -> Value<'a> {
        self.value
    }

    /// The API version that was asked for.
    pub fn api_version(self) -> &'a str {
        self.api_version
    }

    /// The kind that was asked for.
    pub fn kind(self) -> &'a str {
        self.kind
    }

    /// Its metadata.
    ///
    /// # Errors
    ///
    /// When there is none, or it is not an object.
    pub fn metadata(self) -> Result<Metadata<'a>, json::Error> {
        match self.value.object("metadata")? {
            Some(metadata) => Ok(Metadata::new(metadata)),
            None => Err(super::super::missing(self.value, "metadata")),
        }
    }

    /// Its pod spec: of a Pod itself, or of the template of a workload.
    ///
    /// # Errors
    ///
    /// When the object is of another kind, or has no pod spec where its kind has one (a field mask may have left it out).
    pub fn pod_spec(self) -> Result<PodSpec<'a>, Error> {
        let (group, version) = self.api_version.split_once('/').unwrap_or(("", self.api_version));
        let kind = GroupVersionKind {
            group: Cow::Borrowed(group),
            version: Cow::Borrowed(version),
            kind: Cow::Borrowed(self.kind),
        };
        PodSpec::of(&kind, self.value)
    }

    /// Decodes the object into a type of the author's. Unknown fields are ignored unless the type refuses them.
    ///
    /// # Errors
    ///
    /// When it does not have the shape of `T`; the error carries the pointer of the part that is wrong.
    pub fn decode<T: DeserializeOwned>(self) -> Result<T, json::Error> {
        self.value.decode()
    }
}
