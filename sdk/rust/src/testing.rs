//! The attribute `#[test]` of the unit tests, which `.ci/run` also runs compiled to WebAssembly: the size of numbers, floats
//! and the stack differ there, and policies run there only.
//!
//! Every module of tests has `use crate::testing::test;`. (`tests/tests/invariants.rs` looks for it, and `.ci/run` counts.)

#[cfg(not(target_family = "wasm"))]
pub(crate) use std::prelude::v1::test;
#[cfg(target_family = "wasm")]
pub(crate) use wasm_bindgen_test::wasm_bindgen_test as test;
