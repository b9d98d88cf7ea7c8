//! What a WASI guest sees, and what is made of its answers.

use admit_host::RunOptions;
use admit_host::outcome::Failure;
use libtest_mimic::Trial;

use crate::support::{answering, behaved, request, settings};

const ACCEPTED: &[u8] = br#"{"accepted":true}"#;

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        payload_and_arguments_are_those_of_the_operation,
        stdin_is_empty_but_never_closed,
        unread_stdin_comes_before_the_answers,
        an_error_is_stderr_verbatim_but_trimmed,
        space_around_the_answer_does_not_matter,
        protocol_version_is_not_for_wasi,
    ]
}

fn payload_and_arguments_are_those_of_the_operation() {
    let policy = behaved("wasi-relay");
    let outcome =
        policy.validate(&request(r#"{"uid": "u"}"#), &settings(r#"{"b": 1, "a": 2}"#), &answering([Ok(ACCEPTED)]));
    assert!(outcome.response.allowed, "{outcome:?}");
    let call = &outcome.trace.host_calls[0];
    assert_eq!(call.operation, "validate");
    let payload = String::from_utf8_lossy(&call.payload);
    assert!(
        payload.starts_with(r#"{"request":{"kind":"#) && payload.ends_with(r#","settings":{"a":2,"b":1}}"#),
        "{payload}"
    );

    let outcome = policy.validate_settings(&settings(r#"{"b": 1, "a": 2}"#), &answering([Ok(br#"{"valid":true}"#)]));
    assert!(outcome.response.valid, "{outcome:?}");
    let call = &outcome.trace.host_calls[0];
    assert_eq!((call.operation.as_str(), &call.payload[..]), ("validate-settings", &br#"{"a":2,"b":1}"#[..]));
}

/// The relay reads stdin until a read gives nothing, calls the host, and reads again.
fn stdin_is_empty_but_never_closed() {
    let long = format!(r#"{{"accepted":false,"message":"{}"}}"#, "x".repeat(10_000));
    let outcome = behaved("wasi-relay").validate(&request("{}"), &settings("{}"), &answering([Ok(long.as_bytes())]));
    assert_eq!(outcome.trace.stdout, long);
    assert_eq!(outcome.result.expect("an answer").message.map(|message| message.len()), Some(10_000));
}

fn unread_stdin_comes_before_the_answers() {
    let options = answering([Ok(br#"{"ips":[]}"#), Err("no such host")]);
    let outcome = behaved("wasi-undrained").validate_settings(&settings("{}"), &options);
    assert_eq!(outcome.trace.stderr, r#"{}{"ips":[]}no such host"#);
    // `accepted` is not what settings are asked for.
    assert_eq!(
        outcome.response.message.as_deref(),
        Some("Cannot deserialize settings validation response: missing field `valid` at line 1 column 17")
    );
}

fn an_error_is_stderr_verbatim_but_trimmed() {
    let denied =
        "Policy has not been granted access to the 'relay/validate' host capability. The violation has been reported.";
    let outcome = behaved("wasi-relay").validate(&request("{}"), &settings("{}"), &RunOptions::default());
    assert_eq!(outcome.result, Err(Failure::Guest(denied.to_owned())));

    let outcome = behaved("wasi-relay").validate(&request("{}"), &settings("{}"), &answering([Err("\n a\n b \n")]));
    let status = outcome.response.status.expect("a status");
    assert_eq!((status.message.as_deref(), status.code), (Some("a\n b"), Some(500)));
    assert_eq!(outcome.trace.stderr, "\n a\n b \n");

    let outcome = behaved("wasi-relay").validate_settings(&settings("{}"), &answering([Err(" a ")]));
    assert_eq!((outcome.response.valid, outcome.response.message.as_deref()), (false, Some("a")));
}

fn space_around_the_answer_does_not_matter() {
    let outcome = behaved("wasi-relay").validate(
        &request("{}"),
        &settings("{}"),
        &answering([Ok(b"\n {\"accepted\":true}\n\n")]),
    );
    assert!(outcome.response.allowed, "{outcome:?}");
}

fn protocol_version_is_not_for_wasi() {
    let failure = behaved("wasi-relay").protocol_version(&RunOptions::default());
    assert!(matches!(failure, Err(Failure::Protocol(_))), "{failure:?}");
}
