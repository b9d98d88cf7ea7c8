//! One evaluation: a fresh store with its limits, and what is left of it afterwards.

use std::cell::Cell;
use std::io;
use std::panic;
use std::thread;
use std::time::Instant;

use wasmtime::{Instance, InstancePre, Store};

use super::deadline::ticks;
use super::failure::{self, Bounds, FailedRun};
use super::{Session, State, clock, limiter, preview, random, stdio};
use crate::abi::{Abi, Clocks};
use crate::calls::{Budget, HostSide};
use crate::options::RunOptions;
use crate::outcome::{Failure, Trace};

/// Room for the guest's stack (wasmtime allows 512 KiB) and for the host functions on top of it.
const STACK: usize = 4 << 20;

/// What an operation gave, and how it went.
pub(crate) struct Answer<T> {
    pub(crate) result: Result<T, FailedRun>,
    pub(crate) trace: Trace,
}

/// What an evaluation starts from, besides the options.
pub(crate) struct Setup<'a> {
    pub(crate) abi: Abi,
    pub(crate) args: &'a [&'a str],
    pub(crate) stdio: stdio::Stdio,
    pub(crate) session: Session,
}

/// An evaluation in progress.
pub(crate) struct Evaluation {
    pub(crate) store: Store<State>,
    bounds: Bounds,
    started: Instant,
    fuel: u64,
    /// What becomes [`Trace::stopped_at`].
    stopped_at: Cell<Option<String>>,
}

impl Evaluation {
    /// A store that is not instantiated yet. The clock of the wall-time limit runs from here.
    fn new(engine: &wasmtime::Engine, setup: Setup<'_>, options: &RunOptions) -> Self {
        let limits = &options.limits;
        let bounds = Bounds {
            wall_time: limits.wall_time_of(setup.abi),
            memory: limits.memory_of(setup.abi),
            fuel: limits.fuel,
        };
        let mut store = Store::new(engine, state(setup, options));
        store.limiter(|state| &mut state.limiter);
        store.set_epoch_deadline(ticks(bounds.wall_time));
        Self { store, bounds, started: Instant::now(), fuel: 0, stopped_at: Cell::default() }
    }

    /// Makes the instance, which runs the module's start section. Fuel is counted from here on.
    pub(crate) fn instantiate(&mut self, policy: &InstancePre<State>) -> wasmtime::Result<Instance> {
        self.refuel();
        let instance = policy.instantiate(&mut self.store)?;
        self.refuel();
        Ok(instance)
    }

    fn refuel(&mut self) {
        self.fuel = self.bounds.fuel.unwrap_or(u64::MAX);
        self.store.set_fuel(self.fuel).expect("fuel is switched on in the engine");
    }

    /// What `error` means.
    pub(crate) fn failure(&self, error: &wasmtime::Error) -> Failure {
        let failure = failure::classify(error, &self.bounds, self.store.data().limiter.refused());
        if matches!(failure, Failure::Timeout(_) | Failure::Limit { .. }) {
            self.stopped_at.set(failure::backtrace(error));
        }
        failure
    }

    /// What `error` means when the policy was not called yet.
    pub(crate) fn start_failure(&self, error: &wasmtime::Error) -> Failure {
        failure::at_start(self.failure(error))
    }

    /// What is known after the run.
    pub(crate) fn into_trace(self) -> Trace {
        let left = self.store.get_fuel().unwrap_or_default();
        let state = self.store.into_data();
        let (logs, host_calls, host_calls_dropped) = state.host.into_parts();
        let (stdout, stderr) = state.stdio.into_texts();
        Trace {
            logs: logs.into_records(),
            host_calls,
            host_calls_dropped,
            stdout,
            stderr,
            fuel: self.fuel.saturating_sub(left),
            peak_memory: state.limiter.peak(),
            duration: self.started.elapsed(),
            stopped_at: self.stopped_at.into_inner(),
        }
    }
}

/// Does `work` in a fresh evaluation of `policy`, on a thread of its own. Without a thread the result is that of
/// `not_run`, which is told why.
pub(crate) fn evaluate<T: Send>(
    policy: &InstancePre<State>,
    setup: Setup<'_>,
    options: &RunOptions,
    work: impl FnOnce(&mut Evaluation) -> T + Send,
    not_run: impl FnOnce(String) -> T,
) -> (T, Trace) {
    let evaluated = on_own_thread(|| {
        let mut evaluation = Evaluation::new(policy.module().engine(), setup, options);
        let result = work(&mut evaluation);
        (result, evaluation.into_trace())
    });
    evaluated.unwrap_or_else(|error| (not_run(format!("no thread to run it on: {error}")), Trace::default()))
}

/// Runs `work` on a thread of its own, whose stack has a known size.
///
/// # Errors
///
/// The operating system's, when it gives no thread.
///
/// # Panics
///
/// When `work` does, with its payload: the caller's [`Capabilities`](crate::Capabilities) may.
fn on_own_thread<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let handle =
            thread::Builder::new().name("admit-policy".to_owned()).stack_size(STACK).spawn_scoped(scope, work)?;
        Ok(handle.join().unwrap_or_else(|payload| panic::resume_unwind(payload)))
    })
}

/// A state for a store that runs nothing.
pub(super) fn idle() -> State {
    let setup = Setup { abi: Abi::Wapc, args: &[], stdio: stdio::Stdio::console(0), session: Session::Wasi };
    state(setup, &RunOptions::default())
}

fn state(Setup { abi, args, stdio, session }: Setup<'_>, options: &RunOptions) -> State {
    let limits = &options.limits;
    let deadline = Instant::now().checked_add(limits.wall_time_of(abi));
    let profile = abi.profile();
    let clock = match profile.clocks {
        Clocks::Together => clock::GuestClock::together(options.clock, deadline),
        Clocks::Independent => clock::GuestClock::independent(options.clock, deadline),
    };
    State {
        args: args.iter().map(|&arg| arg.to_owned()).collect(),
        descriptors: preview::Descriptors::default(),
        stdio,
        clock,
        random: random::Random::new(profile.generator, options),
        limiter: limiter::Limiter::new(limits.memory_of(abi)),
        host: HostSide::new(
            options.capabilities.clone(),
            options.host_capabilities.clone(),
            options.context_aware_resources.clone(),
            Budget { log: limits.log, calls: limits.answer },
        ),
        session,
        answer_limit: limits.answer,
    }
}
