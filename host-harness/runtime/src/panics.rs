//! What the runtimes of languages say when they give up: a panic, an uncaught exception, a failed assertion.
//!
//! WebAssembly has no word for it. Each runtime writes a text of its own, and then traps or ends the process.

/// The exit codes that Go and Rust end a process with after a panic.
const GO_EXIT: i32 = 2;
const RUST_EXIT: i32 = 101;

/// Longest reason, in bytes: whoever panics chooses it.
const MAX_REASON: usize = 1024;

/// A runtime that gave up.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Panic<'t> {
    /// Whose runtime it is.
    pub(crate) runtime: Runtime,
    /// Why, in one line, for example `panic: runtime error: index out of range [42] with length 3`.
    pub(crate) reason: String,
    /// What it wrote below that, which is where it was.
    pub(crate) rest: &'t str,
}

/// The runtimes that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runtime {
    /// Go's own, TinyGo's (which writes to stdout) and Zig's, whose words are the same.
    Go,
    Rust,
    /// Of JavaScript: QuickJS, alone and in Javy.
    QuickJs,
    /// With `wasi-shim`.
    AssemblyScript,
    /// C's `assert` and C++.
    C,
}

impl Runtime {
    /// Whether it ends the process with this exit code.
    pub(crate) fn exits_with(self, code: i32) -> bool {
        match self {
            Self::Go => code == GO_EXIT,
            Self::Rust => code == RUST_EXIT,
            Self::QuickJs => code != 0,
            // With a code that WASI does not have, and with a trap.
            Self::AssemblyScript | Self::C => false,
        }
    }
}

impl<'t> Panic<'t> {
    /// The last panic in what a guest wrote to a stream: what it wrote before may have been about something else.
    pub(crate) fn find(text: &'t str) -> Option<Self> {
        let mut found = None;
        let mut rest = text;
        while !rest.is_empty() {
            let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            let line = line.trim_end_matches('\r');
            if let Some((runtime, reason, rest)) = begins(line, after) {
                found = Some((runtime, reason, rest));
            }
            rest = after;
        }
        let (runtime, reason, rest) = found?;
        Some(Self { runtime, reason: shortened(reason.trim()).to_owned(), rest: rest.trim_matches(['\r', '\n']) })
    }
}

/// What a guest wrote to a stream, without the panics that are in what is `told` besides, and without what only goes along with them.
pub fn without_told(text: &str, told: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    let mut after_panic = false;
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        match begins(line.trim_end_matches('\r'), after) {
            Some((_, reason, after)) if told.contains(shortened(reason.trim())) => {
                after_panic = true;
                rest = after;
                continue;
            }
            _ => {}
        }
        rest = after;
        let told_as_well = line.starts_with(BACKTRACE_HINT) || told.contains(line.trim());
        if !(after_panic && told_as_well) {
            left.push_str(line);
            left.push('\n');
        }
    }
    left
}

/// Rust's advice below a panic, which is about programs that one starts by oneself.
const BACKTRACE_HINT: &str = "note: run with `RUST_BACKTRACE=";

/// What a panic begins with: whose it is, why it is, and what is left of the text.
fn begins<'t>(line: &'t str, after: &'t str) -> Option<(Runtime, std::borrow::Cow<'t, str>, &'t str)> {
    if line.starts_with("panic: ") || line.starts_with("fatal error: ") {
        return Some((Runtime::Go, line.into(), after));
    }
    if let Some(place) = rust(line) {
        // The message is on the next line; before 2023 it was on this one.
        return Some(match place.strip_suffix(':') {
            Some(place) => {
                let (message, after) = after.split_once('\n').unwrap_or((after, ""));
                (Runtime::Rust, format!("panicked at {place}: {}", message.trim_end()).into(), after)
            }
            None => (Runtime::Rust, format!("panicked at {place}").into(), after),
        });
    }
    if line.starts_with("abort: ") && line.ends_with(')') && line.contains(" in ") {
        return Some((Runtime::AssemblyScript, line.into(), after));
    }
    if line.starts_with("Assertion failed: ") || line.starts_with("libc++abi: ") {
        return Some((Runtime::C, line.into(), after));
    }
    (is_exception(line) && after.starts_with("    at ")).then(|| (Runtime::QuickJs, line.into(), after))
}

/// Where a panic of Rust was: `thread 'main' (1) panicked at src/main.rs:2:5:`.
fn rust(line: &str) -> Option<&str> {
    let (thread, place) = match line.strip_prefix("panicked at ") {
        Some(place) => ("", place),
        None => line.split_once(" panicked at ")?,
    };
    (thread.is_empty() || thread.starts_with("thread '")).then_some(place)
}

