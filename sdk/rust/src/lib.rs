//! Write a policy once, as a plain Rust function, and run it on Kubewarden (waPC and WASI), on Chainloop and in tests.
//!
//! ```
//! use admit::prelude::*;
//!
//! /// Settings of the policy, from the `spec.settings` of its custom resource.
//! #[derive(Deserialize, Settings)]
//! #[serde(default)]
//! struct Limits {
//!     /// Most replicas that a Deployment may have.
//!     max_replicas: i64,
//! }
//!
//! impl Default for Limits {
//!     fn default() -> Self {
//!         Self { max_replicas: 5 }
//!     }
//! }
//!
//! #[admit::policy]
//! fn validate(request: &Request, settings: &Limits) -> Result<Verdict, Error> {
//!     let mut verdict = Verdict::accept();
//!     if let Some(spec) = request.object().and_then(|object| object.get("spec")) {
//!         if spec.i64("replicas")?.unwrap_or(1) > settings.max_replicas {
//!             verdict.reject_at("/spec/replicas", format!("at most {} replicas are allowed", settings.max_replicas));
//!         }
//!     }
//!     Ok(verdict)
//! }
//!
//! // The function stays a function: call it in a test.
//! let request = Request::from_json(r#"{
//!     "uid": "1", "operation": "CREATE", "userInfo": {},
//!     "kind": {"group": "apps", "version": "v1", "kind": "Deployment"},
//!     "resource": {"group": "apps", "version": "v1", "resource": "deployments"},
//!     "object": {"spec": {"replicas": 9}}
//! }"#)?;
//! let verdict = validate(&request, &Limits { max_replicas: 3 })?;
//! assert_eq!(verdict.reasons()[0].to_string(), "/spec/replicas: at most 3 replicas are allowed");
//! # Ok::<(), admit::Error>(())
//! ```
//!
//! A policy is a library crate of type `cdylib` that depends on this crate and on `serde` (for `derive(Deserialize)`);
//! `cargo build --release --target wasm32-wasip1` makes the module. The
//! feature `wapc` (on by default) makes it a waPC policy; with the feature `wasi` it becomes a WASI policy, with the feature
//! `chainloop` one that Chainloop runs on manifests (the module of that name tells more, and has policies for other materials).
//! Errors that the function returns, and panics, reject the request: the host says why.

pub mod capabilities;
#[cfg(feature = "chainloop")]
pub mod chainloop;
pub mod json;
pub mod prelude;
pub mod wire;

mod abi;
mod answer;
mod base64;
mod dispatch;
mod edit;
mod error;
mod host;
mod incoming;
mod raw;
mod request;
mod schema;
mod settings;
mod suggest;
#[cfg(test)]
mod testing;
mod verdict;
mod views;

/// Makes a function the policy of its crate: hosts call it for every request.
///
/// The function takes `&Request`, then (optionally) `&S` where `S` implements [`Settings`](trait@Settings), then
/// (optionally) `&Host`; it returns [`Verdict`] or `Result<Verdict, E>`. In place of `&Request` it may take [`&Raw<T>`](Raw),
/// and with the feature `chainloop` `&Material<T>`, for which it returns an `Evaluation`. It may have any name and stays as it is, so tests
/// can call it. A crate has one policy. One that needs the host and no settings takes `&NoSettings`.
///
/// ```
/// # use admit::prelude::*;
/// #[admit::policy]
/// fn validate(request: &Request, _: &NoSettings, host: &Host) -> Verdict {
///     host.info(format!("a {} of {}", request.operation(), request.kind().kind));
///     Verdict::accept()
/// }
/// ```
pub use admit_macros::policy;

/// Makes a struct the settings of a policy: see the trait of the same name.
///
/// With a check of what types cannot say:
///
/// ```
/// # use admit::prelude::*;
/// #[derive(Deserialize, Settings)]
/// #[settings(check = min_is_not_larger)]
/// struct Range {
///     min: u32,
///     max: u32,
/// }
///
/// fn min_is_not_larger(range: &Range) -> Result<(), SettingsError> {
///     if range.min > range.max {
///         return Err(SettingsError::new("must not be larger than `max`").at("/min"));
///     }
///     Ok(())
/// }
/// ```
pub use admit_macros::Settings;

