//! Worlds as policies see them, in WebAssembly on both ABIs and in native unit tests.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;

use admit_host::capabilities::{ContextAware, Grants, World};
use admit_host::{Capabilities, RunOptions};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::capabilities::caller::{call, received, unanswerable};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        modules_are_answered_on_both_abis,
        modules_end_when_nobody_knows_the_answer,
        authorisation_comes_first,
        native_policies_are_answered,
        native_policies_panic_when_nobody_knows_the_answer,
        a_world_is_a_file_or_a_text,
        large_dumps_can_be_read,
        guests_cannot_exhaust_a_world,
    ]
}

const WORLD: &str = r#"
cluster:
  objects:
    - {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: red}}}
  access: [{users: [alice]}]
registry:
  busybox:
    digest: sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    signatures: [{issuer: i, subject: s}]
dns: {db.example: [192.0.2.1]}
"#;

fn world() -> World {
    World::parse(WORLD.as_bytes(), "the world", Path::new(".")).unwrap_or_else(|error| panic!("{error}"))
}

fn options() -> RunOptions {
    RunOptions { capabilities: Arc::new(world()), ..RunOptions::default() }
}

const GET: &str = r#"{"api_version":"v1","kind":"Namespace","name":"shop","disable_cache":false}"#;
const MISSING: &str = r#"{"api_version":"v1","kind":"Namespace","name":"shap","disable_cache":false}"#;
const LIST: &str = r#"{"api_version":"v1","kind":"Namespace","label_selector":"team=red","field_masks":["x"]}"#;
const CAN_I: &str = r#"{"subject_access_review":{"user":"bob","resource_attributes":{"resource":"pods","verb":"get"}},"disable_cache":true}"#;
const VERIFY: &str = r#"{"type":"SigstoreKeylessVerify","image":"busybox","keyless":[{"issuer":"i","subject":"s"}]}"#;

