//! The fields of a custom resource that say which requests its policy is asked about.

use super::{
    Matching,
    condition::Condition,
    namespace::{KUBEWARDEN, Namespaces},
    rule::{Scope, ScopedRule},
    selector::{Requirement, Selector, Wanted},
};
use crate::{
    input::{Cursor, InputError},
    metadata::Rule,
};

/// Who deployed a policy.
#[derive(Clone, Debug)]
pub(crate) enum Owner {
    /// A resource that is in no namespace.
    ClusterWide,
    /// A resource in this namespace.
    Namespace(String),
}

const WEBHOOK: &str = "a policy says which requests it gets";

/// As many as an API server takes.
const MAX_CONDITIONS: usize = 64;

/// Reads the fields of `spec`.
pub(crate) fn matching(spec: &Cursor<'_>, owner: &Owner) -> Result<Matching, InputError> {
    let rules = spec.given("rules")?.map(|rules| self::rules(&rules, owner)).transpose()?;
    let mut notes = Vec::new();
    if rules.as_ref().is_none_or(Vec::is_empty) {
        notes.push(
            "it has no rules, with which Kubewarden does not take it; here it is asked about everything".to_owned(),
        );
    }
    Ok(Matching {
        rules,
        exact: word(spec, "matchPolicy", &[("Equivalent", false), ("Exact", true)])?.unwrap_or(false),
        namespaces: namespaces(spec, owner, &mut notes)?,
        objects: selector(spec, "objectSelector")?,
        conditions: conditions(spec)?,
        ignores_failures: word(spec, "failurePolicy", &[("Fail", false), ("Ignore", true)])?.unwrap_or(false),
        notes,
    })
}

/// What a key's word means.
fn word<T: Copy>(spec: &Cursor<'_>, key: &'static str, words: &[(&str, T)]) -> Result<Option<T>, InputError> {
    let Some(given) = spec.optional(key)? else { return Ok(None) };
    let text = given.string()?;
    match words.iter().find(|(word, _)| *word == text) {
        Some((_, meaning)) => Ok(Some(*meaning)),
        None => {
            let known: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            Err(given.error(format!("`{text}` is not one of {}", known.join(" and "))))
        }
    }
}

fn rules(rules: &Cursor<'_>, owner: &Owner) -> Result<Vec<ScopedRule>, InputError> {
    rules.list_or_nothing()?.iter().map(|rule| self::rule(rule, owner)).collect()
}

fn rule(given: &Cursor<'_>, owner: &Owner) -> Result<ScopedRule, InputError> {
    given.only_keys(&["apiGroups", "apiVersions", "resources", "operations", "scope"])?;
    let strings = |key| given.optional(key)?.map(|list| list.strings()).transpose();
    let (api_groups, api_versions, resources) = (strings("apiGroups")?, strings("apiVersions")?, strings("resources")?);
    let rule = Rule {
        api_groups: api_groups.unwrap_or_default(),
        api_versions: api_versions.unwrap_or_default(),
        resources: resources.unwrap_or_default(),
        operations: given.required_list("operations", WEBHOOK)?.strings_or_nothing()?,
    };
    if let Some(problem) = rule.problems().into_iter().next() {
        let at = match (given.optional(problem.field)?, problem.index) {
            (Some(list), Some(index)) => list.list()?.into_iter().nth(index),
            (list, _) => list,
        };
        return Err(match at {
            Some(at) => at.error(problem.message),
            None => given.error_at(problem.field, problem.message),
        });
    }
    let scopes = [("*", Scope::Any), ("Namespaced", Scope::Namespaced), ("Cluster", Scope::Cluster)];
    let scope = word(given, "scope", &scopes)?.unwrap_or_default();
    // Kubewarden's controller writes it over whatever a policy in a namespace says.
    Ok(ScopedRule::new(rule, if let Owner::Namespace(_) = owner { Scope::Namespaced } else { scope }))
}

