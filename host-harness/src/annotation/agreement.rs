//! Checks metadata as authors write it against the code of the module.

use std::collections::BTreeSet;

use super::Written;
use crate::Abi;
use crate::capabilities::HostCapabilities;
use crate::input::InputError;
use crate::inspect::Inspection;
use crate::metadata::{ExecutionMode, Metadata, PolicyType, ProtocolVersion, key};

/// The host capabilities that a policy declares, next to those that its module has the names for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UsedAndDeclared {
    /// Operations that no declared pattern covers.
    pub undeclared: BTreeSet<String>,
    /// Declared patterns that cover no operation of the module.
    pub unused: BTreeSet<String>,
    /// Whether `*` is declared, which covers everything.
    pub everything: bool,
}

impl UsedAndDeclared {
    /// Compares the two. Declared patterns that match no operation of Kubewarden are ignored.
    pub fn of(used: &BTreeSet<String>, declared: &BTreeSet<String>) -> Self {
        let parsed = |pattern: &String| HostCapabilities::parse([pattern]).ok();
        let covers = |granted: &HostCapabilities, path: &str| {
            path.split_once('/').is_some_and(|(namespace, operation)| granted.allows(namespace, operation))
        };
        let patterns: Vec<_> = declared.iter().filter_map(|pattern| Some((pattern, parsed(pattern)?))).collect();
        let undeclared = used.iter().filter(|path| !patterns.iter().any(|(_, granted)| covers(granted, path)));
        let unused = patterns.iter().filter(|(_, granted)| !used.iter().any(|path| covers(granted, path)));
        Self {
            undeclared: undeclared.cloned().collect(),
            unused: unused.map(|(pattern, _)| (*pattern).clone()).collect(),
            everything: patterns.iter().any(|(_, granted)| *granted == HostCapabilities::all()),
        }
    }

    /// The warnings of upstream's annotate, with its texts.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if !self.undeclared.is_empty() {
            let used = "host capabilities used by the policy but not declared in metadata";
            warnings.push(format!("{used}: {}", listed(&self.undeclared)));
        }
        if self.everything {
            warnings.push(
                "metadata declares all host capabilities (*); consider restricting to only the capabilities actually used by \
                 the policy"
                    .to_owned(),
            );
        } else if !self.unused.is_empty() {
            let unused = "host capabilities declared in metadata but not detected in the policy";
            warnings.push(format!("{unused}: {}", listed(&self.unused)));
        }
        warnings
    }
}

