//! What a policy is granted: looked at before a call reaches anything that could answer it.

mod context_aware;
mod grants;
mod host_capabilities;

pub use context_aware::ContextAware;
pub use grants::Grants;
pub use host_capabilities::{HostCapabilities, PatternError};
