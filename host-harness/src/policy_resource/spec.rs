//! What single policies and members of groups have in common.

use std::time::Duration;

use super::{PolicySpec, module::Files};
use crate::{
    capabilities::{ContextAware, HostCapabilities},
    group,
    input::{Cursor, InputError},
    request::settings_of,
};

/// The keys of this file.
pub(super) const KEYS: [&str; 5] =
    ["module", "settings", "contextAwareResources", "hostCapabilities", "timeoutEvalSeconds"];

/// What is granted by a file that does not say it, and what it may say.
#[derive(Clone, Copy)]
pub(super) struct Grants {
    /// Host capabilities when there are none listed.
    pub(super) all_capabilities: bool,
    /// Whether there can be contextAwareResources.
    pub(super) context_aware: bool,
}

pub(super) fn policy(spec: &Cursor<'_>, grants: Grants, files: &Files<'_>) -> Result<PolicySpec, InputError> {
    let module = spec.required("module", "name a .wasm file or the folder of a policy crate")?;
    let path = files.resolve(&module)?;
    Ok(PolicySpec {
        uri: module.string()?.to_owned(),
        path,
        settings: spec.optional("settings")?.map(|settings| settings_of(&settings)).transpose()?.unwrap_or_default(),
        context_aware_resources: context_aware(spec, grants)?,
        host_capabilities: capabilities(spec, grants)?,
        timeout: spec.optional("timeoutEvalSeconds")?.map(|seconds| timeout(&seconds)).transpose()?,
    })
}

fn context_aware(spec: &Cursor<'_>, grants: Grants) -> Result<ContextAware, InputError> {
    let Some(list) = spec.optional("contextAwareResources")? else { return Ok(ContextAware::none()) };
    let mut resources = Vec::new();
    for resource in list.list()? {
        if !grants.context_aware {
            return Err(list
                .error("only cluster-wide policies can read the cluster; a policy in a namespace has no such field"));
        }
        resource.only_keys(&["apiVersion", "kind"])?;
        let why = "a kind of resource has apiVersion and kind";
        let text = |key| resource.required(key, why)?.string().map(str::to_owned);
        resources.push((text("apiVersion")?, text("kind")?));
    }
    Ok(ContextAware::only(resources))
}

fn capabilities(spec: &Cursor<'_>, grants: Grants) -> Result<HostCapabilities, InputError> {
    let Some(list) = spec.optional("hostCapabilities")? else {
        return Ok(if grants.all_capabilities { HostCapabilities::all() } else { HostCapabilities::none() });
    };
    // One by one, so that the error stands where the pattern does.
    for pattern in list.list()? {
        HostCapabilities::parse([pattern.string()?]).map_err(|error| pattern.error(error.to_string()))?;
    }
    HostCapabilities::parse(list.strings()?).map_err(|error| list.error(error.to_string()))
}

fn timeout(seconds: &Cursor<'_>) -> Result<Duration, InputError> {
    match seconds.value().as_u64() {
        Some(number) if (1..=3600).contains(&number) => Ok(Duration::from_secs(number)),
        _ => Err(seconds.error("must be a whole number of seconds from 1 to 3600")),
    }
}

/// Members, expression and message of a group.
pub(super) fn group(
    group: &Cursor<'_>,
    member_keys: &[&str],
    grants: Grants,
    files: &Files<'_>,
) -> Result<super::Body, InputError> {
    let policies = group.required("policies", "name the policies of the group")?;
    let mut members = Vec::new();
    for (name, member) in policies.entries()? {
        group::check_name(name).map_err(|error| member.error(error.to_string()))?;
        member.only_keys(member_keys)?;
        members.push((name.to_owned(), policy(&member, grants, files)?));
    }
    if members.is_empty() {
        return Err(policies.error("a group needs at least one policy"));
    }
    let expression = group.required("expression", "say when the group accepts, for example `a() || b()`")?;
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    group::check_expression(expression.string()?, &names)
        .map_err(|error| expression.error(format!("the expression is not valid: {error}")))?;
    let message = group.required("message", "say what users are told when the group rejects their request")?;
    Ok(super::Body::Group {
        members,
        expression: expression.string()?.to_owned(),
        message: message.string()?.to_owned(),
    })
}
