//! Loads WebAssembly policies of Kubewarden and Chainloop and runs them: what a policy server needs.
//!
//! ```
//! use admit_runtime::request::{AdmissionRequest, Request};
//! use admit_runtime::{CompiledPolicy, Engine, EngineOptions, RunOptions};
//!
//! # let module = br#"(module
//! #   (import "wapc" "__guest_response" (func $respond (param i32 i32)))
//! #   (memory (export "memory") 1)
//! #   (data (i32.const 0) "{\"accepted\":true}")
//! #   (func (export "__guest_call") (param i32 i32) (result i32) (call $respond (i32.const 0) (i32.const 17)) (i32.const 1)))"#;
//! # let module = wat::parse_bytes(module)?;
//! // Compiled once, it is evaluated any number of times, from any thread.
//! let engine = Engine::new(EngineOptions::default())?;
//! let policy = CompiledPolicy::from_bytes(&engine, &module)?;
//!
//! let request = AdmissionRequest { uid: "1".to_owned(), operation: "CREATE".to_owned(), ..AdmissionRequest::default() };
//! let outcome = policy.validate(&Request::Kubernetes(Box::new(request)), &Default::default(), &RunOptions::default());
//! assert!(outcome.response.allowed, "{:?}", outcome.result);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A policy's answer is data, and a run without one is a [`Failure`](outcome::Failure): `outcome.result` is one or the other, and
//! `outcome.response` is what Kubewarden would send in either case.
//!
//! | to … | there is |
//! | --- | --- |
//! | see what a module is before it runs | [`inspect`](inspect::inspect), [`metadata`] |
//! | bound what it takes to compile a module | [`CompileLimits`], [`CompilerProcess`] |
//! | set limits, clocks, randomness, and what a policy may call | [`RunOptions`], [`Limits`], [`calls`] |
//! | answer a policy's calls | your own [`Capabilities`] |
//! | make of a response what a deployment does | [`admission`], and `group` (with the feature `groups`) |
//! | run a policy of Chainloop | [`CompiledPolicy::execute`] |

pub mod abi;
pub mod admission;
pub mod cache;
pub mod calls;
pub mod cost;
pub mod execution;
#[cfg(feature = "groups")]
pub mod group;
pub mod inspect;
pub mod limits;
pub mod metadata;
pub mod outcome;
pub mod request;
pub mod response;

mod deadline;
mod determinism;
mod engine;
mod error;
mod file;
mod module;
mod operations;
mod options;
mod panics;
mod policy;
mod policy_module;
mod probe;
mod protocol;
mod suggest;
mod symbols;
mod version;

pub use abi::{Abi, Platform};
pub use calls::{CallError, Capabilities, LogSink, NoCapabilities};
pub use cost::CompileLimits;
pub use deadline::Deadline;
pub use determinism::{Clock, Determinism, FIXED_CLOCK_START, Randomness};
pub use engine::{
    Compilation, CompilationWatch, CompilerProcess, Engine, EngineOptions, Profile, Stage, compile_for_parent,
};
pub use error::LoadError;
pub use limits::{Limits, TimedBy};
pub use options::{ChainloopOptions, LogLevel, RunOptions, Traced};
pub use policy::CompiledPolicy;
pub use policy_module::PolicyModule;
pub use version::{KUBEWARDEN_VERSION, TooOld};

/// Compiles the example of the crate's README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// What other crates of this project share with this one. No part of the interface: it changes without notice.
#[doc(hidden)]
pub mod internal {
    pub use crate::abi::FEATURES;
    pub use crate::file::{
        MAX_DOCUMENT, MAX_MATERIAL, MAX_MODULE, Refused, open_to_stream, read as read_file, read_text, regular,
    };
    pub use crate::module::read as read_module;
    pub use crate::operations::is_chainloops;
    pub use crate::panics::without_told as without_told_panics;
    pub use crate::probe::Probe;
    pub use crate::protocol::extism::client::{HttpError, perform};
    pub use crate::suggest::nearest;
    pub use crate::symbols::{DebugData, Place, SourceLines};
}
