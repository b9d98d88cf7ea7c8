//! Failures for errors of the engine.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use wasmtime::{Trap, WasmBacktrace};

use crate::abi::Abi;
use crate::outcome::{Failure, LimitKind, Trace};
use crate::symbols::{DebugData, Place};

/// Longest name of a function or file that is shown: the guest chooses them.
const MAX_NAME: usize = 512;

/// A run without an answer.
pub(crate) struct FailedRun {
    pub(crate) failure: Failure,
    /// The error text of the host of the policy's platform.
    pub(crate) said: String,
    /// Whether the policy could be called: see [`EvaluationOutcome::started`](crate::outcome::EvaluationOutcome::started).
    pub(crate) started: bool,
}

impl FailedRun {
    /// A failure before the policy could be called, with the same text from the host.
    pub(crate) fn at_start(text: String) -> Self {
        Self { failure: Failure::Instantiate(text.clone()), said: text, started: false }
    }

    /// The result of executing a policy on a material when its ABI has no such operation.
    pub(super) fn not_executed<T>(abi: Abi) -> (Result<T, Self>, Trace) {
        let failure = Failure::Protocol(format!("a {abi} policy is not executed, it validates requests"));
        (Err(Self { said: failure.to_string(), failure, started: false }), Trace::default())
    }
}

/// The limits that end in a failure, as they are for the ABI.
pub(super) struct Bounds {
    pub(super) wall_time: Duration,
    /// When the clock ends the run; later than `wall_time` when that is measured in fuel.
    pub(super) clock_time: Duration,
    pub(super) memory: u64,
    pub(super) fuel: Option<u64>,
}

/// Ends a run from inside a host function.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the policy exceeded its {kind} limit of {}", kind.amount(*limit))]
pub(super) struct LimitExceeded {
    pub(super) kind: LimitKind,
    pub(super) limit: u64,
}

/// # Errors
///
/// Ends the run when a message of `len` bytes is larger than `limit`.
pub(super) fn within(len: usize, limit: usize) -> wasmtime::Result<()> {
    if len > limit {
        return Err(LimitExceeded { kind: LimitKind::Message, limit: limit as u64 }.into());
    }
    Ok(())
}

/// Ends a run that asked what a faked host cannot answer.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unanswerable(pub(super) String);

/// Ends a run for which this machine has no memory.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Exhausted(String);

impl Exhausted {
    /// What the operating system said, when `error` is that it gives no memory.
    pub(super) fn of(error: &wasmtime::Error) -> Option<Self> {
        is_out_of_memory(error).then(|| Self(error.root_cause().to_string()))
    }
}

/// Whether the operating system gave no memory.
pub(crate) fn is_out_of_memory(error: &wasmtime::Error) -> bool {
    // The engine passes on the text of what another crate makes of the number.
    const ENOMEM: i32 = 12;
    error.root_cause().to_string() == io::Error::from_raw_os_error(ENOMEM).to_string()
}

/// Ends a run whose host says that the time is up.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the host did not answer in time")]
pub(super) struct TimedOut;

/// The failure that `error` stands for. `refused` tells that the guest wanted too much memory.
pub(super) fn classify(
    error: &wasmtime::Error,
    bounds: &Bounds,
    refused: bool,
    debug_data: Option<&DebugData>,
) -> Failure {
    if let Some(&LimitExceeded { kind, limit }) = error.downcast_ref() {
        return Failure::Limit { kind, limit };
    }
    if let Some(Unanswerable(text)) = error.downcast_ref() {
        return Failure::Unanswerable(text.clone());
    }
    if let Some(Exhausted(text)) = error.downcast_ref().cloned().or_else(|| Exhausted::of(error)) {
        return Failure::Exhausted(text);
    }
    if error.downcast_ref::<TimedOut>().is_some() {
        return Failure::Timeout(bounds.wall_time);
    }
    match error.downcast_ref() {
        Some(Trap::Interrupt) => Failure::Timeout(bounds.clock_time),
        Some(Trap::OutOfFuel) => Failure::Limit { kind: LimitKind::Fuel, limit: bounds.fuel.unwrap_or(u64::MAX) },
        _ if refused => Failure::Limit { kind: LimitKind::Memory, limit: bounds.memory },
        _ => Failure::Trap { cause: error.root_cause().to_string(), backtrace: backtrace(error, debug_data) },
    }
}

/// Whether the engine knows what the guest has used when it ended with `error`: guests write it down before they call, return, reach
/// an `unreachable` or have nothing left, and not before anything else that can end them.
pub(super) fn fuel_is_known(error: &wasmtime::Error) -> bool {
    match error.downcast_ref() {
        Some(Trap::UnreachableCodeReached | Trap::OutOfFuel) => true,
        Some(_) => false,
        // Growing a memory is no call.
        None => !matches!(error.downcast_ref(), Some(LimitExceeded { kind: LimitKind::Memory, .. })),
    }
}

/// Where the guest was, with source lines when there is debug data.
pub(super) fn backtrace(error: &wasmtime::Error, debug_data: Option<&DebugData>) -> Option<String> {
    error.downcast_ref().map(|backtrace| frames(backtrace, debug_data))
}

/// What a failure means before the policy was called: after a trap it could not start, limits stay what they are.
pub(super) fn at_start(failure: Failure) -> Failure {
    match failure {
        Failure::Trap { cause, backtrace: Some(backtrace) } => Failure::Instantiate(format!("{cause}\n{backtrace}")),
        Failure::Trap { cause, backtrace: None } => Failure::Instantiate(cause),
        other => other,
    }
}

/// The text of an error as Kubewarden shows it: for whatever ended the guest, the backtrace without the cause.
pub(super) fn kubewarden_text(error: &wasmtime::Error) -> String {
    match error.downcast_ref::<WasmBacktrace>() {
        Some(backtrace) => format!("error while executing at wasm backtrace:\n{}", frames(backtrace, None)),
        None => error.to_string(),
    }
}

/// One line per frame, the innermost first, and the source lines that debug data has for it.
fn frames(backtrace: &WasmBacktrace, debug_data: Option<&DebugData>) -> String {
    let mut text = String::new();
    let lines = debug_data.and_then(DebugData::read);
    for (index, frame) in backtrace.frames().iter().enumerate() {
        let separator = if index == 0 { "" } else { "\n" };
        let module = shortened(frame.module().name().unwrap_or("<unknown>"));
        let offset = frame.module_offset().map(|offset| format!("{offset:#8x} - ")).unwrap_or_default();
        let function = match frame.func_name() {
            Some(name) => shortened(&rustc_demangle::demangle(name).to_string()),
            None => format!("<wasm function {}>", frame.func_index()),
        };
        push(&mut text, format_args!("{separator}  {index:>3}: {offset}{module}!{function}"));
        let places = lines.as_ref().zip(frame.module_offset()).map(|(lines, offset)| lines.places(offset));
        for Place { file, line, column, .. } in places.unwrap_or_default() {
            push(&mut text, format_args!("\n            at {}", shortened(&file)));
            if let Some(line) = line {
                push(&mut text, format_args!(":{line}"));
            }
            if let Some(column) = column {
                push(&mut text, format_args!(":{column}"));
            }
        }
    }
    text
}

fn push(text: &mut String, piece: std::fmt::Arguments<'_>) {
    text.write_fmt(piece).expect("writing to a string does not fail");
}

fn shortened(name: &str) -> String {
    match name.char_indices().nth(MAX_NAME) {
        None => name.to_owned(),
        Some((end, _)) => format!("{}…", &name[..end]),
    }
}
