//! Mutations by real modules on both ABIs, with the patch that the host computes. Every object has a field that nobody has
//! heard of, and none of them may be lost, whatever the way to edit.

use std::sync::LazyLock;

use admit_host::outcome::{EvaluationOutcome, Failure};
use admit_host::{CompiledPolicy, RunOptions};
use libtest_mimic::Trial;
use serde_json::{Map, Value, json};

use super::Built;
use crate::support;

pub(super) static MUTATOR: LazyLock<Built> = LazyLock::new(|| Built::new("tests/guests/rust/mutator"));

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = trials![a_delete_has_nothing_to_edit, a_place_that_is_not_there_is_an_error_with_its_pointer];
    for (group, kind, spec) in KINDS {
        for edit in ["nothing", "same", "pointers", "views", "closure", "patch", "merge"] {
            trials.push(Trial::test(format!("sdk::mutation::{kind}::{edit}"), move || {
                fields_from_the_future_survive(group, kind, spec, edit);
                Ok(())
            }));
        }
    }
    trials
}

/// Group and kind, and where the kind keeps its pod spec.
const KINDS: [(&str, &str, &str); 3] = [
    ("", "Pod", "/spec"),
    ("apps", "Deployment", "/spec/template/spec"),
    ("batch", "CronJob", "/spec/jobTemplate/spec/template/spec"),
];

/// An object of a kind, with something of everything that is edited.
fn object(kind: &str, spec: &str) -> Value {
    let pod_spec = json!({
        "containers": [
            {"name": "a", "image": "a:1", "env": [{"name": "EDITED", "value": "no"}], "resources": {"limits": {"cpu": "1"}}},
            {"name": "b", "image": "b:1", "securityContext": {"privileged": true}},
        ],
        "initContainers": [{"name": "i", "image": "i:1"}],
        "ephemeralContainers": null,
        "hostNetwork": true,
        "volumes": [{"name": "v", "emptyDir": {}}],
    });
    let mut object = json!({
        "kind": kind,
        "metadata": {"name": "web", "labels": {"app": "web"}, "annotations": {"old": "x"}, "finalizers": ["example.com/first"]},
    });
    let mut at = &mut object;
    for key in spec.split('/').skip(1) {
        at = &mut at[key];
    }
    *at = pod_spec;
    object
}

/// Adds a field to every object, at any depth; it comes with the numbers that are hard to keep.
fn from_the_future(value: &mut Value) -> usize {
    match value {
        Value::Object(map) => {
            let inner: usize = map.values_mut().map(from_the_future).sum();
            let numbers = r#"[18446744073709551615, -9223372036854775808, 9007199254740993, 2.0, 1e3, -0.0, 0.1]"#;
            let numbers: Value = serde_json::from_str(numbers).expect("JSON");
            map.insert(
                "fromTheFuture".to_owned(),
                json!({"a/b~c": [null, {"ü": "\u{1F600}\u{0}"}], "numbers": numbers}),
            );
            inner + 1
        }
        Value::Array(items) => items.iter_mut().map(from_the_future).sum(),
        _ => 0,
    }
}

/// What an edit has to do, and nothing else.
fn expected(edit: &str, spec: &str) -> Value {
    let label = |value: &str| json!({"op": "add", "path": "/metadata/labels/edited", "value": value});
    match edit {
        "pointers" => json!([
            {"op": "remove", "path": "/metadata/annotations/old"},
            {"op": "add", "path": "/metadata/finalizers/1", "value": "example.com/last"},
            label("pointers"),
            {"op": "add", "path": "/new", "value": {"parents": {"are": {"made": [1, 2]}}}},
        ]),
        "closure" => json!([label("closure")]),
        "patch" => json!([label("patch")]),
        "merge" => json!([{"op": "remove", "path": "/metadata/annotations/old"}, label("merge")]),
        "views" => {
            let image = |list: &str, index: usize, image: &str| json!({"op": "replace", "path": format!("{spec}/{list}/{index}/image"), "value": format!("mirror.example/{image}")});
            let env = json!([{"name": "EDITED", "value": "views"}]);
            let mut all = vec![
                json!({"op": "replace", "path": format!("{spec}/containers/0/env/0/value"), "value": "views"}),
                image("containers", 0, "a:1"),
                json!({"op": "add", "path": format!("{spec}/containers/1/env"), "value": env}),
                image("containers", 1, "b:1"),
                json!({"op": "replace", "path": format!("{spec}/hostNetwork"), "value": false}),
                json!({"op": "add", "path": format!("{spec}/initContainers/0/env"), "value": env}),
                image("initContainers", 0, "i:1"),
                label("views"),
            ];
            all.push(match spec {
                "/spec" => json!({"op": "add", "path": "/metadata/annotations/edited", "value": "views"}),
                _ => {
                    let template = spec.trim_end_matches("/spec");
                    json!({"op": "add", "path": format!("{template}/metadata"), "value": {"annotations": {"edited": "views"}}})
                }
            });
            Value::Array(all)
        }
        _ => json!([]),
    }
}

