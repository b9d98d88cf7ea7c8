//! Why a host call gave no answer.

use std::fmt;

use crate::json;

/// A host call failed.
///
/// [`kind`](Self::kind) tells what a policy may want to treat differently; every kind is safe to hand on with `?`, which
/// rejects the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostError {
    capability: String,
    message: String,
    cause: Cause,
}

/// Where the error was found.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Cause {
    /// The host gave an error, which is a text and nothing else.
    Host,
    /// The SDK, in the answer: JSON pointer of the value that is wrong.
    Answer(String),
    /// The host answered that it does not trust the image.
    NotVerified,
}

/// What a [`HostError`] is about.
///
/// Hosts answer with a text and nothing else, so the kind is read from the texts that Kubewarden uses. A text that is not
/// one of them is [`HostFailed`](Self::HostFailed).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HostErrorKind {
    /// The policy's `hostCapabilities` do not grant the capability. Whoever deploys the policy can grant it.
    CapabilityDenied,
    /// The policy's `contextAwareResources` do not grant this kind of resource. Whoever deploys the policy can grant it.
    ResourceDenied,
    /// There is no resource of this name. The kind exists, and the policy may read it.
    NotFound,
    /// The cluster has no such API version and kind: a typing error, or a custom resource whose definition is not
    /// installed.
    UnknownResource,
    /// The image is not signed as the policy demands. Kubewarden says the same when the signatures could not be pulled.
    NotVerified,
    /// Anything else: no connection, a request that the host does not understand, a name that does not resolve.
    HostFailed,
    /// The host answered, but not what the policy can read: see [`HostError::pointer`].
    InvalidAnswer,
}

impl HostError {
    /// An error of the host: its text, in place of an answer.
    #[cold]
    pub(crate) fn from_host(namespace: &str, operation: &str, message: String) -> Self {
        Self { capability: format!("{namespace}/{operation}"), message, cause: Cause::Host }
    }

    /// An answer that does not have the shape that was asked for.
    #[cold]
    pub(crate) fn invalid_answer(namespace: &str, operation: &str, error: &json::Error) -> Self {
        Self {
            capability: format!("{namespace}/{operation}"),
            message: format!("the host's answer cannot be read: {error}"),
            cause: Cause::Answer(error.pointer().to_owned()),
        }
    }

    /// An answer that the image is not trusted.
    #[cold]
    pub(crate) fn not_verified(namespace: &str, operation: &str) -> Self {
        Self {
            capability: format!("{namespace}/{operation}"),
            message: "the host does not trust the image".to_owned(),
            cause: Cause::NotVerified,
        }
    }

    /// The capability that was called, for example `kubernetes/get_resource`.
    pub fn capability(&self) -> &str {
        &self.capability
    }

    /// The host's text, or what is wrong with its answer. Kubewarden's texts may have several lines.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What the error is about.
    ///
    /// ```
    /// # use admit::{Host, HostErrorKind};
    /// let host = Host::new(|_: &str, _: &str, _: &[u8]| {
    ///     Err("Callback evaluation failure: Cannot find v1/Namespace named 'shop' inside of namespace 'None'".to_owned())
    /// });
    /// let error = host.call("kubernetes", "get_resource", b"{}").unwrap_err();
    /// assert_eq!(error.kind(), HostErrorKind::NotFound);
    /// ```
    pub fn kind(&self) -> HostErrorKind {
        match self.cause {
            Cause::Answer(_) => HostErrorKind::InvalidAnswer,
            Cause::NotVerified => HostErrorKind::NotVerified,
            Cause::Host => from_text(&self.message),
        }
    }

    /// JSON pointer (RFC 6901) of the value in the host's answer that is wrong, empty for the answer as a whole. Only for
    /// [`HostErrorKind::InvalidAnswer`].
    pub fn pointer(&self) -> Option<&str> {
        match &self.cause {
            Cause::Answer(pointer) => Some(pointer),
            Cause::Host | Cause::NotVerified => None,
        }
    }
}

/// Kubewarden's texts, from their beginning: what users named themselves (an image, a selector) is further behind and
/// cannot make an error look like another one.
fn from_text(message: &str) -> HostErrorKind {
    // Authorisation fails before the call is made: only errors of calls that were made begin with `CALLBACK_FAILURE`.
    if let Some(rest) = message.strip_prefix("Policy has not been granted access to ") {
        if rest.starts_with("Kubernetes ") {
            return HostErrorKind::ResourceDenied;
        }
        if rest.starts_with("the '") && rest.contains("' host capability") {
            return HostErrorKind::CapabilityDenied;
        }
    }
    let text = message.strip_prefix(crate::wire::CALLBACK_FAILURE).unwrap_or(message);
    if let Some(rest) = text.strip_prefix("Cannot find ") {
        if rest.starts_with("resource ") {
            return HostErrorKind::UnknownResource;
        }
        // The namespace is a Rust `Option` in debugging format.
        let named = rest.find(" named '").map(|at| &rest[at..]);
        if let Some((_, namespace)) = named.and_then(|named| named.split_once("' inside of namespace '"))
            && (namespace.starts_with("None'") || namespace.starts_with("Some(\""))
        {
            return HostErrorKind::NotFound;
        }
    }
    const NOT_VERIFIED: [&str; 3] =
        ["no signatures found for image: ", "Image verification failed: missing signatures", "verification failed: "];
    if NOT_VERIFIED.iter().any(|beginning| text.starts_with(beginning)) {
        return HostErrorKind::NotVerified;
    }
    HostErrorKind::HostFailed
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error invoking host capability {}: {}", self.capability, self.message)
    }
}

impl std::error::Error for HostError {}
