//! What Kubewarden makes of a policy's response before the API server sees it, and what it asks beside the API server.
//!
//! A policy only answers; how the answer counts is decided where the policy is deployed: in which [`Mode`], whether it
//! may mutate, and whether users are told a message of the administrator's. [`Enforcement`] is that decision.

mod audit;
mod enforcement;

pub use audit::Skipped;
pub use enforcement::{Enforcement, Mode, UnknownMode};
