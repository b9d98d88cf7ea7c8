//! The admission request.

use std::borrow::Cow;
use std::fmt;

use crate::error::Error;
use crate::json::{self, Document, Value};
use crate::verdict::Edited;
use crate::views::{Metadata, PodSpec};

/// What is about to happen to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// A new object; there is no [`old_object`](Request::old_object).
    Create,
    /// A change; both objects are there.
    Update,
    /// A deletion; there is no [`object`](Request::object).
    Delete,
    /// A connection to a subresource, such as `pods/exec`.
    Connect,
}

impl Operation {
    /// As in the request: `CREATE`, `UPDATE`, `DELETE` or `CONNECT`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Connect => "CONNECT",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An admission request (`admission.k8s.io/v1`).
///
/// The shape of the request itself is checked when it arrives, so its getters cannot fail; [`object`](Self::object),
/// [`old_object`](Self::old_object) and [`options`](Self::options) are looked at only when you ask. Optional fields may be
/// absent or `null`. Fields that have no getter are kept: see [`value`](Self::value).
pub struct Request {
    document: Document,
    fields: Fields,
}

/// Nodes of the fields, so that a getter does not search again. 0 is the root, which is never a field: absent.
#[derive(Clone, Copy, Default)]
struct Fields {
    request: u32,
    uid: u32,
    kind: u32,
    resource: u32,
    sub_resource: u32,
    request_kind: u32,
    request_resource: u32,
    request_sub_resource: u32,
    name: u32,
    namespace: u32,
    operation: u32,
    user_info: u32,
    object: u32,
    old_object: u32,
    dry_run: u32,
    options: u32,
}

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

    /// Reads the `request` of a payload whose root is the object that holds it.
    pub(crate) fn from_payload(document: Document) -> Result<Self, Error> {
        let root = document.root();
        let request = root.field("request").ok_or_else(|| missing(root, "request"))?;
        let fields = Fields::read(request)?;
        Ok(Self { document, fields })
    }

    /// A field of the payload beside the request.
    pub(crate) fn payload(&self) -> Value<'_> {
        self.document.root()
    }

    /// The whole request as it came, also what has no getter here.
    pub fn value(&self) -> Value<'_> {
        self.document.value(self.fields.request, self.fields.request)
    }

    /// Identifies the request.
    pub fn uid(&self) -> Cow<'_, str> {
        self.text(self.fields.uid)
    }

    /// Kind of the object.
    pub fn kind(&self) -> GroupVersionKind<'_> {
        kind(self.at(self.fields.kind))
    }

    /// The resource that is asked for.
    pub fn resource(&self) -> GroupVersionResource<'_> {
        resource(self.at(self.fields.resource))
    }

    /// The subresource, for example `ephemeralcontainers`, `scale` or `exec`.
    pub fn sub_resource(&self) -> Option<Cow<'_, str>> {
        self.optional_text(self.fields.sub_resource)
    }

    /// Kind in the original request, before the webhook's match policy converted it.
    pub fn request_kind(&self) -> Option<GroupVersionKind<'_>> {
        self.optional(self.fields.request_kind).map(kind)
    }

    /// Resource in the original request.
    pub fn request_resource(&self) -> Option<GroupVersionResource<'_>> {
        self.optional(self.fields.request_resource).map(resource)
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

    /// What is about to happen.
    pub fn operation(&self) -> Operation {
        operation(self.at(self.fields.operation)).unwrap_or(Operation::Connect)
    }

    /// Who asks.
    pub fn user_info(&self) -> UserInfo<'_> {
        UserInfo(self.at(self.fields.user_info))
    }

    /// The object as it would be stored; absent on DELETE.
    pub fn object(&self) -> Option<Value<'_>> {
        self.optional(self.fields.object)
    }

    /// The object as it is stored now; on UPDATE and DELETE.
    pub fn old_object(&self) -> Option<Value<'_>> {
        self.optional(self.fields.old_object)
    }

    /// Whether nothing will be stored.
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
    /// When there is no object (DELETE): hosts refuse such a mutation.
    pub fn edit(&self) -> Result<Edited, Error> {
        match self.object() {
            Some(object) => Ok(Edited::new(object.decode()?)),
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

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value().fmt(f)
    }
}

