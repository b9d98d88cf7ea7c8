//! Kinds of operators, by what the compiler makes of them.

use wasmparser::Operator;

/// Whether the compiler makes a call of the host of it, or as much code as for one.
pub(super) fn needs_help(operator: &Operator<'_>) -> bool {
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

/// Whether it takes many instructions, as the processor has none for it.
pub(super) fn is_conversion(operator: &Operator<'_>) -> bool {
    use Operator as O;
    matches!(
        operator,
        O::I32TruncF32S
            | O::I32TruncF32U
            | O::I32TruncF64S
            | O::I32TruncF64U
            | O::I64TruncF32S
            | O::I64TruncF32U
            | O::I64TruncF64S
            | O::I64TruncF64U
            | O::I32TruncSatF32S
            | O::I32TruncSatF32U
            | O::I32TruncSatF64S
            | O::I32TruncSatF64U
            | O::I64TruncSatF32S
            | O::I64TruncSatF32U
            | O::I64TruncSatF64S
            | O::I64TruncSatF64U
            | O::F32ConvertI64U
            | O::F64ConvertI64U
            | O::I32DivS
            | O::I32DivU
            | O::I32RemS
            | O::I32RemU
            | O::I64DivS
            | O::I64DivU
            | O::I64RemS
            | O::I64RemU
            | O::I32x4TruncSatF32x4S
            | O::I32x4TruncSatF32x4U
            | O::I32x4TruncSatF64x2SZero
            | O::I32x4TruncSatF64x2UZero
            | O::F32x4ConvertI32x4U
            | O::F64x2ConvertLowI32x4U
            | O::I64x2Mul
            | O::I8x16Popcnt
            | O::I8x16Shl
            | O::I8x16ShrS
            | O::I8x16ShrU
    )
}

/// Whether it is computed where it stands.
pub(super) fn is_effect(operator: &Operator<'_>) -> bool {
    use Operator as O;
    needs_help(operator)
        || matches!(
            operator,
            O::Call { .. }
                | O::CallIndirect { .. }
                | O::CallRef { .. }
                | O::I32Load { .. }
                | O::I64Load { .. }
                | O::F32Load { .. }
                | O::F64Load { .. }
                | O::I32Load8S { .. }
                | O::I32Load8U { .. }
                | O::I32Load16S { .. }
                | O::I32Load16U { .. }
                | O::I64Load8S { .. }
                | O::I64Load8U { .. }
                | O::I64Load16S { .. }
                | O::I64Load16U { .. }
                | O::I64Load32S { .. }
                | O::I64Load32U { .. }
                | O::V128Load { .. }
                | O::V128Load32Zero { .. }
                | O::V128Load64Zero { .. }
                | O::I32DivS
                | O::I32DivU
                | O::I32RemS
                | O::I32RemU
                | O::I64DivS
                | O::I64DivU
                | O::I64RemS
                | O::I64RemU
        )
}
