//! Index of the fields of a request, and the check of their types.

use super::UserInfo;
use crate::error::Error;
use crate::json::{self, Value};

/// The node of each field, so that a getter does not search again. 0 means absent: it is the node of the root.
#[derive(Clone, Copy, Default)]
pub(super) struct Fields {
    pub(super) request: u32,
    pub(super) uid: u32,
    pub(super) kind: u32,
    pub(super) resource: u32,
    pub(super) sub_resource: u32,
    pub(super) request_kind: u32,
    pub(super) request_resource: u32,
    pub(super) request_sub_resource: u32,
    pub(super) name: u32,
    pub(super) namespace: u32,
    pub(super) operation: u32,
    pub(super) user_info: u32,
    pub(super) object: u32,
    pub(super) old_object: u32,
    pub(super) dry_run: u32,
    pub(super) options: u32,
}

impl Fields {
    /// Finds and checks every field in one pass over the keys of the request.
    pub(super) fn read(request: Value<'_>) -> Result<Self, Error> {
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
                b"object" => (&mut fields.object, Object),
                b"oldObject" => (&mut fields.old_object, Object),
                b"dryRun" => (&mut fields.dry_run, Bool),
                b"options" => (&mut fields.options, Object),
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

    /// Checks that required fields are there, and that the fields of kinds, resources and `userInfo` have the right type.
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
        UserInfo::new(request.sibling(self.user_info)).check()
    }
}

#[cold]
pub(super) fn missing(parent: Value<'_>, key: &str) -> Error {
    json::Error::new(format!("missing field `{key}`")).at(|| parent.pointer()).into()
}
