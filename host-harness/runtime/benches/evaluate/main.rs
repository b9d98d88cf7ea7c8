//! How many requests a host answers, each in a fresh instance: ours, upstream's, and the most that wasmtime allows.
//!
//! `cargo bench -p admit-runtime` builds the policies first. What it measured last is in docs/performance.md.

mod limit;
mod modules;
mod ours;
mod upstream;

fn main() {
    divan::main();
}
