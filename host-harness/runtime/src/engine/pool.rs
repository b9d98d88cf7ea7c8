//! The pool that instances are in, and which modules fit into it.

use wasmparser::{Parser, Payload};
use wasmtime::{Enabled, PoolingAllocationConfig};

/// Memories and tables that a module can have to be loaded into a pool, and that there are for each place: nearly every module has one
/// of each.
const MEMORIES: u32 = 2;
const TABLES: u32 = 4;

/// Elements of a table in a pool. They take more memory than any ABI gives by default, so that it is the memory limit that ends a
/// run, and not a table that stops growing.
const ELEMENTS: usize = 1 << 27;

/// The largest memory in a pool, in bytes.
const MEMORY: u64 = 1 << 32;

/// What the engine keeps for each instance, in bytes: it has an entry for each function that is in a table, and nothing is reserved for
/// it. Every module that is small enough to be loaded has less.
const INSTANCE: usize = 1 << 30;

/// Memory that stays with a place of the pool, in bytes: to write what was changed is quicker than to map it again. Where the system
/// does not tell which pages were changed (before Linux 6.7), all of it is written, which takes as long as mapping.
const RESIDENT: usize = 1 << 20;

pub(super) fn config(instances: u32) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(instances)
        .total_memories(instances.saturating_mul(MEMORIES))
        .total_tables(instances.saturating_mul(TABLES))
        .total_gc_heaps(instances)
        .max_memories_per_module(MEMORIES)
        .max_tables_per_module(TABLES)
        .max_core_instance_size(INSTANCE)
        .table_elements(ELEMENTS)
        .linear_memory_keep_resident(RESIDENT)
        .table_keep_resident(RESIDENT / 16)
        .pagemap_scan(Enabled::Auto);
    pool
}

/// Whether a module fits into a place, as far as its outside tells. wasmtime says so after it has compiled the module, which can take
/// minutes.
pub(super) fn fits(wasm: &[u8]) -> bool {
    for payload in Parser::new(0).parse_all(wasm).map_while(Result::ok) {
        match payload {
            Payload::MemorySection(memories) => {
                let fit = |memory: wasmparser::MemoryType| {
                    let page = 1_u64 << memory.page_size_log2.unwrap_or(16);
                    memory.initial.checked_mul(page).is_some_and(|size| size <= MEMORY)
                };
                if memories.count() > MEMORIES || !memories.into_iter().flatten().all(fit) {
                    return false;
                }
            }
            Payload::TableSection(tables) => {
                let fit = |table: wasmparser::Table<'_>| table.ty.initial <= ELEMENTS as u64;
                if tables.count() > TABLES || !tables.into_iter().flatten().all(fit) {
                    return false;
                }
            }
            Payload::CodeSectionStart { .. } => return true,
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_known_before_it_is_compiled() {
        let mut config_of_engine = wasmtime::Config::new();
        config_of_engine.allocation_strategy(wasmtime::InstanceAllocationStrategy::Pooling(config(1)));
        let engine = wasmtime::Engine::new(&config_of_engine).unwrap();
        for (module, expected) in [
            (String::new(), true),
            ("(memory 1)".repeat(2), true),
            ("(memory 1)".repeat(3), false),
            ("(memory 65536)".to_owned(), true),
            ("(memory i64 65537)".to_owned(), false),
            ("(table 1 funcref)".repeat(4), true),
            ("(table 1 funcref)".repeat(5), false),
            ("(table 0x8000000 funcref)".to_owned(), true),
            ("(table 0x8000001 funcref)".to_owned(), false),
            ("(func $f) (elem declare func $f)".to_owned(), true),
        ] {
            let wasm = wat::parse_str(format!("(module {module} (func))")).unwrap();
            assert_eq!(fits(&wasm), expected, "{module}");
            assert_eq!(wasmtime::Module::new(&engine, &wasm).is_ok(), expected, "wasmtime on {module}");
        }
    }

    /// Programs of a few ten thousand functions have most of them in a table.
    #[test]
    fn functions_in_tables_do_not_fill_a_place() {
        let mut config_of_engine = wasmtime::Config::new();
        config_of_engine.allocation_strategy(wasmtime::InstanceAllocationStrategy::Pooling(config(1)));
        let engine = wasmtime::Engine::new(&config_of_engine).unwrap();
        let functions: usize = 40_000;
        let indices: Vec<String> = (0..functions).map(|index| index.to_string()).collect();
        let wat = format!(
            "(module (table {functions} funcref) {} (elem (i32.const 0) func {}))",
            "(func)".repeat(functions),
            indices.join(" ")
        );
        assert!(wasmtime::Module::new(&engine, wat::parse_str(wat).unwrap()).is_ok());
    }
}
