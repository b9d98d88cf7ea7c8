//! What an API server would refuse when it compiles an expression, and what is not evaluated here.

use cel::{
    IdedExpr,
    common::ast::{
        CallExpr, ComprehensionExpr, EntryExpr, Expr, ListExpr, LiteralValue, MapExpr, SelectExpr, operators,
    },
};

use super::types::{REQUEST, Type};

/// Why an expression is not evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// An API server refuses it.
    Invalid(String),
    /// An API server evaluates it, and this program does not.
    NotHere(String),
}

type Checked = Result<Type, Problem>;

fn invalid<T>(why: impl Into<String>) -> Result<T, Problem> {
    Err(Problem::Invalid(why.into()))
}

fn not_here<T>(why: impl Into<String>) -> Result<T, Problem> {
    Err(Problem::NotHere(why.into()))
}

/// Checks that a whole expression gives true or false.
pub(super) fn check(expression: &IdedExpr) -> Result<(), Problem> {
    match (Scope { variables: Vec::new() }).of(expression)? {
        Type::Bool => Ok(()),
        other => invalid(format!("it must give bool, and gives {other}; compare it with something")),
    }
}

/// The variables of macros around an expression.
struct Scope {
    variables: Vec<(String, Type)>,
}

impl Scope {
    fn of(&mut self, expression: &IdedExpr) -> Checked {
        match &expression.expr {
            Expr::Literal(literal) => Ok(match literal {
                LiteralValue::Boolean(_) => Type::Bool,
                LiteralValue::Bytes(_) => Type::Bytes,
                LiteralValue::Double(_) => Type::Double,
                LiteralValue::Int(_) => Type::Int,
                LiteralValue::Null => Type::Null,
                LiteralValue::String(_) => Type::String,
                LiteralValue::UInt(_) => Type::Uint,
            }),
            Expr::Ident(name) => self.variable(name),
            Expr::Select(select) => self.select(select),
            Expr::Call(call) => self.call(call),
            Expr::List(list) => self.list(list),
            Expr::Map(map) => self.map(map),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension),
            Expr::Struct(made) => not_here(format!("it makes a `{}`", made.type_name)),
            Expr::Unspecified => invalid("it is empty"),
        }
    }

    fn variable(&self, name: &str) -> Checked {
        if let Some((_, known)) = self.variables.iter().rev().find(|(variable, _)| variable == name) {
            return Ok(known.clone());
        }
        match name {
            "object" | "oldObject" | "namespaceObject" => Ok(Type::Dyn),
            "request" => Ok(Type::Fields(&REQUEST)),
            "authorizer" => not_here("`authorizer` asks a cluster who may do what"),
            "params" | "variables" => {
                invalid(format!("there is no `{name}` in a condition; there are object, oldObject and request"))
            }
            "bool" | "bytes" | "double" | "duration" | "dyn" | "int" | "list" | "map" | "null_type" | "string"
            | "timestamp" | "type" | "uint" => not_here(format!("it uses the type `{name}` as a value")),
            _ => invalid(format!("there is no `{name}`; there are object, oldObject and request")),
        }
    }

    fn select(&mut self, select: &SelectExpr) -> Checked {
        let operand = self.of(&select.operand)?;
        let selected = field(&operand, &select.field)?;
        Ok(if select.test { Type::Bool } else { selected })
    }

    fn list(&mut self, list: &ListExpr) -> Checked {
        if !list.optional_indices.is_empty() {
            return not_here("it has optional items in an array");
        }
        let mut of: Option<Type> = None;
        for element in &list.elements {
            let next = self.of(element)?;
            of = Some(match of {
                Some(of) if !of.fits(&next) => return invalid(format!("an array holds {of} and {next}")),
                Some(of) => of.either(next),
                None => next,
            });
        }
        Ok(Type::List(Box::new(of.unwrap_or(Type::Dyn))))
    }

    fn map(&mut self, map: &MapExpr) -> Checked {
        let mut of: Option<Type> = None;
        for entry in &map.entries {
            let EntryExpr::MapEntry(entry) = &entry.expr else { return not_here("it makes an object of a type") };
            if entry.optional {
                return not_here("it has optional entries in an object");
            }
            if !self.of(&entry.key)?.fits(&Type::String) {
                return not_here("it makes an object whose keys are not strings");
            }
            let next = self.of(&entry.value)?;
            of = Some(match of {
                Some(of) if !of.fits(&next) => return invalid(format!("an object holds {of} and {next}")),
                Some(of) => of.either(next),
                None => next,
            });
        }
        Ok(Type::Map(Box::new(of.unwrap_or(Type::Dyn))))
    }

    /// One of the macros all, exists, exists_one, filter and map, written out.
    fn comprehension(&mut self, comprehension: &ComprehensionExpr) -> Checked {
        if comprehension.iter_var2.is_some() {
            return not_here("it has a macro with two variables");
        }
        let item = match self.of(&comprehension.iter_range)? {
            Type::List(of) => *of,
            Type::Map(_) => Type::String,
            Type::Dyn => Type::Dyn,
            other => return invalid(format!("there is nothing to go through in {other}")),
        };
        let result = self.of(&comprehension.accu_init)?;
        let before = self.variables.len();
        self.variables.push((comprehension.accu_var.clone(), result));
        self.variables.push((comprehension.iter_var.clone(), item));
        let checked = self.of(&comprehension.loop_cond).and_then(|_| self.of(&comprehension.loop_step));
        self.variables.truncate(before);
        let step = checked?;
        self.variables.push((comprehension.accu_var.clone(), step));
        let result = self.of(&comprehension.result);
        self.variables.truncate(before);
        result
    }

    fn call(&mut self, call: &CallExpr) -> Checked {
        if let Some(target) = &call.target {
            if let (Expr::Ident(name), false) = (&target.expr, self.is_variable(target)) {
                if name == "optional" {
                    return self.optional(call);
                }
                if name != "authorizer" {
                    return not_here(format!("the function `{name}.{}`", call.func_name));
                }
            }
            let target = self.of(target)?;
            let arguments = self.arguments(call)?;
            return member(&call.func_name, &target, &arguments);
        }
        let arguments = self.arguments(call)?;
        match (call.func_name.as_str(), arguments.as_slice()) {
            (operators::CONDITIONAL, [condition, yes, no]) => {
                wants_bool("?:", condition)?;
                match yes.fits(no) {
                    true => Ok(yes.clone().either(no.clone())),
                    false => invalid(format!("`?:` gives {yes} or {no}")),
                }
            }
            (operators::LOGICAL_AND, [a, b]) => wants_bool("&&", a).and(wants_bool("&&", b)),
            (operators::LOGICAL_OR, [a, b]) => wants_bool("||", a).and(wants_bool("||", b)),
            (operators::LOGICAL_NOT, [a]) => wants_bool("!", a),
            (operators::NOT_STRICTLY_FALSE, [_]) => Ok(Type::Bool),
            (operators::EQUALS | operators::NOT_EQUALS, [a, b]) => match a.fits(b) {
                true => Ok(Type::Bool),
                false => invalid(format!("{a} is never equal to {b}")),
            },
            (operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS, [a, b]) => {
                ordered(a, b)
            }
            (operators::IN, [item, container]) => contained(item, container),
            (operators::INDEX, [of, at]) => indexed(of, at),
            (operators::OPT_INDEX, [of, at]) => {
                indexed(&unwrapped(of), at).map(|found| Type::Optional(Box::new(found)))
            }
            (operators::OPT_SELECT, [of, _]) => match (unwrapped(of), call.args.get(1).map(|field| &field.expr)) {
                (of, Some(Expr::Literal(LiteralValue::String(name)))) => {
                    field(&of, name.inner()).map(|found| Type::Optional(Box::new(found)))
                }
                _ => invalid("`?.` wants the name of a field"),
            },
            (operators::NEGATE, [a @ (Type::Int | Type::Double | Type::Dyn)]) => Ok(a.clone()),
            (operators::ADD, [a, b]) => sum(a, b),
            (operators::SUBSTRACT | operators::MULTIPLY | operators::DIVIDE, [a, b]) => number("arithmetic", a, b),
            (operators::MODULO, [a, b]) if *a != Type::Double && *b != Type::Double => number("`%`", a, b),
            (operators::NEGATE | operators::MODULO, _) => invalid("there is no such arithmetic"),
            ("size", [of]) => size(of),
            ("matches", [_, _]) => not_here("the function `matches(a, b)`; `a.matches(b)` is"),
            (name, _) => not_here(format!("the function `{name}`")),
        }
    }

    fn arguments(&mut self, call: &CallExpr) -> Result<Vec<Type>, Problem> {
        call.args.iter().map(|argument| self.of(argument)).collect()
    }

    fn is_variable(&self, expression: &IdedExpr) -> bool {
        match &expression.expr {
            Expr::Ident(name) => {
                self.variables.iter().any(|(variable, _)| variable == name)
                    || ["object", "oldObject", "namespaceObject", "request"].contains(&name.as_str())
            }
            _ => true,
        }
    }

    fn optional(&mut self, call: &CallExpr) -> Checked {
        let arguments = self.arguments(call)?;
        match (call.func_name.as_str(), arguments.as_slice()) {
            ("none", []) => Ok(Type::Optional(Box::new(Type::Dyn))),
            ("of", [of]) => Ok(Type::Optional(Box::new(of.clone()))),
            (name, _) => not_here(format!("the function `optional.{name}`")),
        }
    }
}

