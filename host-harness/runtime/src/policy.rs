//! A policy that is ready to be evaluated.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use admit::wire::{SettingsValidationResponse, ValidationResponse};
use serde_json::{Map, Value};
use wasmtime::InstancePre;

use crate::abi::Abi;
use crate::engine::{Compiled, Engine};
use crate::error::LoadError;
use crate::inspect::Inspection;
use crate::metadata::Metadata;
use crate::module;
use crate::options::{RunOptions, Traced};
use crate::outcome::{EvaluationOutcome, Failure, LimitKind, SettingsOutcome, Trace};
use crate::policy_module::{Outside, PolicyModule};
use crate::protocol::{self, FailedRun, Linked, Places, Protocol, State};
use crate::request::{PreparedRequest, Request};
use crate::response::{AdmissionResponse, patch_fits};
use crate::symbols::DebugData;

/// A module that was checked, compiled and linked once; every evaluation runs in a fresh instance of it.
///
/// Cheap to clone, and may be used from many threads at once.
#[derive(Clone)]
pub struct CompiledPolicy {
    shared: Arc<Shared>,
}

struct Shared {
    instance: InstancePre<State>,
    places: Places,
    outside: Outside,
    from_cache: bool,
    debug_data: Option<Arc<DebugData>>,
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
        let outside = Outside::of(engine, bytes)?;
        let compiled = engine.compile(bytes, outside.abi)?;
        Ok(Self::linked_with(compiled, outside, bytes))
    }

    /// Compiles a module that was looked at with this engine.
    ///
    /// # Errors
    ///
    /// [`LoadError`], of what only the compiler sees.
    pub fn from_module(engine: &Engine, module: PolicyModule) -> Result<Self, LoadError> {
        let compiled = engine.compile(module.bytes(), module.abi())?;
        let (bytes, outside) = module.into_parts();
        Ok(Self::linked_with(compiled, outside, &bytes))
    }

    fn linked_with(compiled: Compiled, outside: Outside, bytes: &[u8]) -> Self {
        let Compiled { instance, places, from_cache } = compiled;
        let debug_data = DebugData::of(bytes).map(Arc::new);
        Self { shared: Arc::new(Shared { instance, places, outside, from_cache, debug_data }) }
    }

    /// The ABI that the policy speaks.
    pub fn abi(&self) -> Abi {
        self.shared.outside.abi
    }

    /// What the sections of the module say.
    pub fn inspection(&self) -> &Inspection {
        &self.shared.outside.inspection
    }

    /// What the policy declares about itself; `None` when it was never annotated.
    pub fn metadata(&self) -> Option<&Metadata> {
        self.shared.outside.metadata.as_ref()
    }

    /// Whether the policy declares that it takes raw documents. Without metadata it is one for Kubernetes.
    pub fn is_raw(&self) -> bool {
        self.shared.outside.is_raw()
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
    pub fn validate(
        &self,
        request: &Request,
        settings: &Map<String, Value>,
        options: &RunOptions,
    ) -> EvaluationOutcome {
        self.validate_json(request, &request.to_json(), settings, options)
    }

    /// As [`validate`](Self::validate), for a request that several policies are asked about.
    pub fn validate_prepared(
        &self,
        request: &PreparedRequest,
        settings: &Map<String, Value>,
        options: &RunOptions,
    ) -> EvaluationOutcome {
        self.validate_json(request.request(), request.json(), settings, options)
    }

    fn validate_json(
        &self,
        request: &Request,
        json: &[u8],
        settings: &Map<String, Value>,
        options: &RunOptions,
    ) -> EvaluationOutcome {
        let payload = crate::request::payload(json, settings);
        let (uid, base) = (request.uid(), request.base());
        let answer = self.protocol().validate(self.linked(), payload, options);
        let result = answer.result.and_then(|answered| bounded(answered, base, options.limits.patch));
        let (result, response, patch, started) = match result {
            Ok(answered) => {
                let (response, patch) = AdmissionResponse::from_answer(uid, base, &answered);
                (Ok(answered), response, patch, true)
            }
            Err(run) => {
                let response = AdmissionResponse::from_failure(uid, run.said);
                (Err(answer.trace.explained(run.failure)), response, None, run.started)
            }
        };
        EvaluationOutcome { result, response, patch, started, trace: traced(answer.trace, options) }
    }

    /// Asks the policy whether it can work with these settings.
    pub fn validate_settings(&self, settings: &Map<String, Value>, options: &RunOptions) -> SettingsOutcome {
        let payload = crate::request::settings(settings);
        let answer = self.protocol().validate_settings(self.linked(), payload, options);
        match answer.result {
            Ok(answered) => SettingsOutcome {
                response: answered.clone(),
                result: Ok(answered),
                trace: traced(answer.trace, options),
            },
            Err(run) => SettingsOutcome {
                response: SettingsValidationResponse { valid: false, message: Some(run.said) },
                result: Err(answer.trace.explained(run.failure)),
                trace: traced(answer.trace, options),
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
        self.protocol().protocol_version(self.linked(), options)
    }

    /// Asks for the JSON Schema of the settings; `None` when the policy does not know it. Only modules that were built for
    /// it answer: the SDK's feature `schema`.
    ///
    /// # Errors
    ///
    /// Any [`Failure`] of the call.
    pub fn settings_schema(&self, options: &RunOptions) -> Result<Option<Value>, Failure> {
        self.protocol().settings_schema(self.linked(), options)
    }

    pub(crate) fn protocol(&self) -> &'static dyn Protocol {
        protocol::of(self.abi())
    }

    pub(crate) fn linked(&self) -> Linked<'_> {
        Linked {
            instance: &self.shared.instance,
            places: &self.shared.places,
            debug_data: self.shared.debug_data.as_ref(),
        }
    }
}

/// The part of the trace that the options ask for. Failures have to be [explained](Trace::explained) before, from all of it.
pub(crate) fn traced(trace: Trace, options: &RunOptions) -> Trace {
    match options.traced {
        Traced::Everything => trace,
        Traced::Cost => trace.reduced(),
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
        f.debug_struct("CompiledPolicy").field("abi", &self.abi()).finish_non_exhaustive()
    }
}
