//! Tests of the crate as its users see it.

mod hygiene;
mod request;
mod ui;
