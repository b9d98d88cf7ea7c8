//! The admission request.

mod fields;
mod operation;
mod parts;

use std::borrow::Cow;
use std::fmt;

pub use operation::Operation;
pub use parts::UserInfo;

use crate::edit::Edited;
use crate::error::Error;
use crate::incoming::{Incoming, Takes};
use crate::json::{Document, Value};
use crate::kinds::{GroupVersionKind, GroupVersionResource};
use crate::verdict::Verdict;
use crate::views::{Metadata, PodSpec, pod_spec_path};
use fields::{Fields, missing};

/// An admission request (`admission.k8s.io/v1`).
///
/// The shape of the request itself is checked when it arrives, so its getters cannot fail; [`object`](Self::object),
/// [`old_object`](Self::old_object) and [`options`](Self::options) are looked at only when you ask. Optional fields may be
/// absent or `null`. Fields that have no getter are kept: see [`value`](Self::value).
pub struct Request {
    document: Document,
    fields: Fields,
}

impl Request {
    /// Reads a bare AdmissionRequest, for tests of a policy's function.
    ///
    /// # Errors
    ///
    /// When the text is not JSON, or a field of the request has the wrong type or is missing.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let document = Document::parse(text.as_bytes().to_vec())?;
        let fields = Fields::read(document.root())?;
        Ok(Self { document, fields })
    }

    /// The whole request as it came, also what has no getter here.
    pub fn value(&self) -> Value<'_> {
        self.document.value(self.fields.request, self.fields.request)
    }

    /// Unique id of the request.
    pub fn uid(&self) -> Cow<'_, str> {
        self.text(self.fields.uid)
    }

    /// Kind of the object.
    pub fn kind(&self) -> GroupVersionKind<'_> {
        GroupVersionKind::read(self.at(self.fields.kind))
    }

    /// The resource that is asked for.
    pub fn resource(&self) -> GroupVersionResource<'_> {
        GroupVersionResource::read(self.at(self.fields.resource))
    }

    /// The subresource, for example `ephemeralcontainers`, `scale` or `exec`.
    pub fn sub_resource(&self) -> Option<Cow<'_, str>> {
        self.optional_text(self.fields.sub_resource)
    }

    /// Kind in the original request, before the webhook's match policy converted it.
    pub fn request_kind(&self) -> Option<GroupVersionKind<'_>> {
        self.optional(self.fields.request_kind).map(GroupVersionKind::read)
    }

    /// Resource in the original request.
    pub fn request_resource(&self) -> Option<GroupVersionResource<'_>> {
        self.optional(self.fields.request_resource).map(GroupVersionResource::read)
    }

    /// Subresource in the original request.
    pub fn request_sub_resource(&self) -> Option<Cow<'_, str>> {
        self.optional_text(self.fields.request_sub_resource)
    }

    /// Name of the object. Absent when a CREATE leaves it to the API server (`generateName`).
    pub fn name(&self) -> Option<Cow<'_, str>> {
        self.optional_text(self.fields.name)
    }

    /// Namespace of the object; absent for kinds that have none.
    pub fn namespace(&self) -> Option<Cow<'_, str>> {
        self.optional_text(self.fields.namespace)
    }

    /// The operation on the object.
    pub fn operation(&self) -> Operation {
        Operation::read(self.at(self.fields.operation))
    }

    /// The user who makes the request.
    pub fn user_info(&self) -> UserInfo<'_> {
        UserInfo::new(self.at(self.fields.user_info))
    }

    /// The object as it would be stored; absent on DELETE.
    pub fn object(&self) -> Option<Value<'_>> {
        self.optional(self.fields.object)
    }

    /// The object as it is stored now; on UPDATE and DELETE.
    pub fn old_object(&self) -> Option<Value<'_>> {
        self.optional(self.fields.old_object)
    }

    /// Whether the request is a dry run: nothing will be stored.
    pub fn dry_run(&self) -> bool {
        self.optional(self.fields.dry_run).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Options of the operation, for example `CreateOptions`.
    pub fn options(&self) -> Option<Value<'_>> {
        self.optional(self.fields.options)
    }

    /// The metadata of [`object`](Self::object); absent on DELETE.
    ///
    /// # Errors
    ///
    /// When `metadata` is there but not an object.
    pub fn metadata(&self) -> Result<Option<Metadata<'_>>, Error> {
        Ok(match self.object() {
            Some(object) => object.object("metadata")?.map(Metadata::new),
            None => None,
        })
    }

    /// The pod spec in [`object`](Self::object): of a Pod itself, or of the template of a Deployment, ReplicaSet,
    /// StatefulSet, DaemonSet, ReplicationController, Job or CronJob. Absent when there is no object (DELETE).
    ///
    /// # Errors
    ///
    /// When the object is of another kind, or has no pod spec where its kind has one.
    pub fn pod_spec(&self) -> Result<Option<PodSpec<'_>>, Error> {
        match self.object() {
            Some(object) => PodSpec::of(&self.kind(), object).map(Some),
            None => Ok(None),
        }
    }

    /// A copy of [`object`](Self::object) to edit, for [`Verdict::mutate`](crate::Verdict::mutate). It has every field
    /// that came in, known or not.
    ///
    /// # Errors
    ///
    /// When there is no object (DELETE): hosts refuse such a mutation. When it has a number that an edit cannot keep: see
    /// [`Edited`].
    pub fn edit(&self) -> Result<Edited, Error> {
        match self.object() {
            Some(object) => Edited::object(object, pod_spec_path(&self.kind())),
            None => Err(Error::new("there is no object to edit: the request is a DELETE")),
        }
    }

    fn at(&self, node: u32) -> Value<'_> {
        self.document.value(node, self.fields.request)
    }

    fn optional(&self, node: u32) -> Option<Value<'_>> {
        (node != 0).then(|| self.document.value(node, node))
    }

    fn text(&self, node: u32) -> Cow<'_, str> {
        self.at(node).unescaped()
    }

    fn optional_text(&self, node: u32) -> Option<Cow<'_, str>> {
        (node != 0).then(|| self.text(node))
    }
}

impl Incoming for Request {
    const TAKES: Takes = Takes::Request;

    type Answer = Verdict;

    // A request is some hundred bytes, which every call on the way would copy.
    #[inline(always)]
    fn receive(payload: Document) -> Result<Result<Self, Verdict>, Error> {
        let request = payload.root().field("request").ok_or_else(|| missing_in_payload(&payload))?;
        let fields = Fields::read(request)?;
        Ok(Ok(Self { document: payload, fields }))
    }

    fn payload(&self) -> Value<'_> {
        self.document.root()
    }
}

/// The error that the payload has no request.
#[cold]
pub(crate) fn missing_in_payload(payload: &Document) -> Error {
    missing(payload.root(), "request")
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value().fmt(f)
    }
}
