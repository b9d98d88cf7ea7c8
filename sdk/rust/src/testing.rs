//! What `#[test]` is in the unit tests, which `.ci/run` also runs compiled to WebAssembly: numbers, floats and the stack are
//! not the same there, and policies are never anything else.
//!
//! Every module of tests has `use crate::testing::test;`. (`tests/tests/invariants.rs` looks for it, and `.ci/run` counts.)

#[cfg(not(target_family = "wasm"))]
pub(crate) use std::prelude::v1::test;
#[cfg(target_family = "wasm")]
pub(crate) use wasm_bindgen_test::wasm_bindgen_test as test;
