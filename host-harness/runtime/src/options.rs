//! How an evaluation is run.

use std::fmt;
use std::sync::Arc;

use crate::calls::{Capabilities, Grants, LogSink, NoCapabilities};
use crate::determinism::Determinism;
use crate::limits::Limits;
use crate::probe::Probe;

/// How an evaluation is run. With the default, the same input gives the same outcome on every machine.
#[derive(Clone)]
pub struct RunOptions {
    /// The limits of the evaluation.
    pub limits: Limits,
    /// Its clocks and random bytes.
    pub determinism: Determinism,
    /// The host operations that the guest may call, and the kinds of Kubernetes resources that it may get and list. Default:
    /// all of them; kwctl grants the same operations, and no kinds.
    pub grants: Grants,
    /// What answers the calls that the grants let through, and all HTTP requests and discoveries of a Chainloop policy.
    /// Default: [`NoCapabilities`].
    pub capabilities: Arc<dyn Capabilities>,
    /// Options for Chainloop policies only.
    pub chainloop: ChainloopOptions,
    /// What is kept of what happened, for [`Trace`](crate::outcome::Trace). Default: [`Traced::Everything`].
    pub traced: Traced,
    /// Is given each log record as it comes, before [`Limits::log`] is looked at. Default: none.
    pub log_sink: Option<LogSink>,
    /// How each instance is changed, and what is read of it. Default: none. No part of the interface: it changes without notice.
    #[doc(hidden)]
    pub probe: Option<Arc<Probe>>,
}

/// How a policy of Chainloop is run, beyond what all policies have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainloopOptions {
    /// The hosts that it may send HTTP requests to, as names or as patterns with `*` and `?`, besides `www.chainloop.dev` and
    /// `www.cisa.gov`, which it always may. Default: none.
    pub allowed_hostnames: Vec<String>,
    /// The lowest level of log records: it is told to the policy, and records below are not kept. Default:
    /// [`LogLevel::Info`].
    pub log_level: LogLevel,
}

/// What a [`Trace`](crate::outcome::Trace) keeps of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Traced {
    /// Log records, host calls, stdout and stderr, up to their limits.
    #[default]
    Everything,
    /// Time, memory and fuel. For the log there is [`RunOptions::log_sink`].
    Cost,
}

impl RunOptions {
    /// For a server: the clocks and the randomness of this machine, nothing granted, nothing traced but the cost.
    pub fn serving() -> Self {
        Self { determinism: Determinism::real(), grants: Grants::none(), traced: Traced::Cost, ..Self::default() }
    }
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            determinism: Determinism::default(),
            grants: Grants::default(),
            capabilities: Arc::new(NoCapabilities),
            chainloop: ChainloopOptions::default(),
            traced: Traced::default(),
            log_sink: None,
            probe: None,
        }
    }
}

impl fmt::Debug for RunOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunOptions")
            .field("limits", &self.limits)
            .field("determinism", &self.determinism)
            .field("grants", &self.grants)
            .field("chainloop", &self.chainloop)
            .field("traced", &self.traced)
            .finish_non_exhaustive()
    }
}

/// The lowest level of the log records of a Chainloop policy.
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
