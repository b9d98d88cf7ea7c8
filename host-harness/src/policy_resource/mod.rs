//! How policies are deployed: Kubewarden's custom resources, and the `policies.yml` that policy-server reads.
//!
//! [`read`] takes a file with one or more `ClusterAdmissionPolicy`, `AdmissionPolicy`, `ClusterAdmissionPolicyGroup` and
//! `AdmissionPolicyGroup` (API version `v1` or `v1alpha2`, separated by `---` or in a `List`, as `kubectl get -o yaml` prints
//! them), or with the map that Kubewarden's controller writes for policy-server. What is granted when a file does not say it:
//!
//! | | custom resource | `policies.yml` |
//! | --- | --- | --- |
//! | `contextAwareResources` | none; resources in a namespace cannot have any | none |
//! | `hostCapabilities` | no such field, and an error: all, as Kubewarden's controller writes it | none, as policy-server reads it |
//! | mutation (`mutating`, `allowedToMutate`) | no | no |
//! | `mode`, `policyMode` | protect | protect |
//!
//! For policies in a namespace the controller asks `spec.namespacedPoliciesCapabilities` of their PolicyServer, whose default
//! is everything; that resource is not read here.
//!
//! Nothing is downloaded: `module` is a path (relative to the file), `file://…`, or the folder of a policy crate, if the caller allows
//! that. For any other URI the caller says which file it stands for.

mod custom_resource;
mod deployed;
mod module;
mod server;
mod spec;

use std::{collections::BTreeMap, path::Path, path::PathBuf, time::Duration};

use serde_json::{Map, Value};

pub use deployed::{Deployed, DeploymentOutcome};

use crate::{
    admission::Mode,
    capabilities::{ContextAware, HostCapabilities},
    input::{Cursor, Document, InputError},
    matching::Matching,
    suite::Suite,
};

/// Which file a module's URI stands for.
pub type Modules = BTreeMap<String, PathBuf>;

/// What a file of policies may name.
#[derive(Clone, Debug, Default)]
pub struct ResourceOptions {
    /// The files, or policy crates, that URIs stand for. They may be anywhere, and crates among them are taken as they are.
    pub modules: Modules,
    /// Where all other modules are. Default: in the folder of the file.
    pub suite: Option<Suite>,
    /// Whether the file may name policy crates: to build one runs its code. Default: no.
    pub crates: bool,
}

/// One policy or group, as it is deployed.
#[derive(Clone, Debug)]
pub struct PolicyResource {
    /// Kubewarden's id: `clusterwide-NAME`, `namespaced-NAMESPACE-NAME`, with `group-` before the rest for groups; in
    /// `policies.yml` the key.
    pub id: String,
    /// Whether the policy decides, or is only observed.
    pub mode: Mode,
    /// Whether the audit scanner may ask it.
    pub background_audit: bool,
    /// Which requests it is asked about.
    pub matching: Matching,
    /// What is asked.
    pub body: Body,
}

/// The policy or the group of a [`PolicyResource`].
#[derive(Clone, Debug)]
pub enum Body {
    /// One policy.
    Policy {
        /// The policy.
        policy: PolicySpec,
        /// Whether its mutations are passed on.
        allowed_to_mutate: bool,
        /// The message for users in place of its own message.
        message: Option<String>,
    },
    /// Several under an expression.
    Group {
        /// The members by name, sorted.
        members: Vec<(String, PolicySpec)>,
        /// The expression; it was checked.
        expression: String,
        /// The message for users when the group rejects their request.
        message: String,
    },
}

impl Body {
    /// The policy, or the members of the group.
    pub fn policies(&self) -> Vec<&PolicySpec> {
        match self {
            Self::Policy { policy, .. } => vec![policy],
            Self::Group { members, .. } => members.iter().map(|(_, policy)| policy).collect(),
        }
    }

    /// As [`policies`](Self::policies), to change them.
    pub fn policies_mut(&mut self) -> Vec<&mut PolicySpec> {
        match self {
            Self::Policy { policy, .. } => vec![policy],
            Self::Group { members, .. } => members.iter_mut().map(|(_, policy)| policy).collect(),
        }
    }
}

/// A module with its settings and grants.
#[derive(Clone, Debug)]
pub struct PolicySpec {
    /// The module as the file has it.
    pub uri: String,
    /// The file that this is, or the folder of a policy crate. It exists.
    pub path: PathBuf,
    /// Settings.
    pub settings: Map<String, Value>,
    /// Kinds that it may read.
    pub context_aware_resources: ContextAware,
    /// Operations that it may call.
    pub host_capabilities: HostCapabilities,
    /// Wall-clock limit of one operation (`timeoutEvalSeconds`).
    pub timeout: Option<Duration>,
}

/// Reads a file with policies.
///
/// # Errors
///
/// The first thing that is wrong, with line and field: fields and kinds that Kubewarden does not have, patterns and
/// expressions that are not valid, modules that are not there or that the file may not name.
pub fn read(path: &Path, options: &ResourceOptions) -> Result<Vec<PolicyResource>, InputError> {
    let name = path.display().to_string();
    let documents = Document::open_all(path)?;
    let suite = options.suite.clone().unwrap_or_else(|| Suite::of_file(path));
    let files = module::Files { folder: path.parent().unwrap_or(Path::new("")), suite, options };
    let mut resources = Vec::new();
    for document in &documents {
        let root = document.root();
        let object = root.object()?;
        if object.contains_key("apiVersion") || object.contains_key("kind") {
            custom_resources(&root, &files, &mut resources)?;
        } else if documents.len() > 1 {
            return Err(root.error("has neither apiVersion nor kind; a `policies.yml` is one document"));
        } else {
            resources = server::read(&root, &files)?;
        }
    }
    if resources.is_empty() {
        return Err(InputError::whole(name, "holds no policies"));
    }
    Ok(resources)
}

/// A custom resource, or all that are in a list.
fn custom_resources(
    root: &Cursor<'_>,
    files: &module::Files<'_>,
    resources: &mut Vec<PolicyResource>,
) -> Result<(), InputError> {
    let object = root.object()?;
    let is_list = object.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"));
    let Some(items) = root.given("items")?.filter(|_| is_list) else {
        resources.push(custom_resource::read(root, files)?);
        return Ok(());
    };
    if items.value().is_null() {
        return Ok(());
    }
    items.list()?.iter().try_for_each(|item| custom_resources(item, files, resources))
}
