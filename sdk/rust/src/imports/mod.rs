//! Imports of the host that the policy's own code reaches, and not only an entry point.

#[cfg(all(target_arch = "wasm32", not(test), feature = "chainloop"))]
pub(crate) mod extism;

#[cfg(all(target_arch = "wasm32", not(test), feature = "chainloop"))]
pub(crate) use extism::tell;

/// Native builds have no host to log to.
#[cfg(all(any(not(target_arch = "wasm32"), test), feature = "chainloop"))]
pub(crate) fn tell(_: &str) {}
