//! Policy groups: several policies under one boolean expression.
//!
//! ```text
//! "signed() && (small() || !risky())"  ── check ──► PolicyGroup ── validate ──► GroupOutcome
//!                                                   (members)                   (answer, response, each member's EvaluationOutcome)
//! ```
//!
//! A member is a policy with its own settings and grants, and a function without arguments in the expression. Members are
//! asked when the expression gets to them, so those that cannot change the result any more are not asked at all.

mod evaluate;
mod expression;
mod outcome;

use std::sync::Arc;

use rhai::AST;
use serde_json::{Map, Value};

pub use expression::ExpressionError;
pub use outcome::{GroupOutcome, MemberOutcome};

use crate::{
    CompiledPolicy, RunOptions,
    outcome::SettingsOutcome,
    request::{AdmissionRequest, PreparedRequest, Request},
    suggest::nearest,
};

/// One policy of a group.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name in the expression: letters, digits and underscores.
    pub name: String,
    /// The policy.
    pub policy: CompiledPolicy,
    /// Its settings.
    pub settings: Map<String, Value>,
    /// How it is run: limits, determinism, grants, capabilities.
    pub options: RunOptions,
}

/// Several policies that decide together.
///
/// ```no_run
/// # use admit_runtime::{CompiledPolicy, Engine, EngineOptions, RunOptions, group::{Member, PolicyGroup}};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let engine = Engine::new(EngineOptions::default())?;
/// # let (signed, small) = (CompiledPolicy::from_bytes(&engine, b"")?, CompiledPolicy::from_bytes(&engine, b"")?);
/// let member = |name: &str, policy| Member {
///     name: name.to_owned(), policy, settings: Default::default(), options: RunOptions::default(),
/// };
/// let members = vec![member("signed", signed), member("small", small)];
/// let group = PolicyGroup::new(members, "signed() || small()", "neither signed nor small")?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct PolicyGroup {
    members: Arc<[Member]>,
    expression: Arc<AST>,
    message: String,
}

/// Why a group cannot be made of these policies and this expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GroupError {
    /// A group without members.
    #[error("a group needs at least one policy")]
    Empty,
    /// A member that the expression cannot name.
    #[error(
        "`{0}` cannot be called in an expression; a name is made of letters, digits and underscores, starts with a letter or an underscore, and is no word of the language"
    )]
    Name(String),
    /// Two members with one name.
    #[error("two policies of the group are named `{0}`")]
    Twice(String),
    /// A member that takes no Kubernetes requests.
    #[error(
        "`{0}` is a raw policy (policyType in its metadata), and only policies for Kubernetes requests can be in a group"
    )]
    Raw(String),
    /// The expression is not valid.
    #[error("the expression is not valid: {0}")]
    Expression(ExpressionError),
}

impl PolicyGroup {
    /// Checks names and expression. `message` is what users are told when the group rejects their request.
    ///
    /// The expression is made of calls (`signed()`), `true`, `false`, `!`, `&&`, `||`, `==`, `!=` and parentheses, which is
    /// what both Kubewarden's controller (as CEL) and policy-server (as Rhai) understand. policy-server would only notice
    /// mistakes when a request comes in.
    ///
    /// # Errors
    ///
    /// [`GroupError`]: a mistake in the names or in the expression, or a raw policy.
    pub fn new(
        members: Vec<Member>,
        expression: impl Into<String>,
        message: impl Into<String>,
    ) -> Result<Self, GroupError> {
        let (expression, message) = (expression.into(), message.into());
        if members.is_empty() {
            return Err(GroupError::Empty);
        }
        for (index, member) in members.iter().enumerate() {
            check_name(&member.name)?;
            if members[..index].iter().any(|other| other.name == member.name) {
                return Err(GroupError::Twice(member.name.clone()));
            }
            if member.policy.is_raw() {
                return Err(GroupError::Raw(member.name.clone()));
            }
        }
        let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
        let expression = compile(&expression, &names).map_err(GroupError::Expression)?;
        Ok(Self { members: members.into(), expression: Arc::new(expression), message })
    }

    /// The policies, in the order in which they were given.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Asks every member about its settings; by name, in the order of the members.
    pub fn validate_settings(&self) -> Vec<(&str, SettingsOutcome)> {
        let check = |member: &Member| member.policy.validate_settings(&member.settings, &member.options);
        self.members.iter().map(|member| (member.name.as_str(), check(member))).collect()
    }

    /// Evaluates a request.
    ///
    /// A member counts as `false` when it rejects the request, changes it (mutation is not allowed in groups) or fails. One
    /// that cannot be [started](crate::outcome::EvaluationOutcome::started) is an error of the whole expression.
    /// Settings are passed on as they are, as for [`CompiledPolicy::validate`].
    pub fn validate(&self, request: &AdmissionRequest) -> GroupOutcome {
        evaluate::validate(self, PreparedRequest::from(Request::Kubernetes(Box::new(request.clone()))))
    }
}

/// Checks that a member can have this name.
///
/// # Errors
///
/// [`GroupError::Name`].
pub fn check_name(name: &str) -> Result<(), GroupError> {
    if expression::is_name(name) && evaluate::can_be_called(name) {
        return Ok(());
    }
    Err(GroupError::Name(name.to_owned()))
}

/// Checks that this is an expression about the members of these names.
///
/// # Errors
///
/// [`ExpressionError`], with the column.
pub fn check_expression(expression: &str, names: &[&str]) -> Result<(), ExpressionError> {
    compile(expression, names).map(drop)
}

fn compile(expression: &str, names: &[&str]) -> Result<AST, ExpressionError> {
    expression::check(expression, names)?;
    evaluate::compiled(expression)
}

/// The advice for a name that no member has.
fn meant(name: &str, names: &[&str]) -> String {
    match nearest(name, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the policies of this group are {}", names.join(", ")),
    }
}
