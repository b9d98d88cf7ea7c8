//! The outcome of an evaluation.

use std::time::Duration;

use admit::wire::{SettingsValidationResponse, ValidationResponse};
use serde_json::Value;

use crate::panics::Panic;
use crate::request::Request;
use crate::response::AdmissionResponse;

/// Everything that is known after one `validate`.
#[derive(Clone, Debug)]
#[must_use = "an outcome tells whether the policy accepted, rejected or failed"]
pub struct EvaluationOutcome {
    /// What the policy answered, or why there is no answer.
    pub result: Result<ValidationResponse, Failure>,
    /// What Kubewarden would send to the API server, also when the policy failed.
    pub response: AdmissionResponse,
    /// The RFC 6902 patch of a mutation, before it was encoded into [`AdmissionResponse::patch`].
    pub patch: Option<json_patch::Patch>,
    /// Whether the policy could be called: `false` when the instance could not be made, or a start function (`_start` and
    /// `wapc_init` of a waPC policy) failed or took too long.
    pub started: bool,
    /// What the run used and said.
    pub trace: Trace,
}

impl EvaluationOutcome {
    /// What Kubewarden makes of this answer to the request, whoever gave it. Nothing was run, so the trace is empty.
    ///
    /// For programs that put something else in the place of a policy. A mutation is not compared with
    /// [`Limits::patch`](crate::limits::Limits::patch).
    pub fn answered(request: &Request, result: Result<ValidationResponse, Failure>) -> Self {
        let (response, patch) = match &result {
            Ok(answer) => AdmissionResponse::from_answer(request.uid(), request.base(), answer),
            Err(failure) => (AdmissionResponse::from_failure(request.uid(), failure.to_string()), None),
        };
        Self { result, response, patch, started: true, trace: Trace::default() }
    }
}

/// Everything that is known after one `validate_settings`.
#[derive(Clone, Debug)]
#[must_use = "an outcome tells whether the settings are valid"]
pub struct SettingsOutcome {
    /// What the policy answered, or why there is no answer.
    pub result: Result<SettingsValidationResponse, Failure>,
    /// What Kubewarden would make of it, also when the policy failed (`valid: false` with its text for the failure).
    pub response: SettingsValidationResponse,
    /// What the run used and said.
    pub trace: Trace,
}

impl SettingsOutcome {
    /// What is made of it: whatever the policy answers or reports is about the settings, and only a run without its word is a
    /// failure.
    ///
    /// A policy that cannot decode its settings often reports an error instead of an answer, as those of upstream's SDK do.
    pub fn verdict(&self) -> SettingsVerdict<'_> {
        match &self.result {
            Ok(answer) if answer.valid => SettingsVerdict::Valid,
            Ok(answer) => SettingsVerdict::Invalid(answer.message.as_deref()),
            Err(Failure::Guest(text)) => SettingsVerdict::Invalid(Some(text)),
            Err(failure) => SettingsVerdict::Failed(failure),
        }
    }
}

/// What a policy makes of its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsVerdict<'o> {
    /// It can work with them.
    Valid,
    /// It cannot; why, if it says so.
    Invalid(Option<&'o str>),
    /// It gave no answer: a trap, a limit, an answer that makes no sense.
    Failed(&'o Failure),
}

/// What a policy of Chainloop gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executed {
    /// What it set as its output, in which Chainloop looks for violations; nothing when it set none.
    pub output: Vec<u8>,
    /// What `Execute` returned, as an unsigned number of 32 bits; 0 when it returns nothing or ended with `proc_exit(0)`.
    /// Chainloop does not look at it.
    pub return_code: i64,
}

/// What a run used and said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// Log records that the policy sent through `tracing/log`, (waPC) `__console_log` or (Chainloop) `log_*`. When
    /// [`Limits::log`](crate::limits::Limits::log) was reached, the last one says how many are missing.
    pub logs: Vec<LogRecord>,
    /// Every host call, in order, `tracing/log` excluded.
    pub host_calls: Vec<HostCall>,
    /// Host calls that were served but are not in [`host_calls`](Self::host_calls), because keeping them would have taken
    /// more memory than [`Limits::message`](crate::limits::Limits::message).
    pub host_calls_dropped: u64,
    /// Warnings and audit annotations of the answer that were left out, because there were too many of them.
    pub left_out: LeftOut,
    /// What the guest wrote to stdout (bytes that are not UTF-8 are replaced). For WASI policies this is the raw answer.
    pub stdout: String,
    /// What the guest wrote to stderr.
    pub stderr: String,
    /// Units of wasmtime fuel, start functions included, instantiation excluded.
    pub fuel: u64,
    /// Whether [`fuel`](Self::fuel) is the least that was used: a policy that is stopped by the clock, by too much memory or by most
    /// traps has not written down what it used since its last call.
    pub fuel_is_minimum: bool,
    /// Largest size of the linear memory, and of the memory in which the host keeps the blocks of a Chainloop policy, in
    /// bytes.
    pub peak_memory: u64,
    /// Wall-clock time of the run.
    pub duration: Duration,
    /// Where the policy was when a limit on time, memory or fuel ended it: wasm frames, with source lines when the module
    /// carries debug data. Where traps are is in [`Failure::Trap`].
    pub stopped_at: Option<String>,
}

/// What of an answer was left out: more than [`MAX_REMARKS`](crate::limits::MAX_REMARKS) bytes of warnings, or of audit annotations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// The number of warnings, the last ones.
    pub warnings: u64,
    /// The number of audit annotations, the last ones.
    pub audit_annotations: u64,
}

