//! A large stack, for readers of documents that call themselves once for each level.

use std::{panic, thread};

/// A level of a document takes some 30 to 40 KiB in a build without optimisation, and a document may have 127. Tests have 2 MiB,
/// which 50 levels use up.
pub(crate) const DEEP_STACK: usize = 16 << 20;

/// Does `work` where there is enough stack for it.
///
/// # Errors
///
/// The operating system gives no thread; nothing was done then.
///
/// # Panics
///
/// When `work` does, with its payload.
pub(crate) fn with_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    thread::scope(|scope| {
        let worker = thread::Builder::new().name("admit-documents".to_owned()).stack_size(DEEP_STACK);
        let worker = worker.spawn_scoped(scope, work).map_err(|error| {
            format!("this machine gives no thread to read it on ({error}); end other programs, or raise their limit (`ulimit -u`)")
        })?;
        Ok(worker.join().unwrap_or_else(|payload| panic::resume_unwind(payload)))
    })
}
