//! A policy of this project's SDK: the answers are the same on both hosts.

use admit_host::LogLevel;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{Run, Seen, here, server, there};
use crate::sdk::chainloop::{Module, material, modules};

pub(super) fn trials() -> Vec<Trial> {
    trials![
        answers_are_the_same,
        errors_are_the_same,
        a_panic_keeps_its_text,
        logs_are_the_same,
        requests_are_the_same,
        discoveries_are_the_same,
        findings_are_the_same,
    ]
}

#[track_caller]
fn agreed(module: &Module, run: &Run) -> Seen {
    let (here, there) = (here::run(&module.policy, run), there::run(&module.path, run));
    assert!(there.loaded);
    assert_eq!(here, there.seen);
    here
}

fn ask(question: Value) -> Run {
    Run::on(json!({"ask": question}).to_string())
}

fn answers_are_the_same() {
    for question in [json!("success"), json!({"fail": ["one", "two \"é\"\n"]}), json!({"skip": "no"}), json!("ignore")]
    {
        agreed(material(), &ask(question)).text();
    }
    let args = Some(r#"{"words":"one","limit":"3","strict":"true","level":"high"}"#.to_owned());
    let seen = agreed(material(), &Run { args, ..ask(json!("args")) });
    assert!(seen.text().contains("limit: 3, strict: true"), "{}", seen.text());
}

fn errors_are_the_same() {
    assert_eq!(agreed(material(), &ask(json!({"error": "one\r\ntwo"}))).error(), "one  two");
    agreed(material(), &Run { args: Some(r#"{"limit":"x"}"#.to_owned()), ..ask(json!("args")) }).error();
    agreed(material(), &Run::on("{}")).error();
    agreed(material(), &Run::on("[")).error();
    agreed(material(), &Run::on("")).error();
}

fn a_panic_keeps_its_text() {
    let run = ask(json!({"panic": "the (last) word"}));
    let (here, there) = (here::run(&material().policy, &run), there::run(&material().path, &run));
    assert!(here.error().starts_with("runtime error: the [last] word at "), "{}", here.error());
    assert_eq!(here, there.seen);
}

fn logs_are_the_same() {
    for log_level in [LogLevel::Trace, LogLevel::Info, LogLevel::Error, LogLevel::Off] {
        agreed(material(), &Run { log_level, ..ask(json!("log")) });
    }
}

fn requests_are_the_same() {
    let allowed = |question: Value| Run { allowed_hosts: vec!["127.0.0.1".to_owned()], ..ask(question) };
    let got = agreed(material(), &allowed(json!({"get": server::url("/200")})));
    assert!(got.text().contains("200 {"), "{}", got.text());
    let empty = agreed(material(), &allowed(json!({"get": server::url("/204")})));
    assert!(empty.text().contains("\"204 \""), "{}", empty.text());
    // The body arrives.
    let posted = agreed(material(), &allowed(json!({"post": {"url": server::url("/200"), "body": "twelve bytes"}})));
    assert!(posted.text().contains("twelve bytes"), "{}", posted.text());
    agreed(material(), &allowed(json!({"post_json": server::url("/500")})));
}

fn discoveries_are_the_same() {
    let item = json!({"references": [{"kind": "ATTESTATION", "digest": "sha256:1"}]}).to_string();
    for discover in [vec![Some(item)], vec![None], vec![Some("{".to_owned())]] {
        agreed(material(), &Run { discover, ..ask(json!({"discover": {"digest": "sha256:0"}})) });
    }
}

fn findings_are_the_same() {
    let report = json!({"matches": [{"id": "CVE-1", "purl": "pkg:npm/a@1", "severity": "high", "score": 7.5}]});
    let seen = agreed(&modules().findings, &Run::on(report.to_string()));
    assert!(seen.text().contains("\"findings\":[{"), "{}", seen.text());
}
