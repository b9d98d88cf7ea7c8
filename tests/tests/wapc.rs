//! What a waPC guest sees, and what is made of its answers.

use admit_host::outcome::{Failure, LogRecord};
use admit_host::request::Request;
use admit_host::{Determinism, RunOptions};
use libtest_mimic::Trial;
use serde_json::json;

use crate::support::{answering, behaved, request, settings};

const ACCEPTED: &[u8] = br#"{"accepted":true}"#;

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        validate_payload_is_sorted_at_every_level,
        absent_and_null_fields_are_left_out,
        raw_requests_are_passed_on_whole,
        settings_payload_is_bare,
        protocol_version_is_asked_with_nothing,
        host_errors_come_back_as_the_guests_error,
        settings_errors_are_quoted,
        without_capabilities_every_call_is_denied,
        log_records_keep_level_message_and_data,
        log_levels_are_case_insensitive,
        a_bad_log_record_is_reported_and_succeeds,
        start_functions_run_in_order,
        time_and_randomness_are_fixed_through_preview_1,
        time_and_randomness_are_fixed_through_preview_0,
        another_seed_gives_other_bytes,
    ]
}

/// What the relay guest sent to the host: operation and payload.
fn relayed(request: &Request, given: &str) -> (String, String) {
    let outcome = behaved("wapc-relay").validate(request, &settings(given), &answering([Ok(ACCEPTED)]));
    assert!(outcome.response.allowed, "{outcome:?}");
    let [call] = &outcome.trace.host_calls[..] else { panic!("one host call expected: {outcome:?}") };
    assert_eq!((call.namespace.as_str(), call.answer.as_deref()), ("relay", Ok(ACCEPTED)));
    (call.operation.clone(), String::from_utf8(call.payload.clone()).expect("payloads are JSON"))
}

