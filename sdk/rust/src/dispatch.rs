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
        let response = (self.validate)(&request, host)?.into_response()?;
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
    // Checked here as well: not every host asks before it evaluates.
    settings::validated(found.rebase()).map_err(|message| Error::new(format!("the settings are invalid: {message}")))
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{NoSettings, Reason};

    fn policy(validate: fn(&Request, &Host) -> Result<Verdict, Error>) -> Policy {
        Policy { validate, validate_settings: crate::__private::validate_settings::<NoSettings> }
    }

    fn payload() -> Value {
        json!({
            "request": {
                "uid": "1", "operation": "CREATE", "userInfo": {},
                "kind": {"group": "", "version": "v1", "kind": "Pod"},
                "resource": {"group": "", "version": "v1", "resource": "pods"},
                "object": {"metadata": {"name": "web"}, "fromTheFuture": 1},
            },
            "settings": {},
        })
    }

    fn call(policy: Policy, operation: &str, payload: &[u8]) -> Result<String, String> {
        let answer = policy.call(operation.as_bytes(), payload.to_vec(), &Host::silent());
        answer.map(|bytes| String::from_utf8(bytes).unwrap())
    }

    fn validate(run: fn(&Request, &Host) -> Result<Verdict, Error>) -> Result<String, String> {
        call(policy(run), "validate", payload().to_string().as_bytes())
    }

    #[test]
    fn answers_have_the_shape_of_the_contract() {
        assert_eq!(validate(|_, _| Ok(Verdict::accept())).unwrap(), r#"{"accepted":true}"#);
        let rejected = validate(|_, _| {
            let mut verdict = Verdict::reject("no");
            verdict.add_reason(Reason::new("never").at("/a").code(422)).warn("w").audit("k", "v");
            Ok(verdict)
        });
        assert_eq!(
            rejected.unwrap(),
            r#"{"accepted":false,"message":"no; /a: never","code":422,"audit_annotations":{"k":"v"},"warnings":["w"]}"#
        );
    }

    #[test]
    fn a_mutation_is_the_whole_object_and_only_of_accepted_requests() {
        let mutated = validate(|request, _| {
            let mut object = request.edit()?;
            object["metadata"]["labels"] = json!({"a": "b"});
            let mut verdict = Verdict::accept();
            verdict.mutate(object);
            Ok(verdict)
        });
        assert_eq!(
            mutated.unwrap(),
            r#"{"accepted":true,"mutated_object":{"fromTheFuture":1,"metadata":{"labels":{"a":"b"},"name":"web"}}}"#
        );
        let rejected = validate(|request, _| {
            let mut verdict = Verdict::reject("no");
            verdict.mutate(request.edit()?);
            Ok(verdict)
        });
        assert_eq!(rejected.unwrap(), r#"{"accepted":false,"message":"no"}"#);
    }

    #[test]
    fn answers_that_make_no_sense_are_errors() {
        let error = |run| validate(run).unwrap_err();
        assert!(error(|_, _| Ok(Verdict::reject(" "))).contains("without saying why"));
        assert!(error(|_, _| Ok(Verdict::reject(Reason::new("no").code(200)))).contains("code 200"));
        let replaced = error(|request, _| {
            let mut object = request.edit()?;
            *object = Value::Null;
            let mut verdict = Verdict::accept();
            verdict.mutate(object);
            Ok(verdict)
        });
        assert!(replaced.contains("not an object"), "{replaced}");
    }

    #[test]
    fn errors_are_texts_for_the_host() {
        assert_eq!(validate(|_, _| Err(Error::new("cannot tell"))).unwrap_err(), "cannot tell");
        let accept = policy(|_, _| Ok(Verdict::accept()));
        assert_eq!(call(accept, "nope", b"").unwrap_err(), "No handler registered for function nope");
        assert_eq!(call(accept, "validate", b"{}").unwrap_err(), "missing field `request`");
        assert_eq!(call(accept, "validate", b"x").unwrap_err(), "invalid JSON: expected a value at line 1 column 1");
    }

    #[test]
    fn settings_never_fail() {
        let accept = policy(|_, _| Ok(Verdict::accept()));
        let check = |settings: &str| call(accept, "validate_settings", settings.as_bytes()).unwrap();
        assert_eq!(check("{}"), r#"{"valid":true}"#);
        assert_eq!(check(r#"{"x":1}"#), r#"{"valid":false,"message":"/x: unknown field; there are no fields"}"#);
        assert_eq!(check("[]"), r#"{"valid":false,"message":"expected an object, found an array"}"#);
        assert_eq!(
            check("\u{1}"),
            r#"{"valid":false,"message":"the settings are not JSON: expected a value at line 1 column 1"}"#
        );
    }

    #[test]
    fn the_protocol_version_is_v1() {
        assert_eq!(call(policy(|_, _| Ok(Verdict::accept())), "protocol_version", b"").unwrap(), "\"v1\"");
    }
}
