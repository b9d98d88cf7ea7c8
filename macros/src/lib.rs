//! Macros of `admit`.
