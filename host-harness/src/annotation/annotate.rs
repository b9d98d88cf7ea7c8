//! Annotating modules that exist already, from any toolchain.

use std::borrow::Cow;

use super::agreement::{UsedAndDeclared, contradictions};
use super::{EmbedError, Written, embed};
use crate::Abi;
use crate::input::InputError;
use crate::inspect::{Recognised, inspect};
use crate::metadata::{ExecutionMode, Metadata, ProtocolVersion, key};
use crate::outcome::Failure;
use crate::{CompiledPolicy, Engine, LoadError, RunOptions};

/// A module with metadata.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Annotated {
    /// The module.
    pub module: Vec<u8>,
    /// Its metadata.
    pub metadata: Metadata,
    /// Warnings about differences between the metadata and the code.
    pub warnings: Vec<String>,
}

/// Why a module cannot be annotated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnnotateError {
    /// The metadata does not fit the module.
    #[error(transparent)]
    Metadata(#[from] InputError),
    /// No host can load the module.
    #[error(transparent)]
    Module(LoadError),
    /// The policy does not say which protocol it speaks.
    #[error("the policy does not say its protocol version: {0}; a waPC policy answers `protocol_version` with \"v1\"")]
    ProtocolVersion(Failure),
    /// The section cannot be written.
    #[error(transparent)]
    Embed(#[from] EmbedError),
}

/// Puts what an author wrote into `module`, replacing what it carries.
///
/// A waPC policy is asked for its protocol version, so it is compiled and run. The annotation [`key::WRITTEN_BY`] is set,
/// and [`key::USAGE`] if there is a `usage` text.
///
/// # Errors
///
/// [`AnnotateError`]; also when the execution mode is not what the module is.
pub fn annotate(
    engine: &Engine,
    module: &[u8],
    mut written: Written,
    usage: Option<&str>,
) -> Result<Annotated, AnnotateError> {
    let inspection = inspect(module).map_err(|error| AnnotateError::Module(error.into()))?;
    let mode = written.fields.execution_mode.unwrap_or_default();
    let wrong = |text: String| {
        let text = format!("Wrong value inside of policy's metadata for 'executionMode'. {text}");
        AnnotateError::Metadata(written.error("executionMode", text))
    };
    match (mode, &inspection.recognised) {
        (ExecutionMode::Opa | ExecutionMode::Gatekeeper, Recognised::Rego { .. })
        | (ExecutionMode::KubewardenWapc, Recognised::Policy(Abi::Wapc))
        | (ExecutionMode::Wasi, Recognised::Policy(Abi::Wasi)) => {}
        (ExecutionMode::Opa | ExecutionMode::Gatekeeper, _) => {
            let text = "The policy has not been created using Rego";
            return Err(wrong(match &inspection.recognised {
                Recognised::Policy(abi) => format!("{text}; {}", remedy(*abi)),
                _ => text.to_owned(),
            }));
        }
        (_, Recognised::Rego { .. }) => {
            let text =
                "This policy has been created using Rego; write `executionMode: opa` or `executionMode: gatekeeper`";
            return Err(wrong(text.to_owned()));
        }
        (_, Recognised::Policy(abi)) => {
            return Err(wrong(format!(
                "This is a {abi} policy, and `{}` was {}; {}",
                mode.name(),
                if written.fields.execution_mode.is_some() { "written" } else { "assumed, because nothing is written" },
                remedy(*abi),
            )));
        }
        (_, unknown) => {
            if let Err(why) = unknown.abi() {
                return Err(AnnotateError::Module(why.into()));
            }
        }
    }
    written.overwrite(key::WRITTEN_BY, env!("CARGO_PKG_VERSION"));
    if let Some(usage) = usage {
        written.overwrite(key::USAGE, usage);
    }
    let protocol = if mode == ExecutionMode::KubewardenWapc { ProtocolVersion::V1 } else { ProtocolVersion::Unknown };
    let metadata = written.to_metadata(protocol, mode);
    let mut warnings: Vec<String> = written.ignored().iter().chain(written.doubts()).map(ToString::to_string).collect();
    warnings.extend(contradictions(&written, &inspection).iter().map(ToString::to_string));
    let declared = metadata.host_capabilities.clone().unwrap_or_default();
    warnings.extend(UsedAndDeclared::of(&inspection.capabilities, &declared).warnings());
    let module = embed(module, &metadata)?;
    if mode == ExecutionMode::KubewardenWapc {
        let asked = askable(&module, &metadata)?;
        let policy = CompiledPolicy::from_bytes(engine, &asked).map_err(AnnotateError::Module)?;
        protocol_version(&policy).map_err(AnnotateError::ProtocolVersion)?;
    }
    Ok(Annotated { module, metadata, warnings })
}

/// What to do about a mode that is not the one of this ABI.
fn remedy(abi: Abi) -> String {
    match ExecutionMode::of(abi) {
        Some(mode) => format!("write `executionMode: {}`", mode.name()),
        None => format!("Kubewarden, whose metadata this is, does not run {abi} policies"),
    }
}

/// Asks a waPC policy for its protocol version, of which only one can be declared.
pub(crate) fn protocol_version(policy: &CompiledPolicy) -> Result<ProtocolVersion, Failure> {
    match policy.protocol_version(&RunOptions::default())?.as_str() {
        "v1" => Ok(ProtocolVersion::V1),
        other => Err(Failure::Protocol(format!("it answers {other:?}"))),
    }
}

/// The module without its minimum version of Kubewarden, so that this host can load it to ask for its protocol version.
pub(crate) fn askable<'m>(module: &'m [u8], metadata: &Metadata) -> Result<Cow<'m, [u8]>, EmbedError> {
    match metadata.minimum_kubewarden_version {
        None => Ok(Cow::Borrowed(module)),
        Some(_) => embed(module, &Metadata { minimum_kubewarden_version: None, ..metadata.clone() }).map(Cow::Owned),
    }
}
