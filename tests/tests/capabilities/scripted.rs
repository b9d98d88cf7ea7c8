//! Answers that a test writes down.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use admit_host::capabilities::{Scripted, ScriptedCall};
use admit_host::{Capabilities, RunOptions};
use libtest_mimic::Trial;
use serde_json::json;

use super::caller::{call, received, unanswerable};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        the_first_rule_that_fits_answers,
        unexpected_calls_name_what_is_expected,
        calls_and_unused_rules_are_known,
        rules_for_made_up_operations_are_refused,
        native_calls_are_checked_as_well,
    ]
}

fn options(script: &Scripted) -> RunOptions {
    RunOptions { capabilities: Arc::new(script.clone()), ..RunOptions::default() }
}

const GET: &str = r#"{"api_version":"v1","kind":"Namespace","name":"n"}"#;

fn the_first_rule_that_fits_answers() {
    let script = Scripted::new()
        .answer("net", "v1/dns_lookup_host", json!("a"), json!({"ips": ["192.0.2.1"]}))
        .fail("net", "v1/dns_lookup_host", json!("b"), "no such host")
        .on("net", "v1/dns_lookup_host", |host| Ok(json!({ "ips": [host] })))
        .on("kubernetes", "get_resource", |request| Err(format!("no {}", request["name"])));
    let calls = [
        call("net/v1/dns_lookup_host", r#""c""#),
        call("net/v1/dns_lookup_host", r#""b""#),
        call("net/v1/dns_lookup_host", r#""a""#),
        call("net/v1/dns_lookup_host", r#" "a" "#),
        call("kubernetes/get_resource", GET),
    ];
    let expected = [
        Ok(r#"{"ips":["c"]}"#.to_owned()),
        Err("Callback evaluation failure: no such host".to_owned()),
        Ok(r#"{"ips":["192.0.2.1"]}"#.to_owned()),
        Ok(r#"{"ips":["192.0.2.1"]}"#.to_owned()),
        Err(r#"Callback evaluation failure: no "n""#.to_owned()),
    ];
    assert_eq!(received(calls, &options(&script)), expected);
}

fn unexpected_calls_name_what_is_expected() {
    let script = Scripted::new().answer("net", "v1/dns_lookup_host", json!("a"), json!({"ips": []})).on(
        "kubernetes",
        "can_i",
        |_| Ok(json!({"allowed": true})),
    );
    let calls = [call("net/v1/dns_lookup_host", r#""b""#)];
    let text = concat!(
        "unexpected call of net/v1/dns_lookup_host with \"b\"; the script answers:\n",
        "  net/v1/dns_lookup_host with \"a\"\n",
        "  kubernetes/can_i with any request"
    );
    assert_eq!(unanswerable(&calls, || options(&script)), text);

    let text = "unexpected call of net/v1/dns_lookup_host with \"b\"; the script answers: nothing";
    assert_eq!(unanswerable(&calls, || options(&Scripted::new())), text);
}

fn calls_and_unused_rules_are_known() {
    let script = Scripted::new()
        .answer("net", "v1/dns_lookup_host", json!("a"), json!({"ips": []}))
        .answer("net", "v1/dns_lookup_host", json!("b"), json!({"ips": []}))
        .on("kubernetes", "get_resource", |_| Ok(json!({})));
    let all = [
        r#"net/v1/dns_lookup_host with "a""#,
        r#"net/v1/dns_lookup_host with "b""#,
        "kubernetes/get_resource with any request",
    ];
    assert_eq!(script.unused(), all);
    let calls = [call("kubernetes/get_resource", GET), call("net/v1/dns_lookup_host", r#""b""#)];
    assert_eq!(received(calls, &options(&script)).map(|answer| answer.is_ok()), [true, true]);
    assert_eq!(script.unused(), all[..1]);
    let panic = std::panic::catch_unwind(AssertUnwindSafe(|| script.assert_used())).expect_err("a rule was not used");
    let text = panic.downcast_ref::<String>().expect("a text");
    assert_eq!(text, "the policy was expected to call, and did not:\n  net/v1/dns_lookup_host with \"a\"");

    let calls = [call("net/v1/dns_lookup_host", r#""a""#), call("net/v1/dns_lookup_host", r#""x""#)];
    unanswerable(&calls, || options(&script));
    script.assert_used();
    // Once for each ABI, the unexpected call too.
    let of = |namespace: &str, operation: &str, request| ScriptedCall {
        namespace: namespace.to_owned(),
        operation: operation.to_owned(),
        request,
    };
    let get = of("kubernetes", "get_resource", serde_json::from_str(GET).expect("JSON"));
    let [a, b, x] = ["a", "b", "x"].map(|host| of("net", "v1/dns_lookup_host", json!(host)));
    assert_eq!(script.calls(), [&get, &b, &get, &b, &a, &x, &a, &x].map(Clone::clone));
}

fn rules_for_made_up_operations_are_refused() {
    let panic = std::panic::catch_unwind(|| Scripted::new().on("net", "dns_lookup_host", |_| Ok(json!({}))));
    let panic = panic.err().expect("there is no such operation");
    let text = panic.downcast_ref::<String>().expect("a text");
    assert!(text.starts_with("no policy can call `net/dns_lookup_host`; the operations are oci/v1/verify,"), "{text}");
}

/// In a native test no call is authorised before the script answers.
fn native_calls_are_checked_as_well() {
    let script = Scripted::new().on("kubernetes", "get_resource", |_| Ok(json!({})));
    let refused = script.call("kubernetes", "get_resource", br#"{"api_version":"v1","kind":"Pod"}"#);
    assert_eq!(refused, Err("missing field `name` at line 1 column 33".to_owned().into()));
    assert_eq!(script.call("net", "x", b""), Err("unknown operation: x".to_owned().into()));
    assert_eq!(script.calls(), []);
    let host = admit::Host::new(script.clone());
    let panic = std::panic::catch_unwind(AssertUnwindSafe(|| host.call("net", "v1/dns_lookup_host", b"\"h\"")));
    let panic = panic.expect_err("no rule fits");
    let text = panic.downcast_ref::<String>().expect("a text");
    assert!(text.starts_with("unexpected call of net/v1/dns_lookup_host with \"h\"; the script answers:"), "{text}");
}
