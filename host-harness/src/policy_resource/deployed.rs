//! Policies that are ready to be asked as they are deployed.

use std::path::Path;

use super::{Body, PolicyResource, PolicySpec};
use crate::{
    CompiledPolicy, RunOptions,
    admission::{Enforcement, Mode, Skipped},
    group::{GroupError, GroupOutcome, Member, PolicyGroup},
    matching::Matching,
    outcome::{EvaluationOutcome, SettingsOutcome},
    request::Request,
    response::AdmissionResponse,
};

/// A [`PolicyResource`] with its modules.
#[derive(Clone, Debug)]
pub struct Deployed {
    id: String,
    mode: Mode,
    background_audit: bool,
    matching: Matching,
    body: Loaded,
}

#[derive(Clone, Debug)]
enum Loaded {
    // One member like any other; its name is the id.
    Policy { policy: Box<Member>, enforcement: Enforcement },
    Group(PolicyGroup),
}

/// The outcome of a request.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there are a few of them")]
pub enum DeploymentOutcome {
    /// One policy was asked.
    Policy(EvaluationOutcome),
    /// A group was asked.
    Group(GroupOutcome),
}

impl DeploymentOutcome {
    /// What Kubewarden would send.
    pub fn response(&self) -> &AdmissionResponse {
        match self {
            Self::Policy(outcome) => &outcome.response,
            Self::Group(outcome) => &outcome.response,
        }
    }

    /// Whether a policy, or the expression of a group, failed; mode monitor hides that from users.
    pub fn failed(&self) -> bool {
        match self {
            Self::Policy(outcome) => outcome.result.is_err(),
            Self::Group(group) => {
                group.result.is_err() || group.members.iter().any(|member| member.outcome.result.is_err())
            }
        }
    }
}

impl PolicyResource {
    /// Loads the modules with `load`. Every policy is run with `options`, and with the grants and the time limit of the
    /// resource in place of theirs.
    ///
    /// # Errors
    ///
    /// Those of `load`, and [`GroupError::Raw`] for a raw policy in a group.
    pub fn deploy<E: From<GroupError>>(
        &self,
        options: &RunOptions,
        mut load: impl FnMut(&Path) -> Result<CompiledPolicy, E>,
    ) -> Result<Deployed, E> {
        let mut member = |name: &str, spec: &PolicySpec| -> Result<Member, E> {
            let mut options = options.clone();
            options.grants.host_capabilities = spec.host_capabilities.clone();
            options.grants.context_aware_resources = spec.context_aware_resources.clone();
            options.limits.wall_time = spec.timeout.or(options.limits.wall_time);
            let policy = load(&spec.path)?;
            Ok(Member { name: name.to_owned(), policy, settings: spec.settings.clone(), options })
        };
        let body = match &self.body {
            Body::Policy { policy, allowed_to_mutate, message } => Loaded::Policy {
                policy: Box::new(member(&self.id, policy)?),
                enforcement: Enforcement {
                    mode: self.mode,
                    allowed_to_mutate: *allowed_to_mutate,
                    message: message.clone(),
                    policy_id: self.id.clone(),
                },
            },
            Body::Group { members, expression, message } => {
                let members = members.iter().map(|(name, spec)| member(name, spec)).collect::<Result<_, E>>()?;
                Loaded::Group(PolicyGroup::new(members, expression, message)?)
            }
        };
        Ok(Deployed {
            id: self.id.clone(),
            mode: self.mode,
            background_audit: self.background_audit,
            matching: self.matching.clone(),
            body,
        })
    }
}

impl Deployed {
    /// Kubewarden's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether it takes raw documents; groups never do.
    pub fn is_raw(&self) -> bool {
        matches!(&self.body, Loaded::Policy { policy, .. } if policy.policy.is_raw())
    }

    /// The policy, or the members of the group.
    pub fn policies(&self) -> &[Member] {
        match &self.body {
            Loaded::Policy { policy, .. } => std::slice::from_ref(policy.as_ref()),
            Loaded::Group(group) => group.members(),
        }
    }

    /// Which requests it is asked about.
    pub fn matching(&self) -> &Matching {
        &self.matching
    }

    /// Why the audit scanner does not ask it. Where the resource has no rules, those in the metadata of a single policy
    /// count; with neither it is asked.
    pub fn skipped_by_audit(&self) -> Option<Skipped> {
        let metadata = match &self.body {
            Loaded::Policy { policy, .. } => policy.policy.metadata(),
            Loaded::Group(_) => None,
        };
        match (self.matching.operations(), metadata) {
            (Some(operations), _) => Skipped::check(self.background_audit, operations),
            (None, Some(metadata)) if self.background_audit => Skipped::by_metadata(metadata),
            (None, _) => (!self.background_audit).then_some(Skipped::SwitchedOff),
        }
    }

    /// Asks every policy about its settings; by id, for members of groups `GROUP/MEMBER`.
    pub fn validate_settings(&self) -> Vec<(String, SettingsOutcome)> {
        match &self.body {
            Loaded::Policy { policy, .. } => {
                vec![(self.id.clone(), policy.policy.validate_settings(&policy.settings, &policy.options))]
            }
            Loaded::Group(group) => {
                let named = |(name, outcome)| (format!("{}/{name}", self.id), outcome);
                group.validate_settings().into_iter().map(named).collect()
            }
        }
    }

    /// Evaluates a request of an API server. A group that is given a raw document fails.
    pub fn validate(&self, request: &Request) -> DeploymentOutcome {
        match (self.audit(request), &self.body, request) {
            (DeploymentOutcome::Policy(outcome), Loaded::Policy { enforcement, .. }, _) => {
                DeploymentOutcome::Policy(outcome.enforced(enforcement))
            }
            (DeploymentOutcome::Group(outcome), _, Request::Kubernetes(_)) => {
                DeploymentOutcome::Group(outcome.enforced(self.mode))
            }
            (evaluated, ..) => evaluated,
        }
    }

    /// Evaluates a request of the audit scanner, without enforcement. A group that is given a raw document fails.
    pub fn audit(&self, request: &Request) -> DeploymentOutcome {
        match (&self.body, request) {
            (Loaded::Policy { policy, .. }, _) => {
                DeploymentOutcome::Policy(policy.policy.validate(request, &policy.settings, &policy.options))
            }
            (Loaded::Group(group), Request::Kubernetes(request)) => DeploymentOutcome::Group(group.validate(request)),
            (Loaded::Group(_), Request::Raw(_)) => {
                let text = "policy groups take no raw documents".to_owned();
                let response = AdmissionResponse::from_failure("", text.clone());
                DeploymentOutcome::Group(GroupOutcome { result: Err(text), response, members: Vec::new() })
            }
        }
    }
}
