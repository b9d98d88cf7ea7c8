//! Tests of the crate as its users see it.

mod capabilities;
mod hygiene;
mod request;
mod ui;