fn run(policy: &CompiledPolicy, request: &Value, edit: &str) -> EvaluationOutcome {
    let settings: Map<String, Value> = [("edit".to_owned(), edit.into())].into_iter().collect();
    policy.validate(&support::request(&request.to_string()), &settings, &RunOptions::default())
}

fn fields_from_the_future_survive(group: &str, kind: &str, spec: &str, edit: &str) {
    let mut object = object(kind, spec);
    let objects = from_the_future(&mut object);
    assert!(objects > 10, "{objects} objects");
    let request = json!({
        "operation": "CREATE",
        "kind": {"group": group, "version": "v1", "kind": kind},
        "object": object,
    });
    for (abi, policy) in MUTATOR.each() {
        let outcome = run(policy, &request, edit);
        let answer = outcome.result.as_ref().unwrap_or_else(|failure| panic!("{abi}: {failure}"));
        let ops = |patch: Value| -> Vec<String> {
            let mut ops: Vec<String> = patch.as_array().unwrap().iter().map(Value::to_string).collect();
            // The order of the operations says nothing here: none of them depends on another.
            ops.sort();
            ops
        };
        let patch = outcome.patch.map_or(json!([]), |patch| serde_json::to_value(patch).unwrap());
        assert_eq!(ops(patch), ops(expected(edit, spec)), "{abi}");
        // An edit that changes nothing does not even reach the host.
        let edited = !matches!(edit, "nothing" | "same");
        assert_eq!(answer.mutated_object.is_some(), edited, "{abi}");
        if let Some(mutated) = &answer.mutated_object {
            let count = |value: &Value| value.to_string().matches("\"fromTheFuture\":{\"a/b~c\":").count();
            assert_eq!(count(mutated), objects, "{abi}");
        }
    }
}

fn a_delete_has_nothing_to_edit() {
    let request = json!({
        "operation": "DELETE",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "oldObject": object("Pod", "/spec"),
    });
    for (abi, policy) in MUTATOR.each() {
        let failure = run(policy, &request, "closure").result.unwrap_err();
        assert_eq!(failure, Failure::Guest("there is no object to edit: the request is a DELETE".into()), "{abi}");
    }
}

fn a_place_that_is_not_there_is_an_error_with_its_pointer() {
    let request = json!({"operation": "CREATE", "object": object("Pod", "/spec")});
    for (abi, policy) in MUTATOR.each() {
        let failure = run(policy, &request, "wrong").result.unwrap_err();
        let expected = "/metadata/name: expected an object or an array, found a string";
        assert_eq!(failure, Failure::Guest(expected.into()), "{abi}");
        // Outside of what the SDK can promise, and still readable: `Value` panics where the type is another one.
        let request = json!({"operation": "CREATE", "object": {"metadata": {"labels": "x"}}});
        let outcome = run(policy, &request, "closure");
        // A policy that takes no host has only stderr to tell of a panic on WASI.
        assert_eq!(outcome.trace.logs.is_empty(), abi == "wasi", "{abi}: {:?}", outcome.trace);
        let told = outcome.result.unwrap_err().to_string();
        assert!(told.starts_with("the policy trapped: the policy panicked at "), "{abi}: {told}");
    }
}
