//! What can be changed in a module.

use std::collections::BTreeSet;

use wasm_encoder::Instruction as I;
use wasmparser::{BinaryReaderError, Operator as O, ValType};

use super::{
    at::At,
    author::{Author, Own},
    blocks::Blocks,
    change::{Change, Edit},
    module::{Function, Module},
    operators::{comparison, is_arithmetic},
    texts,
};

/// Every change of functions of the author, in the order of the module, for functions that `wanted` chooses by position.
pub(super) fn find(
    module: &Module<'_>,
    author: &Author<'_>,
    wanted: impl Fn(usize) -> bool,
) -> Result<Vec<Change>, BinaryReaderError> {
    let mut changes = Vec::new();
    for (position, function) in module.functions.iter().enumerate() {
        if wanted(position) {
            let mine = author.has_part_in(module, function.index);
            Finder { module, author, position, mine, changes: &mut changes }.function(function)?;
        }
    }
    // One operator can be inlined several times, and a text referred to by several: each byte is changed once.
    let mut bytes = BTreeSet::new();
    changes.retain(|change| match change.edit {
        Edit::Byte { address, .. } => bytes.insert(address),
        _ => true,
    });
    Ok(changes)
}

/// Parts of the names of functions that free memory.
const FREEING: [&str; 3] = ["dealloc", "drop_in_place", "free"];

struct Finder<'f, 'm, 'a> {
    module: &'f Module<'m>,
    author: &'f Author<'a>,
    position: usize,
    /// Whether the author has a part in the function.
    mine: bool,
    changes: &'f mut Vec<Change>,
}

