//! A guest that is written with the Extism project's kit: what it asks for is there, on both hosts alike.

use std::path::PathBuf;
use std::sync::LazyLock;

use admit_host::artifact::{BuildOptions, Project};
use admit_host::{Abi, CompiledPolicy, LogLevel, RunOptions};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{Run, Seen, here, server, there};
use crate::support::{engine, repository};

static PATH: LazyLock<PathBuf> = LazyLock::new(|| {
    let project = Project::open(&repository().join("tests/peers/extism-pdk-guest")).expect("the guest is there");
    project.build(None, &BuildOptions::default()).unwrap_or_else(|error| panic!("{error}")).path
});
static GUEST: LazyLock<CompiledPolicy> = LazyLock::new(|| {
    let policy = CompiledPolicy::from_file(engine(), &PATH).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(policy.abi(), Abi::Extism);
    policy
});

pub(super) fn trials() -> Vec<Trial> {
    trials![
        inputs_of_every_length_arrive,
        blocks_of_every_length_are_kept,
        a_large_input_arrives,
        the_configuration_is_read,
        records_reach_the_log,
        errors_are_told,
        an_error_wins_over_an_output,
        a_return_code_is_an_error_for_one_of_them,
        a_panic_is_a_trap,
        vars_are_kept,
        requests_are_sent,
        requests_to_other_hosts_end_the_run,
        artifacts_are_discovered,
    ]
}

fn ask(question: Value) -> Run {
    Run::on(json!({"ask": question}).to_string())
}

/// What both hosts say, which is the same.
#[track_caller]
fn agreed(run: &Run) -> Seen {
    let (here, there) = (here::run(&GUEST, run), there::run(&PATH, run));
    assert!(there.loaded);
    assert_eq!(here, there.seen);
    here
}

#[track_caller]
fn says(run: &Run) -> Value {
    serde_json::from_str(agreed(run).text()).expect("the output is JSON")
}

/// What asks for nothing is sent back.
fn inputs_of_every_length_arrive() {
    for length in 0..=17_u8 {
        let input: Vec<u8> = (0..length).map(|at| at.wrapping_mul(37).wrapping_add(200)).collect();
        let run = Run::on(input.clone());
        // The other host is asked about the ends of the range only, each time in a process of its own.
        let seen = if [0, 7, 8, 9, 17].contains(&length) { agreed(&run) } else { here::run(&GUEST, &run) };
        assert_eq!(seen.result, Ok(input), "{length}");
    }
}

fn blocks_of_every_length_are_kept() {
    assert_eq!(says(&ask(json!({"blocks": 600}))), json!([]));
}

fn a_large_input_arrives() {
    let input: Vec<u8> = (0..300_001_u32).map(|at| (at % 251) as u8).collect();
    assert!(agreed(&Run::on(input.clone())).result == Ok(input), "it is another one");
}

fn the_configuration_is_read() {
    let run = ask(json!({"config": "args"}));
    assert_eq!(says(&run), json!(null));
    let args = r#"{"words":["a","b"],"é":"ü"}"#;
    assert_eq!(says(&Run { args: Some(args.to_owned()), ..run.clone() }), json!(args));
    // The kit takes an empty value for none.
    assert_eq!(says(&Run { args: Some(String::new()), ..run }), json!(null));
    assert_eq!(says(&Run { args: Some(args.to_owned()), ..ask(json!({"config": "other"})) }), json!(null));
}

fn records_reach_the_log() {
    let all = ["trace: a trace", "debug: a debug", "info: a info", "warning: a warn", "error: an error"];
    let levels = [LogLevel::Trace, LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error, LogLevel::Off];
    for (least, level) in levels.into_iter().enumerate() {
        let seen = agreed(&Run { log_level: level, ..ask(json!("log")) });
        assert_eq!(seen.logs, &all[least..]);
        assert_eq!(seen.text(), "\"logged\"");
    }
}