/// Whether a line names an exception of JavaScript: `TypeError: not a function`, `Error:2:9 no`.
fn is_exception(line: &str) -> bool {
    let line = line.strip_prefix("Error while running JS: ").unwrap_or(line);
    let line = line.strip_prefix("Uncaught ").unwrap_or(line);
    let name = line.split([':', ' ']).next().unwrap_or_default();
    name.ends_with("Error") && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
}

fn shortened(text: &str) -> &str {
    let mut end = text.len().min(MAX_REASON);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, runtime: Runtime, reason: &str) {
        let panic = Panic::find(text).expect("a panic");
        assert_eq!((panic.runtime, panic.reason.as_str()), (runtime, reason));
    }

    #[test]
    fn go() {
        let text = "log\npanic: runtime error: invalid memory address or nil pointer dereference\n[signal 0xb code=0x0 addr=0x0 pc=0x0]\n\n\
                    goroutine 1 [running]:\nmain.main()\n\t/p/main.go:50 +0x49\n";
        check(text, Runtime::Go, "panic: runtime error: invalid memory address or nil pointer dereference");
        let rest = Panic::find(text).expect("a panic").rest;
        assert!(rest.starts_with("[signal 0xb") && rest.ends_with("main.go:50 +0x49"), "{rest:?}");
        let text =
            "panic: first [recovered]\n\tpanic: again first\n\ngoroutine 1 [running]:\npanic({0x141c0, 0x3d810})\n";
        check(text, Runtime::Go, "panic: first [recovered]");
        let text = "runtime: out of memory: cannot allocate 16777216-byte block (4278550528 in use)\nfatal error: out of memory\n\n\
                    goroutine 1 gp=0x2821c0 m=0 mp=0x191d40 [running]:\n";
        check(text, Runtime::Go, "fatal error: out of memory");
        check(
            "fatal error: all goroutines are asleep - deadlock!",
            Runtime::Go,
            "fatal error: all goroutines are asleep - deadlock!",
        );
    }

    #[test]
    fn rust() {
        let text = "\nthread 'main' (1) panicked at src/main.rs:1:112:\nindex out of bounds: the len is 3 but the index is 7\n\
                    note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n";
        check(
            text,
            Runtime::Rust,
            "panicked at src/main.rs:1:112: index out of bounds: the len is 3 but the index is 7",
        );
        check("thread '<unnamed>' panicked at src/lib.rs:3:5:", Runtime::Rust, "panicked at src/lib.rs:3:5:");
        check("thread 'main' panicked at 'no', src/lib.rs:3:5\n", Runtime::Rust, "panicked at 'no', src/lib.rs:3:5");
        check("panicked at src/lib.rs:3:5:\nno\n", Runtime::Rust, "panicked at src/lib.rs:3:5: no");
    }

    #[test]
    fn others() {
        check(
            "Error:2:9 no\n    at f (function.mjs:2:9)\n    at <anonymous> (function.mjs:5:1)\n\n",
            Runtime::QuickJs,
            "Error:2:9 no",
        );
        let text = "Error while running JS: Uncaught TypeError: not a function\n    at <anonymous> (function.mjs)\n";
        check(text, Runtime::QuickJs, "Error while running JS: Uncaught TypeError: not a function");
        check(
            "abort: no more in assembly/index.ts(10:3)\n",
            Runtime::AssemblyScript,
            "abort: no more in assembly/index.ts(10:3)",
        );
        check("Assertion failed: x (p.c: main: 5)\n", Runtime::C, "Assertion failed: x (p.c: main: 5)");
    }

    #[test]
    fn other_texts() {
        for text in [
            "",
            "2026/11/29 13:53:08 no way",
            "Error: \"returned\"",
            "an Error: here\n    at 5",
            "  panic: quoted",
            "he panicked at once",
            "abort: the mission",
            "usage: p",
        ] {
            assert_eq!(Panic::find(text), None, "{text}");
        }
    }

    #[test]
    fn reasons_have_an_end() {
        let text = format!("panic: {}\n", "ä".repeat(MAX_REASON));
        assert!(Panic::find(&text).expect("a panic").reason.len() <= MAX_REASON);
    }

    #[test]
    fn what_is_told_of_a_panic_is_left_out() {
        let stderr = "a log\n\nthread 'main' (1) panicked at src/main.rs:2:5:\nno: 1\nsecond line\n\
                      note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n";
        let told = "the policy trapped: panicked at src/main.rs:2:5: no: 1 (it exited with code 101)\n  second line";
        assert_eq!(without_told(stderr, told).trim(), "a log");
        assert_eq!(without_told(stderr, "something else"), stderr);
    }
}
