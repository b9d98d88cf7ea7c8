//! What a module takes to be compiled, estimated before it is.
//!
//! The time and the memory of a compilation are not in proportion to the size of a module: a few kilobytes can take minutes and
//! gigabytes. So what takes them is counted first, in one pass, and is bounded.

mod error;
mod flow;
mod function;
mod leaves;
mod limits;
mod operators;
mod outside;

use wasmparser::{BinaryReaderError, FuncValidatorAllocations, Parser, Payload, ValidPayload, Validator};

use crate::abi::FEATURES;
use crate::inspect::InspectError;

pub use error::{Excess, TooCostly};
pub use limits::CompileLimits;

/// What one function has that takes time and memory to be compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FunctionCost {
    /// The size of its body in bytes.
    pub size: u64,
    /// Its parameters and local variables.
    pub locals: u64,
    /// Its loops.
    pub loops: u64,
    /// Places to which control can go: ends of blocks, branches, entries of branch tables.
    pub edges: u64,
    /// Those of them that are entries of branch tables.
    pub targets: u64,
    /// Calls of functions that are known.
    pub calls: u64,
    /// What needs help of the host while it runs, such as calls through tables and `memory.copy`.
    pub helped: u64,
    /// Divisions, conversions and other operators that are many instructions.
    pub conversions: u64,
    /// At all of its operators, how many values have to be kept for locals that are read later.
    pub kept: u64,
    /// On all edges, how many locals have several values where the edge leads to, of which one is read later.
    pub merged: u64,
    /// At all of its operators, how many values have to be kept for the stack.
    pub stacked: u64,
    /// How many values the function, its blocks, branches and calls take and give, beyond the first one of each.
    pub carried: u64,
}

/// What one property of a function adds to its work.
struct Part {
    name: &'static str,
    count: u64,
    work: u64,
}

impl FunctionCost {
    /// What it takes to compile the function, in units of which each is about a microsecond of a compiler that was not optimised
    /// itself, and a third of that of one that was; and up to 200 bytes of memory. (Measured with wasmtime 48.)
    pub fn work(&self) -> u64 {
        self.parts().iter().fold(PER_FUNCTION, |sum, part| sum.saturating_add(part.work))
    }

    fn parts(&self) -> [Part; 12] {
        let part = |name, count: u64, each: u64| Part { name, count, work: count.saturating_mul(each) };
        // The compiler makes several blocks of a loop, and of what needs help; and blocks take time in proportion to their square.
        let blocks = (self.edges - self.targets).saturating_add(3 * (self.loops + self.helped));
        [
            part("bytes", self.size, 2),
            part("locals", self.locals, 1),
            part("loops", self.loops, 200),
            part("table entries", self.targets, 4),
            part("calls", self.calls, 15),
            part("operations with help of the host", self.helped, 150),
            part("divisions and conversions", self.conversions, 15),
            part("operators for which values of locals are kept", self.kept / 20, 1),
            part("values of locals that come together", self.merged, 8),
            part("operators for which values are kept on the stack", self.stacked / 20, 1),
            part("values that blocks and calls hand over", self.carried, 30),
            Part {
                name: "ends of blocks and branches",
                count: self.edges,
                work: blocks.saturating_mul(10).saturating_add(blocks.saturating_mul(blocks) / 250),
            },
        ]
    }
}

/// Work that each function is, with what others call it by.
const PER_FUNCTION: u64 = 400;

/// What the functions of a module have, together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModuleCost {
    /// How many there are that are not imported.
    pub functions: u64,
    /// The size of their bodies in bytes.
    pub size: u64,
    /// Their [work](FunctionCost::work).
    pub work: u64,
}

/// Why a module is not compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CostError {
    /// It takes too much.
    #[error(transparent)]
    TooCostly(#[from] TooCostly),
    /// It is not valid.
    #[error(transparent)]
    Invalid(#[from] InspectError),
}

/// Counts what the sections of a module have, but for its code. It takes next to no time, and comes before all else that reads them.
pub(crate) fn check_outside(wasm: &[u8], limits: &CompileLimits) -> Result<(), TooCostly> {
    outside::check(wasm, limits)
}

/// Validates a module, and counts what its functions have, until one has too much. It takes a hundredth of the time of a compilation.
///
/// # Errors
///
/// [`CostError`]: of a module that is not valid as well.
pub fn check(wasm: &[u8], limits: &CompileLimits) -> Result<ModuleCost, CostError> {
    outside::check(wasm, limits)?;
    let mut validator = Validator::new_with_features(FEATURES);
    let mut allocations = FuncValidatorAllocations::default();
    let mut module = ModuleCost::default();
    let mut limit = limits.module;
    let raised_by = limits.raised_by;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(invalid)?;
        if let Payload::CodeSectionStart { size, .. } = &payload {
            limit = limit.saturating_add(limits.per_byte.saturating_mul(u64::from(*size)));
        }
        let ValidPayload::Func(function, body) = validator.payload(&payload).map_err(invalid)? else { continue };
        let index = u64::from(function.index);
        let mut function = function.into_validator(allocations);
        let cost = function::cost(&mut function, &body).map_err(invalid)?;
        allocations = function.into_allocations();
        let work = cost.work();
        let limit_of_function = limits.of_function(cost.size);
        if work > limit_of_function {
            let what = Excess::Function { index, cost: Box::new(cost) };
            return Err(TooCostly { what, count: work, limit: limit_of_function, raised_by }.into());
        }
        module.functions += 1;
        module.size += cost.size;
        module.work = module.work.saturating_add(work);
        if module.work > limit {
            let what = Excess::Module { functions: module.functions, size: module.size };
            return Err(TooCostly { what, count: module.work, limit, raised_by }.into());
        }
    }
    Ok(module)
}

