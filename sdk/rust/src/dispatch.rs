//! From an operation and its payload to the answer: no pointers, no generics, the same for every ABI.

use crate::answer::IntoAnswer;
use crate::error::Error;
use crate::host::Host;
use crate::incoming::Incoming;
use crate::json::{Document, Value};
use crate::settings::{self, Settings};
use crate::verdict::Verdict;
use crate::wire::{PROTOCOL_VERSION, SettingsValidationResponse, operation};

/// A policy as functions without generics; `A` is what it answers with. `#[admit::policy]` makes it of the author's
/// function.
pub struct Policy<A = Verdict> {
    /// Calls the author's function with what is in the payload.
    pub validate: fn(Document, &Host) -> Result<A, Error>,
    /// How its settings are checked.
    pub settings: PolicySettings,
}

/// The policy of a function that looks at `I`.
pub type PolicyOf<I> = Policy<<I as Incoming>::Answer>;

impl<A> Clone for Policy<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Policy<A> {}

/// The settings of a policy as functions without generics.
#[derive(Clone, Copy)]
pub struct PolicySettings {
    /// Decodes and checks them; the error is the text for the host.
    validate: fn(Value<'_>) -> Result<(), String>,
    /// Their JSON Schema, where the author did not implement [`Settings`] by hand.
    #[cfg(feature = "schema")]
    schema: fn() -> Option<serde_json::Value>,
}

impl PolicySettings {
    /// The settings of type `S`.
    pub const fn of<S: Settings>() -> Self {
        Self {
            validate: |settings| settings::validated::<S>(settings).map(drop),
            #[cfg(feature = "schema")]
            schema: S::__schema,
        }
    }

    /// Their JSON Schema as text, `null` when it is not known.
    #[cfg(feature = "schema")]
    pub(crate) fn to_schema(self) -> String {
        // A value that schemars made can be written.
        serde_json::to_string(&(self.schema)()).unwrap_or_default()
    }
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
            _ if name == operation::VALIDATE_SETTINGS.as_bytes() => self.validate_settings(payload),
            _ if name == operation::PROTOCOL_VERSION.as_bytes() => Ok(format!("\"{PROTOCOL_VERSION}\"").into_bytes()),
            #[cfg(feature = "schema")]
            _ if name == operation::SETTINGS_SCHEMA.as_bytes() => Ok(self.settings.to_schema().into_bytes()),
            _ => Err(format!("No handler registered for function {}", String::from_utf8_lossy(name))),
        }
    }

    fn validate(&self, payload: Vec<u8>, host: &Host) -> Result<Vec<u8>, Error> {
        let response = (self.validate)(Document::parse(payload)?, host)?.into_response()?;
        serde_json::to_vec(&response).map_err(|e| Error::new(e.to_string()))
    }

    /// Invalid settings are an answer (`valid` is false) and not an error, even when the payload is not JSON.
    fn validate_settings(&self, payload: Vec<u8>) -> Result<Vec<u8>, String> {
        let checked = match Document::parse(payload) {
            Ok(document) => (self.settings.validate)(document.root()),
            Err(error) => Err(format!("the settings are not JSON: {error}")),
        };
        let response = SettingsValidationResponse { valid: checked.is_ok(), message: checked.err() };
        serde_json::to_vec(&response).map_err(|e| e.to_string())
    }
}

/// Decodes and checks the settings of a payload (on Chainloop: the args), for the author's function.
fn settings<S: Settings>(payload: Value<'_>) -> Result<S, Error> {
    #[cfg(feature = "chainloop")]
    if let Some(args) = payload.field(crate::wire::chainloop::ARGS) {
        return settings::from_args(args.rebase())
            .map_err(|message| Error::new(format!("the args are invalid: {message}")));
    }
    let found = payload.get("settings").ok_or_else(|| Error::new("missing field `settings`"))?;
    // Checked here as well: not every host asks before it evaluates.
    settings::validated(found.rebase()).map_err(|message| Error::new(format!("the settings are invalid: {message}")))
}

