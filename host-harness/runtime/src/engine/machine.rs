//! One wasmtime engine, and the linkers of every ABI.

use std::collections::HashMap;
use std::thread;

use wasmtime::{InstancePre, Module};

use super::config::config;
use super::watch::{Count, counting, threads, watched};
use super::{CompilerProcess, EngineOptions, Means, Profile};
use crate::abi::{Abi, FEATURES};
use crate::cache::{self, Cache};
use crate::cost::{self, CompileLimits};
use crate::error::LoadError;
use crate::inspect::Problem;
use crate::protocol::{self, Host, Places, State, TICK};

/// An engine of wasmtime, with a pool or without one.
pub(super) struct Machine {
    wasmtime: wasmtime::Engine,
    hosts: HashMap<Abi, Host>,
    places: Places,
    cache: Option<Cache>,
    profile: Profile,
    limits: CompileLimits,
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
        let wasmtime = wasmtime::Engine::new(&config(instances, options.profile)).map_err(failed)?;
        let host = |abi: &Abi| Ok((*abi, protocol::host(&wasmtime, *abi)?));
        let hosts = Abi::ALL.iter().map(host).collect::<wasmtime::Result<_>>().map_err(failed)?;
        tick(&wasmtime).map_err(|error| LoadError::Engine(format!("no thread for its clock: {error}")))?;
        let places = instances.map_or_else(Places::unlimited, Places::new);
        let cache = options.cache_dir.as_ref().map(|dir| Cache::new(dir.clone(), options.cache_limits, &wasmtime));
        Ok(Self { wasmtime, hosts, places, cache, profile: options.profile, limits: options.compile_limits })
    }

    pub(super) fn host(&self, abi: Abi) -> &Host {
        // `new` makes one for each ABI.
        &self.hosts[&abi]
    }

    pub(super) fn compile(&self, bytes: &[u8], abi: Abi, means: &Means) -> Result<Compiled, LoadError> {
        let (module, from_cache) = self.module(bytes, abi, means)?;
        let linker = &self.host(abi).linker;
        let instance = linker.instantiate_pre(&module).map_err(|error| LoadError::Compile(format!("{error:#}")))?;
        Ok(Compiled { instance, places: self.places.clone(), from_cache })
    }

    /// A module as it is compiled, or taken from the cache; tells which.
    fn module(&self, bytes: &[u8], abi: Abi, means: &Means) -> Result<(Module, bool), LoadError> {
        // Before the cache: what is in there was looked at by whoever put it there.
        no_newer_features(bytes, abi)?;
        let cache = self.cache.as_ref();
        if let Some(module) = cache.and_then(|cache| cache.load(&self.wasmtime, bytes)) {
            return Ok((module, true));
        }
        // What is in the cache is compiled already.
        let cost = cost::check(bytes, &self.limits)?;
        let process = means.process.as_deref().filter(|process| cost.work > process.above);
        let compile = |count: &Count| match process {
            Some(process) => self.compiled_in(process, bytes, count),
            None => self.compiled(bytes, count, means.watch.is_some()),
        };
        let module = match &means.watch {
            Some(watch) => watched(watch, bytes, cache.map(Cache::dir), compile),
            None => compile(&Count::default()).0,
        };
        Ok((module?, false))
    }

    /// Compiles a module in this process, and tells whether it is kept.
    fn compiled(&self, bytes: &[u8], count: &Count, counts: bool) -> (Result<Module, LoadError>, bool) {
        let threads = if counts { counting(count) } else { threads(|| {}) };
        let threads = match threads {
            Ok(threads) => threads,
            Err(error) => return (Err(LoadError::Engine(format!("no thread to compile with: {error}"))), false),
        };
        let module = threads.install(|| Module::from_binary(&self.wasmtime, bytes));
        let kept = self.cache.as_ref().zip(module.as_ref().ok()).is_some_and(|(cache, module)| {
            let code = module.serialize();
            code.is_ok_and(|code| cache.store(bytes, &code))
        });
        (module.map_err(|error| refused(&error)), kept)
    }

    /// Compiles a module in a process of its own, and tells whether it is kept.
    fn compiled_in(&self, process: &CompilerProcess, bytes: &[u8], count: &Count) -> (Result<Module, LoadError>, bool) {
        let code = match process.compile(bytes, self.profile, count) {
            Ok(code) => code,
            Err(error) => return (Err(error), false),
        };
        let module = cache::loaded(&self.wasmtime, &code);
        let kept = module.is_ok() && self.cache.as_ref().is_some_and(|cache| cache.store(bytes, &code));
        (module.map_err(|error| refused(&error)), kept)
    }
}

/// Why a module, which is valid, is not compiled: the compiler refuses it, or the machine has no memory.
fn refused(error: &wasmtime::Error) -> LoadError {
    let text = format!("{error:#}");
    if protocol::is_out_of_memory(error) { LoadError::Engine(text) } else { LoadError::Compile(text) }
}

/// Refuses what the platform's own engine does not run, and this one does.
fn no_newer_features(bytes: &[u8], abi: Abi) -> Result<(), LoadError> {
    let features = abi.traits().features;
    if features == FEATURES {
        return Ok(());
    }
    let with = |features| wasmparser::Validator::new_with_features(features).validate_all(bytes);
    match (with(features), with(FEATURES)) {
        (Err(error), Ok(_)) => {
            let problem = Problem::Feature { abi, offset: error.offset() as u64, message: error.message().to_owned() };
            Err(LoadError::Unfit { abi, problems: vec![problem] })
        }
        // What is wrong in any case is told when the cost is estimated.
        _ => Ok(()),
    }
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
