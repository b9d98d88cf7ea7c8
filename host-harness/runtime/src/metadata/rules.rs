//! What Kubernetes accepts as the rules of a webhook.

use super::Rule;

/// Something that is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleProblem {
    /// The field, for example `apiGroups`.
    pub field: &'static str,
    /// The entry of the field that it is about, if it is about one.
    pub index: Option<usize>,
    /// What is wrong, and what to do about it.
    pub message: String,
}

const OPERATIONS: [&str; 5] = ["CREATE", "UPDATE", "DELETE", "CONNECT", "*"];

/// Everything that is wrong with `rule`. The order of entries never matters.
pub(super) fn check(rule: &Rule) -> Vec<RuleProblem> {
    let mut found = Vec::new();
    alone("apiGroups", &rule.api_groups, "groups", &mut found);
    alone("apiVersions", &rule.api_versions, "versions", &mut found);
    not_empty("apiVersions", &rule.api_versions, "v1", &mut found);
    resources(&rule.resources, &mut found);
    alone("operations", &rule.operations, "operations", &mut found);
    for (index, operation) in rule.operations.iter().enumerate() {
        if !OPERATIONS.contains(&operation.as_str()) {
            let upper = operation.to_ascii_uppercase();
            let hint = match OPERATIONS.contains(&upper.as_str()) {
                true => format!("write `{upper}`"),
                false => "use CREATE, UPDATE, DELETE, CONNECT or `*`".to_owned(),
            };
            entry("operations", index, format!("`{operation}` is not an operation; {hint}"), &mut found);
        }
    }
    found
}

fn entry(field: &'static str, index: usize, message: String, found: &mut Vec<RuleProblem>) {
    found.push(RuleProblem { field, index: Some(index), message });
}

fn missing(field: &'static str, entries: &[String], example: &str, found: &mut Vec<RuleProblem>) -> bool {
    if entries.is_empty() {
        let message =
            format!("must not be empty: the rule would match nothing; name some, for example `{example}`, or `*`");
        found.push(RuleProblem { field, index: None, message });
    }
    entries.is_empty()
}

/// `*` means everything, so nothing can stand next to it.
fn alone(field: &'static str, entries: &[String], what: &str, found: &mut Vec<RuleProblem>) {
    let example = match field {
        "apiGroups" => "\"\"",
        "apiVersions" => "v1",
        _ => "CREATE",
    };
    if !missing(field, entries, example, found)
        && entries.len() > 1
        && let Some(index) = entries.iter().position(|entry| entry == "*")
    {
        entry(field, index, format!("`*` stands for all {what}; leave the others out, or `*`"), found);
    }
}

fn not_empty(field: &'static str, entries: &[String], example: &str, found: &mut Vec<RuleProblem>) {
    for (index, _) in entries.iter().enumerate().filter(|(_, entry)| entry.is_empty()) {
        entry(field, index, format!("must not be the empty text; write for example `{example}`"), found);
    }
}

fn resources(entries: &[String], found: &mut Vec<RuleProblem>) {
    const FIELD: &str = "resources";
    if missing(FIELD, entries, "pods", found) {
        return;
    }
    not_empty(FIELD, entries, "pods", found);
    for (index, wide) in entries.iter().enumerate() {
        let others = || entries.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, entry)| entry);
        let clash = match wide.split_once('/') {
            None if wide == "*" => others()
                .find(|other| !other.contains('/'))
                .map(|other| format!("`*` stands for all resources (without subresources), so `{other}` says nothing")),
            Some(("*", "*")) => others()
                .next()
                .map(|other| format!("`*/*` stands for all resources and subresources, so `{other}` says nothing")),
            Some((resource, "*")) => others()
                .find(|other| other.split_once('/').is_some_and(|(r, _)| r == resource))
                .map(|other| format!("`{wide}` stands for all subresources of {resource}, so `{other}` says nothing")),
            Some(("*", sub)) => {
                others().find(|other| other.split_once('/').is_some_and(|(_, s)| s == sub)).map(|other| {
                    format!("`{wide}` stands for the subresource {sub} of everything, so `{other}` says nothing")
                })
            }
            _ => None,
        };
        if let Some(clash) = clash {
            entry(FIELD, index, format!("{clash}; leave one of them out"), found);
        }
    }
}
