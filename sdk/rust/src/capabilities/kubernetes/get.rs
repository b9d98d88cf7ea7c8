//! `kubernetes/get_resource`

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::{Answer, Call};
use super::Object;
use crate::host::{Host, HostError, HostErrorKind};
use crate::json::Document;

/// A request for one resource; comes from [`Kubernetes::get_resource`](super::Kubernetes::get_resource).
#[derive(Clone, Debug)]
#[must_use = "the host is asked by `get`, `find` or `fetch`"]
pub struct GetResource<'h, 'a> {
    host: &'h Host,
    request: Request<'a>,
}

#[derive(Clone, Debug, Serialize)]
struct Request<'a> {
    api_version: &'a str,
    kind: &'a str,
    name: &'a str,
    namespace: Option<&'a str>,
    disable_cache: bool,
    field_masks: Option<Vec<&'a str>>,
}

impl<'h, 'a> GetResource<'h, 'a> {
    pub(super) fn new(host: &'h Host, api_version: &'a str, kind: &'a str, name: &'a str) -> Self {
        let request = Request { api_version, kind, name, namespace: None, disable_cache: false, field_masks: None };
        Self { host, request }
    }

    /// Its namespace. Kinds that have namespaces need one; for the others the host ignores it.
    pub fn namespace(mut self, namespace: &'a str) -> Self {
        self.request.namespace = Some(namespace);
        self
    }

    /// Asks the cluster even when the host has the resource in its cache, which keeps resources for 5 seconds.
    pub fn disable_cache(mut self) -> Self {
        self.request.disable_cache = true;
        self
    }

    /// Fields to keep, as paths with dots (`spec.replicas`); the host leaves the others out. A path goes through arrays by
    /// itself. `apiVersion`, `kind` and `metadata` are always there. No path at all: everything is kept.
    pub fn field_masks<S: AsRef<str> + ?Sized + 'a>(mut self, paths: impl IntoIterator<Item = &'a S>) -> Self {
        self.request.field_masks = Some(paths.into_iter().map(AsRef::as_ref).collect());
        self
    }

    /// Asks the host, and decodes the resource into a type of the author's.
    ///
    /// # Errors
    ///
    /// When the host refuses or fails, the resource does not exist, or it does not have the shape of `T`.
    pub fn get<T: DeserializeOwned>(self) -> Result<T, HostError> {
        self.send()?.decode()
    }

    /// As [`get`](Self::get), but a resource that does not exist is not an error.
    ///
    /// # Errors
    ///
    /// All others of [`get`](Self::get); a kind that the cluster does not know is one of them.
    pub fn find<T: DeserializeOwned>(self) -> Result<Option<T>, HostError> {
        match self.send() {
            Ok(answer) => answer.decode().map(Some),
            Err(error) if error.kind() == HostErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Asks the host, and keeps the resource as it came.
    ///
    /// # Errors
    ///
    /// When the host refuses or fails, the resource does not exist, or the answer is not a JSON object.
    pub fn fetch(self) -> Result<Resource, HostError> {
        let (api_version, kind) = (self.request.api_version.to_owned(), self.request.kind.to_owned());
        let document = self.send()?.checked(|_| Ok(()))?;
        Ok(Resource { document, api_version, kind })
    }

    fn send(&self) -> Result<Answer<'h>, HostError> {
        Call::new(self.host, "kubernetes", "get_resource").send(&self.request)
    }
}

/// A resource of the cluster, not decoded: all of the JSON that the host sent.
#[derive(Clone, Debug)]
pub struct Resource {
    document: Document,
    api_version: String,
    kind: String,
}

impl Resource {
    /// A view on the resource.
    pub fn object(&self) -> Object<'_> {
        Object::new(self.document.root(), &self.api_version, &self.kind)
    }
}