fn errors_are_told() {
    assert_eq!(agreed(&ask(json!({"fail": "it went wrong: é"}))).error(), "it went wrong: é");
    assert_eq!(agreed(&ask(json!({"fail_with": ["with a code", 7]}))).error(), "with a code");
    assert_eq!(agreed(&ask(json!({"fail_with": ["with 0", 0]}))).error(), "with 0");
}

fn an_error_wins_over_an_output() {
    assert_eq!(agreed(&ask(json!({"output_and_fail": ["an output", "an error"]}))).error(), "an error");
}

fn a_return_code_is_an_error_for_one_of_them() {
    for (code, unsigned) in [(1, 1), (-1, 4_294_967_295)] {
        let run = ask(json!({"return": ["an output", code]}));
        assert_eq!(agreed(&run).text(), "an output");
        let executed = GUEST.execute(run.input.clone(), None, &RunOptions::default()).result.expect("an output");
        assert_eq!(executed.return_code, unsigned);
        let strict = there::run_strictly(&PATH, &run).seen;
        assert_eq!(strict.error(), format!("Returned non-zero exit code: {code}"));
    }
}

fn a_panic_is_a_trap() {
    let run = ask(json!({"panic": "nobody hears it"}));
    assert_eq!(here::run(&GUEST, &run).error(), "wasm error: unreachable");
    assert_eq!(there::run(&PATH, &run).seen.error(), "wasm trap: wasm `unreachable` instruction executed");
}

fn vars_are_kept() {
    assert_eq!(says(&ask(json!("vars"))), json!([null, "first", "the second one", null, "other"]));
}

fn requests_are_sent() {
    let allowed = |question: Value| Run { allowed_hosts: vec!["127.0.0.*".to_owned()], ..ask(question) };
    let get = says(&allowed(json!({"http": {"url": server::url("/200")}})));
    assert_eq!(get["status"], 200);
    // Chainloop's host tells no header fields.
    assert_eq!(get["headers"], 0);
    let asked = |answer: &Value| -> Value { serde_json::from_str(answer["body"].as_str().unwrap()).unwrap() };
    assert_eq!(asked(&get), json!({"method": "GET", "type": "", "body": ""}));
    let headers = json!({"Content-Type": "text/x"});
    let request = json!({"url": server::url("/418"), "method": "post", "headers": headers, "body": "some bytes: é"});
    let post = says(&allowed(json!({"http": request})));
    assert_eq!(post["status"], 418);
    assert_eq!(asked(&post), json!({"method": "POST", "type": "text/x", "body": "some bytes: é"}));
    let empty = says(&allowed(json!({"http": {"url": server::url("/204")}})));
    assert_eq!(empty, json!({"status": 204, "headers": 0, "body": ""}));
}

fn requests_to_other_hosts_end_the_run() {
    let url = server::url("/200");
    let run = ask(json!({"http": {"url": url}}));
    assert_eq!(here::run(&GUEST, &run).error(), format!("HTTP request to '{url}' is not allowed"));
    // Without quotes, in which Chainloop would not find the host.
    assert_eq!(there::run(&PATH, &run).seen.error(), format!("HTTP request to {url} is not allowed"));
}

fn artifacts_are_discovered() {
    let item = r#"{"digest":"sha256:abc","kind":"ATTESTATION"}"#;
    for module in ["extism:host/user", "env"] {
        for (kind, answer) in [("ATTESTATION", Some(item)), ("", Some(item)), ("", None)] {
            let question = json!({"discover": {"digest": "sha256:abc", "kind": kind, "module": module}});
            let run = Run { discover: vec![answer.map(str::to_owned)], ..ask(question) };
            let seen = agreed(&run);
            assert_eq!(seen.discovered, [("sha256:abc".to_owned(), kind.to_owned())]);
            let text: String = serde_json::from_str(seen.text()).expect("a text");
            assert_eq!(text, answer.unwrap_or_default());
        }
    }
}
