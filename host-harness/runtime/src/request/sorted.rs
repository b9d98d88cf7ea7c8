//! Documents as Kubewarden sends them: the keys of every object are sorted.

use std::sync::LazyLock;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{AdmissionRequest, GroupVersionKind, GroupVersionResource, Request, UserInfo};

/// Whether objects of `serde_json` are sorted by themselves. Any crate of the same build can switch that off.
static SORTED: LazyLock<bool> = LazyLock::new(|| {
    let map: Map<String, Value> =
        [("b", Value::Null), ("a", Value::Null)].map(|(key, value)| (key.to_owned(), value)).into_iter().collect();
    map.keys().next().is_some_and(|first| first == "a")
});

/// The JSON of a request.
pub(super) fn to_vec(request: &Request) -> Vec<u8> {
    let json = match request {
        Request::Kubernetes(request) if *SORTED => serde_json::to_vec(&Sorted::from(&**request)),
        Request::Kubernetes(request) => serde_json::to_value(Sorted::from(&**request)).and_then(|json| value(&json)),
        Request::Raw(raw) => value(raw),
    };
    json.expect("a request is JSON")
}

/// The payload of `validate`: `{"request": …, "settings": {…}}`, in this order. `request` is JSON already.
pub(crate) fn payload(request: &[u8], settings: &Map<String, Value>) -> Vec<u8> {
    let settings = self::settings(settings);
    [br#"{"request":"#, request, br#","settings":"#, settings.as_slice(), b"}"].concat()
}

/// The JSON of settings.
pub(crate) fn settings(settings: &Map<String, Value>) -> Vec<u8> {
    let json = if *SORTED { serde_json::to_vec(settings) } else { value(&Value::Object(settings.clone())) };
    json.expect("settings are JSON")
}

fn value(json: &Value) -> serde_json::Result<Vec<u8>> {
    if *SORTED {
        return serde_json::to_vec(json);
    }
    let mut json = json.clone();
    json.sort_all_objects();
    serde_json::to_vec(&json)
}

/// An [`AdmissionRequest`] whose fields are in the order of their names.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sorted<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    dry_run: Option<bool>,
    kind: SortedKind<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_object: Option<&'a Value>,
    operation: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_kind: Option<SortedKind<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_resource: Option<SortedResource<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_sub_resource: Option<&'a str>,
    resource: SortedResource<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_resource: Option<&'a str>,
    uid: &'a str,
    user_info: SortedUser<'a>,
}

#[derive(Serialize)]
struct SortedKind<'a> {
    group: &'a str,
    kind: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct SortedResource<'a> {
    group: &'a str,
    resource: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct SortedUser<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: Option<&'a std::collections::BTreeMap<String, Vec<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
}

impl<'a> From<&'a AdmissionRequest> for Sorted<'a> {
    fn from(request: &'a AdmissionRequest) -> Self {
        // Named one by one, so that a new field is not forgotten.
        let AdmissionRequest {
            uid,
            kind,
            resource,
            sub_resource,
            request_kind,
            request_resource,
            request_sub_resource,
            name,
            namespace,
            operation,
            user_info,
            object,
            old_object,
            dry_run,
            options,
        } = request;
        let UserInfo { username, uid: user, groups, extra } = user_info;
        Self {
            dry_run: *dry_run,
            kind: kind.into(),
            name: name.as_deref(),
            namespace: namespace.as_deref(),
            object: object.as_ref(),
            old_object: old_object.as_ref(),
            operation,
            options: options.as_ref(),
            request_kind: request_kind.as_ref().map(Into::into),
            request_resource: request_resource.as_ref().map(Into::into),
            request_sub_resource: request_sub_resource.as_deref(),
            resource: resource.into(),
            sub_resource: sub_resource.as_deref(),
            uid,
            user_info: SortedUser {
                extra: extra.as_ref(),
                groups: groups.as_deref(),
                uid: user.as_deref(),
                username: username.as_deref(),
            },
        }
    }
}

impl<'a> From<&'a GroupVersionKind> for SortedKind<'a> {
    fn from(kind: &'a GroupVersionKind) -> Self {
        Self { group: &kind.group, kind: &kind.kind, version: &kind.version }
    }
}

impl<'a> From<&'a GroupVersionResource> for SortedResource<'a> {
    fn from(resource: &'a GroupVersionResource) -> Self {
        Self { group: &resource.group, resource: &resource.resource, version: &resource.version }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Compared with a document whose keys are sorted one by one.
    #[test]
    fn keys_are_sorted_at_every_level() {
        let full = json!({
            "uid": "u", "kind": {"version": "v1", "group": "", "kind": "Pod"},
            "resource": {"version": "v1", "resource": "pods", "group": ""}, "subResource": "s",
            "requestKind": {"group": "g", "version": "v", "kind": "k"},
            "requestResource": {"group": "g", "version": "v", "resource": "r"}, "requestSubResource": "t",
            "name": "n", "namespace": "ns", "operation": "UPDATE",
            "userInfo": {"username": "a", "uid": "b", "groups": ["c"], "extra": {"z": ["1"], "y": []}},
            "object": {"z": [{"b": 1, "a": 2}], "a": null}, "oldObject": {"b": {}, "a": {}}, "dryRun": true,
            "options": {"kind": "x", "apiVersion": "y"},
        });
        let least = json!({"uid": "", "operation": "", "userInfo": {},
            "kind": {"group": "", "version": "", "kind": ""}, "resource": {"group": "", "version": "", "resource": ""}});
        for mut json in [full, least] {
            let request: AdmissionRequest = serde_json::from_value(json.clone()).expect("a request");
            json.sort_all_objects();
            let made = to_vec(&Request::Kubernetes(Box::new(request)));
            assert_eq!(String::from_utf8(made).expect("text"), json.to_string());
        }
    }
}
