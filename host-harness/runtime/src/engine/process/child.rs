//! The process that compiles.

use std::io::{self, Read};
use std::process;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::wire::{Answer, Request};
use crate::engine::config::config;
use crate::engine::watch::{Count, counting};

/// How often the parent is told how far it is.
const STEP: Duration = Duration::from_millis(250);

/// Compiles one module for the process that started this one, within limits that hold for this process as a whole: what a program does
/// with the arguments of a [`CompilerProcess`](super::CompilerProcess), and nothing else, after which it ends. The process also ends
/// when its parent does.
///
/// # Errors
///
/// Those of standard input and output, which have to be the pipes of the parent, and those of the system when it does not set the
/// limits.
pub fn compile_for_parent() -> io::Result<()> {
    let mut input = io::stdin();
    let request = Request::read(&mut input)?;
    limit(&request)?;
    thread::Builder::new().name("admit-parent".to_owned()).spawn(move || end_with_parent(input))?;
    let output = Mutex::new(io::stdout());
    let say = |answer: &Answer| answer.write(&mut *output.lock().unwrap_or_else(PoisonError::into_inner));
    let count = Count::default();
    let threads = counting(&count)?;
    let answer = thread::scope(|scope| {
        let (_end, ended) = mpsc::channel::<()>();
        let (count, say) = (&count, &say);
        let tell = move || {
            while ended.recv_timeout(STEP) == Err(RecvTimeoutError::Timeout) {
                // A parent that does not listen is gone.
                let _ = say(&Answer::Progress(count.load(Ordering::Relaxed) as u64));
            }
        };
        // Without a thread nobody is told, and all else is the same.
        let _ = thread::Builder::new().name("admit-progress".to_owned()).spawn_scoped(scope, tell);
        threads.install(|| compiled(&request))
    });
    say(&answer)
}

fn compiled(request: &Request) -> Answer {
    let engine = wasmtime::Engine::new(&config(None, request.profile));
    match engine.and_then(|engine| engine.precompile_module(&request.wasm)) {
        Ok(code) => Answer::Code(code),
        Err(error) => Answer::Refused(format!("{error:#}")),
    }
}

/// Nobody waits for the result when the parent has closed the pipe, as it does when it ends, in whatever way.
fn end_with_parent(mut input: impl Read) {
    let mut more = [0];
    while matches!(input.read(&mut more), Ok(1..)) {}
    process::exit(1);
}

#[cfg(unix)]
fn limit(request: &Request) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let set = |resource, limit: u64| {
        // What the system allows this process is not more afterwards.
        let most = getrlimit(resource).maximum.map_or(limit, |most| most.min(limit));
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
    };
    // Memory that was given, and not address space: a reservation takes none.
    set(Resource::Data, request.memory)?;
    set(Resource::Cpu, request.seconds)?;
    set(Resource::Core, 0)?;
    Ok(())
}

#[cfg(not(unix))]
fn limit(_: &Request) -> io::Result<()> {
    Ok(())
}
