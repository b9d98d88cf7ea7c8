//! The engine that every policy of a process shares.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use semver::Version;
use wasmtime::{Collector, Config, Module, WasmBacktraceDetails};

use crate::abi::Abi;
use crate::cache::Cache;
use crate::error::LoadError;
use crate::inspect::InspectError;
use crate::protocol::{self, Host, TICK};
use crate::version::KUBEWARDEN_VERSION;

/// How an [`Engine`] is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineOptions {
    /// Where compiled modules are kept from one process to the next; nowhere when absent, which is the default.
    pub cache_dir: Option<PathBuf>,
    /// The Kubewarden that the host passes for: policies whose metadata ask for a newer one are not loaded. Default:
    /// [`KUBEWARDEN_VERSION`].
    pub kubewarden_version: Version,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self { cache_dir: None, kubewarden_version: KUBEWARDEN_VERSION }
    }
}

impl EngineOptions {
    /// Keeps compiled modules in the user's cache directory: `admit` in `$XDG_CACHE_HOME`, or in `~/.cache`. When neither is
    /// known, nothing is kept.
    pub fn with_default_cache() -> Self {
        Self { cache_dir: default_cache_dir(|name| std::env::var_os(name)), ..Self::default() }
    }
}

/// Compiles modules and measures time for their evaluations. Cheap to clone; one per process is enough.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    wasmtime: wasmtime::Engine,
    hosts: HashMap<Abi, Host>,
    cache: Option<Cache>,
    kubewarden_version: Version,
}

impl Engine {
    /// Sets up an engine. Its clock thread ends when the last clone, and the last policy that was compiled with it, is gone.
    ///
    /// # Errors
    ///
    /// [`LoadError::Engine`] when this machine cannot run WebAssembly, or gives no thread.
    pub fn new(options: EngineOptions) -> Result<Self, LoadError> {
        let wasmtime = wasmtime::Engine::new(&config()).map_err(|error| LoadError::Engine(format!("{error:#}")))?;
        let hosts =
            Abi::ALL.iter().map(|abi| Ok((*abi, protocol::host(&wasmtime, *abi)?))).collect::<wasmtime::Result<_>>();
        let hosts = hosts.map_err(|error| LoadError::Engine(format!("{error:#}")))?;
        tick(&wasmtime).map_err(|error| LoadError::Engine(format!("no thread for its clock: {error}")))?;
        let cache = options.cache_dir.map(|dir| Cache::new(dir, &wasmtime));
        let kubewarden_version = options.kubewarden_version;
        Ok(Self { shared: Arc::new(Shared { wasmtime, hosts, cache, kubewarden_version }) })
    }

    pub(crate) fn kubewarden_version(&self) -> &Version {
        &self.shared.kubewarden_version
    }

    pub(crate) fn host(&self, abi: Abi) -> &Host {
        // There is one for each of them.
        &self.shared.hosts[&abi]
    }

    /// Compiles a module, or takes it from the cache; tells which.
    pub(crate) fn compile(&self, bytes: &[u8]) -> Result<(Module, bool), LoadError> {
        let engine = &self.shared.wasmtime;
        if let Some(module) = self.shared.cache.as_ref().and_then(|cache| cache.load(engine, bytes)) {
            return Ok((module, true));
        }
        let module = Module::from_binary(engine, bytes).map_err(|error| {
            // The compiler checks the function bodies too; say where they are wrong, not just that they are.
            match wasmparser::Validator::new_with_features(crate::inspect::FEATURES).validate_all(bytes) {
                Err(invalid) => {
                    InspectError::Invalid { offset: invalid.offset() as u64, message: invalid.message().to_owned() }
                        .into()
                }
                Ok(_) => LoadError::Compile(format!("{error:#}")),
            }
        })?;
        if let Some(cache) = &self.shared.cache {
            cache.store(bytes, &module);
        }
        Ok((module, false))
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("cache", &self.shared.cache).finish_non_exhaustive()
    }
}

fn default_cache_dir(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    // Relative paths do not count: the cache would be another one in every folder.
    let absolute = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))?;
    Some(base.join("admit"))
}

fn config() -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .consume_fuel(true)
        .wasm_function_references(true)
        // Named, because the default depends on which of wasmtime's features another crate in the build has turned on. A run
        // is short and its memory limited, so nothing needs to be collected.
        .collector(Collector::Null)
        .wasm_backtrace_details(WasmBacktraceDetails::Enable);
    config
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

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_default_cache_is_the_users() {
        let dir = |xdg: Option<&str>, home: Option<&str>| {
            default_cache_dir(|name| if name == "HOME" { home } else { xdg }.map(OsString::from))
        };
        assert_eq!(dir(Some("/x"), Some("/h")), Some("/x/admit".into()));
        assert_eq!(dir(None, Some("/h")), Some("/h/.cache/admit".into()));
        assert_eq!(dir(Some("relative"), Some("/h")), Some("/h/.cache/admit".into()));
        assert_eq!(dir(Some(""), None), None);
    }
}
