//! What happened in the evaluation of a group.

use crate::{
    admission::{Enforcement, Mode},
    outcome::EvaluationOutcome,
    response::AdmissionResponse,
};

/// Everything that is known after a group was asked about a request.
#[derive(Clone, Debug)]
#[must_use = "an outcome tells whether the group accepted, rejected or failed"]
pub struct GroupOutcome {
    /// The value of the expression, or the text of its error.
    pub result: Result<bool, String>,
    /// What Kubewarden would send to the API server, also when the expression could not be evaluated.
    pub response: AdmissionResponse,
    /// The members that were asked, in the order of the group; the others could not change the result any more.
    pub members: Vec<MemberOutcome>,
}

/// The outcome of one member of a group.
#[derive(Clone, Debug)]
pub struct MemberOutcome {
    /// Its name in the group.
    pub name: String,
    /// The value of its call in the expression.
    pub allowed: bool,
    /// Why it gave `false`, as it appears among the causes.
    pub message: Option<String>,
    /// How often it was asked: once for each call that the expression got to.
    pub times: usize,
    /// The outcome of the last evaluation of the policy.
    pub outcome: EvaluationOutcome,
}

impl GroupOutcome {
    /// The outcome in this mode. Nothing else of an [`Enforcement`] applies to groups: they do not mutate, and have their
    /// own message.
    pub fn enforced(mut self, mode: Mode) -> Self {
        self.response = Enforcement { mode, ..Enforcement::default() }.apply(self.response);
        self
    }
}