fn validate_payload_is_sorted_at_every_level() {
    let request = request(
        r#"{"uid": "u", "operation": "CREATE", "object": {"z": [{"b": 2.0, "a": 1e3}], "a": {"y": null, "x": "é"}}}"#,
    );
    let (operation, payload) = relayed(&request, r#"{"z": 18446744073709551615, "a": {"c": 1, "b": []}}"#);
    assert_eq!(operation, "validate");
    assert_eq!(
        payload,
        concat!(
            r#"{"request":{"kind":{"group":"","kind":"","version":""},"#,
            r#""object":{"a":{"x":"é","y":null},"z":[{"a":1000.0,"b":2.0}]},"operation":"CREATE","#,
            r#""resource":{"group":"","resource":"","version":""},"uid":"u","userInfo":{}},"#,
            r#""settings":{"a":{"b":[],"c":1},"z":18446744073709551615}}"#
        )
    );
}

fn absent_and_null_fields_are_left_out() {
    let request =
        request(r#"{"operation": "DELETE", "object": null, "oldObject": {"a": null}, "options": null, "unknown": 1}"#);
    let (_, payload) = relayed(&request, "{}");
    assert_eq!(
        payload,
        concat!(
            r#"{"request":{"kind":{"group":"","kind":"","version":""},"oldObject":{"a":null},"operation":"DELETE","#,
            r#""resource":{"group":"","resource":"","version":""},"uid":"","userInfo":{}},"settings":{}}"#
        )
    );
}

fn raw_requests_are_passed_on_whole() {
    let (_, payload) = relayed(&Request::Raw(json!([{"b": null, "a": 1}, "x"])), "{}");
    assert_eq!(payload, r#"{"request":[{"a":1,"b":null},"x"],"settings":{}}"#);
}

fn settings_payload_is_bare() {
    let options = answering([Ok(br#" {"valid":false,"message":"no","more":1} "#)]);
    let outcome = behaved("wapc-relay").validate_settings(&settings(r#"{"b": {"d": 1, "c": 2}, "a": 3}"#), &options);
    let [call] = &outcome.trace.host_calls[..] else { panic!("one host call expected: {outcome:?}") };
    assert_eq!(call.operation, "validate_settings");
    assert_eq!(call.payload, br#"{"a":3,"b":{"c":2,"d":1}}"#);
    assert_eq!(outcome.result.as_ref().ok(), Some(&outcome.response));
    assert_eq!((outcome.response.valid, outcome.response.message.as_deref()), (false, Some("no")));
}

fn protocol_version_is_asked_with_nothing() {
    let policy = behaved("wapc-relay");
    assert_eq!(policy.protocol_version(&answering([Ok(br#""v1""#)])), Ok("v1".to_owned()));
    assert_eq!(policy.protocol_version(&answering([Ok(br#""Unknown""#)])), Ok("Unknown".to_owned()));
    assert_eq!(policy.protocol_version(&answering([Err("no")])), Err(Failure::Guest("no".to_owned())));
    for bad in [&br#""v2""#[..], b"v1", b"1"] {
        let failure = policy.protocol_version(&answering([Ok(bad)]));
        assert!(matches!(failure, Err(Failure::Protocol(_))), "{failure:?}");
    }
}

fn host_errors_come_back_as_the_guests_error() {
    let outcome =
        behaved("wapc-relay").validate(&request(r#"{"uid": "u"}"#), &settings("{}"), &answering([Err("it \"broke\"")]));
    assert_eq!(outcome.result, Err(Failure::Guest("it \"broke\"".to_owned())));
    assert_eq!(
        serde_json::to_string(&outcome.response).expect("JSON"),
        concat!(
            r#"{"uid":"u","allowed":false,"status":{"message":"internal server error: Guest call failure: it \"broke\"","code":500},"#,
            r#""auditAnnotations":null,"warnings":null}"#
        )
    );
}

fn settings_errors_are_quoted() {
    let outcome = behaved("wapc-relay").validate_settings(&settings("{}"), &answering([Err("it \"broke\"")]));
    assert_eq!(
        outcome.response.message.as_deref(),
        Some(r#"Error invoking settings validation callback: GuestCallFailure("it \"broke\"")"#)
    );
}

fn without_capabilities_every_call_is_denied() {
    let denied =
        "Policy has not been granted access to the 'relay/validate' host capability. The violation has been reported.";
    let outcome = behaved("wapc-relay").validate(&request("{}"), &settings("{}"), &RunOptions::default());
    assert_eq!(outcome.result, Err(Failure::Guest(denied.to_owned())));
}

fn logged(record: &str) -> LogRecord {
    let outcome = behaved("wapc-log").validate(&request("{}"), &settings("{}"), &answering([Ok(record.as_bytes())]));
    assert!(outcome.response.allowed, "{outcome:?}");
    let [record, console] = &outcome.trace.logs[..] else { panic!("two records expected: {outcome:?}") };
    assert_eq!(*console, LogRecord { level: "info".to_owned(), message: "hello".to_owned(), data: json!({}) });
    assert_eq!((outcome.trace.stdout.as_str(), outcome.trace.stderr.as_str()), ("hello", ""));
    // Logging is not listed among the host calls; one with a wrong binding is.
    let calls: Vec<_> =
        outcome.trace.host_calls.iter().map(|call| (call.namespace.as_str(), call.answer.as_ref().err())).collect();
    assert_eq!(calls, [("relay", None), ("tracing", Some(&"unknown binding: other".to_owned()))]);
    record.clone()
}

fn log_records_keep_level_message_and_data() {
    let record = logged(r#"{"level": "warning", "message": "careful", "line": 7, "nested": {"a": []}}"#);
    let data = json!({"line": 7, "nested": {"a": []}});
    assert_eq!(record, LogRecord { level: "warning".to_owned(), message: "careful".to_owned(), data });
}

fn log_levels_are_case_insensitive() {
    for level in ["trace", "Debug", "INFO", "wArning", "error"] {
        let record = logged(&format!(r#"{{"level": "{level}", "message": null}}"#));
        assert_eq!(record, LogRecord { level: level.to_lowercase(), message: String::new(), data: json!({}) });
    }
}

fn a_bad_log_record_is_reported_and_succeeds() {
    for (event, error) in [
        (r#"{"level": "warn"}"#, "unknown level `warn`"),
        (r#"{"message": "x"}"#, "missing field `level`"),
        (r#"{"level": "info", "message": 1}"#, "`message`"),
        (r#"["info"]"#, "invalid type"),
        ("info", "expected value"),
    ] {
        let record = logged(event);
        assert_eq!((record.level.as_str(), record.message.as_str()), ("error", "Cannot log event"));
        assert!(record.data["error"].as_str().is_some_and(|text| text.contains(error)), "{record:?}");
        assert_eq!(record.data["event"], event);
    }
}

fn start_functions_run_in_order() {
    let outcome = behaved("wapc-starts").validate(&request("{}"), &settings("{}"), &answering([Ok(b"")]));
    assert!(outcome.response.allowed, "{outcome:?}");
    assert_eq!(outcome.trace.host_calls[0].payload, b"sw");
}

fn times(guest: &str, seed: u64) -> Vec<u64> {
    let options = RunOptions { determinism: Determinism { seed, ..Determinism::default() }, ..answering([Ok(b"")]) };
    let outcome = behaved(guest).validate(&request("{}"), &settings("{}"), &options);
    assert!(outcome.response.allowed, "{outcome:?}");
    let payload = &outcome.trace.host_calls[0].payload;
    payload.chunks_exact(8).map(|chunk| u64::from_le_bytes(chunk.try_into().expect("eight bytes"))).collect()
}

fn check_times(guest: &str) {
    const MILLISECOND: u64 = 1_000_000;
    let times = times(guest, 0);
    let [wall, monotonic, after, events, userdata, ..] = times[..] else { panic!("{times:?}") };
    assert_eq!(wall, 1_640_995_200_000 * MILLISECOND, "2022-01-01T00:00:00Z");
    assert_eq!(monotonic, MILLISECOND, "the look at the wall clock took a millisecond");
    assert_eq!(after, 3_600_002 * MILLISECOND, "two looks and an hour");
    assert_eq!((events, userdata), (1, 7));
    // The first two numbers of SplitMix64 with seed 0, as its author publishes them.
    assert_eq!(times[5..], [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4]);
}

fn time_and_randomness_are_fixed_through_preview_1() {
    check_times("wapc-time-preview1");
}

fn time_and_randomness_are_fixed_through_preview_0() {
    check_times("wapc-time-preview0");
}

fn another_seed_gives_other_bytes() {
    let (first, second) = (times("wapc-time-preview1", 0), times("wapc-time-preview1", 1));
    assert_eq!(first[..5], second[..5]);
    assert_ne!(first[5..], second[5..]);
}
