//! Worlds in files, and what guests ask them.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use admit_host::capabilities::{CHAINLOOP_OPERATIONS, Fault, FaultRule, Faulty, HostCapabilities, OPERATIONS, World};
use admit_host::{CallError, Capabilities};
use serde_json::{Value, json};

pub(crate) const WORDS: &[&str] = &[
    "now",
    "2026-01-01T00:00:00Z",
    "9999-12-31T23:59:60+23:59",
    "cluster",
    "kinds",
    "objects",
    "access",
    "registry",
    "dns",
    "file",
    "apiVersion",
    "kind",
    "plural",
    "namespaced",
    "absent",
    "metadata",
    "name",
    "namespace",
    "labels",
    "items",
    "List",
    "PodList",
    "CustomResourceDefinition",
    "apiextensions.k8s.io/v1",
    "spec",
    "group",
    "names",
    "scope",
    "Namespaced",
    "versions",
    "served",
    "selectableFields",
    "jsonPath",
    "users",
    "groups",
    "verbs",
    "api_groups",
    "resources",
    "namespaces",
    "deny",
    "reason",
    "*",
    "digest",
    "manifest",
    "config",
    "platforms",
    "linux/amd64",
    "manifests",
    "signatures",
    "key",
    "certificate",
    "issuer",
    "subject",
    "github",
    "owner",
    "repo",
    "rekor_bundle",
    "annotations",
    "error",
    "192.0.2.1",
    "http",
    "https://a.example/",
    "POST https://a.example/",
    "status",
    "headers",
    "body",
    "json",
    "redirect",
    "chainloop",
    "discover",
    "ATTESTATION",
    "downloadable",
    "references",
    "created_at",
    "seconds",
    "registry.example/a:1",
    "sha256:",
    "---",
    "v1",
    "Pod",
];

pub(crate) const SELECTOR_WORDS: &[&str] = &[
    "=",
    "==",
    "!=",
    "!",
    ",",
    "(",
    ")",
    " in ",
    " notin ",
    "<",
    ">",
    "app",
    "tier",
    "a.b/c",
    "\\",
    "\\,",
    "\\=",
    "metadata.name",
    "metadata.namespace",
    "status.phase",
    "spec.nodeName",
    "spec",
    "containers",
    ".",
    "..",
    "\n",
    "é",
    "",
];

pub(crate) const IMAGE_WORDS: &[&str] = &[
    "registry.example/a:1",
    "registry://",
    "docker.io",
    "library",
    "latest",
    "@sha256:",
    ":",
    "/",
    "@",
    "localhost:5000",
    "sha512:",
    "[::1]",
    "..",
    "A",
    "_",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
];

pub(crate) const CERTIFICATE_WORDS: &[&str] = &[
    "-----BEGIN CERTIFICATE-----\n",
    "-----END CERTIFICATE-----\n",
    "-----BEGIN PUBLIC KEY-----",
    "\u{30}\u{80}",
    "\u{30}\u{82}\u{ff}\u{ff}",
    "\u{2}\u{1}\u{0}",
    "\u{6}\u{3}U\u{1d}\u{13}",
    "MIIB",
    "====",
];

fn parse(text: &[u8], name: &str) -> World {
    World::parse(text, name, Path::new(".")).unwrap_or_else(|error| panic!("{error}"))
}

/// A world with something of everything.
static FULL: LazyLock<World> =
    LazyLock::new(|| parse(include_bytes!("../../corpus/world_file/full.yaml"), "world.yaml"));

/// One call of every kind.
static CALLS: LazyLock<Vec<(&str, &str, Vec<u8>)>> = LazyLock::new(|| {
    let pod = json!({"api_version": "v1", "kind": "Pod", "name": "web", "namespace": "shop"});
    let list = json!({
        "api_version": "v1", "kind": "Pod", "namespace": "shop", "label_selector": "app=web",
        "field_selector": "metadata.name!=x", "field_masks": ["spec.containers.image"]
    });
    let can = json!({"subject_access_review": {"user": "jane", "groups": ["g"], "resource_attributes": {"resource": "pods", "verb": "get"}}});
    let keyless = json!({"type": "SigstoreKeylessVerify", "image": "registry.example/a:1", "keyless": [{"issuer": "i", "subject": "s"}]});
    let image = json!("registry.example/a:1");
    [
        ("kubernetes", "get_resource", pod),
        ("kubernetes", "list_resources_by_namespace", list.clone()),
        ("kubernetes", "list_resources_all", list),
        ("kubernetes", "can_i", can),
        ("net", "v1/dns_lookup_host", json!("a.example")),
        ("oci", "v1/manifest_digest", image.clone()),
        ("oci", "v1/oci_manifest", image.clone()),
        ("oci", "v1/oci_manifest_config", image),
        ("oci", "v2/verify", keyless),
        ("http", "request", json!({"url": "https://a.example/", "method": "GET", "headers": {}})),
        ("chainloop", "discover", json!({"digest": "sha256:a", "kind": "ATTESTATION"})),
    ]
    .map(|(namespace, operation, payload)| (namespace, operation, payload.to_string().into_bytes()))
    .to_vec()
});

/// Asks, and looks at the form of what comes back; `asked` is how much the guest said.
fn ask(world: &World, namespace: &str, operation: &str, payload: &[u8]) -> Option<Value> {
    match world.call(namespace, operation, payload) {
        Ok(answer) => Some(serde_json::from_slice(&answer).expect("an answer is JSON")),
        Err(CallError::Failed(text)) => {
            assert!(!text.is_empty());
            None
        }
        Err(CallError::Unanswerable(text)) => {
            // It goes to a person.
            assert!(text.len() < (16 << 10) + 8 * payload.len(), "{} bytes for {}", text.len(), payload.len());
            None
        }
        Err(CallError::TimedOut) => panic!("a world takes no time"),
    }
}

