//! How far a compilation has come.

use std::any::Any;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use cranelift_codegen::timing::{Pass, Profiler, set_thread_profiler};
use wasmparser::{Parser, Payload};

/// Nobody is told of a compilation that takes less.
const FIRST: Duration = Duration::from_secs(1);

/// How often somebody is told afterwards.
const STEP: Duration = Duration::from_millis(250);

/// A compilation that takes longer than a second.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compilation {
    /// The size of the module in bytes.
    pub size: u64,
    /// How many functions it has.
    pub functions: usize,
    /// How many of them are compiled.
    pub compiled: usize,
    /// How long it has taken so far.
    pub elapsed: Duration,
    /// Where the result is kept for the next process; `None` for an engine without such a folder.
    pub kept_in: Option<PathBuf>,
    /// Whether it goes on.
    pub stage: Stage,
}

/// Whether a [`Compilation`] goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It does.
    Compiling,
    /// It ended.
    Ended {
        /// Whether the result is in the folder of compiled modules. It is not when the module cannot be compiled, or the folder cannot be
        /// written to.
        kept: bool,
    },
}

/// Is told of compilations that take longer than a second: a few times in a second, and once at the end. On a thread of its own, but for
/// the end.
pub type CompilationWatch = Arc<dyn Fn(&Compilation) + Send + Sync>;

/// How many functions are compiled.
pub(super) type Count = Arc<AtomicUsize>;

/// Runs `compile`, which counts, and tells `watch` how far it is. The result comes with whether it was kept, which is told at the end.
pub(super) fn watched<T>(
    watch: &CompilationWatch,
    wasm: &[u8],
    kept_in: Option<&Path>,
    compile: impl FnOnce(&Count) -> (T, bool),
) -> T {
    let started = Instant::now();
    let functions = functions(wasm);
    let count = Count::default();
    let now = |stage| Compilation {
        size: wasm.len() as u64,
        functions,
        // There are a few functions more that the module does not have: those by which it and its host call each other.
        compiled: count.load(Ordering::Relaxed).min(functions),
        elapsed: started.elapsed(),
        kept_in: kept_in.map(Path::to_owned),
        stage,
    };
    let (result, kept) = thread::scope(|scope| {
        let (_end, ended) = mpsc::channel::<()>();
        let now = &now;
        let tell = move || {
            let mut wait = FIRST;
            while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                watch(&now(Stage::Compiling));
                wait = STEP;
            }
        };
        // Without a thread nobody is told, and all else is the same.
        let _ = thread::Builder::new().name("admit-watch".to_owned()).spawn_scoped(scope, tell);
        compile(&count)
    });
    if started.elapsed() > FIRST {
        watch(&now(Stage::Ended { kept }));
    }
    result
}

/// The threads of one compilation: as many as there are processors, or one where there are no more to be had. Those that rayon has
/// for everybody end the process when they cannot be made.
///
/// # Errors
///
/// The operating system gives none.
pub(super) fn threads(at_start: impl Fn() + Clone + Send + Sync + 'static) -> io::Result<rayon::ThreadPool> {
    let build = |count: usize| {
        let at_start = at_start.clone();
        rayon::ThreadPoolBuilder::new().num_threads(count).start_handler(move |_| at_start()).build()
    };
    // 0 is rayon's own choice.
    build(0).or_else(|_| build(1)).map_err(io::Error::other)
}

/// Threads as those of [`threads`], which count the functions that they compile.
pub(super) fn counting(count: &Count) -> io::Result<rayon::ThreadPool> {
    let count = count.clone();
    // The compiler's own threads, since a profiler belongs to a thread.
    threads(move || drop(set_thread_profiler(Box::new(Counter(count.clone())))))
}

/// Counts the functions that are compiled. It takes the place of a profiler that reads the clock for each pass over each function.
struct Counter(Count);

impl Profiler for Counter {
    fn start_pass(&self, pass: Pass) -> Box<dyn Any> {
        if pass == Pass::compile {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
        Box::new(())
    }
}

/// How many functions a module has, which is valid as far as its outside goes.
fn functions(wasm: &[u8]) -> usize {
    let payloads = Parser::new(0).parse_all(wasm).map_while(Result::ok);
    let counts = payloads.map_while(|payload| match payload {
        Payload::CodeSectionStart { count, .. } => Some(count as usize),
        // What comes behind the code is not looked at.
        Payload::CodeSectionEntry(_) => None,
        _ => Some(0),
    });
    counts.sum()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// What is told of a compilation that takes so long.
    fn told(takes: Duration) -> Vec<Compilation> {
        let told = Arc::new(Mutex::new(Vec::new()));
        let watch: CompilationWatch = {
            let told = told.clone();
            Arc::new(move |compilation| told.lock().unwrap().push(compilation.clone()))
        };
        let wasm = wat::parse_str("(module (func) (func) (func (export \"f\")))").unwrap();
        let engine = wasmtime::Engine::default();
        let result = watched(&watch, &wasm, Some(Path::new("/cache")), |count| {
            let module = counting(count).unwrap().install(|| wasmtime::Module::from_binary(&engine, &wasm));
            thread::sleep(takes);
            (module, true)
        });
        assert!(result.is_ok());
        told.lock().unwrap().clone()
    }

    #[test]
    fn long_compilations_are_told_and_short_ones_are_not() {
        assert_eq!(told(Duration::ZERO), []);
        let long = told(FIRST + STEP * 2);
        assert!(long.len() >= 2, "{long:?}");
        let Some((last, before)) = long.split_last() else { unreachable!() };
        assert_eq!(last.stage, Stage::Ended { kept: true });
        for compilation in before {
            assert_eq!((compilation.functions, compilation.compiled, compilation.stage), (3, 3, Stage::Compiling));
            assert!(compilation.elapsed >= FIRST && compilation.kept_in.as_deref() == Some(Path::new("/cache")));
        }
    }
}
