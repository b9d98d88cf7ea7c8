//! Conditions: expressions in CEL about a request.
//!
//! They are parsed and evaluated by the crate `cel`. It has no checker of types, and functions that API servers do not have, so
//! [`check`] looks at an expression first: what an API server would refuse is an error, and what is not evaluated here (who may
//! do what, functions of Kubernetes that the crate does not have) is known as that. Nothing else is evaluated.

mod check;
mod cost;
mod types;
mod value;

use std::{fmt, sync::Arc};

use cel::{
    Context, Env, ExecutionError, Program, Value,
    common::types::{CelBool, CelString},
};

use self::cost::{MAX_COST, Sizes};
use crate::{input::with_deep_stack, pattern, request::AdmissionRequest};

/// Bytes of an expression: more than anybody writes.
const MAX_EXPRESSION: usize = 16 * 1024;

/// One entry of `matchConditions`.
#[derive(Clone)]
pub(super) struct Condition {
    name: String,
    expression: Arc<Expression>,
}

enum Expression {
    Program(Program),
    /// Why it is not evaluated here.
    Unknown(String),
}

/// What became of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Held {
    True,
    False,
    /// It fails, and why.
    Error(String),
    /// It is not evaluated here, and why.
    Unknown(String),
}

impl Held {
    pub(super) fn error(&self) -> Option<&str> {
        if let Self::Error(why) = self { Some(why) } else { None }
    }

    pub(super) fn unknown(&self) -> Option<&str> {
        if let Self::Unknown(why) = self { Some(why) } else { None }
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Condition").field(&self.name).finish()
    }
}

impl Condition {
    /// Parses and checks an expression.
    ///
    /// # Errors
    ///
    /// Why an API server would refuse it.
    pub(super) fn new(name: &str, expression: &str) -> Result<Self, String> {
        if expression.len() > MAX_EXPRESSION {
            return Err(format!("has more than {MAX_EXPRESSION} bytes"));
        }
        let expression = with_deep_stack(|| match environment().compile(expression) {
            Err(errors) => match errors.errors.first() {
                // API servers go deeper.
                Some(error) if error.msg.contains("Recursion limit") => {
                    Ok(Expression::Unknown("it is nested deeper than is evaluated here".to_owned()))
                }
                first => Err(first.map_or_else(|| "cannot be parsed".to_owned(), syntax)),
            },
            Ok(program) => match check::check(program.expression()) {
                Ok(()) => Ok(Expression::Program(program)),
                Err(check::Problem::Invalid(why)) => Err(why),
                Err(check::Problem::NotHere(why)) => Ok(Expression::Unknown(why)),
            },
        })
        .flatten()?;
        Ok(Self { name: name.to_owned(), expression: Arc::new(expression) })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

/// Evaluates each of the conditions.
pub(super) fn evaluate(conditions: &[Condition], request: &AdmissionRequest) -> Vec<Held> {
    let held = with_deep_stack(|| {
        let mut context = Context::with_env(Arc::new(environment()));
        for (name, value) in value::variables(request) {
            context.add_variable_from_value(name, value);
        }
        let sizes = Sizes::of(request);
        let mut left = MAX_COST;
        conditions.iter().map(|condition| held(condition, &context, &sizes, &mut left)).collect()
    });
    held.unwrap_or_else(|why| conditions.iter().map(|_| Held::Unknown(why.clone())).collect())
}

fn held(condition: &Condition, context: &Context<'_, '_>, sizes: &Sizes<'_>, left: &mut f64) -> Held {
    match &*condition.expression {
        Expression::Unknown(why) => Held::Unknown(why.clone()),
        Expression::Program(program) if !spent(left, || sizes.cost(program.expression())) => Held::Unknown(
            "by the sizes that this request has, it could take more time and memory than it may have here; an API server has a budget \
             of its own"
                .to_owned(),
        ),
        Expression::Program(program) => match program.execute(context) {
            Ok(Value::Bool(true)) => Held::True,
            Ok(Value::Bool(false)) => Held::False,
            Ok(other) => Held::Error(format!("it is not true or false, but of type {}", other.type_of())),
            Err(ExecutionError::FunctionError { function, message }) if function == MATCHES => Held::Unknown(message),
            Err(error) => Held::Error(words(&error)),
        },
    }
}

/// Whether there is as much left as this costs, which then is less. With nothing left, it is not asked what it would be.
fn spent(left: &mut f64, cost: impl FnOnce() -> f64) -> bool {
    if *left > 0.0 {
        *left -= cost();
    }
    *left > 0.0
}

/// What is wrong with the text, in one line.
fn syntax(error: &cel::ParseError) -> String {
    let (line, column) = error.pos;
    let message = error.msg.lines().next().unwrap_or_default();
    format!("at {line}:{column} of the expression: {message}")
}

/// What went wrong, without the values of a request.
fn words(error: &ExecutionError) -> String {
    match error {
        ExecutionError::NoSuchKey(key) => format!("there is no `{key}`"),
        ExecutionError::IndexOutOfBounds(_) => "an index is out of bounds".to_owned(),
        ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_) => "a division by zero".to_owned(),
        ExecutionError::Overflow(..) => "a number is too large".to_owned(),
        other => {
            let text = other.to_string();
            let first: String = text.lines().next().unwrap_or_default().chars().take(200).collect();
            first
        }
    }
}

const MATCHES: &str = "matches";

/// What expressions can use: the standard library without times, and the functions on strings that API servers have.
fn environment() -> Env {
    let mut env = Env::stdlib();
    let declared = env
        .add_extension(cel::extensions::strings)
        .and_then(|()| cel::add_member_overload!(env, fn matches: (CelString, CelString) -> Result<CelBool>));
    declared.expect("the functions have names of their own");
    env
}

fn matches(text: &CelString<'_>, pattern: &CelString<'_>) -> Result<CelBool, ExecutionError> {
    match pattern::compiled(pattern.inner()) {
        Ok(regex) => Ok(CelBool::from(regex.is_match(text.inner()))),
        Err(error) => Err(ExecutionError::function_error(
            MATCHES,
            format!("the pattern `{}` cannot be used: {error}", pattern::shortened(pattern.inner())),
        )),
    }
}
