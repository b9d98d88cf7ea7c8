//! Evaluation of a group's expression with Rhai, the engine of policy-server.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use rhai::{AST, Engine, EvalAltResult, OptimizationLevel};

use super::expression::MAX_LEVELS;
use super::{ExpressionError, GroupOutcome, Member, MemberOutcome, PolicyGroup};
use crate::{
    request::PreparedRequest,
    response::{AdmissionResponse, AdmissionStatus, StatusCause, StatusDetails},
};

/// The message of a member that mutates, which counts as a rejection.
const NO_MUTATION: &str = "mutation is not allowed inside of policy group";

/// Steps of one evaluation. Every call of a member takes a few, so this bounds how often members are asked.
const MAX_OPERATIONS: u64 = 1000;

/// A Rhai engine with booleans only.
fn engine() -> Engine {
    let mut engine = Engine::new_raw();
    // Optimization could call members while the expression is compiled.
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_max_operations(MAX_OPERATIONS);
    engine.set_max_expr_depths(MAX_LEVELS);
    engine.register_fn("!", |value: bool| !value);
    engine
}

/// Whether a call of this name is a call of the member, and not a word of the language.
pub(super) fn can_be_called(name: &str) -> bool {
    let mut engine = engine();
    engine.register_fn(name, || true);
    matches!(engine.eval_expression(&format!("{name}()")), Ok(true))
}

/// Compiles an expression, which the engine may refuse, too.
pub(super) fn compiled(expression: &str) -> Result<AST, ExpressionError> {
    engine().compile_expression(expression).map_err(|error| ExpressionError {
        // The checks before this one count lines as characters; here only limits of the engine are left.
        position: error.1.position().unwrap_or(1),
        message: error.0.to_string(),
    })
}

type Asked = Arc<Mutex<BTreeMap<String, MemberOutcome>>>;

pub(super) fn validate(group: &PolicyGroup, request: PreparedRequest) -> GroupOutcome {
    let request = Arc::new(request);
    let asked = Asked::default();
    let mut engine = engine();
    for index in 0..group.members.len() {
        let (members, request, asked) = (Arc::clone(&group.members), Arc::clone(&request), Arc::clone(&asked));
        let name = group.members[index].name.clone();
        engine.register_fn(name, move || ask(&members[index], &request, &asked));
    }
    let result = engine.eval_ast::<bool>(&group.expression);
    let mut asked = std::mem::take(&mut *asked.lock().unwrap_or_else(PoisonError::into_inner));
    let names = group.members.iter().map(|member| &member.name);
    let members: Vec<MemberOutcome> = names.filter_map(|name| asked.remove(name)).collect();
    let response = response(request.uid(), &result, &group.message, &members);
    GroupOutcome { result: result.map_err(|error| error.to_string()), response, members }
}

/// Evaluates a member for the expression. One that cannot be started is an error, which ends the expression.
fn ask(member: &Member, request: &PreparedRequest, asked: &Asked) -> Result<bool, Box<EvalAltResult>> {
    let outcome = member.policy.validate_prepared(request, &member.settings, &member.options);
    let response = &outcome.response;
    let status = response.status.as_ref();
    let (allowed, message) = match &response.patch {
        Some(_) => (false, Some(NO_MUTATION.to_owned())),
        None => (response.allowed, status.and_then(|status| status.message.clone()).filter(|_| !response.allowed)),
    };
    let failure = outcome.result.as_ref().err().filter(|_| !outcome.started).cloned();
    let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
    let times = asked.get(&member.name).map_or(0, |earlier| earlier.times) + 1;
    asked.insert(member.name.clone(), MemberOutcome { name: member.name.clone(), allowed, message, times, outcome });
    match failure {
        Some(failure) => {
            Err(EvalAltResult::ErrorSystem(format!("error invoking {}", member.name), Box::new(failure)).into())
        }
        None => Ok(allowed),
    }
}

fn response(
    uid: &str,
    result: &Result<bool, Box<EvalAltResult>>,
    message: &str,
    members: &[MemberOutcome],
) -> AdmissionResponse {
    let cause = |member: &MemberOutcome| StatusCause {
        reason: None,
        message: member.message.clone(),
        field: Some(format!("spec.policies.{}", member.name)),
    };
    match result {
        Ok(true) => AdmissionResponse { uid: uid.to_owned(), allowed: true, ..AdmissionResponse::default() },
        Ok(false) => {
            let causes = members.iter().filter(|member| !member.allowed).map(cause).collect();
            let status = AdmissionStatus {
                message: Some(message.to_owned()),
                details: Some(StatusDetails { causes, ..StatusDetails::default() }),
                ..AdmissionStatus::default()
            };
            AdmissionResponse { uid: uid.to_owned(), status: Some(status), ..AdmissionResponse::default() }
        }
        Err(error) => {
            AdmissionResponse::from_failure(uid, format!("error evaluating policy group expression: {error}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::check_expression;

    /// The borders are those of an engine that was built for release and has no limits set.
    #[test]
    fn expressions_are_as_deep_as_policy_server_takes_them() {
        let nested =
            |open: &str, close: &str, times: usize| format!("{}a(){}", open.repeat(times), close.repeat(times));
        let takes = |expression: String| check_expression(&expression, &["a"]).is_ok();
        for (open, close, most) in [("!", "", 63), ("(", ")", 31), ("!(", ")", 21)] {
            assert!(takes(nested(open, close, most)), "{most} × {open}");
            assert!(!takes(nested(open, close, most + 1)), "{most} × {open} and one more");
        }
        for operator in [" && ", " || ", " == "] {
            assert!(takes(vec!["a()"; 64].join(operator)), "64 ×{operator}");
            assert!(!takes(vec!["a()"; 65].join(operator)), "65 ×{operator}");
        }
        if !cfg!(debug_assertions) {
            assert_eq!(Engine::new_raw().max_expr_depth(), MAX_LEVELS);
        }
    }
}
