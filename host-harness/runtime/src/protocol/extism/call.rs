//! One call of `Execute`.

use wasmtime::{Func, Instance, Trap, Val};

use super::Panic;
use crate::abi::Abi;
use crate::inspect::EXECUTE;
use crate::options::RunOptions;
use crate::outcome::{Executed, Failure, LimitKind, Trace};
use crate::protocol::evaluation::{Evaluation, Linked, Setup, evaluate};
use crate::protocol::failure::within;
use crate::protocol::preview::Exit;
use crate::protocol::stdio::Stdio;
use crate::protocol::{FailedRun, Session, State};

/// Exit codes with which Go's runtime for WebAssembly ends modules itself; a guest can use them, too.
const CANCELED: u32 = 0xffff_ffff;
const DEADLINE_EXCEEDED: u32 = 0xefff_ffff;

/// What a call that takes too long ends with.
const TIMEOUT: &str = "module closed with context deadline exceeded";

pub(super) fn execute(
    policy: Linked<'_>,
    input: Vec<u8>,
    args: Option<&str>,
    options: &RunOptions,
) -> (Result<Executed, FailedRun>, Trace) {
    let stdio = Stdio::console(options.limits.log);
    let setup = Setup { abi: Abi::Extism, args: &[], stdio, session: Session::Extism(super::Session::default()) };
    let work = |evaluation: &mut Evaluation| exchange(evaluation, policy, input, args, options);
    evaluate(policy, setup, options, work, |text| Err(FailedRun::at_start(text)))
}

fn exchange(
    evaluation: &mut Evaluation,
    policy: Linked<'_>,
    input: Vec<u8>,
    args: Option<&str>,
    options: &RunOptions,
) -> Result<Executed, FailedRun> {
    let instance = evaluation.instantiate(policy.instance).map_err(|error| {
        let stopped = stopped(evaluation, &error);
        let said = format!("instantiating module: {}", stopped.said);
        FailedRun { said, failure: evaluation.start_failure(&error), started: false }
    })?;
    let State { session, limiter, .. } = evaluation.store.data_mut();
    let begun = of(session).begin(input, args, options, limiter);
    begun.map_err(|error| stopped(evaluation, &error))?;
    initialize(evaluation, &instance)?;

    let execute = function(evaluation, &instance, EXECUTE)
        .ok_or_else(|| wasmtime::Error::from(Panic(format!("unknown function: {EXECUTE}"))));
    let called = execute.and_then(|execute| invoke(evaluation, execute, 0));
    let return_code = match called {
        Ok(results) => results.first().map_or(0, code),
        Err(error) if error.downcast_ref::<Exit>().is_some_and(|exit| exit.0 == 0) => 0,
        Err(error) => return Err(stopped(evaluation, &error)),
    };
    result(evaluation, options.limits.message, return_code)
}

/// Runs the start functions. The input is set before, as on Chainloop's host.
fn initialize(evaluation: &mut Evaluation, instance: &Instance) -> Result<(), FailedRun> {
    let failed = |evaluation: &Evaluation, error| {
        let stopped = stopped(evaluation, &error);
        FailedRun { said: format!("failed to initialize runtime: {}", stopped.said), ..stopped }
    };
    let reactor = function(evaluation, instance, "_initialize");
    if let Some(haskell) = function(evaluation, instance, "hs_init") {
        if let Some(reactor) = reactor
            && let Err(error) = invoke(evaluation, reactor, 0)
        {
            // Upstream only logs such an error, unless the module is closed by it.
            let stopped = stopped(evaluation, &error);
            if error.downcast_ref::<Exit>().is_some() || !matches!(stopped.failure, Failure::Trap { .. }) {
                return Err(failed(evaluation, error));
            }
            let text = format!("Error running reactor _initialize: {}", stopped.said);
            evaluation.store.data_mut().host.logs.text("error", text.as_bytes());
        }
        return invoke(evaluation, haskell, 2).map(drop).map_err(|error| failed(evaluation, error));
    }
    let plain = |evaluation: &Evaluation, function: &Func| function.ty(&evaluation.store).params().len() == 0;
    let constructors = function(evaluation, instance, "__wasm_call_ctors");
    match [reactor, constructors].into_iter().flatten().find(|function| plain(evaluation, function)) {
        Some(function) => invoke(evaluation, function, 0).map(drop).map_err(|error| failed(evaluation, error)),
        None => Ok(()),
    }
}

