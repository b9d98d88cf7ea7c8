//! Case files: a request, settings and what a policy is expected to make of them.
//!
//! A policy keeps its cases in the folder `cases`; each is a file `<name>.yaml` (or `.json`), or a folder `<name>` with a
//! `case.yaml` and, for the long parts, companion files beside it: `request`, `object`, `old_object`, `raw` and `settings`,
//! each as `.yaml` or `.json`. Names that start with `_` or `.` are not cases, so `_shared` can hold what several cases use.
//!
//! ```yaml
//! about: an init container counts too        # one line, optional
//! object: { file: ../_shared/pod.yaml }      # or `request` (AdmissionReview or AdmissionRequest), or `raw`
//! operation: UPDATE                          # with `object` only: how the request is made of it
//! old_object: { ... }                        #   also user, groups, namespace, name, sub_resource, dry_run
//! settings: { exempt: [istio-proxy] }        # {} when absent
//! mode: protect                              # protect or monitor; these three are how kwctl has them when absent
//! allowed_to_mutate: true                    # otherwise a mutation is a rejection
//! audit: false                               # true: ask as the audit scanner does about a stored `object`
//! rejection_message: ask the platform team   # replaces the policy's own message
//! only: [wapc]                               # every ABI when absent
//! expect:                                    # or just `expect: accept`, `expect: reject`
//!   verdict: reject                          # accept, reject, invalid-settings or error
//!   message: { contains: init }              # the exact text, or { contains: ... }, or { matches: regular expression }
//!   code: 403
//!   warnings: []                             # each like message; none when absent
//!   audit_annotations: { rule: privileged }
//!   patch: []                                # the exact RFC 6902 list
//!   object: { ... }                          # the object after the mutation
//!   host_calls: [kubernetes/get_resource]    # every call, in any order; also { call: ..., with: part of the payload }
//! world: { file: world }                     # what the host answers: a world, in place or a file or folder,
//! session: session.yml                       #   or a recorded session; { file: ..., order: recorded } to be strict
//! host_capabilities: ["kubernetes/*"]        # granted; when absent, what the module's metadata declares
//! context_aware_resources: [{ apiVersion: v1, kind: Namespace }]
//! faults:                                    # what goes wrong
//!   - { call: kubernetes/*, nth: 1, with: timeout }
//! ```
//!
//! `object`, `old_object`, `request`, `raw` and `settings` stand in the file or are `{ file: path }`, relative to it (settings
//! that really consist of one key `file` go into a companion file).
//! What a case does not name is expected not to be there: no warnings, no audit annotations, no code, and with neither
//! `patch` nor `object` no mutation. What is compared is the response that Kubewarden would send, after `mode`,
//! `allowed_to_mutate` and `rejection_message`; only a policy that failed is an `error` in mode monitor, too. Only the message
//! is free when absent, except that `error` needs one: any mistake in the policy would do otherwise. Host calls are free
//! when absent as well. Unknown keys are errors.
//!
//! # What the host answers
//!
//! A case has one source: a `world` ([`World`](crate::capabilities::World)) or a `session`
//! ([`Session`](crate::capabilities::Session), as kwctl records them). The file or folder `cases/_world` (or `_world.yaml`,
//! `.yml`, `.json`) is the world of all cases that name neither. A case with a folder of its own finds `world` and
//! `session` there, too; files that a world names have to be in a folder whose name starts with `_`, because every other
//! file is taken for a part of the case. A session answers calls in any order and as often as they are made; with
//! `order: recorded` it answers as kwctl does, and calls that are not the recorded ones, all of them, make the case fail. A call that the source
//! has no answer for fails the case, whatever it expects.
//!
//! A policy may call what the case grants with `host_capabilities` (patterns as in policy-server's configuration; `[]` is
//! nothing) and `context_aware_resources`; what is not given is taken from the module's metadata
//! ([`Grants`](crate::capabilities::Grants)). So an undeclared read shows up as the denial that it would be in a cluster. A
//! module that was never annotated may call everything.
//!
//! A fault spoils the answers to calls: `call` is a pattern, `nth` counts them from 1 (every one when absent), calls of
//! `validate_settings` included, and `with` is `fail` (or `{ fail: text }`), `timeout`, `garbage`, `truncated`,
//! `other-shape`, `empty` or `many`: see [`Fault`](crate::capabilities::Fault). One that spoils nothing fails the case.

mod calls;
mod common;
mod compare;
mod enforcement;
mod expect;
mod fault_run;
mod fit;
mod host;
mod load;
mod parallel;
mod parse;
mod run;
mod sources;

use std::path::PathBuf;

use serde_json::{Map, Value};

pub use calls::ExpectedCall;
pub use common::answer as answer_with;
pub use compare::Difference;
pub use expect::{Expectation, TextMatch, Verdict};
pub use fault_run::{FaultReport, FaultRun, LeftOut, MAX_FAULT_CALLS, Reaction, run_faults};
pub use fit::check_fit;
pub use host::{CaseHost, Order, Source};
pub use load::load;
pub use run::{CaseRun, run_all};

use crate::{Abi, admission::Enforcement, request::Request};

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name: that of the file without its extension, or of the folder.
    pub name: String,
    /// The case file.
    pub path: PathBuf,
    /// What it is about, in one line.
    pub about: Option<String>,
    /// The input.
    pub request: Request,
    /// The settings.
    pub settings: Map<String, Value>,
    /// Whether this is what the audit scanner asks.
    pub audit: bool,
    /// What is made of the policy's answer; its `policy_id` is the name of the case.
    pub enforcement: Enforcement,
    /// The ABIs it runs on; every one when absent.
    pub only: Option<Vec<Abi>>,
    /// What the host answers.
    pub host: CaseHost,
    /// What the policy has to answer.
    pub expect: Expectation,
    /// What had to be guessed to make the request.
    pub notes: Vec<String>,
}

impl Case {
    /// Whether the case runs on `abi`.
    pub fn applies_to(&self, abi: Abi) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&abi))
    }
}
