//! What single policies and members of groups have in common.

use std::time::Duration;

use super::{PolicySpec, module::Files};
use crate::{
    capabilities::{ContextAware, HostCapabilities},
    group,
    input::{Cursor, InputError},
    request::settings_of,
};

/// The keys of this file that policies and members have wherever they stand.
pub(super) const KEYS: [&str; 4] = ["module", "settings", "contextAwareResources", "timeoutEvalSeconds"];

/// The key that only a `policies.yml` has.
pub(super) const HOST_CAPABILITIES: &str = "hostCapabilities";

/// The source of the grants.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Grants {
    /// A custom resource. It grants reads of the cluster; Kubewarden's controller decides the rest.
    CustomResource {
        /// Whether it may read the cluster.
        cluster_wide: bool,
    },
    /// A `policies.yml`, which says everything.
    PoliciesYml,
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
        if grants == (Grants::CustomResource { cluster_wide: false }) {
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

/// Refuses `hostCapabilities` in a custom resource, with more to say than that the key is not known: policies have it in
/// their metadata, and in a `policies.yml`.
pub(super) fn says_no_capabilities(spec: &Cursor<'_>, grants: Grants) -> Result<(), InputError> {
    match spec.given(HOST_CAPABILITIES)? {
        Some(list) if grants != Grants::PoliciesYml => Err(list.error(
            "custom resources have no such field; Kubewarden's controller grants cluster-wide policies everything, and for \
             policies in a namespace `spec.namespacedPoliciesCapabilities` of their PolicyServer decides; remove it (a \
             policies.yml can have it)",
        )),
        _ => Ok(()),
    }
}

fn capabilities(spec: &Cursor<'_>, grants: Grants) -> Result<HostCapabilities, InputError> {
    if grants != Grants::PoliciesYml {
        // The controller's default for policies in a namespace, too.
        return Ok(HostCapabilities::all());
    }
    let Some(list) = spec.optional(HOST_CAPABILITIES)? else { return Ok(HostCapabilities::none()) };
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
pub(super) fn group(group: &Cursor<'_>, grants: Grants, files: &Files<'_>) -> Result<super::Body, InputError> {
    let policies = group.required("policies", "name the policies of the group")?;
    let own = if grants == Grants::PoliciesYml { &[HOST_CAPABILITIES][..] } else { &[] };
    let member_keys = [&KEYS[..], own].concat();
    let mut members = Vec::new();
    for (name, member) in policies.entries()? {
        group::check_name(name).map_err(|error| member.error(error.to_string()))?;
        says_no_capabilities(&member, grants)?;
        member.only_keys(&member_keys)?;
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
