//! Answers that go wrong on purpose.

use std::sync::Arc;
use std::time::Duration;

use admit_host::capabilities::{Fault, FaultRule, Faulty, Grants, HostCapabilities, Scripted};
use admit_host::outcome::Failure;
use admit_host::{Abi, CallError, Capabilities, CompiledPolicy, Deadline, RunOptions, TimedBy, case};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::caller::{Call, Received, call, callers, received_each};
use crate::support::{engine, request, settings};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        every_fault_of_a_lookup,
        every_fault_of_a_list,
        only_the_chosen_call_goes_wrong,
        the_first_rule_that_applies_counts,
        rules_that_apply_to_nothing_are_named,
        faults_that_do_not_apply_leave_the_answer,
        what_is_not_authorised_gets_no_fault,
        a_timeout_ends_the_run_at_once,
        a_timeout_reads_as_a_real_one,
        a_busy_machine_is_no_verdict,
        calls_are_kept_once_and_the_first_hundred_go_wrong,
    ]
}

const LOOKUP: &str = "net/v1/dns_lookup_host";

fn script() -> Scripted {
    Scripted::new()
        .on("net", "v1/dns_lookup_host", |host| match host.as_str() {
            Some("gone.example") => Err("no such host".to_owned()),
            _ => Ok(json!({"ips": ["192.0.2.1"]})),
        })
        .on("kubernetes", "list_resources_all", |_| {
            Ok(json!({"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": [{"metadata": {"name": "a"}}]}))
        })
        .on("oci", "v1/manifest_digest", |_| Ok(json!({"digest": "sha256:0"})))
}

fn rule(pattern: &str, nth: Option<u64>, fault: Fault) -> FaultRule {
    FaultRule { calls: HostCapabilities::parse([pattern]).expect("a pattern"), nth, fault }
}

