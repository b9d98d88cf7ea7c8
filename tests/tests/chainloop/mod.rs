//! Chainloop policies, of which every one shows a rule of their host, or does something that no policy should: one file in
//! `guests/chainloop` each, with a header of `;;!` lines that say how it must end.

mod expectation;
pub(crate) mod guest;
mod host;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use admit_host::execution::ExecutionOutcome;
use admit_host::outcome::{Failure, HostCall, Trace};
use admit_host::{Abi, Clock, CompiledPolicy, Determinism, LoadError, RunOptions};
use libtest_mimic::{Failed, Trial};

use crate::support::{behaved, engine, files, guests, request, settings};
use expectation::{Class, Expectation};
use host::Script;

/// What a guest has instead of the functions that all of them use.
const HELPERS: &str = ";; HELPERS";

pub(crate) fn trials() -> Vec<Trial> {
    let guests = files(&guests("chainloop"), "wat").into_iter().map(|path| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Trial::test(format!("chainloop::{name}"), move || check(&path))
    });
    guests
        .chain(trials![
            other_policies_are_not_executed,
            a_chainloop_policy_is_not_asked_for_admission,
            randomness_can_be_real,
            a_large_input_is_read_in_time,
        ])
        .collect()
}

/// Compiles a guest; its helpers are put in.
fn load(text: &str) -> Result<CompiledPolicy, LoadError> {
    let bytes = module(text).map_err(|error| LoadError::Text(error.to_string()))?;
    CompiledPolicy::from_bytes(engine(), &bytes)
}

fn module(text: &str) -> wat::Result<Vec<u8>> {
    let helpers = fs::read_to_string(guests("chainloop").join("helpers.wat.in")).expect("the helpers are there");
    wat::parse_str(text.replace(HELPERS, &helpers))
}

fn header(text: &str) -> String {
    text.lines().filter_map(|line| line.strip_prefix(";;!")).map(|line| format!("{}\n", line.trim())).collect()
}

fn check(path: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(path)?;
    let expected: Expectation = toml::from_str(&header(&text))?;
    let policy = match load(&text) {
        Ok(_) if expected.failure == Class::Load => return Err("it should not load".into()),
        Ok(policy) => policy,
        Err(error) if expected.failure == Class::Load => {
            return contains("the error", &error.to_string(), &expected.texts);
        }
        Err(error) => return Err(format!("it should load: {error}").into()),
    };
    assert_eq!(policy.abi(), Abi::Extism);
    let script = Arc::new(Script::new(expected.answers.clone()));
    let options = options(&expected, &script);
    let first = run(&policy, &expected, &options);
    check_execution(&first, &expected)?;
    if expected.clock == expectation::Source::Fixed && expected.limits.wall_time_ms.is_none() {
        script.rewind();
        let second = run(&policy, &expected, &options);
        equal("the result of a second run", &second.result, &first.result)?;
        equal("the fuel of a second run", &second.trace.fuel, &first.trace.fuel)?;
    }
    Ok(())
}

fn run(policy: &CompiledPolicy, expected: &Expectation, options: &RunOptions) -> ExecutionOutcome {
    policy.execute(expected.input(), expected.args.as_deref(), options)
}

fn options(expected: &Expectation, script: &Arc<Script>) -> RunOptions {
    let mut options = RunOptions { capabilities: script.clone(), ..RunOptions::default() };
    options.determinism.clock = match expected.clock {
        expectation::Source::Fixed => Clock::Fixed,
        expectation::Source::Real => Clock::Real,
    };
    options.determinism.seed = expected.seed;
    options.chainloop.allowed_hostnames.clone_from(&expected.allowed_hostnames);
    options.chainloop.log_level = expected.log_level();
    let (limits, changed) = (&mut options.limits, &expected.limits);
    limits.wall_time = changed.wall_time_ms.map(Duration::from_millis);
    limits.memory = changed.memory;
    limits.message = changed.answer.unwrap_or(limits.message);
    limits.log = changed.log.unwrap_or(limits.log);
    limits.fuel = changed.fuel;
    options
}

fn check_execution(execution: &ExecutionOutcome, expected: &Expectation) -> Result<(), Failed> {
    let (class, text) = match &execution.result {
        Ok(_) => (Class::None, String::new()),
        Err(failure) => (Class::of(failure), failure.to_string()),
    };
    if class != expected.failure {
        return Err(format!("expected {:?}, but it was {:?}", expected.failure, execution.result).into());
    }
    contains("the failure", &text, &expected.texts)?;
    match &execution.result {
        Ok(executed) => {
            equal("the host's error", &execution.host_error(), &None)?;
            if let Some(output) = &expected.output {
                equal("the output", &String::from_utf8_lossy(&executed.output).as_ref(), &output.as_str())?;
            }
            if let Some(hex) = &expected.output_hex {
                let found: String = executed.output.iter().map(|byte| format!("{byte:02x}")).collect();
                equal("the output", &found, hex)?;
            }
            if let Some(code) = expected.return_code {
                equal("the return code", &executed.return_code, &code)?;
            }
        }
        Err(_) => {
            let said = execution.host_error().ok_or("a failure has a text of the host")?;
            if let Some(expected) = &expected.host_error {
                equal("the host's error", &said, &expected.as_str())?;
            }
            let start = expected.host_error_starts.as_deref().unwrap_or_default();
            if !said.starts_with(start) {
                return Err(format!("the host's error does not start with {start:?}: {said}").into());
            }
        }
    }
    check_trace(&execution.trace, expected)
}

