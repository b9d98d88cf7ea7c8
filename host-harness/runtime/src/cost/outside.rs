//! What a module has besides the code of its functions.

use wasmparser::{BinaryReaderError, CompositeInnerType, ElementItems, FromReader, Parser, Payload, SectionLimited};

use super::{CompileLimits, TooCostly};

/// Counts what sections have, and stops at the first that has too much. What is not valid is told by whoever reads it next.
pub(super) fn check(wasm: &[u8], limits: &CompileLimits) -> Result<(), TooCostly> {
    let mut functions = 0;
    let mut others = 0;
    for payload in Parser::new(0).parse_all(wasm).map_while(Result::ok) {
        let (what, count, limit) = match payload {
            Payload::TypeSection(types) => ("types with their parts", parts(types, limits.types), limits.types),
            Payload::ImportSection(imports) => {
                // A group of imports counts as what is in it.
                let count = imports.into_imports().map_while(Result::ok).take(most(limits.items)).count() as u64;
                ("imports", count, limits.items)
            }
            Payload::FunctionSection(section) => {
                functions += u64::from(section.count());
                ("functions", functions, limits.functions)
            }
            Payload::ExportSection(section) => ("exports", u64::from(section.count()), limits.items),
            Payload::GlobalSection(section) => ("globals", u64::from(section.count()), limits.items),
            Payload::TableSection(section) => {
                ("tables, memories and tags", add(&mut others, section.count()), limits.items)
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
                    let elements = sum(section, limits.elements, |element| match element.items {
                        ElementItems::Functions(items) => u64::from(items.count()),
                        ElementItems::Expressions(_, items) => u64::from(items.count()),
                    });
                    ("elements in segments", elements, limits.elements)
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

fn add(sum: &mut u64, count: u32) -> u64 {
    *sum += u64::from(count);
    *sum
}

/// One more than the limit: it is not worth to count further.
fn most(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1)
}

/// The sum of what the items of a section have, as far as it is not over the limit.
fn sum<'w, T: FromReader<'w>>(section: SectionLimited<'w, T>, limit: u64, of: impl Fn(T) -> u64) -> u64 {
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