fn received<const N: usize>(calls: [Call<'_>; N], rules: &[FaultRule]) -> [Received; N] {
    received_each(calls, |_| RunOptions {
        capabilities: Arc::new(Faulty::new(Arc::new(script()), rules.to_vec())),
        ..RunOptions::default()
    })
}

fn one(path: &str, payload: &str, fault: Fault) -> Received {
    let [answer] = received([call(path, payload)], &[rule("*", None, fault)]);
    answer
}

fn every_fault_of_a_lookup() {
    let lookup = |fault| one(LOOKUP, r#""a.example""#, fault);
    assert_eq!(lookup(Fault::Fail("down".to_owned())), Err("Callback evaluation failure: down".to_owned()));
    assert_eq!(lookup(Fault::Truncated), Ok(r#"{"ips":["1"#.to_owned()));
    assert_eq!(lookup(Fault::OtherShape), Ok(r#"["unexpected"]"#.to_owned()));
    assert_eq!(lookup(Fault::Empty), Ok(r#"{"ips":[]}"#.to_owned()));
    let garbage = lookup(Fault::Garbage).expect("an answer");
    assert!(serde_json::from_str::<Value>(&garbage).is_err(), "{garbage}");
    let many: Value = serde_json::from_str(&lookup(Fault::Many).expect("an answer")).expect("JSON");
    assert_eq!((many["ips"].as_array().map(Vec::len), &many["ips"][0]), (Some(3_000), &json!("192.0.2.1")));
}

fn every_fault_of_a_list() {
    let list = |fault| {
        let answer = one("kubernetes/list_resources_all", r#"{"api_version": "v1", "kind": "Pod"}"#, fault);
        serde_json::from_str::<Value>(&answer.expect("an answer"))
    };
    let empty = list(Fault::Empty).expect("JSON");
    assert_eq!(empty, json!({"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": []}));
    let many = list(Fault::Many).expect("JSON");
    assert_eq!(many["items"].as_array().map(Vec::len), Some(3_000));
    assert_eq!(many["items"][2_999], json!({"metadata": {"name": "a-2999"}}));
    assert!(list(Fault::Truncated).is_err());
}

fn only_the_chosen_call_goes_wrong() {
    let digest = call("oci/v1/manifest_digest", r#""busybox""#);
    let lookup = call(LOOKUP, r#""a.example""#);
    let answers = received([lookup, digest, lookup, lookup], &[rule("net/*", Some(2), Fault::Empty)]);
    let right = Ok(r#"{"ips":["192.0.2.1"]}"#.to_owned());
    let digest = Ok(r#"{"digest":"sha256:0"}"#.to_owned());
    assert_eq!(answers, [right.clone(), digest, Ok(r#"{"ips":[]}"#.to_owned()), right]);
}

fn the_first_rule_that_applies_counts() {
    // A digest cannot be empty, so the second rule is the first one for it.
    let rules = [
        rule("*", None, Fault::Empty),
        rule("*", None, Fault::OtherShape),
        rule("*", None, Fault::Fail(String::new())),
    ];
    let answers = received([call("oci/v1/manifest_digest", r#""busybox""#), call(LOOKUP, r#""a""#)], &rules);
    assert_eq!(answers, [Ok(r#"["unexpected"]"#.to_owned()), Ok(r#"{"ips":[]}"#.to_owned())]);
}

fn rules_that_apply_to_nothing_are_named() {
    let rules = [
        rule("net/*", Some(1), Fault::Garbage),
        rule("net/*", Some(2), Fault::Garbage),
        rule("oci/v1/*", None, Fault::Many),
    ];
    let faulty = Faulty::new(Arc::new(script()), rules);
    faulty.call("net", "v1/dns_lookup_host", br#""a""#).expect("an answer");
    faulty.call("oci", "v1/manifest_digest", br#""a""#).expect("an answer");
    let unused: Vec<String> = faulty.unused().iter().map(ToString::to_string).collect();
    assert_eq!(unused, ["garbage at call 2 of [net/*]", "many at every call of [oci/v1/*]"]);
    let seen: Vec<_> = faulty.calls().iter().map(|call| (call.operation.clone(), call.faults().len())).collect();
    assert_eq!(seen, [("v1/dns_lookup_host".to_owned(), 7), ("v1/manifest_digest".to_owned(), 5)]);
}

fn faults_that_do_not_apply_leave_the_answer() {
    for fault in [Fault::Truncated, Fault::Many] {
        let failed = one(LOOKUP, r#""gone.example""#, fault);
        assert_eq!(failed, Err("Callback evaluation failure: no such host".to_owned()));
    }
    let digest = one("oci/v1/manifest_digest", r#""a""#, Fault::Empty);
    assert_eq!(digest, Ok(r#"{"digest":"sha256:0"}"#.to_owned()));
}

fn what_is_not_authorised_gets_no_fault() {
    let [answer] = received_each([call(LOOKUP, r#""a""#)], |_| RunOptions {
        grants: Grants { host_capabilities: HostCapabilities::none(), ..Grants::default() },
        capabilities: Arc::new(Faulty::new(Arc::new(script()), [rule("*", None, Fault::Empty)])),
        ..RunOptions::default()
    });
    assert!(answer.expect_err("denied").contains("has not been granted access"));
}

fn a_timeout_ends_the_run_at_once() {
    let lookup = call(LOOKUP, r#""a.example""#);
    let mut options = RunOptions::default();
    // Real waiting would take the test a year.
    let year = std::time::Duration::from_secs(365 * 24 * 3_600);
    options.limits.wall_time = Some(year);
    for policy in callers(&[lookup, lookup, lookup]) {
        let script = script();
        let faulty = Faulty::new(Arc::new(script.clone()), [rule("*", Some(2), Fault::Timeout)]);
        options.capabilities = Arc::new(faulty);
        let outcome = policy.validate(&request("{}"), &settings("{}"), &options);
        assert_eq!(outcome.result.expect_err("no answer"), Failure::Timeout(year));
        assert_eq!(script.calls().len(), 2, "the guest went on");
        let last = outcome.trace.host_calls.last().expect("a call");
        assert_eq!(last.answer, Err(CallError::TimedOut.text().to_owned()));
    }
}

/// Takes its time in a call, so that the engine interrupts the guest when it goes on.
struct Slow(std::time::Duration);

impl Capabilities for Slow {
    fn call(&self, _: &str, _: &str, _: &[u8]) -> Result<Vec<u8>, CallError> {
        std::thread::sleep(self.0);
        Ok(Vec::new())
    }
}

fn a_timeout_reads_as_a_real_one() {
    let lookup = call(LOOKUP, r#""a.example""#);
    let limit = std::time::Duration::from_millis(50);
    let run = |capabilities: Arc<dyn Capabilities>| {
        // The engine looks at the clock when a function starts: the second call does that.
        callers(&[lookup, lookup]).map(|policy| {
            let mut options = RunOptions { capabilities: capabilities.clone(), ..RunOptions::default() };
            options.limits.wall_time = Some(limit);
            let outcome = policy.validate(&request("{}"), &settings("{}"), &options);
            (policy.abi(), outcome.result.expect_err("no answer"), outcome.response)
        })
    };
    let real = run(Arc::new(Slow(limit * 10)));
    let injected = run(Arc::new(Faulty::new(Arc::new(script()), [rule("*", None, Fault::Timeout)])));
    assert_eq!(injected, real);
    let [(Abi::Wapc, _, response), (Abi::Wasi, _, silent)] = injected else { panic!("both ABIs") };
    let message = response.status.and_then(|status| status.message).expect("a message");
    assert_eq!(message, "Policy execution interrupted because it exceeded the allowed execution time");
    // A program that said nothing on stderr.
    assert_eq!(silent.status.and_then(|status| status.message).as_deref(), Some(""));
}

/// Accepts, and never comes back when the host says much.
const STARTLED: &str = r#"(module
  (import "wapc" "__guest_response" (func $respond (param i32 i32)))
  (import "wapc" "__host_call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wapc" "__host_response_len" (func $len (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "kubewardennetv1/dns_lookup_host\22a.example\22")
  (data (i32.const 100) "{\22valid\22:true,\22accepted\22:true}")
  (func (export "__guest_call") (param $operation i32) (param $payload i32) (result i32) (local $much i32)
    (call $respond (i32.const 100) (i32.const 30))
    (if (i32.ne (local.get $operation) (i32.const 17))
      (then
        (drop (call $host_call
          (i32.const 0) (i32.const 10) (i32.const 10) (i32.const 3)
          (i32.const 13) (i32.const 18) (i32.const 31) (i32.const 11)))
        (local.set $much (i32.gt_u (call $len) (i32.const 1000)))
        (loop $again (br_if $again (local.get $much)))))
    (i32.const 1)))"#;

fn a_busy_machine_is_no_verdict() {
    let folder = tempfile::tempdir().expect("a folder");
    let case = "raw: 1\nworld: {dns: {a.example: [192.0.2.1]}}\nexpect: accept\n";
    std::fs::write(folder.path().join("startled.yaml"), case).expect("a file");
    let cases = case::load(folder.path()).expect("a case");
    let policy = wat::parse_str(STARTLED).expect("valid text");
    let policy = CompiledPolicy::from_bytes(engine(), &policy).expect("a policy");
    let mut options = RunOptions::default();
    options.limits.wall_time = Some(std::time::Duration::from_millis(50));
    let mut reaction = |timed_by| {
        options.limits.timed_by = timed_by;
        let report = case::run_faults(&cases, std::slice::from_ref(&policy), &options, Deadline::NEVER, |_, _| {});
        let run = |fault| report.runs.iter().find(|run| run.fault == fault).expect("a run").reaction;
        assert_eq!(run(Fault::Timeout), case::Reaction::Closed, "this one is no accident");
        run(Fault::Many)
    };
    assert_eq!(reaction(TimedBy::Clock), case::Reaction::OutOfTime);
    // Its loop takes as much everywhere.
    assert_eq!(reaction(TimedBy::Fuel), case::Reaction::OtherVerdict);
}

fn calls_are_kept_once_and_the_first_hundred_go_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let case = "raw: 1\nworld: {dns: {a.example: [192.0.2.1]}}\nexpect: accept\n";
    std::fs::write(folder.path().join("often.yaml"), case).expect("a file");
    let cases = case::load(folder.path()).expect("a case");
    let lookups = vec![call(LOOKUP, r#""a.example""#); case::MAX_FAULT_CALLS + 3];
    let [wapc, _] = callers(&lookups);
    let report =
        case::run_faults(&cases, std::slice::from_ref(&wapc), &RunOptions::default(), Deadline::NEVER, |_, _| {});
    let left_out: Vec<_> = report.left_out.iter().map(|left_out| (left_out.abi, left_out.calls)).collect();
    assert_eq!(left_out, [(Abi::Wapc, 3)]);
    let calls: Vec<_> = report.runs.chunk_by(|a, b| a.number == b.number).collect();
    assert_eq!(calls.len(), case::MAX_FAULT_CALLS);
    let none = case::run_faults(&cases, &[wapc], &RunOptions::default(), Deadline::after(Duration::ZERO), |_, _| {});
    assert_eq!((none.runs.len(), none.out_of_time), (0, 7 * case::MAX_FAULT_CALLS));
    for runs in calls {
        assert_eq!(runs.len(), 7);
        assert!(runs.iter().all(|run| Arc::ptr_eq(&run.call, &runs[0].call)), "call {} was copied", runs[0].number);
    }
}
