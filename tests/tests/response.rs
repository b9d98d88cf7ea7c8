//! The AdmissionResponse that comes out of an answer, as Kubewarden would send it.

use admit_host::request::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::{answering, behaved, request, settings};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        acceptance_has_nothing_but_nulls,
        status_is_there_with_message_or_code_even_when_accepted,
        warnings_and_annotations_are_passed_on,
        a_mutation_becomes_a_patch_with_escaped_keys,
        a_rejection_can_carry_a_patch,
        an_unchanged_object_gives_no_patch,
        null_is_no_mutation,
        a_mutation_without_object_is_a_rejection,
        raw_mutations_start_from_the_whole_request,
        raw_uid_is_used_when_it_is_a_string,
    ]
}

/// What is sent for an answer, on both ABIs; and the patch in clear.
fn response(request: &Request, answer: Value) -> (Value, Option<Value>) {
    let bytes = answer.to_string().into_bytes();
    let [wapc, wasi] = ["wapc-relay", "wasi-relay"].map(|guest| {
        let outcome = behaved(guest).validate(request, &settings("{}"), &answering([Ok(&bytes)]));
        let patch = outcome.patch.map(|patch| serde_json::to_value(patch).expect("a patch is JSON"));
        (serde_json::to_value(outcome.response).expect("a response is JSON"), patch)
    });
    assert_eq!(wapc, wasi);
    let encoded = wapc.0["patch"].as_str().map(|text| {
        let bytes = STANDARD.decode(text).expect("the patch is base64");
        serde_json::from_slice::<Value>(&bytes).expect("the patch is JSON")
    });
    assert_eq!(wapc.1, encoded);
    assert_eq!(wapc.0["patchType"], if encoded.is_some() { json!("JSONPatch") } else { Value::Null });
    wapc
}

fn acceptance_has_nothing_but_nulls() {
    let (response, _) = response(&request(r#"{"uid": "u"}"#), json!({"accepted": true, "code": null, "unknown": 1}));
    assert_eq!(response, json!({"uid": "u", "allowed": true, "auditAnnotations": null, "warnings": null}));
}

fn status_is_there_with_message_or_code_even_when_accepted() {
    for accepted in [true, false] {
        let (both, _) = response(&request("{}"), json!({"accepted": accepted, "message": "hello", "code": 0}));
        assert_eq!((&both["allowed"], &both["status"]), (&json!(accepted), &json!({"message": "hello", "code": 0})));
    }
    let (code, _) = response(&request("{}"), json!({"accepted": false, "code": 403}));
    assert_eq!(code["status"], json!({"code": 403}));
    let (neither, _) = response(&request("{}"), json!({"accepted": false}));
    assert_eq!(neither.get("status"), None);
}

fn warnings_and_annotations_are_passed_on() {
    let answer = json!({"accepted": true, "warnings": ["a", "b"], "audit_annotations": {"k": "v"}});
    let (response, _) = response(&request("{}"), answer);
    assert_eq!((&response["warnings"], &response["auditAnnotations"]), (&json!(["a", "b"]), &json!({"k": "v"})));
}

fn a_mutation_becomes_a_patch_with_escaped_keys() {
    let request = request(r#"{"object": {"a/b": {"c~d": 1}, "gone": 1, "list": [1, 2]}}"#);
    let mutated = json!({"a/b": {"c~d": 2}, "list": [0, 1, 2], "new": {}});
    let (response, patch) = response(&request, json!({"accepted": true, "mutated_object": mutated}));
    assert_eq!(
        patch,
        Some(json!([
            {"op": "replace", "path": "/a~1b/c~0d", "value": 2},
            {"op": "replace", "path": "/list/0", "value": 0},
            {"op": "replace", "path": "/list/1", "value": 1},
            {"op": "add", "path": "/list/2", "value": 2},
            {"op": "add", "path": "/new", "value": {}},
            {"op": "remove", "path": "/gone"},
        ]))
    );
    let bytes = STANDARD.decode(response["patch"].as_str().expect("a patch")).expect("base64");
    assert!(
        bytes.starts_with(br#"[{"op":"replace","path":"/a~1b/c~0d","value":2},"#),
        "{}",
        String::from_utf8_lossy(&bytes)
    );
}

fn a_rejection_can_carry_a_patch() {
    let (response, patch) =
        response(&request(r#"{"object": {}}"#), json!({"accepted": false, "mutated_object": {"a": 1}}));
    assert_eq!(response["allowed"], false);
    assert_eq!(patch, Some(json!([{"op": "add", "path": "/a", "value": 1}])));
}

fn an_unchanged_object_gives_no_patch() {
    let (response, patch) = response(
        &request(r#"{"object": {"b": 1, "a": 2}}"#),
        json!({"accepted": true, "mutated_object": {"a": 2, "b": 1}}),
    );
    assert_eq!((response["allowed"].as_bool(), patch), (Some(true), None));
}

fn null_is_no_mutation() {
    let (response, patch) = response(&request("{}"), json!({"accepted": true, "mutated_object": null}));
    assert_eq!((response["allowed"].as_bool(), patch), (Some(true), None));
}

fn a_mutation_without_object_is_a_rejection() {
    let answer = json!({"accepted": true, "mutated_object": {}, "warnings": ["lost"], "code": 200});
    let (response, patch) = response(&request(r#"{"uid": "u", "operation": "DELETE", "oldObject": {}}"#), answer);
    assert_eq!(patch, None);
    let message = "Incoming object is null, which happens only with DELETE operations, but the policy is attempting a mutation. This is not allowed";
    assert_eq!(
        response,
        json!({"uid": "u", "allowed": false, "status": {"message": message}, "auditAnnotations": null, "warnings": null})
    );
}

fn raw_mutations_start_from_the_whole_request() {
    let raw = Request::Raw(json!({"uid": "raw", "user": "a", "keep": 1}));
    let answer = json!({"accepted": true, "mutated_object": {"uid": "raw", "user": "b"}});
    let (response, patch) = response(&raw, answer);
    assert_eq!(response["uid"], "raw");
    assert_eq!(
        patch,
        Some(json!([{"op": "replace", "path": "/user", "value": "b"}, {"op": "remove", "path": "/keep"}]))
    );
}

fn raw_uid_is_used_when_it_is_a_string() {
    for raw in [json!({"uid": 1}), json!(["uid"]), json!("uid"), json!(null)] {
        let (response, _) = response(&Request::Raw(raw), json!({"accepted": true}));
        assert_eq!(response["uid"], "");
    }
}
