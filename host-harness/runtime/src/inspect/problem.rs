//! What keeps a module from being run by a host of its ABI.

use std::collections::HashMap;

use super::ExternType;
use crate::abi::Abi;

/// What is said about a module without an entry point.
const NO_EXECUTE: &str = "Chainloop says: wasm module validation failed: missing required 'Execute' function export";

/// The functions that the host offers: module, then name, then type.
pub(crate) type Available = HashMap<String, HashMap<String, ExternType>>;

/// One reason why no host can run a module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// An export that the ABI asks for is not there.
    #[error("it does not export `{name}`, which should be {expected}")]
    MissingExport {
        /// Its name.
        name: &'static str,
        /// The type that it should have.
        expected: &'static str,
    },
    /// An export has the wrong type.
    #[error("it exports `{name}` as {found}, which should be {expected}")]
    ExportType {
        /// Its name.
        name: &'static str,
        /// The type that it should have.
        expected: &'static str,
        /// The type that it has.
        found: String,
    },
    /// An import comes from a module that this ABI does not have.
    #[error("it imports `{module}::{name}`, but a {abi} policy can import from {} only", modules.join(", "))]
    UnknownModule {
        /// The ABI.
        abi: Abi,
        /// The module that it is imported from.
        module: String,
        /// Its name.
        name: String,
        /// The modules that the ABI has.
        modules: Vec<String>,
    },
    /// An import of a function that the module does not have.
    #[error("it imports `{module}::{name}`, but `{module}` has no such function")]
    UnknownImport {
        /// The module that it is imported from.
        module: String,
        /// Its name.
        name: String,
    },
    /// An import has the wrong type.
    #[error("it imports `{module}::{name}` as {found}, which is {expected}")]
    ImportType {
        /// The module that it is imported from.
        module: String,
        /// Its name.
        name: String,
        /// The type that it has.
        expected: String,
        /// The type that the module asks for.
        found: String,
    },
    /// A Chainloop policy has no function `Execute`.
    #[error("it does not export a function `Execute`{}; {}", found.as_ref().map(|found| format!(", but {found} of this name")).unwrap_or_default(), NO_EXECUTE)]
    NoExecute {
        /// The type of what it exports under this name, if anything.
        found: Option<String>,
    },
    /// The function `Execute` of a Chainloop policy cannot be called.
    #[error("it exports `Execute` as {found}, which should be function () -> (i32); Chainloop says: {said}")]
    Execute {
        /// The type that it has.
        found: String,
        /// What Chainloop says when it calls it.
        said: String,
    },
    /// The platform's engine is an older one.
    #[error("it uses what the host of {} does not have: {message} (at offset {offset:#x}); build it for WebAssembly 2.0", .abi.platform())]
    Feature {
        /// The ABI.
        abi: Abi,
        /// Where it is used, in the module.
        offset: u64,
        /// What it is.
        message: String,
    },
    /// A Chainloop policy imports what is not there.
    #[error("it imports `{module}::{name}`, which Chainloop does not have ({said}); there {available}")]
    NotInChainloop {
        /// The module that it is imported from.
        module: String,
        /// Its name.
        name: String,
        /// What Chainloop says when it loads the module.
        said: String,
        /// What can be imported instead.
        available: String,
    },
}