/// Longest stderr, in bytes, that is used to explain a trap. Panics are shorter; longer output is left in the trace.
const LAST_WORDS: usize = 400;

impl Trace {
    /// Forgets everything but what the run has cost.
    pub(crate) fn reduced(self) -> Self {
        let Self { fuel, fuel_is_minimum, peak_memory, duration, left_out, .. } = self;
        Self { fuel, fuel_is_minimum, peak_memory, duration, left_out, ..Self::default() }
    }

    /// A trap says nothing by itself. What its runtime wrote when it gave up says why; else what the policy logged as an error just
    /// before, or what it wrote to stderr when it has no log.
    pub(crate) fn explained(&self, failure: Failure) -> Failure {
        let Failure::Trap { cause, backtrace } = failure else { return failure };
        let panicked = || Panic::find(&self.stderr).or_else(|| Panic::find(&self.stdout)).map(|panic| panic.reason);
        let logged = || self.logs.last().filter(|record| record.level == "error").map(|record| record.message.clone());
        let written = || Some(self.stderr.trim()).filter(|text| !text.is_empty() && text.len() <= LAST_WORDS);
        let said = panicked().or_else(logged).or_else(|| written().map(str::to_owned));
        let cause = said.map(|said| format!("{said} ({cause})")).unwrap_or(cause);
        Failure::Trap { cause, backtrace }
    }
}

/// One log record.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRecord {
    /// `trace`, `debug`, `info`, `warning` or `error`.
    pub level: String,
    /// The text.
    pub message: String,
    /// Every other key of the record, as one object.
    pub data: Value,
}

/// One call from the guest to the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostCall {
    /// Capability family, for example `kubernetes`.
    pub namespace: String,
    /// Versioned operation, for example `v1/dns_lookup_host`.
    pub operation: String,
    /// Request bytes.
    pub payload: Vec<u8>,
    /// Answer bytes, or the text of the error that the guest received.
    pub answer: Result<Vec<u8>, String>,
}

/// Why a run ended without an answer.
///
/// A policy's answer is data, a failed run is this: the two are never merged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The instance could not be made, or a start function (`_start`, `wapc_init`) failed.
    #[error("the module could not be instantiated: {0}")]
    Instantiate(String),
    /// The guest trapped, ended the process in the middle of a call, or its runtime gave up: a panic, an uncaught exception.
    #[error("the policy trapped: {cause}{}", backtrace.as_deref().map(|b| format!("\n{b}")).unwrap_or_default())]
    Trap {
        /// The cause, for example `wasm trap: wasm `unreachable` instruction executed`, behind what the policy said about it.
        cause: String,
        /// wasm frames, with source lines when the module carries debug data; of a runtime that ended the process, the stack that
        /// it wrote.
        backtrace: Option<String>,
    },
    /// The wall-clock limit was hit.
    #[error("the policy ran longer than {:?}", .0)]
    Timeout(Duration),
    /// Another limit was hit.
    #[error("the policy exceeded its {kind} limit of {}", kind.amount(*limit))]
    Limit {
        /// The kind of limit.
        kind: LimitKind,
        /// Its value, in bytes or units of fuel.
        limit: u64,
    },
    /// The policy called a capability that the faked host of this run has no answer for. That is not the policy's fault.
    #[error("the policy asked what this run has no answer for: {0}")]
    Unanswerable(String),
    /// This machine has too little memory left for the policy. That is not the policy's fault.
    #[error(
        "this machine has not enough memory for the policy: {0}; end other programs, or raise the limit (`ulimit -v`)"
    )]
    Exhausted(String),
    /// The guest itself reported an error instead of an answer: the waPC error text, or for WASI the trimmed stderr of an
    /// exit code other than 0.
    #[error("the policy reported an error: {0}")]
    Guest(String),
    /// The guest broke the contract of its ABI: no answer, or an answer that is not JSON or has the wrong shape.
    #[error("the policy broke the protocol: {0}")]
    Protocol(String),
}

impl Failure {
    /// Whether it is about the host, so that nothing is known of the policy.
    pub fn is_of_the_host(&self) -> bool {
        matches!(self, Self::Unanswerable(_) | Self::Exhausted(_))
    }

    /// The failure without the frames of a trap: one sentence, and whatever the policy said.
    pub fn reason(&self) -> String {
        match self {
            Self::Trap { cause, .. } => Self::Trap { cause: cause.clone(), backtrace: None }.to_string(),
            other => other.to_string(),
        }
    }
}

/// The limits that end in [`Failure::Limit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitKind {
    /// Linear memory and tables, in bytes.
    Memory,
    /// Size of one message from the guest, in bytes.
    Message,
    /// Size that the patch of a mutation could have, in bytes.
    Patch,
    /// Fuel.
    Fuel,
}

impl LimitKind {
    /// A value in words: what is a number of MiB is said in MiB as well.
    pub(crate) fn amount(self, limit: u64) -> String {
        let mib = match self {
            Self::Memory | Self::Message | Self::Patch if limit >= 1 << 20 && limit.is_multiple_of(1 << 20) => {
                format!(" ({} MiB)", limit >> 20)
            }
            _ => String::new(),
        };
        format!("{limit} {}{mib}", self.unit())
    }

    /// The unit of its values.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Memory | Self::Message | Self::Patch => "bytes",
            Self::Fuel => "units",
        }
    }
}

impl std::fmt::Display for LimitKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Memory => "memory",
            Self::Message => "message size",
            Self::Patch => "patch size",
            Self::Fuel => "fuel",
        })
    }
}
