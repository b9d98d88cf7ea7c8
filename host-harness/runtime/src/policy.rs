//! A policy that is ready to be evaluated.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use admit::wire::{SettingsValidationResponse, ValidationResponse};
use serde_json::{Map, Value};
use wasmtime::InstancePre;

use crate::abi::Abi;
use crate::engine::Engine;
use crate::error::LoadError;
use crate::inspect::{Inspection, check, inspect};
use crate::metadata::{Metadata, PolicyType};
use crate::module::{self, MAX_MODULE};
use crate::options::RunOptions;
use crate::outcome::{Failure, LimitKind, Outcome, SettingsOutcome};
use crate::protocol::{self, FailedRun, Protocol, State, payload};
use crate::request::Request;
use crate::response::{AdmissionResponse, patch_fits};
use crate::version;

/// A module that was checked, compiled and linked once; every evaluation runs in a fresh instance of it.
///
/// Cheap to clone, and may be used from many threads at once.
#[derive(Clone)]
pub struct CompiledPolicy {
    shared: Arc<Shared>,
}

struct Shared {
    instance: InstancePre<State>,
    abi: Abi,
    inspection: Inspection,
    metadata: Option<Metadata>,
    from_cache: bool,
}

impl CompiledPolicy {
    /// Loads a `.wasm` file, or a `.wat` file in the text format.
    ///
    /// # Errors
    ///
    /// [`LoadError`], which says what to do about it.
    pub fn from_file(engine: &Engine, path: &Path) -> Result<Self, LoadError> {
        Self::from_bytes(engine, &module::read(path)?)
    }

    /// Loads the bytes of a module.
    ///
    /// # Errors
    ///
    /// [`LoadError`], which says what to do about it.
    pub fn from_bytes(engine: &Engine, bytes: &[u8]) -> Result<Self, LoadError> {
        let size = bytes.len() as u64;
        if size > MAX_MODULE {
            return Err(LoadError::TooLarge { size, limit: MAX_MODULE });
        }
        let inspection = inspect(bytes)?;
        let abi = inspection.abi.clone()?;
        let metadata = inspection.metadata.clone()?;
        let required = metadata.as_ref().and_then(|metadata| metadata.minimum_kubewarden_version.as_ref());
        version::check(required, engine.kubewarden_version())?;
        let host = engine.host(abi);
        let problems = check(&inspection, abi, &host.available);
        if !problems.is_empty() {
            return Err(LoadError::Unfit { abi, problems });
        }
        let (module, from_cache) = engine.compile(bytes)?;
        let instance =
            host.linker.instantiate_pre(&module).map_err(|error| LoadError::Compile(format!("{error:#}")))?;
        Ok(Self { shared: Arc::new(Shared { instance, abi, inspection, metadata, from_cache }) })
    }

    /// The ABI that the policy speaks.
    pub fn abi(&self) -> Abi {
        self.shared.abi
    }

    /// What is written on the outside of the module.
    pub fn inspection(&self) -> &Inspection {
        &self.shared.inspection
    }

    /// What the policy declares about itself; `None` when it was never annotated.
    pub fn metadata(&self) -> Option<&Metadata> {
        self.shared.metadata.as_ref()
    }

    /// Whether the policy declares that it takes raw documents. Without metadata it is one for Kubernetes.
    pub fn is_raw(&self) -> bool {
        self.metadata().is_some_and(|metadata| metadata.policy_type == PolicyType::Raw)
    }

    /// Whether the compiled form came from the disk cache.
    pub fn from_cache(&self) -> bool {
        self.shared.from_cache
    }

    /// Evaluates a request. A policy of Chainloop, which is [executed](Self::execute) instead, ends in
    /// [`Failure::Protocol`].
    ///
    /// Settings are passed on as they are; Kubewarden would have checked them with
    /// [`validate_settings`](Self::validate_settings) before.
    pub fn validate(&self, request: &Request, settings: &Map<String, Value>, options: &RunOptions) -> Outcome {
        let payload = payload::validate(request, settings);
        let (uid, base) = match request {
            Request::Kubernetes(request) => {
                (request.uid.as_str(), request.object.as_ref().filter(|object| !object.is_null()))
            }
            Request::Raw(raw) => (raw.get("uid").and_then(Value::as_str).unwrap_or_default(), Some(raw)),
        };
        let answer = self.protocol().validate(self.instance(), payload, options);
        let result = answer.result.and_then(|answered| bounded(answered, base, options.limits.patch));
        match result {
            Ok(answered) => {
                let (response, patch) = AdmissionResponse::from_answer(uid, base, &answered);
                Outcome { result: Ok(answered), response, patch, started: true, trace: answer.trace }
            }
            Err(run) => Outcome {
                response: AdmissionResponse::from_failure(uid, run.said),
                result: Err(answer.trace.explained(run.failure)),
                patch: None,
                started: run.started,
                trace: answer.trace,
            },
        }
    }

    /// Asks the policy whether it can work with these settings.
    pub fn validate_settings(&self, settings: &Map<String, Value>, options: &RunOptions) -> SettingsOutcome {
        let payload = payload::settings(settings);
        let answer = self.protocol().validate_settings(self.instance(), payload, options);
        match answer.result {
            Ok(answered) => SettingsOutcome { response: answered.clone(), result: Ok(answered), trace: answer.trace },
            Err(run) => SettingsOutcome {
                response: SettingsValidationResponse { valid: false, message: Some(run.said) },
                result: Err(answer.trace.explained(run.failure)),
                trace: answer.trace,
            },
        }
    }

    /// Asks a waPC policy for its protocol version, which is `v1`.
    ///
    /// # Errors
    ///
    /// Any [`Failure`] of the call; [`Failure::Protocol`] for an answer other than `"v1"` and `"Unknown"`, and for WASI and
    /// Chainloop policies, which have no such operation.
    pub fn protocol_version(&self, options: &RunOptions) -> Result<String, Failure> {
        self.protocol().protocol_version(self.instance(), options)
    }

    /// Asks for the JSON Schema of the settings; `None` when the policy does not know it. Only modules that were built for
    /// it answer: the SDK's feature `schema`.
    ///
    /// # Errors
    ///
    /// Any [`Failure`] of the call.
    pub fn settings_schema(&self, options: &RunOptions) -> Result<Option<Value>, Failure> {
        self.protocol().settings_schema(self.instance(), options)
    }

    pub(crate) fn protocol(&self) -> &'static dyn Protocol {
        protocol::of(self.shared.abi)
    }

    pub(crate) fn instance(&self) -> &InstancePre<State> {
        &self.shared.instance
    }
}

/// Refuses a mutation whose patch could become too large.
fn bounded(answer: ValidationResponse, base: Option<&Value>, limit: usize) -> Result<ValidationResponse, FailedRun> {
    match (&answer.mutated_object, base) {
        (Some(mutated), Some(base)) if !patch_fits(base, mutated, limit) => {
            let failure = Failure::Limit { kind: LimitKind::Patch, limit: limit as u64 };
            Err(FailedRun { said: format!("internal server error: {failure}"), failure, started: true })
        }
        _ => Ok(answer),
    }
}

impl fmt::Debug for CompiledPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompiledPolicy").field("abi", &self.shared.abi).finish_non_exhaustive()
    }
}
