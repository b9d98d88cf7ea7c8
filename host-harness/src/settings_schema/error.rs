//! Why there is no schema.

use std::path::PathBuf;

use crate::LoadError;
use crate::artifact::BuildError;
use crate::outcome::Failure;

/// Why the schema of a policy's settings is not known, or was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The crate does not use the SDK.
    #[error(
        "{} is not written with `admit`, so nothing is known about its settings; \
         a policy of another toolkit needs a schema that is written by hand", folder.display()
    )]
    NotAdmit {
        /// Name of the crate.
        package: String,
        /// Where it is.
        folder: PathBuf,
    },
    /// The policy takes none.
    #[error("{package} has no settings: only `{{}}` is valid, so there is nothing to describe")]
    NoSettings {
        /// Name of the crate.
        package: String,
    },
    /// The trait was not derived.
    #[error(
        "{package} implements `admit::Settings` by hand, so the shape of its settings is not known; \
         write `#[derive(Settings)]`, with `#[settings(check = …)]` for the check"
    )]
    ByHand {
        /// Name of the crate.
        package: String,
    },
    /// A type in the settings has no schema.
    #[error(
        "{package} does not build with schemas, because a type in its settings has none: add `#[derive(JsonSchema)]` \
         (it is in `admit::prelude`) to each type of yours that the settings contain, and \
         `#[schemars(with = \"String\")]` to a field of another crate's type that is written as a string\n\n{}", output.trim_end()
    )]
    NoSchema {
        /// Name of the crate.
        package: String,
        /// What cargo and rustc said.
        output: String,
    },
    /// The crate does not build.
    #[error(transparent)]
    Build(BuildError),
    /// The module cannot be loaded.
    #[error("{}: {source}", path.display())]
    Load {
        /// The module.
        path: PathBuf,
        /// Why not.
        source: LoadError,
    },
    /// The policy failed when it was asked.
    #[error("{package} failed when it was asked for the schema of its settings: {failure}")]
    Failed {
        /// Name of the crate.
        package: String,
        /// The failure of the run.
        failure: Failure,
    },
}
