//! The `policies.yml` of policy-server.

use super::{
    Body, PolicyResource,
    module::Files,
    spec::{self, Grants},
};
use crate::{
    input::{Cursor, InputError},
    matching::Matching,
    mode,
};

const POLICY_KEYS: [&str; 4] = ["policyMode", "allowedToMutate", "message", "namespacedName"];
const GROUP_KEYS: [&str; 5] = ["policyMode", "policies", "expression", "message", "namespacedName"];

pub(super) fn read(root: &Cursor<'_>, files: &Files<'_>) -> Result<Vec<PolicyResource>, InputError> {
    root.entries()?.iter().map(|(name, entry)| resource(name, entry, files)).collect()
}

fn resource(name: &str, entry: &Cursor<'_>, files: &Files<'_>) -> Result<PolicyResource, InputError> {
    if name.contains('/') {
        return Err(entry.error("the name of a policy has no `/`"));
    }
    let body = if entry.given("policies")?.is_some() || entry.given("expression")?.is_some() {
        entry.only_keys(&GROUP_KEYS)?;
        spec::group(entry, Grants::PoliciesYml, files)?
    } else {
        entry.only_keys(&[&spec::KEYS[..], &[spec::HOST_CAPABILITIES], &POLICY_KEYS[..]].concat())?;
        let allowed = entry.optional("allowedToMutate")?.map(|allowed| allowed.boolean()).transpose()?;
        Body::Policy {
            policy: spec::policy(entry, Grants::PoliciesYml, files)?,
            allowed_to_mutate: allowed.unwrap_or_default(),
            message: entry.optional("message")?.map(|text| text.string().map(str::to_owned)).transpose()?,
        }
    };
    Ok(PolicyResource {
        id: name.to_owned(),
        mode: entry.optional("policyMode")?.map(|mode| mode::read(&mode)).transpose()?.unwrap_or_default(),
        background_audit: true,
        matching: Matching::default(),
        body,
    })
}
