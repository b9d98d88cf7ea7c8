//! What a policy says about its settings: their JSON Schema, and a form for them.
//!
//! The schema comes from the policy itself. It is built once more, with the feature `schema` of `admit`, and asked; the
//! modules that are shipped know nothing of it.

mod error;
mod form;
mod questions;

use std::path::Path;

pub use error::SchemaError;
pub use questions::{LeftOut, Questions, questions};
use serde_json::Value;

use crate::artifact::{BuildError, BuildOptions, Project};
use crate::{CompiledPolicy, Engine, RunOptions};

/// The JSON Schema (draft 2020-12) of a policy's settings.
///
/// # Errors
///
/// [`SchemaError`]: when the policy has no settings or is not written with `admit`, and when it cannot be built or asked.
pub fn of(project: &Project, engine: &Engine) -> Result<Value, SchemaError> {
    let package = project.name().to_owned();
    let options = BuildOptions { settings_schema: true, ..BuildOptions::default() };
    let Some(abi) = project.abis().into_iter().next() else {
        return Err(SchemaError::NotAdmit { package, folder: project.folder().to_owned() });
    };
    let artifact = project.build(Some(abi), &options).map_err(|source| match source {
        BuildError::Compile { output, .. } if output.contains("JsonSchema") => {
            SchemaError::NoSchema { package: package.clone(), output }
        }
        source => SchemaError::Build(source),
    })?;
    let policy = CompiledPolicy::from_file(engine, &artifact.path)
        .map_err(|source| SchemaError::Load { path: artifact.path, source })?;
    match policy.settings_schema(&RunOptions::default()) {
        Ok(Some(schema)) if has_properties(&schema) => Ok(schema),
        Ok(Some(_)) => Err(SchemaError::NoSettings { package }),
        Ok(None) => Err(SchemaError::ByHand { package }),
        Err(failure) => Err(SchemaError::Failed { package, failure }),
    }
}

fn has_properties(schema: &Value) -> bool {
    schema.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty())
}

/// Writes a text to a file, or nothing: a file that is there stays as it is until the new one is complete.
///
/// # Errors
///
/// [`SchemaError::Write`].
pub fn save(path: &Path, text: &str) -> Result<(), SchemaError> {
    replace(path, text.as_bytes()).map_err(|error| SchemaError::Write { path: path.to_owned(), error })
}

fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    // Next to its destination, because a rename does not leave the file system.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".scaffold-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    // Temporary files are private; what is scaffolded is a part of the policy's repository.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    file.persist(path)?;
    Ok(())
}
