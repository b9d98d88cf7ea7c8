//! Rules: which resources, by which operations.

use crate::{
    metadata::Rule,
    request::{AdmissionRequest, GroupVersionResource},
};

/// A rule with its scope.
#[derive(Clone, Debug)]
pub(super) struct ScopedRule {
    rule: Rule,
    scope: Scope,
}

/// Where the objects of a rule live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Scope {
    /// `*`
    #[default]
    Any,
    /// `Namespaced`
    Namespaced,
    /// `Cluster`
    Cluster,
}

/// Whether rules name what a request is about.
pub(super) enum Fit {
    Matches,
    /// They do not, and why.
    Differs(String),
    /// They do in another version of the object.
    OtherVersion(String),
}

/// What a request is about.
pub(super) struct Target<'r> {
    resource: &'r GroupVersionResource,
    sub_resource: &'r str,
    /// Empty for what lives in none. That of a Namespace is itself.
    namespace: &'r str,
    operation: &'r str,
}

impl<'r> Target<'r> {
    /// Of `request`, for which an API server looks at `resource`.
    pub(super) fn new(request: &'r AdmissionRequest, resource: &'r GroupVersionResource) -> Self {
        let sub_resource = request.request_sub_resource.as_ref().or(request.sub_resource.as_ref());
        Self {
            resource,
            sub_resource: sub_resource.map(String::as_str).unwrap_or_default(),
            namespace: request.namespace.as_deref().unwrap_or_default(),
            operation: &request.operation,
        }
    }

    /// The version of the resource with its group, as objects have it.
    pub(super) fn api_version(&self) -> String {
        match self.resource.group.as_str() {
            "" => self.resource.version.clone(),
            group => format!("{group}/{}", self.resource.version),
        }
    }

    /// The resource, for people: `apps/deployments/scale`.
    pub(super) fn resource(&self) -> String {
        let parts = [self.resource.group.as_str(), self.resource.resource.as_str(), self.sub_resource];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
    }

    fn is_namespace(&self) -> bool {
        self.resource.group.is_empty() && self.resource.version == "v1" && self.resource.resource == "namespaces"
    }
}

impl ScopedRule {
    pub(super) fn new(rule: Rule, scope: Scope) -> Self {
        Self { rule, scope }
    }

    pub(super) fn any_scope(rule: Rule) -> Self {
        Self::new(rule, Scope::Any)
    }

    pub(super) fn operations(&self) -> &[String] {
        &self.rule.operations
    }

    /// Whether it names the resource in this version, and the operation.
    pub(super) fn matches(&self, target: &Target<'_>) -> bool {
        self.operation(target)
            && self.in_scope(target)
            && self.names(target)
            && wild(&self.rule.api_versions, &target.resource.version)
    }

    /// The `apiVersion` in which it names the resource, when it is not that of the request.
    pub(super) fn matches_other_version(&self, target: &Target<'_>) -> Option<String> {
        if !self.operation(target) || !self.in_scope(target) {
            return None;
        }
        let group = self.equivalent_group(target)?;
        let version = self.rule.api_versions.first()?;
        Some(if group.is_empty() { version.clone() } else { format!("{group}/{version}") })
    }

    /// Whether the audit scanner lists this resource because of it.
    pub(super) fn lists(&self, target: &Target<'_>) -> bool {
        let Rule { api_groups, api_versions, resources, operations } = &self.rule;
        let wildcards = [api_groups, api_versions, resources].iter().any(|list| list.iter().any(|entry| entry == "*"));
        !wildcards && operations.iter().any(|operation| operation == "CREATE") && self.in_scope(target) && {
            let resource = target.resource;
            api_groups.contains(&resource.group)
                && api_versions.contains(&resource.version)
                && resources.contains(&resource.resource)
        }
    }

    fn operation(&self, target: &Target<'_>) -> bool {
        wild(&self.rule.operations, target.operation)
    }

    fn in_scope(&self, target: &Target<'_>) -> bool {
        // A Namespace is in itself, and cluster-wide.
        let cluster_wide = target.is_namespace() || target.namespace.is_empty();
        match self.scope {
            Scope::Any => true,
            Scope::Namespaced => !cluster_wide,
            Scope::Cluster => cluster_wide,
        }
    }

    /// Whether it names the resource, in whichever version.
    fn names(&self, target: &Target<'_>) -> bool {
        wild(&self.rule.api_groups, &target.resource.group) && self.names_resource(&target.resource.resource, target)
    }

    fn names_resource(&self, resource: &str, target: &Target<'_>) -> bool {
        self.rule.resources.iter().any(|entry| {
            let (named, sub) = entry.split_once('/').unwrap_or((entry, ""));
            (named == "*" || named == resource) && (sub == "*" || sub == target.sub_resource)
        })
    }

    /// The group in which it names the resource, or one that is stored as the same: Events are in two groups.
    fn equivalent_group<'t>(&self, target: &Target<'t>) -> Option<&'t str> {
        let GroupVersionResource { group, resource, .. } = target.resource;
        let other = match (group.as_str(), resource.as_str()) {
            ("", "events") => Some("events.k8s.io"),
            ("events.k8s.io", "events") => Some(""),
            _ => None,
        };
        let named = |group: &&str| wild(&self.rule.api_groups, group) && self.names_resource(resource, target);
        [Some(group.as_str()), other].into_iter().flatten().find(named)
    }
}

/// Why none of `rules` matches, by what is nearest.
pub(super) fn why(rules: &[ScopedRule], target: &Target<'_>) -> String {
    let resource = target.resource();
    let named: Vec<&ScopedRule> = rules.iter().filter(|rule| rule.names(target)).collect();
    if named.is_empty() {
        let of_resource = rules.iter().any(|rule| {
            let whole = Target { sub_resource: "", ..*target };
            !target.sub_resource.is_empty() && rule.names(&whole)
        });
        return match of_resource {
            true => format!(
                "none of its rules names the subresource {resource}; rules that name a resource do not name what is below it"
            ),
            false => format!("none of its rules names {resource}"),
        };
    }
    if !named.iter().any(|rule| rule.operation(target)) {
        return format!("none of its rules names {} of {resource}", target.operation);
    }
    match target.namespace.is_empty() || target.is_namespace() {
        true => format!("its rules are about objects in namespaces, and {resource} are in none"),
        false => format!("its rules are about objects that are in no namespace, and this is in `{}`", target.namespace),
    }
}

/// Whether a list has this entry, or `*`.
fn wild(list: &[String], entry: &str) -> bool {
    list.iter().any(|item| item == "*" || item == entry)
}
