//! The process in which a target meets its inputs.

use std::env;
use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::PathBuf;
use std::process;
use std::thread;

use admit_fuzz_targets::Target;

use super::inputs::{Inputs, Plan};
use crate::ALLOCATOR;

/// Names the target; a process that has it is a worker.
pub(super) const TARGET: &str = "ADMIT_FUZZ_TARGET";
/// The file that a worker writes the number of the input to, before it tries it.
pub(super) const PROGRESS: &str = "ADMIT_FUZZ_PROGRESS";
/// A file with the only input to try.
pub(super) const INPUT: &str = "ADMIT_FUZZ_INPUT";

/// What a thread of a test has, and no policy's author thinks of making larger.
const STACK: usize = 2 << 20;

/// What a decoder may allocate at any moment: so much, and so much for each byte of its input.
const ALLOWANCE: usize = 48 << 20;
const ALLOWANCE_PER_BYTE: usize = 512;

/// Tries the inputs of a target if this process was started for that; otherwise false.
pub(crate) fn worker() -> bool {
    let Ok(name) = env::var(TARGET) else { return false };
    let target = super::target(&name).unwrap_or_else(|| panic!("there is no fuzz target `{name}`"));
    let work = move || match env::var_os(INPUT) {
        Some(path) => attempt(target, &fs::read(PathBuf::from(path)).expect("the input is there")),
        None => all(target),
    };
    let thread = thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread to work on");
    if thread.join().is_err() {
        // The panic hook has said it all.
        process::exit(101);
    }
    true
}

fn all(target: &'static Target) {
    let progress = env::var_os(PROGRESS).expect("whoever starts a worker watches it");
    let mut progress = File::create(PathBuf::from(progress)).expect("a file for the progress");
    // Making inputs may take more stack than reading them does.
    let inputs = Inputs::new(target, Plan::from_environment());
    for index in 0..inputs.count() {
        progress
            .rewind()
            .and_then(|()| progress.write_all(&(index as u64).to_le_bytes()))
            .expect("progress is written");
        attempt(target, &inputs.get(index));
    }
}

/// Tries one input, with a limit on memory.
fn attempt(target: &Target, input: &[u8]) {
    let limit = ALLOCATOR.allocated() + ALLOWANCE + ALLOWANCE_PER_BYTE * input.len();
    ALLOCATOR.set_limit(limit).expect("the limit is above what is in use");
    // Nothing catches panics here: the first one is the last.
    (target.run)(input);
    ALLOCATOR.set_limit(usize::MAX).expect("there is no larger limit");
}
