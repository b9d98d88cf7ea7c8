//! A policy before it is compiled.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::abi::Abi;
use crate::cost;
use crate::engine::Engine;
use crate::error::LoadError;
use crate::inspect::{Inspection, check, inspect};
use crate::metadata::{Metadata, PolicyType};
use crate::module::{self, MAX_MODULE};
use crate::version;

/// A module that can be run as far as its outside tells, and is not compiled yet: to compile a large one takes minutes, and what goes
/// along with it may be wrong.
#[derive(Clone, Debug)]
pub struct PolicyModule {
    bytes: Vec<u8>,
    outside: Outside,
}

/// What is known of a module that can be run.
#[derive(Clone, Debug)]
pub(crate) struct Outside {
    pub(crate) inspection: Inspection,
    pub(crate) abi: Abi,
    pub(crate) metadata: Option<Metadata>,
}

impl Outside {
    /// Looks at a module, of which `engine` knows what it can import.
    pub(crate) fn of(engine: &Engine, bytes: &[u8]) -> Result<Self, LoadError> {
        let size = bytes.len() as u64;
        if size > MAX_MODULE {
            return Err(LoadError::TooLarge { size, limit: MAX_MODULE });
        }
        cost::check_outside(bytes, engine.compile_limits())?;
        let inspection = inspect(bytes)?;
        let abi = inspection.recognised.abi()?;
        let metadata = inspection.metadata.clone()?;
        let required = metadata.as_ref().and_then(|metadata| metadata.minimum_kubewarden_version.as_ref());
        version::check(required, engine.kubewarden_version())?;
        let problems = check(&inspection, abi, engine.available(abi));
        if !problems.is_empty() {
            return Err(LoadError::Unfit { abi, problems });
        }
        Ok(Self { inspection, abi, metadata })
    }

    pub(crate) fn is_raw(&self) -> bool {
        self.metadata.as_ref().is_some_and(|metadata| metadata.policy_type == PolicyType::Raw)
    }
}

impl PolicyModule {
    /// Reads a `.wasm` file, or a `.wat` file in the text format.
    ///
    /// # Errors
    ///
    /// [`LoadError`], which says what to do about it.
    pub fn from_file(engine: &Engine, path: &Path) -> Result<Self, LoadError> {
        Self::from_bytes(engine, module::read(path)?)
    }

    /// Looks at the bytes of a module.
    ///
    /// # Errors
    ///
    /// [`LoadError`], which says what to do about it.
    pub fn from_bytes(engine: &Engine, bytes: Vec<u8>) -> Result<Self, LoadError> {
        let outside = Outside::of(engine, &bytes)?;
        Ok(Self { bytes, outside })
    }

    /// The ABI that the policy speaks.
    pub fn abi(&self) -> Abi {
        self.outside.abi
    }

    /// What is written on the outside of the module.
    pub fn inspection(&self) -> &Inspection {
        &self.outside.inspection
    }

    /// What the policy declares about itself; `None` when it was never annotated.
    pub fn metadata(&self) -> Option<&Metadata> {
        self.outside.metadata.as_ref()
    }

    /// Whether the policy declares that it takes raw documents. Without metadata it is one for Kubernetes.
    pub fn is_raw(&self) -> bool {
        self.outside.is_raw()
    }

    /// SHA-256 of the bytes of the module.
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.bytes).into()
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn into_parts(self) -> (Vec<u8>, Outside) {
        (self.bytes, self.outside)
    }
}
