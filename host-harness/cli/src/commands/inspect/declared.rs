//! What a policy declares about itself, for people.

use std::collections::BTreeSet;

use admit_host::{
    annotation::UsedAndDeclared,
    inspect::Inspection,
    internal::yaml,
    metadata::{ExecutionMode, Metadata, PolicyType, ProtocolVersion, key},
};

use crate::output::{Text, first, line, table, text};

pub(super) const NOT_ANNOTATED: &str = "not annotated: the module carries no Kubewarden metadata, and policy-server loads annotated \
                                        policies only; `cargo admit annotate` writes some";

/// Which of the two hosts a Rego policy is for; only its metadata knows.
pub(super) fn rego_mode(inspection: &Inspection) -> &'static str {
    match inspection.metadata.as_ref().ok().and_then(Option::as_ref).map(|metadata| metadata.execution_mode) {
        Some(ExecutionMode::Opa) => "for Open Policy Agent, as its metadata says",
        Some(ExecutionMode::Gatekeeper) => "for Gatekeeper, as its metadata says",
        _ => "for Open Policy Agent or Gatekeeper: its metadata does not say which",
    }
}

/// Annotations that are shown by another name.
const DETAILS: [(&str, &str); 8] = [
    ("title", key::TITLE),
    ("version", key::VERSION),
    ("description", key::DESCRIPTION),
    ("author", key::AUTHOR),
    ("url", key::URL),
    ("source", key::SOURCE),
    ("license", key::LICENSE),
    ("published at", key::OCI_URL),
];

/// Most lines of a text of the metadata.
const MAX_LINES: usize = 10_000;

/// What is made of the usage, which often is the README of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Usage {
    Shown,
    Counted,
}

pub(super) fn text(inspection: &Inspection, shown: Usage) -> Text {
    let metadata = match &inspection.metadata {
        Ok(Some(metadata)) => metadata,
        Ok(None) => return text!("{}{}", block("metadata", [NOT_ANNOTATED]), capabilities(inspection, None)),
        Err(error) => {
            return text!("{}{}", block("metadata", error.to_string().lines()), capabilities(inspection, None));
        }
    };
    let mut declared = section("details", &details(metadata));
    let known = |key: &str| key == key::USAGE || DETAILS.iter().any(|(_, detail)| *detail == key);
    let rest: Vec<_> = metadata.annotations.iter().flatten().filter(|(key, _)| !known(key)).collect();
    if !rest.is_empty() {
        declared.push(&section("annotations", &rest));
    }
    let rules = if metadata.rules.is_empty() { Ok("(none)".to_owned()) } else { yaml(&metadata.rules) };
    declared.push(&block("rules", rules.unwrap_or_else(|error| error.to_string()).lines()));
    let reads = &metadata.context_aware_resources;
    if !reads.is_empty() {
        let title = match inspection.is_rego() {
            true => "context aware (read by the host, and put into the policy's data)",
            false => "context aware",
        };
        declared.push(&block(title, reads.iter().map(|read| format!("{} {}", read.api_version, read.kind))));
    }
    declared.push(&capabilities(inspection, Some(metadata)));
    if let Some(usage) = metadata.annotation(key::USAGE) {
        let lines = usage.trim().lines();
        declared.push(&match shown {
            Usage::Shown => block("usage", lines),
            Usage::Counted => block("usage", [format!("{} lines; `--usage` shows them", lines.count())]),
        });
    }
    declared
}

fn details(metadata: &Metadata) -> Vec<(&'static str, String)> {
    let yes = |value: bool| if value { "yes" } else { "no" }.to_owned();
    let mut rows: Vec<_> =
        DETAILS.iter().filter_map(|(name, key)| Some((*name, metadata.annotation(key)?.to_owned()))).collect();
    rows.push(("mutating", yes(metadata.mutating)));
    rows.push(("background audit", yes(metadata.background_audit)));
    rows.push(("context aware", yes(!metadata.context_aware_resources.is_empty())));
    let policy_type = match metadata.policy_type {
        PolicyType::Kubernetes => "kubernetes",
        PolicyType::Raw => "raw",
    };
    rows.push(("policy type", policy_type.to_owned()));
    rows.push(("execution mode", metadata.execution_mode.name().to_owned()));
    if metadata.execution_mode == ExecutionMode::KubewardenWapc {
        let version = match metadata.protocol_version {
            Some(ProtocolVersion::V1) => "v1",
            Some(ProtocolVersion::Unknown) => "Unknown: no host loads it; annotate the module again",
            None => "missing: no host loads it; annotate the module again",
        };
        rows.push(("protocol version", version.to_owned()));
    }
    if let Some(minimum) = &metadata.minimum_kubewarden_version {
        rows.push(("minimum version", minimum.to_string()));
    }
    rows
}

/// Declared host capabilities, next to those that the module contains the names of.
fn capabilities(inspection: &Inspection, metadata: Option<&Metadata>) -> Text {
    let none = BTreeSet::new();
    let used = &inspection.capabilities;
    let declared = metadata.and_then(|metadata| metadata.host_capabilities.as_ref()).unwrap_or(&none);
    let compared = UsedAndDeclared::of(used, declared);
    let mut rows: Vec<(&str, String)> = Vec::new();
    for pattern in declared {
        let unused = compared.unused.contains(pattern);
        rows.push((pattern, if unused { "declared, not detected in the code" } else { "declared, used" }.to_owned()));
    }
    for path in used.iter().filter(|path| !declared.contains(*path)) {
        let undeclared = compared.undeclared.contains(path);
        rows.push((path, if undeclared { "used, not declared" } else { "used, declared by a pattern" }.to_owned()));
    }
    if rows.is_empty() {
        return block("host capabilities", ["(none)"]);
    }
    section("host capabilities", &rows)
}

fn section(title: &'static str, rows: &[(impl AsRef<str>, impl AsRef<str>)]) -> Text {
    let (shown, more) = first(rows);
    let rows: Vec<_> = shown
        .iter()
        .map(|(name, value)| (name.as_ref(), value.as_ref()))
        // A value of several lines goes on below its beginning; the table knows one line only.
        .flat_map(|(name, value)| {
            let mut lines = value.trim_end().lines();
            let first = vec![text!("  {}", line(name)), line(lines.next().unwrap_or_default())];
            std::iter::once(first).chain(lines.map(|more| vec![Text::default(), line(more)])).collect::<Vec<_>>()
        })
        .chain(more.map(|more| vec![more]))
        .collect();
    text!("\n{}\n{}\n", title, table(&rows, &[]))
}

fn block(title: &'static str, lines: impl IntoIterator<Item = impl AsRef<str>>) -> Text {
    let mut all = lines.into_iter();
    let mut lines: Vec<Text> =
        all.by_ref().take(MAX_LINES).map(|shown| text!("  {}", line(shown.as_ref())).trim_end()).collect();
    match all.count() {
        0 => {}
        more => lines.push(text!("  … and {} more lines", more)),
    }
    text!("\n{}\n{}\n", title, Text::join(&lines, "\n"))
}
