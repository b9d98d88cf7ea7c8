//! `cargo admit run` with several objects, and for programs.

use serde_json::{Value, json};

use crate::support::{Folder, POD};

const VALID: &str = r#"{"valid": true}"#;
const ACCEPTS: &str = r#"{"accepted": true}"#;
const REJECTS: &str = r#"{"accepted": false, "message": "no"}"#;

const CHART: &str = "\
# Source: shop/templates/pod.yaml
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
---
# Source: shop/templates/empty.yaml
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: web, namespace: shop}}
- {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}}
";

const POLICIES: &str = "\
apiVersion: policies.kubewarden.io/v1
kind: ClusterAdmissionPolicy
metadata: {name: pods}
spec: {module: policy.wasm, rules: [{apiGroups: [''], apiVersions: [v1], resources: [pods], operations: [CREATE]}]}
---
apiVersion: policies.kubewarden.io/v1
kind: ClusterAdmissionPolicy
metadata: {name: services}
spec: {module: policy.wasm, rules: [{apiGroups: [''], apiVersions: [v1], resources: [services], operations: [CREATE]}]}
";

fn folder(answer: &str) -> Folder {
    Folder::new().answers(VALID, answer).file("chart.yaml", CHART).file("p.yaml", POLICIES).file("pod.json", POD)
}

#[test]
fn each_object_is_a_line() {
    let ran = folder(REJECTS).run("run policy.wasm -r chart.yaml").exits(1);
    assert_eq!(ran.stdout.lines().count(), 3);
    ran.tells("Pod shop/web\nrejected: no")
        .tells("ConfigMap shop/web\nrejected: no")
        .tells("Service shop/web\nrejected: no")
        .tells("3 objects: 3 rejected\n");
    folder(ACCEPTS).run("run policy.wasm -r chart.yaml").exits(0).tells("3 objects: 3 accepted\n");
    let from_stdin = folder(ACCEPTS).run_with("run policy.wasm -r -", CHART, &[]).exits(0);
    assert_eq!(from_stdin.stdout.lines().count(), 3);
}

#[test]
fn objects_that_no_rule_is_about_are_listed() {
    let ran = folder(REJECTS).run("run p.yaml -r chart.yaml").exits(1);
    assert_eq!(ran.stdout.lines().count(), 2);
    ran.tells("ConfigMap shop/web\nnot asked: clusterwide-pods: none of its rules names configmaps\n")
        .tells("3 objects: 2 rejected, 1 about which no policy is asked\n")
        .tells("no policy is asked about:\n  ConfigMap shop/web\n");
    let none = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n";
    let ran = folder(ACCEPTS).file("none.yaml", none).run("run p.yaml -r none.yaml").exits(2).prints_nothing();
    ran.tells("error: nothing was evaluated: no policy is asked about any of the 2 objects");

    let of_pods = r#"{"rules": [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"]}], "mutating": false}"#;
    let ran = folder(ACCEPTS).metadata(of_pods).run("run policy.wasm -r chart.yaml").exits(0);
    assert_eq!(ran.stdout.lines().count(), 3);
    ran.tells(
        "3 objects: 3 accepted\nno rule in the policy's metadata is about:\n  ConfigMap shop/web\n  Service shop/web\n",
    );
}

#[test]
fn the_exit_code_is_that_of_the_worst() {
    let trap = Folder::new().module("trap").file("chart.yaml", CHART);
    let ran = trap.run("run policy.wasm -r chart.yaml").exits(3).tells("3 objects: 3 failed\n");
    assert_eq!(ran.stdout.lines().count(), 3);
    let wrong = format!("{CHART}---\napiVersion: v1\nkind: Pod\nmetadata: {{name: 1}}\n");
    let ran = folder(ACCEPTS).file("wrong.yaml", wrong).run("run policy.wasm -r wrong.yaml").exits(2).prints_nothing();
    ran.tells("wrong.yaml:16:12: metadata.name: must be a string");
    let ran = folder(ACCEPTS).run("run policy.wasm -r chart.yaml --name a").exits(2).prints_nothing();
    ran.tells("chart.yaml: holds 3 objects, and the name is that of one of them");
}

#[test]
fn stored_objects_are_audited_one_by_one() {
    let ran = folder(ACCEPTS).run("run p.yaml -r chart.yaml --audit").exits(0);
    assert_eq!(ran.stdout.lines().count(), 2);
    ran.tells("3 objects: 2 accepted, 1 about which no policy is asked\n");
}

