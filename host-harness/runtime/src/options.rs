//! How an evaluation is run.

use std::fmt;
use std::sync::Arc;

use crate::calls::{Capabilities, ContextAware, HostCapabilities, LogSink, NoCapabilities};
use crate::determinism::{Clock, Randomness};
use crate::limits::Limits;

/// How an evaluation is run; the default is the same for everyone, everywhere, every time.
#[derive(Clone)]
pub struct RunOptions {
    /// What it may use.
    pub limits: Limits,
    /// What time it is for the guest. Default: [`Clock::Fixed`].
    pub clock: Clock,
    /// Where the random bytes come from that the guest gets. Default: [`Randomness::Seeded`].
    pub randomness: Randomness,
    /// Seed of the random bytes, when they are [seeded](Randomness::Seeded). Default: 0.
    pub seed: u64,
    /// The host operations that the guest may call. Default: all of them, as kwctl has it.
    pub host_capabilities: HostCapabilities,
    /// The kinds of Kubernetes resources that the guest may get and list. Default: all of them, unlike upstream.
    pub context_aware_resources: ContextAware,
    /// Who answers the calls that these two let through, and all HTTP requests and discoveries of a Chainloop policy.
    /// Default: [`NoCapabilities`].
    pub capabilities: Arc<dyn Capabilities>,
    /// The hosts that a Chainloop policy may send HTTP requests to, as names or as patterns with `*` and `?`, besides
    /// `www.chainloop.dev` and `www.cisa.gov`, which it always may. Default: none.
    pub allowed_hostnames: Vec<String>,
    /// The least that a Chainloop policy logs: what it is told, and what is kept. Default: [`LogLevel::Info`].
    pub log_level: LogLevel,
    /// What is kept of what happened, for [`Trace`](crate::outcome::Trace). Default: [`Traced::Everything`].
    pub traced: Traced,
    /// Is given each log record as it comes, before [`Limits::log`] is looked at. Default: none.
    pub log_sink: Option<LogSink>,
}

/// What is kept of what happened in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Traced {
    /// Log records, host calls, stdout and stderr, up to their limits.
    #[default]
    Everything,
    /// Time, memory and fuel. Whoever wants the log has a [`RunOptions::log_sink`].
    Cost,
}

impl RunOptions {
    /// For a server: the clocks and the randomness of this machine, nothing granted, nothing traced but the cost.
    pub fn serving() -> Self {
        Self {
            clock: Clock::Real,
            randomness: Randomness::Real,
            host_capabilities: HostCapabilities::none(),
            context_aware_resources: ContextAware::none(),
            traced: Traced::Cost,
            ..Self::default()
        }
    }
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            clock: Clock::default(),
            randomness: Randomness::default(),
            seed: 0,
            host_capabilities: HostCapabilities::default(),
            context_aware_resources: ContextAware::default(),
            capabilities: Arc::new(NoCapabilities),
            allowed_hostnames: Vec::new(),
            log_level: LogLevel::default(),
            traced: Traced::default(),
            log_sink: None,
        }
    }
}

impl fmt::Debug for RunOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunOptions")
            .field("limits", &self.limits)
            .field("clock", &self.clock)
            .field("randomness", &self.randomness)
            .field("seed", &self.seed)
            .field("host_capabilities", &self.host_capabilities)
            .field("context_aware_resources", &self.context_aware_resources)
            .field("allowed_hostnames", &self.allowed_hostnames)
            .field("log_level", &self.log_level)
            .field("traced", &self.traced)
            .finish_non_exhaustive()
    }
}

/// How much a Chainloop policy logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Everything.
    Trace,
    /// What helps to find errors, and everything below.
    Debug,
    /// What happens, and everything below.
    #[default]
    Info,
    /// What is suspicious, and errors.
    Warn,
    /// Errors only.
    Error,
    /// Nothing.
    Off,
}

impl LogLevel {
    /// As log records have it; see [`LogRecord::level`](crate::outcome::LogRecord::level).
    pub fn name(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warning",
            Self::Error => "error",
            Self::Off => "off",
        }
    }
}
