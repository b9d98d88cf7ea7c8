//! A change of a module.

use wasm_encoder::Instruction as I;
use wasmparser::ValType;

use super::author::Own;

/// A change of a module, of one operator or one byte.
pub(super) struct Change {
    /// Position of the function, among those of the module itself.
    pub(super) function: usize,
    /// Where in the module the operator is that is changed, or that refers to the text that is.
    pub(super) offset: usize,
    pub(super) edit: Edit,
    /// What it is, in words.
    pub(super) told: String,
    /// Where it is in the source, when that is known.
    pub(super) own: Option<Own>,
}

/// How a change is made.
pub(super) enum Edit {
    /// The value of type `i32` that the operator decides by goes through these first.
    Condition(Vec<I<'static>>),
    /// These instead of the operator, which has these operands and results.
    Instead { operands: Vec<ValType>, results: Vec<ValType>, code: Vec<I<'static>> },
    /// A byte of the memory.
    Byte { address: u32, value: u8 },
}
