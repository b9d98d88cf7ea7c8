//! The patterns of `hostCapabilities`.

use std::sync::Arc;

use admit_host::RunOptions;
use admit_host::capabilities::{Grants, HostCapabilities, OPERATIONS};
use libtest_mimic::Trial;
use serde_json::json;

use super::caller::{call, received};
use crate::support::Echo;

pub(crate) fn trials() -> Vec<Trial> {
    trials![patterns_grant_what_they_cover, wrong_patterns_are_refused_in_upstreams_words, serde_has_the_same_rules]
}

/// Patterns, and the operations that they grant, as positions in [`CALLS`].
const GRANTS: &[(&[&str], &[usize])] = &[
    (&[], &[]),
    (&["*"], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    (&[" * "], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    (&["net/*", "*"], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    // Upstream stops reading at the `*`.
    (&["*", "nonsense"], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    (&["oci/*"], &[0, 1, 2, 3, 4]),
    (&["oci/v1/*"], &[0, 1, 2, 3]),
    (&["oci/v2/*"], &[4]),
    (&["net/*"], &[5]),
    (&["net/v1/*"], &[5]),
    (&["crypto/*"], &[6]),
    (&["crypto/v1/*"], &[6]),
    (&["kubernetes/*"], &[7, 8, 9, 10]),
    (&["oci/v1/verify"], &[0]),
    (&["oci/v1/manifest_digest"], &[1]),
    (&["oci/v1/oci_manifest"], &[2]),
    (&["oci/v1/oci_manifest_config"], &[3]),
    (&["oci/v2/verify"], &[4]),
    (&["net/v1/dns_lookup_host"], &[5]),
    (&["crypto/v1/is_certificate_trusted"], &[6]),
    (&["kubernetes/list_resources_by_namespace"], &[7]),
    (&["kubernetes/list_resources_all"], &[8]),
    (&["kubernetes/get_resource"], &[9]),
    (&["kubernetes/can_i"], &[10]),
    (&["oci/v2/*", " kubernetes/can_i", "oci/v1/oci_manifest"], &[2, 4, 10]),
];

/// Every operation with a payload that it takes.
const CALLS: [(&str, &str); 11] = [
    ("oci/v1/verify", r#"{"SigstorePubKeyVerify":{"image":"i","pub_keys":[]}}"#),
    ("oci/v1/manifest_digest", r#""i""#),
    ("oci/v1/oci_manifest", r#""i""#),
    ("oci/v1/oci_manifest_config", r#""i""#),
    ("oci/v2/verify", r#"{"type":"SigstoreGithubActionsVerify","image":"i","owner":"o"}"#),
    ("net/v1/dns_lookup_host", r#""h""#),
    ("crypto/v1/is_certificate_trusted", r#"{"cert":{"encoding":"Pem","data":[1]}}"#),
    ("kubernetes/list_resources_by_namespace", r#"{"api_version":"v1","kind":"K","namespace":"n"}"#),
    ("kubernetes/list_resources_all", r#"{"api_version":"v1","kind":"K"}"#),
    ("kubernetes/get_resource", r#"{"api_version":"v1","kind":"K","name":"n"}"#),
    ("kubernetes/can_i", r#"{"subject_access_review":{"user":"u","resource_attributes":{"resource":"r","verb":"v"}}}"#),
];

fn patterns_grant_what_they_cover() {
    assert_eq!(CALLS.map(|(path, _)| path), OPERATIONS);
    for (patterns, granted) in GRANTS {
        let options = RunOptions {
            capabilities: Arc::new(Echo),
            grants: Grants {
                host_capabilities: HostCapabilities::parse(*patterns).unwrap_or_else(|error| panic!("{error}")),
                ..Grants::default()
            },
            ..RunOptions::default()
        };
        let answers = received(CALLS.map(|(path, payload)| call(path, payload)), &options);
        for (index, ((path, payload), answer)) in CALLS.into_iter().zip(answers).enumerate() {
            let expected = if granted.contains(&index) {
                Ok(payload.to_owned())
            } else {
                Err(format!(
                    "Policy has not been granted access to the '{path}' host capability. The violation has been reported."
                ))
            };
            assert_eq!(answer, expected, "{patterns:?} and {path}");
        }
    }
}

/// Patterns, and what upstream says about the first that is wrong.
const WRONG: &[(&[&str], &str)] = &[
    (&["oci*"], WILDCARD),
    (&["oci/v1/oci_*"], WILDCARD),
    (&["*/oci"], WILDCARD),
    (&["oci/*/verify"], WILDCARD),
    (&["oci/**"], WILDCARD),
    (&["**"], WILDCARD),
    (&[" oci*"], WILDCARD),
    (&[""], "invalid pattern: pattern must not be empty"),
    (&[" "], "invalid pattern: pattern must not be empty"),
    (&["net/*", "", "*"], "invalid pattern: pattern must not be empty"),
    (&["x/y"], r#"unknown segment "x", valid options at this level are: crypto, kubernetes, net, oci"#),
    (&["x/*"], r#"unknown segment "x", valid options at this level are: crypto, kubernetes, net, oci"#),
    (&["/*"], r#"unknown segment "", valid options at this level are: crypto, kubernetes, net, oci"#),
    (&["tracing/log"], r#"unknown segment "tracing", valid options at this level are: crypto, kubernetes, net, oci"#),
    (&["OCI/*"], r#"unknown segment "OCI", valid options at this level are: crypto, kubernetes, net, oci"#),
    (&["oci/v99/verify"], r#"unknown segment "v99", valid options at this level are: v1, v2"#),
    (&["oci/v99/*"], r#"unknown segment "v99", valid options at this level are: v1, v2"#),
    (&["oci/"], r#"unknown segment "", valid options at this level are: v1, v2"#),
    (
        &["oci/v1/x"],
        r#"unknown segment "x", valid options at this level are: manifest_digest, oci_manifest, oci_manifest_config, verify"#,
    ),
    (
        &["kubernetes/v1/can_i"],
        r#"unknown segment "v1", valid options at this level are: can_i, get_resource, list_resources_all, list_resources_by_namespace"#,
    ),
    (&["oci/v1/verify/*"], r#"unknown segment "*", valid options at this level are: "#),
    (&["oci/v1/verify/x"], r#"unknown segment "x", valid options at this level are: "#),
    (&["oci"], r#"not a complete capability path; use "oci/*" to allow all capabilities under it"#),
    (&["oci/v1"], r#"not a complete capability path; use "oci/v1/*" to allow all capabilities under it"#),
    (&["kubernetes"], r#"not a complete capability path; use "kubernetes/*" to allow all capabilities under it"#),
];

const WILDCARD: &str = "wildcard '*' must be the entire last path segment (e.g. 'oci/*'), not a partial match";

fn wrong_patterns_are_refused_in_upstreams_words() {
    for (patterns, text) in WRONG {
        let expected = match text.starts_with("invalid") {
            true => (*text).to_owned(),
            false => format!(r#"invalid pattern "{}": {text}"#, patterns[0]),
        };
        let refused = HostCapabilities::parse(*patterns).map_err(|error| error.to_string());
        assert_eq!(refused, Err(expected));
    }
}

fn serde_has_the_same_rules() {
    let granted: HostCapabilities = serde_json::from_value(json!(["oci/v1/verify", "net/*", "net/*"])).expect("valid");
    assert_eq!(serde_json::to_value(&granted).expect("JSON"), json!(["net/*", "oci/v1/verify"]));
    assert_eq!(granted.to_string(), "[net/*, oci/v1/verify]");
    assert_eq!(serde_json::from_value::<HostCapabilities>(json!([])).expect("valid"), HostCapabilities::none());
    assert_eq!(serde_json::to_value(HostCapabilities::default()).expect("JSON"), json!(["*"]));
    let refused = serde_json::from_value::<HostCapabilities>(json!(["oci"])).expect_err("incomplete").to_string();
    assert!(refused.starts_with(r#"invalid pattern "oci": not a complete"#), "{refused}");
}
