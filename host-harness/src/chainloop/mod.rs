//! Policies of Chainloop: everything around the run of a module.
//!
//! ```text
//! policy.yaml ── PolicyFile ──► scripts, inputs ── arguments ──► args ┐
//! material ──────────────────────────────────────────────────► input ─┴─► Execute ──► output ── Evaluation ──► EvalResult
//! ```
//!
//! The behaviour is that of Chainloop, also where it is surprising: a policy that passes here passes there. Errors keep
//! Chainloop's texts, and add where the mistake is and what to do.

pub(crate) mod args;
mod binding;
mod errors;
mod eval;
mod findings;
mod go;
mod json;
mod kind;
mod lint;
mod material;
mod output;
mod policy;
mod policy_file;
mod proto;
mod xml;

pub use args::{Arguments, arguments};
pub use errors::{Category, ExecutionError, executing, no_branch};
pub use eval::{DebugInfo, EvalResult, EvalViolation};
pub use findings::{Finding, FindingType};
pub use kind::{Form, Kind, UnknownKind};
pub use lint::{Lint, LintedModule, lint};
pub use material::{Material, MaterialError, attestation_input, check};
pub use output::{Evaluation, OutputError, Violation};
pub use policy::{EvalError, MaterialOutcome, Policy, PrepareError};
pub use policy_file::{
    AttestationPhase, Input, PolicyFile, PolicyFileError, PolicyReference, Script, Selection, Source,
};
