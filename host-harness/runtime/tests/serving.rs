//! The serving profile.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use admit_runtime::outcome::Failure;
use admit_runtime::request::{AdmissionRequest, PreparedRequest, Request};
use admit_runtime::{CompiledPolicy, Engine, EngineOptions, RunOptions, Traced};
use serde_json::{Map, json};

/// Writes to 100 pages of its memory, logs what it was sent, and accepts; for the operation of 17 letters, which is
/// `validate_settings`, it traps after it logged.
const POLICY: &str = r#"(module
  (import "wapc" "__guest_response" (func $respond (param i32 i32)))
  (import "wapc" "__host_call" (func $call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 16)
  (data (i32.const 0) "{\"accepted\":true}kubewardentracinglog{\"level\":\"error\",\"message\":\"a last word\"}")
  (func (export "__guest_call") (param $operation i32) (param $payload i32) (result i32) (local $at i32)
    (local.set $at (i32.const 65536))
    (loop $pages
      (i32.store (local.get $at) (i32.const 1))
      (local.set $at (i32.add (local.get $at) (i32.const 4096)))
      (br_if $pages (i32.lt_u (local.get $at) (i32.const 475136))))
    (drop (call $call (i32.const 17) (i32.const 10) (i32.const 27) (i32.const 7) (i32.const 34) (i32.const 3) (i32.const 37) (i32.const 41)))
    (if (i32.eq (local.get $operation) (i32.const 17)) (then unreachable))
    (call $respond (i32.const 0) (i32.const 17))
    (i32.const 1)))"#;

fn policy(options: EngineOptions) -> CompiledPolicy {
    let engine = Engine::new(options).expect("an engine");
    CompiledPolicy::from_bytes(&engine, &wat::parse_str(POLICY).unwrap()).expect("it loads")
}

fn request() -> Request {
    let object = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}});
    Request::Kubernetes(Box::new(AdmissionRequest {
        uid: "u".to_owned(),
        operation: "CREATE".to_owned(),
        object: Some(object),
        ..AdmissionRequest::default()
    }))
}

#[test]
fn nothing_is_traced_but_the_cost() {
    let policy = policy(EngineOptions::serving());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&heard);
    let mut options = RunOptions::serving();
    options.log_sink = Some(Arc::new(move |record| sink.lock().unwrap().push(record.message.clone())));
    let outcome = policy.validate(&request(), &Map::new(), &options);
    assert!(outcome.response.allowed, "{outcome:?}");
    assert!(outcome.trace.logs.is_empty() && outcome.trace.host_calls.is_empty());
    assert_eq!(outcome.trace.fuel, 0);
    assert!(outcome.trace.peak_memory >= 1 << 20);
    assert_eq!(*heard.lock().unwrap(), ["a last word"]);

    // What the policy said last explains a trap all the same.
    let outcome = policy.validate_settings(&Map::new(), &options);
    assert!(
        matches!(&outcome.result, Err(Failure::Trap { cause, .. }) if cause.starts_with("a last word (")),
        "{outcome:?}"
    );
    assert!(outcome.trace.logs.is_empty());

    options.traced = Traced::Everything;
    assert_eq!(policy.validate(&request(), &Map::new(), &options).trace.logs.len(), 1);
}

#[test]
fn a_prepared_request_is_the_same_request() {
    let policy = policy(EngineOptions::serving());
    let (request, options) = (request(), RunOptions::serving());
    let direct = policy.validate(&request, &Map::new(), &options);
    let prepared = PreparedRequest::from(request);
    let again = policy.validate_prepared(&prepared, &Map::new(), &options);
    assert_eq!(direct.response, again.response);
    assert_eq!(serde_json::from_slice::<serde_json::Value>(prepared.json()).unwrap()["uid"], "u");
}

#[test]
fn fuel_has_to_be_counted_to_be_limited() {
    let mut options = RunOptions::serving();
    options.limits.fuel = Some(1_000_000);
    let outcome = policy(EngineOptions::serving()).validate(&request(), &Map::new(), &options);
    assert!(
        matches!(&outcome.result, Err(Failure::Instantiate(text)) if text.contains("testing profile")),
        "{outcome:?}"
    );
    assert!(policy(EngineOptions::default()).validate(&request(), &Map::new(), &options).response.allowed);
}

#[test]
fn more_threads_than_places() {
    let policy = policy(EngineOptions { instances: 2, ..EngineOptions::serving() });
    let (request, options) = (request(), RunOptions::serving());
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let outcome = policy.validate(&request, &Map::new(), &options);
                    assert!(outcome.response.allowed, "{outcome:?}");
                }
            });
        }
    });
}

/// Each place has what the largest module takes that is let in, so that it never depends on the neighbours whether one starts.
#[test]
fn places_are_large_enough_for_all() {
    let module = |tables: &str| {
        let text = format!(
            r#"(module
              (import "wapc" "__guest_response" (func $respond (param i32 i32)))
              (import "wapc" "__console_log" (func $log (param i32 i32)))
              (memory (export "memory") 1) (memory 1) {tables}
              (data (i32.const 0) "{{\"accepted\":true}}")
              (func (export "__guest_call") (param i32 i32) (result i32)
                (call $log (i32.const 0) (i32.const 1))
                (call $respond (i32.const 0) (i32.const 17)) (i32.const 1)))"#
        );
        wat::parse_str(text).unwrap()
    };
    let engine = Engine::new(EngineOptions { instances: 8, ..EngineOptions::serving() }).expect("an engine");
    let policy = CompiledPolicy::from_bytes(&engine, &module(&"(table 1 funcref)".repeat(4))).expect("it loads");
    let (request, mut options) = (request(), RunOptions::serving());
    // All of them are in the middle of a run at once; one that does not start keeps the others only so long.
    let (running, until) = (AtomicUsize::new(0), Instant::now() + Duration::from_secs(5));
    options.log_sink = Some(Arc::new(move |_| {
        running.fetch_add(1, Ordering::SeqCst);
        while running.load(Ordering::SeqCst) < 8 && Instant::now() < until {
            thread::yield_now();
        }
    }));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let outcome = policy.validate(&request, &Map::new(), &options);
                assert!(outcome.response.allowed, "{outcome:?}");
            });
        }
    });

    // One table more is refused here, and loaded where tests run.
    let larger = module(&"(table 1 funcref)".repeat(5));
    assert!(CompiledPolicy::from_bytes(&engine, &larger).is_err());
    let testing = Engine::new(EngineOptions::default()).expect("an engine");
    assert!(CompiledPolicy::from_bytes(&testing, &larger).is_ok());
}

/// A thread with little stack gets more of it for a policy.
#[test]
fn a_small_stack_is_enough() {
    let policy = policy(EngineOptions::default());
    let work = move || policy.validate(&request(), &Map::new(), &RunOptions::default()).response.allowed;
    let thread = thread::Builder::new().stack_size(128 << 10).spawn(work).unwrap();
    assert!(thread.join().unwrap());
}

/// Memory that stays does not depend on how many evaluations there were.
#[cfg(target_os = "linux")]
#[test]
fn memory_stays_flat() {
    let policy = policy(EngineOptions { instances: 8, ..EngineOptions::serving() });
    let (request, options) = (request(), RunOptions::serving());
    let evaluate = |times: usize| {
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..times).for_each(|_| drop(policy.validate(&request, &Map::new(), &options))));
            }
        });
    };
    let resident = || {
        let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
        statm.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
    };
    evaluate(200);
    let before = resident();
    evaluate(12_500);
    let grown = resident().saturating_sub(before);
    assert!(grown < 8 << 20, "{grown} bytes more after 100,000 evaluations");
}
