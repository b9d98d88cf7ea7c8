//! What a policy is allowed to call, as Kubewarden decides it before it looks at a payload.

mod context_aware;
mod host_capabilities;

pub use context_aware::ContextAware;
pub use host_capabilities::{HostCapabilities, PatternError};

/// What a policy may call on Kubewarden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// The host operations.
    pub host_capabilities: HostCapabilities,
    /// The kinds of Kubernetes resources.
    pub context_aware_resources: ContextAware,
    /// Patterns of the metadata that name nothing a policy could call. They grant nothing; upstream does not look at them.
    pub unknown: Vec<PatternError>,
}

impl Grants {
    /// No operation, and no kind.
    pub fn none() -> Self {
        Self {
            host_capabilities: HostCapabilities::none(),
            context_aware_resources: ContextAware::none(),
            unknown: Vec::new(),
        }
    }
}
