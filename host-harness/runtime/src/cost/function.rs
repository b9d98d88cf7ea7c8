//! What one function takes to be compiled.

use wasmparser::{
    BinaryReaderError, BlockType, CompositeInnerType, FrameKind, FuncValidator, FunctionBody, Operator,
    OperatorsReader, SubType, ValidatorResources, WasmModuleResources as _,
};

use super::FunctionCost;
use super::live::{Live, Total};

/// Validates a function and counts what is in it.
pub(super) fn cost(
    validator: &mut FuncValidator<ValidatorResources>,
    body: &FunctionBody<'_>,
) -> Result<FunctionCost, BinaryReaderError> {
    let mut reader = body.get_binary_reader();
    let size = reader.bytes_remaining() as u64;
    validator.read_locals(&mut reader)?;
    reader.set_features(*validator.features());
    let locals = validator.len_locals();
    let cost = FunctionCost { size, locals: u64::from(locals), ..FunctionCost::default() };
    let mut walk = Walk { validator, live: Live::new(locals), cost };
    let mut operators = OperatorsReader::new(reader);
    while !operators.eof() {
        let (operator, offset) = operators.read_with_offset()?;
        walk.before(&operator);
        walk.validator.op(offset, &operator)?;
    }
    operators.finish()?;
    let Walk { live, mut cost, .. } = walk;
    let Total { live, merged } = live.total();
    (cost.live, cost.merged) = (live, merged);
    Ok(cost)
}

struct Walk<'v> {
    validator: &'v mut FuncValidator<ValidatorResources>,
    live: Live,
    cost: FunctionCost,
}

impl Walk<'_> {
    /// Counts an operator that was not validated yet: what it names may not be there.
    fn before(&mut self, operator: &Operator<'_>) {
        match operator {
            Operator::LocalGet { local_index } => self.live.read(*local_index),
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => self.live.written(*local_index),
            Operator::Loop { blockty } => self.open(*blockty, true),
            Operator::Block { blockty }
            | Operator::If { blockty }
            | Operator::TryTable { try_table: wasmparser::TryTable { ty: blockty, .. } } => {
                self.open(*blockty, false);
            }
            Operator::Else => {
                self.live.otherwise();
                self.edges(1);
            }
            Operator::End => {
                self.live.close();
                self.edges(1);
            }
            Operator::Br { relative_depth } => self.branch(*relative_depth),
            Operator::BrIf { relative_depth }
            | Operator::BrOnNull { relative_depth }
            | Operator::BrOnNonNull { relative_depth }
            | Operator::BrOnCast { relative_depth, .. }
            | Operator::BrOnCastFail { relative_depth, .. } => {
                self.branch(*relative_depth);
                self.edges(1);
            }
            Operator::BrTable { targets } => {
                for target in targets.targets().flatten().chain([targets.default()]) {
                    self.carried(self.label(target));
                    self.live.branch(target);
                }
                self.cost.targets += u64::from(targets.len());
                self.edges(u64::from(targets.len()) + 1);
            }
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                self.cost.calls += 1;
                self.call(self.validator.resources().type_index_of_function(*function_index));
            }
            Operator::CallIndirect { type_index, .. }
            | Operator::ReturnCallIndirect { type_index, .. }
            | Operator::CallRef { type_index }
            | Operator::ReturnCallRef { type_index } => {
                self.cost.helped += 1;
                self.call(Some(*type_index));
            }
            other => self.cost.helped += u64::from(needs_help(other)),
        }
    }

    fn open(&mut self, ty: BlockType, is_loop: bool) {
        let (params, results) = self.arity(ty);
        self.carried(params);
        self.carried(results);
        self.cost.loops += u64::from(is_loop);
        self.edges(1);
        self.live.open(is_loop);
    }

    fn branch(&mut self, depth: u32) {
        self.carried(self.label(depth));
        self.live.branch(depth);
        self.edges(1);
    }

    /// Control goes to as many places more.
    fn edges(&mut self, count: u64) {
        self.cost.edges += count;
        self.live.advance(count);
        let height = u64::from(self.validator.operand_stack_height());
        self.cost.stacked = self.cost.stacked.saturating_add(height.saturating_mul(count));
    }

    fn call(&mut self, type_index: Option<u32>) {
        let ty = type_index.and_then(|index| self.validator.resources().sub_type_at(index));
        let (params, results) = ty.map_or((0, 0), signature);
        self.carried(params);
        self.carried(results);
    }

    /// As many values go from one place to another at once. One is nothing that would have to be counted.
    fn carried(&mut self, values: u64) {
        self.cost.carried = self.cost.carried.saturating_add(values.saturating_sub(1));
    }

    /// How many values a branch to this label takes along.
    fn label(&self, depth: u32) -> u64 {
        let frame = self.validator.get_control_frame(depth as usize);
        frame.map_or(0, |frame| match (self.arity(frame.block_type), frame.kind) {
            ((params, _), FrameKind::Loop) => params,
            ((_, results), _) => results,
        })
    }

    fn arity(&self, ty: BlockType) -> (u64, u64) {
        match ty {
            BlockType::Empty => (0, 0),
            BlockType::Type(_) => (0, 1),
            BlockType::FuncType(index) => self.validator.resources().sub_type_at(index).map_or((0, 0), signature),
        }
    }
}

/// How many parameters and results.
fn signature(ty: &SubType) -> (u64, u64) {
    match &ty.composite_type.inner {
        CompositeInnerType::Func(ty) => (ty.params().len() as u64, ty.results().len() as u64),
        _ => (0, 0),
    }
}

/// Whether the compiler makes a call of the host of it, or as much code as for one.
fn needs_help(operator: &Operator<'_>) -> bool {
    use Operator as O;
    let rarely = matches!(
        operator,
        O::MemoryGrow { .. }
            | O::MemoryCopy { .. }
            | O::MemoryFill { .. }
            | O::MemoryInit { .. }
            | O::DataDrop { .. }
            | O::TableGet { .. }
            | O::TableSet { .. }
            | O::TableGrow { .. }
            | O::TableCopy { .. }
            | O::TableFill { .. }
            | O::TableInit { .. }
            | O::ElemDrop { .. }
            | O::RefFunc { .. }
            | O::Throw { .. }
            | O::ThrowRef
            | O::MemoryAtomicNotify { .. }
            | O::MemoryAtomicWait32 { .. }
            | O::MemoryAtomicWait64 { .. }
    );
    rarely || is_garbage_collected(operator)
}

/// Whether it is about references to structs and arrays.
fn is_garbage_collected(operator: &Operator<'_>) -> bool {
    use Operator as O;
    matches!(
        operator,
        O::StructNew { .. }
            | O::StructNewDefault { .. }
            | O::StructGet { .. }
            | O::StructGetS { .. }
            | O::StructGetU { .. }
            | O::StructSet { .. }
            | O::ArrayNew { .. }
            | O::ArrayNewDefault { .. }
            | O::ArrayNewFixed { .. }
            | O::ArrayNewData { .. }
            | O::ArrayNewElem { .. }
            | O::ArrayGet { .. }
            | O::ArrayGetS { .. }
            | O::ArrayGetU { .. }
            | O::ArraySet { .. }
            | O::ArrayLen
            | O::ArrayFill { .. }
            | O::ArrayCopy { .. }
            | O::ArrayInitData { .. }
            | O::ArrayInitElem { .. }
            | O::RefTestNonNull { .. }
            | O::RefTestNullable { .. }
            | O::RefCastNonNull { .. }
            | O::RefCastNullable { .. }
    )
}
