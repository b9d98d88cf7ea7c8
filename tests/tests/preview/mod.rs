//! WASI previews 0 and 1, function by function, against `wasmtime-wasi`, which shares no code with the host.
//!
//! A module calls one function with parameters that it reads from its settings, and prints the result and the memory that the
//! function could write to. Both hosts run it with the same parameters: values that are right, out of range, misaligned, out of bounds.

mod peer;
mod program;
mod table;

use admit_host::outcome::Failure;
use admit_host::{CompiledPolicy, RunOptions};
use libtest_mimic::Trial;

use crate::support::{engine, request, settings};
use peer::Peer;
use table::{FUNCTIONS, Function};

/// What a run came to.
#[derive(Debug, PartialEq, Eq)]
enum Ran {
    /// stdout and stderr: result and memory as letters.
    Printed(String, String),
    /// An error of the engine.
    Trapped,
}

impl Ran {
    /// The bytes that are not those of another one, and where they are: the result is the last four.
    fn told(&self, other: &Self) -> String {
        let (Self::Printed(text, _), Self::Printed(others, _)) = (self, other) else {
            return match self {
                Self::Trapped => "it traps".to_owned(),
                Self::Printed(text, _) => {
                    format!("it returns, and ends with {}", &text[text.len().saturating_sub(8)..])
                }
            };
        };
        let differ = text.as_bytes().chunks(2).zip(others.as_bytes().chunks(2)).enumerate();
        let differ = differ.filter(|(_, (byte, other))| byte != other).map(|(at, (byte, _))| match byte {
            [low, high] => format!("{at:#x}: {:02x}", (high.wrapping_sub(b'a') << 4) | low.wrapping_sub(b'a')),
            _ => format!("{at:#x}: {byte:?}"),
        });
        differ.collect::<Vec<_>>().join(", ")
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for (preview, name) in [("wasi_snapshot_preview1", "preview1"), ("wasi_unstable", "preview0")] {
        for function in FUNCTIONS {
            if preview == "wasi_unstable" && function.name == "sock_accept" {
                continue;
            }
            trials.push(Trial::test(format!("preview::{name}::{}", function.name), move || compare(preview, function)));
        }
    }
    trials
}

fn compare(preview: &str, function: &Function) -> Result<(), libtest_mimic::Failed> {
    for before in ["", "(drop (call $close (i32.const 2)))", "(drop (call $renumber (i32.const 0) (i32.const 1)))"] {
        let wasm = wat::parse_str(program::text(preview, function, before)).expect("the program is valid");
        let policy = CompiledPolicy::from_bytes(engine(), &wasm).map_err(|error| error.to_string())?;
        let peer = Peer::new(&wasm);
        // Descriptors matter after one was closed or moved; the other parameters do not.
        for params in function.calls(before.is_empty()) {
            // There the peer reads the second subscription from where preview 1 would have it.
            if preview == "wasi_unstable" && function.name == "poll_oneoff" && params[2] > 1 {
                continue;
            }
            let ours = ours(&policy, &params);
            let theirs = peer.run(&payload(&params));
            if ours != theirs {
                let (here, there) = (ours.told(&theirs), theirs.told(&ours));
                return Err(format!("{before} {}({params:x?})\n  here: {here}\n  peer: {there}", function.name).into());
            }
        }
    }
    Ok(())
}

fn ours(policy: &CompiledPolicy, params: &[u64]) -> Ran {
    let settings = settings(&format!(r#"{{"params":"{}"}}"#, program::encode(params)));
    let outcome = policy.validate(&request("{}"), &settings, &RunOptions::default());
    match outcome.result {
        Err(Failure::Trap { .. }) => Ran::Trapped,
        _ => Ran::Printed(outcome.trace.stdout, outcome.trace.stderr),
    }
}

/// What the peer gives on stdin: the program looks at the end of it only.
fn payload(params: &[u64]) -> String {
    format!(r#"{{"settings":{{"params":"{}"}}}}"#, program::encode(params))
}