#[test]
fn a_document_for_programs() {
    let ran = folder(REJECTS).run("run p.yaml -r chart.yaml --format json").exits(1);
    let document: Value = serde_json::from_str(&ran.stdout).expect("one document");
    let outcomes: Vec<_> =
        document["results"].as_array().expect("results").iter().map(|line| line["outcome"].clone()).collect();
    assert_eq!(outcomes, ["rejected", "not-asked", "not-asked", "not-asked", "not-asked", "rejected"]);
    let first = &document["results"][0];
    assert_eq!((&first["policy"], &first["response"]["allowed"]), (&json!("clusterwide-pods"), &json!(false)));
    let object = json!({"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "web", "operation": "CREATE", "subResource": null});
    assert_eq!(first["object"], object);
    assert_eq!(document["results"][1]["reason"], "none of its rules names pods");
    assert_eq!(document["unmatched"][0]["kind"], "ConfigMap");
    let summary = json!({"objects": 3, "accepted": 0, "rejected": 2, "failed": 0, "unanswerable": 0, "undecided": 0, "not_asked": 1});
    assert_eq!(document["summary"], summary);

    let ran = folder(ACCEPTS).run("run policy.wasm -r pod.json --format json").exits(0);
    let document: Value = serde_json::from_str(&ran.stdout).expect("one document");
    assert_eq!(document["results"][0]["policy"], "policy.wasm");
    assert_eq!(document["results"][0]["outcome"], "accepted");
    let ran = folder(ACCEPTS).run("run p.yaml -r pod.json --format json --operation DELETE").exits(2);
    let document: Value = serde_json::from_str(&ran.stdout).expect("one document");
    assert_eq!(document["results"][0]["outcome"], "not-asked");
}

#[test]
fn the_kind_decides_the_operation() {
    let scale = "apiVersion: autoscaling/v1\nkind: Scale\nmetadata: {name: web, namespace: shop}\nspec: {replicas: 4}\nstatus: {replicas: 1}\n";
    let ran = folder(ACCEPTS).file("scale.yaml", scale).run("run policy.wasm -r scale.yaml --format json").exits(0);
    let document: Value = serde_json::from_str(&ran.stdout).expect("one document");
    assert_eq!(document["results"][0]["object"]["operation"], "UPDATE");
    assert_eq!(document["results"][0]["object"]["subResource"], "scale");
    ran.tells("note: a Scale is sent as an UPDATE").tells("assumed the Deployment `web`");
}

#[test]
fn kwctls_names_of_options() {
    let folder = folder(ACCEPTS).file("s.json", "{}").file("world.yaml", "dns: {}\n");
    folder.run("run --settings-path s.json --request-path pod.json -e kubewarden policy.wasm").exits(0);
    folder.run("run -s s.json -r pod.json --execution-mode kubewarden-wapc policy.wasm").exits(0);
    let ran = folder.run("run -r pod.json -e wasi policy.wasm").exits(2).prints_nothing();
    ran.tells("policy.wasm: `--execution-mode` does not fit: this is a wapc policy");
    folder
        .run("run -r pod.json -e opa p.yaml")
        .exits(2)
        .tells("`--execution-mode` does not go with a file of policies");
    folder.run("run policy.wasm -r pod.json --allowed-host-capabilities oci/* net/v1/dns_lookup_host").exits(0);
    folder.run("run policy.wasm -r pod.json --allowed-host-capabilities").exits(0);
    let ran = folder.run("run policy.wasm -r pod.json --allowed-host-capabilities nothing/*").exits(2);
    ran.tells("Invalid host capabilities pattern");
    let recorded =
        folder.run("run policy.wasm -r pod.json --world world.yaml --record-host-capabilities-interactions s.yml");
    recorded.exits(0);
    folder.run("run policy.wasm -r pod.json --replay-host-capabilities-interactions s.yml").exits(0);
}

#[test]
fn an_empty_list_grants_nothing() {
    let text = std::fs::read_to_string(crate::support::fixtures().join("modules/lookup.wat")).expect("a fixture");
    let module = wat::parse_str(text.replace("{SECTION}", "unknown")).expect("valid text");
    let folder = Folder::new()
        .file("policy.wasm", module)
        .file("pod.json", POD)
        .file("world.yaml", "dns: {a.example: [192.0.2.1]}\n");
    let run = "run policy.wasm -r pod.json --world world.yaml";
    let granted = folder.run(&format!("{run} --allowed-host-capabilities net/*"));
    let denied = folder.run(&format!("{run} --allowed-host-capabilities"));
    assert!(!granted.stderr.contains("not been granted"), "{}", granted.stderr);
    denied.tells("has not been granted access to the 'net/v1/dns_lookup_host' host capability");
}
