//! A bound on what evaluating an expression can take, in time and in memory.
//!
//! API servers give expressions a budget of cost and let them fail when that is spent. Here an expression is not evaluated when, by the
//! sizes that the documents of the request have, it and those before it could take more than [`MAX_COST`]. Nothing is evaluated to find that out: each part
//! of the expression gets a bound for its own value and for the way to it.
//!
//! Sizes are bytes of strings and keys, and one for each value. What happens to an item of an array grows at least as fast as the
//! item (texts are copied, joined and replaced), so a macro takes the most where one item has everything that the array has.

use std::cell::RefCell;
use std::collections::HashMap;

use cel::{
    IdedExpr,
    common::ast::{CallExpr, ComprehensionExpr, EntryExpr, Expr, LiteralValue, operators},
};
use serde_json::Value;

use crate::pattern;
use crate::request::AdmissionRequest;

/// The most that the conditions of a policy may cost together: bytes that are looked at or written, and [`STEP`] for each part that is evaluated.
pub(super) const MAX_COST: f64 = 100_000_000.0;

/// What it costs to evaluate a part of an expression, besides the bytes.
const STEP: f64 = 20.0;

/// Where the variables of expressions come from.
pub(super) struct Sizes<'r> {
    object: Option<&'r Value>,
    old_object: Option<&'r Value>,
    /// The size of everything else that a request has.
    request: f64,
    /// The sizes of parts of the documents, by their addresses.
    known: RefCell<HashMap<*const Value, f64>>,
}

/// What a part of an expression takes, and what it gives.
#[derive(Clone, Copy, Debug)]
struct Bound {
    cost: f64,
    size: f64,
    /// How many items it has at most, as an array or object.
    items: f64,
}

impl Bound {
    fn new(cost: f64, size: f64) -> Self {
        Self { cost: cost + STEP, size, items: size }
    }
}

/// A variable of a macro, and the size of its value.
type Scope<'e> = Vec<(&'e str, f64)>;

impl<'r> Sizes<'r> {
    pub(super) fn of(request: &'r AdmissionRequest) -> Self {
        let fields = serde_json::to_value(request).unwrap_or_default();
        let others =
            fields.as_object().into_iter().flatten().filter(|(key, _)| *key != "object" && *key != "oldObject");
        Self {
            object: request.object.as_ref(),
            old_object: request.old_object.as_ref(),
            request: others.map(|(key, field)| key.len() as f64 + measured(field)).sum(),
            known: RefCell::default(),
        }
    }

    /// The most that evaluating the expression can cost.
    pub(super) fn cost(&self, expression: &IdedExpr) -> f64 {
        self.bound(expression, &mut Vec::new()).cost
    }

