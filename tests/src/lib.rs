//! Holds no code of its own: tests are under `tests/`. Here is the Rust of the book's chapters that no session of theirs compiles.

/// A module for each chapter whose blocks are documentation tests.
#[cfg(doctest)]
mod book {
    // A line for each: #[doc = include_str!("../../docs/…")] mod …;
    #[doc = include_str!("../../docs/how-to/debug-a-trap.md")]
    mod debug_a_trap {}
}
