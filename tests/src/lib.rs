//! Holds no code of its own: tests are under `tests/`. Here is the Rust of the book's chapters that no session of theirs compiles.

#![allow(rustdoc::invalid_codeblock_attributes, reason = "the attributes of the book's blocks are for its own test")]

/// A module for each chapter whose blocks are documentation tests.
#[cfg(doctest)]
mod book {
    #[doc = include_str!("../../docs/how-to/debug-a-trap.md")]
    struct DebugATrap;

    #[doc = include_str!("../../docs/how-to/fake-the-host.md")]
    struct FakeTheHost;

    #[doc = include_str!("../../docs/how-to/test-any-policy.md")]
    struct TestAnyPolicy;
}
