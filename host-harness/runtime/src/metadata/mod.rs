//! What a Kubewarden policy declares about itself, as modules carry it.

mod grants;
pub mod key;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::abi::Abi;

pub use rules::RuleProblem;

/// Name of the custom section that holds the metadata. Of several the first one counts, as it does for Kubewarden.
pub const SECTION: &str = "io.kubewarden.metadata";

/// What a policy declares: the JSON in its custom section [`SECTION`], and the content of a `metadata.yml`.
///
/// The names are Kubewarden's, and so is the order in which they are written. Unknown fields are ignored in a module:
/// policies of all ages carry some.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// `None` is what a `metadata.yml` has; a module that was annotated has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol_version: Option<ProtocolVersion>,
    /// The requests that the policy is meant for.
    pub rules: Vec<Rule>,
    /// Title, author and the like, by key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<BTreeMap<String, String>>,
    /// Whether the policy is mutating.
    pub mutating: bool,
    /// Whether the audit scanner may ask it about what is in the cluster already.
    #[serde(default = "yes")]
    pub background_audit: bool,
    /// The execution mode, which is Kubewarden's name for the ABI.
    #[serde(default)]
    pub execution_mode: ExecutionMode,
    /// The type of its requests.
    #[serde(default)]
    pub policy_type: PolicyType,
    /// The Kubernetes resources that it reads.
    #[serde(default)]
    pub context_aware_resources: BTreeSet<ContextAwareResource>,
    /// The host capabilities that it uses; for information, no host enforces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_capabilities: Option<BTreeSet<String>>,
    /// The oldest Kubewarden that can run it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_kubewarden_version: Option<semver::Version>,
}

/// What Kubewarden assumes of a module that carries no metadata.
impl Default for Metadata {
    fn default() -> Self {
        Self {
            protocol_version: None,
            rules: Vec::new(),
            annotations: None,
            mutating: false,
            background_audit: true,
            execution_mode: ExecutionMode::default(),
            policy_type: PolicyType::default(),
            context_aware_resources: BTreeSet::new(),
            host_capabilities: None,
            minimum_kubewarden_version: None,
        }
    }
}

fn yes() -> bool {
    true
}

/// The protocol between policy and host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProtocolVersion {
    /// The only one there is.
    #[serde(rename = "v1")]
    V1,
    /// The version is not known.
    Unknown,
}

/// A rule: requests that the policy is meant for, as in the configuration of a webhook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are those of a Kubernetes webhook's rule")]
pub struct Rule {
    pub api_groups: Vec<String>,
    pub api_versions: Vec<String>,
    pub resources: Vec<String>,
    pub operations: Vec<String>,
}

/// How a policy is run, in Kubewarden's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExecutionMode {
    /// waPC.
    #[default]
    #[serde(rename = "kubewarden-wapc")]
    KubewardenWapc,
    /// Open Policy Agent.
    #[serde(rename = "opa")]
    Opa,
    /// Gatekeeper.
    #[serde(rename = "gatekeeper")]
    Gatekeeper,
    /// A WASI program.
    #[serde(rename = "wasi")]
    Wasi,
}

impl ExecutionMode {
    /// Every mode.
    pub const ALL: [Self; 4] = [Self::KubewardenWapc, Self::Opa, Self::Gatekeeper, Self::Wasi];

    /// The name in metadata.
    pub fn name(self) -> &'static str {
        match self {
            Self::KubewardenWapc => "kubewarden-wapc",
            Self::Opa => "opa",
            Self::Gatekeeper => "gatekeeper",
            Self::Wasi => "wasi",
        }
    }

    /// The mode of the policies of an ABI; none for one that Kubewarden does not have.
    pub fn of(abi: Abi) -> Option<Self> {
        match abi {
            Abi::Wapc => Some(Self::KubewardenWapc),
            Abi::Wasi => Some(Self::Wasi),
            Abi::Extism => None,
        }
    }
}

/// The type of a policy's requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PolicyType {
    /// Admission requests.
    #[default]
    Kubernetes,
    /// Any JSON.
    Raw,
}

/// A kind of Kubernetes resource that a policy reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContextAwareResource {
    /// For example `apps/v1`.
    pub api_version: String,
    /// For example `Deployment`.
    pub kind: String,
}

impl Rule {
    /// Everything for which Kubernetes would refuse this as the rule of a webhook. The order of entries never matters.
    pub fn problems(&self) -> Vec<RuleProblem> {
        rules::check(self)
    }
}

impl Metadata {
    /// An annotation.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations.as_ref()?.get(key).map(String::as_str)
    }

    /// Everything for which Kubewarden would refuse to annotate a module with this: each a field's path and what is wrong.
    pub fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        for (number, rule) in self.rules.iter().enumerate() {
            problems.extend(rule.problems().into_iter().map(|problem| {
                let index = problem.index.map(|index| format!("[{index}]")).unwrap_or_default();
                (format!("rules[{number}].{}{index}", problem.field), problem.message)
            }));
        }
        for (number, resource) in self.context_aware_resources.iter().enumerate() {
            for (field, text) in [("apiVersion", &resource.api_version), ("kind", &resource.kind)] {
                if text.is_empty() {
                    problems.push((format!("contextAwareResources[{number}].{field}"), "must not be empty".to_owned()));
                }
            }
        }
        let wapc = self.execution_mode == ExecutionMode::KubewardenWapc;
        match self.protocol_version {
            None => problems.push(("protocolVersion".to_owned(), "missing; annotate the module again".to_owned())),
            Some(ProtocolVersion::Unknown) if wapc => {
                let message = "must be `v1` for a waPC policy; annotate the module again".to_owned();
                problems.push(("protocolVersion".to_owned(), message));
            }
            Some(_) => {}
        }
        problems
    }

    /// Reads the content of a module's section.
    ///
    /// # Errors
    ///
    /// Upstream's text when it is not the JSON that it should be.
    pub(crate) fn from_section(content: &[u8]) -> Result<Self, MetadataError> {
        serde_json::from_slice(content).map_err(|error| MetadataError(error.to_string()))
    }
}

/// A module carries metadata that no host can read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot deserialize custom section `{SECTION}` of wasm module: {0}; annotate the module again")]
pub struct MetadataError(String);
