//! `cargo admit scaffold`.

use serde_json::json;

use crate::support::{Folder, METADATA, POD};

fn policy() -> Folder {
    let folder = Folder::new().answers("{}", r#""v1""#).file("metadata.yml", METADATA);
    folder.run("annotate policy.wasm --metadata metadata.yml -o annotated.wasm").exits(0);
    folder
}

#[test]
fn a_manifest() {
    let folder = policy().file("settings.yml", "required: [owner]\n");
    let ran = folder.run("scaffold manifest annotated.wasm -t ClusterAdmissionPolicy --settings settings.yml").exits(0);
    let ran = ran
        .prints("kind: ClusterAdmissionPolicy\n")
        .prints("  module: registry://ghcr.io/acme/policies/labels:v1.2.3\n");
    ran.prints("    required:\n    - owner\n").tells("note: the policy reads apps/v1/Deployment and is not granted it");
    let ran =
        folder.run("scaffold manifest annotated.wasm -t ClusterAdmissionPolicy --allow-context-aware --title mine");
    ran.exits(0)
        .prints("  name: mine\n")
        .prints("  contextAwareResources:\n  - apiVersion: apps/v1\n    kind: Deployment");
    folder
        .run("scaffold manifest annotated.wasm -t AdmissionPolicy --title Mine")
        .exits(2)
        .tells("Invalid title 'Mine'");
    let ran = folder.run("scaffold manifest policy.wasm -t AdmissionPolicy").exits(2).prints_nothing();
    ran.tells("No Kubewarden metadata found inside of 'policy.wasm'").tells("cargo admit annotate");
}

#[test]
fn a_manifest_that_nobody_asks() {
    let note = |metadata: &str| {
        let folder = Folder::new().answers("{}", r#""v1""#).file("metadata.yml", metadata);
        folder.run("annotate policy.wasm --metadata metadata.yml -o annotated.wasm").exits(0);
        folder
            .run("scaffold manifest annotated.wasm -t ClusterAdmissionPolicy --title a")
            .exits(0)
            .prints("rules: []")
            .stderr
    };
    assert!(
        note("rules: []\nmutating: false\npolicyType: raw\n")
            .contains("note: the policy is a raw one: an API server never asks it")
    );
    assert!(note("rules: []\nmutating: false\n").contains("note: the policy declares no rules"));
}

#[test]
fn a_manifest_is_a_file_of_policies() {
    let folder = policy().file("settings.yml", "required: [owner]\n").file("pod.json", POD);
    let annotated = "--module registry://ghcr.io/acme/policies/labels:v1.2.3=annotated.wasm";
    let mut folder = folder;
    for (kind, more, id) in [
        ("ClusterAdmissionPolicy", "--allow-context-aware --settings settings.yml", "clusterwide-labels"),
        ("ClusterAdmissionPolicy", "", "clusterwide-labels"),
        ("AdmissionPolicy", "--settings settings.yml", "namespaced-default-labels"),
    ] {
        let manifest = folder.run(&format!("scaffold manifest annotated.wasm -t {kind} {more}")).exits(0).stdout;
        assert!(!manifest.contains("hostCapabilities"), "no such field:\n{manifest}");
        folder = folder.file("p.yaml", manifest);
        // It was read: this is the answer of the policy that it names.
        let ran = folder.run(&format!("run p.yaml --request pod.json {annotated}")).exits(3);
        ran.tells(&format!("{id}: Policy settings are invalid"));
    }
}

#[test]
fn a_package_for_artifact_hub() {
    let folder = policy().file("questions.yml", "questions: []\n");
    let arguments = "scaffold artifacthub --metadata metadata.yml";
    let ran = folder.run(&format!("{arguments} --created-at 2026-01-31T12:00:00+01:00")).exits(0);
    ran.prints("createdAt: \"2026-01-31T12:00:00+01:00\"\n").prints("image: ghcr.io/acme/policies/labels:v1.2.3\n");
    let epoch = [("SOURCE_DATE_EPOCH", "0")];
    let ran = folder.run_with(&format!("{arguments} --questions questions.yml"), "", &epoch).exits(0);
    let ran = ran.prints("createdAt: \"1970-01-01T00:00:00Z\"\n").prints("kubewarden/questions-ui: ");
    // The module carries the same.
    let same = "scaffold artifacthub --metadata annotated.wasm --questions questions.yml";
    assert_eq!(folder.run_with(same, "", &epoch).exits(0).stdout, ran.stdout);
    folder.run(arguments).exits(0).prints("createdAt: \"2");
    folder.run(&format!("{arguments} --created-at yesterday")).exits(2).tells("`yesterday` is not a time such as");
    folder.run_with(arguments, "", &[("SOURCE_DATE_EPOCH", "x")]).exits(2).tells("SOURCE_DATE_EPOCH").prints_nothing();
    let folder = folder.file("bare.yml", "rules: []\nmutating: false\n");
    folder
        .run("scaffold artifacthub --metadata bare.yml")
        .exits(2)
        .tells("bare.yml: no annotations in policy metadata");
}

#[test]
fn an_admission_request() {
    let folder = Folder::new().file("pod.json", POD).file("request.json", r#"{"uid": "1", "operation": "CREATE"}"#);
    let request = |arguments: &str| {
        let ran = folder.run(&format!("scaffold admission-request {arguments}")).exits(0);
        serde_json::from_str::<serde_json::Value>(&ran.stdout).expect("JSON")
    };
    let create = request("-o CREATE --object pod.json");
    assert_eq!(create["resource"], json!({"group": "", "version": "v1", "resource": "pods"}));
    assert_eq!((&create["operation"], &create["oldObject"]), (&json!("CREATE"), &json!(null)));
    let uid = create["uid"].as_str().expect("a uid").to_owned();
    assert_eq!(create["userInfo"]["username"], "kubernetes-admin");
    let update = request("-o UPDATE --object pod.json --old-object pod.json");
    assert_eq!((&update["operation"], &update["oldObject"]), (&json!("UPDATE"), &update["object"]));
    for given in ["--object", "--old-object"] {
        let delete = request(&format!("-o DELETE {given} pod.json"));
        assert_eq!((&delete["object"], &delete["oldObject"]["kind"]), (&json!(null), &json!("Pod")));
    }
    let refused =
        |arguments: &str| folder.run(&format!("scaffold admission-request {arguments}")).exits(2).prints_nothing();
    refused("-o UPDATE --object pod.json").tells("--old-object FILE");
    refused("-o CREATE --old-object pod.json").tells("CREATE needs `--object FILE`");
    refused("-o CREATE --object request.json").tells("expected a Kubernetes object");
    refused("-o CREATE").tells("--object");
    let help = folder.run("scaffold admission-request --help").exits(0);
    help.prints("the request that `cargo admit run` makes").prints("test-user").prints("kubernetes-admin").prints(&uid);
}
