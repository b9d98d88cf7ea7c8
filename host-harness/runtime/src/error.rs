//! Why a module could not be made ready.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::abi::Abi;
use crate::cost::{CostError, TooCostly};
use crate::inspect::{InspectError, MAX_PROBLEMS, Problem, UnknownAbi};
use crate::metadata::MetadataError;
use crate::version::TooOld;

/// Why a module could not be loaded; every text says what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file could not be read.
    #[error("cannot read {}: {error}; {}", path.display(), instead_of(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// The module is larger than the host accepts.
    #[error(
        "{size} bytes are too many for a policy module, the limit is {limit}; build it in release mode and strip it"
    )]
    TooLarge {
        /// Size of the module in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The text format could not be translated.
    #[error("the WebAssembly text is not valid: {0}")]
    Text(String),
    /// The bytes are no module.
    #[error(transparent)]
    Inspect(#[from] InspectError),
    /// No ABI that this host speaks.
    #[error(transparent)]
    UnknownAbi(#[from] UnknownAbi),
    /// The ABI is clear, but the module does not keep to it.
    #[error("this looks like a {abi} policy, but no host can run it:{}", list(problems))]
    Unfit {
        /// The ABI.
        abi: Abi,
        /// What is wrong: everything, or the first things where there are many.
        problems: Vec<Problem>,
    },
    /// What the policy declares about itself cannot be read.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// The policy is for a newer Kubewarden.
    #[error(transparent)]
    TooOld(#[from] TooOld),
    /// The module would take too much to be compiled.
    #[error(transparent)]
    TooCostly(#[from] TooCostly),
    /// The process that compiles the module took longer than it may.
    #[error(
        "the module could not be compiled in {} s, which is the limit; build it with optimisation, or {raised_by}",
        limit.as_secs_f64()
    )]
    CompileTime {
        /// The limit.
        limit: Duration,
        /// How it is raised.
        raised_by: &'static str,
    },
    /// The process that compiles the module wanted more memory than it may have.
    #[error(
        "the module could not be compiled in {} MiB of memory, which is the limit; build it with optimisation, or {raised_by}",
        limit >> 20
    )]
    CompileMemory {
        /// The limit in bytes.
        limit: u64,
        /// How it is raised.
        raised_by: &'static str,
    },
    /// The process that compiles the module could not be started, or gave no result.
    #[error("the module could not be compiled in a process of its own: {0}")]
    CompileProcess(String),
    /// The compiler refused a valid module.
    #[error("the module could not be compiled: {0}")]
    Compile(String),
    /// The engine itself could not be set up.
    #[error("the WebAssembly engine could not be set up: {0}")]
    Engine(String),
}

impl From<CostError> for LoadError {
    fn from(error: CostError) -> Self {
        match error {
            CostError::TooCostly(error) => error.into(),
            CostError::Invalid(error) => error.into(),
        }
    }
}

fn list(problems: &[Problem]) -> String {
    let shown = problems.iter().take(MAX_PROBLEMS).map(|problem| format!("\n  - {problem}"));
    let more = (problems.len() > MAX_PROBLEMS).then(|| "\n  - and more".to_owned());
    shown.chain(more).collect()
}

/// What to give in place of a file that is not there.
fn instead_of(path: &Path) -> &'static str {
    if path.to_string_lossy().contains("://") {
        "nothing is downloaded: pull it first, for example with `kwctl pull`, and give the .wasm file"
    } else {
        "give the .wasm file that a policy's build produced"
    }
}
