//! What holds for every evaluation, whatever the ABI.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use admit_host::limits::FUEL_PER_SECOND;
use admit_host::outcome::{EvaluationOutcome, Failure, LimitKind};
use admit_host::{Abi, CallError, Capabilities, Clock, CompiledPolicy, RunOptions, TimedBy};
use libtest_mimic::Trial;

use crate::support::{Echo, answering, behaved, engine, repository, request, settings};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        the_same_input_gives_the_same_outcome,
        instances_are_fresh,
        many_threads_share_a_policy,
        the_default_limits_are_what_they_are,
        limits_can_be_as_large_as_they_get,
        memory_is_limited_to_the_byte,
        fuel_is_counted_and_limited,
        time_can_be_measured_in_fuel,
        host_calls_are_kept_up_to_a_limit,
        a_panic_of_a_capability_reaches_the_caller,
        traps_name_functions_and_source_lines,
        limits_tell_where_the_policy_was,
        async_callers_are_fine,
    ]
}

fn compile(wat: &str) -> CompiledPolicy {
    let bytes = wat::parse_str(wat).expect("the test's module is valid");
    CompiledPolicy::from_bytes(engine(), &bytes).unwrap_or_else(|error| panic!("{error}"))
}

fn run(policy: &CompiledPolicy, options: &RunOptions) -> EvaluationOutcome {
    policy.validate(&request(r#"{"uid": "u", "object": {"a": [1, 2, 3]}}"#), &settings(r#"{"b": true}"#), options)
}

fn the_same_input_gives_the_same_outcome() {
    for guest in ["wapc-relay", "wasi-relay", "wapc-log", "wapc-time-preview1", "wasi-undrained"] {
        let [first, second] = [(), ()].map(|()| {
            let mut outcome =
                run(&behaved(guest), &answering([Ok(br#"{"accepted":true,"mutated_object":{"a":1}}"#), Ok(b"x")]));
            outcome.trace.duration = Duration::ZERO;
            format!("{outcome:?}")
        });
        assert_eq!(first, second);
        assert!(first.contains("fuel: ") && !first.contains("fuel: 0,"), "{first}");
    }
}

/// Counts its calls in a global, and answers with a code.
const COUNTER: &str = r#"(module
  (import "wapc" "__guest_response" (func $respond (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "{\"accepted\":true,\"code\":0}")
  (global $calls (mut i32) (i32.const 48))
  (func (export "__guest_call") (param i32 i32) (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i32.store8 (i32.const 24) (global.get $calls))
    (call $respond (i32.const 0) (i32.const 26))
    (i32.const 1)))"#;

fn instances_are_fresh() {
    let policy = compile(COUNTER);
    for _ in 0..3 {
        let outcome = run(&policy, &RunOptions::default());
        assert_eq!(outcome.result.map(|answer| answer.code), Ok(Some(1)));
    }
}

fn many_threads_share_a_policy() {
    let policies = [behaved("wapc-relay"), behaved("wasi-relay")];
    thread::scope(|scope| {
        for index in 0..32 {
            let policy = &policies[index % 2];
            scope.spawn(move || {
                let answer = format!(r#"{{"accepted":false,"message":"{index}"}}"#);
                let outcome = run(policy, &answering([Ok(answer.as_bytes())]));
                assert_eq!(outcome.result.expect("an answer").message, Some(index.to_string()));
            });
        }
    });
}

fn the_default_limits_are_what_they_are() {
    let limits = RunOptions::default().limits;
    assert_eq!((limits.wall_time, limits.memory, limits.fuel), (None, None, None));
    let of = |abi| (limits.wall_time_of(abi), limits.memory_of(abi));
    assert_eq!([of(Abi::Wapc), of(Abi::Wasi)], [(Duration::from_secs(10), 256 << 20); 2]);
    assert_eq!(of(Abi::Extism), (Duration::from_secs(60), 1 << 30));
    assert_eq!((limits.message, limits.log), (16 << 20, 1 << 20));
}

fn limits_can_be_as_large_as_they_get() {
    let mut options = answering([Ok(br#"{"accepted":true}"#)]);
    options.limits.wall_time = Some(Duration::MAX);
    (options.limits.memory, options.limits.fuel) = (Some(u64::MAX), Some(u64::MAX));
    (options.limits.message, options.limits.log) = (usize::MAX, usize::MAX);
    options.determinism.clock = Clock::Real;
    let outcome = run(&behaved("wapc-relay"), &options);
    assert!(outcome.response.allowed, "{outcome:?}");
}

fn memory_is_limited_to_the_byte() {
    const PAGE: u64 = 65_536;
    let policy = compile(
        r#"(module
          (memory (export "memory") 1 20)
          (memory 2)
          (func (export "__guest_call") (param i32 i32) (result i32)
            ;; Beyond its own maximum: an ordinary -1.
            (if (i32.ne (memory.grow (i32.const 100)) (i32.const -1)) (then unreachable))
            (memory.grow (i32.const 2))))"#,
    );
    let mut options = RunOptions::default();
    options.limits.memory = Some(5 * PAGE);
    let outcome = run(&policy, &options);
    assert_eq!(outcome.trace.peak_memory, 5 * PAGE);
    assert!(matches!(outcome.result, Err(Failure::Protocol(_))), "{outcome:?}");

    options.limits.memory = Some(5 * PAGE - 1);
    let outcome = run(&policy, &options);
    assert_eq!(outcome.result, Err(Failure::Limit { kind: LimitKind::Memory, limit: 5 * PAGE - 1 }));
    assert_eq!(outcome.trace.peak_memory, 3 * PAGE);
}

fn fuel_is_counted_and_limited() {
    // A thousand turns; the engine looks at the fuel at the start of each. `wapc_init` counts, the start section does not.
    let turns = |count: u32| {
        format!(
            "(local i32) (loop $again (br_if $again (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const {count}))))"
        )
    };
    let policy = |init: u32, section: u32| {
        compile(&format!(
            r#"(module
              (import "wapc" "__guest_response" (func $respond (param i32 i32)))
              (memory (export "memory") 1)
              (data (i32.const 0) "{{\"accepted\":true}}")
              (func (export "wapc_init") {})
              (func $section {})
              (start $section)
              (func (export "__guest_call") (param i32 i32) (result i32)
                (call $respond (i32.const 0) (i32.const 17)) (i32.const 1)))"#,
            turns(init),
            turns(section)
        ))
    };
    let fuel = |policy: &CompiledPolicy| run(policy, &RunOptions::default()).trace.fuel;
    let (hundred, thousand) = (fuel(&policy(100, 1)), fuel(&policy(1000, 1)));
    assert_eq!((thousand - hundred) % 900, 0, "every turn costs the same");
    assert_eq!(fuel(&policy(1000, 5000)), thousand, "the start section is not counted");

    let mut options = RunOptions::default();
    options.limits.fuel = Some(thousand / 2);
    let outcome = run(&policy(1000, 1), &options);
    assert_eq!(outcome.result, Err(Failure::Limit { kind: LimitKind::Fuel, limit: thousand / 2 }));
    options.limits.fuel = Some(thousand + 1);
    let outcome = run(&policy(1000, 1), &options);
    assert!(outcome.response.allowed, "{outcome:?}");
    assert_eq!(outcome.trace.fuel, thousand);
}

fn time_can_be_measured_in_fuel() {
    let policy = compile(
        r#"(module
          (memory (export "memory") 1)
          (func (export "__guest_call") (param i32 i32) (result i32) (loop $again (br $again)) (i32.const 1)))"#,
    );
    let mut options = RunOptions::default();
    options.limits.wall_time = Some(Duration::from_millis(5));
    options.limits.timed_by = TimedBy::Fuel;
    let outcome = run(&policy, &options);
    assert_eq!(outcome.result, Err(Failure::Limit { kind: LimitKind::Fuel, limit: 10_000_000 }));
    // Less is less.
    options.limits.fuel = Some(1_000);
    assert_eq!(run(&policy, &options).result, Err(Failure::Limit { kind: LimitKind::Fuel, limit: 1_000 }));
    assert_eq!(options.limits.fuel_of(Abi::Extism), Some(1_000));
    options.limits.fuel = None;
    options.limits.wall_time = Some(Duration::MAX);
    assert_eq!(options.limits.fuel_of(Abi::Wapc), Some(u64::MAX));
    options.limits.wall_time = None;
    assert_eq!(options.limits.fuel_of(Abi::Extism), Some(60 * FUEL_PER_SECOND));
}

fn host_calls_are_kept_up_to_a_limit() {
    let policy = compile(
        r#"(module
          (import "host" "call" (func $call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 0) "kubewarden")
          (func (export "_start") (local $count i32)
            (loop $again
              (drop (call $call (i32.const 0) (i32.const 10) (i32.const 16) (i32.const 0) (i32.const 16) (i32.const 0)
                (i32.const 0) (i32.const 1000)))
              (local.set $count (i32.add (local.get $count) (i32.const 1)))
              (br_if $again (i32.lt_u (local.get $count) (i32.const 100))))))"#,
    );
    let mut options = RunOptions { capabilities: Arc::new(Echo), ..RunOptions::default() };
    options.limits.message = 100_000;
    let trace = run(&policy, &options).trace;
    // Payload, answer, and a little for the record itself.
    assert_eq!(trace.host_calls.len(), 100_000 / 2_128);
    assert_eq!(trace.host_calls.len() as u64 + trace.host_calls_dropped, 100);
}

fn a_panic_of_a_capability_reaches_the_caller() {
    struct Panics;
    impl Capabilities for Panics {
        fn call(&self, _: &str, _: &str, _: &[u8]) -> Result<Vec<u8>, CallError> {
            std::panic::resume_unwind(Box::new("the fake's assertion"))
        }

        fn is_extension(&self, _: &str, _: &str) -> bool {
            true
        }
    }
    let options = RunOptions { capabilities: Arc::new(Panics), ..RunOptions::default() };
    for guest in ["wapc-relay", "wasi-relay"] {
        let policy = behaved(guest);
        let payload =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&policy, &options))).expect_err("a panic");
        assert_eq!(payload.downcast_ref::<&str>(), Some(&"the fake's assertion"));
    }
}

fn limits_tell_where_the_policy_was() {
    let policy = compile(
        r#"(module
          (memory (export "memory") 1)
          (func $turns_for_ever (loop $again (br $again)))
          (func (export "__guest_call") (param i32 i32) (result i32) (call $turns_for_ever) (i32.const 1)))"#,
    );
    let mut options = RunOptions::default();
    options.limits.fuel = Some(1000);
    let out_of_fuel = run(&policy, &options);
    assert!(matches!(out_of_fuel.result, Err(Failure::Limit { kind: LimitKind::Fuel, .. })), "{out_of_fuel:?}");
    options = RunOptions::default();
    options.limits.wall_time = Some(Duration::from_millis(20));
    let out_of_time = run(&policy, &options);
    assert!(matches!(out_of_time.result, Err(Failure::Timeout(_))), "{out_of_time:?}");
    // A loop writes down nothing of what it uses, and what is known is far less.
    assert!(out_of_time.trace.fuel_is_minimum && out_of_time.trace.fuel < 1000, "{:?}", out_of_time.trace);
    assert!(!out_of_fuel.trace.fuel_is_minimum, "{:?}", out_of_fuel.trace);
    for outcome in [out_of_fuel, out_of_time] {
        let stopped_at = outcome.trace.stopped_at.expect("it was somewhere");
        assert!(stopped_at.lines().next().is_some_and(|line| line.ends_with("!turns_for_ever")), "{stopped_at}");
    }
    // What ends by itself was stopped nowhere.
    assert_eq!(run(&behaved("wapc-relay"), &RunOptions::default()).trace.stopped_at, None);
}

fn traps_name_functions_and_source_lines() {
    let dir = tempfile::tempdir().expect("a directory");
    let (source, module) = (repository().join("tests/guests/rust/traps.rs"), dir.path().join("traps.wasm"));
    let status = Command::new("rustc")
        .args(["--edition=2024", "--target=wasm32-wasip1", "-g", "-Copt-level=1", "-Cpanic=abort", "-o"])
        .args([&module, &source])
        .status();
    assert!(status.is_ok_and(|status| status.success()), "rustc, with the target wasm32-wasip1, compiles the guest");

    let policy = CompiledPolicy::from_file(engine(), &module).unwrap_or_else(|error| panic!("{error}"));
    let outcome = run(&policy, &RunOptions::default());
    let Err(Failure::Trap { backtrace: Some(backtrace), .. }) = outcome.result else { panic!("{:?}", outcome.result) };
    let line = |of: &str| {
        let text = fs::read_to_string(&source).expect("the source");
        text.lines().position(|line| line.contains(of)).expect("the line") + 1
    };
    for part in ["traps::deep_down", &format!("traps.rs:{}", line("deep_down(operation)"))] {
        assert!(backtrace.contains(part), "{backtrace}");
    }
    let message = outcome.response.status.and_then(|status| status.message).unwrap_or_default();
    assert!(
        message.contains("traps::deep_down") && !message.contains("traps.rs"),
        "upstream shows no source lines: {message}"
    );
}

/// WASI's own functions are asynchronous inside, and would panic on a thread that an async runtime owns.
fn async_callers_are_fine() {
    let policy = compile(
        r#"(module
          (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 0) "\10\00\00\00\11\00\00\00")
          (data (i32.const 16) "{\"accepted\":true}")
          (func (export "_start")
            (drop (call $close (i32.const 0)))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))"#,
    );
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let outcome = runtime.block_on(async { run(&policy, &RunOptions::default()) });
    assert!(outcome.response.allowed, "{outcome:?}");
}
