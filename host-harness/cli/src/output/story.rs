//! The trace of a run as text.

use std::fmt::Write as _;

use admit_host::{Abi, outcome::Trace};

use super::{DIM, NOTICE, bytes, duration, hanging, thousands};

/// Logs, host calls, console output and cost of a run, one below the other, each line behind `indent` spaces.
pub(crate) fn story(abi: Abi, trace: &Trace, indent: usize) -> String {
    let mut text = String::new();
    let mut line = |label: &str, content: &str| {
        let style = if label == "warning" || label == "error" { NOTICE } else { DIM };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{:indent$}{style}{label:<9}{style:#} {}", "", hanging(content, indent + 10));
    };
    for record in &trace.logs {
        let data = match &record.data {
            serde_json::Value::Object(data) if data.is_empty() => String::new(),
            serde_json::Value::Null => String::new(),
            data => format!(" {data}"),
        };
        line("log", &format!("{}: {}{data}", record.level, record.message));
    }
    for call in &trace.host_calls {
        let answer = match &call.answer {
            Ok(answer) => format!("{} bytes", thousands(answer.len() as u64)),
            Err(error) => format!("error: {error}"),
        };
        let name = format!("{}/{}", call.namespace, call.operation);
        line("host call", &format!("{name} {} -> {answer}", String::from_utf8_lossy(&call.payload)));
    }
    // The stdout of a WASI policy is its answer; worth a look when there is anything else on it.
    let answer = abi == Abi::Wasi && serde_json::from_str::<serde_json::Value>(&trace.stdout).is_ok();
    if !answer && !trace.stdout.trim().is_empty() {
        line("stdout", &trace.stdout);
    }
    if !trace.stderr.trim().is_empty() {
        line("stderr", &trace.stderr);
    }
    if let Some(frames) = &trace.stopped_at {
        line("stopped", &format!("while it was here:\n{frames}"));
    }
    let memory = bytes(trace.peak_memory);
    line("cost", &format!("{} fuel, {memory} memory, {}", thousands(trace.fuel), duration(trace.duration)));
    text.truncate(text.trim_end().len());
    text
}
