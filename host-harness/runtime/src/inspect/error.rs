//! Why bytes are no module.

/// Why a module cannot be inspected; every text says what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InspectError {
    /// Not WebAssembly at all.
    #[error(
        "this is not a WebAssembly module: it starts with {start}, a module starts with \"\\0asm\"; give the .wasm file that the policy's build produced"
    )]
    NotWasm {
        /// The first bytes, printable.
        start: String,
    },
    /// A component instead of a core module.
    #[error(
        "this is a WebAssembly component, policies are core modules: build for wasm32-wasip1 instead of wasm32-wasip2, without `wasm-tools component new`"
    )]
    Component,
    /// The header announces a version that does not exist.
    #[error(
        "this WebAssembly file has the unknown version {0}; a core module has version 1, so the file is damaged or from a newer toolchain"
    )]
    Version(u32),
    /// The bytes break the rules of WebAssembly.
    #[error(
        "the module is not valid WebAssembly: {message} (at offset {offset:#x}); build it again, the file is damaged or uses a feature that no Kubewarden host has"
    )]
    Invalid {
        /// Where, in bytes from the start.
        offset: u64,
        /// The rule that is broken.
        message: String,
    },
    /// More of something than is kept.
    #[error(
        "the module has more than {most} {what}, which no toolchain writes, and they are not looked at one by one; build it again, and strip \
         what its build adds to it"
    )]
    TooMany {
        /// What there is.
        what: &'static str,
        /// How many of these a module can have.
        most: usize,
    },
}
