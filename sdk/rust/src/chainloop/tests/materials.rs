use serde::Deserialize;

use super::{SUCCESS, execute, failed, skipped};
use crate::chainloop::{Evaluation, LicenseViolation, Material, Severity, Vulnerability};
use crate::dispatch::{Policy, PolicyOf, PolicySettings, validate_request};
use crate::testing::test;
use crate::{Error, NoSettings, Raw, Reason, Verdict};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    message: String,
}

macro_rules! policy {
    ($incoming:ty, $function:expr) => {{
        const POLICY: PolicyOf<$incoming> = Policy {
            validate: |payload, _| validate_request::<$incoming, _, _>($function, payload),
            settings: PolicySettings::of::<NoSettings>(),
        };
        &POLICY
    }};
}

#[test]
fn every_kind_of_answer() {
    let policy = policy!(Material<Message>, |material: &Material<Message>| match &*material.message {
        "" => Evaluation::fail("the message is empty"),
        "skip" => Evaluation::skip("nothing to say"),
        "ignore" => Evaluation::ignore(),
        _ => Evaluation::<String>::success(),
    });
    let run = |message: &str| {
        execute::<Material<Message>>(
            policy,
            &[],
            "",
            &format!(r#"{{"chainloop_metadata":{{}},"message":"{message}"}}"#),
        )
    };
    assert_eq!(run("hello").unwrap(), SUCCESS);
    assert_eq!(run("").unwrap(), failed(&["the message is empty"]));
    assert_eq!(run("skip").unwrap(), skipped("nothing to say"));
    assert_eq!(run("ignore").unwrap(), r#"{"skipped":false,"violations":[],"skip_reason":"","ignore":true}"#);
}

#[test]
fn what_is_wrong_with_a_material_has_a_place() {
    let policy = policy!(Material<Message>, |_: &Material<Message>| Evaluation::<String>::success());
    let run = |material: &str| execute::<Material<Message>>(policy, &[], "{}", material).unwrap_err();
    assert_eq!(run(r#"{"message":7}"#), "the material cannot be read: /message: expected a string, found 7");
    assert_eq!(run("{}"), "the material cannot be read: missing field `message`");
    assert_eq!(run(""), "the material is empty");
    assert_eq!(run("{\"a\":x}"), "the material is not JSON: expected a value at line 1 column 6");
}

#[test]
fn findings_are_checked() {
    let policy = policy!(Material, |material: &Material| -> Result<Evaluation<Vulnerability>, Error> {
        let id = material.value().str("id")?.unwrap_or_default().into_owned();
        let score = material.value().i64("score")?.unwrap_or(9) as f64;
        let finding =
            Vulnerability::new("bad", id, "pkg:npm/a@1", Severity::High).cvss_v3_score(score).cwes(["CWE-1".into()]);
        Ok(Evaluation::fail(finding.suppressed()))
    });
    let run = |material: &str| execute::<Material>(policy, &[], "", material);
    assert_eq!(
        run(r#"{"id":"CVE-1"}"#).unwrap(),
        concat!(
            r#"{"skipped":false,"violations":[],"skip_reason":"","ignore":false,"findings":[{"message":"bad","external_id":"CVE-1","#,
            r#""package_purl":"pkg:npm/a@1","severity":"HIGH","cvss_v3_score":9.0,"cwes":["CWE-1"],"suppress":true}]}"#
        )
    );
    assert_eq!(
        run("{}").unwrap_err(),
        "a finding of type VULNERABILITY of the policy has an empty `external_id`: it needs one"
    );
    assert_eq!(
        run(r#"{"id":"x","score":11}"#).unwrap_err(),
        "the `cvss_v3_score` of a finding is not between 0 and 10"
    );
    let texts = policy!(Material, |_: &Material| Evaluation::<String>::fail(" "));
    assert_eq!(
        execute::<Material>(texts, &[], "", "{}").unwrap_err(),
        "a violation of the policy has an empty `message`: it needs one"
    );
    let skips = policy!(Material, |_: &Material| Evaluation::<LicenseViolation>::skip(""));
    assert_eq!(
        execute::<Material>(skips, &[], "", "{}").unwrap_err(),
        "the policy skipped the material without saying why"
    );
}

#[test]
fn a_violation_is_never_hidden() {
    let mut evaluation: Evaluation = Evaluation::skip("no");
    evaluation.add("but");
    assert_eq!((evaluation.skip_reason(), evaluation.is_success()), (None, false));
}

#[test]
fn severities_are_words_of_tools() {
    assert_eq!(Severity::from("high"), Severity::High);
    assert_eq!(serde_json::to_string(&Severity::from("negligible")).unwrap(), r#""negligible""#);
}

#[test]
fn arrays_are_arrays_again() {
    let list: Material<Vec<u8>> = Material::from_json(r#"{"elements":[1,2],"chainloop_metadata":{}}"#).unwrap();
    assert_eq!((&**list, list.value().raw()), (&[1, 2][..], "[1,2]"));
    // Base64 of `{"elements":[1,2]}`, and of ` [1,2]`.
    let content = |content: &str| format!(r#"{{"elements":[1,2],"chainloop_metadata":{{"content":"{content}"}}}}"#);
    let object: Material = Material::from_json(&content("eyJlbGVtZW50cyI6WzEsMl19")).unwrap();
    assert!(object.value().get("elements").is_some());
    let array: Material = Material::from_json(&content("IFsxLDJd")).unwrap();
    assert_eq!(array.value().raw(), "[1,2]");
    // Base64 of `<?xml version="1.0"?>`, and of a line of TruffleHog: Chainloop makes arrays of these, whatever their size.
    let report: Material<Vec<u8>> = Material::from_json(&content("PD94bWwgdmVyc2lvbj0iMS4wIj8+")).unwrap();
    assert_eq!(report.value().raw(), "[1,2]");
    let lines = r#""annotations":{"chainloop.material.type":"TRUFFLEHOG_JSON"},"content":"eyJSYXciOiIifQo=""#;
    let lines: Material =
        Material::from_json(&format!(r#"{{"chainloop_metadata":{{{lines}}},"elements":[1,2]}}"#)).unwrap();
    assert_eq!(lines.value().raw(), "[1,2]");
    let more: Material = Material::from_json(r#"{"elements":[1],"other":2,"chainloop_metadata":{}}"#).unwrap();
    assert!(more.value().get("other").is_some());
}

#[test]
fn what_chainloop_says_about_it() {
    let material: Material = Material::from_json(
        r#"{"chainloop_metadata":{"name":"ghcr.io/org/app","digest":{"sha256":"abc"},"content":"aGk=",
            "annotations":{"chainloop.material.type":"CONTAINER_IMAGE","chainloop.material.image.tag":"v1",
            "chainloop.material.image.is_latest_tag":true,"mine":"x"}}}"#,
    )
    .unwrap();
    let metadata = material.metadata().unwrap();
    assert_eq!(metadata.name().unwrap().as_deref(), Some("ghcr.io/org/app"));
    assert_eq!(metadata.digest("sha256").unwrap().as_deref(), Some("abc"));
    assert_eq!(metadata.digest("sha512").unwrap(), None);
    assert_eq!(metadata.kind().unwrap().as_deref(), Some("CONTAINER_IMAGE"));
    assert_eq!(metadata.image_tag().unwrap().as_deref(), Some("v1"));
    assert_eq!(metadata.image_is_latest_tag().unwrap(), Some(true));
    assert_eq!(metadata.annotations().unwrap().iter().count(), 4);
    assert_eq!(material.text().unwrap(), "hi");
    let bare: Material = Material::from_json("{}").unwrap();
    assert_eq!(bare.metadata().unwrap_err().to_string(), "the material has no `chainloop_metadata`");
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    lines: Vec<u8>,
}

#[test]
fn raw_policies_see_the_document() {
    let policy = policy!(Raw<Order>, |order: &Raw<Order>| match order.lines.len() {
        0..3 => Verdict::accept(),
        _ => Verdict::reject(Reason::new("too many").at("/lines")),
    });
    let run = |material: &str| execute::<Raw<Order>>(policy, &[], "", material);
    assert_eq!(run(r#"{"chainloop_metadata":{},"lines":[1]}"#).unwrap(), SUCCESS);
    assert_eq!(run(r#"{"lines":[1,2,3],"chainloop_metadata":{}}"#).unwrap(), failed(&["/lines: too many"]));
    assert_eq!(run(r#"{"lines":[1,"x"]}"#).unwrap(), failed(&[r#"/lines/1: expected u8, found "x""#]));
    assert_eq!(run(r#"{"chainloop_metadata":{}}"#).unwrap(), skipped("the material holds no JSON document"));
    let whole = policy!(Raw, |request: &Raw| Verdict::reject(request.value().raw()));
    assert_eq!(
        execute::<Raw>(whole, &[], "", r#"{"a":1,"chainloop_metadata":{"x":2},"b":{"c":3}}"#).unwrap(),
        failed(&[r#"{"a":1,"b":{"c":3}}"#])
    );
    assert_eq!(
        execute::<Raw>(whole, &[], "", r#"{"elements":[1],"chainloop_metadata":{}}"#).unwrap(),
        failed(&["[1]"])
    );
}