/// The session of a store that was made for a plug-in.
fn of(session: &mut Session) -> &mut super::Session {
    match session {
        Session::Extism(session) => session,
        _ => unreachable!("a plug-in runs in a store that was made for one"),
    }
}

fn function(evaluation: &mut Evaluation, instance: &Instance, name: &str) -> Option<Func> {
    instance.get_func(&mut evaluation.store, name)
}

/// Calls a function with this number of parameters, all of them 0.
fn invoke(evaluation: &mut Evaluation, function: Func, zeros: usize) -> wasmtime::Result<Vec<Val>> {
    let ty = function.ty(&evaluation.store);
    let params: Option<Vec<Val>> = ty.params().map(|ty| Val::default_for_ty(&ty)).collect();
    let params = params.filter(|params| params.len() == zeros);
    let params = params.ok_or_else(|| {
        wasmtime::Error::from(Panic(format!("expected {} params, but passed {zeros}", ty.params().len())))
    })?;
    let mut results = vec![Val::I32(0); ty.results().len()];
    function.call(&mut evaluation.store, &params, &mut results)?;
    Ok(results)
}

/// What Go reads of a result: its lower half, whatever its type.
fn code(result: &Val) -> i64 {
    let lower = match result {
        Val::I32(value) => *value as u32,
        Val::I64(value) => *value as u32,
        Val::F32(bits) => *bits,
        Val::F64(bits) => *bits as u32,
        _ => 0,
    };
    i64::from(lower)
}

/// What is made of a call that returned: an error goes before the output, and the return code does not matter.
fn result(evaluation: &mut Evaluation, limit: usize, return_code: i64) -> Result<Executed, FailedRun> {
    let session = of(&mut evaluation.store.data_mut().session);
    let answer = match session.error() {
        Some(text) => within(text.len(), limit).map(|()| {
            let said = String::from_utf8_lossy(text).into_owned();
            Err(FailedRun { failure: Failure::Guest(said.clone()), said, started: true })
        }),
        None => within(usize::try_from(session.output_len()).unwrap_or(usize::MAX), limit)
            .map(|()| Ok(Executed { output: session.output(), return_code })),
    };
    answer.unwrap_or_else(|error| Err(stopped(evaluation, &error)))
}

/// The failure for an error of the engine, with the text of Chainloop's host.
fn stopped(evaluation: &Evaluation, error: &wasmtime::Error) -> FailedRun {
    let failure = evaluation.failure(error);
    let exit = error.downcast_ref::<Exit>().map(|exit| exit.0 as u32);
    let said = match (&failure, exit) {
        (Failure::Timeout(_), _) => TIMEOUT.to_owned(),
        // The text by which Chainloop recognises a policy that exceeded its memory.
        (Failure::Limit { kind: LimitKind::Memory, .. }, _) => format!("out of memory: {failure}"),
        (Failure::Unanswerable(text) | Failure::Exhausted(text), _) => text.clone(),
        (Failure::Trap { .. }, Some(CANCELED)) => "module closed with context canceled".to_owned(),
        (Failure::Trap { .. }, Some(DEADLINE_EXCEEDED)) => TIMEOUT.to_owned(),
        (Failure::Trap { .. }, Some(code)) => format!("module closed with exit_code({code})"),
        (Failure::Trap { cause, .. }, None) => match error.downcast_ref() {
            Some(trap) => format!("wasm error: {}", in_go(*trap)),
            None => cause.clone(),
        },
        _ => failure.to_string(),
    };
    let failure = match failure {
        Failure::Trap { backtrace, .. } if exit.is_some() => Failure::Trap { cause: said.clone(), backtrace },
        failure => failure,
    };
    FailedRun { failure, said, started: true }
}

/// A trap in the words of the runtime that Chainloop's host uses.
fn in_go(trap: Trap) -> String {
    let text = match trap {
        Trap::StackOverflow => "stack overflow",
        Trap::MemoryOutOfBounds => "out of bounds memory access",
        Trap::HeapMisaligned => "unaligned atomic",
        Trap::TableOutOfBounds | Trap::IndirectCallToNull => "invalid table access",
        Trap::BadSignature => "indirect call type mismatch",
        Trap::IntegerOverflow => "integer overflow",
        Trap::IntegerDivisionByZero => "integer divide by zero",
        Trap::BadConversionToInteger => "invalid conversion to integer",
        Trap::UnreachableCodeReached => "unreachable",
        other => return other.to_string(),
    };
    text.to_owned()
}
