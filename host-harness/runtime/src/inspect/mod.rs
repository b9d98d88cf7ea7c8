//! What a module says about itself before anything of it runs.

mod chainloop;
mod error;
mod extern_type;
mod fit;
mod problem;
mod read;
mod recognise;
mod rego;
mod traces;

use std::collections::BTreeSet;

use admit::wire::Marker;
use serde::{Serialize, Serializer};

pub use error::InspectError;
pub use extern_type::ExternType;
pub(crate) use fit::{MAX_PROBLEMS, check};
pub(crate) use problem::Available;
pub use problem::Problem;
pub(crate) use recognise::{DISCOVER, EXECUTE};
pub use recognise::{Recognised, UnknownAbi};
pub use rego::Rego;

use crate::metadata::{Metadata, MetadataError};

/// What the sections of a module say, without the code.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Inspection {
    /// What it is; serialized as `abi`: the ABI's name, or `{"unknown": "why"}` when it is not run.
    #[serde(rename = "abi", serialize_with = "name_or_reason")]
    pub recognised: Recognised,
    /// Size of the module in bytes.
    pub size: u64,
    /// Its imports, in the module's order.
    pub imports: Vec<Import>,
    /// Its exports, in the module's order.
    pub exports: Vec<Export>,
    /// Its sections, in the module's order.
    pub sections: Vec<Section>,
    /// What a Rego policy says about itself; `None` of all others.
    pub rego: Option<Rego>,
    /// What the policy declares about itself, when it was annotated; serialized as `null` when it was not, and as
    /// `{"invalid": "why"}` when nobody can read it.
    #[serde(serialize_with = "declared_or_reason")]
    pub metadata: Result<Option<Metadata>, MetadataError>,
    /// The marker of the SDK of this project, when the module was made with it.
    pub made_with: Option<Marker>,
    /// The languages that it was written in, as its toolchain names them: `Go`, `Rust`, `C11`. Empty when that was stripped.
    pub languages: Vec<String>,
    /// What it was built with, with versions: `rustc 1.95.0`, `TinyGo 0.39.0`. Empty when that was stripped.
    pub tools: Vec<String>,
    /// The host operations that the module has the names for, for example `oci/v1/verify`: those that it can call, if it was
    /// not made to hide them, and perhaps some more, when its texts contain such names by chance. Of Chainloop policies,
    /// `http/request` and `chainloop/discover` if they import them.
    pub capabilities: BTreeSet<String>,
    /// Whether the code can mutate; known only of modules that were made with the SDK.
    pub mutates: Option<bool>,
}

/// One import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Import {
    /// The module that it is imported from, for example `wapc`.
    pub module: String,
    /// Its name there.
    pub name: String,
    /// Its type, for example `function (i32, i32) -> (i32)` or `memory`.
    #[serde(rename = "type")]
    pub ty: ExternType,
}

/// One export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// Its type, for example `function () -> ()` or `memory`.
    #[serde(rename = "type")]
    pub ty: ExternType,
}

/// One section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// `type`, `code`, `data`, …; for custom sections the name that they carry.
    pub name: String,
    /// Whether it is a custom section.
    pub custom: bool,
    /// Size of its content in bytes.
    pub size: u64,
}

impl Inspection {
    /// Whether this is a Rego policy, compiled by `opa build -t wasm`.
    pub fn is_rego(&self) -> bool {
        matches!(self.recognised, Recognised::Rego { .. })
    }

    /// The type of the export called `name`.
    pub fn export(&self, name: &str) -> Option<&ExternType> {
        self.exports.iter().find(|export| export.name == name).map(|export| &export.ty)
    }
}

/// Reads the sections of a module: header, imports, exports and metadata, but not the function bodies.
///
/// # Errors
///
/// [`InspectError`] when the bytes are not a core module, or its sections are not valid. A module that is not a policy is
/// not an error here: see [`Inspection::recognised`].
pub fn inspect(bytes: &[u8]) -> Result<Inspection, InspectError> {
    read::read(bytes)
}

fn declared_or_reason<S: Serializer>(
    metadata: &Result<Option<Metadata>, MetadataError>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Invalid {
        invalid: String,
    }
    match metadata {
        Ok(metadata) => metadata.serialize(serializer),
        Err(reason) => Invalid { invalid: reason.to_string() }.serialize(serializer),
    }
}

fn name_or_reason<S: Serializer>(recognised: &Recognised, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Unknown {
        unknown: String,
    }
    match recognised.abi() {
        Ok(abi) => abi.serialize(serializer),
        Err(reason) => Unknown { unknown: reason.to_string() }.serialize(serializer),
    }
}
