//! The request, as a policy reads it.

use admit::{Operation, Reason, Request, Verdict};
use serde_json::{Value, json};

/// Every field of the contract, and one from the future.
fn full() -> Value {
    json!({
        "uid": "u-1",
        "kind": {"group": "apps", "version": "v1", "kind": "Deployment"},
        "resource": {"group": "apps", "version": "v1", "resource": "deployments"},
        "subResource": "scale",
        "requestKind": {"group": "apps", "version": "v1beta1", "kind": "Deployment"},
        "requestResource": {"group": "apps", "version": "v1beta1", "resource": "deployments"},
        "requestSubResource": "scale",
        "name": "web",
        "namespace": "shop",
        "operation": "UPDATE",
        "userInfo": {
            "username": "jane",
            "uid": "42",
            "groups": ["b", "a"],
            "extra": {"scopes": ["read", "write"]},
        },
        "object": {"metadata": {"name": "web", "labels": {"app": "web"}, "annotations": {"a/b": "é\n"}}},
        "oldObject": {"metadata": {"name": "old"}},
        "dryRun": true,
        "options": {"kind": "UpdateOptions"},
        "fromTheFuture": {"kept": [1]},
    })
}

fn minimal() -> Value {
    json!({
        "uid": "u-2",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "operation": "DELETE",
        "userInfo": {},
    })
}

fn read(request: &Value) -> Request {
    Request::from_json(&request.to_string()).unwrap()
}

fn error(request: &Value) -> String {
    Request::from_json(&request.to_string()).unwrap_err().to_string()
}

