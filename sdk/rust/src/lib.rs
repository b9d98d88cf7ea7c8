//! The guest SDK.
pub mod wire;
