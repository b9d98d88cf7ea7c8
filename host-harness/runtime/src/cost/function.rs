//! What one function takes to be compiled.

use wasmparser::{
    BinaryReaderError, BlockType, Catch, CompositeInnerType, FrameKind, FuncValidator, FunctionBody, Operator,
    OperatorsReader, SubType, ValidatorResources, WasmModuleResources as _,
};

use super::FunctionCost;
use super::flow::{Flow, Kind, Needed};
use super::leaves::Leaves;
use super::operators::{is_conversion, needs_help};

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
    let index = validator.index();
    let mut walk = Walk { validator, flow: Flow::new(locals), leaves: Leaves::new(locals), handlers: Vec::new(), cost };
    // Its own parameters and results are handed over, too.
    walk.call(walk.validator.resources().type_index_of_function(index));
    let mut operators = OperatorsReader::new(reader);
    while !operators.eof() {
        let (operator, offset) = operators.read_with_offset()?;
        let reached = walk.is_reached();
        walk.before(&operator, reached);
        let (takes, gives) = operator.operator_arity(&*walk.validator).unwrap_or((0, 0));
        walk.validator.op(offset, &operator)?;
        walk.after(&operator, takes, gives, reached);
    }
    operators.finish()?;
    let Walk { flow, mut cost, .. } = walk;
    let Needed { kept, merged } = flow.needed();
    (cost.kept, cost.merged) = (kept, merged);
    Ok(cost)
}

/// To keep a value from one block of the compiler's to the next takes as long as from one operator to the one behind as many.
const EDGE: u64 = 10;

struct Walk<'v> {
    validator: &'v mut FuncValidator<ValidatorResources>,
    flow: Flow,
    leaves: Leaves,
    /// For each open block, the number of clauses that catch what is thrown in it.
    handlers: Vec<u64>,
    cost: FunctionCost,
}

impl Walk<'_> {
    /// Counts an operator that was not validated yet: what it names may not be there.
    fn before(&mut self, operator: &Operator<'_>, reached: bool) {
        self.flow.advance();
        match operator {
            Operator::LocalGet { local_index } if reached => {
                self.flow.read(*local_index, self.leaves.local(*local_index));
            }
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } if reached => {
                self.flow.written(*local_index, self.leaves.top());
            }
            Operator::Loop { blockty } => self.open(*blockty, Kind::Loop, reached),
            Operator::If { blockty } => self.open(*blockty, Kind::Condition, reached),
            Operator::Block { blockty } => self.open(*blockty, Kind::Block, reached),
            Operator::TryTable { try_table } => {
                for catch in &try_table.catches {
                    let (Catch::One { label, .. }
                    | Catch::OneRef { label, .. }
                    | Catch::All { label }
                    | Catch::AllRef { label }) = catch;
                    self.branch(*label, reached);
                }
                self.flow.behind_branch(reached);
                self.open(try_table.ty, Kind::Block, reached);
                if let Some(handlers) = self.handlers.last_mut() {
                    *handlers += try_table.catches.len() as u64;
                }
            }
            Operator::Else => {
                self.flow.otherwise(reached);
                self.edges(1);
            }
            Operator::End => {
                self.handlers.pop();
                for local in self.flow.close(reached) {
                    self.leaves.merged(local);
                }
                self.edges(1);
            }
            Operator::Br { relative_depth } => self.branch(*relative_depth, reached),
            Operator::BrIf { relative_depth }
            | Operator::BrOnNull { relative_depth }
            | Operator::BrOnNonNull { relative_depth }
            | Operator::BrOnCast { relative_depth, .. }
            | Operator::BrOnCastFail { relative_depth, .. } => {
                self.branch(*relative_depth, reached);
                self.flow.behind_branch(reached);
                self.edges(1);
            }
            Operator::BrTable { targets } => {
                for target in targets.targets().flatten().chain([targets.default()]) {
                    self.branch(target, reached);
                }
                self.cost.targets += u64::from(targets.len());
            }
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                self.cost.calls += 1;
                self.thrown();
                self.call(self.validator.resources().type_index_of_function(*function_index));
            }
            Operator::CallIndirect { type_index, .. }
            | Operator::ReturnCallIndirect { type_index, .. }
            | Operator::CallRef { type_index }
            | Operator::ReturnCallRef { type_index } => {
                self.cost.helped += 1;
                self.thrown();
                self.call(Some(*type_index));
            }
            // A value for each field, none of which stands in the code.
            Operator::StructNew { struct_type_index } | Operator::StructNewDefault { struct_type_index } => {
                self.cost.helped += 1;
                self.cost.carried = self.cost.carried.saturating_add(2 * self.fields(*struct_type_index));
            }
            Operator::Throw { .. } | Operator::ThrowRef => {
                self.cost.helped += 1;
                self.thrown();
            }
            other => {
                self.cost.helped += u64::from(needs_help(other));
                self.cost.conversions += u64::from(is_conversion(other));
            }
        }
    }

    fn open(&mut self, ty: BlockType, kind: Kind, reached: bool) {
        let (params, results) = self.arity(ty);
        self.carried(params);
        self.carried(results);
        self.cost.loops += u64::from(kind == Kind::Loop);
        self.edges(1);
        self.flow.open(kind, reached);
        self.handlers.push(self.caught());
    }

    /// The number of clauses that catch what is thrown here.
    fn caught(&self) -> u64 {
        self.handlers.last().copied().unwrap_or_default()
    }

    /// Something may be thrown: control can go to each of the clauses.
    fn thrown(&mut self) {
        self.cost.edges = self.cost.edges.saturating_add(self.caught());
    }

    /// The number of fields of a struct.
    fn fields(&self, type_index: u32) -> u64 {
        match self.validator.resources().sub_type_at(type_index).map(|ty| &ty.composite_type.inner) {
            Some(CompositeInnerType::Struct(ty)) => ty.fields.len() as u64,
            _ => 0,
        }
    }

    /// A branch to a label.
    fn branch(&mut self, depth: u32, reached: bool) {
        self.carried(self.label(depth));
        self.cost.edges += 1;
        if reached {
            self.flow.branch(depth);
        }
    }

    /// Control goes to as many places more.
    fn edges(&mut self, count: u64) {
        self.cost.edges += count;
        self.cost.stacked = self.cost.stacked.saturating_add(EDGE * self.leaves.sum());
    }

    /// Whether control comes to what is read now.
    fn is_reached(&self) -> bool {
        self.validator.get_control_frame(0).is_some_and(|frame| !frame.unreachable)
    }

    /// Counts an operator that is valid, and takes and gives so many values. Control came to it, if it was `reached`.
    fn after(&mut self, operator: &Operator<'_>, takes: u32, gives: u32, reached: bool) {
        self.leaves.count(operator, takes, gives, self.validator.operand_stack_height());
        self.cost.stacked = self.cost.stacked.saturating_add(self.leaves.sum());
        if reached && !self.is_reached() {
            self.flow.behind_branch(false);
        }
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
