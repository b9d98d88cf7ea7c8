//! Kubewarden's custom resources.

use super::{
    Body, PolicyResource,
    module::Files,
    spec::{self, Grants},
};
use crate::{
    input::{Cursor, InputError, nearest},
    mode,
};

/// Kind, whether it is cluster-wide, whether it is a group.
const KINDS: [(&str, bool, bool); 4] = [
    ("ClusterAdmissionPolicy", true, false),
    ("AdmissionPolicy", false, false),
    ("ClusterAdmissionPolicyGroup", true, true),
    ("AdmissionPolicyGroup", false, true),
];

const API_VERSIONS: [&str; 2] = ["policies.kubewarden.io/v1", "policies.kubewarden.io/v1alpha2"];

/// Keys of policies and groups for the API server, the controller and the audit scanner.
const COMMON_KEYS: [&str; 12] = [
    "policyServer",
    "mode",
    "rules",
    "failurePolicy",
    "matchPolicy",
    "matchConditions",
    "namespaceSelector",
    "objectSelector",
    "sideEffects",
    "timeoutSeconds",
    "backgroundAudit",
    "message",
];

const WEBHOOK: &str = "a policy says which requests it gets";

pub(super) fn read(root: &Cursor<'_>, files: &Files<'_>) -> Result<PolicyResource, InputError> {
    let (cluster_wide, group) = kind(root)?;
    root.only_keys(&["apiVersion", "kind", "metadata", "spec", "status"])?;
    let spec = root.required("spec", "it says which policy is deployed, and how")?;
    let grants = Grants::CustomResource { cluster_wide };
    spec::says_no_capabilities(&spec, grants)?;
    let body = if group {
        spec.only_keys(&[&COMMON_KEYS[..], &["policies", "expression"]].concat())?;
        spec::group(&spec, grants, files)?
    } else {
        spec.only_keys(&[&COMMON_KEYS[..], &spec::KEYS[..], &["mutating"]].concat())?;
        let mutating = spec.optional("mutating")?.map(|mutating| mutating.boolean()).transpose()?;
        Body::Policy {
            policy: spec::policy(&spec, grants, files)?,
            allowed_to_mutate: mutating.unwrap_or_default(),
            message: spec.optional("message")?.map(|text| text.string().map(str::to_owned)).transpose()?,
        }
    };
    Ok(PolicyResource {
        id: id(root, cluster_wide, group)?,
        mode: spec.optional("mode")?.map(|mode| mode::read(&mode)).transpose()?.unwrap_or_default(),
        background_audit: spec.optional("backgroundAudit")?.map(|audit| audit.boolean()).transpose()?.unwrap_or(true),
        operations: spec.optional("rules")?.map(|rules| operations(&rules)).transpose()?,
        body,
    })
}

/// Whether the resource is cluster-wide, and a group.
fn kind(root: &Cursor<'_>) -> Result<(bool, bool), InputError> {
    let api_version = root.required("apiVersion", "for example policies.kubewarden.io/v1")?;
    let kind = root.required("kind", "for example ClusterAdmissionPolicy")?;
    let given = kind.string()?;
    let known = KINDS.map(|(kind, ..)| kind);
    let Some((_, cluster_wide, group)) = KINDS.into_iter().find(|(kind, ..)| *kind == given) else {
        return Err(kind.error(match nearest(given, &known) {
            Some(near) => format!("`{given}` is not a kind of policy; did you mean `{near}`?"),
            None => format!("`{given}` is not a kind of policy; these are {}", known.join(", ")),
        }));
    };
    let version = api_version.string()?;
    if !API_VERSIONS.contains(&version) {
        return Err(api_version
            .error(format!("the apiVersion of this kind is {}, found `{version}`", API_VERSIONS.join(" or "))));
    }
    Ok((cluster_wide, group))
}

fn id(root: &Cursor<'_>, cluster_wide: bool, group: bool) -> Result<String, InputError> {
    let metadata = root.required("metadata", "a resource has a name")?;
    let name = metadata.required("name", "a resource has a name")?;
    let (name, of_group) = (name.string()?, if group { "group-" } else { "" });
    let namespace = metadata.optional("namespace")?;
    Ok(match (cluster_wide, namespace) {
        (true, Some(namespace)) => return Err(namespace.error("a cluster-wide policy is in no namespace")),
        (true, None) => format!("clusterwide-{of_group}{name}"),
        (false, None) => format!("namespaced-{of_group}default-{name}"),
        (false, Some(namespace)) => format!("namespaced-{of_group}{}-{name}", namespace.string()?),
    })
}

/// The operations of each rule.
fn operations(rules: &Cursor<'_>) -> Result<Vec<Vec<String>>, InputError> {
    let mut found = Vec::new();
    for rule in rules.list()? {
        rule.only_keys(&["apiGroups", "apiVersions", "resources", "operations", "scope"])?;
        for key in ["apiGroups", "apiVersions", "resources"] {
            rule.optional(key)?.map(|list| list.strings()).transpose()?;
        }
        found.push(rule.required("operations", WEBHOOK)?.strings()?);
    }
    Ok(found)
}
