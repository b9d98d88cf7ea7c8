//! A policy as a resource of a cluster.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use super::yaml::yaml;
use super::{Scaffold, ScaffoldError};
use crate::metadata::{ContextAwareResource, Metadata, PolicyType, Rule, key};

/// The kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ManifestKind {
    /// For the whole cluster.
    ClusterAdmissionPolicy,
    /// For one namespace.
    AdmissionPolicy,
}

/// What a manifest says besides what the policy declares.
#[derive(Clone, Debug)]
pub struct ManifestOptions {
    /// The kind of resource.
    pub kind: ManifestKind,
    /// Where policy-server gets the module, as a URL.
    pub module: String,
    /// Settings.
    pub settings: Map<String, Value>,
    /// Name of the resource; the policy's title when absent.
    pub title: Option<String>,
    /// Whether a `ClusterAdmissionPolicy` grants the reads that the policy declares. An `AdmissionPolicy` never does.
    pub allow_context_aware: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a> {
    api_version: &'static str,
    kind: ManifestKind,
    metadata: Meta<'a>,
    spec: Spec<'a>,
}

#[derive(Serialize)]
struct Meta<'a> {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<&'static str, &'a str>,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    module: &'a str,
    settings: &'a Map<String, Value>,
    rules: &'a [Rule],
    mutating: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    background_audit: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_aware_resources: Option<&'a BTreeSet<ContextAwareResource>>,
}

/// The manifest of a policy.
///
/// # Errors
///
/// [`ScaffoldError`], when the metadata is not valid or the title cannot be the name of a resource.
pub fn manifest(metadata: &Metadata, options: &ManifestOptions) -> Result<Scaffold, ScaffoldError> {
    let problems = metadata.problems();
    if !problems.is_empty() {
        return Err(ScaffoldError::Invalid(problems));
    }
    let name = options.title.as_deref().or_else(|| metadata.annotation(key::TITLE)).ok_or(ScaffoldError::NoTitle)?;
    if !is_name(name) {
        return Err(ScaffoldError::Title(name.to_owned()));
    }
    let about = [key::SEVERITY, key::CATEGORY];
    let annotations = about.into_iter().filter_map(|key| Some((key, metadata.annotation(key)?))).collect();
    let reads = &metadata.context_aware_resources;
    let cluster = options.kind == ManifestKind::ClusterAdmissionPolicy;
    let granted = cluster && options.allow_context_aware && !reads.is_empty();
    let manifest = Manifest {
        api_version: "policies.kubewarden.io/v1",
        kind: options.kind,
        metadata: Meta { annotations, name },
        spec: Spec {
            module: &options.module,
            settings: &options.settings,
            rules: &metadata.rules,
            mutating: metadata.mutating,
            background_audit: (!metadata.background_audit).then_some(false),
            context_aware_resources: granted.then_some(reads),
        },
    };
    Ok(Scaffold { yaml: yaml(&manifest)?, notes: notes(metadata, cluster, granted) })
}

fn notes(metadata: &Metadata, cluster: bool, granted: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let kinds = metadata.context_aware_resources.iter().map(|read| format!("{}/{}", read.api_version, read.kind));
    let kinds = kinds.collect::<Vec<_>>().join(", ");
    if granted {
        notes.push(format!(
            "the policy is granted to read {kinds}; look at `contextAwareResources` before you apply it"
        ));
    } else if !kinds.is_empty() && cluster {
        notes.push(format!(
            "the policy reads {kinds} and is not granted it: `contextAwareResources` was left out; `--allow-context-aware` \
             writes it"
        ));
    } else if !kinds.is_empty() {
        notes.push(format!(
            "the policy reads {kinds}, which an AdmissionPolicy cannot be granted; use a ClusterAdmissionPolicy"
        ));
    }
    if metadata.policy_type == PolicyType::Raw {
        notes.push(
            "the policy is a raw one: an API server never asks it, whatever `rules` says; programs that send raw documents ask its \
             PolicyServer, at `/validate_raw`"
                .to_owned(),
        );
    } else if metadata.rules.is_empty() {
        notes.push(
            "the policy declares no rules, so an API server never asks it; write `rules` into the manifest".to_owned(),
        );
    }
    // The resources have no field for it: the controller grants everything to cluster-wide policies, and asks the policy
    // server about the others.
    if let Some(used) = metadata.host_capabilities.as_ref().filter(|used| !used.is_empty() && !cluster) {
        let used: Vec<&str> = used.iter().map(String::as_str).collect();
        notes.push(format!(
            "the policy calls {}; `namespacedPoliciesCapabilities` of its PolicyServer has to allow that",
            used.join(", ")
        ));
    }
    notes
}

/// Whether Kubernetes takes `text` as the name of a resource (a DNS subdomain, RFC 1123).
fn is_name(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

/// Whether `text` is a DNS label (RFC 1123).
pub(super) fn is_label(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.len() <= 63 && text.chars().all(inner) && !text.starts_with('-') && !text.ends_with('-')
}
