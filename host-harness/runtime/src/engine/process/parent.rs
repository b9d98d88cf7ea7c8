//! The process that has a module compiled by another one.

use std::io::{self, Read};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use super::CompilerProcess;
use super::wire::{Answer, Request};
use crate::engine::Profile;
use crate::engine::watch::Count;
use crate::error::LoadError;

/// Bytes that are kept of what the process says on standard error.
const MESSAGE: u64 = 4 << 10;

/// What the standard library, and what the system say when there is no more memory.
const NO_MEMORY: [&str; 3] = ["memory allocation of ", "Cannot allocate memory", "out of memory"];

impl CompilerProcess {
    /// The compiled form of a valid module. Counts the functions that are compiled.
    pub(in crate::engine) fn compile(
        &self,
        wasm: &[u8],
        profile: Profile,
        count: &Count,
    ) -> Result<Vec<u8>, LoadError> {
        let (time, memory) = (self.time_for(wasm), self.memory_for(wasm));
        let processors = thread::available_parallelism().map_or(1, |count| count.get() as u64);
        // The clock is what counts; this is for when nobody looks at it, because this process is stopped.
        let seconds = (time.as_secs() + 1).saturating_mul(processors);
        let failed = |error: io::Error| LoadError::CompileProcess(format!("{}: {error}", self.program.display()));
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = Running(command.spawn().map_err(failed)?);
        let deadline = Instant::now() + time;
        let (input, mut output, error) = running.pipes().map_err(failed)?;
        let ended = thread::scope(|scope| {
            let (send, answers) = mpsc::channel();
            // Kept open by the thread's result, since the process ends when it is closed.
            let wrote = scope.spawn(move || written(input, profile, memory, seconds, wasm));
            let said = scope.spawn(move || start_of(error));
            scope.spawn(move || {
                while let Ok(answer) = Answer::read(&mut output)
                    && send.send(answer).is_ok()
                {}
            });
            let ended = loop {
                match answers.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                    Ok(Answer::Progress(compiled)) => count.store(compiled as usize, Ordering::Relaxed),
                    Ok(Answer::Code(code)) => break Ended::Code(code),
                    Ok(Answer::Refused(text)) => break Ended::Refused(text),
                    Err(RecvTimeoutError::Timeout) => break Ended::OutOfTime,
                    Err(RecvTimeoutError::Disconnected) => break Ended::Silent,
                }
            };
            // A process that has nothing more to say ends by itself; its exit status tells why.
            let status = if matches!(ended, Ended::Silent) { running.0.wait() } else { running.end() };
            drop(joined(wrote));
            (ended, status, joined(said).unwrap_or_default())
        });
        match ended {
            (Ended::Code(code), ..) => Ok(code),
            (Ended::Refused(text), ..) if is_want_of_memory(&text) => Err(self.out_of_memory(memory)),
            (Ended::Refused(text), ..) => Err(LoadError::Compile(text)),
            (Ended::OutOfTime, ..) => Err(self.out_of_time(time)),
            (Ended::Silent, _, said) if is_want_of_memory(&said) => Err(self.out_of_memory(memory)),
            (Ended::Silent, Ok(status), _) if is_out_of_time(status) => Err(self.out_of_time(time)),
            (Ended::Silent, status, said) => {
                let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
                let said = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
                Err(LoadError::CompileProcess(format!("it ended with {status}: {said}")))
            }
        }
    }

    fn out_of_time(&self, limit: Duration) -> LoadError {
        LoadError::CompileTime { limit, raised_by: self.time_raised_by }
    }

    fn out_of_memory(&self, limit: u64) -> LoadError {
        LoadError::CompileMemory { limit, raised_by: self.memory_raised_by }
    }
}

/// How a compilation ended.
enum Ended {
    Code(Vec<u8>),
    Refused(String),
    OutOfTime,
    /// Without a word.
    Silent,
}

/// A process that does not outlive its owner.
struct Running(Child);

impl Running {
    fn pipes(&mut self) -> io::Result<(ChildStdin, impl Read + Send + use<>, impl Read + Send + use<>)> {
        match (self.0.stdin.take(), self.0.stdout.take(), self.0.stderr.take()) {
            (Some(input), Some(output), Some(error)) => Ok((input, output, error)),
            _ => Err(io::Error::other("it has no pipes")),
        }
    }

    fn end(&mut self) -> io::Result<ExitStatus> {
        // It may have ended by itself.
        let _ = self.0.kill();
        self.0.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.end();
    }
}

/// Writes the request, and gives back the pipe. A process that does not take it ends, which is noticed elsewhere.
fn written(mut input: ChildStdin, profile: Profile, memory: u64, seconds: u64, wasm: &[u8]) -> ChildStdin {
    let _ = Request::write(&mut input, profile, memory, seconds, wasm);
    input
}

/// The start of a text, which is read to its end so that nobody waits to write it.
fn start_of(mut input: impl Read) -> String {
    let mut start = Vec::new();
    let _ = input.by_ref().take(MESSAGE).read_to_end(&mut start);
    let _ = io::copy(&mut input, &mut io::sink());
    String::from_utf8_lossy(&start).into_owned()
}

fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> Option<T> {
    thread.join().ok()
}

fn is_want_of_memory(text: &str) -> bool {
    NO_MEMORY.iter().any(|words| text.contains(words))
}

/// Whether the system ended the process because it used the processor for too long.
#[cfg(unix)]
fn is_out_of_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    status.signal() == Some(rustix::process::Signal::XCPU.as_raw())
}

#[cfg(not(unix))]
fn is_out_of_time(_: ExitStatus) -> bool {
    false
}
