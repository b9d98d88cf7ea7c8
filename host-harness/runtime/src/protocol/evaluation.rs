//! One evaluation: a fresh store with its limits, and what is left of it afterwards.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use admit::wire::ValidationResponse;
use wasmtime::{Instance, InstancePre, Store};

use super::answer::ValidationResponse as Bounded;
use super::deadline::{ticks, watch};
use super::failure::{self, Bounds, FailedRun};
use super::places::Places;
use super::{Session, State, clock, limiter, preview, random, stack, stdio};
use crate::abi::{Abi, Clocks};
use crate::calls::{Budget, HostSide, LogBook};
use crate::deadline::Deadline;
use crate::options::{RunOptions, Traced};
use crate::outcome::{Failure, LeftOut, Trace};
use crate::probe::Probe;
use crate::symbols::DebugData;

/// A module that is compiled and linked, and the places of the pool for which its evaluations wait.
#[derive(Clone, Copy)]
pub(crate) struct Linked<'a> {
    pub(crate) instance: &'a InstancePre<State>,
    pub(crate) places: &'a Places,
    /// What tells the source lines of its code.
    pub(crate) debug_data: Option<&'a Arc<DebugData>>,
}

/// The result of an operation, and the trace of its run.
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
    /// What there was at the start; none when the engine does not count it.
    fuel: Option<u64>,
    /// What becomes [`Trace::fuel_is_minimum`].
    fuel_is_minimum: Cell<bool>,
    /// What becomes [`Trace::stopped_at`].
    stopped_at: Cell<Option<String>>,
    debug_data: Option<Arc<DebugData>>,
    probe: Option<Arc<Probe>>,
    /// What the probe reads.
    instance: Option<Instance>,
}

impl Answer<Bounded> {
    /// The answer without what is too much of it, which the trace tells then.
    pub(super) fn bounded(self) -> Answer<ValidationResponse> {
        let Self { result, mut trace } = self;
        let result = result.map(|bounded| {
            let (response, left_out) = bounded.into_parts();
            trace.left_out = left_out;
            response
        });
        Answer { result, trace }
    }
}

impl Evaluation {
    /// A store that is not instantiated yet. The clock of the wall-time limit runs from here.
    fn new(policy: Linked<'_>, setup: Setup<'_>, options: &RunOptions) -> Self {
        let limits = &options.limits;
        let bounds = Bounds {
            wall_time: limits.wall_time_of(setup.abi),
            clock_time: limits.clock_time_of(setup.abi),
            memory: limits.memory_of(setup.abi),
            fuel: limits.fuel_of(setup.abi),
        };
        let deadline = Deadline::after(bounds.clock_time);
        let mut store = Store::new(policy.instance.module().engine(), state(setup, options, deadline));
        watch(deadline, &mut store);
        store.limiter(|state| &mut state.limiter);
        store.set_epoch_deadline(ticks(bounds.clock_time));
        let fuel = store.get_fuel().is_ok().then(|| bounds.fuel.unwrap_or(u64::MAX));
        Self {
            store,
            bounds,
            started: Instant::now(),
            fuel,
            fuel_is_minimum: Cell::default(),
            stopped_at: Cell::default(),
            debug_data: policy.debug_data.cloned(),
            probe: options.probe.clone(),
            instance: None,
        }
    }

    /// Makes the instance, which runs the module's start section. Fuel is counted from here on.
    pub(crate) fn instantiate(&mut self, policy: &InstancePre<State>) -> wasmtime::Result<Instance> {
        self.refuel();
        let instance = policy.instantiate(&mut self.store)?;
        if let Some(probe) = &self.probe {
            probe.apply(&mut self.store, &instance);
            self.instance = Some(instance);
        }
        self.refuel();
        Ok(instance)
    }

    fn refuel(&mut self) {
        if let Some(fuel) = self.fuel {
            self.store.set_fuel(fuel).expect("the engine counts it");
        }
    }