/// What a value may hold.
fn unwrapped(of: &Type) -> Type {
    match of {
        Type::Optional(of) => (**of).clone(),
        other => other.clone(),
    }
}

fn field(of: &Type, name: &str) -> Checked {
    match of {
        Type::Dyn => Ok(Type::Dyn),
        Type::Map(of) => Ok((**of).clone()),
        Type::Optional(of) => field(of, name).map(|found| Type::Optional(Box::new(found))),
        Type::Fields(known) => match known.fields.iter().find(|(field, _)| *field == name) {
            Some((_, found)) => Ok(found.to_type()),
            None => {
                let names: Vec<_> = known.fields.iter().map(|(field, _)| *field).collect();
                let hint = match name {
                    "object" | "oldObject" if known.name == REQUEST.name => format!("; write `{name}`"),
                    _ => format!("; its fields are {}", names.join(", ")),
                };
                invalid(format!("the {} of a condition has no field `{name}`{hint}", known.name))
            }
        },
        other => invalid(format!("{other} has no field `{name}`")),
    }
}

fn wants_bool(operator: &str, given: &Type) -> Checked {
    match given.fits(&Type::Bool) {
        true => Ok(Type::Bool),
        false => invalid(format!("`{operator}` wants bool, and gets {given}")),
    }
}

