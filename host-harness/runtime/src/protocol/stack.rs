//! Stack for a guest and for the host functions that it calls.

/// Least stack in bytes: wasmtime allows a guest 512 KiB, and host functions need more on top of it.
const NEEDED: usize = 3 << 19;

/// Size of a new stack in bytes.
const MADE: usize = 4 << 20;

/// Does `work` on this thread: on its own stack when enough of it is left, otherwise on a new stack.
///
/// # Panics
///
/// When `work` does: the caller's [`Capabilities`](crate::Capabilities) may.
pub(super) fn with_enough<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(NEEDED, MADE, work)
}