    /// The failure for an error of the engine.
    pub(crate) fn failure(&self, error: &wasmtime::Error) -> Failure {
        let debug_data = self.debug_data.as_deref();
        let failure = failure::classify(error, &self.bounds, self.store.data().limiter.refused(), debug_data);
        self.fuel_is_minimum.set(!failure::fuel_is_known(error));
        if matches!(failure, Failure::Timeout(_) | Failure::Limit { .. }) {
            self.stopped_at.set(failure::backtrace(error, debug_data));
        }
        failure
    }

    /// The failure for an error of the engine before the policy was called.
    pub(crate) fn start_failure(&self, error: &wasmtime::Error) -> Failure {
        failure::at_start(self.failure(error))
    }

    /// The trace of the run.
    pub(crate) fn into_trace(mut self) -> Trace {
        if let (Some(probe), Some(instance)) = (&self.probe, &self.instance) {
            probe.read(&mut self.store, instance);
        }
        let left = self.store.get_fuel().unwrap_or_default();
        let state = self.store.into_data();
        let (logs, host_calls, host_calls_dropped) = state.host.into_parts();
        let (stdout, stderr) = state.stdio.into_texts();
        Trace {
            logs: logs.into_records(),
            host_calls,
            host_calls_dropped,
            left_out: LeftOut::default(),
            stdout,
            stderr,
            fuel: self.fuel.map_or(0, |fuel| fuel.saturating_sub(left)),
            fuel_is_minimum: self.fuel_is_minimum.get(),
            peak_memory: state.limiter.peak(),
            duration: self.started.elapsed(),
            stopped_at: self.stopped_at.into_inner(),
        }
    }
}

/// Does `work` in a fresh evaluation of `policy`, on this thread. When it cannot be run (no free place in time, or a limit
/// on fuel that the engine does not count), the result is that of `not_run`, which gets the reason.
pub(crate) fn evaluate<T>(
    policy: Linked<'_>,
    setup: Setup<'_>,
    options: &RunOptions,
    work: impl FnOnce(&mut Evaluation) -> T,
    not_run: impl FnOnce(String) -> T,
) -> (T, Trace) {
    let time = options.limits.clock_time_of(setup.abi);
    let Some(_place) = policy.places.take(time) else {
        let text =
            format!("no place became free within {time:?}; the engine has as many as `EngineOptions::instances` says");
        return (not_run(text), Trace::default());
    };
    stack::with_enough(|| {
        let mut evaluation = Evaluation::new(policy, setup, options);
        if evaluation.fuel.is_none() && evaluation.bounds.fuel.is_some() {
            let text = "a limit on fuel needs an engine of the testing profile, others do not count it";
            return (not_run(text.to_owned()), Trace::default());
        }
        let result = work(&mut evaluation);
        (result, evaluation.into_trace())
    })
}

/// A state for a store that runs nothing.
pub(super) fn idle() -> State {
    let setup = Setup { abi: Abi::Wapc, args: &[], stdio: stdio::Stdio::console(0), session: Session::Wasi };
    state(setup, &RunOptions::default(), Deadline::after(Duration::ZERO))
}

fn state(Setup { abi, args, stdio, session }: Setup<'_>, options: &RunOptions, deadline: Deadline) -> State {
    let limits = &options.limits;
    let traits = abi.traits();
    let logs = LogBook::new(limits.log, options.log_sink.clone());
    let budget = match options.traced {
        Traced::Everything => Budget { logs, calls: limits.message },
        Traced::Cost => Budget { logs, calls: 0 },
    };
    let clock = match traits.clocks {
        Clocks::Together => clock::GuestClock::together(options.determinism.clock, deadline),
        Clocks::Independent => clock::GuestClock::independent(options.determinism.clock, deadline),
    };
    State {
        args: args.iter().map(|&arg| arg.to_owned()).collect(),
        descriptors: preview::Descriptors::default(),
        stdio,
        clock,
        random: random::Random::new(traits.generator, options),
        limiter: limiter::Limiter::new(limits.memory_of(abi)),
        host: HostSide::new(options.capabilities.clone(), options.grants.clone(), budget, deadline),
        session,
        deadline,
        message_limit: limits.message,
    }
}