fn modules_are_answered_on_both_abis() {
    let calls = [
        call("kubernetes/get_resource", GET),
        call("kubernetes/get_resource", MISSING),
        call("kubernetes/list_resources_all", LIST),
        call("kubernetes/can_i", CAN_I),
        call("oci/v2/verify", VERIFY),
        call("net/v1/dns_lookup_host", r#""db.example""#),
    ];
    let digest = "a".repeat(64);
    let item = r#"{"metadata":{"annotations":{},"labels":{"team":"red"},"managedFields":[],"name":"shop"}}"#;
    let expected = [
        Ok(r#"{"apiVersion":"v1","kind":"Namespace","metadata":{"labels":{"team":"red"},"name":"shop"}}"#.to_owned()),
        Err("Callback evaluation failure: Cannot find v1/Namespace named 'shap' inside of namespace 'None'".to_owned()),
        Ok(format!(r#"{{"apiVersion":"v1","items":[{item}],"kind":"NamespaceList","metadata":{{}}}}"#)),
        Ok(r#"{"allowed":false}"#.to_owned()),
        Ok(format!(r#"{{"digest":"sha256:{digest}","is_trusted":true}}"#)),
        Ok(r#"{"ips":["192.0.2.1"]}"#.to_owned()),
    ];
    assert_eq!(received(calls, &options()), expected);
}

fn modules_end_when_nobody_knows_the_answer() {
    let text = unanswerable(&[call("net/v1/dns_lookup_host", r#""db.exmaple""#)], options);
    assert_eq!(
        text,
        "the world has no host `db.exmaple`; its only host is `db.example`. To have it, add\n  dns: {\"db.exmaple\": [192.0.2.1]}"
    );
}

fn authorisation_comes_first() {
    let grants = Grants { context_aware_resources: ContextAware::none(), ..Grants::default() };
    let options = RunOptions { grants, ..options() };
    let [denied] = received([call("kubernetes/get_resource", GET)], &options);
    assert!(
        denied.expect_err("nothing is granted").starts_with("Policy has not been granted access to Kubernetes v1/")
    );
}

fn native_policies_are_answered() {
    let host = admit::Host::new(world());
    host.info("log records are dropped");
    assert_eq!(
        host.call("net", "v1/dns_lookup_host", br#""db.example""#).expect("an answer"),
        br#"{"ips":["192.0.2.1"]}"#
    );
    let missing = host.call("kubernetes", "get_resource", MISSING.as_bytes()).expect_err("there is none");
    assert_eq!(missing.kind(), admit::HostErrorKind::NotFound);
}

fn native_policies_panic_when_nobody_knows_the_answer() {
    let host = admit::Host::new(world());
    let panic = std::panic::catch_unwind(AssertUnwindSafe(|| host.call("net", "v1/dns_lookup_host", br#""x""#)));
    let panic = panic.expect_err("there is no such host");
    let text = panic.downcast_ref::<String>().expect("a text");
    assert!(text.starts_with("the world has no host `x`; its only host is `db.example`."), "{text}");
}

fn a_world_is_a_file_or_a_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pod.yaml");
    std::fs::write(&path, "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}}").expect("a file");
    let get = br#"{"api_version":"v1","kind":"Pod","name":"p","namespace":"shop"}"#;
    // A manifest alone is one, and a text can name it.
    let alone = World::open(&path).expect("a world");
    let named = World::parse(b"cluster: {objects: [{file: pod.yaml}]}", "named", folder.path()).expect("a world");
    for world in [alone, named.clone()] {
        assert!(admit::HostClient::call(&world, "kubernetes", "get_resource", get).is_ok());
    }
    let error = World::parse(b"dns: {a: b}", "text", folder.path()).expect_err("an address is a list").to_string();
    assert_eq!(error, "text:1:7: dns.a: must be an array, found the string `b`");
    assert!(World::open(&folder.path().join("missing")).is_err());
}

/// As many as no test should need, of the size that kubectl prints.
fn large_dumps_can_be_read() {
    let pod = |index: usize| {
        json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": format!("pod-{index}"), "namespace": "shop", "uid": index.to_string(), "labels": {"a": "b", "c": "d"}},
            "spec": {
                "nodeName": "node", "serviceAccountName": "default", "restartPolicy": "Always",
                "containers": [{
                    "name": "main", "image": "busybox", "args": ["a", "b", "c"], "env": [{"name": "A", "value": "1"}],
                    "resources": {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "1", "memory": "1Gi"}},
                    "ports": [{"containerPort": 80, "protocol": "TCP"}, {"containerPort": 443, "protocol": "TCP"}],
                    "volumeMounts": [{"name": "v", "mountPath": "/v"}, {"name": "w", "mountPath": "/w"}],
                }],
                "volumes": [{"name": "v", "emptyDir": {}}, {"name": "w", "configMap": {"name": "w"}}],
            },
            "status": {"phase": "Running", "podIP": "192.0.2.1", "conditions": [{"type": "Ready", "status": "True"}]},
        })
    };
    let list =
        json!({"apiVersion": "v1", "kind": "List", "items": (0..3_000).map(pod).collect::<Vec<_>>()}).to_string();
    // JSON is YAML as well.
    for name in ["pods.json", "pods.yaml"] {
        let world = World::parse(list.as_bytes(), name, Path::new(".")).unwrap_or_else(|error| panic!("{error}"));
        let all = br#"{"api_version":"v1","kind":"Pod","field_selector":"status.phase=Running","field_masks":["spec.nodeName"]}"#;
        let answer = admit::HostClient::call(&world, "kubernetes", "list_resources_all", all).expect("a list");
        let answer: Value = serde_json::from_slice(&answer).expect("JSON");
        assert_eq!(answer["items"].as_array().map(Vec::len), Some(3_000));
    }
}

/// The errors are short, and the effort is small, whatever a guest asks.
fn guests_cannot_exhaust_a_world() {
    let long = "x".repeat(1 << 20);
    let world = world();
    let ask = |namespace, operation, payload: Value| {
        let answer = Capabilities::call(&world, namespace, operation, payload.to_string().as_bytes());
        answer.map_err(|error| error.text().to_owned())
    };
    for (namespace, operation, payload) in [
        ("net", "v1/dns_lookup_host", json!(long)),
        ("oci", "v1/manifest_digest", json!(format!("example.com/{}:{}", "x".repeat(200), "y".repeat(100)))),
        ("oci", "v1/manifest_digest", json!(long)),
        ("kubernetes", "list_resources_all", json!({"api_version": long, "kind": long})),
        ("kubernetes", "list_resources_all", json!({"api_version": "v1", "kind": "Pod", "label_selector": long})),
        ("kubernetes", "list_resources_all", json!({"api_version": "v1", "kind": "Pod", "field_selector": long})),
    ] {
        let error = ask(namespace, operation, payload).expect_err("nobody knows that");
        assert!(error.len() < 4_000, "{} bytes: {}", error.len(), &error[..200]);
    }
    let deep = ".x".repeat(1 << 19);
    let masked = json!({"api_version": "v1", "kind": "Namespace", "name": "shop", "field_masks": [deep]});
    assert!(ask("kubernetes", "get_resource", masked).is_ok());
}
