//! A policy that is ready to be evaluated.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use admit::wire::{SettingsValidationResponse, ValidationResponse, argument};
use serde_json::{Map, Value};
use wasmtime::InstancePre;

use crate::engine::Engine;
use crate::error::LoadError;
use crate::inspect::{Abi, Inspection, check, inspect};
use crate::metadata::{Metadata, PolicyType};
use crate::options::RunOptions;
use crate::outcome::{Failure, LimitKind, Outcome, SettingsOutcome, Trace};
use crate::request::Request;
use crate::response::{AdmissionResponse, patch_fits};
use crate::runtime::{self, Answer, Broken, State, payload};
use crate::{
    module::{self, MAX_MODULE},
    version,
};

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
        let answer = match self.shared.abi {
            Abi::Wapc => runtime::wapc::validate(self.instance(), payload, options),
            Abi::Wasi => runtime::wasi::validate(self.instance(), payload, options),
            Abi::Chainloop => {
                Answer { result: Err(Broken::not_asked("internal server error: ")), trace: Trace::default() }
            }
        };
        let result = answer.result.and_then(|answered| bounded(answered, base, options.limits.patch));
        match result {
            Ok(answered) => {
                let (response, patch) = AdmissionResponse::from_answer(uid, base, &answered);
                Outcome { result: Ok(answered), response, patch, started: true, trace: answer.trace }
            }
            Err(broken) => Outcome {
                response: AdmissionResponse::from_failure(uid, broken.message),
                result: Err(explained(broken.failure, &answer.trace)),
                patch: None,
                started: !broken.starting,
                trace: answer.trace,
            },
        }
    }

    /// Asks the policy whether it can work with these settings.
    pub fn validate_settings(&self, settings: &Map<String, Value>, options: &RunOptions) -> SettingsOutcome {
        let payload = payload::settings(settings);
        let answer = match self.shared.abi {
            Abi::Wapc => runtime::wapc::validate_settings(self.instance(), payload, options),
            Abi::Wasi => runtime::wasi::validate_settings(self.instance(), payload, options),
            Abi::Chainloop => Answer { result: Err(Broken::not_asked("")), trace: Trace::default() },
        };
        match answer.result {
            Ok(answered) => SettingsOutcome { response: answered.clone(), result: Ok(answered), trace: answer.trace },
            Err(broken) => SettingsOutcome {
                response: SettingsValidationResponse { valid: false, message: Some(broken.message) },
                result: Err(explained(broken.failure, &answer.trace)),
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
        match self.shared.abi {
            Abi::Wapc => runtime::wapc::protocol_version(self.instance(), options),
            Abi::Wasi => Err(Failure::Protocol("WASI policies have no protocol version".to_owned())),
            Abi::Chainloop => Err(Failure::Protocol("Chainloop policies have no protocol version".to_owned())),
        }
    }

    /// Asks for the JSON Schema of the settings; `None` when the policy does not know it. Only modules that were built for
    /// it answer: [`BuildOptions::settings_schema`](crate::artifact::BuildOptions::settings_schema).
    ///
    /// # Errors
    ///
    /// Any [`Failure`] of the call.
    pub fn settings_schema(&self, options: &RunOptions) -> Result<Option<Value>, Failure> {
        match self.shared.abi {
            Abi::Wapc => runtime::wapc::settings_schema(self.instance(), options),
            Abi::Wasi => runtime::wasi::settings_schema(self.instance(), options),
            Abi::Chainloop => {
                let output = self.execute(Vec::new(), Some(argument::SETTINGS_SCHEMA), options).result?.output;
                serde_json::from_slice(&output)
                    .map_err(|error| Failure::Protocol(format!("the schema is not JSON: {error}")))
            }
        }
    }

    pub(crate) fn instance(&self) -> &InstancePre<State> {
        &self.shared.instance
    }
}

/// Refuses a mutation whose patch could become too large.
fn bounded(answer: ValidationResponse, base: Option<&Value>, limit: usize) -> Result<ValidationResponse, Broken> {
    match (&answer.mutated_object, base) {
        (Some(mutated), Some(base)) if !patch_fits(base, mutated, limit) => {
            let failure = Failure::Limit { kind: LimitKind::Patch, limit: limit as u64 };
            Err(Broken { message: format!("internal server error: {failure}"), failure, starting: false })
        }
        _ => Ok(answer),
    }
}

/// Longest stderr that explains a trap. A panic has room in it; more is for the reader to look through.
const LAST_WORDS: usize = 400;

/// A trap says nothing by itself; what the policy logged as an error just before, such as a panic, says why, or what it wrote to
/// stderr when it has no log.
pub(crate) fn explained(failure: Failure, trace: &Trace) -> Failure {
    let logged = trace.logs.last().filter(|record| record.level == "error").map(|record| record.message.as_str());
    let written = Some(trace.stderr.trim()).filter(|text| !text.is_empty() && text.len() <= LAST_WORDS);
    match (failure, logged.or(written)) {
        (Failure::Trap { cause, backtrace }, Some(said)) => {
            Failure::Trap { cause: format!("{said} ({cause})"), backtrace }
        }
        (failure, _) => failure,
    }
}

impl fmt::Debug for CompiledPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompiledPolicy").field("abi", &self.shared.abi).finish_non_exhaustive()
    }
}
