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
//! # Materials
//!
//! A case with a `material` asks a policy of Chainloop:
//!
//! ```yaml
//! about: an unknown license is a finding
//! material: { file: ../_shared/sbom.json }   # or a document in place; a text for STRING and CONTAINER_IMAGE
//! kind: SBOM_CYCLONEDX_JSON                  # EVIDENCE when absent, or the only kind of the policy.yaml
//! inputs: { denied: [GPL-3.0, AGPL-3.0] }    # as a contract gives them: texts, or lists of texts
//! annotations: { team: red }                 # the user's, on the material
//! allowed_hostnames: [api.example.com]       # besides Chainloop's own
//! expect:                                    # or just `expect: success`
//!   verdict: fail                            # success, fail, skip, ignore or error
//!   violations: [{ contains: GPL }]          # all of them, in order, each like message; free when absent
//!   findings: [{ license_id: GPL-3.0 }]      # all of them, in order, these fields at least; free when absent
//!   skip_reason: { contains: no SBOM }       # of `skip`
//!   message: { contains: timeout }           # of `error`, which needs one
//!   warnings: []                             # of undeclared inputs and lost findings; none when absent
//!   host_calls: [http/request]
//! world: { http: { https://api.example.com/x: { json: [] } } }
//! ```
//!
//! A `policy.yaml` of Chainloop in the folder of the policy says the inputs, their defaults and the finding type. Other keys
//! (`world`, `session`, `faults`, `only`) are as for requests.
//!
//! Cases about requests run on Chainloop, too, when the policy is built for it and a material can say the same: the
//! object of a CREATE becomes a material, the settings become args, and `accept`, `reject`, `invalid-settings` and `error` with
//! their `message` are compared. Chainloop has no codes, warnings, audit annotations and mutations: cases that expect a
//! mutation do not run there, and neither do those with another operation, user or subresource, with `mode`,
//! `rejection_message`, `audit` or host calls. Args are texts, from which the policy's types are read: a setting that is wrong
//! as `"true"` in place of `true` is right there, and its case says `only: [wapc, wasi]`.
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

mod bridge;
mod calls;
mod common;
mod compare;
mod enforcement;
mod expect;
mod fault_run;
mod fit;
mod host;
mod load;
mod material;
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
pub use load::{load, load_for};
pub use material::{MaterialExpectation, MaterialSubject, policy_file};
pub use run::{CaseRun, run_all, run_materials};

use crate::{Abi, admission::Enforcement, request::Request};

/// The JSON Schema (draft 2020-12) of a case file, for editors: they complete keys and words, show what a key does, and mark
/// what [`load`] would refuse.
///
/// What a schema cannot say, it leaves to the reader: files that are not there, regular expressions, images, and whether the
/// input of a case in a folder of its own stands in a companion file.
///
/// ```
/// let schema: serde_json::Value = serde_json::from_str(admit_host::case::SCHEMA)?;
/// assert_eq!(schema["required"], serde_json::json!(["expect"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub const SCHEMA: &str = include_str!("../../schemas/case.schema.json");

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name: that of the file without its extension, or of the folder.
    pub name: String,
    /// The case file.
    pub path: PathBuf,
    /// What it is about, in one line.
    pub about: Option<String>,
    /// What the policy is asked, and what it has to answer.
    pub subject: Subject,
    /// The ABIs it runs on; every one that can be asked this when absent.
    pub only: Option<Vec<Abi>>,
    /// What the host answers.
    pub host: CaseHost,
    /// What had to be guessed to make the request.
    pub notes: Vec<String>,
}

/// What a policy is asked.
#[derive(Clone, Debug)]
pub enum Subject {
    /// Whether a request may enter.
    Admission(Box<AdmissionSubject>),
    /// What is wrong with a material.
    Material(Box<MaterialSubject>),
}

/// A request, and what a policy has to make of it.
#[derive(Clone, Debug)]
pub struct AdmissionSubject {
    /// The input.
    pub request: Request,
    /// The settings.
    pub settings: Map<String, Value>,
    /// Whether this is what the audit scanner asks.
    pub audit: bool,
    /// What is made of the policy's answer; its `policy_id` is the name of the case.
    pub enforcement: Enforcement,
    /// What the policy has to answer.
    pub expect: Expectation,
}

impl Case {
    /// Whether the case runs on `abi`: only Chainloop asks about materials, and it asks admission policies less than a cluster
    /// does.
    pub fn applies_to(&self, abi: Abi) -> bool {
        let fits = match (&self.subject, abi) {
            (Subject::Admission(subject), Abi::Chainloop) => bridge::can_ask(subject, &self.host),
            (Subject::Admission(_), Abi::Wapc | Abi::Wasi) => true,
            (Subject::Material(_), abi) => abi == Abi::Chainloop,
        };
        fits && self.only.as_ref().is_none_or(|only| only.contains(&abi))
    }

    /// The request, if the case is about one.
    pub fn admission(&self) -> Option<&AdmissionSubject> {
        match &self.subject {
            Subject::Admission(subject) => Some(subject),
            Subject::Material(_) => None,
        }
    }

    fn expected_calls(&self) -> Option<&[ExpectedCall]> {
        match &self.subject {
            Subject::Admission(subject) => subject.expect.host_calls.as_deref(),
            Subject::Material(subject) => subject.expect.host_calls.as_deref(),
        }
    }
}
