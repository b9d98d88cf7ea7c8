//! Views over Kubernetes objects: the few shapes that nearly every policy looks at, without a copy and without losing
//! what they do not know.

mod container;
mod metadata;
mod pod_spec;

pub use container::{Container, ContainerKind};
pub use metadata::Metadata;
pub use pod_spec::PodSpec;
pub(crate) use pod_spec::pod_spec_path;