fn ordered(a: &Type, b: &Type) -> Checked {
    let ordered = |of: &Type| of.is_number() || matches!(of, Type::Dyn | Type::String | Type::Bool | Type::Bytes);
    match ordered(a) && ordered(b) && (a.fits(b) || a.is_number() && b.is_number()) {
        true => Ok(Type::Bool),
        false => invalid(format!("{a} and {b} have no order")),
    }
}

fn contained(item: &Type, container: &Type) -> Checked {
    let fits = match container {
        Type::Dyn => true,
        Type::List(of) => item.fits(of),
        Type::Map(_) => item.fits(&Type::String),
        _ => false,
    };
    if fits { Ok(Type::Bool) } else { invalid(format!("{item} is never in {container}")) }
}

fn indexed(of: &Type, at: &Type) -> Checked {
    match of {
        Type::Dyn => Ok(Type::Dyn),
        Type::List(of) if at.fits(&Type::Int) => Ok((**of).clone()),
        Type::Map(of) if at.fits(&Type::String) => Ok((**of).clone()),
        Type::Optional(of) => indexed(of, at).map(|found| Type::Optional(Box::new(found))),
        other => invalid(format!("{other} has no `[{at}]`")),
    }
}

fn sum(a: &Type, b: &Type) -> Checked {
    let adds = |of: &Type| of.is_number() || matches!(of, Type::Dyn | Type::String | Type::Bytes | Type::List(_));
    match adds(a) && adds(b) && a.fits(b) {
        true => Ok(a.clone().either(b.clone())),
        false => invalid(format!("{a} and {b} have no sum")),
    }
}

fn number(what: &str, a: &Type, b: &Type) -> Checked {
    let number = |of: &Type| of.is_number() || *of == Type::Dyn;
    match number(a) && number(b) && a.fits(b) {
        true => Ok(a.clone().either(b.clone())),
        false => invalid(format!("{what} wants two numbers of one type, and gets {a} and {b}")),
    }
}

fn size(of: &Type) -> Checked {
    match of {
        Type::Dyn | Type::String | Type::Bytes | Type::List(_) | Type::Map(_) => Ok(Type::Int),
        other => invalid(format!("{other} has no size")),
    }
}

/// A function that is called on a value.
fn member(name: &str, target: &Type, arguments: &[Type]) -> Checked {
    let takes = |target_type: Type, wanted: &[Type], gives: Type| {
        let fit = target.fits(&target_type)
            && wanted.len() == arguments.len()
            && wanted.iter().zip(arguments).all(|(wanted, given)| given.fits(wanted));
        if fit { Ok(gives) } else { invalid(format!("`{name}` does not go with {target}{}", listed(arguments))) }
    };
    let strings = || Type::List(Box::new(Type::String));
    match (name, target) {
        ("size", target) if arguments.is_empty() => size(target),
        ("contains" | "startsWith" | "endsWith" | "matches", _) => takes(Type::String, &[Type::String], Type::Bool),
        ("lowerAscii" | "upperAscii" | "trim", _) => takes(Type::String, &[], Type::String),
        ("replace", _) if arguments.len() == 2 => takes(Type::String, &[Type::String, Type::String], Type::String),
        ("split", _) if arguments.len() == 1 => takes(Type::String, &[Type::String], strings()),
        ("join", _) if arguments.is_empty() => takes(strings(), &[], Type::String),
        ("join", _) => takes(strings(), &[Type::String], Type::String),
        ("hasValue", Type::Optional(_)) if arguments.is_empty() => Ok(Type::Bool),
        ("value", Type::Optional(of)) if arguments.is_empty() => Ok((**of).clone()),
        ("orValue", Type::Optional(of)) => match arguments {
            [other] if of.fits(other) => Ok((**of).clone().either(other.clone())),
            _ => invalid(format!("`orValue` does not go with {target}{}", listed(arguments))),
        },
        _ => not_here(format!("the function `{name}`")),
    }
}

fn listed(arguments: &[Type]) -> String {
    let arguments: Vec<_> = arguments.iter().map(ToString::to_string).collect();
    if arguments.is_empty() { String::new() } else { format!(" and {}", arguments.join(", ")) }
}
