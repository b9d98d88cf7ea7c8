//! What is said about a request beside its document.

use serde_json::Value;

use super::Operation;

/// How a document becomes a request.
///
/// Everything but `raw` is about plain objects; given together with an AdmissionReview or AdmissionRequest it is an error,
/// because those already say it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestOptions {
    /// Send the document as it is, whatever it is (for raw policies).
    pub raw: bool,
    /// What is done. When absent, what the subresource says (`exec` is a CONNECT, `scale` an UPDATE), otherwise CREATE.
    pub operation: Option<Operation>,
    /// The stored object, for UPDATE. When it is absent and nobody asked for an UPDATE but the subresource, that of a Scale is the
    /// same with the replicas of its status, and that of a Pod with ephemeral containers the same without them.
    pub old_object: Option<Value>,
    /// Who asks; `kubernetes-admin` when absent.
    pub user: Option<String>,
    /// Groups of the user; `system:masters` and `system:authenticated` when neither user nor groups are given.
    pub groups: Option<Vec<String>>,
    /// Name, for an object that has none of its own.
    pub name: Option<String>,
    /// Namespace, for an object that names none of its own; empty for none.
    pub namespace: Option<String>,
    /// Subresource, for example `ephemeralcontainers`.
    pub sub_resource: Option<String>,
    /// Whether nothing will be stored; false when absent.
    pub dry_run: Option<bool>,
}

impl RequestOptions {
    /// The first option that only makes sense for a plain object.
    pub(super) fn about_objects(&self) -> Option<&'static str> {
        let given = [
            (self.operation.is_some(), "operation"),
            (self.old_object.is_some(), "old object"),
            (self.user.is_some(), "user"),
            (self.groups.is_some(), "group"),
            (self.name.is_some(), "name"),
            (self.namespace.is_some(), "namespace"),
            (self.sub_resource.is_some(), "subresource"),
            (self.dry_run.is_some(), "dry run"),
        ];
        given.iter().find(|(given, _)| *given).map(|(_, what)| *what)
    }
}
