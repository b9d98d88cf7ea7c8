//! Cases that cannot be meant for the policy that they are run on.

use std::path::Path;

use super::Case;
use crate::{
    PolicyModule,
    admission::Skipped,
    input::{Document, InputError},
    metadata::{Metadata, PolicyType},
    request::Request,
};

/// Checks that the input of each case is of the kind that the policies take, as far as their metadata say: a raw policy is
/// asked with `raw`, one for Kubernetes with `object` or `request`, and only a policy that the audit scanner asks has cases
/// with `audit`.
///
/// # Errors
///
/// Every case that does not fit, with the key that is to blame.
pub fn check_fit(cases: &[Case], policies: &[PolicyModule]) -> Result<(), Vec<InputError>> {
    let mut errors: Vec<InputError> = Vec::new();
    for case in cases {
        let policies = policies.iter().filter(|policy| case.applies_to(policy.abi()));
        if let Some(error) = policies.into_iter().find_map(|policy| unfit(case, policy.metadata()?)) {
            errors.push(error);
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn unfit(case: &Case, metadata: &Metadata) -> Option<InputError> {
    let subject = case.admission()?;
    let (keys, message) = match (metadata.policy_type, &subject.request) {
        (PolicyType::Raw, Request::Kubernetes(_)) => (
            &["object", "old_object", "request"][..],
            "the policy is a raw one (policyType in its metadata), which takes any document as it is: give it as `raw`"
                .to_owned(),
        ),
        (PolicyType::Kubernetes, Request::Raw(_)) => (
            &["raw"][..],
            "the policy takes Kubernetes requests (policyType in its metadata): give an `object` or a `request`"
                .to_owned(),
        ),
        _ if subject.audit => (&["audit"][..], Skipped::by_metadata(metadata)?.to_string()),
        _ => return None,
    };
    Some(at(&case.path, keys, message))
}

/// An error about the first of these keys that the file has, or about the file: the input can be a companion.
fn at(path: &Path, keys: &[&'static str], message: String) -> InputError {
    let Ok(document) = Document::open(path) else { return InputError::whole(path.display().to_string(), message) };
    let root = document.root();
    match keys.iter().find_map(|key| root.given(key).ok().flatten()) {
        Some(given) => given.error(message),
        None => InputError::whole(path.display().to_string(), message),
    }
}
