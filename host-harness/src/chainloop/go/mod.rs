//! What Go makes of texts and documents, where Chainloop's users see it.

mod decode;
mod names;
mod quote;
mod url;

#[cfg(test)]
mod tests;

pub(crate) use decode::{Mismatch, Types, field};
pub(crate) use names::{folded, word};
pub(crate) use quote::quoted;
pub(crate) use url::Url;
