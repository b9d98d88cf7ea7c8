//! One wasmtime engine, and the linkers of every ABI.

use std::collections::HashMap;
use std::thread;

use wasmtime::{
    Collector, Config, Enabled, InstanceAllocationStrategy, InstancePre, Module, PoolingAllocationConfig,
    WasmBacktraceDetails,
};

use super::{EngineOptions, Profile};
use crate::abi::Abi;
use crate::cache::Cache;
use crate::error::LoadError;
use crate::inspect::{FEATURES, InspectError};
use crate::protocol::{self, Host, Places, State, TICK};

/// An engine of wasmtime, with a pool or without one.
pub(super) struct Machine {
    wasmtime: wasmtime::Engine,
    hosts: HashMap<Abi, Host>,
    places: Places,
    cache: Option<Cache>,
}

/// A module that is ready to be instantiated.
pub(crate) struct Compiled {
    pub(crate) instance: InstancePre<State>,
    /// The places of the engine's pool, for which its evaluations wait.
    pub(crate) places: Places,
    pub(crate) from_cache: bool,
}

impl Machine {
    /// `instances` is the size of the pool.
    pub(super) fn new(instances: Option<u32>, options: &EngineOptions) -> Result<Self, LoadError> {
        let failed = |error: wasmtime::Error| LoadError::Engine(format!("{error:#}"));
        let wasmtime = wasmtime::Engine::new(&config(instances, options)).map_err(failed)?;
        let host = |abi: &Abi| Ok((*abi, protocol::host(&wasmtime, *abi)?));
        let hosts = Abi::ALL.iter().map(host).collect::<wasmtime::Result<_>>().map_err(failed)?;
        tick(&wasmtime).map_err(|error| LoadError::Engine(format!("no thread for its clock: {error}")))?;
        let places = instances.map_or_else(Places::unlimited, Places::new);
        let cache = options.cache_dir.as_ref().map(|dir| Cache::new(dir.clone(), &wasmtime));
        Ok(Self { wasmtime, hosts, places, cache })
    }

    pub(super) fn host(&self, abi: Abi) -> &Host {
        // `new` makes one for each ABI.
        &self.hosts[&abi]
    }

    pub(super) fn compile(&self, bytes: &[u8], abi: Abi) -> Result<Compiled, LoadError> {
        let (module, from_cache) = self.module(bytes)?;
        let linker = &self.host(abi).linker;
        let instance = linker.instantiate_pre(&module).map_err(|error| LoadError::Compile(format!("{error:#}")))?;
        Ok(Compiled { instance, places: self.places.clone(), from_cache })
    }

    /// A module as it is compiled, or taken from the cache; tells which.
    fn module(&self, bytes: &[u8]) -> Result<(Module, bool), LoadError> {
        let engine = &self.wasmtime;
        if let Some(module) = self.cache.as_ref().and_then(|cache| cache.load(engine, bytes)) {
            return Ok((module, true));
        }
        let module = Module::from_binary(engine, bytes).map_err(|error| {
            // The compiler checks the function bodies too; say where they are wrong, not just that they are.
            match wasmparser::Validator::new_with_features(FEATURES).validate_all(bytes) {
                Err(invalid) => {
                    InspectError::Invalid { offset: invalid.offset() as u64, message: invalid.message().to_owned() }
                        .into()
                }
                Ok(_) => LoadError::Compile(format!("{error:#}")),
            }
        })?;
        if let Some(cache) = &self.cache {
            cache.store(bytes, &module);
        }
        Ok((module, false))
    }
}

fn config(instances: Option<u32>, options: &EngineOptions) -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .consume_fuel(options.profile == Profile::Testing)
        .wasm_function_references(true)
        // Named, because the default depends on which of wasmtime's features another crate in the build has turned on. A run
        // is short and its memory limited, so nothing needs to be collected.
        .collector(Collector::Null)
        .wasm_backtrace_details(WasmBacktraceDetails::Enable);
    if let Some(instances) = instances {
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(instances)));
    }
    config
}

/// Memories and tables that a module can have to be loaded into a pool, and that there are for each place: nearly every module has one
/// of each.
const MEMORIES: u32 = 2;
const TABLES: u32 = 4;

/// Elements of a table in a pool. They take more memory than any ABI gives by default, so that it is the memory limit that ends a
/// run, and not a table that stops growing.
const ELEMENTS: usize = 1 << 27;

/// Memory that stays with a place of the pool, in bytes: to write what was changed is quicker than to map it again. Where the system
/// does not tell which pages were changed (before Linux 6.7), all of it is written, which takes as long as mapping.
const RESIDENT: usize = 1 << 20;

fn pool(instances: u32) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(instances)
        .total_memories(instances.saturating_mul(MEMORIES))
        .total_tables(instances.saturating_mul(TABLES))
        .total_gc_heaps(instances)
        .max_memories_per_module(MEMORIES)
        .max_tables_per_module(TABLES)
        .table_elements(ELEMENTS)
        .linear_memory_keep_resident(RESIDENT)
        .table_keep_resident(RESIDENT / 16)
        .pagemap_scan(Enabled::Auto);
    pool
}

/// Advances the engine's epoch as long as there is an engine. A tick can be late, never early, so a deadline is never
/// shorter than asked for.
fn tick(engine: &wasmtime::Engine) -> std::io::Result<()> {
    let engine = engine.weak();
    let ticker = move || {
        loop {
            thread::sleep(TICK);
            match engine.upgrade() {
                Some(engine) => engine.increment_epoch(),
                None => return,
            }
        }
    };
    thread::Builder::new().name("admit-ticker".to_owned()).spawn(ticker).map(drop)
}
