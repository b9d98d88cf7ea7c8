//! Policies without logic, and whether the cases of a suite notice one.

use std::fmt;

use admit::wire::ValidationResponse;

use super::{Case, Subject, ended::Ended};
use crate::{
    RunOptions,
    chainloop::{EvalError, EvalResult, EvalViolation, ExecutionError, MaterialOutcome},
    outcome::{EvaluationOutcome, Failure},
    request::Request,
};

/// A policy without logic. A suite that one of them passes is vacuous: whatever the policy does, its cases do not show it.
///
/// Each of them accepts all settings, and makes no host call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stub {
    /// Every request is accepted, and no material has violations.
    AlwaysAccept,
    /// Every request is rejected, and every material has a violation.
    AlwaysReject,
    /// There is never an answer.
    AlwaysError,
    /// Every request is accepted, with its own object as the mutated one.
    IdentityMutate,
}

impl Stub {
    /// Every stub.
    pub const ALL: [Self; 4] = [Self::AlwaysAccept, Self::AlwaysReject, Self::AlwaysError, Self::IdentityMutate];

    /// What it does, as in "a policy that …".
    pub fn does(self) -> &'static str {
        match self {
            Self::AlwaysAccept => "accepts everything",
            Self::AlwaysReject => "rejects everything",
            Self::AlwaysError => "fails on everything",
            Self::IdentityMutate => "answers every object as its own mutation",
        }
    }

    /// Whether it is as the case expects. The laws of mutations are not asked.
    pub fn passes(self, case: &Case) -> bool {
        let host = case.host.start(None, &RunOptions::default());
        let ended = self.answer(case);
        let ended = match case.admission() {
            Some(subject) => ended.enforced(&subject.enforcement),
            None => ended,
        };
        case.compare(&host, ended).0.is_empty()
    }

    fn answer(self, case: &Case) -> Ended {
        match &case.subject {
            Subject::Admission(subject) => {
                Ended::Request(EvaluationOutcome::answered(&subject.request, self.validation(&subject.request)))
            }
            Subject::Material(_) => Ended::Material(MaterialOutcome {
                result: self.evaluation(),
                traces: Vec::new(),
                warnings: Vec::new(),
                debug_info: Default::default(),
            }),
        }
    }

    fn validation(self, request: &Request) -> Result<ValidationResponse, Failure> {
        let accepted = ValidationResponse { accepted: true, ..ValidationResponse::default() };
        match self {
            Self::AlwaysAccept => Ok(accepted),
            Self::AlwaysReject => {
                Ok(ValidationResponse { accepted: false, message: Some(REASON.to_owned()), ..accepted })
            }
            Self::AlwaysError => Err(failure()),
            Self::IdentityMutate => Ok(ValidationResponse { mutated_object: request.base().cloned(), ..accepted }),
        }
    }

    fn evaluation(self) -> Result<EvalResult, EvalError> {
        let mut result = EvalResult::default();
        match self {
            Self::AlwaysAccept | Self::IdentityMutate => {}
            Self::AlwaysReject => {
                result.violations.push(EvalViolation { message: REASON.to_owned(), finding: None, suppressed: false });
            }
            Self::AlwaysError => {
                let failure = failure();
                return Err(EvalError::Execution { explained: ExecutionError::of(REASON), failure });
            }
        }
        Ok(result)
    }
}

impl fmt::Display for Stub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::AlwaysAccept => "always-accept",
            Self::AlwaysReject => "always-reject",
            Self::AlwaysError => "always-error",
            Self::IdentityMutate => "identity-mutate",
        })
    }
}

/// What stubs say.
const REASON: &str = "stub";

fn failure() -> Failure {
    Failure::Guest(REASON.to_owned())
}

/// The stubs that pass all of these cases, which are vacuous if there is one; none for no cases.
///
/// ```
/// use admit_host::case::{self, Stub};
///
/// let cases = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/cases"));
/// let cases = case::load(cases).unwrap();
/// assert_eq!(case::passing_stubs(&cases), []);
/// assert!(!Stub::AlwaysAccept.passes(&cases[0]), "it expects a mutation");
/// ```
pub fn passing_stubs<'c>(cases: impl IntoIterator<Item = &'c Case>) -> Vec<Stub> {
    let cases: Vec<_> = cases.into_iter().collect();
    let passes = |stub: &Stub| !cases.is_empty() && cases.iter().all(|case| stub.passes(case));
    Stub::ALL.into_iter().filter(passes).collect()
}
