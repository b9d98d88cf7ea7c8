//! What becomes of comparisons.

use wasm_encoder::Instruction as I;
use wasmparser::{Operator as O, ValType};

/// A comparison, and the one next to it.
pub(super) struct Comparison {
    pub(super) operands: ValType,
    /// How both are written.
    pub(super) was: &'static str,
    pub(super) becomes: &'static str,
    pub(super) instead: I<'static>,
    /// What to add to a constant on the right, so that the comparison becomes neither itself nor `instead`.
    pub(super) step: i64,
}

/// The comparison that an operator makes; `None` for other operators.
pub(super) fn comparison(operator: &O<'_>) -> Option<Comparison> {
    use ValType::{F32, F64, I32, I64};
    let (operands, instead, (was, becomes, step)) = match operator {
        O::I32Eq => (I32, I::I32Ne, EQ),
        O::I32Ne => (I32, I::I32Eq, NE),
        O::I32LtS => (I32, I::I32LeS, LT),
        O::I32LtU => (I32, I::I32LeU, LT),
        O::I32LeS => (I32, I::I32LtS, LE),
        O::I32LeU => (I32, I::I32LtU, LE),
        O::I32GtS => (I32, I::I32GeS, GT),
        O::I32GtU => (I32, I::I32GeU, GT),
        O::I32GeS => (I32, I::I32GtS, GE),
        O::I32GeU => (I32, I::I32GtU, GE),
        O::I64Eq => (I64, I::I64Ne, EQ),
        O::I64Ne => (I64, I::I64Eq, NE),
        O::I64LtS => (I64, I::I64LeS, LT),
        O::I64LtU => (I64, I::I64LeU, LT),
        O::I64LeS => (I64, I::I64LtS, LE),
        O::I64LeU => (I64, I::I64LtU, LE),
        O::I64GtS => (I64, I::I64GeS, GT),
        O::I64GtU => (I64, I::I64GeU, GT),
        O::I64GeS => (I64, I::I64GtS, GE),
        O::I64GeU => (I64, I::I64GtU, GE),
        O::F32Eq => (F32, I::F32Ne, EQ),
        O::F32Ne => (F32, I::F32Eq, NE),
        O::F32Lt => (F32, I::F32Le, LT),
        O::F32Le => (F32, I::F32Lt, LE),
        O::F32Gt => (F32, I::F32Ge, GT),
        O::F32Ge => (F32, I::F32Gt, GE),
        O::F64Eq => (F64, I::F64Ne, EQ),
        O::F64Ne => (F64, I::F64Eq, NE),
        O::F64Lt => (F64, I::F64Le, LT),
        O::F64Le => (F64, I::F64Lt, LE),
        O::F64Gt => (F64, I::F64Ge, GT),
        O::F64Ge => (F64, I::F64Gt, GE),
        _ => return None,
    };
    Some(Comparison { operands, was, becomes, instead, step })
}

const EQ: (&str, &str, i64) = ("==", "!=", 1);
const NE: (&str, &str, i64) = ("!=", "==", 1);
// `x <= 5` is `x < 6`, so a constant goes the other way.
const LT: (&str, &str, i64) = ("<", "<=", -1);
const LE: (&str, &str, i64) = ("<=", "<", 1);
const GT: (&str, &str, i64) = (">", ">=", 1);
const GE: (&str, &str, i64) = (">=", ">", -1);

/// Whether an operator computes something that is no address: programs add and subtract addresses of 32 bits.
pub(super) fn is_arithmetic(operator: &O<'_>) -> bool {
    matches!(
        operator,
        O::I32Mul
            | O::I32DivS
            | O::I32DivU
            | O::I32RemS
            | O::I32RemU
            | O::I64Add
            | O::I64Sub
            | O::I64Mul
            | O::I64DivS
            | O::I64DivU
            | O::I64RemS
            | O::I64RemU
    )
}
