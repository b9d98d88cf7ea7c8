//! `kubernetes/list_resources_by_namespace` and `kubernetes/list_resources_all`

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::super::{Call, missing};
use super::Object;
use crate::host::{Host, HostError};
use crate::json::{Document, Kind, Value};

/// A request for the resources of a kind; comes from
/// [`Kubernetes::list_resources_by_namespace`](super::Kubernetes::list_resources_by_namespace) and
/// [`Kubernetes::list_resources_all`](super::Kubernetes::list_resources_all).
#[derive(Clone, Debug)]
#[must_use = "the host is asked by `get` or `fetch`"]
pub struct ListResources<'h, 'a> {
    call: Call<'h>,
    request: Request<'a>,
}

#[derive(Clone, Debug, Serialize)]
struct Request<'a> {
    api_version: &'a str,
    kind: &'a str,
    /// Required by `list_resources_by_namespace`, and not sent to `list_resources_all`.
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    label_selector: Option<&'a str>,
    field_selector: Option<&'a str>,
    field_masks: Option<Vec<&'a str>>,
}

/// A list as the host sends it. Its `apiVersion` and `kind` are ignored: they follow from the request.
#[derive(Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

impl<'h, 'a> ListResources<'h, 'a> {
    pub(super) fn by_namespace(host: &'h Host, api_version: &'a str, kind: &'a str, namespace: &'a str) -> Self {
        let call = Call::new(host, "kubernetes", "list_resources_by_namespace");
        Self::new(call, api_version, kind, Some(namespace))
    }

    pub(super) fn all(host: &'h Host, api_version: &'a str, kind: &'a str) -> Self {
        Self::new(Call::new(host, "kubernetes", "list_resources_all"), api_version, kind, None)
    }

    fn new(call: Call<'h>, api_version: &'a str, kind: &'a str, namespace: Option<&'a str>) -> Self {
        let request =
            Request { api_version, kind, namespace, label_selector: None, field_selector: None, field_masks: None };
        Self { call, request }
    }

    /// Only resources with these labels: `app=web,tier!=test`, `env in (a, b)`.
    pub fn label_selector(mut self, selector: &'a str) -> Self {
        self.request.label_selector = Some(selector);
        self
    }

    /// Only resources with these values, of the fields that the kind can be selected by: `metadata.name=web`.
    pub fn field_selector(mut self, selector: &'a str) -> Self {
        self.request.field_selector = Some(selector);
        self
    }

    /// Fields of each resource to keep, as paths with dots (`spec.replicas`); the host leaves the others out. A path goes
    /// through arrays by itself. `apiVersion`, `kind` and `metadata` are always kept. No path at all: everything is kept.
    pub fn field_masks<S: AsRef<str> + ?Sized + 'a>(mut self, paths: impl IntoIterator<Item = &'a S>) -> Self {
        self.request.field_masks = Some(paths.into_iter().map(AsRef::as_ref).collect());
        self
    }

    /// Asks the host, and decodes each resource into a type of the author's.
    ///
    /// # Errors
    ///
    /// When the host refuses or fails, or a resource does not have the shape of `T`: the pointer says which one
    /// (`/items/3/spec`).
    pub fn get<T: DeserializeOwned>(self) -> Result<Vec<T>, HostError> {
        let answer = self.call.send(&self.request)?;
        Ok(answer.decode::<Items<T>>()?.items)
    }

    /// Asks the host, and keeps the list as it came.
    ///
    /// # Errors
    ///
    /// When the host refuses or fails, or the answer has no array `items` of JSON objects.
    pub fn fetch(self) -> Result<ResourceList, HostError> {
        let document = self.call.send(&self.request)?.checked(|list| {
            let mut items = list.array("items")?.ok_or_else(|| missing(list, "items"))?;
            match items.find(|item| item.kind() != Kind::Object) {
                Some(item) => Err(item.unexpected("an object")),
                None => Ok(()),
            }
        })?;
        let Request { api_version, kind, .. } = self.request;
        Ok(ResourceList { document, api_version: api_version.to_owned(), kind: kind.to_owned() })
    }
}

/// Resources of the cluster, not decoded: all of the JSON that the host sent.
#[derive(Clone, Debug)]
pub struct ResourceList {
    document: Document,
    api_version: String,
    kind: String,
}

impl ResourceList {
    /// The resources, in no particular order.
    pub fn items(&self) -> impl Iterator<Item = Object<'_>> {
        self.values().map(|item| Object::new(item, &self.api_version, &self.kind))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values().count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.values().next().is_none()
    }

    fn values(&self) -> impl Iterator<Item = Value<'_>> {
        self.document.root().get("items").into_iter().flat_map(Value::children)
    }
}
