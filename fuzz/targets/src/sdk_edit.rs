//! Mutations in the SDK: whatever comes in, and whatever a policy wants to do with it.

use admit::{Edited, Raw, Request};
use serde_json::Value;

pub(crate) const WORDS: &[&str] = &[
    "object",
    "edits",
    "op",
    "set",
    "remove",
    "push",
    "at",
    "value",
    "/metadata/labels/a~1b",
    "/metadata/labels",
    "/-",
    "/0",
    "/spec/containers/-",
    "/spec/containers/0/env",
    "/spec/containers/99999999999999999999",
    "~",
    "~0",
    "~2",
    "",
    "/",
    "metadata",
    "labels",
    "annotations",
    "spec",
    "containers",
    "initContainers",
    "name",
    "image",
    "env",
    "securityContext",
    "resources",
    "requests",
    "nodeSelector",
    "tolerations",
    "volumes",
    "Pod",
    "null",
];

/// A raw request with an object and edits: each is done or is an error, and what it did not touch is as it was.
pub(crate) fn edit(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(document) = serde_json::from_str::<Value>(text) else {
        assert!(Raw::<admit::Untyped>::from_json(text).is_err() || Request::from_json(text).is_err());
        return;
    };
    if let Ok(raw) = Raw::<admit::Untyped>::from_json(text) {
        match raw.edit() {
            Ok(edited) => edits(edited, &document),
            // Editing goes through serde_json's numbers.
            Err(error) => assert!(error.to_string().contains("the number"), "{error}"),
        }
    }
    let request = serde_json::json!({
        "uid": "1", "operation": "CREATE", "userInfo": {},
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "object": document["object"],
    });
    if let Ok(request) = Request::from_json(&request.to_string())
        && let Ok(edited) = request.edit()
    {
        edits(edited, &document);
    }
}

fn edits(mut edited: Edited, document: &Value) {
    for edit in document["edits"].as_array().into_iter().flatten() {
        let at = edit["at"].as_str().unwrap_or_default();
        let before = (*edited).clone();
        let failed = match edit["op"].as_str() {
            Some("set") => {
                let failed = edited.set(at, edit["value"].clone()).is_err();
                assert!(failed || edited.pointer(at).is_some() || at.ends_with("/-"), "{at} is not there");
                failed
            }
            Some("remove") => {
                let removed = edited.remove(at);
                assert!(!matches!(removed, Ok(Some(_))) || *edited != before, "{at} was removed and is still there");
                removed.is_err()
            }
            _ => edited.push(at, edit["value"].clone()).is_err(),
        };
        assert!(!failed || *edited == before, "an edit at {at} failed half-way");
    }
    let word = document["edits"][0]["at"].as_str().unwrap_or("x");
    let _ = edited.metadata_mut().set_label(word, "y");
    let _ = edited.metadata_mut().remove_annotation(word);
    if let Ok(mut pod) = edited.pod_spec_mut() {
        let _ = (pod.set_host_network(false), pod.set_node_selector(word, "y"), pod.add_volume(Value::Null));
        for mut container in pod.all_containers_mut().into_iter().flatten() {
            let _ = (container.set_image(word), container.set_env(word, "y"), container.remove_env(word));
            let _ = (container.set_privileged(false), container.set_resource_limit(word, "1"));
        }
    }
    if let Ok(mut pod) = edited.pod_metadata_mut() {
        let _ = pod.set_annotation(word, "y");
    }
}
