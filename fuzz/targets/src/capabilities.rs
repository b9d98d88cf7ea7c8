//! What guests ask of the host, and the files in which it is recorded.

use std::sync::LazyLock;

use admit_host::capabilities::{Exchange, HostRequest, OPERATIONS, Replay, Session};
use admit_host::{CallError, Capabilities};

pub(crate) const WORDS: &[&str] = &[
    "type",
    "Exchange",
    "request",
    "response",
    "Success",
    "Error",
    "payload",
    "message",
    "!DNSLookupHost",
    "host:",
    "!KubernetesGetResource",
    "!SigstorePubKeyVerify",
    "SigstorePubKeyVerify",
    "SigstoreKeylessVerify",
    "SigstoreKeylessPrefixVerify",
    "SigstoreGithubActionsVerify",
    "SigstoreCertificateVerify",
    "image",
    "pub_keys",
    "keyless",
    "keyless_prefix",
    "issuer",
    "subject",
    "url_prefix",
    "owner",
    "repo",
    "certificate",
    "certificate_chain",
    "require_rekor_bundle",
    "annotations",
    "api_version",
    "kind",
    "name",
    "namespace",
    "disable_cache",
    "field_masks",
    "label_selector",
    "field_selector",
    "subject_access_review",
    "resource_attributes",
    "groups",
    "user",
    "verb",
    "cert",
    "cert_chain",
    "not_after",
    "encoding",
    "Pem",
    "Der",
    "data",
    "|",
    "|-",
    ">",
    "|+2",
    "- ",
    "~",
    "!!str ",
    "!!binary ",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "# ",
    "---",
    "...",
    "'",
    "\"",
    "\\",
    "\t",
];

static RECORDED: LazyLock<Session> = LazyLock::new(|| {
    let text = include_bytes!("../../corpus/session_file/every-request.yml");
    Session::parse(text, "every-request.yml").expect("the corpus has a session with every request")
});

/// Any payload of any operation is a request or a text for the guest. A request survives a session file, and a replay that does
/// not have it says what comes nearest.
pub(crate) fn host_call(data: &[u8]) {
    let others = ["tracing/log", "oci/v9/verify", "nowhere/v1/x"];
    for path in OPERATIONS.into_iter().chain(others) {
        let (namespace, operation) = path.split_once('/').expect("namespace/operation");
        match HostRequest::parse(namespace, operation, data) {
            Ok(request) => {
                let text = serde_json::to_string(&request).expect("a request is JSON");
                let again: HostRequest = serde_json::from_str(&text).expect("what was written can be read");
                assert_eq!(again, request);
                assert!(format!("{request:?}").starts_with(request.tag()), "{request:?}");
                round_trip(&Session::new(vec![Exchange { request, response: Ok("{}".to_owned()) }]));
                replay(namespace, operation, data);
            }
            Err(text) => assert!(!text.is_empty()),
        }
    }
}

fn replay(namespace: &str, operation: &str, data: &[u8]) {
    match Replay::keyed(RECORDED.clone()).call(namespace, operation, data) {
        Ok(_) | Err(CallError::Failed(_) | CallError::TimedOut) => {}
        Err(CallError::Unanswerable(text)) => {
            assert!(text.starts_with("Replay error: "), "{text}");
            assert!(text.len() < (16 << 10) + 4 * data.len(), "{} bytes for a request of {}", text.len(), data.len());
        }
    }
    let strict = Replay::strict(RECORDED.clone()).call(namespace, operation, data);
    assert!(!matches!(strict, Err(CallError::Unanswerable(_))), "kwctl goes on: {strict:?}");
}

/// A session file that can be read can be written, and reads back the same.
pub(crate) fn session_file(data: &[u8]) {
    match Session::parse(data, "session.yml") {
        Ok(session) => round_trip(&session),
        Err(error) => crate::documents::check_place(&error, data, "session.yml"),
    }
}

/// What cannot be written is an error that says why; what was written is what was there.
fn round_trip(session: &Session) {
    let written = match session.to_yaml() {
        Ok(written) => written,
        Err(error) => {
            assert!(error.to_string().contains("cannot be written to a session file"), "{error}");
            return;
        }
    };
    match Session::parse(written.as_bytes(), "written.yml") {
        Ok(read) => assert_eq!(read.exchanges(), session.exchanges(), "written as\n{written}"),
        Err(error) => panic!("{error}, written as\n{written}"),
    }
}