    fn bound<'e>(&self, expression: &'e IdedExpr, scope: &mut Scope<'e>) -> Bound {
        if let Some(value) = self.known(expression, scope) {
            let items = match value {
                Value::Array(items) => items.len(),
                Value::Object(entries) => entries.len(),
                _ => 0,
            };
            return Bound { items: items as f64, ..Bound::new(0.0, self.size(value)) };
        }
        match &expression.expr {
            Expr::Literal(LiteralValue::String(text)) => Bound::new(0.0, 1.0 + text.inner().len() as f64),
            Expr::Literal(LiteralValue::Bytes(bytes)) => Bound::new(0.0, 1.0 + bytes.inner().len() as f64),
            Expr::Literal(_) | Expr::Unspecified => Bound::new(0.0, 1.0),
            Expr::Ident(name) => match scope.iter().rev().find(|(variable, _)| variable == name) {
                Some((_, size)) => Bound::new(0.0, *size),
                // What a document does not have is an error, and costs nothing.
                None => Bound::new(0.0, if name == "request" { self.request } else { 1.0 }),
            },
            Expr::Select(select) => {
                let operand = self.bound(&select.operand, scope);
                Bound::new(operand.cost, if select.test { 1.0 } else { operand.size })
            }
            Expr::Call(call) => self.call(call, scope),
            Expr::List(list) => {
                let bound = self.all(&list.elements, scope);
                Bound { items: list.elements.len() as f64, ..bound }
            }
            Expr::Map(map) => {
                let mut bound = Bound::new(0.0, 1.0);
                for entry in &map.entries {
                    let parts = match &entry.expr {
                        EntryExpr::MapEntry(entry) => vec![&entry.key, &entry.value],
                        EntryExpr::StructField(field) => vec![&field.value],
                    };
                    let entry = self.all(parts, scope);
                    bound = Bound::new(bound.cost + entry.cost, bound.size + entry.size);
                }
                Bound { items: map.entries.len() as f64, ..bound }
            }
            Expr::Comprehension(of) => self.comprehension(of, scope),
            Expr::Struct(_) => Bound::new(f64::INFINITY, f64::INFINITY),
        }
    }

    /// The part of a document that a path such as `object.spec.containers` leads to.
    fn known(&self, expression: &IdedExpr, scope: &Scope<'_>) -> Option<&'r Value> {
        match &expression.expr {
            Expr::Ident(name) if scope.iter().all(|(variable, _)| variable != name) => match name.as_str() {
                "object" => self.object,
                "oldObject" => self.old_object,
                _ => None,
            },
            Expr::Select(select) if !select.test => self.known(&select.operand, scope)?.get(&select.field),
            _ => None,
        }
    }

    fn size(&self, value: &Value) -> f64 {
        if let Some(size) = self.known.borrow().get(&std::ptr::from_ref(value)) {
            return *size;
        }
        let size = measured(value);
        self.known.borrow_mut().insert(value, size);
        size
    }

    /// All of these, copied into one value.
    fn all<'e>(&self, parts: impl IntoIterator<Item = &'e IdedExpr>, scope: &mut Scope<'e>) -> Bound {
        parts.into_iter().fold(Bound::new(0.0, 1.0), |all, part| {
            let part = self.bound(part, scope);
            Bound::new(all.cost + part.cost + part.size, all.size + part.size)
        })
    }

    fn call<'e>(&self, call: &'e CallExpr, scope: &mut Scope<'e>) -> Bound {
        let parts: Vec<&IdedExpr> = call.target.iter().map(|target| &**target).chain(&call.args).collect();
        let bounds: Vec<Bound> = parts.iter().map(|part| self.bound(part, scope)).collect();
        let cost: f64 = bounds.iter().map(|bound| bound.cost).sum();
        let sizes: f64 = bounds.iter().map(|bound| bound.size).sum();
        let one = Bound { items: 0.0, ..Bound::new(cost + sizes, 1.0) };
        match (call.func_name.as_str(), bounds.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT, _)
            | (operators::NOT_STRICTLY_FALSE, _) => Bound::new(cost, 1.0),
            (operators::EQUALS | operators::NOT_EQUALS | operators::IN | "contains" | "startsWith" | "endsWith", _)
            | (operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS, _)
            | ("size" | "hasValue", _) => one,
            (operators::CONDITIONAL, [_, yes, no]) => {
                Bound { items: yes.items.max(no.items), ..Bound::new(cost, yes.size.max(no.size)) }
            }
            (operators::INDEX | operators::OPT_INDEX | operators::OPT_SELECT | "value", [of, ..]) => {
                Bound::new(cost, of.size)
            }
            (operators::ADD, [a, b]) => Bound { items: a.items + b.items, ..Bound::new(cost + sizes, sizes) },
            ("matches", [text, given]) => {
                let steps = match parts.get(1).map(|part| &part.expr) {
                    Some(Expr::Literal(LiteralValue::String(literal))) => pattern::steps(literal.inner()),
                    _ => pattern::MOST_STEPS,
                };
                // It is compiled twice, for its size and to be used.
                Bound::new(cost + given.size + 32.0 * steps + steps * text.size, 1.0)
            }
            // With an empty text to search for, there is a place before each character.
            ("replace", [text, _, with]) => {
                let size = (text.size + 1.0) * (with.size + 1.0);
                Bound::new(cost + sizes + size, size)
            }
            ("join", [texts, with]) => {
                let size = texts.size + (texts.items + 1.0) * (with.size + 1.0);
                Bound::new(cost + sizes + size, size)
            }
            ("split", [text, ..]) => Bound::new(cost + sizes, 2.0 * text.size + 1.0),
            // Arithmetic, letters of another case, and what gives one of its arguments.
            _ => Bound::new(cost + sizes, sizes),
        }
    }

    fn comprehension<'e>(&self, of: &'e ComprehensionExpr, scope: &mut Scope<'e>) -> Bound {
        let range = self.bound(&of.iter_range, scope);
        let init = self.bound(&of.accu_init, scope);
        let mut step = |result: f64, item: f64| {
            scope.push((&of.accu_var, result));
            scope.push((&of.iter_var, item));
            let (condition, step) = (self.bound(&of.loop_cond, scope), self.bound(&of.loop_step, scope));
            scope.truncate(scope.len() - 2);
            // The item is copied into its variable.
            Bound { cost: condition.cost + step.cost + item, ..step }
        };
        let (whole, other) = (step(0.0, range.size), step(0.0, 1.0));
        // What a step adds to the result; where it copies the result into itself, there is no bound.
        let grows = step(1.0, 1.0).size - other.size > 1.0;
        let size = match grows {
            true => f64::INFINITY,
            false => init.size + whole.size + range.items * other.size,
        };
        let cost = range.cost + init.cost + whole.cost + range.items * other.cost;
        scope.push((&of.accu_var, size));
        let result = self.bound(&of.result, scope);
        scope.pop();
        Bound { items: range.items + init.items, ..Bound::new(cost + size + result.cost, result.size) }
    }
}

