//! The entry points of a module, one file for each ABI. Only here does the guest touch pointers.
//!
//! The macros put the exported functions, which are one line each, into the policy's own crate: a library that exported
//! them would force them on every module that links it.

#[cfg(all(
    target_arch = "wasm32",
    any(all(feature = "wapc", not(feature = "wasi")), all(feature = "wasi", not(feature = "wasi-stderr")))
))]
mod call;
mod export;
pub mod marker;
#[cfg(target_arch = "wasm32")]
pub(crate) mod panic;
#[cfg(all(target_arch = "wasm32", feature = "wapc", not(feature = "wasi")))]
pub mod wapc;
#[cfg(all(target_arch = "wasm32", feature = "wasi"))]
pub mod wasi;