fn check_trace(trace: &Trace, expected: &Expectation) -> Result<(), Failed> {
    if let Some(logs) = &expected.logs {
        let found: Vec<_> = trace.logs.iter().map(|log| format!("{}: {}", log.level, log.message)).collect();
        equal("the log", &found, logs)?;
    }
    let last_log = trace.logs.last().map(|record| record.message.as_str()).unwrap_or_default();
    contains("the last log record", last_log, expected.last_log.as_slice())?;
    if let Some(calls) = &expected.host_calls {
        let told = |call: &HostCall| {
            format!("{}/{} {}", call.namespace, call.operation, String::from_utf8_lossy(&call.payload))
        };
        let found: Vec<_> = trace.host_calls.iter().map(told).collect();
        equal("the host calls", &found, calls)?;
    }
    equal("stdout", &trace.stdout, &expected.stdout)?;
    equal("stderr", &trace.stderr, &expected.stderr)?;
    if expected.peak_below.is_some_and(|limit| trace.peak_memory >= limit) {
        return Err(format!("the peak of its memory is {}", trace.peak_memory).into());
    }
    Ok(())
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), Failed> {
    if found != expected {
        return Err(format!("{what}: expected {expected:?}, found {found:?}").into());
    }
    Ok(())
}

fn contains(what: &str, text: &str, parts: &[String]) -> Result<(), Failed> {
    match parts.iter().find(|part| !text.contains(part.as_str())) {
        Some(part) => Err(format!("{what} does not contain {part:?}: {text}").into()),
        None => Ok(()),
    }
}

fn other_policies_are_not_executed() {
    for name in ["wapc-relay", "wasi-relay"] {
        let execution = behaved(name).execute(b"{}".to_vec(), None, &RunOptions::default());
        let Err(Failure::Protocol(text)) = &execution.result else { panic!("{execution:?}") };
        assert!(text.ends_with("policy is not executed, it validates requests"), "{text}");
        assert!(execution.host_error().is_some());
    }
}

fn a_chainloop_policy_is_not_asked_for_admission() {
    let policy = load(r#"(module (func (export "Execute")))"#).expect("a policy");
    let options = RunOptions::default();
    let outcome = policy.validate(&request("{}"), &settings("{}"), &options);
    assert!(!outcome.response.allowed && !outcome.started);
    let settings = policy.validate_settings(&settings("{}"), &options);
    assert!(!settings.response.valid);
    for failure in [outcome.result.err(), settings.result.err()] {
        let Some(Failure::Protocol(text)) = failure else { panic!("{failure:?}") };
        assert!(text.contains("it is executed on a material"), "{text}");
    }
    // Only modules of the SDK that were built for it answer this one.
    let Err(Failure::Protocol(text)) = policy.settings_schema(&options) else { panic!("it has no schema") };
    assert!(text.starts_with("the schema is not JSON"), "{text}");
    let version = policy.protocol_version(&options).expect_err("it has none").to_string();
    assert!(version.contains("Chainloop policies have no protocol version"), "{version}");
}

fn randomness_can_be_real() {
    let text = fs::read_to_string(guests("chainloop").join("random.wat")).expect("a guest");
    let policy = load(&text).expect("a policy");
    let options = RunOptions { determinism: Determinism::real(), ..RunOptions::default() };
    let bytes = || policy.execute(Vec::new(), None, &options).result.expect("bytes").output;
    let (first, second) = (bytes(), bytes());
    assert_eq!(first.len(), 8);
    assert_ne!(first, second);
}

/// An input of a size that happens takes a call of the host for every eight bytes of it.
fn a_large_input_is_read_in_time() {
    let policy = load(
        r#"(module
          (import "extism:host/env" "input_length" (func $length (result i64)))
          (import "extism:host/env" "input_load_u64" (func $load (param i64) (result i64)))
          (func (export "Execute") (local $at i64)
            (loop $next
              (if (i64.lt_u (local.get $at) (call $length))
                (then
                  (if (i64.ne (call $load (local.get $at)) (i64.const 0x2020202020202020)) (then unreachable))
                  (local.set $at (i64.add (local.get $at) (i64.const 8)))
                  (br $next))))))"#,
    )
    .expect("a policy");
    let execution = policy.execute(vec![b' '; 16 << 20], None, &RunOptions::default());
    assert!(execution.result.is_ok(), "{:?}", execution.result);
    assert!(execution.trace.peak_memory < 17 << 20, "{}", execution.trace.peak_memory);
}
