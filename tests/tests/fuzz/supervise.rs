//! Starts workers and watches them.

use std::env;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use admit_fuzz_targets::Target;
use tempfile::TempDir;

use super::inputs::{Inputs, Plan};
use super::{report, worker};

/// How long a worker may think about one input. No input is so large that a right answer would come near it, also on a machine
/// that is busy: what takes longer would never end.
const PATIENCE: Duration = Duration::from_secs(90);

/// How a worker ended badly.
#[derive(Debug)]
pub(super) enum End {
    /// By itself: with a panic, a signal, an abort.
    Status(ExitStatus),
    /// It did not.
    Hang,
}

/// Tries every input of a target.
///
/// # Errors
///
/// The report about the first input that it does not survive.
pub(super) fn run(target: &'static Target) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let progress = folder.path().join("progress");
    let Err((end, said)) = watch(target, &folder, (worker::PROGRESS, &progress), PATIENCE) else { return Ok(()) };
    let inputs = Inputs::new(target, Plan::from_environment());
    let number = fs::read(&progress).ok().and_then(|bytes| Some(u64::from_le_bytes(bytes.try_into().ok()?)));
    let Some(number) = number.map(|number| number as usize) else {
        return Err(format!("the worker of {} did not even start ({end:?}):\n{said}", target.name));
    };
    let input = inputs.get(number);
    let fails = |candidate: &[u8]| {
        let file = folder.path().join("candidate");
        fs::write(&file, candidate).ok()?;
        watch(target, &folder, (worker::INPUT, &file), PATIENCE / 9).err()
    };
    Err(report::report(target, &input, &end, &said, fails))
}

/// Runs a worker to its end; an error says how it ended, and what it said.
fn watch(target: &Target, folder: &TempDir, about: (&str, &Path), patience: Duration) -> Result<(), (End, String)> {
    let stderr = folder.path().join("stderr");
    let mut child = Command::new(env::current_exe().expect("this program is a file"))
        .env(worker::TARGET, target.name)
        .env(about.0, about.1)
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&stderr).expect("a temporary file"))
        .spawn()
        .expect("this program can be started");
    let (mut seen, mut since) = (Vec::new(), Instant::now());
    let end = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            if status.success() {
                return Ok(());
            }
            break End::Status(status);
        }
        if since.elapsed() > patience {
            let now = if about.0 == worker::PROGRESS { fs::read(about.1).unwrap_or_default() } else { Vec::new() };
            if now == seen {
                child.kill().and_then(|()| child.wait()).expect("a child can be ended");
                break End::Hang;
            }
            (seen, since) = (now, Instant::now());
        }
        thread::sleep(Duration::from_millis(10));
    };
    Err((end, String::from_utf8_lossy(&fs::read(&stderr).unwrap_or_default()).into_owned()))
}
