#![doc = include_str!("format.md")]
//!
//! [`World`](crate::capabilities::World), [`Session`](crate::capabilities::Session), [`Grants`](crate::capabilities::Grants) and
//! [`Fault`](crate::capabilities::Fault) are what cases have of the host.
//!
//! ## Example of a request
//!
#![doc = concat!("```yaml\n", include_str!("example.yaml"), "```")]
//!
//! ## Example of a material
//!
#![doc = concat!("```yaml\n", include_str!("example-material.yaml"), "```")]

mod bless;
mod bridge;
mod calls;
mod common;
mod compare;
mod difference;
mod ended;
mod enforcement;
mod expect;
mod extensions;
mod fault_run;
mod fit;
mod host;
mod inputs;
mod laws;
mod load;
mod material;
mod mutants;
mod parallel;
mod parse;
mod partial;
mod run;
mod set;
mod shapes;
mod sources;
mod stub;
mod suite_file;
mod waive;

use std::path::PathBuf;

use serde_json::{Map, Value};

pub use bless::{Blessing, Change, Subjects, bless};
pub use calls::ExpectedCall;
pub use common::answer as answer_with;
pub use difference::Difference;
pub use expect::{Expectation, TextMatch, Verdict};
pub use fault_run::{FaultReport, FaultRun, LeftOut, MAX_FAULT_CALLS, Reaction, run_faults};
pub use fit::check_fit;
pub use host::{CaseHost, Order, Replaying, Source};
pub use laws::Law;
pub use load::{load, load_for, load_in, load_to_bless};
pub use material::{MaterialExpectation, MaterialSubject, policy_file};
pub use mutants::{Mutant, MutantFate, MutantOptions, MutantReport, MutantsError, SourceLine, run_mutants};
pub use run::{CaseRun, run_all, run_materials};
pub use shapes::{Fate, NotMoved, Shape, ShapeReport, ShapeRun, Undelivered, run_shapes};
pub use stub::{Stub, passing_stubs};
pub use waive::Waivers;

use crate::{Abi, Platform, admission::Enforcement, input::Place, request::Request};

/// The JSON Schema (draft 2020-12) of a case file, for editors: they complete keys and words, show what a key does, and mark
/// what [`load`] would refuse.
///
/// A schema cannot express everything. Only [`load`] finds files that do not exist, regular expressions and images that are
/// not valid, and whether the input of a case in a folder of its own is in a companion file.
///
/// ```
/// let schema: serde_json::Value = serde_json::from_str(admit_host::case::SCHEMA)?;
/// assert_eq!(schema["properties"]["expect"]["type"], serde_json::json!(["string", "object"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub const SCHEMA: &str = include_str!("../../schemas/case.schema.json");

/// The JSON Schema (draft 2020-12) of what `cargo admit test` reports in JSON.
pub const REPORT_SCHEMA: &str = include_str!("../../schemas/report.schema.json");

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name: that of the file without its extension, or of the folder. Where the file asks about several objects, there is a case
    /// for each of them, with the object in brackets behind the name.
    pub name: String,
    /// The case file.
    pub path: PathBuf,
    /// The document in the case file, which knows where its keys stand.
    pub document: Place,
    /// Where the object, the request, the raw document or the material stands that the policy is asked about: in the case file, or in
    /// a file that it names.
    pub input: Place,
    /// What it is about, in one line.
    pub about: Option<String>,
    /// The request or the material, and what is expected.
    pub subject: Subject,
    /// The ABIs it runs on; every one that can be asked this when absent.
    pub only: Option<Vec<Abi>>,
    /// The host of the case.
    pub host: CaseHost,
    /// What the policy need not keep here, laws of mutations and shapes of violations, with that of the suite.
    pub waived: Waivers,
    /// Whether its violation is moved by [`run_shapes`], as the suite says.
    pub shapes: bool,
    /// Notes about what had to be guessed to make the request.
    pub notes: Vec<String>,
    /// Which one it is of the `cases` of a file that has a table of them.
    pub row: Option<usize>,
    /// Whether the file expects nothing yet, so that what the subject has as its expectation means nothing: see [`load_to_bless`].
    pub unwritten: bool,
}

/// The request or the material of a case, and what is expected.
#[derive(Clone, Debug)]
pub enum Subject {
    /// An admission request or a raw request.
    Admission(Box<AdmissionSubject>),
    /// A material of Chainloop.
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
    /// The enforcement of the policy's answer; its `policy_id` is the name of the case.
    pub enforcement: Enforcement,
    /// What the policy has to answer.
    pub expect: Expectation,
}

impl Case {
    /// Whether the case runs on `abi`: only Chainloop asks about materials, and it asks admission policies less than a cluster
    /// does.
    pub fn applies_to(&self, abi: Abi) -> bool {
        let fits = match (&self.subject, abi.platform()) {
            (Subject::Admission(subject), Platform::Chainloop) => bridge::can_ask(subject, &self.host),
            (Subject::Admission(_), Platform::Kubewarden) | (Subject::Material(_), Platform::Chainloop) => true,
            (Subject::Material(_), Platform::Kubewarden) => false,
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
