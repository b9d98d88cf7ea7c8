//! Tests policies from Rust, as the WebAssembly modules that they are: builds them, loads any module of Kubewarden or Chainloop,
//! in whatever language it was written, runs it, and tells what happened.
//!
//! ```
//! use std::path::Path;
//! use std::sync::Arc;
//!
//! use admit_host::capabilities::World;
//! use admit_host::request::{self, RequestOptions};
//! use admit_host::{CompiledPolicy, Engine, EngineOptions, RunOptions};
//! use serde_json::{Map, json};
//!
//! # let module = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/policy.wat"));
//! // `module` is the path of a policy.wasm. Compiled once, it is evaluated any number of times, from any thread.
//! let engine = Engine::new(EngineOptions::default())?;
//! let policy = CompiledPolicy::from_file(&engine, module)?;
//!
//! // What the policy may ask its host comes from a world: here the name db.example has an address.
//! let world = World::parse(b"dns: { db.example: [192.0.2.1] }", "world.yaml", Path::new("."))?;
//! let options = RunOptions { capabilities: Arc::new(world), ..RunOptions::default() };
//!
//! // A Kubernetes object becomes the request that an API server would make of it; reviews and requests are taken as they are.
//! let pod = b"{ apiVersion: v1, kind: Pod, metadata: { name: web, namespace: shop } }";
//! let request = request::read(pod, "pod.yaml", &RequestOptions::default())?.request;
//! let outcome = policy.validate(&request, &Map::new(), &options);
//!
//! assert!(outcome.response.allowed, "{:?}", outcome.result);
//! let label = json!([{ "op": "add", "path": "/metadata/labels", "value": { "db": "up" } }]);
//! assert_eq!(serde_json::to_value(&outcome.patch)?, label);
//! assert_eq!(outcome.trace.logs[0].message, "looking up db.example");
//! assert_eq!(outcome.trace.host_calls[0].operation, "v1/dns_lookup_host");
//! assert!(outcome.trace.fuel < 100, "{} units", outcome.trace.fuel); // the same on every machine, every time
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A policy's answer is data, and a run without one is a [`Failure`](outcome::Failure): `outcome.result` is one or the other, and
//! `outcome.response` is what Kubewarden would send in either case.
//!
//! # Cases
//!
//! What is data can stay data: the [cases](case) of a policy are YAML files, each with a request and what is expected. `cargo
//! admit test` runs them, and so does a `#[test]`:
//!
//! ```
//! use std::path::Path;
//!
//! use admit_host::{CompiledPolicy, Engine, EngineOptions, RunOptions, case};
//!
//! fn every_case_passes(module: &Path, folder: &Path) {
//!     let engine = Engine::new(EngineOptions::default()).unwrap();
//!     let policy = CompiledPolicy::from_file(&engine, module).unwrap();
//!     let cases = case::load(folder).unwrap_or_else(|errors| panic!("{}", errors[0]));
//!     for run in case::run_all(&cases, &[policy], &RunOptions::default()) {
//!         assert!(run.passed(), "{} on {}: {:#?}", run.case.name, run.abi, run.differences);
//!     }
//! }
//! # let doc = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/doc"));
//! # every_case_passes(&doc.join("policy.wat"), &doc.join("cases"));
//! # assert_eq!(case::load(&doc.join("cases")).unwrap().len(), 2);
//! ```
//!
//! # The module of a crate
//!
//! A test that builds the policy that it is about never runs an old module:
//!
//! ```no_run
//! use std::path::Path;
//!
//! use admit_host::artifact::{BuildOptions, Project};
//! use admit_host::{CompiledPolicy, Engine, EngineOptions};
//!
//! let engine = Engine::new(EngineOptions::default())?;
//! let project = Project::open(Path::new(env!("CARGO_MANIFEST_DIR")))?;
//! for artifact in project.build_all(&[], &BuildOptions::default())? {
//!     let policy = CompiledPolicy::from_file(&engine, &artifact.path)?;
//!     assert!(artifact.size < 200_000, "{} weighs {} bytes", artifact.path.display(), artifact.size);
//!     assert!(policy.metadata().is_some_and(|metadata| !metadata.rules.is_empty()));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Chainloop
//!
//! A policy of Chainloop is not asked to `validate` a request but evaluates a [material](chainloop::Material):
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use admit_host::chainloop::{Kind, Material, Policy};
//! use admit_host::{CompiledPolicy, Engine, EngineOptions, RunOptions};
//!
//! # let module = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/chainloop.wat"));
//! let engine = Engine::new(EngineOptions::default())?;
//! let policy = Policy::of_module("licenses", CompiledPolicy::from_file(&engine, module)?);
//! let sbom = br#"{ "components": [{ "name": "left-pad" }] }"#.to_vec();
//! let material = Material::bytes(Kind::Evidence, "sbom.json", sbom)?;
//! let inputs = BTreeMap::from([("denied".to_owned(), "GPL-*".to_owned())]);
//!
//! let evaluated = policy.evaluate(material, &inputs, &RunOptions::default());
//! assert_eq!(evaluated.result?.violations[0].message, "component `left-pad` has no license");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where to look
//!
//! | to … | there is |
//! | --- | --- |
//! | see what a module is before it runs | [`inspect`], [`metadata`] |
//! | set limits, clocks, randomness, and what a policy may call | [`RunOptions`], [`Limits`] |
//! | answer a policy's calls | [`World`](capabilities::World) in files, [`Scripted`](capabilities::Scripted) in Rust, [`Session`](capabilities::Session) as recorded, or your own [`Capabilities`] |
//! | make calls go wrong | [`Faulty`](capabilities::Faulty), [`case::run_faults`] |
//! | run policies as they are deployed | [`policy_resource`], [`matching`], [`admission`], [`group`] |
//! | see what a new version of a policy decides otherwise | [`diff`] |
//! | check a policy file of Chainloop | [`chainloop::lint()`] |
//! | write manifests, settings schemas, projects | [`scaffold`], [`settings_schema`], [`template`] |