impl Fields {
    /// Finds and checks every field in one pass over the keys of the request.
    fn read(request: Value<'_>) -> Result<Self, Error> {
        use json::Kind::{Bool, Object, String};
        let request = request.rebase();
        if request.kind() != Object {
            return Err(request.unexpected("an admission request").into());
        }
        let mut fields = Self { request: request.index(), ..Self::default() };
        for (key, value) in request.pairs() {
            let (field, kind) = match &*key.key_bytes() {
                b"uid" => (&mut fields.uid, String),
                b"kind" => (&mut fields.kind, Object),
                b"resource" => (&mut fields.resource, Object),
                b"subResource" => (&mut fields.sub_resource, String),
                b"requestKind" => (&mut fields.request_kind, Object),
                b"requestResource" => (&mut fields.request_resource, Object),
                b"requestSubResource" => (&mut fields.request_sub_resource, String),
                b"name" => (&mut fields.name, String),
                b"namespace" => (&mut fields.namespace, String),
                b"operation" => (&mut fields.operation, String),
                b"userInfo" => (&mut fields.user_info, Object),
                b"object" => (&mut fields.object, value.kind()),
                b"oldObject" => (&mut fields.old_object, value.kind()),
                b"dryRun" => (&mut fields.dry_run, Bool),
                b"options" => (&mut fields.options, value.kind()),
                _ => continue,
            };
            *field = match value.kind() {
                json::Kind::Null => 0,
                found if found == kind => value.index(),
                _ => return Err(value.unexpected(kind.name()).into()),
            };
        }
        fields.check(request)?;
        Ok(fields)
    }

    /// Required fields are there, and what is in the small structures has the right type.
    fn check(&self, request: Value<'_>) -> Result<(), Error> {
        let required = [
            ("uid", self.uid),
            ("kind", self.kind),
            ("resource", self.resource),
            ("operation", self.operation),
            ("userInfo", self.user_info),
        ];
        if let Some((name, _)) = required.iter().find(|(_, node)| *node == 0) {
            return Err(missing(request, name));
        }
        for (node, last) in [
            (self.kind, "kind"),
            (self.resource, "resource"),
            (self.request_kind, "kind"),
            (self.request_resource, "resource"),
        ] {
            if node == 0 {
                continue;
            }
            let value = request.sibling(node);
            for key in ["group", "version", last] {
                match value.get(key) {
                    None => return Err(missing(value, key)),
                    Some(text) if text.kind() != json::Kind::String => return Err(text.unexpected("a string").into()),
                    Some(_) => {}
                }
            }
        }
        let named = request.sibling(self.operation);
        if operation(named).is_none() {
            let message = "expected CREATE, UPDATE, DELETE or CONNECT";
            return Err(json::Error::new(message).at(|| named.pointer()).into());
        }
        UserInfo(request.sibling(self.user_info)).check()
    }
}

#[cold]
fn missing(parent: Value<'_>, key: &str) -> Error {
    json::Error::new(format!("missing field `{key}`")).at(|| parent.pointer()).into()
}

fn operation(value: Value<'_>) -> Option<Operation> {
    [Operation::Create, Operation::Update, Operation::Delete, Operation::Connect]
        .into_iter()
        .find(|operation| value.unescaped() == operation.as_str())
}

/// A string field that [`Fields::check`] has seen.
fn checked<'a>(value: Value<'a>, key: &str) -> Cow<'a, str> {
    value.get(key).map(Value::unescaped).unwrap_or_default()
}

fn kind(value: Value<'_>) -> GroupVersionKind<'_> {
    GroupVersionKind {
        group: checked(value, "group"),
        version: checked(value, "version"),
        kind: checked(value, "kind"),
    }
}

fn resource(value: Value<'_>) -> GroupVersionResource<'_> {
    GroupVersionResource {
        group: checked(value, "group"),
        version: checked(value, "version"),
        resource: checked(value, "resource"),
    }
}

impl<'a> UserInfo<'a> {
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

    fn check(self) -> Result<(), Error> {
        let strings = |values: json::Array<'_>| match values.clone().find(|value| value.kind() != json::Kind::String) {
            Some(value) => Err(value.unexpected("a string")),
            None => Ok(()),
        };
        self.0.str("username")?;
        self.0.str("uid")?;
        self.0.array("groups")?.map_or(Ok(()), strings)?;
        if let Some(extra) = self.0.object("extra")? {
            for (key, _) in extra.entries() {
                extra.array(&key)?.map_or(Ok(()), strings)?;
            }
        }
        Ok(())
    }
}
