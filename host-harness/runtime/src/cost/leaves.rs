//! Of how much the values of a function are computed.
//!
//! The compiler computes a value where it is used, and not where it stands in the text, unless computing it has an effect. Until then it
//! keeps everything that the value is computed of: results of loads and calls, parameters. A sum of a thousand loads is a thousand values
//! for as long as the sum is not used. How many a value is computed of is counted here, never less than it is: where control comes
//! together, as if the value was computed in the text that is last.

use wasmparser::Operator;

use super::operators::is_effect;

/// A value on the stack or of a local.
#[derive(Clone, Copy)]
struct Value {
    /// As how many values it counts.
    weight: u64,
    /// Whether it can be the very value of a local.
    is_copy: bool,
}

/// The values on the stack and in locals.
pub(super) struct Leaves {
    stack: Vec<Value>,
    /// As how much all of them count.
    sum: u64,
    locals: Vec<Value>,
    /// How many values there are that are not computed of others.
    leaves: u64,
}

const LEAF: Value = Value { weight: 1, is_copy: false };

impl Leaves {
    pub(super) fn new(locals: u32) -> Self {
        Self { stack: Vec::new(), sum: 0, locals: vec![LEAF; locals as usize], leaves: u64::from(locals).max(1) }
    }

    /// As how much the values on the stack count.
    pub(super) fn sum(&self) -> u64 {
        self.sum
    }

    /// As how many values the one on top of the stack counts.
    pub(super) fn top(&self) -> u64 {
        self.stack.last().map_or(1, |value| value.weight.max(1))
    }

    /// As how many values a local counts.
    pub(super) fn local(&self, local: u32) -> u64 {
        self.locals.get(local as usize).map_or(1, |value| value.weight)
    }

    /// Counts an operator that takes and gives so many values, after which the stack has `height`.
    pub(super) fn count(&mut self, operator: &Operator<'_>, takes: u32, gives: u32, height: u32) {
        use Operator as O;
        match operator {
            O::LocalGet { local_index } => {
                let weight = self.local(*local_index);
                self.push(Value { weight, is_copy: true });
            }
            O::LocalSet { local_index } | O::LocalTee { local_index } => {
                let value = self.pop();
                if let Some(local) = self.locals.get_mut(*local_index as usize) {
                    *local = Value { weight: value.weight.max(1), ..value };
                }
                if matches!(operator, O::LocalTee { .. }) {
                    self.push(value);
                }
            }
            O::I32Const { .. } | O::I64Const { .. } | O::F32Const { .. } | O::F64Const { .. } | O::V128Const { .. } => {
                self.push(Value { weight: 0, is_copy: false });
            }
            // They leave on the stack what was there.
            O::Block { .. } | O::Loop { .. } | O::End | O::Else | O::BrIf { .. } => {
                if takes > gives {
                    self.pop();
                }
                // Behind a block there are values of which nobody knows where they are from.
                self.leaves = self.leaves.saturating_add(1);
            }
            _ if takes > 0 && gives == 1 && !is_effect(operator) => {
                let mut sum = 0_u64;
                for _ in 0..takes {
                    sum = sum.saturating_add(self.pop().weight);
                }
                self.push(Value { weight: sum.clamp(1, self.leaves), is_copy: false });
            }
            _ => {
                for _ in 0..takes.min(self.stack.len() as u32) {
                    self.pop();
                }
                self.leaves = self.leaves.saturating_add(u64::from(gives));
                for _ in 0..gives.min(height) {
                    self.push(LEAF);
                }
            }
        }
        // Behind a branch anything can be on the stack; and the second part of a condition begins with what was before the first.
        while self.stack.len() > height as usize {
            self.pop();
        }
        while self.stack.len() < height as usize {
            self.push(LEAF);
        }
    }

    /// Behind a block a local has one of several values, which is as good as one that is not computed: unless they are the same.
    pub(super) fn merged(&mut self, local: u32) {
        if let Some(value) = self.locals.get_mut(local as usize).filter(|value| !value.is_copy) {
            *value = LEAF;
        }
    }

    fn push(&mut self, value: Value) {
        // Every value takes room, one that is constant as well.
        self.sum = self.sum.saturating_add(value.weight.max(1));
        self.stack.push(value);
    }

    fn pop(&mut self) -> Value {
        let value = self.stack.pop().unwrap_or(LEAF);
        self.sum = self.sum.saturating_sub(value.weight.max(1));
        value
    }
}
