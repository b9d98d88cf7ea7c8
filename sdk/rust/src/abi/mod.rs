//! The entry points of a module, one file for each ABI. Only here does the guest touch pointers.
//!
//! The macros put the exported functions, which are one line each, into the policy's own crate: a library that exported
//! them would force them on every module that links it.

#[cfg(all(
    target_arch = "wasm32",
    not(feature = "chainloop"),
    any(all(feature = "wapc", not(feature = "wasi")), all(feature = "wasi", not(feature = "wasi-stderr")))
))]
mod call;
mod export;
#[cfg(all(target_arch = "wasm32", not(test), feature = "chainloop"))]
pub mod extism;
pub mod marker;
#[cfg(all(target_arch = "wasm32", not(test), any(feature = "wapc", feature = "wasi", feature = "chainloop")))]
pub(crate) mod panic;
#[cfg(all(target_arch = "wasm32", feature = "wapc", not(any(feature = "wasi", feature = "chainloop"))))]
pub mod wapc;
#[cfg(all(target_arch = "wasm32", feature = "wasi", not(feature = "chainloop")))]
pub mod wasi;