fn listed(texts: &BTreeSet<String>) -> String {
    texts.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// The reads that `contextAwareResources` is about.
const READS: [&str; 3] =
    ["kubernetes/get_resource", "kubernetes/list_resources_all", "kubernetes/list_resources_by_namespace"];

/// Everything that an author wrote about a policy and that its module, built for `abi`, contradicts.
///
/// That a module mutates, or takes raw requests, is known of those that were made with the SDK. Which host operations it
/// calls is read from the names in its data.
pub fn check(written: &Written, module: &Inspection, abi: Abi) -> Vec<InputError> {
    let mut errors = written.doubts().to_vec();
    let fields = &written.fields;
    let modes = fields.execution_mode.zip(ExecutionMode::of(abi));
    if let Some((mode, built)) = modes.filter(|(mode, built)| mode != built) {
        errors.push(written.error(
            "executionMode",
            format!(
                "says `{}`, but this module is built as `{}`; remove the line, the build fills it in",
                mode.name(),
                built.name()
            ),
        ));
    }
    capabilities(written, module, &mut errors);
    errors.extend(contradictions(written, module));
    if fields.mutating.is_none() && module.mutates.is_none() {
        errors.push(written.error(
            "mutating",
            "missing; this module was not made with the SDK, so say whether it can change what it is asked about",
        ));
    }
    errors
}

/// What was written about reads, mutation and raw requests, and the module contradicts.
pub(super) fn contradictions(written: &Written, module: &Inspection) -> Vec<InputError> {
    let mut errors = Vec::new();
    let fields = &written.fields;
    resources(written, module, &mut errors);
    match (fields.mutating, module.mutates) {
        (Some(true), Some(false)) => errors.push(
            written
                .error("mutating", "says true, but the code never calls `Verdict::mutate`; write `false`, or mutate"),
        ),
        (Some(false), Some(true)) => errors.push(written.error(
            "mutating",
            "says false, but the code can mutate: it calls `Verdict::mutate`; write `true`, or remove the call",
        )),
        _ => {}
    }
    match (fields.policy_type, module.made_with.as_ref().map(|made| made.raw)) {
        (Some(PolicyType::Raw), Some(false)) => errors.push(written.error(
            "policyType",
            "says `raw`, but the policy takes a `&Request`, an admission request; write `kubernetes`, or take a `&Raw<…>`",
        )),
        (Some(PolicyType::Kubernetes), Some(true)) => errors.push(written.error(
            "policyType",
            "says `kubernetes`, but the policy takes a `&Raw<…>`; write `raw`, or take a `&Request`",
        )),
        _ => {}
    }
    errors
}

fn capabilities(written: &Written, module: &Inspection, errors: &mut Vec<InputError>) {
    let Some(declared) = &written.fields.host_capabilities else { return };
    let UsedAndDeclared { undeclared, unused, .. } = UsedAndDeclared::of(&module.capabilities, declared);
    if !undeclared.is_empty() {
        errors.push(written.error(
            "hostCapabilities",
            format!(
                "does not list what the code uses: {}; add it, or remove the list and let the build fill it in",
                listed(&undeclared)
            ),
        ));
    }
    if !unused.is_empty() {
        errors.push(
            written
                .error("hostCapabilities", format!("lists what the code does not use: {}; remove it", listed(&unused))),
        );
    }
}

fn resources(written: &Written, module: &Inspection, errors: &mut Vec<InputError>) {
    // A Rego policy calls nothing: the host reads what is listed before it asks the policy, which finds it in its data.
    if module.is_rego() {
        return;
    }
    let reads: BTreeSet<String> =
        module.capabilities.iter().filter(|used| READS.contains(&used.as_str())).cloned().collect();
    let declared = &written.fields.context_aware_resources;
    if declared.is_empty() && !reads.is_empty() {
        errors.push(written.error(
            "contextAwareResources",
            format!(
                "missing; the code reads the cluster ({}), and Kubewarden lets a policy read only the kinds that are listed here: \
                 add for example {}",
                listed(&reads),
                example(written),
            ),
        ));
    }
    if !declared.is_empty() && reads.is_empty() {
        errors.push(written.error(
            "contextAwareResources",
            format!("lists kinds to read, but the code calls none of {}; remove the list", READS.join(", ")),
        ));
    }
}

fn example(written: &Written) -> String {
    let (list, version) = (written.name_of("contextAwareResources"), written.name_of("apiVersion"));
    if list.contains('-') {
        format!("`{list} = [{{ {version} = \"v1\", kind = \"Pod\" }}]`")
    } else {
        format!("`{list}: [{{{version}: v1, kind: Pod}}]`")
    }
}

impl Written {
    /// The metadata of `module`: fields that the author did not write are taken from it. [`check`] must have found no
    /// errors.
    pub(crate) fn completed(
        &self,
        module: &Inspection,
        mode: ExecutionMode,
        protocol_version: ProtocolVersion,
    ) -> Metadata {
        let mut metadata = self.to_metadata(protocol_version, mode);
        let annotations = metadata.annotations.get_or_insert_default();
        annotations.insert(key::WRITTEN_BY.to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        metadata.mutating = self.fields.mutating.or(module.mutates).unwrap_or(false);
        if self.fields.policy_type.is_none() && module.made_with.as_ref().is_some_and(|made| made.raw) {
            metadata.policy_type = PolicyType::Raw;
        }
        if self.fields.host_capabilities.is_none() && !module.capabilities.is_empty() {
            metadata.host_capabilities = Some(module.capabilities.clone());
        }
        metadata
    }
}
