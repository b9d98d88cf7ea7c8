//! What a policy answered to a case, before anything is expected of it.

use super::{
    AdmissionSubject, Case, Subject, Verdict,
    bridge::{self, Bridged},
    material,
};
use crate::{
    CompiledPolicy, Platform, RunOptions,
    admission::{Enforcement, Mode},
    chainloop::MaterialOutcome,
    outcome::{EvaluationOutcome, Failure, SettingsOutcome, SettingsVerdict},
};

/// How a run ended.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, and it is soon taken apart")]
pub(super) enum Ended {
    /// The settings were refused, or the policy failed on them.
    Settings(SettingsOutcome),
    Request(EvaluationOutcome),
    /// An admission policy was asked about a material.
    Bridged(Bridged),
    Material(MaterialOutcome),
}

impl Case {
    /// Runs the policy, without enforcement.
    pub(super) fn ask(&self, policy: &CompiledPolicy, options: &RunOptions) -> Ended {
        match &self.subject {
            Subject::Admission(subject) if policy.abi().platform() == Platform::Chainloop => {
                Ended::Bridged(bridge::ask(subject, policy, options))
            }
            Subject::Admission(subject) => validate(subject, policy, options),
            Subject::Material(subject) => Ended::Material(subject.ask(&subject.policy(policy), options)),
        }
    }

    /// The outcome as it would be in mode protect: mode monitor accepts everything.
    pub(super) fn protected(&self, ended: Ended) -> Ended {
        match self.admission() {
            Some(subject) => ended.enforced(&Enforcement { mode: Mode::Protect, ..subject.enforcement.clone() }),
            None => ended,
        }
    }
}

impl Ended {
    /// The outcome with the enforcement of the deployment.
    pub(super) fn enforced(self, enforcement: &Enforcement) -> Self {
        match self {
            Self::Request(outcome) => Self::Request(outcome.enforced(enforcement)),
            other => other,
        }
    }

    /// The verdict, and what was said about it.
    pub(super) fn verdict(&self) -> (Verdict, Option<String>) {
        match self {
            Self::Settings(outcome) => match outcome.verdict() {
                SettingsVerdict::Failed(failure) => (Verdict::Error, Some(failure.reason())),
                SettingsVerdict::Valid => (Verdict::InvalidSettings, None),
                SettingsVerdict::Invalid(why) => (Verdict::InvalidSettings, why.map(str::to_owned)),
            },
            Self::Request(outcome) => {
                let message = outcome.response.status.as_ref().and_then(|status| status.message.clone());
                match &outcome.result {
                    Err(failure) => (Verdict::Error, Some(failure.reason())),
                    Ok(_) if outcome.response.allowed => (Verdict::Accept, message),
                    Ok(_) => (Verdict::Reject, message),
                }
            }
            Self::Bridged(bridged) => (bridged.verdict, bridged.text()),
            Self::Material(evaluated) => material::verdict(evaluated),
        }
    }

    /// That this machine had not enough memory.
    pub(super) fn exhausted(&self) -> Option<String> {
        self.failure().filter(|failure| matches!(failure, Failure::Exhausted(_))).map(Failure::to_string)
    }

    /// Why there is no answer.
    pub(super) fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Settings(outcome) => outcome.result.as_ref().err(),
            Self::Request(outcome) => outcome.result.as_ref().err(),
            Self::Bridged(bridged) => bridged.failure.as_ref(),
            Self::Material(evaluated) => evaluated.result.as_ref().err().and_then(|error| error.failure()),
        }
    }
}

/// Does what a cluster does: settings first.
fn validate(subject: &AdmissionSubject, policy: &CompiledPolicy, options: &RunOptions) -> Ended {
    let settings = policy.validate_settings(&subject.settings, options);
    match &settings.result {
        Ok(answer) if answer.valid => Ended::Request(policy.validate(&subject.request, &subject.settings, options)),
        _ => Ended::Settings(settings),
    }
}
