//! The order in which a call is looked at, and the texts at each step.

use std::sync::Arc;

use admit_host::capabilities::{ContextAware, Grants, HostCapabilities};
use admit_host::{CallError, Capabilities, RunOptions};
use libtest_mimic::Trial;

use super::caller::{Call, call, callers, received};
use crate::support::{Echo, request, settings};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        what_is_denied_is_not_looked_at,
        unknown_operations_and_namespaces,
        payloads_are_read_as_serde_reads_them,
        what_upstreams_sdks_send_is_accepted,
        extensions_are_up_to_the_capabilities,
        logging_needs_no_grant,
    ]
}

/// Says which call reached it, and knows nothing beyond Kubewarden.
struct Reached;

impl Capabilities for Reached {
    fn call(&self, namespace: &str, operation: &str, _payload: &[u8]) -> Result<Vec<u8>, CallError> {
        Ok(format!("reached {namespace}/{operation}").into_bytes())
    }
}

fn options(patterns: &[&str], context_aware: ContextAware) -> RunOptions {
    RunOptions {
        capabilities: Arc::new(Reached),
        grants: Grants {
            host_capabilities: HostCapabilities::parse(patterns).unwrap_or_else(|error| panic!("{error}")),
            context_aware_resources: context_aware,
            ..Grants::default()
        },
        ..RunOptions::default()
    }
}

fn denied(path: &str) -> Result<String, String> {
    Err(format!("Policy has not been granted access to the '{path}' host capability. The violation has been reported."))
}

