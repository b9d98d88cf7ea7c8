//! From the policy's response to the one that is sent.

use std::{fmt, str::FromStr};

use crate::{
    outcome::EvaluationOutcome,
    response::{AdmissionResponse, AdmissionStatus, StatusCause},
};

/// Whether a policy decides, or is only observed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// A rejection by the policy rejects the request.
    #[default]
    Protect,
    /// Every request is accepted, without mutation.
    Monitor,
}

impl Mode {
    /// The words for it in policy resources, cases and on the command line.
    pub const WORDS: [&'static str; 2] = ["protect", "monitor"];
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Protect => "protect",
            Self::Monitor => "monitor",
        })
    }
}

/// A word that is no [`Mode`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a mode; use protect or monitor")]
pub struct UnknownMode(String);

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(word: &str) -> Result<Self, UnknownMode> {
        match word {
            "protect" => Ok(Self::Protect),
            "monitor" => Ok(Self::Monitor),
            _ => Err(UnknownMode(word.to_owned())),
        }
    }
}

/// How the response of a policy is used: a decision of the deployment.
///
/// The default changes nothing: mode protect, mutations allowed, no message. That is what `kwctl run` has; policies that
/// are deployed have to be allowed to mutate.
///
/// Requests of the audit scanner are not post-processed: leave it out for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enforcement {
    /// Whether the policy decides.
    pub mode: Mode,
    /// Whether a mutation is passed on; otherwise it is a rejection.
    pub allowed_to_mutate: bool,
    /// What users are told in place of the policy's own message when their request is rejected. The policy's message
    /// becomes a cause in the details.
    pub message: Option<String>,
    /// Id of the policy, for messages of the host itself.
    pub policy_id: String,
}

impl Default for Enforcement {
    fn default() -> Self {
        Self { mode: Mode::Protect, allowed_to_mutate: true, message: None, policy_id: String::new() }
    }
}

impl Enforcement {
    /// Turns a policy's response into the one that Kubewarden sends.
    ///
    /// In mode monitor that is an acceptance with the policy's warnings and audit annotations, whatever else there was, a
    /// failure of the policy included (but see [`EvaluationOutcome::enforced`]). In mode protect a mutation that is not allowed comes first (the policy's own
    /// status is lost), then the message.
    pub fn apply(&self, mut response: AdmissionResponse) -> AdmissionResponse {
        if self.mode == Mode::Monitor {
            return AdmissionResponse { allowed: true, patch: None, patch_type: None, status: None, ..response };
        }
        if response.patch.is_some() && !self.allowed_to_mutate {
            let message = format!(
                "Request rejected by policy {}. The policy attempted to mutate the request, but it is currently configured to not allow mutations.",
                self.policy_id
            );
            let status = AdmissionStatus { message: Some(message), ..AdmissionStatus::default() };
            response =
                AdmissionResponse { allowed: false, patch: None, patch_type: None, status: Some(status), ..response };
        }
        if let Some(message) = self.message.as_ref().filter(|_| !response.allowed) {
            let status = response.status.get_or_insert_default();
            let said = status.message.replace(message.clone()).unwrap_or_default();
            let cause = StatusCause { message: Some(said), ..StatusCause::default() };
            status.details.get_or_insert_default().causes.push(cause);
        }
        response
    }
}

impl EvaluationOutcome {
    /// The outcome with the response that Kubewarden sends. What the policy answered stays as it is, a failure too, so
    /// that mode monitor hides it from users and not from tests; a patch that is not sent is gone.
    ///
    /// The response about a policy that was not [started](Self::started) is sent as it is, in every mode.
    pub fn enforced(mut self, enforcement: &Enforcement) -> Self {
        if !self.started {
            return self;
        }
        self.response = enforcement.apply(self.response);
        if self.response.patch.is_none() {
            self.patch = None;
        }
        self
    }
}
