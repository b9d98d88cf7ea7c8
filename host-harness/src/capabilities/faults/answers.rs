//! Answers with injected faults: empty ones, long ones, and ones that cannot be read.

use serde_json::{Value, json};

use crate::capabilities::HostRequest;

/// Bytes that are not JSON.
pub(super) const GARBAGE: &[u8] = b"\x01not JSON";

/// JSON of a shape that no operation answers with.
pub(super) const OTHER_SHAPE: &[u8] = br#"["unexpected"]"#;

/// Items in a long answer.
const MANY: usize = 3_000;

/// Bytes of the items that are added to a long answer, but for the first one: with large items there are fewer.
const MANY_BYTES: usize = 16 << 20;

/// The first half of an answer, which is no JSON: it was an object.
pub(super) fn half(answer: &[u8]) -> &[u8] {
    let mut end = answer.len() / 2;
    // Cut between two characters: the answer stays valid UTF-8, and only its JSON is wrong.
    while end > 0 && answer.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
        end -= 1;
    }
    &answer[..end]
}

/// The answer without items or fields; `None` for operations whose answers cannot be empty.
pub(super) fn empty(namespace: &str, operation: &str, payload: &[u8], answer: Option<&[u8]>) -> Option<Vec<u8>> {
    let real: Option<Value> = answer.and_then(|answer| serde_json::from_slice(answer).ok());
    let empty = match HostRequest::parse(namespace, operation, payload).ok()? {
        HostRequest::KubernetesListResourceAll { api_version, kind, .. }
        | HostRequest::KubernetesListResourceNamespace { api_version, kind, .. } => {
            let mut list = real.filter(Value::is_object).unwrap_or_else(|| envelope(&api_version, &kind));
            list["items"] = json!([]);
            list
        }
        HostRequest::DNSLookupHost { .. } => json!({ "ips": [] }),
        HostRequest::KubernetesGetResource { .. } | HostRequest::OciManifest { .. } => json!({}),
        HostRequest::OciManifestAndConfig { .. } => {
            let mut answer = real.filter(Value::is_object)?;
            answer["manifest"] = json!({});
            answer["config"] = json!({});
            answer
        }
        HostRequest::ChainloopDiscover { digest, .. } => {
            let mut item = json!({ "digest": digest });
            if let Some(kind) = real.as_ref().and_then(|real| real.get("kind")) {
                item["kind"] = kind.clone();
            }
            item
        }
        _ => return None,
    };
    Some(empty.to_string().into_bytes())
}

/// The answer with so many items that a policy which is slow for each of them, or keeps all of them, shows it.
pub(super) fn many(namespace: &str, operation: &str, payload: &[u8], answer: &[u8]) -> Option<Vec<u8>> {
    let mut answer: Value = serde_json::from_slice(answer).ok()?;
    match HostRequest::parse(namespace, operation, payload).ok()? {
        HostRequest::KubernetesListResourceAll { .. } => more_items(answer.get_mut("items")?.as_array_mut()?, None),
        HostRequest::KubernetesListResourceNamespace { namespace, .. } => {
            more_items(answer.get_mut("items")?.as_array_mut()?, Some(&namespace));
        }
        HostRequest::DNSLookupHost { .. } => more_addresses(answer.get_mut("ips")?.as_array_mut()?),
        HostRequest::ChainloopDiscover { .. } => {
            let references = answer.as_object_mut()?.entry("references").or_insert_with(|| json!([]));
            more_references(references.as_array_mut()?);
        }
        _ => return None,
    }
    Some(answer.to_string().into_bytes())
}

fn envelope(api_version: &str, kind: &str) -> Value {
    json!({ "apiVersion": api_version, "kind": format!("{kind}List"), "metadata": {}, "items": [] })
}

fn more_items(items: &mut Vec<Value>, namespace: Option<&str>) {
    let mut models = items.clone();
    if models.is_empty() {
        let mut model = json!({ "metadata": { "name": "item", "annotations": {} } });
        if let Some(namespace) = namespace {
            model["metadata"]["namespace"] = json!(namespace);
        }
        models.push(model);
    }
    for (number, model) in (items.len()..MANY).zip(within(&models)) {
        let mut item = model.clone();
        if let Some(metadata) = item.get_mut("metadata").and_then(Value::as_object_mut) {
            let name = metadata.get("name").and_then(Value::as_str).unwrap_or("item");
            let name = format!("{name}-{number}");
            metadata.insert("name".to_owned(), json!(name));
            if metadata.contains_key("uid") {
                metadata.insert("uid".to_owned(), json!(format!("00000000-0000-4000-8000-{number:012}")));
            }
        }
        items.push(item);
    }
}

/// The models again and again, as long as all of them together are not too large.
fn within(models: &[Value]) -> impl Iterator<Item = &Value> {
    let sizes: Vec<usize> = models.iter().map(|model| model.to_string().len()).collect();
    let mut left = Some(MANY_BYTES);
    models.iter().zip(sizes).cycle().map_while(move |(model, size)| {
        let now = left?;
        left = now.checked_sub(size);
        Some(model)
    })
}

fn more_addresses(addresses: &mut Vec<Value>) {
    for number in addresses.len()..MANY {
        addresses.push(json!(format!("10.0.{}.{}", number / 256, number % 256)));
    }
}