fn what_is_denied_is_not_looked_at() {
    let other = |path, payload| Call { binding: "other", ..call(path, payload) };
    let calls = [
        // The binding comes first, then the grant, then the name, then the payload, then the kind of resource.
        other("oci/v1/verify", "nonsense"),
        other("tracing/log", "nonsense"),
        call("oci/v1/verify", "nonsense"),
        call("oci/v9/verify", "nonsense"),
        call("elsewhere/x", "nonsense"),
        call("kubernetes/can_i", "nonsense"),
        call("kubernetes/get_resource", r#"{"api_version":"v1","kind":"Secret","name":"n","namespace":7}"#),
        call("kubernetes/get_resource", r#"{"api_version":"v1","kind":"Secret","name":"n"}"#),
        call("kubernetes/get_resource", r#"{"api_version":"v1","kind":"Pod","name":"n"}"#),
    ];
    let options = options(&["kubernetes/get_resource"], ContextAware::only([("v1", "Pod")]));
    let expected = [
        Err("unknown binding: other".to_owned()),
        Err("unknown binding: other".to_owned()),
        denied("oci/v1/verify"),
        denied("oci/v9/verify"),
        denied("elsewhere/x"),
        denied("kubernetes/can_i"),
        Err("invalid type: integer `7`, expected a string at line 1 column 60".to_owned()),
        Err("Policy has not been granted access to Kubernetes v1/Secret resources. The violation has been reported."
            .to_owned()),
        Ok("reached kubernetes/get_resource".to_owned()),
    ];
    assert_eq!(received(calls, &options), expected);
}

fn unknown_operations_and_namespaces() {
    let calls = [
        call("oci/v9/verify", "nonsense"),
        call("net/dns_lookup_host", "nonsense"),
        call("crypto/", "nonsense"),
        call("kubernetes/get_resources", "nonsense"),
        call("tracing/write", "nonsense"),
        call("elsewhere/v1/verify", "nonsense"),
        call("Kubernetes/get_resource", "nonsense"),
        call("/", "nonsense"),
    ];
    let expected = [
        "unknown operation: v9/verify",
        "unknown operation: dns_lookup_host",
        "unknown operation: ",
        "unknown operation: get_resources",
        "unknown operation: write",
        "unknown namespace: elsewhere",
        "unknown namespace: Kubernetes",
        "unknown namespace: ",
    ];
    assert_eq!(received(calls, &options(&["*"], ContextAware::all())), expected.map(|text| Err(text.to_owned())));
    // A wildcard grants what does not exist, and the absence of a grant comes first.
    let [of_oci, of_net, ..] = received(calls, &options(&["oci/*"], ContextAware::all()));
    assert_eq!((of_oci, of_net), (Err(expected[0].to_owned()), denied("net/dns_lookup_host")));
}

fn payloads_are_read_as_serde_reads_them() {
    let cases = [
        ("oci/v1/manifest_digest", "", "EOF while parsing a value at line 1 column 0"),
        ("oci/v1/oci_manifest", "{}", "invalid type: map, expected a string at line 1 column 0"),
        ("oci/v1/oci_manifest_config", "[1", "invalid type: sequence, expected a string at line 1 column 0"),
        ("net/v1/dns_lookup_host", r#""a" b"#, "trailing characters at line 1 column 5"),
        (
            "oci/v1/verify",
            r#"{"type":"SigstorePubKeyVerify","image":"i","pub_keys":[]}"#,
            "unknown variant `type`, expected `SigstorePubKeyVerify` or `SigstoreKeylessVerify` at line 1 column 7",
        ),
        (
            "oci/v1/verify",
            r#"{"SigstoreKeylessVerify":{"image":"i","keyless":[{"issuer":"i"}]}}"#,
            "missing field `subject` at line 1 column 63",
        ),
        ("oci/v2/verify", r#"{"SigstorePubKeyVerify":{}}"#, "missing field `type` at line 1 column 27"),
        (
            "oci/v2/verify",
            r#"{"type":"SigstoreVerify"}"#,
            "unknown variant `SigstoreVerify`, expected one of `SigstorePubKeyVerify`, `SigstoreKeylessVerify`, \
             `SigstoreKeylessPrefixVerify`, `SigstoreGithubActionsVerify`, `SigstoreCertificateVerify` at line 1 column 24",
        ),
        (
            "oci/v2/verify",
            r#"{"type":"SigstoreCertificateVerify","image":"i","certificate":[1]}"#,
            "missing field `require_rekor_bundle`",
        ),
        (
            "crypto/v1/is_certificate_trusted",
            r#"{"cert":{"encoding":"Pem","data":"text"}}"#,
            "invalid type: string \"text\", expected a sequence at line 1 column 39",
        ),
        (
            "crypto/v1/is_certificate_trusted",
            r#"{"cert":{"encoding":"PEM","data":[]}}"#,
            "unknown variant `PEM`, expected `Der` or `Pem` at line 1 column 25",
        ),
        (
            "kubernetes/list_resources_by_namespace",
            r#"{"api_version":"v1","kind":"Pod"}"#,
            "missing field `namespace` at line 1 column 33",
        ),
        ("kubernetes/list_resources_all", r#"{"kind":"Pod"}"#, "missing field `api_version` at line 1 column 14"),
        (
            "kubernetes/list_resources_all",
            r#"{"api_version":"v1","kind":"Pod","field_masks":"a"}"#,
            "invalid type: string \"a\", expected a sequence at line 1 column 50",
        ),
        ("kubernetes/get_resource", r#"{"api_version":"v1","kind":"Pod"}"#, "missing field `name` at line 1 column 33"),
        (
            "kubernetes/can_i",
            r#"{"subject_access_review":{"user":"u"}}"#,
            "missing field `resource_attributes` at line 1 column 37",
        ),
    ];
    let answers = received(cases.map(|(path, payload, _)| call(path, payload)), &options(&["*"], ContextAware::all()));
    for ((path, payload, text), answer) in cases.into_iter().zip(answers) {
        assert_eq!(answer, Err(text.to_owned()), "{path} with {payload}");
    }
}

/// More than upstream's host takes: its own SDKs leave these out, or write them in another case.
fn what_upstreams_sdks_send_is_accepted() {
    let calls = [
        call("kubernetes/get_resource", r#"{"api_version":"v1","kind":"Pod","name":"n","namespace":null,"more":1}"#),
        call(
            "kubernetes/can_i",
            r#"{"subject_access_review":{"user":"u","resourceAttributes":{"resource":"r","verb":"v"}}}"#,
        ),
        call("crypto/v1/is_certificate_trusted", r#"{"cert":{"encoding":"Der","data":[0]},"cert_chain":null}"#),
        call("crypto/v1/is_certificate_trusted", r#"{"cert":{"encoding":"Der","data":[0]},"not_after":""}"#),
    ];
    let expected = calls.map(|call| Ok(format!("reached {}/{}", call.namespace, call.operation)));
    assert_eq!(received(calls, &options(&["*"], ContextAware::all())), expected);
}

fn extensions_are_up_to_the_capabilities() {
    let calls = [
        call("elsewhere/x", "not JSON"),
        call("oci/v9/verify", "not JSON"),
        // Neither of these is one: they are Kubewarden's.
        call("net/v1/dns_lookup_host", "not JSON"),
        call("tracing/write", "not JSON"),
    ];
    let options = RunOptions { capabilities: Arc::new(Echo), ..RunOptions::default() };
    let expected = [
        Ok("not JSON".to_owned()),
        Ok("not JSON".to_owned()),
        Err("expected ident at line 1 column 2".to_owned()),
        Err("unknown operation: write".to_owned()),
    ];
    assert_eq!(received(calls, &options), expected);
}

fn logging_needs_no_grant() {
    for policy in callers(&[call("tracing/log", r#"{"level":"debug","message":"heard"}"#)]) {
        let outcome = policy.validate(&request("{}"), &settings("{}"), &options(&[], ContextAware::none()));
        assert_eq!((&outcome.trace.logs[0].level[..], &outcome.trace.logs[0].message[..]), ("debug", "heard"));
        assert_eq!(outcome.trace.host_calls, []);
    }
}
