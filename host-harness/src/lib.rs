//! Builds policies, loads any policy module, runs it and tells what happened.

pub mod input;
pub mod limits;
pub mod outcome;
pub mod request;
pub mod response;