fn namespaces(spec: &Cursor<'_>, owner: &Owner, notes: &mut Vec<String>) -> Result<Namespaces, InputError> {
    const INSIDE: &str = "allowInsideAdmissionControllerNamespace";
    const OF_CLUSTER: &str =
        "is a field of cluster-wide policies; a policy in a namespace is asked about that namespace";
    if let Owner::Namespace(own) = owner {
        for key in ["namespaceSelector", INSIDE] {
            if let Some(given) = spec.optional(key)? {
                return Err(given.error(OF_CLUSTER));
            }
        }
        return Ok(Namespaces { own: Some(own.clone()), ..Namespaces::default() });
    }
    let inside = spec.optional(INSIDE)?.map(|inside| inside.boolean()).transpose()?.unwrap_or(false);
    let labels = match spec.optional("namespaceSelector")? {
        Some(selector) => {
            selector.optional("matchLabels")?.is_some_and(|labels| labels.value() != &serde_json::json!({}))
        }
        None => false,
    };
    if labels && !inside {
        notes.push(format!(
            "its namespaceSelector has `matchLabels`, which the controller of Kubewarden 1.36 drops when it leaves out the \
             namespace `{KUBEWARDEN}`: the cluster asks it about every namespace; write `matchExpressions`"
        ));
    }
    Ok(Namespaces { own: None, not_kubewarden: !inside, selector: selector(spec, "namespaceSelector")? })
}

fn selector(spec: &Cursor<'_>, key: &'static str) -> Result<Selector, InputError> {
    let Some(given) = spec.optional(key)? else { return Ok(Selector::default()) };
    given.only_keys(&["matchLabels", "matchExpressions"])?;
    let mut wanted = Vec::new();
    for (key, value) in given.optional("matchLabels")?.map(|labels| labels.entries()).transpose()?.unwrap_or_default() {
        let value = value.string()?.to_owned();
        wanted.push(Requirement { key: key.to_owned(), wanted: Wanted::In(vec![value]) });
    }
    let expressions = given.optional("matchExpressions")?.map(|list| list.list()).transpose()?;
    for expression in expressions.unwrap_or_default() {
        wanted.push(requirement(&expression)?);
    }
    Ok(Selector(wanted))
}

fn requirement(expression: &Cursor<'_>) -> Result<Requirement, InputError> {
    expression.only_keys(&["key", "operator", "values"])?;
    let key = expression.required("key", "it is the label that is wanted")?.string()?.to_owned();
    let operator = expression.required("operator", "use In, NotIn, Exists or DoesNotExist")?;
    let values = expression.optional("values")?.map(|values| values.strings()).transpose()?.unwrap_or_default();
    let wanted = match (operator.string()?, values.is_empty()) {
        ("In", false) => Wanted::In(values),
        ("NotIn", false) => Wanted::NotIn(values),
        ("Exists", true) => Wanted::Exists,
        ("DoesNotExist", true) => Wanted::DoesNotExist,
        ("In" | "NotIn", true) => return Err(expression.error_at("values", "must not be empty for In and NotIn")),
        ("Exists" | "DoesNotExist", false) => {
            return Err(expression.error_at("values", "does not go with Exists and DoesNotExist"));
        }
        (other, _) => {
            return Err(operator.error(format!("`{other}` is not an operator; use In, NotIn, Exists or DoesNotExist")));
        }
    };
    Ok(Requirement { key, wanted })
}

fn conditions(spec: &Cursor<'_>) -> Result<Vec<Condition>, InputError> {
    let Some(list) = spec.optional("matchConditions")? else { return Ok(Vec::new()) };
    let given = list.list()?;
    if given.len() > MAX_CONDITIONS {
        return Err(list.error(format!("has {} conditions; there can be {MAX_CONDITIONS} at most", given.len())));
    }
    let mut conditions: Vec<Condition> = Vec::new();
    for condition in &given {
        condition.only_keys(&["name", "expression"])?;
        let name = condition.required("name", "it shows in messages")?;
        if name.string()?.is_empty() || conditions.iter().any(|other| other.name() == name.string().unwrap_or_default())
        {
            return Err(name.error("must not be empty, and no two conditions have the same"));
        }
        let expression =
            condition.required("expression", "it is true for the requests that the policy is asked about")?;
        let compiled = Condition::new(name.string()?, expression.string()?);
        conditions.push(compiled.map_err(|error| expression.error(format!("is not a condition: {error}")))?);
    }
    Ok(conditions)
}
