//! `cargo admit run` as policies are deployed: modes, audit, versions, files of policies.

use serde_json::{Value, json};

use crate::support::{Folder, POD, fixtures};

const VALID: &str = r#"{"valid": true}"#;
const REJECTS: &str = r#"{"accepted": false, "message": "no", "code": 403}"#;
const MUTATES: &str = r#"{"accepted": true, "mutated_object": {"a": 1}}"#;

fn lines(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn what_is_made_of_the_answer() {
    let rejects = Folder::new().answers(VALID, REJECTS).file("pod.json", POD);
    let ran = rejects.run("run policy.wasm --request pod.json --mode monitor").exits(0);
    assert_eq!((&ran.json()["allowed"], ran.json().get("status")), (&json!(true), None));
    ran.tells("mode monitor lets in what the policy rejected");
    let ran = rejects.run("run policy.wasm --request pod.json --rejection-message ask").exits(1);
    let cause = json!([{"reason": null, "message": "no", "field": null}]);
    assert_eq!(ran.json()["status"], json!({"message": "ask", "details": {"causes": cause}, "code": 403}));
    rejects.run("run policy.wasm --request pod.json --mode Monitor").exits(2).tells("use protect or monitor");

    let mutates = Folder::new().answers(VALID, MUTATES).file("pod.json", POD);
    let ran = mutates.run("run policy.wasm --request pod.json --forbid-mutation").exits(1);
    ran.tells("rejected: Request rejected by policy policy.wasm. The policy attempted to mutate the request");
    let trap = Folder::new().module("trap").file("pod.json", POD);
    let ran = trap.run("run policy.wasm --request pod.json --mode monitor").exits(3);
    assert_eq!(ran.json()["allowed"], true);
}

#[test]
fn metadata_are_honoured() {
    let folder = Folder::new()
        .answers(VALID, r#"{"accepted": true}"#)
        .metadata(
            r#"{"rules": [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"]}],
            "mutating": false, "policyType": "raw", "minimumKubewardenVersion": "1.99.0"}"#,
        )
        .file("doc.json", "[1]");
    let ran = folder.run("run policy.wasm --request doc.json").exits(2).prints_nothing();
    ran.tells("Policy required Kubewarden version 1.99.0 but is running on 1.36.0");
    folder.run("run policy.wasm --request doc.json --kubewarden-version 1.99.1").exits(0);
    let ran = folder.run("run policy.wasm --request doc.json --kubewarden-version 2.0.0 --user a").exits(2);
    ran.tells("a raw request is sent as it is");
    folder.run("run policy.wasm --request doc.json --kubewarden-version 2.0.0 --audit").exits(2).tells("is a raw one");
}

#[test]
fn the_audit_scanner() {
    let folder = |metadata: &str| Folder::new().answers(VALID, REJECTS).metadata(metadata).file("pod.json", POD);
    let rule = r#"{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"]}"#;
    let asked = folder(&format!(r#"{{"rules": [{rule}], "mutating": false}}"#));
    asked.run("run policy.wasm --request pod.json --audit").exits(1);
    asked.run("run policy.wasm --request pod.json --audit --mode monitor").exits(2);
    let ran = folder(&format!(r#"{{"rules": [{rule}], "mutating": false, "backgroundAudit": false}}"#));
    let ran = ran.run("run policy.wasm --request pod.json --audit").exits(2).prints_nothing();
    ran.tells("nothing was evaluated: the audit scanner skips this policy: its backgroundAudit is false");
}

const POLICIES: &str = "\
apiVersion: policies.kubewarden.io/v1
kind: ClusterAdmissionPolicy
metadata: {name: one}
spec: {module: policy.wasm, mode: monitor}
---
apiVersion: policies.kubewarden.io/v1
kind: AdmissionPolicy
metadata: {name: two, namespace: shop}
spec: {module: 'registry://example.com/p:v1', message: ask, backgroundAudit: false}
---
apiVersion: policies.kubewarden.io/v1
kind: ClusterAdmissionPolicyGroup
metadata: {name: three}
spec: {expression: a() && b(), message: the group says no, policies: {a: {module: policy.wasm}, b: {module: policy.wasm}}}
";

#[test]
fn a_file_of_policies_is_a_line_for_each() {
    let folder = Folder::new().answers(VALID, REJECTS).file("pod.json", POD).file("policies.yaml", POLICIES);
    let run = "run policies.yaml --request pod.json --module registry://example.com/p:v1=policy.wasm";
    let ran = folder.run(run).exits(1);
    let lines = lines(&ran.stdout);
    assert_eq!(lines.iter().map(|line| line["allowed"].clone()).collect::<Vec<_>>(), [true, false, false]);
    assert_eq!(lines[1]["status"]["message"], "ask");
    let causes = json!([{"reason": null, "message": "no", "field": "spec.policies.a"}]);
    assert_eq!(lines[2]["status"], json!({"message": "the group says no", "details": {"causes": causes}}));
    ran.tells("clusterwide-one\n")
        .tells("namespaced-shop-two\n")
        .tells("clusterwide-group-three\nrejected: the group")
        .tells("a() = false: no")
        .tells("b() was not asked");

    let ran = folder.run(&format!("{run} --audit")).exits(1);
    // Nothing is made of the answers: the policy in mode monitor rejects, too.
    let answers = self::lines(&ran.stdout);
    assert_eq!(answers.iter().map(|line| line["allowed"].clone()).collect::<Vec<_>>(), [false, false]);
    ran.tells("skipped: namespaced-shop-two: the audit scanner skips this policy: its backgroundAudit is false");
}

#[test]
fn files_of_policies_that_are_wrong() {
    let folder = Folder::new().answers(VALID, REJECTS).file("pod.json", POD).file("policies.yaml", POLICIES);
    let run = |arguments: &str| folder.run(&format!("run {arguments} --request pod.json")).exits(2).prints_nothing();
    run("policies.yaml")
        .tells("policies.yaml:9:8: spec.module: `registry://example.com/p:v1` is not downloaded")
        .tells("--module ");
    let module = "--module registry://example.com/p:v1=policy.wasm";
    run(&format!("policies.yaml {module} --settings-json {{}}")).tells("`--settings-json` does not go with a file");
    run(&format!("policies.yaml {module} --raw")).tells("`--raw` does not go with a file of policies");
    run(&format!("policies.yaml {module} --mode monitor")).tells("`--mode` does not go with a file of policies");
    run(&format!("policies.yaml {module} --module a=b")).tells("no policy in the file has the module `a`");
    run("policy.wasm --module a=b").tells("goes with a .yml or .yaml file");
    run("none.yaml").tells("none.yaml: cannot read this file");
}

#[test]
fn a_recording_replaces_no_file_of_policies_and_no_module() {
    let folder = Folder::new().answers(VALID, REJECTS).file("pod.json", POD).file("policies.yaml", POLICIES);
    let module = std::fs::read(folder.path().join("policy.wasm")).expect("a module");
    let folder = folder.file("two.wasm", module).file("world.yaml", "dns: {}\n");
    let run = "run policies.yaml --request pod.json --world world.yaml --module registry://example.com/p:v1=two.wasm";
    for (output, told) in [
        ("policies.yaml", "is the file of policies"),
        ("policy.wasm", "is a module that policies.yaml names"),
        ("two.wasm", "is a module that policies.yaml names"),
        ("pod.json", "is what `--request` names"),
        ("world.yaml", "is what `--world` names"),
    ] {
        let before = std::fs::read(folder.path().join(output)).expect("a file");
        folder.run(&format!("{run} --record {output}")).exits(2).prints_nothing().tells(output).tells(told);
        assert!(std::fs::read(folder.path().join(output)).expect("a file") == before, "{output} was written");
    }
    folder.run(&format!("{run} --record s.yml")).exits(1);
}

#[test]
fn a_run_that_fails_and_a_recording_that_cannot_be_written_are_both_told() {
    let text = std::fs::read_to_string(fixtures().join("modules/lookup.wat")).expect("a fixture");
    let module = wat::parse_str(text.replace("{SECTION}", "unknown")).expect("valid text");
    let folder = Folder::new()
        .file("policy.wasm", module)
        .file("pod.json", POD)
        .file("other.yaml", "dns: {b.example: []}\n")
        .file("p.yml", "a: {module: policy.wasm, hostCapabilities: ['*']}\n");
    for policy in ["policy.wasm", "p.yml"] {
        let ran =
            folder.run(&format!("run {policy} --request pod.json --world other.yaml --record none/s.yml")).exits(2);
        ran.prints_nothing().tells("a.example").tells("error: cannot write the session to none/s.yml");
    }
}

#[test]
fn settings_are_checked_before_anything_is_answered() {
    let folder = |settings: &str| {
        Folder::new().answers(settings, REJECTS).file("pod.json", POD).file("p.yml", "a: {module: policy.wasm}\n")
    };
    let ran = folder(r#"{"valid": false, "message": "bad"}"#).run("run p.yml --request pod.json").exits(2);
    ran.prints_nothing().tells("error: a: Policy settings are invalid: bad\n");
    let ran = folder(r#"{"valid": false}"#).run("run p.yml --request pod.json").exits(2);
    ran.tells("a: Policy settings are invalid: no message\n");
    let ran = folder("{}").run("run p.yml --request pod.json").exits(3).prints_nothing();
    ran.tells("a: Policy settings are invalid: error: ");
}

#[test]
fn a_time_limit_of_its_own() {
    // Its settings are valid, and it never answers about a request.
    let loops = r#"(module
  (import "wapc" "__guest_response" (func $respond (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "{\"valid\":true}")
  (func (export "__guest_call") (param $operation i32) (param i32) (result i32)
    (if (i32.ne (local.get $operation) (i32.const 17)) (then (loop $forever (br $forever))))
    (call $respond (i32.const 0) (i32.const 14))
    (i32.const 1)))"#;
    let folder = Folder::new()
        .file("policy.wat", loops)
        .file("pod.json", POD)
        .file("p.yml", "a: {module: policy.wat, timeoutEvalSeconds: 1}\n");
    folder.run("run p.yml --request pod.json").exits(3).tells("longer than 1s");
    // What is said on the command line goes before it.
    folder.run("run p.yml --request pod.json --timeout 0.3").exits(3).tells("longer than 300ms");
    folder.run("run p.yml --request pod.json --timeout 1.5").exits(3).tells("longer than 1.5s");
}

#[test]
fn a_crate_in_a_file_of_policies_is_built() {
    let folder = Folder::new().krate("program").file("pod.json", POD).file("p.yml", "a: {module: program}\n");
    let ran = folder.run("run p.yml --request pod.json --build").exits(0);
    assert_eq!(ran.json()["allowed"], true);
}