/// Calls `fn(&I) -> R`.
///
/// # Errors
///
/// The policy's own, or that the payload does not keep to the contract.
pub fn validate_request<I: Incoming<Answer = A>, R: IntoAnswer<A>, A>(
    policy: impl Fn(&I) -> R,
    payload: Document,
) -> Result<A, Error> {
    match I::receive(payload)? {
        Ok(request) => policy(&request).into_answer(),
        Err(answer) => Ok(answer),
    }
}

/// Calls `fn(&I, &S) -> R`.
///
/// # Errors
///
/// As [`validate_request`], or that the settings do not decode.
pub fn validate_with_settings<I: Incoming<Answer = A>, S: Settings, R: IntoAnswer<A>, A>(
    policy: impl Fn(&I, &S) -> R,
    payload: Document,
) -> Result<A, Error> {
    match I::receive(payload)? {
        Ok(request) => policy(&request, &settings(request.payload())?).into_answer(),
        Err(answer) => Ok(answer),
    }
}

/// Calls `fn(&I, &S, &Host) -> R`.
///
/// # Errors
///
/// As [`validate_request`], or that the settings do not decode.
pub fn validate_with_host<I: Incoming<Answer = A>, S: Settings, R: IntoAnswer<A>, A>(
    policy: impl Fn(&I, &S, &Host) -> R,
    payload: Document,
    host: &Host,
) -> Result<A, Error> {
    match I::receive(payload)? {
        Ok(request) => policy(&request, &settings(request.payload())?, host).into_answer(),
        Err(answer) => Ok(answer),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::test;
    use crate::{NoSettings, Raw, Reason, Request};

    fn policy(validate: fn(Document, &Host) -> Result<Verdict, Error>) -> Policy {
        Policy { validate, settings: PolicySettings::of::<NoSettings>() }
    }

    fn accept_all() -> Policy {
        policy(|payload, _| validate_request(|_: &Request| Verdict::accept(), payload))
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

    /// Evaluates the request of [`payload`] with a policy, a closure that captures nothing.
    macro_rules! validate {
        ($policy:expr) => {{
            let policy = policy(|payload, _| validate_request::<Request, _, _>($policy, payload));
            call(policy, "validate", payload().to_string().as_bytes())
        }};
    }

    /// Evaluates a raw request.
    macro_rules! validate_raw {
        ($request:expr, $policy:expr) => {{
            let policy = policy(|payload, _| validate_request($policy, payload));
            call(policy, "validate", format!(r#"{{"request":{},"settings":{{}}}}"#, $request).as_bytes())
        }};
    }

    #[test]
    fn answers_have_the_shape_of_the_contract() {
        assert_eq!(validate!(|_: &Request| Verdict::accept()).unwrap(), r#"{"accepted":true}"#);
        let rejected = validate!(|_: &Request| {
            let mut verdict = Verdict::reject("no");
            verdict.add_reason(Reason::new("never").at("/a").code(422)).warn("w").audit("k", "v");
            Ok::<_, Error>(verdict)
        });
        assert_eq!(
            rejected.unwrap(),
            r#"{"accepted":false,"message":"no; /a: never","code":422,"audit_annotations":{"k":"v"},"warnings":["w"]}"#
        );
    }

    #[test]
    fn a_mutation_is_the_whole_object_and_only_of_accepted_requests() {
        let mutated = validate!(|request: &Request| {
            let mut object = request.edit()?;
            object["metadata"]["labels"] = json!({"a": "b"});
            let mut verdict = Verdict::accept();
            verdict.mutate(object);
            Ok::<_, Error>(verdict)
        });
        assert_eq!(
            mutated.unwrap(),
            r#"{"accepted":true,"mutated_object":{"fromTheFuture":1,"metadata":{"labels":{"a":"b"},"name":"web"}}}"#
        );
        let rejected = validate!(|request: &Request| {
            let mut verdict = Verdict::reject("no");
            verdict.mutate(request.edit()?);
            Ok::<_, Error>(verdict)
        });
        assert_eq!(rejected.unwrap(), r#"{"accepted":false,"message":"no"}"#);
    }

    #[test]
    fn an_edit_that_changes_nothing_is_no_mutation() {
        let same = validate!(|request: &Request| {
            let mut object = request.edit()?;
            object.set("/metadata/name", "web")?;
            object.metadata_mut().remove_label("nope")?;
            let mut verdict = Verdict::accept();
            verdict.mutate(object);
            Ok::<_, Error>(verdict)
        });
        assert_eq!(same.unwrap(), r#"{"accepted":true}"#);
    }

    #[test]
    fn a_raw_request_is_mutated_as_a_whole() {
        fn doubled(request: &Raw) -> Result<Verdict, Error> {
            let mut edited = request.edit()?;
            edited.update(|value| *value = json!([value.clone(), value.clone()]));
            let mut verdict = Verdict::accept();
            verdict.mutate(edited);
            Ok::<_, Error>(verdict)
        }
        for (request, mutated) in [
            ("{\"a\":1}", "[{\"a\":1},{\"a\":1}]"),
            ("[]", "[[],[]]"),
            ("7", "[7,7]"),
            ("\"x\"", "[\"x\",\"x\"]"),
            ("null", "[null,null]"),
        ] {
            assert_eq!(
                validate_raw!(request, doubled).unwrap(),
                format!(r#"{{"accepted":true,"mutated_object":{mutated}}}"#)
            );
        }
        let erased = validate_raw!("7", |request: &Raw<u8>| {
            let mut edited = request.edit()?;
            edited.set("", ())?;
            let mut verdict = Verdict::accept();
            verdict.mutate(edited);
            Ok::<_, Error>(verdict)
        });
        assert!(erased.unwrap_err().contains("says that nothing was mutated"));
    }

    #[test]
    fn a_raw_request_of_another_shape_is_the_mistake_of_who_asks() {
        #[derive(Debug, serde::Deserialize)]
        struct Order {
            lines: Vec<u8>,
        }
        fn small(order: &Raw<Order>) -> Verdict {
            match order.lines.len() {
                0..3 => Verdict::accept(),
                _ => Verdict::reject("too many"),
            }
        }
        assert_eq!(validate_raw!(r#"{"lines":[1],"more":true}"#, small).unwrap(), r#"{"accepted":true}"#);
        for (request, message) in [
            (r#"{"lines":[1,"x"]}"#, r#"/lines/1: expected u8, found \"x\""#),
            ("{}", "missing field `lines`"),
            ("[]", "expected an object, found an array"),
        ] {
            assert_eq!(
                validate_raw!(request, small).unwrap(),
                format!(r#"{{"accepted":false,"message":"{message}","code":400}}"#)
            );
        }
        assert_eq!(Raw::<Order>::from_json("{}").unwrap_err().to_string(), "missing field `lines`");
    }

    #[test]
    fn answers_that_make_no_sense_are_errors() {
        assert!(validate!(|_: &Request| Verdict::reject(" ")).unwrap_err().contains("without saying why"));
        assert!(
            validate!(|_: &Request| Verdict::reject(Reason::new("no").code(200))).unwrap_err().contains("code 200")
        );
        let replaced = validate!(|request: &Request| {
            let mut object = request.edit()?;
            *object = Value::Null;
            let mut verdict = Verdict::accept();
            verdict.mutate(object);
            Ok::<_, Error>(verdict)
        });
        assert!(replaced.unwrap_err().contains("not an object"));
    }

    #[test]
    fn errors_are_texts_for_the_host() {
        assert_eq!(validate!(|_: &Request| Err::<Verdict, _>(Error::new("cannot tell"))).unwrap_err(), "cannot tell");
        let accept = accept_all();
        assert_eq!(call(accept, "nope", b"").unwrap_err(), "No handler registered for function nope");
        assert_eq!(call(accept, "validate", b"{}").unwrap_err(), "missing field `request`");
        assert_eq!(call(accept, "validate", b"x").unwrap_err(), "invalid JSON: expected a value at line 1 column 1");
    }

    #[test]
    fn settings_never_fail() {
        let accept = accept_all();
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
        assert_eq!(call(accept_all(), "protocol_version", b"").unwrap(), "\"v1\"");
    }
}
