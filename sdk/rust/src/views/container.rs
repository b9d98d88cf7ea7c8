//! A container of a pod, of any of the three kinds.

use std::borrow::Cow;

use crate::json::{Error, Value};

/// Which list of the pod spec a container is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContainerKind {
    /// `containers`
    Regular,
    /// `initContainers`
    Init,
    /// `ephemeralContainers`
    Ephemeral,
}

impl ContainerKind {
    /// Name of the list in the pod spec.
    pub fn field(self) -> &'static str {
        match self {
            Self::Regular => "containers",
            Self::Init => "initContainers",
            Self::Ephemeral => "ephemeralContainers",
        }
    }
}

/// A container.
///
/// Getters answer an error when the field has the wrong type; absent and `null` are the same.
#[derive(Clone, Copy, Debug)]
pub struct Container<'a> {
    kind: ContainerKind,
    pod_spec: Value<'a>,
    index: usize,
    value: Value<'a>,
}

impl<'a> Container<'a> {
    pub(crate) fn new(kind: ContainerKind, pod_spec: Value<'a>, index: usize, value: Value<'a>) -> Self {
        Self { kind, pod_spec, index, value }
    }

    /// Which list it is in.
    pub fn kind(self) -> ContainerKind {
        self.kind
    }

    /// The JSON behind this view.
    pub fn value(self) -> Value<'a> {
        self.value
    }

    /// JSON pointer of the container in the object, for example `/spec/template/spec/initContainers/0`.
    pub fn path(self) -> String {
        // Not the value's own pointer: that would count through the list once more for each container.
        format!("{}/{}/{}", self.pod_spec.pointer(), self.kind.field(), self.index)
    }

    /// Name. The API server requires one; for a request without it, this is an empty string.
    pub fn name(self) -> Result<Cow<'a, str>, Error> {
        Ok(self.value.str("name")?.unwrap_or_default())
    }

    /// Image reference; absent where a controller fills it in later.
    pub fn image(self) -> Result<Option<Cow<'a, str>>, Error> {
        self.value.str("image")
    }

    /// The container's security context.
    pub fn security_context(self) -> Result<Option<Value<'a>>, Error> {
        self.value.object("securityContext")
    }

    /// Whether it runs privileged.
    pub fn privileged(self) -> Result<bool, Error> {
        Ok(match self.security_context()? {
            Some(context) => context.bool("privileged")?.unwrap_or(false),
            None => false,
        })
    }
}
