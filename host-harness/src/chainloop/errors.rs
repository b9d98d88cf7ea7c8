//! Errors of failed runs, as Chainloop prints them.

use std::fmt;
use std::io;
use std::path::Path;

use regex_lite::Regex;

use super::kind::Kind;

/// The category of a failure, by the text of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// A host that is not allowed.
    HttpForbidden,
    /// The time limit was exceeded.
    Timeout,
    /// The memory limit was exceeded.
    Memory,
    /// The runtime of the policy's language panicked.
    Panic,
    /// Anything else.
    Unknown,
}

impl Category {
    /// The word in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::HttpForbidden => "http_forbidden",
            Self::Timeout => "timeout",
            Self::Memory => "memory",
            Self::Panic => "panic",
            Self::Unknown => "unknown",
        }
    }
}

/// The explanation of a failed run. Displays as everything that Chainloop prints about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecutionError {
    /// Its category.
    pub category: Category,
    /// The error, in one sentence.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

const ALLOW: &str = "Allow the host with --allowed-hostnames, or in the settings of the organization.";
const MARK: &str = " (recovered by wazero)";

impl ExecutionError {
    /// Explains the text with which the module's host reports a failed call.
    ///
    /// A guest chooses most of that text. One that says, for example, `out of memory` is believed, as in Chainloop.
    pub fn of(raw: &str) -> Self {
        let found = |pattern: &str| {
            let captures = Regex::new(pattern).ok()?.captures(raw)?;
            Some(captures.get(1).map_or("", |group| group.as_str()).to_owned())
        };
        let (category, message, hint) = if let Some(url) = found("HTTP request to '(.+?)' is not allowed") {
            let host = host_of(&url);
            let message = format!("HTTP request blocked - hostname '{host}' is not in the allowed hosts list");
            (Category::HttpForbidden, message, format!("{ALLOW}\nAttempted URL: {url}"))
        } else if raw.contains("Host not allowed") {
            let message = "HTTP request blocked - hostname is not in the allowed hosts list".to_owned();
            (Category::HttpForbidden, message, ALLOW.to_owned())
        } else if raw.contains("context deadline exceeded") {
            let hint = "The policy ran for too long. Let it ask the network less often, look at less data, or raise the \
                        time limit.";
            (Category::Timeout, "Policy execution timeout exceeded".to_owned(), hint.to_owned())
        } else if raw.contains("out of memory") {
            let hint = "The policy holds too much at once. Let it read only the parts of the material that it needs.";
            (Category::Memory, "Policy exceeded memory limits".to_owned(), hint.to_owned())
        } else if let Some(what) = found(r"runtime error: ([^\(]+?)(?:\s+\(recovered by wazero\)|$)") {
            let hint = "The policy has a mistake that ended its program. --debug shows where.";
            (Category::Panic, format!("Runtime error in policy: {}", what.trim()), hint.to_owned())
        } else {
            let hint = "--debug shows more about what happened.";
            (Category::Unknown, first_line(raw), hint.to_owned())
        };
        Self { category, message, hint }
    }
}

impl fmt::Display for ExecutionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, hint, .. } = self;
        f.write_str(&executing(format_args!("policy execution failed: {message}\n\nHint: {hint}")))
    }
}

impl std::error::Error for ExecutionError {}

/// What Go says about a file that cannot be read.
pub(super) fn system_error(path: &Path, error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error ").next().unwrap_or(&text);
    // A folder can be opened.
    let what = if error.kind() == io::ErrorKind::IsADirectory { "read" } else { "open" };
    let mut letters = text.chars();
    let text: String = letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    format!("{what} {}: {text}", path.display())
}

/// What is printed about a policy that could not be run to its end, whatever the reason.
pub fn executing(reason: impl fmt::Display) -> String {
    format!("failed to execute policy: {reason}")
}

/// What local evaluation says when there was no script to run for a material, or all of them asked to be ignored.
pub fn no_branch(kind: Kind) -> String {
    format!("no execution branch matched, or all of them were ignored, for kind {kind}")
}

/// What is before the stack trace. Only one line: the next ones are for logs.
fn first_line(raw: &str) -> String {
    let line = raw.split('\n').next().unwrap_or_default().trim();
    if line.is_empty() || line.starts_with("wasm stack trace:") {
        return "Policy execution failed".to_owned();
    }
    line.replace(MARK, "").trim().to_owned()
}

/// The host of an address. Whatever is before the first `:` or `/`, a user's name too, because that is what Chainloop shows.
fn host_of(url: &str) -> &str {
    let rest = url.strip_prefix("https://").unwrap_or(url);
    let rest = rest.strip_prefix("http://").unwrap_or(rest);
    rest.split(['/', ':']).next().unwrap_or_default()
}
