//! From the source folder of a policy to a WebAssembly module.

mod build;
mod declaration;
mod environment;
mod error;
mod features;
mod project;
mod shared;
mod target;

pub use build::{Artifact, BuildOptions, Progress};
pub use environment::left_out_variables;
pub use error::BuildError;
pub use project::Project;

/// The target that policies are compiled for.
pub const TARGET: &str = "wasm32-wasip1";