/// The size of a document.
fn measured(value: &Value) -> f64 {
    1.0 + match value {
        Value::String(text) => text.len() as f64,
        Value::Array(items) => items.iter().map(measured).sum(),
        Value::Object(entries) => entries.iter().map(|(key, entry)| key.len() as f64 + measured(entry)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cost(expression: &str, object: &Value) -> f64 {
        let request = AdmissionRequest { object: Some(object.clone()), ..AdmissionRequest::default() };
        let program = super::super::environment().compile(expression).expect("it is an expression");
        Sizes::of(&request).cost(program.expression())
    }

    fn fits(expression: &str, object: &Value) {
        let cost = cost(expression, object);
        assert!(cost < MAX_COST, "{expression}: {cost}");
    }

    fn is_too_much(expression: &str, object: &Value) {
        let cost = cost(expression, object);
        assert!(cost > MAX_COST, "{expression}: {cost}");
    }

    #[test]
    fn macros_inside_of_macros_multiply() {
        let pod = json!({"spec": {"containers": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}});
        let small = cost("object.spec.containers.all(c, c.env.exists(e, e.name == 'x'))", &pod);
        assert!(small < 20_000.0, "{small}");
        let large: Vec<u32> = (0..100_000).collect();
        let large = json!({ "items": large });
        fits("object.items.all(i, i < 5)", &large);
        fits("object.items.filter(i, i < 5).map(i, i + 1).size() > 3", &large);
        is_too_much("object.items.all(i, object.items.all(j, i == j))", &large);
        let nested =
            (0..10).fold("true".to_owned(), |inner, level| format!("[0,1,2,3,4,5,6,7,8,9].all(x{level}, {inner})"));
        is_too_much(&nested, &pod);
    }

    #[test]
    fn bytes_count_wherever_they_come_from() {
        let text = json!({ "s": "x".repeat(300_000), "small": { "a": "b" } });
        fits("object.s.contains('a') && object.s.size() > 2 && object.s.lowerAscii() != 'b'", &text);
        is_too_much("object.s.replace('', object.s).size() > 3", &text);
        is_too_much("object.s.split('').join(object.s) == 'a'", &text);
        // Each step doubles the text.
        let doubled = format!("['x']{}[0] != 'y'", ".map(a, a + a)".repeat(34));
        is_too_much(&doubled, &json!({}));
        fits(&format!("['x']{}[0] != 'y'", ".map(a, a + a)".repeat(5)), &json!({}));
        let items: Vec<u32> = (0..150_000).collect();
        let compared = json!({ "l": items, "s": "x".repeat(1_000_000) });
        is_too_much("object.l.all(i, object.s == object.s)", &compared);
        // Parts that an expression does not look at cost nothing.
        fits("object.small.all(k, object.small[k] == 'b')", &text);
    }

    #[test]
    fn patterns_cost_by_their_size() {
        let text = json!({ "s": "x".repeat(30_000) });
        fits("object.s.matches('^[a-z0-9.-]+$')", &text);
        is_too_much("object.s.matches('(a*)*(a*)*(a|aa|aaa){40}{40}b')", &text);
        is_too_much("[1,2,3].all(x, [1,2,3].all(y, object.s.matches('(a?){900}b')))", &text);
        is_too_much("object.s.matches(object.s)", &text);
        fits("object.s.matches(object.s)", &json!({ "s": "x{3}" }));
    }
}
