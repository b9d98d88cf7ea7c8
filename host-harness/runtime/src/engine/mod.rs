//! The engine that every policy of a process shares.

mod config;
mod machine;
mod pool;
mod process;
mod watch;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use semver::Version;

use crate::abi::Abi;
use crate::cache::{CacheFolder, CacheLimits, CacheRefused};
use crate::cost::CompileLimits;
use crate::error::LoadError;
use crate::inspect::Available;
use crate::version::KUBEWARDEN_VERSION;
pub(crate) use machine::Compiled;
use machine::Machine;
pub use process::{CompilerProcess, compile_for_parent};
pub use watch::{Compilation, CompilationWatch, Stage};

/// What an [`Engine`] is for. A policy answers the same in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Tests and tools: fuel is counted, and any module that there is can be loaded.
    #[default]
    Testing,
    /// A server: fuel is not counted, and a module that does not fit into a place of the pool (with more than 2 memories or 4
    /// tables) is not loaded.
    Serving,
}

/// How an [`Engine`] is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineOptions {
    /// What it is for. Default: [`Profile::Testing`].
    pub profile: Profile,
    /// Places of the pool that instances are in: how many evaluations can be going on at once. Others wait for one to end, at most
    /// as long as their time limit. A place takes 12 GiB of address space, and memory for what its last instance used, at most
    /// 1 MiB. Default: as many as this machine has processors, at least 16; 128 for [`serving`](Self::serving).
    pub instances: u32,
    /// Where compiled modules are kept from one process to the next; nowhere when absent, which is the default. The folder has to
    /// belong to the user of this process, and nobody else may be able to write to it: see [`Engine::cache_refused`].
    pub cache_dir: Option<PathBuf>,
    /// How much of them is kept there. Default: 2 GiB, and what was used in the last 30 days.
    pub cache_limits: CacheLimits,
    /// How much a module may take to be compiled.
    pub compile_limits: CompileLimits,
    /// The Kubewarden that the host passes for: policies whose metadata ask for a newer one are not loaded. Default:
    /// [`KUBEWARDEN_VERSION`].
    pub kubewarden_version: Version,
}

impl Default for EngineOptions {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(0, |count| count.get() as u32);
        Self {
            profile: Profile::default(),
            instances: processors.max(16),
            cache_dir: None,
            cache_limits: CacheLimits::default(),
            compile_limits: CompileLimits::default(),
            kubewarden_version: KUBEWARDEN_VERSION,
        }
    }
}

impl EngineOptions {
    /// For a server: [`Profile::Serving`].
    pub fn serving() -> Self {
        Self { profile: Profile::Serving, instances: 128, ..Self::default() }
    }

    /// Keeps compiled modules in the user's cache directory, [`CacheFolder::of_user`]. When it is not known, nothing is kept.
    pub fn with_default_cache() -> Self {
        Self { cache_dir: CacheFolder::of_user().map(|folder| folder.path().to_owned()), ..Self::default() }
    }
}

/// Compiles modules and measures time for their evaluations. Cheap to clone; one per process is enough.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
    means: Means,
}

/// How modules are compiled.
#[derive(Clone, Default)]
struct Means {
    watch: Option<CompilationWatch>,
    process: Option<Arc<CompilerProcess>>,
}

struct Shared {
    machine: Machine,
    /// For modules that do not fit into the pool; made when there is one.
    without_pool: OnceLock<Machine>,
    options: EngineOptions,
}

impl Engine {
    /// Sets up an engine. Its clock thread ends when the last clone, and the last policy that was compiled with it, is gone.
    ///
    /// # Errors
    ///
    /// [`LoadError::Engine`] when this machine cannot run WebAssembly, gives no thread, or (in the profile
    /// [`Serving`](Profile::Serving)) not enough address space for the instances.
    pub fn new(options: EngineOptions) -> Result<Self, LoadError> {
        let instances = options.instances.max(1);
        let machine = match (Machine::new(Some(instances), &options), options.profile) {
            // The pool needs address space, which can be limited; tests can do without the pool.
            (Err(_), Profile::Testing) => Machine::new(None, &options)?,
            (machine, _) => machine?,
        };
        Ok(Self {
            shared: Arc::new(Shared { machine, without_pool: OnceLock::new(), options }),
            means: Means::default(),
        })
    }

    /// The same engine, for modules of whose compilation `watch` is told.
    pub fn watched(&self, watch: CompilationWatch) -> Self {
        let mut engine = self.clone();
        engine.means.watch = Some(watch);
        engine
    }

    /// The same engine, for modules that are compiled in a process of its own, because nobody knows who made them.
    pub fn compiling_in(&self, process: CompilerProcess) -> Self {
        let mut engine = self.clone();
        engine.means.process = Some(Arc::new(process));
        engine
    }

    /// The same engine, for modules that are compiled in this process, because they are one's own.
    pub fn compiling_here(&self) -> Self {
        let mut engine = self.clone();
        engine.means.process = None;
        engine
    }

    pub(crate) fn compile_limits(&self) -> &CompileLimits {
        &self.shared.options.compile_limits
    }

    /// Why compiled modules are not kept although there is an [`EngineOptions::cache_dir`]: somebody else could put machine code
    /// there. Modules are compiled each time then, and everything else is as usual.
    pub fn cache_refused(&self) -> Option<CacheRefused> {
        CacheFolder::new(self.shared.options.cache_dir.clone()?).refused()
    }

    pub(crate) fn kubewarden_version(&self) -> &Version {
        &self.shared.options.kubewarden_version
    }

    /// What a policy of this ABI can import.
    pub(crate) fn available(&self, abi: Abi) -> &Available {
        &self.shared.machine.host(abi).available
    }

    /// Compiles and links a module, which is valid and fits its ABI.
    pub(crate) fn compile(&self, bytes: &[u8], abi: Abi) -> Result<Compiled, LoadError> {
        let Shared { machine, without_pool, options } = &*self.shared;
        let means = &self.means;
        let compile_without_pool = || match without_pool.get() {
            Some(other) => other.compile(bytes, abi, means),
            None => {
                let made = Machine::new(None, options)?;
                without_pool.get_or_init(|| made).compile(bytes, abi, means)
            }
        };
        let testing = options.profile == Profile::Testing;
        if testing && !pool::fits(bytes) {
            return compile_without_pool();
        }
        match machine.compile(bytes, abi, means) {
            Err(LoadError::Compile(_)) if testing => compile_without_pool(),
            compiled => compiled,
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("options", &self.shared.options).finish_non_exhaustive()
    }
}
