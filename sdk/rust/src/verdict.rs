//! The policy's answer.

use std::collections::BTreeMap;
use std::fmt;

use crate::edit::Edited;
use crate::error::Error;
use crate::wire::{MUTATES, ValidationResponse};

/// The answer of a policy to a request: whether it is accepted, and what the user is told.
///
/// Only answers that make sense can be written: a rejection has at least one reason, a code belongs to a reason, and a
/// mutation starts from the object that came in. What types cannot rule out (an empty reason, a code of 200, an object
/// replaced by `null`) becomes an error of the policy, which rejects. A rejected request is not mutated: reasons win over [`mutate`](Self::mutate).
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "a verdict does nothing until the policy returns it"]
pub struct Verdict {
    reasons: Vec<Reason>,
    warnings: Vec<String>,
    audit_annotations: BTreeMap<String, String>,
    mutated: Option<Mutation>,
    /// Sink for warnings, which Chainloop has no field for in a result; set when there is a warning.
    #[cfg(feature = "chainloop")]
    tell: Tell,
}

impl Verdict {
    /// Accepts the request, unless reasons against it are added.
    pub fn accept() -> Self {
        Self::default()
    }

    /// Rejects the request.
    pub fn reject(reason: impl Into<Reason>) -> Self {
        Self { reasons: vec![reason.into()], ..Self::default() }
    }

    /// Adds a reason against the request, and so rejects it.
    pub fn add_reason(&mut self, reason: impl Into<Reason>) -> &mut Self {
        self.reasons.push(reason.into());
        self
    }

    /// Adds a reason that points into the object: [`Reason::at`].
    pub fn reject_at(&mut self, pointer: impl Into<String>, message: impl Into<String>) -> &mut Self {
        self.add_reason(Reason::new(message).at(pointer))
    }

    /// Adds a text that the API server shows to the user whatever the verdict.
    pub fn warn(&mut self, warning: impl Into<String>) -> &mut Self {
        self.warnings.push(warning.into());
        #[cfg(feature = "chainloop")]
        self.tell.enable();
        self
    }

    /// Adds an entry to the API server's audit log.
    pub fn audit(&mut self, key: impl Into<String>, value: impl Into<String>) -> &mut Self {
        self.audit_annotations.insert(key.into(), value.into());
        self
    }

    /// Replaces the object (or the raw request) by a copy that [`Request::edit`](crate::Request::edit) or
    /// [`Raw::edit`](crate::Raw::edit) gave and the policy edited. An [`Edited`] that nothing was done to is no mutation.
    pub fn mutate(&mut self, edited: Edited) -> &mut Self {
        // Every mutation is made here, so the modules that can mutate contain this text, and no others. Tools look for it.
        std::hint::black_box(MUTATES);
        self.mutated = Some(Mutation(Box::new(edited)));
        #[cfg(feature = "chainloop")]
        self.tell.enable();
        self
    }

    /// Whether there is no reason against the request.
    pub fn is_accepted(&self) -> bool {
        self.reasons.is_empty()
    }

    /// The reasons against the request, in the order in which they were added.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// The warnings.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The audit annotations.
    pub fn audit_annotations(&self) -> &BTreeMap<String, String> {
        &self.audit_annotations
    }

    /// The mutated object or raw request; `None` without a mutation.
    pub fn mutated(&self) -> Option<&Edited> {
        self.mutated.as_ref().map(|mutation| mutation.0.edited())
    }

    /// Logs what an evaluation on Chainloop has no field for: warnings and mutations. `of`, the object's name, is put in
    /// front.
    #[cfg(feature = "chainloop")]
    pub(crate) fn tell(&self, of: &str) {
        let Some(tell) = self.tell.0 else { return };
        for warning in &self.warnings {
            tell(&format!("{of}{warning}"));
        }
        if self.is_accepted() && self.mutated.is_some() {
            tell(&format!("{of}the policy would change this; nothing is changed here"));
        }
    }