fn more_references(references: &mut Vec<Value>) {
    let models = match references.is_empty() {
        true => vec![json!({ "kind": "EVIDENCE" })],
        false => references.clone(),
    };
    for (number, model) in (references.len()..MANY).zip(within(&models)) {
        let mut reference = model.clone();
        if let Some(reference) = reference.as_object_mut() {
            reference.insert("digest".to_owned(), json!(format!("sha256:{number:064x}")));
        }
        references.push(reference);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const LIST: &[u8] = br#"{"api_version": "v1", "kind": "Pod", "namespace": "shop"}"#;

    fn list(answer: Option<Vec<u8>>) -> Value {
        serde_json::from_slice(&answer.expect("it applies")).expect("JSON")
    }

    #[test]
    fn many_items_have_names_of_their_own_and_keep_the_real_ones() {
        let answer =
            br#"{"kind": "PodList", "items": [{"metadata": {"name": "a", "uid": "u"}, "spec": {"x": 1}}, {}]}"#;
        let list = list(many("kubernetes", "list_resources_by_namespace", LIST, answer));
        let items = list["items"].as_array().expect("items");
        assert_eq!(
            (items.len(), &items[0]["metadata"]["uid"], &items[2]["spec"]["x"]),
            (3_000, &json!("u"), &json!(1))
        );
        let names: BTreeSet<&str> = items.iter().filter_map(|item| item["metadata"]["name"].as_str()).collect();
        assert_eq!(names.len(), 1_500);
        assert_eq!(list["kind"], "PodList");
    }

    #[test]
    fn many_large_items_are_fewer() {
        let answer = json!({ "items": [{ "metadata": { "name": "a" }, "data": { "a": "x".repeat(3 << 20) } }] });
        let long = many("kubernetes", "list_resources_by_namespace", LIST, answer.to_string().as_bytes());
        let long = long.expect("it applies");
        assert!(long.len() < MANY_BYTES + (8 << 20), "{} bytes", long.len());
        let items = list(Some(long))["items"].as_array().expect("items").len();
        assert_eq!(items, 7);
    }

    #[test]
    fn many_of_nothing_are_invented() {
        let list = list(many("kubernetes", "list_resources_by_namespace", LIST, br#"{"items": []}"#));
        assert_eq!(list["items"][2_999]["metadata"]["name"], "item-2999");
        assert_eq!(list["items"][0]["metadata"]["namespace"], "shop");
        let ips = many("net", "v1/dns_lookup_host", br#""a""#, br#"{"ips": ["::1"]}"#);
        let ips: Value = serde_json::from_slice(&ips.expect("it applies")).expect("JSON");
        let distinct: BTreeSet<&str> = ips["ips"].as_array().expect("ips").iter().filter_map(Value::as_str).collect();
        assert_eq!((distinct.len(), ips["ips"][0].as_str()), (3_000, Some("::1")));
    }

    #[test]
    fn empty_answers() {
        let empty = |operation: &str, payload: &str, answer: Option<&str>| {
            let (namespace, operation) = operation.split_once('/').expect("a path");
            let answer = empty(namespace, operation, payload.as_bytes(), answer.map(str::as_bytes));
            answer.map(|answer| String::from_utf8(answer).expect("text"))
        };
        let all = r#"{"api_version": "v1", "kind": "Pod"}"#;
        let list = r#"{"apiVersion":"v1","items":[],"kind":"PodList","metadata":{}}"#;
        assert_eq!(empty("kubernetes/list_resources_all", all, None).as_deref(), Some(list));
        let real = Some(r#"{"kind": "X", "items": [1]}"#);
        assert_eq!(empty("kubernetes/list_resources_all", all, real).as_deref(), Some(r#"{"items":[],"kind":"X"}"#));
        assert_eq!(empty("net/v1/dns_lookup_host", r#""a""#, None).as_deref(), Some(r#"{"ips":[]}"#));
        assert_eq!(empty("oci/v1/manifest_digest", r#""a""#, None), None);
    }

    #[test]
    fn items_of_nothing_and_of_many() {
        let ask = br#"{"digest": "sha256:a"}"#;
        let item = br#"{"digest": "sha256:a", "kind": "ATTESTATION", "references": [{"digest": "sha256:b", "kind": "SARIF"}]}"#;
        let value =
            |answer: Option<Vec<u8>>| serde_json::from_slice::<Value>(&answer.expect("it applies")).expect("JSON");
        let nothing = value(empty("chainloop", "discover", ask, Some(item)));
        assert_eq!(nothing, json!({"digest": "sha256:a", "kind": "ATTESTATION"}));
        assert_eq!(value(empty("chainloop", "discover", ask, None)), json!({"digest": "sha256:a"}));
        for (answer, kind) in [(&item[..], "SARIF"), (br#"{"digest": "sha256:a"}"#, "EVIDENCE")] {
            let many = value(many("chainloop", "discover", ask, answer));
            let references = many["references"].as_array().expect("references");
            let distinct: BTreeSet<&str> = references.iter().filter_map(|one| one["digest"].as_str()).collect();
            assert_eq!((distinct.len(), references[2_999]["kind"].as_str()), (3_000, Some(kind)));
        }
    }

    #[test]
    fn half_an_answer_is_text() {
        assert_eq!(half("{\"äöü\"}".as_bytes()), "{\"ä".as_bytes());
        assert_eq!(half(b""), b"");
        for len in 0..20 {
            let text = "aä€😀".repeat(5);
            let bytes: Vec<u8> = text.bytes().take(text.char_indices().nth(len).expect("long enough").0).collect();
            assert!(std::str::from_utf8(half(&bytes)).is_ok(), "{len}");
        }
    }
}