fn invalid(error: BinaryReaderError) -> InspectError {
    InspectError::Invalid { offset: error.offset() as u64, message: error.message().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cost of a function with a parameter, two locals and this body.
    fn cost(body: &str) -> FunctionCost {
        let text = format!("(module (memory 1) (func (param i32) (local i32 i32) {body}))");
        let wasm = wat::parse_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let limits = CompileLimits { largest_function: 0, ..CompileLimits::default() };
        match check(&wasm, &limits) {
            Err(CostError::TooCostly(TooCostly { what: Excess::Function { cost, .. }, .. })) => *cost,
            other => panic!("{text}: {other:?}"),
        }
    }

    const WRITE: &str = "(local.set 1 (i32.load (i32.const 0)))";
    const READ: &str = "(drop (local.get 1))";

    #[test]
    fn what_comes_together_is_what_was_written_on_one_way_and_is_read() {
        for (merged, body) in [
            (0, format!("{WRITE} {READ}")),
            (2, format!("(if (local.get 0) (then {WRITE})) {READ}")),
            (0, format!("(if (local.get 0) (then {WRITE}))")),
            (0, format!("(if (local.get 0) (then {WRITE} {READ}))")),
            (2, format!("(if (local.get 0) (then {WRITE}) (else {WRITE})) {READ}")),
            (0, format!("(if (local.get 0) (then {WRITE})) {WRITE} {READ}")),
            (2, format!("(block (br_if 0 (local.get 0)) {WRITE}) {READ}")),
            (3, format!("(block (br_if 0 (local.get 0)) {WRITE} (br_if 0 (local.get 0))) {READ}")),
            (2, format!("(block (br_table 0 1 (local.get 0))) (if (local.get 0) (then {WRITE})) {READ}")),
            // No way leads to the write.
            (0, format!("(block (br 0) {WRITE}) {READ}")),
            (0, format!("(block (unreachable) {READ})")),
            // All that is read in a loop or behind it.
            (4, format!("(loop {READ} (br_if 0 (local.get 0)))")),
            (2, format!("(loop {WRITE} {READ} (br_if 0 (local.get 0)))")),
            (6, format!("(loop {WRITE} (br_if 0 (local.get 0)) (br_if 0 (local.get 0))) {READ} (drop (local.get 2))")),
        ] {
            assert_eq!(cost(&body).merged, merged, "{body}");
        }
    }

    #[test]
    fn what_is_needed_later_is_kept() {
        let filler = "(if (local.get 0) (then (nop)))".repeat(50);
        let (unused, used) = (cost(&format!("{WRITE} {filler}")), cost(&format!("{WRITE} {filler} {READ}")));
        // Two pieces of code for each condition, and ten for each of them, besides their operators.
        assert!(used.kept - unused.kept > 50 * 2 * 10, "{used:?} {unused:?}");
        let overwritten = cost(&format!("{WRITE} {filler} {WRITE} {READ}"));
        assert!(overwritten.kept < unused.kept + 100, "{overwritten:?}");
        let on_stack = cost(&format!("(i32.load (i32.const 0)) {filler} drop"));
        assert!(on_stack.stacked > unused.stacked + 50 * 2 * 10, "{on_stack:?}");
    }

    #[test]
    fn a_sum_is_all_that_it_is_computed_of() {
        let filler = "(if (local.get 0) (then (nop)))".repeat(50);
        let sum = |terms: usize| {
            let terms = "(local.set 1 (i32.add (local.get 1) (i32.load (i32.const 0))))".repeat(terms);
            cost(&format!("{terms} {filler} {READ}")).kept
        };
        assert!(sum(40) > 10 * sum(1), "{} {}", sum(40), sum(1));
        // What is stored is computed.
        let stored = "(i32.store (i32.const 0) (i32.add (local.get 1) (i32.load (i32.const 0))))".repeat(40);
        assert!(cost(&format!("{stored} {filler} {READ}")).kept < 2 * sum(1));
    }
}
