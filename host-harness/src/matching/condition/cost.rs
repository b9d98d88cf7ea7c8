//! A bound on what evaluating an expression can take.
//!
//! API servers give each expression a budget of cost and let it fail when that is spent. Here an expression is not evaluated when its
//! macros could go through more items than [`MAX_STEPS`], by the sizes that arrays, objects and strings of the request have.

use cel::{
    IdedExpr,
    common::ast::{EntryExpr, Expr, operators},
};
use serde_json::Value;

/// Items that all macros of an expression go through.
pub(super) const MAX_STEPS: u64 = 2_000_000;

/// The largest that a request has.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sizes {
    /// Items of an array, or entries of an object.
    items: u64,
    /// Bytes of a string, which functions make arrays of.
    string: u64,
}

impl Sizes {
    /// Takes note of a document of the request.
    pub(super) fn note(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.string = self.string.max(text.len() as u64),
            Value::Array(items) => {
                self.items = self.items.max(items.len() as u64);
                items.iter().for_each(|item| self.note(item));
            }
            Value::Object(entries) => {
                self.items = self.items.max(entries.len() as u64);
                entries.values().for_each(|entry| self.note(entry));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// How many items the macros of an expression go through at most.
    pub(super) fn steps(self, expression: &IdedExpr) -> u64 {
        let all = |parts: &[&IdedExpr]| parts.iter().fold(1, |sum: u64, part| sum.saturating_add(self.steps(part)));
        match &expression.expr {
            Expr::Select(select) => all(&[&select.operand]),
            Expr::Call(call) => all(&call.target.iter().map(|target| &**target).chain(&call.args).collect::<Vec<_>>()),
            Expr::List(list) => all(&list.elements.iter().collect::<Vec<_>>()),
            Expr::Map(map) => map.entries.iter().fold(1, |sum, entry| match &entry.expr {
                EntryExpr::MapEntry(entry) => sum.saturating_add(all(&[&entry.key, &entry.value])),
                EntryExpr::StructField(field) => sum.saturating_add(self.steps(&field.value)),
            }),
            Expr::Comprehension(of) => {
                let each = all(&[&of.loop_cond, &of.loop_step]);
                let once = all(&[&of.iter_range, &of.accu_init, &of.result]);
                once.saturating_add(self.length(&of.iter_range).saturating_mul(each))
            }
            Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) | Expr::Struct(_) => 1,
        }
    }

    /// How many items an array or an object can have that an expression gives.
    fn length(self, expression: &IdedExpr) -> u64 {
        match &expression.expr {
            Expr::List(list) => list.elements.len() as u64,
            Expr::Map(map) => map.entries.len() as u64,
            Expr::Comprehension(of) => self.length(&of.iter_range),
            Expr::Call(call) if call.func_name == operators::ADD => {
                call.args.iter().fold(0, |sum: u64, part| sum.saturating_add(self.length(part)))
            }
            Expr::Call(_) => self.items.max(self.string),
            _ => self.items,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn steps(expression: &str, request: &Value) -> u64 {
        let mut sizes = Sizes::default();
        sizes.note(request);
        let program = super::super::environment().compile(expression).expect("it is an expression");
        sizes.steps(program.expression())
    }

    #[test]
    fn macros_inside_of_macros_multiply() {
        let pod = json!({"spec": {"containers": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}});
        assert!(steps("object.spec.containers.all(c, c.env.exists(e, e.name == 'x'))", &pod) < 1000);
        let large: Vec<u32> = (0..100_000).collect();
        assert!(steps("object.items.all(i, i < 5)", &json!({ "items": large })) < MAX_STEPS);
        assert!(steps("object.items.all(i, object.items.all(j, i == j))", &json!({ "items": large })) > MAX_STEPS);
        let nested =
            (0..10).fold("true".to_owned(), |inner, level| format!("[0,1,2,3,4,5,6,7,8,9].all(x{level}, {inner})"));
        assert!(steps(&nested, &pod) > MAX_STEPS);
    }
}
