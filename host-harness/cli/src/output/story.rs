//! The trace of a run as text.

use admit_host::{
    Abi,
    capabilities::{clock_hint, readable},
    internal::without_told_panics,
    limits::MAX_REMARKS,
    outcome::{HostCall, Trace},
};

use super::{DIM, NOTICE, Text, bytes, duration, hanging, indent as spaces, text, thousands};

/// How much is shown of what went over the border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// The start.
    Start,
    /// All of it.
    Everything,
}

impl Detail {
    /// That of `--verbose`.
    pub(crate) fn of(verbose: bool) -> Self {
        if verbose { Self::Everything } else { Self::Start }
    }

    fn cut(self, text: &str, longest: usize) -> String {
        match text.char_indices().nth(longest).filter(|_| self == Self::Start) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        }
    }
}

/// How a story is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Telling<'t> {
    pub(crate) abi: Abi,
    /// What the reader is told besides: an error that is in there is not told again.
    pub(crate) told: &'t str,
    pub(crate) detail: Detail,
    /// Spaces in front of each line.
    pub(crate) indent: usize,
}

/// Characters of a payload, of an answer, and of bytes in them.
const MAX_PAYLOAD: usize = 500;
const MAX_ANSWER: usize = 100;
const MAX_BYTES: usize = 60;

/// Logs, host calls, console output and cost of a run, one below the other.
pub(crate) fn story(trace: &Trace, telling: Telling<'_>) -> Text {
    let Telling { abi, told, detail, indent } = telling;
    let mut lines = Vec::new();
    let mut line = |label: &'static str, content: &str| {
        let style = if label == "warning" || label == "error" || label == "note" { NOTICE } else { DIM };
        lines.push(text!("{}{}{:<9}{:#} {}", spaces(indent), style, label, style, hanging(content, indent + 10)));
    };
    for record in &trace.logs {
        let data = match &record.data {
            serde_json::Value::Object(data) if data.is_empty() => String::new(),
            serde_json::Value::Null => String::new(),
            data => format!(" {data}"),
        };
        if record.level != "error" || !data.is_empty() || !is_told(&record.message, told) {
            line("log", &format!("{}: {}{data}", record.level, record.message));
        }
    }
    for call in &trace.host_calls {
        line("host call", &host_call(call, told, detail));
        clock_hint(call).iter().for_each(|hint| line("note", hint));
    }
    if trace.host_calls_dropped > 0 {
        line("host call", &format!("and {} more, which were not kept", thousands(trace.host_calls_dropped)));
    }
    for (left_out, what) in
        [(trace.left_out.warnings, "warnings"), (trace.left_out.audit_annotations, "audit annotations")]
    {
        if left_out > 0 {
            let (left_out, kept) = (thousands(left_out), MAX_REMARKS >> 10);
            line("note", &format!("{left_out} more {what} are left out; {kept} KiB of them are kept"));
        }
    }
    // The stdout of a WASI policy is its answer; worth a look when there is anything else on it.
    let answer = abi == Abi::Wasi && serde_json::from_str::<serde_json::Value>(&trace.stdout).is_ok();
    if !answer && !is_told(&trace.stdout, told) {
        line("stdout", &trace.stdout);
    }
    let stderr = without_told_panics(&trace.stderr, told);
    if !is_told(&stderr, told) {
        line("stderr", &stderr);
    }
    if let Some(frames) = trace.stopped_at.as_deref().filter(|frames| !is_told(frames, told)) {
        line("stopped", &format!("while it was here:\n{frames}"));
    }
    let memory = bytes(trace.peak_memory);
    line("cost", &format!("{}, {memory} memory, {}", fuel(trace), duration(trace.duration)));
    Text::join(&lines, "\n").trim_end()
}

/// What a run has cost, as far as it is known.
pub(crate) fn fuel(trace: &Trace) -> Text {
    match (trace.fuel, trace.fuel_is_minimum) {
        (0, true) => text!("unknown fuel"),
        (fuel, true) => text!("at least {} fuel", thousands(fuel)),
        (fuel, false) => text!("{} fuel", thousands(fuel)),
    }
}

fn host_call(call: &HostCall, told: &str, detail: Detail) -> String {
    let bytes = if detail == Detail::Start { MAX_BYTES } else { usize::MAX };
    let answer = match &call.answer {
        Ok(answer) if answer.is_empty() => "0 bytes".to_owned(),
        Ok(answer) => {
            let size = thousands(answer.len() as u64);
            format!("{size} bytes: {}", detail.cut(&readable(answer, bytes), MAX_ANSWER))
        }
        Err(error) if is_told(error, told) => "the error that is told".to_owned(),
        Err(error) => format!("error: {error}"),
    };
    let payload = detail.cut(&readable(&call.payload, bytes), MAX_PAYLOAD);
    format!("{}/{} {payload} -> {answer}", call.namespace, call.operation)
}

/// Longest text that is looked for line by line.
const MAX_COMPARED: usize = 64 << 10;

/// Whether each line of a text is in what is told besides.
fn is_told(text: &str, told: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || told.contains(text)
        || text.len() <= MAX_COMPARED
            && told.len() <= MAX_COMPARED
            && text.lines().map(str::trim).all(|line| told.contains(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_line_by_line() {
        let told = "the policy trapped: panic: no (it exited with code 2)\ngoroutine 1 [running]:\nmain.main()";
        assert!(is_told("panic: no\n\ngoroutine 1 [running]:\nmain.main()\n", told));
        assert!(is_told("", told));
        assert!(!is_told("a log\npanic: no\n", told));
    }

    #[test]
    fn fuel_that_is_not_known_in_full() {
        let trace = Trace { fuel: 1234, ..Trace::default() };
        assert_eq!(fuel(&trace).as_str(), "1,234 fuel");
        assert_eq!(fuel(&Trace { fuel_is_minimum: true, ..trace }).as_str(), "at least 1,234 fuel");
        assert_eq!(fuel(&Trace { fuel_is_minimum: true, ..Trace::default() }).as_str(), "unknown fuel");
    }
}
