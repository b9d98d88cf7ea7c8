//! `cargo admit run` with a file of policies: which of them are asked.

use serde_json::json;

use crate::support::{Folder, POD};

const VALID: &str = r#"{"valid": true}"#;
const ACCEPTS: &str = r#"{"accepted": true}"#;
const REJECTS: &str = r#"{"accepted": false, "message": "no"}"#;

/// A cluster-wide policy about Pods that are created, with these fields.
fn policy(name: &str, spec: &str) -> String {
    format!(
        "---\napiVersion: policies.kubewarden.io/v1\nkind: ClusterAdmissionPolicy\nmetadata: {{name: {name}}}\nspec:\n  \
         module: policy.wasm\n  mutating: false\n  \
         rules: [{{apiGroups: [\"\"], apiVersions: [v1], resources: [pods], operations: [CREATE]}}]\n{spec}"
    )
}

fn folder(answer: &str, policies: &[String]) -> Folder {
    Folder::new().answers(VALID, answer).file("pod.json", POD).file("p.yaml", policies.concat())
}

#[test]
fn a_policy_that_is_not_asked_has_no_line() {
    let policies = [
        policy("asked", ""),
        policy("never", "  matchConditions: [{name: never, expression: 'false'}]\n"),
        policy("selected", "  objectSelector: {matchLabels: {app: web}}\n"),
    ];
    let folder = folder(REJECTS, &policies);
    let ran = folder.run("run p.yaml --request pod.json").exits(1);
    assert_eq!(ran.json()["status"]["message"], "no");
    ran.tells("clusterwide-asked\nrejected: no")
        .tells("not asked: clusterwide-never: its condition `never` is false\n")
        .tells("not asked: clusterwide-selected: its objectSelector wants `app=web`, and the object is different\n");
    let ran = folder.run("run p.yaml --request pod.json --ignore-rules").exits(1);
    assert_eq!(ran.stdout.lines().count(), 3);
    assert!(!ran.stderr.contains("not asked"), "{}", ran.stderr);
}

#[test]
fn nobody_is_asked() {
    let folder = folder(ACCEPTS, &[policy("never", "  matchConditions: [{name: never, expression: 'false'}]\n")]);
    let ran = folder.run("run p.yaml --request pod.json").exits(2).prints_nothing();
    ran.tells("not asked: clusterwide-never: its condition `never` is false\n")
        .tells("error: nothing was evaluated: no policy is asked about this request");
    folder.run("run p.yaml --request pod.json --ignore-rules").exits(0);
    let ran = folder.run("run p.yaml --request pod.json --operation DELETE").exits(2).prints_nothing();
    ran.tells("none of its rules names DELETE of pods");
}

#[test]
fn what_is_not_known_is_said_and_the_others_are_asked() {
    let selector = "  namespaceSelector: {matchExpressions: [{key: team, operator: In, values: [red]}]}\n";
    let authorizer = "  matchConditions: [{name: may, expression: \"authorizer.group('').resource('pods').check('get').allowed()\"}]\n";
    let folder = folder(ACCEPTS, &[policy("team", selector), policy("may", authorizer), policy("all", "")])
        .file("red.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: red}}\n")
        .file("blue.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: blue}}\n");
    let ran = folder.run("run p.yaml --request pod.json").exits(2);
    assert_eq!(ran.json()["allowed"], true);
    ran.tells("undecided: clusterwide-team: its namespaceSelector wants `team=red`, and nothing says which labels namespace `shop` has")
        .tells("undecided: clusterwide-may: its condition `may` is not evaluated here: `authorizer` asks a cluster")
        .tells("--ignore-rules");
    let ran = folder.run("run p.yaml --request pod.json --world red.yaml").exits(2).tells("clusterwide-team\naccepted");
    assert_eq!(ran.stdout.lines().count(), 2);
    let ran = folder.run("run p.yaml --request pod.json --world blue.yaml").exits(2);
    ran.tells(
        "not asked: clusterwide-team: its namespaceSelector wants `team=red`, and namespace `shop` is different\n",
    );
}

#[test]
fn a_condition_that_fails_rejects() {
    let fails = "  matchConditions: [{name: node, expression: object.spec.nodeName == 'a'}]\n";
    let ran = folder(ACCEPTS, &[policy("a", fails)]).run("run p.yaml --request pod.json").exits(1).prints_nothing();
    ran.tells("rejected by the API server, without asking: clusterwide-a: its condition `node` fails, and its failurePolicy is Fail: there is no `spec`\n");
    let ignored = format!("{fails}  failurePolicy: Ignore\n");
    let folder = folder(ACCEPTS, &[policy("a", &ignored), policy("b", "")]);
    folder.run("run p.yaml --request pod.json").exits(0).tells("not asked: clusterwide-a: its condition `node` fails");
}

#[test]
fn a_policy_that_no_cluster_takes_is_an_error() {
    let of = |spec: &str| {
        folder(ACCEPTS, &[policy("a", spec)]).run("run p.yaml --request pod.json").exits(2).prints_nothing()
    };
    of("  matchConditions: [{name: a, expression: request.object.kind == 'Pod'}]\n")
        .tells("p.yaml:9:31: spec.matchConditions[0].expression: is not a condition: the request of a condition has no field `object`; write `object`");
    of("  matchPolicy: Same\n").tells("spec.matchPolicy: `Same` is not one of `Equivalent` and `Exact`");
}

#[test]
fn the_audit_scanner_looks_at_rules_and_selectors() {
    let policies = [
        policy("asked", ""),
        policy("selected", "  objectSelector: {matchLabels: {app: web}}\n"),
        policy("condition", "  matchConditions: [{name: never, expression: 'false'}]\n"),
    ];
    let ran = folder(REJECTS, &policies).run("run p.yaml --request pod.json --audit").exits(1);
    assert_eq!(ran.stdout.lines().count(), 2);
    ran.tells("clusterwide-asked\nrejected")
        .tells("not asked: clusterwide-selected")
        .tells("clusterwide-condition\nrejected");
}

#[test]
fn policies_without_rules_are_asked_and_that_is_said() {
    let text = "apiVersion: policies.kubewarden.io/v1\nkind: ClusterAdmissionPolicy\nmetadata: {name: a}\nspec: {module: policy.wasm}\n";
    let ran = folder(ACCEPTS, &[text.to_owned()]).run("run p.yaml --request pod.json").exits(0);
    ran.tells("note: clusterwide-a: it has no rules, with which Kubewarden does not take it");
    let ran = folder(ACCEPTS, &["a: {module: policy.wasm}\n".to_owned()]).run("run p.yaml --request pod.json").exits(0);
    assert!(!ran.stderr.contains("note"), "{}", ran.stderr);
}

#[test]
fn a_list_of_policies_is_the_policies_in_it() {
    let item = |name: &str| {
        json!({
            "apiVersion": "policies.kubewarden.io/v1", "kind": "ClusterAdmissionPolicy", "metadata": {"name": name},
            "spec": {"module": "policy.wasm", "mutating": false, "settings": {},
                "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"]}]},
            "status": {"policyStatus": "active"},
        })
    };
    let list = json!({"apiVersion": "v1", "kind": "List", "items": [item("a"), item("b")], "metadata": {"resourceVersion": ""}});
    let ran = folder(ACCEPTS, &[list.to_string()]).run("run p.yaml --request pod.json").exits(0);
    assert_eq!(ran.stdout.lines().count(), 2);
    ran.tells("clusterwide-a\n").tells("clusterwide-b\n");
}
