//! A guest for each ABI that makes the calls of a test and says what came back.

use std::fmt::Write as _;

use admit_host::outcome::{EvaluationOutcome, Failure, HostCall};
use admit_host::{Abi, CompiledPolicy, RunOptions};

use crate::support::{engine, request, settings};

/// One host call.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) binding: &'a str,
    pub(crate) namespace: &'a str,
    pub(crate) operation: &'a str,
    pub(crate) payload: &'a str,
}

/// A call as most are.
pub(crate) fn call<'a>(path: &'a str, payload: &'a str) -> Call<'a> {
    let (namespace, operation) = path.split_once('/').expect("namespace/operation");
    Call { binding: "kubewarden", namespace, operation, payload }
}

/// What the guest received for a call.
pub(crate) type Received = Result<String, String>;

/// Both guests.
pub(crate) fn callers(calls: &[Call<'_>]) -> [CompiledPolicy; 2] {
    annotated_callers(calls, None)
}

/// Both guests, with this metadata.
pub(super) fn annotated_callers(calls: &[Call<'_>], metadata: Option<&str>) -> [CompiledPolicy; 2] {
    [include_str!("caller.wapc.wat"), include_str!("caller.wasi.wat")].map(|template| {
        let (mut data, mut code, mut end) = (String::new(), String::new(), 1024);
        let escaped = |text: &str| text.bytes().map(|byte| format!("\\{byte:02x}")).collect::<String>();
        if let Some(metadata) = metadata {
            writeln!(data, "(@custom \"io.kubewarden.metadata\" \"{}\")", escaped(metadata)).expect("a String");
        }
        for call in calls {
            code.push_str("(call $ask");
            for text in [call.binding, call.namespace, call.operation, call.payload] {
                writeln!(data, "(data (i32.const {end}) \"{}\")", escaped(text)).expect("a String takes everything");
                write!(code, " (i32.const {end}) (i32.const {})", text.len()).expect("a String takes everything");
                end += text.len();
            }
            code.push_str(")\n");
        }
        assert!(end < 1 << 20, "the calls take more memory than the guest has for them");
        let text = template.replace(";; DATA", &data).replace(";; CALLS", &code);
        let bytes = wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}"));
        CompiledPolicy::from_bytes(engine(), &bytes).unwrap_or_else(|error| panic!("{error}"))
    })
}

/// What the guest says that it received, one for each call.
fn said(policy: &CompiledPolicy, outcome: &EvaluationOutcome) -> Vec<Received> {
    assert!(outcome.response.allowed, "{outcome:?}");
    let said: Vec<&str> = match policy.abi() {
        Abi::Wapc => outcome.trace.logs.iter().map(|record| record.message.as_str()).collect(),
        Abi::Wasi => outcome.trace.stderr.split_terminator('\0').collect(),
        Abi::Extism => panic!("no guest of these tests is a Chainloop policy"),
    };
    let received = |text: &str| match text.split_at(1) {
        ("+", answer) => Ok(answer.to_owned()),
        (_, error) => Err(error.to_owned()),
    };
    said.into_iter().map(received).collect()
}

/// Makes the calls on both ABIs, each with options of its own, and returns what the guests received, which must be the
/// same.
pub(crate) fn received_each<const N: usize>(
    calls: [Call<'_>; N],
    mut options: impl FnMut(Abi) -> RunOptions,
) -> [Received; N] {
    let [wapc, wasi] = callers(&calls).map(|policy| {
        let outcome = policy.validate(&request("{}"), &settings("{}"), &options(policy.abi()));
        let received = said(&policy, &outcome);
        check_trace(&calls, &received, &outcome.trace.host_calls);
        <[Received; N]>::try_from(received).unwrap_or_else(|received| panic!("{N} answers expected: {received:?}"))
    });
    assert_eq!(wapc, wasi, "the ABIs differ");
    wapc
}

/// Makes the calls on both ABIs; the run ends in the middle, and this is why, which must be the same.
pub(crate) fn unanswerable(calls: &[Call<'_>], options: impl Fn() -> RunOptions) -> String {
    let [wapc, wasi] = callers(calls).map(|policy| {
        let outcome = policy.validate(&request("{}"), &settings("{}"), &options());
        assert!(!outcome.response.allowed, "{outcome:?}");
        match outcome.result {
            Err(Failure::Unanswerable(text)) => text,
            other => panic!("the run was to end in the middle: {other:?}"),
        }
    });
    assert_eq!(wapc, wasi, "the ABIs differ");
    wapc
}

/// Makes the calls on both ABIs with the same options.
pub(crate) fn received<const N: usize>(calls: [Call<'_>; N], options: &RunOptions) -> [Received; N] {
    received_each(calls, |_| options.clone())
}

/// Every call, denied ones too, is in the trace with what the guest received.
fn check_trace(calls: &[Call<'_>], received: &[Received], kept: &[HostCall]) {
    let kept: Vec<_> = kept
        .iter()
        .map(|call| {
            let answer = call.answer.clone().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            (call.namespace.as_str(), call.operation.as_str(), String::from_utf8_lossy(&call.payload), answer)
        })
        .collect();
    let made: Vec<_> = calls
        .iter()
        .zip(received)
        .map(|(call, received)| (call.namespace, call.operation, call.payload.into(), received.clone()))
        .collect();
    assert_eq!(kept, made, "the trace");
}
