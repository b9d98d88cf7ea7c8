//! What policies say about materials.

use admit_host::RunOptions;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{ask, example, material, modules, orders};

pub(super) fn trials() -> Vec<Trial> {
    trials![
        every_answer,
        findings_are_objects,
        args_are_typed,
        what_is_known_about_a_material,
        manifests_are_judged,
        a_raw_policy_is_asked_about_the_document,
    ]
}

fn every_answer() {
    let text = |question: Value| {
        let execution = material().run(&ask(question), &Value::Null, &RunOptions::default());
        String::from_utf8(execution.result.expect("an answer").output).expect("text")
    };
    // To the letter, as Chainloop's own SDK writes it.
    for (question, expected) in [
        (json!("success"), r#"{"skipped":false,"violations":[],"skip_reason":"","ignore":false}"#),
        (
            json!({"fail": ["first", "second: \"é\""]}),
            r#"{"skipped":false,"violations":["first","second: \"é\""],"skip_reason":"","ignore":false}"#,
        ),
        (
            json!({"skip": "not about this"}),
            r#"{"skipped":true,"violations":[],"skip_reason":"not about this","ignore":false}"#,
        ),
        (json!("ignore"), r#"{"skipped":false,"violations":[],"skip_reason":"","ignore":true}"#),
    ] {
        assert_eq!(text(question), expected);
    }
}

fn findings_are_objects() {
    let report = json!({"matches": [
        {"id": "CVE-1", "purl": "pkg:npm/a@1", "severity": "high", "score": 7.5},
        {"id": "CVE-2", "purl": "pkg:npm/b@2", "severity": "negligible", "accepted": true},
    ]});
    let output = modules().findings.output(&report, &Value::Null);
    assert_eq!(
        output["findings"],
        json!([
            {"message": "CVE-1 is in pkg:npm/a@1", "external_id": "CVE-1", "package_purl": "pkg:npm/a@1",
             "severity": "HIGH", "cvss_v3_score": 7.5},
            {"message": "CVE-2 is in pkg:npm/b@2", "external_id": "CVE-2", "package_purl": "pkg:npm/b@2",
             "severity": "negligible", "suppress": true},
        ])
    );
    assert_eq!((&output["violations"], &output["skipped"]), (&json!([]), &json!(false)));
    // Without findings there is no key, which Chainloop would take for the end of texts.
    let none = modules().findings.output(&json!({"matches": []}), &Value::Null);
    assert_eq!(none, json!({"skipped": false, "violations": [], "skip_reason": "", "ignore": false}));
    let bad = json!({"matches": [{"id": "CVE-1", "purl": "p", "severity": "LOW", "score": 11.0}]});
    let error = modules().findings.error(&bad, &Value::Null);
    assert_eq!(error, "the `cvss_v3_score` of a finding is not between 0 and 10");
}

fn args_are_typed() {
    let seen = |args: Value| {
        let output = material().output(&ask(json!("args")), &args);
        output["violations"][0].as_str().expect("a text").to_owned()
    };
    let defaults = "Args { words: [], limit: 0, strict: false, level: None }";
    assert_eq!(seen(Value::Null), defaults);
    assert_eq!(seen(json!({})), defaults);
    assert_eq!(
        seen(json!({"words": ["a", "b"], "limit": "7", "strict": "true", "level": "high"})),
        r#"Args { words: ["a", "b"], limit: 7, strict: true, level: Some(High) }"#
    );
    assert!(seen(json!({"words": "one"})).starts_with(r#"Args { words: ["one"], "#));
}

fn what_is_known_about_a_material() {
    let mut asking = ask(json!("metadata"));
    asking["chainloop_metadata"] = json!({
        "name": "a.json",
        "digest": {"sha256": "00ff"},
        "content": "eyJhc2siOiJtZXRhZGF0YSJ9",
        "annotations": {"chainloop.material.type": "EVIDENCE", "chainloop.material.cas.inline": true},
    });
    let output = material().output(&asking, &Value::Null);
    assert_eq!(output["violations"], json!([r#"EVIDENCE a.json 00ff: {"ask":"metadata"}"#]));
    let error = material().error(&ask(json!("metadata")), &Value::Null);
    assert_eq!(error, "the material has no `chainloop_metadata`");
}

/// A policy that was written for admission.
fn manifests_are_judged() {
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"containers": [{"name": "c", "securityContext": {"privileged": true}}]},
        "chainloop_metadata": {"name": "pod.json"},
    });
    let violations = example().output(&pod, &Value::Null)["violations"].take();
    let texts: Vec<String> = serde_json::from_value(violations).expect("texts");
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert!(texts[0].starts_with("Pod shop/web: /spec/containers/0"), "{texts:?}");
    let list = json!({"elements": [pod, {"apiVersion": "v1", "kind": "Secret"}]});
    assert_eq!(example().output(&list, &Value::Null)["violations"], json!(texts));
    let skipped = example().output(&json!({"bomFormat": "CycloneDX"}), &Value::Null);
    assert_eq!(skipped["skipped"], true);
    assert!(skipped["skip_reason"].as_str().unwrap().starts_with("the material holds no Kubernetes objects"));
}

fn a_raw_policy_is_asked_about_the_document() {
    let order = json!({
        "customer": "Ann",
        "lines": [{"product": "poison", "quantity": 1}, {"product": "tea", "quantity": 500}],
        "chainloop_metadata": {"name": "order.json"},
    });
    let run = orders().run(&order, &json!({"maxQuantity": "10"}), &RunOptions::default());
    assert_eq!(super::violations(&run), ["/lines/0/product: `poison` is not for sale"]);
    let unbanned = orders().run(&order, &json!({"banned": "nothing"}), &RunOptions::default());
    assert_eq!(super::violations(&unbanned), [""; 0]);
    // The order would be changed, which has no place here but the log.
    assert_eq!(unbanned.trace.logs.len(), 1, "{:?}", unbanned.trace.logs);
    let wrong = orders().run(&json!({"customer": "Ann"}), &Value::Null, &RunOptions::default());
    assert_eq!(super::violations(&wrong), ["missing field `lines`"]);
    let image = json!({"chainloop_metadata": {"name": "ghcr.io/org/repo"}});
    assert_eq!(orders().output(&image, &Value::Null)["skip_reason"], "the material holds no JSON document");
}