/// A file that can be read is a world that answers; one that cannot be read is an error that says where.
pub(crate) fn world_file(data: &[u8]) {
    match World::parse(data, "world.yaml", Path::new("/nonexistent")) {
        Ok(world) => {
            for (namespace, operation, payload) in &*CALLS {
                ask(&world, namespace, operation, payload);
            }
        }
        Err(error) => crate::documents::check_place(&error, data, "world.yaml"),
    }
}

/// Any payload of any operation.
pub(crate) fn world_call(data: &[u8]) {
    for path in OPERATIONS.into_iter().chain(CHAINLOOP_OPERATIONS) {
        let (namespace, operation) = path.split_once('/').expect("namespace/operation");
        ask(&FULL, namespace, operation, data);
    }
}

/// A label selector, a field selector and field masks, each a line. What is listed is a part of what there is.
pub(crate) fn selectors(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.split('\n');
    let (labels, fields) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let masks: BTreeSet<&str> = lines.collect();
    let list = |labels: Option<&str>, fields: Option<&str>, masks: &BTreeSet<&str>| {
        let payload = json!({
            "api_version": "v1", "kind": "Pod", "label_selector": labels, "field_selector": fields, "field_masks": masks
        });
        let answer = ask(&FULL, "kubernetes", "list_resources_all", payload.to_string().as_bytes())?;
        Some(answer["items"].as_array().expect("a list has items").clone())
    };
    let none = BTreeSet::new();
    let all = list(None, None, &none).expect("everything can be listed");
    for some in [list(Some(labels), None, &none), list(None, Some(fields), &none)].into_iter().flatten() {
        assert!(some.iter().all(|item| all.contains(item)), "something was listed that is not there");
    }
    let masked = list(None, None, &masks).expect("a mask is never wrong");
    assert_eq!(masked.len(), all.len(), "a mask takes nothing out of the list");
    for (masked, whole) in masked.iter().zip(&all) {
        assert_eq!(masked["metadata"], whole["metadata"]);
        assert!(masked.to_string().len() <= whole.to_string().len());
    }
}

/// A reference of an image, in every operation that takes one.
pub(crate) fn image_reference(data: &[u8]) {
    let image = String::from_utf8_lossy(data);
    let payload = json!(image).to_string().into_bytes();
    let digest = ask(&FULL, "oci", "v1/manifest_digest", &payload);
    for operation in ["v1/oci_manifest", "v1/oci_manifest_config"] {
        ask(&FULL, "oci", operation, &payload);
    }
    let verify = json!({"type": "SigstoreGithubActionsVerify", "image": image, "owner": "octo", "repo": null});
    ask(&FULL, "oci", "v2/verify", verify.to_string().as_bytes());
    if let Some(digest) = digest {
        assert!(digest["digest"].as_str().is_some_and(|digest| digest.starts_with("sha256:")), "{digest}");
    }
}

/// A certificate in either encoding, alone, with itself as its root, and as a key.
pub(crate) fn certificate(data: &[u8]) {
    // As a JSON list of numbers it becomes four times as long, several times.
    if data.len() > 16 << 10 {
        return;
    }
    for encoding in ["Pem", "Der"] {
        let certificate = json!({"encoding": encoding, "data": data});
        for chain in [Value::Null, json!([]), json!([certificate]), json!([certificate, certificate])] {
            let request = json!({"cert": certificate, "cert_chain": chain, "not_after": "2027-06-01T00:00:00Z"});
            if let Some(answer) = ask(&FULL, "crypto", "v1/is_certificate_trusted", request.to_string().as_bytes()) {
                assert!(answer["trusted"].is_boolean(), "{answer}");
                assert_ne!(answer["trusted"] == true, answer["reason"] != "", "{answer}");
            }
        }
    }
    let text = String::from_utf8_lossy(data);
    let verify = json!({"type": "SigstorePubKeyVerify", "image": "registry.example/a:1", "pub_keys": [text]});
    ask(&FULL, "oci", "v2/verify", verify.to_string().as_bytes());
    let verify = json!({
        "type": "SigstoreCertificateVerify", "image": "registry.example/a:1", "certificate": data,
        "certificate_chain": [data], "require_rekor_bundle": false
    });
    ask(&FULL, "oci", "v2/verify", verify.to_string().as_bytes());
    let instant = json!({"cert": {"encoding": "Pem", "data": [0]}, "not_after": text});
    ask(&FULL, "crypto", "v1/is_certificate_trusted", instant.to_string().as_bytes());
}

/// Answers as they are.
struct Says(Vec<u8>);

impl Capabilities for Says {
    fn call(&self, _: &str, _: &str, _: &[u8]) -> Result<Vec<u8>, CallError> {
        Ok(self.0.clone())
    }
}

/// A fault can be injected into any answer.
pub(crate) fn faulty_answer(data: &[u8]) {
    let inner = Arc::new(Says(data.to_vec()));
    for fault in Fault::all() {
        let rule = FaultRule { calls: HostCapabilities::all(), nth: None, fault };
        let faulty = Faulty::new(inner.clone(), [rule.clone()]);
        for (namespace, operation, payload) in &*CALLS {
            match faulty.call(namespace, operation, payload) {
                Ok(answer) if matches!(rule.fault, Fault::Empty | Fault::Many) && answer != data => {
                    let _: Value = serde_json::from_slice(&answer).expect("an answer with this fault is JSON");
                }
                Ok(_) | Err(CallError::Failed(_) | CallError::TimedOut) => {}
                Err(error) => panic!("{error}"),
            }
        }
        for call in faulty.calls() {
            let _ = call.faults();
        }
    }
}
