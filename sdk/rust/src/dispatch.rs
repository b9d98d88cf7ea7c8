//! From an operation and its payload to the answer: no pointers, no generics, the same for every ABI.

use crate::error::Error;
use crate::host::Host;
use crate::json::{Document, Value};
use crate::request::Request;
use crate::settings::{self, Settings};
use crate::verdict::{IntoVerdict, Verdict};
use crate::wire::{PROTOCOL_VERSION, SettingsValidationResponse, operation};

/// A policy without its types: what `#[admit::policy]` makes of the author's function.
#[derive(Clone, Copy)]
pub struct Policy {
    /// Calls the author's function.
    pub validate: fn(&Request, &Host) -> Result<Verdict, Error>,
    /// Decodes and checks settings.
    pub validate_settings: fn(Value<'_>) -> Result<(), String>,
}

impl Policy {
    /// Answers an operation by its waPC name.
    ///
    /// # Errors
    ///
    /// The text for the host when there is no answer: an unknown operation, a payload that is not what the contract says,
    /// or an error of the policy.
    pub fn call(&self, name: &[u8], payload: Vec<u8>, host: &Host) -> Result<Vec<u8>, String> {
        match name {
            _ if name == operation::VALIDATE.as_bytes() => self.validate(payload, host).map_err(|e| e.to_string()),
            _ if name == operation::VALIDATE_SETTINGS.as_bytes() => self.settings(payload),
            _ if name == operation::PROTOCOL_VERSION.as_bytes() => Ok(format!("\"{PROTOCOL_VERSION}\"").into_bytes()),
            _ => Err(format!("No handler registered for function {}", String::from_utf8_lossy(name))),
        }
    }

    fn validate(&self, payload: Vec<u8>, host: &Host) -> Result<Vec<u8>, Error> {
        let request = Request::from_payload(Document::parse(payload)?)?;
        let response = (self.validate)(&request, host)?.into_response();
        serde_json::to_vec(&response).map_err(|e| Error::new(e.to_string()))
    }

    /// Settings that are wrong are an answer, not an error: also when they are not even JSON.
    fn settings(&self, payload: Vec<u8>) -> Result<Vec<u8>, String> {
        let checked = match Document::parse(payload) {
            Ok(document) => (self.validate_settings)(document.root()),
            Err(error) => Err(format!("the settings are not JSON: {error}")),
        };
        let response = SettingsValidationResponse { valid: checked.is_ok(), message: checked.err() };
        serde_json::to_vec(&response).map_err(|e| e.to_string())
    }
}

/// The settings beside the request, for the author's function.
fn settings<S: Settings>(request: &Request) -> Result<S, Error> {
    let payload = request.payload();
    let found = payload.get("settings").ok_or_else(|| Error::new("missing field `settings`"))?;
    settings::decode(found.rebase()).map_err(|message| Error::new(format!("the settings are invalid: {message}")))
}

/// Calls `fn(&Request) -> R`.
///
/// # Errors
///
/// The policy's own.
pub fn validate_request<R: IntoVerdict>(policy: impl Fn(&Request) -> R, request: &Request) -> Result<Verdict, Error> {
    policy(request).into_verdict()
}

/// Calls `fn(&Request, &S) -> R`.
///
/// # Errors
///
/// The policy's own, or that the settings do not decode.
pub fn validate_with_settings<S: Settings, R: IntoVerdict>(
    policy: impl Fn(&Request, &S) -> R,
    request: &Request,
) -> Result<Verdict, Error> {
    policy(request, &settings(request)?).into_verdict()
}

/// Calls `fn(&Request, &S, &Host) -> R`.
///
/// # Errors
///
/// The policy's own, or that the settings do not decode.
pub fn validate_with_host<S: Settings, R: IntoVerdict>(
    policy: impl Fn(&Request, &S, &Host) -> R,
    request: &Request,
    host: &Host,
) -> Result<Verdict, Error> {
    policy(request, &settings(request)?, host).into_verdict()
}
