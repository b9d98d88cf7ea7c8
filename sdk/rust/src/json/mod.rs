//! Lossless, lazy views over JSON text.
//!
//! A [`Document`] keeps the text as it came and an index of where each value starts and ends. Making the index is the only
//! pass over the text; strings are unescaped and numbers converted when they are read, so a policy pays only for the values
//! that it uses. Values know their JSON pointer, and can be decoded into any serde type.

mod decode;
mod document;
mod error;
mod node;
mod pointer;
mod scan;
#[cfg(test)]
mod tests;
mod text;
mod value;

#[cfg(feature = "chainloop")]
pub(crate) use decode::{Decoder, Unknown};
pub use document::Document;
pub use error::{Error, SyntaxError};
pub(crate) use pointer::segment;
#[cfg(feature = "chainloop")]
pub(crate) use value::Pairs;
pub(crate) use value::array_index;
pub use value::{Array, Entries, Kind, Value};