pub mod annotation;
pub mod artifact;
pub mod capabilities;
pub mod case;
pub mod chainloop;
pub mod diff;
pub mod input;
pub mod matching;
pub mod policy_resource;
pub mod request;
pub mod scaffold;
pub mod settings_schema;
pub mod template;

mod file;
mod file_uri;
mod mode;
mod pattern;
mod suite;
mod visible;

pub use suite::Suite;

#[doc(inline)]
pub use admit_runtime::{
    Abi, CallError, Capabilities, ChainloopOptions, Clock, Compilation, CompilationWatch, CompileLimits,
    CompiledPolicy, CompilerProcess, Deadline, Determinism, Engine, EngineOptions, KUBEWARDEN_VERSION, Limits,
    LoadError, LogLevel, NoCapabilities, Platform, PolicyModule, Profile, Randomness, RunOptions, Stage, TimedBy,
    TooOld, abi, admission, cache, compile_for_parent, cost, execution, group, inspect, limits, metadata, outcome,
    response,
};

/// Compiles the example of the crate's README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// What the command line and the tests share with this crate. No part of the interface: it changes without notice.
#[doc(hidden)]
pub mod internal {
    pub use admit_runtime::internal::{MAX_DOCUMENT, read_file, read_module, without_told_panics};

    pub use crate::chainloop::args::split;
    pub use crate::file::replace;
    pub use crate::file_uri::{of as uri_of_file, read as file_of_uri};
    pub use crate::scaffold::yaml::yaml;

    /// The requests in a text, split as a corpus is, and how many parts of it are none.
    pub fn requests_in_corpus(text: &[u8], name: &str) -> (Vec<crate::request::Request>, usize) {
        crate::diff::requests_in(text, name)
    }

    pub use crate::visible::{is_hidden, json as visible_json};
}
