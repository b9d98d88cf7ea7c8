//! `cargo admit`: builds, tests, runs and inspects WebAssembly admission policies. A thin shell over `admit-host`.

mod app;
mod commands;
mod error;
mod exit;
mod output;

use std::{env, panic, process::ExitCode, thread};

/// What commands need at most is a few hundred KiB, and a build without optimisation several times that. The stack of the main
/// thread is as large as `ulimit -s` says, beyond which a process is aborted without a word.
const STACK: usize = 8 << 20;

fn main() -> ExitCode {
    exit::outlive_file_limits();
    let command = || app::main(env::args_os()).into();
    match thread::Builder::new().name("main".to_owned()).stack_size(STACK).spawn(command) {
        Ok(thread) => thread.join().unwrap_or_else(|payload| panic::resume_unwind(payload)),
        // Where there is no thread to be had, commands that need none still work, and others say so.
        Err(_) => command(),
    }
}
