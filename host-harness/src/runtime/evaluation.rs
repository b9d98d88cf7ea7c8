//! One evaluation: a fresh store with its limits, and what is left of it afterwards.

use std::io;
use std::panic;
use std::thread;
use std::time::{Duration, Instant};

use wasmtime::{Instance, InstancePre, Store};
use wasmtime_wasi::WasiCtxBuilder;

use super::failure::{self, Broken};
use super::{State, clock, limiter, random, stdio, wapc};
use crate::capabilities::HostSide;
use crate::engine::ticks;
use crate::limits::Limits;
use crate::options::RunOptions;
use crate::outcome::{Failure, Trace};

/// Room for the guest's stack (wasmtime allows 512 KiB) and for the host functions on top of it.
const STACK: usize = 4 << 20;

/// What an operation gave, and how it went.
pub(crate) struct Answer<T> {
    pub(crate) result: Result<T, Broken>,
    pub(crate) trace: Trace,
}

/// An evaluation in progress.
pub(crate) struct Evaluation {
    pub(crate) store: Store<State>,
    limits: Limits,
    started: Instant,
    fuel: u64,
}

impl Evaluation {
    /// A store that is not instantiated yet. The clock of the wall-time limit runs from here.
    pub(crate) fn new(engine: &wasmtime::Engine, args: &[&str], stdio: stdio::Stdio, options: &RunOptions) -> Self {
        let limits = options.limits.clone();
        let mut store = Store::new(engine, state(args, stdio, options));
        store.limiter(|state| &mut state.limiter);
        store.set_epoch_deadline(ticks(limits.wall_time));
        Self { store, limits, started: Instant::now(), fuel: 0 }
    }

    /// Makes the instance, which runs the module's start section. Fuel is counted from here on.
    pub(crate) fn instantiate(&mut self, policy: &InstancePre<State>) -> wasmtime::Result<Instance> {
        self.refuel();
        let instance = policy.instantiate(&mut self.store)?;
        self.refuel();
        Ok(instance)
    }

    fn refuel(&mut self) {
        self.fuel = self.limits.fuel.unwrap_or(u64::MAX);
        self.store.set_fuel(self.fuel).expect("fuel is switched on in the engine");
    }

    /// What `error` means.
    pub(crate) fn failure(&self, error: &wasmtime::Error) -> Failure {
        failure::classify(error, &self.limits, self.store.data().limiter.refused())
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
        }
    }
}

/// Runs `work` on a thread of its own: its stack has a known size, and it is not one that an async runtime of the
/// caller watches over, which WASI's host functions would not bear.
///
/// # Errors
///
/// The operating system's, when it gives no thread.
///
/// # Panics
///
/// When `work` does, with its payload: the caller's [`Capabilities`](crate::Capabilities) may.
pub(crate) fn on_own_thread<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let handle =
            thread::Builder::new().name("admit-policy".to_owned()).stack_size(STACK).spawn_scoped(scope, work)?;
        Ok(handle.join().unwrap_or_else(|payload| panic::resume_unwind(payload)))
    })
}

/// A state for a store that runs nothing.
pub(super) fn idle() -> State {
    state(&[], stdio::Stdio::console(0), &RunOptions::default())
}

fn state(args: &[&str], stdio: stdio::Stdio, options: &RunOptions) -> State {
    let limits = &options.limits;
    let clock = clock::GuestClock::new(options.clock, deadline(limits.wall_time));
    let wasi = WasiCtxBuilder::new().args(args).wall_clock(clock.clone()).monotonic_clock(clock.clone()).build_p1();
    State {
        wasi,
        stdio,
        clock,
        random: random::Random::new(options.seed),
        limiter: limiter::Limiter::new(limits.memory),
        host: HostSide::new(options),
        invocation: wapc::Invocation::default(),
        answer_limit: limits.answer,
    }
}

fn deadline(wall_time: Duration) -> Option<Instant> {
    Instant::now().checked_add(wall_time)
}
