//! What a policy says about its settings: their JSON Schema, and a form for them.
//!
//! The schema comes from the policy itself. It is built once more, with the feature `schema` of `admit`, and asked; the
//! modules that are shipped know nothing of it.

mod error;
mod form;
mod questions;

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
        // A crate that builds without schemas, and not with them, has a type without a schema.
        BuildError::Compile { output, .. } if project.build(Some(abi), &BuildOptions::default()).is_ok() => {
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
