//! One call of `Execute`.

use wasmtime::{Func, Instance, InstancePre, Trap, Val};

use super::Panic;
use crate::execution::Executed;
use crate::inspect::{Abi, EXECUTE};
use crate::options::RunOptions;
use crate::outcome::{Failure, LimitKind, Trace};
use crate::runtime::memory::within;
use crate::runtime::preview::Exit;
use crate::runtime::stdio::Stdio;
use crate::runtime::{Evaluation, Setup, State, evaluate};

/// What Go calls the codes that it ends modules with by itself; a guest can give them, too.
const CANCELED: u32 = 0xffff_ffff;
const DEADLINE_EXCEEDED: u32 = 0xefff_ffff;

/// What a call that takes too long ends with.
const TIMEOUT: &str = "module closed with context deadline exceeded";

/// A call without a result.
pub(crate) struct Stopped {
    pub(crate) failure: Failure,
    /// What Chainloop's host says.
    pub(crate) said: String,
}

pub(crate) fn execute(
    policy: &InstancePre<State>,
    input: Vec<u8>,
    args: Option<&str>,
    options: &RunOptions,
) -> (Result<Executed, Stopped>, Trace) {
    let setup = Setup { abi: Abi::Chainloop, args: &[], stdio: Stdio::console(options.limits.log) };
    let not_run = |said: String| Err(Stopped { failure: Failure::Instantiate(said.clone()), said });
    evaluate(policy, setup, options, |evaluation| exchange(evaluation, policy, input, args, options), not_run)
}

fn exchange(
    evaluation: &mut Evaluation,
    policy: &InstancePre<State>,
    input: Vec<u8>,
    args: Option<&str>,
    options: &RunOptions,
) -> Result<Executed, Stopped> {
    let instance = evaluation.instantiate(policy).map_err(|error| {
        let stopped = stopped(evaluation, &error);
        Stopped { said: format!("instantiating module: {}", stopped.said), failure: evaluation.start_failure(&error) }
    })?;
    let State { extism, limiter, .. } = evaluation.store.data_mut();
    let begun = extism.begin(input, args, options, limiter);
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
    result(evaluation, options.limits.answer, return_code)
}

/// Calls what has to be called before everything else: the input is set already, as on Chainloop's host.
fn initialize(evaluation: &mut Evaluation, instance: &Instance) -> Result<(), Stopped> {
    let failed = |evaluation: &Evaluation, error| {
        let stopped = stopped(evaluation, &error);
        Stopped { said: format!("failed to initialize runtime: {}", stopped.said), ..stopped }
    };
    let reactor = function(evaluation, instance, "_initialize");
    if let Some(haskell) = function(evaluation, instance, "hs_init") {
        if let Some(reactor) = reactor
            && let Err(error) = invoke(evaluation, reactor, 0)
        {
            // Logged upstream, and no more than that, unless nothing can be called afterwards.
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

fn function(evaluation: &mut Evaluation, instance: &Instance, name: &str) -> Option<Func> {
    instance.get_func(&mut evaluation.store, name)
}

/// Calls a function with so many zeros.
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
fn result(evaluation: &Evaluation, limit: usize, return_code: i64) -> Result<Executed, Stopped> {
    let session = &evaluation.store.data().extism;
    let bounded = |len: usize| within(len, limit).map_err(|error| stopped(evaluation, &error));
    if let Some(text) = session.error() {
        bounded(text.len())?;
        let said = String::from_utf8_lossy(text).into_owned();
        return Err(Stopped { failure: Failure::Guest(said.clone()), said });
    }
    bounded(usize::try_from(session.output_len()).unwrap_or(usize::MAX))?;
    Ok(Executed { output: session.output(), return_code })
}

/// What an error of the engine means.
fn stopped(evaluation: &Evaluation, error: &wasmtime::Error) -> Stopped {
    let failure = evaluation.failure(error);
    let exit = error.downcast_ref::<Exit>().map(|exit| exit.0 as u32);
    let said = match (&failure, exit) {
        (Failure::Timeout(_), _) => TIMEOUT.to_owned(),
        // The words by which Chainloop knows a policy that wants too much.
        (Failure::Limit { kind: LimitKind::Memory, .. }, _) => format!("out of memory: {failure}"),
        (Failure::Unanswerable(text), _) => text.clone(),
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
    Stopped { failure, said }
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
