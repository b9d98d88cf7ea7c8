//! JSON as Go reads and writes it, without a tree in memory.
//!
//! A material can be large, and what a policy gets is the same document in another spelling. So the text is checked once,
//! the ends of its larger parts are noted, and everything is copied from there.

mod encode;
mod error;
mod indent;
mod scan;
mod sink;
mod text;
mod value;

#[cfg(test)]
mod tests;

pub(crate) use error::SyntaxError;
pub(crate) use indent::indented;
pub(crate) use sink::{Sink, base64_length};
pub(crate) use text::write_string;
pub(crate) use value::Json;
