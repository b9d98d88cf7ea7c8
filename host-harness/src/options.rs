//! How an evaluation is run.

use std::fmt;
use std::sync::Arc;

use crate::capabilities::{Capabilities, ContextAware, HostCapabilities, NoCapabilities};
use crate::limits::Limits;

/// How an evaluation is run; the default is the same for everyone, everywhere, every time.
#[derive(Clone)]
pub struct RunOptions {
    /// What it may use.
    pub limits: Limits,
    /// What time it is for the guest. Default: [`Clock::Fixed`].
    pub clock: Clock,
    /// Seed of the random bytes that the guest gets. Default: 0.
    pub seed: u64,
    /// The host operations that the guest may call. Default: all of them, as kwctl has it.
    pub host_capabilities: HostCapabilities,
    /// The kinds of Kubernetes resources that the guest may get and list. Default: all of them, other than upstream.
    pub context_aware_resources: ContextAware,
    /// Who answers the calls that these two let through. Default: [`NoCapabilities`].
    pub capabilities: Arc<dyn Capabilities>,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            clock: Clock::default(),
            seed: 0,
            host_capabilities: HostCapabilities::default(),
            context_aware_resources: ContextAware::default(),
            capabilities: Arc::new(NoCapabilities),
        }
    }
}

impl fmt::Debug for RunOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunOptions")
            .field("limits", &self.limits)
            .field("clock", &self.clock)
            .field("seed", &self.seed)
            .field("host_capabilities", &self.host_capabilities)
            .field("context_aware_resources", &self.context_aware_resources)
            .finish_non_exhaustive()
    }
}

/// The clock that a guest sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The wall clock starts at 2022-01-01T00:00:00Z, the monotonic clock at 0. Both advance by 1 ms with every look at
    /// either of them, and by the time that the guest sleeps; sleeping takes no real time.
    #[default]
    Fixed,
    /// The clocks of this machine. Sleeping takes real time, at most until the wall-time limit.
    Real,
}
