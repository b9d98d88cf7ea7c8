//! How wasmtime is set up.

use wasmtime::{Collector, Config, InstanceAllocationStrategy, WasmBacktraceDetails};

use super::{Profile, pool};

/// What decides how modules are compiled, and where their instances are. Compiled modules are the same with and without a pool.
pub(super) fn config(instances: Option<u32>, profile: Profile) -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .consume_fuel(profile == Profile::Testing)
        .wasm_function_references(true)
        // Named, because the default depends on which of wasmtime's features another crate in the build has turned on. A run
        // is short and its memory limited, so nothing needs to be collected.
        .collector(Collector::Null)
        // Source lines are read by the runtime itself, within bounds.
        .wasm_backtrace_details(WasmBacktraceDetails::Disable);
    if let Some(instances) = instances {
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool::config(instances)));
    }
    config
}