    /// The response to the host. Several reasons become one message, joined by `; `; the first code holds.
    ///
    /// # Errors
    ///
    /// When the verdict says what types cannot rule out: a rejection without a text, a code outside of 400 to 599, or an
    /// edited object that is not an object any more.
    pub(crate) fn into_response(self) -> Result<ValidationResponse, Error> {
        let accepted = self.is_accepted();
        let mut message = String::new();
        for reason in &self.reasons {
            reason.check()?;
            if !message.is_empty() {
                message.push_str("; ");
            }
            reason.write(&mut message);
        }
        let mutated = self.mutated.filter(|_| accepted).map(|mutation| mutation.0.finish()).transpose()?;
        Ok(ValidationResponse {
            accepted,
            message: (!accepted).then_some(message),
            code: self.reasons.iter().find_map(|reason| reason.code),
            mutated_object: mutated.flatten(),
            audit_annotations: (!self.audit_annotations.is_empty()).then_some(self.audit_annotations),
            warnings: (!self.warnings.is_empty()).then_some(self.warnings),
        })
    }
}

/// The import of the host's log, set when there is something to log: a policy that never warns or mutates does not import
/// the log.
#[cfg(feature = "chainloop")]
#[derive(Clone, Copy, Default)]
struct Tell(Option<fn(&str)>);

#[cfg(feature = "chainloop")]
impl Tell {
    fn enable(&mut self) {
        self.0 = Some(crate::imports::tell);
    }
}

/// Equality ignores the sink: all sinks are equal.
#[cfg(feature = "chainloop")]
impl PartialEq for Tell {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[cfg(feature = "chainloop")]
impl fmt::Debug for Tell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tell")
    }
}

/// A mutation behind a trait object: a policy that never mutates has no code for it, because nothing in it makes one.
struct Mutation(Box<dyn Edit>);

trait Edit {
    fn edited(&self) -> &Edited;
    /// The mutated object for the response to the host; `None` when nothing was changed.
    fn finish(self: Box<Self>) -> Result<Option<serde_json::Value>, Error>;
}

impl Edit for Edited {
    fn edited(&self) -> &Edited {
        self
    }

    fn finish(self: Box<Self>) -> Result<Option<serde_json::Value>, Error> {
        self.into_mutation()
    }
}

impl Clone for Mutation {
    fn clone(&self) -> Self {
        Self(Box::new(self.0.edited().clone()))
    }
}

impl PartialEq for Mutation {
    fn eq(&self, other: &Self) -> bool {
        self.0.edited() == other.0.edited()
    }
}

impl fmt::Debug for Mutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.edited().fmt(f)
    }
}

/// Why a request is rejected.
///
/// ```
/// # use admit::Reason;
/// let reason = Reason::new("at most 5 replicas are allowed").at("/spec/replicas").code(422);
/// assert_eq!(reason.to_string(), "/spec/replicas: at most 5 replicas are allowed");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    message: String,
    pointer: Option<String>,
    code: Option<u16>,
}

impl Reason {
    /// A reason with its text for the user.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), pointer: None, code: None }
    }

    /// Points at the part of the object that is meant: a JSON pointer (RFC 6901), for example
    /// [`Container::path`](crate::Container::path) or [`Value::pointer`](crate::json::Value::pointer).
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// HTTP status code of the rejection, from 400 to 599; Kubernetes takes 403 when there is none.
    pub fn code(mut self, code: u16) -> Self {
        self.code = Some(code);
        self
    }

    /// The text for the user.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The part of the object that is meant.
    pub fn pointer(&self) -> Option<&str> {
        self.pointer.as_deref()
    }

    /// Refuses an empty message, and a code outside of 400 to 599.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.message.trim().is_empty() {
            return Err(Error::new("the policy rejected the request without saying why: a reason needs a text"));
        }
        if let Some(code) = self.code.filter(|code| !(400..600).contains(code)) {
            let text = format!("the policy rejected the request with code {code}: it has to be between 400 and 599");
            return Err(Error::new(text));
        }
        Ok(())
    }

    pub(crate) fn write(&self, out: &mut String) {
        if let Some(pointer) = &self.pointer {
            out.push_str(pointer);
            out.push_str(": ");
        }
        out.push_str(&self.message);
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(&mut text);
        f.write_str(&text)
    }
}

impl From<&str> for Reason {
    fn from(message: &str) -> Self {
        Self::new(message)
    }
}

impl From<String> for Reason {
    fn from(message: String) -> Self {
        Self::new(message)
    }
}
