use serde_json::{Value, json};

use crate::Request;
use crate::edit::Edited;
use crate::json::Document;
use crate::testing::test;
use crate::views::ContainerKind;

fn whole(text: &str) -> Edited {
    try_whole(text).unwrap()
}

fn try_whole(text: &str) -> Result<Edited, String> {
    let document = Document::parse(text.as_bytes().to_vec()).unwrap();
    Edited::whole(document.root()).map_err(|error| error.to_string())
}

fn pod(object: &Value) -> Edited {
    let request = json!({
        "uid": "1", "operation": "CREATE", "userInfo": {},
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "object": object,
    });
    Request::from_json(&request.to_string()).unwrap().edit().unwrap()
}

/// The only difference that an edit made: what it was expected to be.
fn becomes(mut edited: Edited, edit: impl FnOnce(&mut Edited), expected: Value) {
    edit(&mut edited);
    assert_eq!(*edited, expected);
}

#[test]
fn numbers_stay_what_they_are_or_are_refused() {
    for (text, kept) in [
        ("0", "0"),
        ("-0", "-0.0"),
        ("-0.0", "-0.0"),
        ("0e5", "0.0"),
        ("9007199254740993", "9007199254740993"),
        ("18446744073709551615", "18446744073709551615"),
        ("-9223372036854775808", "-9223372036854775808"),
        // More than 64 bits, and still exactly a float.
        ("18446744073709551616", "1.8446744073709552e+19"),
        ("2.0", "2.0"),
        ("1e3", "1000.0"),
        ("1.50", "1.5"),
        ("0.1", "0.1"),
        ("1e-7", "1e-7"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ("3.14159265358979323846", "3.141592653589793"),
    ] {
        let edited = whole(&format!("[{text}]"));
        assert_eq!(edited.to_string(), format!("[{kept}]"), "{text}");
    }
    for text in ["18446744073709551617", "-9223372036854775809", "1e400", "-1e400", "1e-400", "123456789012345678901"] {
        assert_eq!(
            try_whole(&format!(r#"{{"a/b": [{text}]}}"#)).unwrap_err(),
            format!("/a~1b/0: the number {text} cannot be kept by an edit: it does not fit into 64 bits")
        );
    }
    let long = "9".repeat(400);
    assert!(try_whole(&long).unwrap_err().contains("9999…"));
}

#[test]
fn set_makes_what_is_missing() {
    becomes(whole("{}"), |e| e.set("/a/b/c", 1).unwrap(), json!({"a": {"b": {"c": 1}}}));
    becomes(whole(r#"{"a": null}"#), |e| e.set("/a/b", "x").unwrap(), json!({"a": {"b": "x"}}));
    becomes(whole("null"), |e| e.set("/a", true).unwrap(), json!({"a": true}));
    becomes(whole(r#"{"a": [1, 2]}"#), |e| e.set("/a/1", 3).unwrap(), json!({"a": [1, 3]}));
    becomes(whole(r#"{"a": [1, 2]}"#), |e| e.set("/a/2", 3).unwrap(), json!({"a": [1, 2, 3]}));
    becomes(whole(r#"{"a": [1, 2]}"#), |e| e.set("/a/-", 3).unwrap(), json!({"a": [1, 2, 3]}));
    becomes(whole("{}"), |e| e.set("/a~1b/c~0d", 1).unwrap(), json!({"a/b": {"c~d": 1}}));
    becomes(whole("{}"), |e| e.set("/", 1).unwrap(), json!({"": 1}));
    becomes(whole("5"), |e| e.set("", "whole").unwrap(), json!("whole"));
    becomes(whole("{}"), |e| e.push("/a/b", 1).unwrap(), json!({"a": {"b": [1]}}));
    becomes(whole(r#"{"a": [1]}"#), |e| e.push("/a", 2).unwrap(), json!({"a": [1, 2]}));
    becomes(whole("{}"), |e| e.at("/a/b").unwrap().set("/c", 1).unwrap(), json!({"a": {"b": {"c": 1}}}));
}

#[test]
fn remove_gives_back_what_was_there() {
    becomes(whole(r#"{"a": {"b": 1}}"#), |e| assert_eq!(e.remove("/a/b").unwrap(), Some(json!(1))), json!({"a": {}}));
    becomes(whole(r#"{"a": [1, 2]}"#), |e| assert_eq!(e.remove("/a/0").unwrap(), Some(json!(1))), json!({"a": [2]}));
    for pointer in ["/b", "/b/c", "/n/c", "/a/2", "/a/-"] {
        let untouched = whole(r#"{"a": [1, 2], "n": null}"#);
        becomes(untouched, |e| assert_eq!(e.remove(pointer).unwrap(), None), json!({"a": [1, 2], "n": null}));
    }
}

#[test]
fn edits_that_do_not_fit_say_where_and_change_nothing() {
    type Edit = fn(&mut Edited) -> Result<(), crate::json::Error>;
    let cases: &[(Edit, &str)] = &[
        (|e| e.set("/text/b", 1), "/text: expected an object or an array, found a string"),
        (
            |e| e.set("/new/~", 1).and(e.set("/number/b/c", 1)),
            "/number: expected an object or an array, found a number",
        ),
        (|e| e.set("/flag/b", 1), "/flag: expected an object or an array, found a boolean"),
        (|e| e.set("/list/3", 1), "/list/3: there is no such item, the array has 2"),
        // Beyond what 32 and 64 bits hold.
        (|e| e.set("/list/4294967296", 1), "/list/4294967296: there is no such item, the array has 2"),
        (
            |e| e.set("/list/18446744073709551616", 1),
            "/list/18446744073709551616: there is no such item, the array has 2",
        ),
        (|e| e.set("/list/", 1), "/list/: expected the index of an item of an array, found ``"),
        (|e| e.set("/list/7/b", 1), "/list/7: there is no such item, the array has 2"),
        (|e| e.set("/list/2/b", 1), "/list/2: there is no such item, the array has 2"),
        (|e| e.set("/list/-/b", 1), "/list/-: expected the index of an item of an array, found `-`"),
        (|e| e.set("/list/x", 1), "/list/x: expected the index of an item of an array, found `x`"),
        (|e| e.set("/list/01", 1), "/list/01: expected the index of an item of an array, found `01`"),
        (|e| e.set("text", 1), "`text` is not a JSON pointer: it has to start with `/`"),
        (|e| e.push("/text", 1), "/text: expected an array, found a string"),
        (|e| e.push("/map", 1), "/map: expected an array, found an object"),
        (|e| e.remove("/text/b").map(drop), "/text: expected an object or an array, found a string"),
        (|e| e.remove("").map(drop), "the outermost value cannot be removed"),
        (|e| e.at("/text/b").map(drop), "/text: expected an object or an array, found a string"),
        (|e| e.at("/map")?.set("/in/x", 1), "/map/in: expected an object or an array, found a string"),
    ];
    let text = r#"{"text": "x", "number": 1.0, "flag": true, "list": [1, 2], "map": {"in": "x"}}"#;
    for (edit, expected) in cases {
        let mut edited = whole(text);
        assert_eq!(edit(&mut edited).unwrap_err().to_string(), *expected);
        if !expected.starts_with("/number") {
            assert_eq!(edited, whole(text), "{expected}");
        }
    }
}

#[test]
fn metadata_may_be_missing_or_null() {
    let labelled = json!({"metadata": {"labels": {"a.example/b": "c"}}});
    for object in [json!({}), json!({"metadata": null}), json!({"metadata": {"labels": null}})] {
        becomes(pod(&object), |e| e.metadata_mut().set_label("a.example/b", "c").unwrap(), labelled.clone());
        // Nothing is made in order to remove from it.
        becomes(pod(&object), |e| assert!(!e.metadata_mut().remove_label("a").unwrap()), object);
    }
    becomes(
        pod(&labelled),
        |e| assert!(e.metadata_mut().remove_label("a.example/b").unwrap()),
        json!({"metadata": {"labels": {}}}),
    );
    becomes(
        pod(&json!({})),
        |e| e.metadata_mut().set_annotation("k", "v").unwrap(),
        json!({"metadata": {"annotations": {"k": "v"}}}),
    );
    let error = pod(&json!({"metadata": {"labels": "x"}})).metadata_mut().set_label("a", "b").unwrap_err();
    assert_eq!(error.to_string(), "/metadata/labels: expected an object or an array, found a string");
}

#[test]
fn containers_are_edited_in_place() {
    let object = json!({"spec": {
        "initContainers": [{"name": "i"}],
        "containers": [{"name": "a", "env": [{"name": "X", "valueFrom": {"fieldRef": {}}}, {"name": "Y", "value": "1"}]}, {"name": "b"}],
        "ephemeralContainers": null,
    }});
    let mut edited = pod(&object);
    let mut spec = edited.pod_spec_mut().unwrap();
    let names = |containers: Vec<crate::ContainerMut<'_>>| -> Vec<(ContainerKind, String)> {
        containers.iter().map(|container| (container.kind(), container.pointer())).collect()
    };
    assert_eq!(
        names(spec.all_containers_mut().unwrap()),
        [
            (ContainerKind::Regular, "/spec/containers/0".to_owned()),
            (ContainerKind::Regular, "/spec/containers/1".to_owned()),
            (ContainerKind::Init, "/spec/initContainers/0".to_owned()),
        ]
    );
    assert_eq!(spec.ephemeral_containers_mut().unwrap().len(), 0);
    for mut container in spec.containers_mut().unwrap() {
        let image = format!("registry.example/{}:1", container.name().unwrap());
        container.set_image(image).unwrap();
        container.set_env("X", "x").unwrap();
        assert_eq!(container.remove_env("Y").unwrap(), container.name().unwrap() == "a");
    }
    for mut container in spec.init_containers_mut().unwrap() {
        container.set_image_pull_policy("Always").unwrap();
        container.set_privileged(false).unwrap();
        container.set_security_context("runAsUser", 1000).unwrap();
        container.set_resource_request("cpu", "10m").unwrap();
        container.set_resource_limit("memory", "1Gi").unwrap();
        container.add_volume_mount(json!({"name": "v", "mountPath": "/v"})).unwrap();
        container.set("/workingDir", "/").unwrap();
        assert!(container.remove_security_context("runAsUser").unwrap());
    }
    spec.set_host_network(false).unwrap();
    spec.set_host_pid(false).unwrap();
    spec.set_host_ipc(false).unwrap();
    spec.set_service_account_name("me").unwrap();
    spec.set_security_context("runAsNonRoot", true).unwrap();
    spec.set_node_selector("a.example/b", "c").unwrap();
    spec.add_toleration(json!({"key": "k"})).unwrap();
    spec.add_volume(json!({"name": "v"})).unwrap();
    spec.add_container(ContainerKind::Ephemeral, json!({"name": "e"})).unwrap();
    edited.pod_metadata_mut().unwrap().set_label("a", "b").unwrap();
    assert_eq!(
        *edited,
        json!({
            "metadata": {"labels": {"a": "b"}},
            "spec": {
                "containers": [
                    {"name": "a", "image": "registry.example/a:1", "env": [{"name": "X", "value": "x"}]},
                    {"name": "b", "image": "registry.example/b:1", "env": [{"name": "X", "value": "x"}]},
                ],
                "initContainers": [{
                    "name": "i",
                    "imagePullPolicy": "Always",
                    "securityContext": {"privileged": false},
                    "resources": {"requests": {"cpu": "10m"}, "limits": {"memory": "1Gi"}},
                    "volumeMounts": [{"name": "v", "mountPath": "/v"}],
                    "workingDir": "/",
                }],
                "ephemeralContainers": [{"name": "e"}],
                "hostNetwork": false, "hostPID": false, "hostIPC": false,
                "serviceAccountName": "me",
                "securityContext": {"runAsNonRoot": true},
                "nodeSelector": {"a.example/b": "c"},
                "tolerations": [{"key": "k"}],
                "volumes": [{"name": "v"}],
            },
        })
    );
}

#[test]
fn pod_specs_that_are_not_there_or_wrong_say_so() {
    let error = |object: Value| pod(&object).pod_spec_mut().map(drop).unwrap_err().to_string();
    assert_eq!(error(json!({})), "missing field `spec`");
    assert_eq!(error(json!({"spec": 1})), "/spec: expected an object, found a number");
    let lists = |object: Value| {
        let mut edited = pod(&object);
        let mut spec = edited.pod_spec_mut().unwrap();
        spec.all_containers_mut().map(drop).unwrap_err().to_string()
    };
    assert_eq!(lists(json!({"spec": {"containers": {}}})), "/spec/containers: expected an array, found an object");
    assert_eq!(
        lists(json!({"spec": {"initContainers": [{}, 1]}})),
        "/spec/initContainers/1: expected a container, found a number"
    );
    let env = |env: Value| {
        let mut edited = pod(&json!({"spec": {"containers": [{"env": env}]}}));
        let mut spec = edited.pod_spec_mut().unwrap();
        spec.containers_mut().unwrap()[0].set_env("a", "b").unwrap_err().to_string()
    };
    assert_eq!(env(json!("x")), "/spec/containers/0/env: expected an array, found a string");
    assert_eq!(env(json!([{}, 7])), "/spec/containers/0/env/1: expected an object, found a number");
    assert_eq!(whole("{}").pod_spec_mut().unwrap_err().to_string(), "a raw request has no pod spec");
}

#[test]
fn a_delete_has_nothing_to_edit() {
    let request = Request::from_json(
        r#"{"uid": "1", "operation": "DELETE", "userInfo": {}, "object": null, "oldObject": {"kind": "Pod"},
            "kind": {"group": "", "version": "v1", "kind": "Pod"},
            "resource": {"group": "", "version": "v1", "resource": "pods"}}"#,
    );
    assert_eq!(request.unwrap().edit().unwrap_err().to_string(), "there is no object to edit: the request is a DELETE");
}

#[cfg(feature = "json-patch")]
#[test]
fn patches_in_json() {
    let patch = |text: &str| -> json_patch::Patch { serde_json::from_str(text).unwrap() };
    let mut edited = whole(r#"{"a": {"b": 1}, "c": [1]}"#);
    let good = r#"[{"op": "test", "path": "/a/b", "value": 1}, {"op": "move", "from": "/a/b", "path": "/c/0"}]"#;
    edited.patch(&patch(good)).unwrap();
    assert_eq!(*edited, json!({"a": {}, "c": [1, 1]}));
    // The first operation fits, the second does not: neither is applied.
    let bad = r#"[{"op": "add", "path": "/x", "value": 1}, {"op": "remove", "path": "/y"}]"#;
    let error = edited.patch(&patch(bad)).unwrap_err().to_string();
    assert!(error.starts_with("the patch does not fit: ") && error.contains("/y"), "{error}");
    assert_eq!(*edited, json!({"a": {}, "c": [1, 1]}));
    edited.merge(&json!({"a": {"n": 1}, "c": null}));
    assert_eq!(*edited, json!({"a": {"n": 1}}));
    // An empty patch is no mutation.
    let mut untouched = whole("{}");
    untouched.patch(&patch("[]")).unwrap();
    assert_eq!(untouched.into_mutation().unwrap(), None);
}

#[test]
fn a_null_request_can_stay_null() {
    let mut edited = whole("null");
    edited.update(|request| assert!(request.is_null()));
    assert_eq!(edited.into_mutation().unwrap(), None);
    let mut edited = whole("null");
    edited.set("/a", 1).unwrap();
    assert_eq!(edited.into_mutation().unwrap(), Some(json!({"a": 1})));
    let mut edited = whole("5");
    edited.set("", json!(null)).unwrap();
    assert!(edited.into_mutation().unwrap_err().to_string().contains("replaced the request by `null`"));
}

/// Whatever the pointer: no panic, what is set is there afterwards, what is removed is not, and an error changes nothing.
#[test]
fn any_pointer() {
    let words = ["", "a", "b", "0", "1", "2", "-", "01", "~0", "~1", "~", "x~", "ü"];
    let text = r#"{"a": {"b": [1, {"a": null}], "": "x"}, "b": [[], {"0": 2}], "x~": true, "ü": null}"#;
    let mut pointers = vec![String::new(), "a".to_owned()];
    for a in words {
        for b in words {
            for c in words {
                pointers.extend([format!("/{a}"), format!("/{a}/{b}"), format!("/{a}/{b}/{c}")]);
            }
        }
    }
    let (mut set, mut removed) = (0, 0);
    for pointer in &pointers {
        let mut edited = whole(text);
        match edited.set(pointer, "new") {
            Ok(()) => {
                // What was appended is now the last one.
                let last = pointer.strip_suffix('-').filter(|_| edited.pointer(pointer).is_none());
                let found = match last {
                    Some(list) => edited.pointer(list.trim_end_matches('/')).and_then(|list| list.as_array()?.last()),
                    None => edited.pointer(pointer),
                };
                assert_eq!(found, Some(&json!("new")), "{pointer}");
                set += 1;
            }
            Err(_) => assert_eq!(edited, whole(text), "{pointer}"),
        }
        let mut edited = whole(text);
        let there = edited.pointer(pointer).cloned();
        match edited.remove(pointer) {
            Ok(Some(value)) => {
                assert_eq!(Some(value), there, "{pointer}");
                assert_ne!(edited, whole(text), "{pointer}");
                removed += 1;
            }
            Ok(None) => assert_eq!((there, &edited), (None, &whole(text)), "{pointer}"),
            Err(_) => assert_eq!(edited, whole(text), "{pointer}"),
        }
    }
    assert!(set > 300 && removed > 10, "{set} set, {removed} removed");
}
