//! On the runtime of the Extism project, in a process of its own: it comes with another wasmtime.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::json;

use super::{Run, Seen};
use crate::support::repository;

/// The host, built once.
static HOST: LazyLock<PathBuf> = LazyLock::new(|| {
    let target = repository().join("target/admit/extism-host");
    let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--locked", "-p", "extism-host", "--target-dir"])
        .arg(&target)
        .current_dir(repository().join("tests/peers"))
        .output()
        .expect("cargo runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    target.join("debug").join(format!("extism-host{}", std::env::consts::EXE_SUFFIX))
});

/// What it says.
#[derive(Deserialize)]
struct Answer {
    loaded: bool,
    output: Option<Vec<u8>>,
    error: Vec<String>,
    logs: Vec<Record>,
    discovered: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Record {
    level: String,
    message: String,
}

/// A run there.
pub(super) struct There {
    pub(super) seen: Seen,
    /// Whether there was anything to call.
    pub(super) loaded: bool,
}

/// Runs a module as Chainloop would if it were written in Rust: with `Plugin::call_get_error_code`, which leaves it to the
/// caller what a return code means.
pub(super) fn run(module: &Path, run: &Run) -> There {
    ask(module, run, false)
}

/// Runs a module with `Plugin::call`, to which a return code is an error.
pub(super) fn run_strictly(module: &Path, run: &Run) -> There {
    ask(module, run, true)
}

fn ask(module: &Path, run: &Run, strict: bool) -> There {
    let question = json!({
        "module": module,
        "input": run.input,
        "config": run.args.iter().map(|args| ("args", args)).collect::<std::collections::BTreeMap<_, _>>(),
        "allowed_hosts": run.allowed_hosts,
        "log_level": run.log_level.name(),
        "timeout_ms": run.timeout.map(|limit| limit.as_millis() as u64),
        "discover": run.discover,
        "strict": strict,
    });
    let mut host = Command::new(&*HOST)
        // What the runtime and its network read from the environment is not to be part of the test.
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the host starts");
    let mut stdin = host.stdin.take().expect("it is piped");
    stdin.write_all(question.to_string().as_bytes()).expect("the host reads");
    drop(stdin);
    let ended = host.wait_with_output().expect("the host ends");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let Answer { loaded, output, error, logs, discovered } =
        serde_json::from_slice(&ended.stdout).expect("the host answers");
    let logs = logs.iter().map(|record| format!("{}: {}", record.level, record.message)).collect();
    // The first cause is what the guest or the host function said; before it stands in which function it was.
    let result = output.ok_or_else(|| error.last().cloned().unwrap_or_default());
    There { seen: Seen { result, logs, discovered }, loaded }
}
