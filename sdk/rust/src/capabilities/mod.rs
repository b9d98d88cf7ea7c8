//! What a policy can ask of its host, with types.
//!
//! Everything starts at the `host` that the policy's function takes as its third argument:
//!
//! | call | asks |
//! | --- | --- |
//! | [`host.kubernetes()`](crate::Host::kubernetes) | the cluster: one resource, lists of them, whether a user may do something |
//! | [`host.oci()`](crate::Host::oci) | registries: digests, manifests, image configurations, signatures |
//! | [`host.net()`](crate::Host::net) | DNS |
//! | [`host.crypto()`](crate::Host::crypto) | whether a certificate is trusted |
//!
//! These are Kubewarden's. On Chainloop (feature `chainloop`) there are `host.http()` and `host.discover(…)` instead.
//!
//! Requests are built and sent; what is not set takes the host's default. Hosts refuse a capability that the policy was
//! not granted. On Kubewarden cluster-wide policies are granted every one, and for policies in a namespace
//! `spec.namespacedPoliciesCapabilities` of their PolicyServer decides (every one when it is not set). In a `policies.yml`
//! that is written by hand, `hostCapabilities` of each policy decides, and without it nothing is granted. Reading the cluster
//! also needs `spec.contextAwareResources`. [`HostError::kind`] tells the reasons apart. Some answers are cached by the host;
//! each method says so.
//!
//! Ask while a request is evaluated. While settings are checked, policy-server cannot answer: there is no host argument
//! then.
//!
//! # Your types, or ours
//!
//! Where an answer is a document (a resource, a manifest), there are two ways to take it. `get` decodes into any type that
//! implements `Deserialize`: a small struct with the fields that you need, or the types of a crate, such as
//! [k8s-openapi](https://docs.rs/k8s-openapi) and [oci-spec](https://docs.rs/oci-spec), whose version stays your choice.
//! `fetch` keeps the text as it came and gives light views on it, which costs a policy less code and loses nothing.
//!
//! # In tests
//!
//! ```
//! use admit::Host;
//!
//! let host = Host::new(|namespace: &str, operation: &str, payload: &[u8]| {
//!     assert_eq!((namespace, operation, payload), ("net", "v1/dns_lookup_host", &br#""example.com""#[..]));
//!     Ok(br#"{"ips": ["192.0.2.1"]}"#.to_vec())
//! });
//! assert_eq!(host.net().dns_lookup_host("example.com")?[0].to_string(), "192.0.2.1");
//! # Ok::<(), admit::HostError>(())
//! ```

pub mod crypto;
#[cfg(feature = "chainloop")]
pub mod discover;
#[cfg(feature = "chainloop")]
pub mod http;
pub mod kubernetes;
pub mod net;
pub mod oci;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::host::{Host, HostError};
use crate::json::{self, Document, Value};

/// A call that is about to be made. Namespace and operation are literals at each caller, so that a module contains the
/// names of the operations that it uses and of no other: tools read them from there.
#[derive(Clone, Copy, Debug)]
struct Call<'h> {
    host: &'h Host,
    namespace: &'static str,
    operation: &'static str,
}

/// The host's answer to a [`Call`]: JSON that is not decoded yet.
struct Answer<'h> {
    call: Call<'h>,
    document: Document,
}

impl<'h> Call<'h> {
    fn new(host: &'h Host, namespace: &'static str, operation: &'static str) -> Self {
        Self { host, namespace, operation }
    }

    fn send(self, request: &impl Serialize) -> Result<Answer<'h>, HostError> {
        // Writing strings, numbers and maps with string keys into a vector cannot fail.
        self.send_bytes(&serde_json::to_vec(request).unwrap_or_default())
    }

    fn send_bytes(self, payload: &[u8]) -> Result<Answer<'h>, HostError> {
        let answer = self.host.call(self.namespace, self.operation, payload)?;
        match Document::parse(answer) {
            Ok(document) => Ok(Answer { call: self, document }),
            Err(error) => Err(self.invalid(&json::Error::new(format!("it is not JSON: {error}")))),
        }
    }

    #[cold]
    fn invalid(self, error: &json::Error) -> HostError {
        HostError::invalid_answer(self.namespace, self.operation, error)
    }
}

impl Answer<'_> {
    fn root(&self) -> Value<'_> {
        self.document.root()
    }

    fn decode<T: DeserializeOwned>(&self) -> Result<T, HostError> {
        self.root().decode().map_err(|error| self.call.invalid(&error))
    }

    /// The document, if it is an object that passes `check`.
    fn checked(self, check: impl FnOnce(Value<'_>) -> Result<(), json::Error>) -> Result<Document, HostError> {
        let root = self.root();
        match root.kind() {
            json::Kind::Object => check(root),
            _ => Err(root.unexpected("an object")),
        }
        .map_err(|error| self.call.invalid(&error))?;
        Ok(self.document)
    }
}

/// The error that a field is not there.
#[cold]
fn missing(parent: Value<'_>, key: &str) -> json::Error {
    json::Error::new(format!("missing field `{key}`")).at(|| parent.pointer())
}
