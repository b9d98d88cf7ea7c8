//! Stack for a guest and for the host functions that it calls.

/// What there has to be, in bytes: wasmtime allows a guest 512 KiB, and host functions are on top of it.
const NEEDED: usize = 3 << 19;

/// What there is when it has to be made, in bytes.
const MADE: usize = 4 << 20;

/// Does `work` on this thread: where it stands when there is enough of its stack left, otherwise on a stack that is made for it.
///
/// # Panics
///
/// When `work` does: the caller's [`Capabilities`](crate::Capabilities) may.
pub(super) fn with_enough<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(NEEDED, MADE, work)
}
