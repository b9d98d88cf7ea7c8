//! What a module has besides the code of its functions.

use wasmparser::{
    BinaryReaderError, CompositeInnerType, Element, ElementItems, ElementKind, FromReader, Operator, Parser, Payload,
    SectionLimited,
};

use super::{CompileLimits, TooCostly};

/// Counts what sections have, and stops at the first that has too much. What is not valid is told by whoever reads it next.
pub(super) fn check(wasm: &[u8], limits: &CompileLimits) -> Result<(), TooCostly> {
    let mut others = 0;
    let mut tables = Vec::new();
    for payload in Parser::new(0).parse_all(wasm).map_while(Result::ok) {
        let (what, count, limit) = match payload {
            Payload::TypeSection(types) => ("types with their parts", parts(types, limits.types), limits.types),
            Payload::ImportSection(imports) => {
                // A group of imports counts as what is in it.
                let count = imports.into_imports().map_while(Result::ok).take(most(limits.items)).count() as u64;
                ("imports", count, limits.items)
            }
            Payload::FunctionSection(section) => ("functions", u64::from(section.count()), limits.functions),
            Payload::ExportSection(section) => ("exports", u64::from(section.count()), limits.items),
            Payload::GlobalSection(section) => ("globals", u64::from(section.count()), limits.items),
            Payload::TableSection(section) => {
                let count = add(&mut others, section.count());
                let sizes = section.into_iter().map_while(Result::ok).map(|table| table.ty.initial);
                tables.extend(sizes.take(most(limits.items)));
                ("tables, memories and tags", count, limits.items)
            }
            Payload::MemorySection(section) => {
                ("tables, memories and tags", add(&mut others, section.count()), limits.items)
            }
            Payload::TagSection(section) => {
                ("tables, memories and tags", add(&mut others, section.count()), limits.items)
            }
            Payload::DataSection(section) => ("segments of data", u64::from(section.count()), limits.items),
            Payload::ElementSection(section) => {
                let count = u64::from(section.count());
                if count <= limits.element_segments {
                    // Behind a segment that is code, all others are.
                    let mut are_data = true;
                    let elements = sum(section, limits.elements, |element| {
                        are_data &= is_data(&element, &tables);
                        if are_data { 0 } else { count_of(&element) }
                    });
                    ("elements that no table starts with", elements, limits.elements)
                } else {
                    ("segments of elements", count, limits.element_segments)
                }
            }
            _ => continue,
        };
        if count > limit {
            return Err(TooCostly::many(what, count, limit, limits));
        }
    }
    Ok(())
}

/// Whether it is what a table of the module starts with; all else is code that puts elements somewhere.
fn is_data(element: &Element<'_>, tables: &[u64]) -> bool {
    let (ElementKind::Active { table_index, offset_expr }, ElementItems::Functions(_)) =
        (&element.kind, &element.items)
    else {
        return matches!(element.kind, ElementKind::Declared);
    };
    let mut operators = offset_expr.get_operators_reader();
    let (Ok(Operator::I32Const { value }), Ok(Operator::End)) = (operators.read(), operators.read()) else {
        return false;
    };
    let end = u64::from(value.cast_unsigned()).saturating_add(count_of(element));
    tables.get(table_index.unwrap_or(0) as usize).is_some_and(|size| end <= *size)
}

fn count_of(element: &Element<'_>) -> u64 {
    u64::from(match &element.items {
        ElementItems::Functions(items) => items.count(),
        ElementItems::Expressions(_, items) => items.count(),
    })
}

fn add(sum: &mut u64, count: u32) -> u64 {
    *sum += u64::from(count);
    *sum
}

/// One more than the limit: it is not worth to count further.
fn most(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1)
}

/// The sum of what the items of a section have, as far as it is not over the limit.
fn sum<'w, T: FromReader<'w>>(section: SectionLimited<'w, T>, limit: u64, mut of: impl FnMut(T) -> u64) -> u64 {
    let mut sum = 0_u64;
    for item in section.into_iter().map_while(Result::<T, BinaryReaderError>::ok) {
        sum = sum.saturating_add(of(item));
        if sum > limit {
            break;
        }
    }
    sum
}

fn parts(types: wasmparser::TypeSectionReader<'_>, limit: u64) -> u64 {
    sum(types, limit, |group| {
        let parts = group.types().map(|ty| match &ty.composite_type.inner {
            CompositeInnerType::Func(ty) => 1 + ty.params().len() + ty.results().len(),
            CompositeInnerType::Struct(ty) => 1 + ty.fields.len(),
            _ => 1,
        });
        parts.sum::<usize>() as u64
    })
}
