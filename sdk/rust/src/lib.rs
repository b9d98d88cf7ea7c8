//! Write a policy once, as a plain Rust function, and run it on Kubewarden (waPC and WASI), on Chainloop and in tests.
//!
//! A policy, and its test:
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
//! Errors that the function returns, and panics, reject the request: the host says why.
//!
//! # A module
//!
//! A policy is a library crate of type `cdylib`. What Kubewarden has to know about it, and which ABIs there are, is in its
//! `Cargo.toml`; `cargo admit new` starts with one like this:
//!
//! ```toml
//! [package.metadata.admit]
//! rules = [{ api-groups = ["apps"], api-versions = ["v1"], resources = ["deployments"], operations = ["CREATE", "UPDATE"] }]
//!
//! [lib]
//! crate-type = ["cdylib", "rlib"]
//!
//! [features]
//! wasi = ["admit/wasi"]
//! chainloop = ["admit/chainloop"]
//!
//! [dependencies]
//! admit = "0.1"
//! serde = { version = "1", features = ["derive"] }
//! ```
//!
//! ```console
//! cargo build --release --target wasm32-wasip1                    # a waPC module, as Kubewarden loads it
//! cargo build --release --target wasm32-wasip1 --features wasi    # the same as a WASI module
//! cargo admit build                                               # one for each ABI, with the metadata in it
//! cargo admit test                                                # and what they say to the cases in `cases`
//! cargo admit run . --request deployment.yaml
//! ```
//!
//! # Mutations
//!
//! A mutation starts with what came in, so everything that the policy does not touch stays, also fields that this crate does
//! not know:
//!
//! ```
//! # use admit::prelude::*;
//! #[admit::policy]
//! fn add_label(request: &Request) -> Result<Verdict, Error> {
//!     let mut verdict = Verdict::accept();
//!     if request.operation() == Operation::Create {
//!         let mut object = request.edit()?;
//!         object.metadata_mut().set_label("checked", "yes")?;
//!         verdict.mutate(object);
//!     }
//!     Ok(verdict)
//! }
//!
//! let request = Request::from_json(r#"{
//!     "uid": "1", "operation": "CREATE", "userInfo": {},
//!     "kind": {"group": "", "version": "v1", "kind": "Pod"},
//!     "resource": {"group": "", "version": "v1", "resource": "pods"},
//!     "object": {"metadata": {"name": "web"}, "fromTheFuture": true}
//! }"#)?;
//! let verdict = add_label(&request)?;
//! let object = verdict.mutated().expect("a mutation").to_string();
//! assert_eq!(object, r#"{"fromTheFuture":true,"metadata":{"labels":{"checked":"yes"},"name":"web"}}"#);
//! # Ok::<(), Error>(())
//! ```
//!
//! [`Edited`] has setters for metadata, pod specs and containers, and edits by JSON pointer.
//!
//! # Asking the host
//!
//! What a policy may ask comes as an argument, so a test answers in place of the cluster:
//!
//! ```
//! # use admit::prelude::*;
//! #[admit::policy]
//! fn validate(request: &Request, _: &NoSettings, host: &Host) -> Result<Verdict, Error> {
//!     let Some(name) = request.namespace() else { return Ok(Verdict::accept()) };
//!     // `?` rejects when there is no answer.
//!     let namespace = host.kubernetes().get_resource("v1", "Namespace", &name).fetch()?;
//!     if namespace.object().metadata()?.label("frozen")?.is_some() {
//!         return Ok(Verdict::reject(format!("the namespace {name} is frozen")));
//!     }
//!     Ok(Verdict::accept())
//! }
//!
//! let request = Request::from_json(r#"{
//!     "uid": "1", "operation": "CREATE", "userInfo": {}, "namespace": "shop",
//!     "kind": {"group": "", "version": "v1", "kind": "Pod"},
//!     "resource": {"group": "", "version": "v1", "resource": "pods"}
//! }"#)?;
//! let host = Host::new(|_: &str, _: &str, _: &[u8]| Ok(br#"{"metadata": {"labels": {"frozen": "yes"}}}"#.to_vec()));
//! assert!(!validate(&request, &NoSettings {}, &host)?.is_accepted());
//! # Ok::<(), Error>(())
//! ```
//!
//! # Other documents
//!
//! A policy that is not about Kubernetes takes [`&Raw<T>`](Raw) in place of `&Request`. With the feature `chainloop`, one for
//! [Chainloop](https://chainloop.dev) takes `&Material<T>` and returns an `Evaluation`:
//!
#![cfg_attr(feature = "chainloop", doc = "```")]
#![cfg_attr(not(feature = "chainloop"), doc = "```ignore")]
//! use admit::prelude::*;
//!
//! #[derive(Deserialize)]
//! struct Sbom {
//!     components: Vec<Component>,
//! }
//!
//! #[derive(Deserialize)]
//! struct Component {
//!     name: String,
//!     version: Option<String>,
//! }
//!
//! #[admit::policy]
//! fn check(sbom: &Material<Sbom>) -> Evaluation {
//!     let unversioned = sbom.components.iter().filter(|component| component.version.is_none());
//!     let mut evaluation = Evaluation::success();
//!     evaluation.extend(unversioned.map(|component| format!("component `{}` has no version", component.name)));
//!     evaluation
//! }
//!
//! let sbom = Material::from_json(r#"{"components": [{"name": "left-pad"}]}"#)?;
//! assert_eq!(check(&sbom).violations(), ["component `left-pad` has no version"]);
//! # Ok::<(), Error>(())
//! ```
//!
//! # Where to look
//!
//! | to … | there is |
//! | --- | --- |
//! | read a request | [`Request`]: who asks, and views on the object: [`Metadata`], [`PodSpec`], [`Container`], [`json::Value`] |
//! | answer | [`Verdict`], [`Reason`] |
//! | have settings | [`Settings`](trait@Settings), [`SettingsError`], [`JsonSchema`](derive@JsonSchema) |
//! | mutate | [`Request::edit`], [`Edited`], [`PodSpecMut`], [`ContainerMut`] |
//! | ask the cluster, registries, DNS; check signatures and certificates | [`capabilities`] |
//! | say something in the log | [`Host`] |
//! | decide about any JSON | [`Raw`] |
//! | run on Chainloop | [`chainloop`](chainloop/index.html) |
//! | test the module and not only the function | the crate [admit-host](https://docs.rs/admit-host), or `cargo admit test` |
//!
//! # Features
//!
//! | feature | makes the module |
//! | --- | --- |
//! | `wapc` (on by default) | a waPC policy of Kubewarden |
//! | `wasi` | a WASI policy of Kubewarden; wins over `wapc` |
//! | `wasi-stderr` | a WASI policy for hosts without `host.call`: it logs to stderr and has no capabilities |
//! | `chainloop` | a policy of Chainloop; wins over both |
//!
//! `json-patch` adds mutations that are patches. `schema` is for `cargo admit scaffold`, which turns it on itself.

pub mod capabilities;
#[cfg(feature = "chainloop")]
pub mod chainloop;
pub mod json;
pub mod prelude;
pub mod wire;

mod abi;
mod answer;
mod base64;
#[cfg(feature = "chainloop")]
mod decode_args;
mod dispatch;
mod edit;
mod error;
mod host;
mod imports;
mod incoming;
mod kinds;
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
pub use host::{Host, HostClient, HostError, HostErrorKind, Level, Record};
pub use kinds::{GroupVersionKind, GroupVersionResource};
pub use raw::{Raw, Untyped};
pub use request::{Operation, Request, UserInfo};
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
    /// The type in which schemars returns names of schemas.
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
