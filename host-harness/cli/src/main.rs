//! `cargo admit`.
fn main() {}
