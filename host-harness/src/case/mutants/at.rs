//! An operator where it is.

use wasmparser::Operator as O;

use super::blocks::{self, Blocks};

/// An operator of a function, and what is around it.
pub(super) struct At<'o, 'a> {
    pub(super) operators: &'o [(O<'a>, usize)],
    pub(super) blocks: &'o Blocks,
    pub(super) index: usize,
    pub(super) offset: usize,
}

impl<'a> At<'_, 'a> {
    /// The operator so many behind this one; one that does nothing behind the last.
    pub(super) fn operator(&self, ahead: usize) -> &O<'a> {
        self.operators.get(self.index + ahead).map_or(&O::Nop, |(operator, _)| operator)
    }

    /// Whether what follows goes straight to a trap: what is told there, say.
    pub(super) fn leads_to_trap(&self) -> bool {
        self.operators.get(self.index..).is_some_and(blocks::traps)
    }

    /// Whether the next operator decides by the value of this one.
    pub(super) fn decides(&self) -> bool {
        matches!(self.operator(1), O::BrIf { .. } | O::If { .. } | O::Select | O::TypedSelect { .. })
            || (matches!(self.operator(1), O::I32Eqz) && matches!(self.operator(2), O::BrIf { .. } | O::If { .. }))
    }

    /// Whether a check decides by the value of this operator.
    pub(super) fn is_checked(&self) -> bool {
        let ahead = if matches!(self.operator(1), O::I32Eqz) { 2 } else { 1 };
        self.blocks.is_check(self.index + ahead)
    }

    /// Whether the operator cuts a number to a width, or an address to a multiple.
    pub(super) fn masks(&self) -> bool {
        let before = self.index.checked_sub(1).and_then(|before| self.operators.get(before));
        matches!(before, Some((O::I32Const { value }, _)) if *value < 0 || matches!(value, 1 | 3 | 7 | 255 | 65_535))
    }
}
