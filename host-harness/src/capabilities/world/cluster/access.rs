//! Rights of users, for `can_i`.

use serde_json::{Value, json};

use super::Cluster;
use crate::capabilities::world::short;
use crate::capabilities::{CallError, SubjectAccessReview};
use crate::input::{Cursor, InputError};

/// The group to which RBAC allows everything.
const SUPERUSERS: &str = "system:masters";

/// A rule that allows actions on resources to users. `None` stands for all.
pub(super) struct Rule {
    users: Option<Vec<String>>,
    groups: Option<Vec<String>>,
    verbs: Option<Vec<String>>,
    api_groups: Option<Vec<String>>,
    resources: Option<Vec<String>>,
    namespaces: Option<Vec<String>>,
    names: Option<Vec<String>>,
    deny: bool,
    reason: Option<String>,
}

/// The list `access`.
pub(super) fn read(rules: &Cursor<'_>) -> Result<Vec<Rule>, InputError> {
    rules.list_or_nothing()?.iter().map(rule).collect()
}

fn rule(rule: &Cursor<'_>) -> Result<Rule, InputError> {
    rule.only_keys(&["users", "groups", "verbs", "api_groups", "resources", "namespaces", "names", "deny", "reason"])?;
    let list = |key: &'static str| {
        let Some(list) = rule.optional(key)? else { return Ok(None) };
        match list.strings()? {
            words if words.is_empty() => {
                Err(list.error("is empty, so that the rule would never apply; leave it out if it is to stand for all"))
            }
            words => Ok(Some(words)),
        }
    };
    Ok(Rule {
        users: list("users")?,
        groups: list("groups")?,
        verbs: list("verbs")?,
        api_groups: list("api_groups")?,
        resources: list("resources")?,
        namespaces: list("namespaces")?,
        names: list("names")?,
        deny: rule.optional("deny")?.map(|deny| deny.boolean()).transpose()?.unwrap_or(false),
        reason: rule.optional("reason")?.map(|reason| reason.string().map(str::to_owned)).transpose()?,
    })
}

impl Cluster {
    /// The status of the review: the answer of `can_i`.
    pub(in crate::capabilities::world) fn can_i(
        &self,
        review: &SubjectAccessReview,
        world: &str,
    ) -> Result<Value, CallError> {
        if review.groups.iter().flatten().any(|group| group == SUPERUSERS) {
            return Ok(json!({"allowed": true}));
        }
        let Some(rules) = &self.access else {
            let wanted = &review.resource_attributes;
            let group = wanted.group.as_deref().unwrap_or_default();
            let [user, verb, group, resource] = [&review.user, &wanted.verb, group, &wanted.resource].map(short);
            return Err(CallError::Unanswerable(format!(
                "{world} does not say who may do what in its cluster, and the policy asks whether {user:?} can {verb} {resource}; add \
                 cluster: {{access: []}} to it if nobody is allowed anything, or with a rule such as \
                 {{users: [{user:?}], verbs: [{verb}], api_groups: [{group:?}], resources: [{resource}]}}"
            )));
        };
        let applies = |deny| rules.iter().find(|rule| rule.deny == deny && rule.applies(review));
        let mut status = json!({"allowed": false});
        let rule = applies(true).inspect(|_| status["denied"] = true.into());
        let rule = rule.or_else(|| applies(false).inspect(|_| status["allowed"] = true.into()));
        if let Some(reason) = rule.and_then(|rule| rule.reason.as_deref()) {
            status["reason"] = reason.into();
        }
        Ok(status)
    }
}

impl Rule {
    fn applies(&self, review: &SubjectAccessReview) -> bool {
        let wanted = &review.resource_attributes;
        self.is_about(review)
            && fits(&self.verbs, &wanted.verb)
            && fits(&self.api_groups, wanted.group.as_deref().unwrap_or_default())
            && self.has_resource(&wanted.resource, wanted.subresource.as_deref().unwrap_or_default())
            // A request about all namespaces, or all objects, is not allowed by a rule about some of them.
            && fits(&self.namespaces, wanted.namespace.as_deref().unwrap_or_default())
            && fits(&self.names, wanted.name.as_deref().unwrap_or_default())
    }

    /// Whether the rule names the user, or one of the user's groups; one of the two is enough.
    fn is_about(&self, review: &SubjectAccessReview) -> bool {
        if self.users.is_none() && self.groups.is_none() {
            return true;
        }
        let user = self.users.is_some() && fits(&self.users, &review.user);
        user || self.groups.is_some() && review.groups.iter().flatten().any(|group| fits(&self.groups, group))
    }

    /// As RBAC has it: `pods` are not their subresources, `pods/log` and `*/log` are one of them, `*` is everything.
    fn has_resource(&self, resource: &str, subresource: &str) -> bool {
        let Some(known) = &self.resources else { return true };
        known.iter().any(|known| match known.split_once('/') {
            _ if known == "*" => true,
            None => subresource.is_empty() && known == resource,
            Some((of, known)) => known == subresource && (of == "*" || of == resource),
        })
    }
}

fn fits(known: &Option<Vec<String>>, word: &str) -> bool {
    known.as_ref().is_none_or(|known| known.iter().any(|known| known == "*" || known == word))
}