#[test]
fn every_field_is_read() {
    let request = read(&full());
    assert_eq!(request.uid(), "u-1");
    assert_eq!(request.kind().kind, "Deployment");
    assert_eq!(request.resource().resource, "deployments");
    assert_eq!(request.sub_resource().unwrap(), "scale");
    assert_eq!(request.request_kind().unwrap().version, "v1beta1");
    assert_eq!(request.request_resource().unwrap().resource, "deployments");
    assert_eq!(request.request_sub_resource().unwrap(), "scale");
    assert_eq!(request.name().unwrap(), "web");
    assert_eq!(request.namespace().unwrap(), "shop");
    assert_eq!(request.operation(), Operation::Update);
    let user = request.user_info();
    assert_eq!((user.username().unwrap(), user.uid().unwrap()), ("jane".into(), "42".into()));
    assert_eq!(user.groups().collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!(user.extra("scopes").collect::<Vec<_>>(), ["read", "write"]);
    assert_eq!(user.extra("none").count(), 0);
    assert_eq!(request.metadata().unwrap().unwrap().label("app").unwrap().unwrap(), "web");
    assert_eq!(request.metadata().unwrap().unwrap().annotation("a/b").unwrap().unwrap(), "é\n");
    assert_eq!(request.old_object().unwrap().at("/metadata/name").unwrap().as_str().unwrap(), "old");
    assert!(request.dry_run());
    assert_eq!(request.options().unwrap().raw(), r#"{"kind":"UpdateOptions"}"#);
}

#[test]
fn unknown_fields_are_kept() {
    assert_eq!(read(&full()).value().at("/fromTheFuture/kept/0").unwrap().as_u64(), Some(1));
    assert_eq!(read(&full()).value().decode::<Value>().unwrap(), full());
}

#[test]
fn optional_fields_may_be_absent_or_null() {
    let absent = minimal();
    let mut null = minimal();
    for key in [
        "subResource",
        "requestKind",
        "requestResource",
        "requestSubResource",
        "name",
        "namespace",
        "object",
        "oldObject",
        "dryRun",
        "options",
    ] {
        null[key] = Value::Null;
    }
    null["userInfo"] = json!({"username": null, "uid": null, "groups": null, "extra": null});
    for request in [read(&absent), read(&null)] {
        assert!(request.sub_resource().is_none());
        assert!(request.request_kind().is_none());
        assert!(request.request_resource().is_none());
        assert!(request.request_sub_resource().is_none());
        assert!(request.name().is_none());
        assert!(request.namespace().is_none());
        assert!(request.object().is_none());
        assert!(request.old_object().is_none());
        assert!(request.options().is_none());
        assert!(!request.dry_run());
        assert!(request.metadata().unwrap().is_none());
        assert!(request.pod_spec().unwrap().is_none());
        assert!(request.user_info().username().is_none());
        assert_eq!(request.user_info().groups().count(), 0);
    }
}

#[test]
fn what_does_not_fit_is_an_error_with_its_place() {
    let with = |pointer: &str, value: Value| {
        let mut request = full();
        *request.pointer_mut(pointer).unwrap() = value;
        error(&request)
    };
    assert_eq!(with("/name", json!(5)), "/name: expected a string, found a number");
    assert_eq!(with("/kind/kind", json!(null)), "/kind: missing field `kind`");
    assert_eq!(with("/resource", json!({"group": "", "version": "v1"})), "/resource: missing field `resource`");
    assert_eq!(with("/requestKind", json!([])), "/requestKind: expected an object, found an array");
    assert_eq!(with("/userInfo/groups/1", json!(1)), "/userInfo/groups/1: expected a string, found a number");
    assert_eq!(with("/userInfo/extra/scopes", json!("x")), "/userInfo/extra/scopes: expected an array, found a string");
    assert_eq!(with("/dryRun", json!("no")), "/dryRun: expected a boolean, found a string");
    assert_eq!(with("/object", json!("x")), "/object: expected an object, found a string");
    assert_eq!(with("/oldObject", json!([])), "/oldObject: expected an object, found an array");
    assert_eq!(with("/uid", json!(null)), "missing field `uid`");
    assert_eq!(error(&json!([])), "expected an admission request, found an array");
    assert_eq!(
        Request::from_json("{").unwrap_err().to_string(),
        "invalid JSON: expected a key in double quotes at line 1 column 2"
    );
}

#[test]
fn operations_of_other_names_are_passed_on() {
    let mut request = full();
    request["operation"] = json!("PATCH");
    assert_eq!(read(&request).operation(), Operation::Other);
    assert_eq!(read(&request).value().str("operation").unwrap().unwrap(), "PATCH");
}

#[test]
fn pod_specs_are_found_in_every_kind() {
    let spec = json!({"containers": [{"name": "c"}], "initContainers": [{"name": "i"}], "ephemeralContainers": [{"name": "e"}]});
    let template = json!({"spec": {"template": {"spec": spec}}});
    for (group, kind, object, prefix) in [
        ("", "Pod", json!({"spec": spec}), "/spec"),
        ("", "ReplicationController", template.clone(), "/spec/template/spec"),
        ("apps", "Deployment", template.clone(), "/spec/template/spec"),
        ("apps", "ReplicaSet", template.clone(), "/spec/template/spec"),
        ("apps", "StatefulSet", template.clone(), "/spec/template/spec"),
        ("apps", "DaemonSet", template.clone(), "/spec/template/spec"),
        ("batch", "Job", template.clone(), "/spec/template/spec"),
        ("batch", "CronJob", json!({"spec": {"jobTemplate": template}}), "/spec/jobTemplate/spec/template/spec"),
    ] {
        let mut request = minimal();
        request["operation"] = json!("CREATE");
        request["kind"] = json!({"group": group, "version": "v1", "kind": kind});
        request["object"] = object;
        let request = read(&request);
        let pod = request.pod_spec().unwrap().unwrap();
        let paths: Vec<String> = pod.all_containers().unwrap().map(|container| container.path()).collect();
        let expected =
            ["containers/0", "initContainers/0", "ephemeralContainers/0"].map(|list| format!("{prefix}/{list}"));
        assert_eq!(paths, expected, "in a {kind}");
    }
}

#[test]
fn other_kinds_have_no_pod_spec() {
    let mut request = minimal();
    request["object"] = json!({"spec": {"containers": []}});
    // Not Kubernetes' own Job: the same kind in another group has another shape.
    request["kind"] = json!({"group": "batch.example.com", "version": "v1", "kind": "Job"});
    let text = read(&request).pod_spec().unwrap_err().to_string();
    assert!(text.starts_with("batch.example.com/v1 Job has no pod spec"), "{text}");

    request["kind"] = json!({"group": "apps", "version": "v1", "kind": "Deployment"});
    assert_eq!(read(&request).pod_spec().unwrap_err().to_string(), "/spec: missing field `template`");
}

#[test]
fn an_edited_object_has_every_field() {
    let request = read(&full());
    let mut object = request.edit().unwrap();
    assert_eq!(*object, full()["object"]);
    object["metadata"]["labels"]["team"] = json!("shop");
    let mut verdict = Verdict::accept();
    verdict.mutate(object);
    assert_eq!(verdict.mutated().unwrap()["metadata"]["name"], "web");
    assert!(read(&minimal()).edit().unwrap_err().to_string().contains("DELETE"));
}

#[test]
fn a_verdict_says_why() {
    let mut verdict = Verdict::reject("first");
    verdict.reject_at("/spec", "second").add_reason(Reason::new("third").code(422)).warn("careful").audit("k", "v");
    assert!(!verdict.is_accepted());
    let reasons: Vec<String> = verdict.reasons().iter().map(ToString::to_string).collect();
    assert_eq!(reasons, ["first", "/spec: second", "third"]);
    assert!(Verdict::accept().is_accepted());
}
