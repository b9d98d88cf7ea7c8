//! What policies ask their host.

use std::sync::Arc;

use admit_host::capabilities::Scripted;
use admit_host::chainloop::{Category, ExecutionError};
use admit_host::execution::ExecutionOutcome;
use admit_host::{ChainloopOptions, LogLevel, RunOptions};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{ask, error, material, violations};

pub(super) fn trials() -> Vec<Trial> {
    trials![
        records_respect_the_level,
        responses_arrive,
        bodies_arrive,
        requests_to_other_hosts_are_blocked,
        failed_requests_end_the_run,
        artifacts_are_discovered,
    ]
}

fn scripted(question: Value, script: &Scripted) -> ExecutionOutcome {
    let options = RunOptions {
        capabilities: Arc::new(script.clone()),
        chainloop: ChainloopOptions {
            allowed_hostnames: vec!["*.example.com".to_owned()],
            ..ChainloopOptions::default()
        },
        ..RunOptions::default()
    };
    material().run(&question, &Value::Null, &options)
}

fn logging(log_level: LogLevel) -> RunOptions {
    RunOptions { chainloop: ChainloopOptions { log_level, ..ChainloopOptions::default() }, ..RunOptions::default() }
}

fn records_respect_the_level() {
    let all = [
        ("trace", "a record of level trace"),
        ("debug", "a record of level debug"),
        ("info", "a record of level info"),
        ("warning", "a record of level warning"),
        ("error", "a record of level error"),
        ("warning", "with fields {\"items\":0}"),
    ];
    let order = ["trace", "debug", "info", "warning", "error"];
    let levels = [LogLevel::Trace, LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error];
    for (least, log_level) in levels.into_iter().enumerate() {
        let options = logging(log_level);
        let execution = material().run(&ask(json!("log")), &Value::Null, &options);
        let logs: Vec<_> = execution.trace.logs.iter().map(|log| (log.level.as_str(), log.message.as_str())).collect();
        let expected: Vec<_> = all.into_iter().filter(|(level, _)| order[least..].contains(level)).collect();
        assert_eq!(logs, expected, "{log_level:?}");
    }
    let options = logging(LogLevel::Off);
    assert_eq!(material().run(&ask(json!("log")), &Value::Null, &options).trace.logs.len(), 0);
}

fn responses_arrive() {
    let script = Scripted::new().on("http", "request", |request| {
        assert_eq!((&request["method"], &request["headers"]), (&json!("GET"), &json!({})));
        assert_eq!(request.get("body"), None);
        match request["url"].as_str() {
            Some("https://a.example.com/x?y=z") => Ok(json!({"status": 200, "body": "hello: é"})),
            _ => Ok(json!({"status": 404})),
        }
    });
    let found = scripted(ask(json!({"get": "https://a.example.com/x?y=z"})), &script);
    assert_eq!(violations(&found), ["200 hello: é"]);
    // Any status is a response, and one without a body has none.
    assert_eq!(violations(&scripted(ask(json!({"get": "https://a.example.com/"})), &script)), ["404 "]);
}

fn bodies_arrive() {
    let script = Scripted::new().on("http", "request", |_| Ok(json!({"status": 201})));
    let body = "x".repeat(1001);
    let posted = scripted(ask(json!({"post": {"url": "https://a.example.com/", "body": body}})), &script);
    assert_eq!(violations(&posted), ["201 "]);
    let seen = |execution: &ExecutionOutcome| -> Value {
        let [call] = execution.trace.host_calls.as_slice() else { panic!("{:?}", execution.trace.host_calls) };
        assert_eq!((call.namespace.as_str(), call.operation.as_str()), ("http", "request"));
        serde_json::from_slice(&call.payload).expect("the call is JSON")
    };
    let expected = json!({"url": "https://a.example.com/", "method": "POST", "headers": {}, "body": body});
    assert_eq!(seen(&posted), expected);

    let mut question = ask(json!({"post_json": "https://a.example.com/"}));
    question["items"] = json!([{"name": "é"}, {"name": "b", "version": "1"}]);
    let posted = scripted(question, &script);
    let request = seen(&posted);
    assert_eq!(request["headers"], json!({"content-type": "application/json"}));
    assert_eq!(request["body"], r#"["é","b"]"#);

    let empty = scripted(ask(json!({"post": {"url": "https://a.example.com/", "body": ""}})), &script);
    assert_eq!(seen(&empty).get("body"), None);
}

fn requests_to_other_hosts_are_blocked() {
    let script = Scripted::new();
    let blocked = scripted(ask(json!({"get": "https://evil.test:1/x"})), &script);
    let text = error(&blocked);
    assert_eq!(text, "HTTP request to 'https://evil.test:1/x' is not allowed");
    let explained = ExecutionError::of(&text);
    assert_eq!(explained.category, Category::HttpForbidden);
    assert_eq!(explained.message, "HTTP request blocked - hostname 'evil.test' is not in the allowed hosts list");
    assert_eq!(script.calls(), []);
}

fn failed_requests_end_the_run() {
    let script =
        Scripted::new().on("http", "request", |_| Err("dial tcp: lookup a.example.com: no such host".to_owned()));
    let failed = error(&scripted(ask(json!({"get": "https://a.example.com/"})), &script));
    assert!(failed.contains("no such host"), "{failed}");
}

fn artifacts_are_discovered() {
    let script = Scripted::new()
        .answer(
            "chainloop",
            "discover",
            json!({"digest": "sha256:1", "kind": "ATTESTATION"}),
            json!({"digest": "sha256:1", "references": [{"kind": "SARIF", "digest": "sha256:2", "metadata": {"a": "b"}}, {}]}),
        )
        .answer("chainloop", "discover", json!({"digest": "sha256:1"}), json!({}))
        .fail("chainloop", "discover", json!({"digest": "sha256:3"}), "not found");
    let found = scripted(ask(json!({"discover": {"digest": "sha256:1", "kind": "ATTESTATION"}})), &script);
    assert_eq!(violations(&found), ["SARIF@sha256:2", "@"]);
    assert_eq!(violations(&scripted(ask(json!({"discover": {"digest": "sha256:1"}})), &script)), [""; 0]);
    let failed = error(&scripted(ask(json!({"discover": {"digest": "sha256:3"}})), &script));
    assert!(failed.ends_with("the artifact is not known, or there is no connection to Chainloop"), "{failed}");
    script.assert_used();
}