/// Gives a part of settings, a struct or an enum, a JSON Schema: `cargo admit scaffold settings-schema` needs it for every
/// type of the author's that is in a struct with `#[derive(Settings)]`, which has a schema itself.
///
/// It understands the attributes of serde, and `#[schemars(…)]` where they cannot say it (`#[schemars(with = "String")]`
/// for a field whose type has no schema, `#[schemars(range(min = 1))]`, `#[schemars(title = "…")]`). Descriptions are the
/// doc comments. A module does not get larger by it: the schema is made in a build of its own.
///
/// ```
/// # use admit::prelude::*;
/// #[derive(Deserialize, Settings)]
/// struct Settings {
///     /// What happens to containers without limits.
///     mode: Mode,
/// }
///
/// #[derive(Deserialize, JsonSchema)]
/// #[serde(rename_all = "lowercase")]
/// enum Mode {
///     /// They are rejected.
///     Reject,
///     /// They get these limits.
///     Limit { cpu: String },
/// }
/// ```
pub use admit_macros::JsonSchema;

pub use answer::IntoAnswer;
#[cfg(feature = "chainloop")]
pub use capabilities::{discover::Artifact, http::HttpResponse};
#[cfg(feature = "chainloop")]
pub use chainloop::{
    Arg, Args, Evaluation, LicenseViolation, Material, MaterialMetadata, Sast, Severity, Vulnerability,
};
pub use edit::{ContainerMut, Edited, MetadataMut, PodSpecMut, ValueMut};
pub use error::Error;
pub use host::{Host, HostCalls, HostError, HostErrorKind, Level, Record};
pub use raw::{Raw, Untyped};
pub use request::{GroupVersionKind, GroupVersionResource, Operation, Request, UserInfo};
pub use settings::{NoSettings, Settings, SettingsError};
pub use verdict::{Reason, Verdict};
pub use views::{Container, ContainerKind, Metadata, PodSpec};

#[cfg(feature = "json-patch")]
pub use json_patch;

/// What the macros' expansions call. Not part of the API: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::__export_policy as export_policy;
    #[cfg(all(target_arch = "wasm32", any(feature = "wapc", feature = "wasi", feature = "chainloop")))]
    pub use crate::__mark_module as mark_module;
    #[cfg(all(target_arch = "wasm32", not(test), feature = "chainloop"))]
    pub use crate::abi::extism;
    pub use crate::abi::marker;
    #[cfg(all(target_arch = "wasm32", feature = "wapc", not(any(feature = "wasi", feature = "chainloop"))))]
    pub use crate::abi::wapc;
    #[cfg(all(target_arch = "wasm32", feature = "wasi", not(feature = "chainloop")))]
    pub use crate::abi::wasi;
    #[cfg(feature = "chainloop")]
    pub use crate::chainloop::Rule;
    pub use crate::dispatch::{
        Policy, PolicyOf, PolicySettings, validate_request, validate_with_host, validate_with_settings,
    };
    pub use crate::incoming::Incoming;
    pub use crate::raw::Shape;

    pub use crate::schema::{json_schema, settings_schema};
    #[cfg(feature = "schema")]
    pub use crate::schema::{schema_of, schemars};
    #[cfg(feature = "schema")]
    pub use serde_json::Value as Json;
    /// What schemars calls a type.
    #[cfg(feature = "schema")]
    pub type Text = std::borrow::Cow<'static, str>;
    use crate::settings::SettingsError;

    /// Calls the author's own check.
    ///
    /// # Errors
    ///
    /// The author's.
    pub fn check_settings<S, E: Into<SettingsError>>(
        check: impl Fn(&S) -> Result<(), E>,
        settings: &S,
    ) -> Result<(), SettingsError> {
        check(settings).map_err(Into::into)
    }
}

/// Compiles the example of the repository's README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
