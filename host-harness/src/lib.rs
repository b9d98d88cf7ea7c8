//! Builds policies, loads any policy module, runs it and tells what happened.
//!
//! ```text
//! bytes ── inspect ──► CompiledPolicy ── validate ──► Outcome
//!                       (Engine: wasmtime, cache)      (answer or Failure, AdmissionResponse, Trace)
//! ```
//!
//! [`Engine`] compiles modules, [`CompiledPolicy`] is one that is compiled, linked and ready to be evaluated from any
//! thread, [`RunOptions`] say what an evaluation may use and which [`Capabilities`] it sees, and
//! [`Outcome`](outcome::Outcome) is everything that is known afterwards. A policy of Chainloop is not asked to
//! `validate` but [executed](CompiledPolicy::execute), which ends in an [`Execution`](execution::Execution).

pub mod admission;
pub mod artifact;
pub mod capabilities;
pub mod case;
pub mod chainloop;
pub mod execution;
pub mod file;
pub mod group;
pub mod input;
pub mod inspect;
pub mod limits;
pub mod metadata;
pub mod module;
pub mod outcome;
pub mod policy_resource;
pub mod request;
pub mod response;
pub mod scaffold;
pub mod settings_schema;
pub mod template;

mod cache;
mod engine;
mod error;
mod http;
mod options;
mod policy;
mod runtime;
mod version;

pub use capabilities::{CallError, Capabilities, NoCapabilities};
pub use engine::{Engine, EngineOptions};
pub use error::LoadError;
pub use inspect::Abi;
pub use limits::Limits;
pub use options::{Clock, LogLevel, Randomness, RunOptions};
pub use policy::CompiledPolicy;
pub use version::{KUBEWARDEN_VERSION, TooOld};
