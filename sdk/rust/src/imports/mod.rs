//! What a module imports of its host, where the policy's own code reaches it and not only an entry point.

#[cfg(all(target_arch = "wasm32", not(test), feature = "chainloop"))]
pub(crate) mod extism;

#[cfg(all(target_arch = "wasm32", not(test), feature = "chainloop"))]
pub(crate) use extism::tell;

/// Natively there is nobody to tell.
#[cfg(all(any(not(target_arch = "wasm32"), test), feature = "chainloop"))]
pub(crate) fn tell(_: &str) {}