impl Finder<'_, '_, '_> {
    fn function(&mut self, function: &Function<'_>) -> Result<(), BinaryReaderError> {
        let operators = function.operators()?;
        let blocks = Blocks::of(&operators);
        for (index, (operator, offset)) in operators.iter().enumerate() {
            if let O::Call { function_index } = operator {
                self.host_call(*function_index, *offset);
            }
            if !self.mine || !is_candidate(operator) {
                continue;
            }
            let at = At { operators: &operators, blocks: &blocks, index, offset: *offset };
            if at.leads_to_trap() {
                continue;
            }
            let is_text = self.texts(&at);
            let Some(own) = self.author.place(*offset) else { continue };
            let found = self.changes.len();
            match operator {
                _ if is_text => {}
                O::BrIf { .. } | O::If { .. } => self.branch(&at, own.as_ref()),
                O::BrTable { .. } => {
                    let next = vec![I::I32Const(1), I::I32Add];
                    self.add(*offset, Edit::Condition(next), "choice of a `match` became the next one".to_owned());
                }
                O::Select | O::TypedSelect { .. } => self.select(*offset),
                O::I32Const { value } => self.constant(&at, i64::from(*value), ValType::I32),
                O::I64Const { value } => self.constant(&at, *value, ValType::I64),
                O::I32And if !at.masks() => self.logic(*offset, I::I32Or, "`i32.and` became `i32.or`"),
                O::I32Or => self.logic(*offset, I::I32And, "`i32.or` became `i32.and`"),
                _ => self.comparison(&at),
            }
            for change in &mut self.changes[found..] {
                change.own.clone_from(&own);
            }
        }
        Ok(())
    }

    fn add(&mut self, offset: usize, edit: Edit, told: String) {
        self.changes.push(Change { function: self.position, offset, edit, told, own: None });
    }

    /// Texts, which functions of libraries are given by the author; whether there is one.
    fn texts(&mut self, at: &At<'_, '_>) -> bool {
        let Some(texts::Found { edit, text, told }) = texts::find(self.module, at) else { return false };
        let Some(own) = self.author.place_of_text(at.offset, &text) else { return false };
        self.changes.push(Change { function: self.position, offset: at.offset, edit, told, own });
        true
    }

    fn branch(&mut self, at: &At<'_, '_>, own: Option<&Own>) {
        // A `for` ends by its iterator, which is not the author's, and without an end it goes on with anything.
        let ends_for = own.and_then(|own| own.place.text.as_deref()).is_some_and(|text| text.starts_with("for "));
        if at.blocks.is_check(at.index) || ends_for || self.frees(at) {
            return;
        }
        for (value, when) in [(1, "always"), (0, "never")] {
            let code = vec![I::Drop, I::I32Const(value)];
            self.add(at.offset, Edit::Condition(code), format!("branch is {when} taken"));
        }
    }

    /// Whether a branch only decides whether memory is freed.
    fn frees(&self, at: &At<'_, '_>) -> bool {
        let Some(decided) = at.blocks.decided(at.index, at.operators) else { return false };
        let mut calls = decided.iter().filter_map(|(operator, _)| match operator {
            O::Call { function_index } => Some(*function_index),
            _ => None,
        });
        let frees = |function| self.module.name(function).is_some_and(|name| FREEING.iter().any(|f| name.contains(f)));
        let simple = |operator: &O<'_>| {
            !matches!(operator, O::CallIndirect { .. } | O::Br { .. } | O::Return | O::GlobalSet { .. })
                && !matches!(
                    operator,
                    O::I32Store { .. } | O::I64Store { .. } | O::I32Store8 { .. } | O::LocalSet { .. }
                )
        };
        decided.iter().all(|(operator, _)| simple(operator)) && calls.next().is_some_and(frees) && calls.all(frees)
    }

    fn select(&mut self, offset: usize) {
        for (value, which) in [(1, "first"), (0, "second")] {
            let code = vec![I::Drop, I::I32Const(value)];
            self.add(offset, Edit::Condition(code), format!("choice of two values is always the {which}"));
        }
    }

    fn logic(&mut self, offset: usize, instead: I<'static>, told: &str) {
        let operands = vec![ValType::I32; 2];
        let edit = Edit::Instead { operands, results: vec![ValType::I32], code: vec![instead] };
        self.add(offset, edit, told.to_owned());
    }

    fn comparison(&mut self, at: &At<'_, '_>) {
        let Some(comparison) = comparison(at.operator(0)) else { return };
        // A branch that is always and never taken shows more than `!=`.
        if at.is_checked() || (comparison.was.ends_with("=") && comparison.step == 1 && at.decides()) {
            return;
        }
        let told = format!("`{}` became `{}`", comparison.was, comparison.becomes);
        let edit = Edit::Instead {
            operands: vec![comparison.operands; 2],
            results: vec![ValType::I32],
            code: vec![comparison.instead],
        };
        self.add(at.offset, edit, told);
    }

    /// A constant on the right of a comparison, or in arithmetic.
    fn constant(&mut self, at: &At<'_, '_>, value: i64, ty: ValType) {
        let next = At { index: at.index + 1, ..*at };
        // What is inlined compares with a constant of its own.
        if at.operators.get(next.index).is_none_or(|(_, offset)| self.author.place(*offset).is_none()) {
            return;
        }
        let step = match comparison(next.operator(0)) {
            Some(comparison) if comparison.operands == ty && !next.is_checked() => comparison.step,
            _ if is_arithmetic(next.operator(0)) => 1,
            _ => return,
        };
        let (Some(changed), false) = (value.checked_add(step), value == 0 && step < 0) else { return };
        let code = match ty {
            ValType::I32 => I::I32Const(changed as i32),
            _ => I::I64Const(changed),
        };
        let edit = Edit::Instead { operands: Vec::new(), results: vec![ty], code: vec![code] };
        self.add(at.offset, edit, format!("constant {value} became {changed}"));
    }

    /// A call that the host answers, whoever's code makes it: libraries make them for the author.
    fn host_call(&mut self, function: u32, offset: usize) {
        let Some((namespace, name)) = self.module.imports.get(function as usize) else { return };
        let is_call = matches!(*name, "__host_call" | "http_request")
            || (*namespace == "host" && *name == "call")
            || *namespace == "extism:host/user";
        let Some(ty) = self.module.type_of(function).filter(|_| is_call) else { return };
        let mut code = vec![I::Drop; ty.params().len()];
        for result in ty.results() {
            code.push(match result {
                ValType::I32 => I::I32Const(0),
                ValType::I64 => I::I64Const(0),
                _ => return,
            });
        }
        let edit = Edit::Instead { operands: ty.params().to_vec(), results: ty.results().to_vec(), code };
        self.add(offset, edit, format!("call of the host function `{namespace}/{name}` dropped"));
        if let (Some(change), Some(own)) = (self.changes.last_mut(), self.author.place(offset)) {
            change.own = own;
        }
    }
}

/// Whether anything can be changed in an operator, before it is asked whose it is, which takes longer.
fn is_candidate(operator: &O<'_>) -> bool {
    matches!(
        operator,
        O::BrIf { .. }
            | O::If { .. }
            | O::BrTable { .. }
            | O::Select
            | O::TypedSelect { .. }
            | O::I32Const { .. }
            | O::I64Const { .. }
            | O::I32And
            | O::I32Or
    ) || comparison(operator).is_some()
}
