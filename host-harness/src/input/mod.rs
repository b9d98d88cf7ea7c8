//! JSON and YAML that users give: parsed strictly, with file, line, column and field in every error.

mod cursor;
mod document;
mod error;
mod json;
mod manifest;
mod number;
mod places;
mod stack;
mod yaml;

pub(crate) use admit_runtime::internal::nearest;
pub(crate) use cursor::Cursor;
pub(crate) use document::read;
pub use document::{Document, Format};
pub use error::{InputError, Position};
pub(crate) use number::as_sent;
pub(crate) use places::Step;
pub(crate) use stack::{DEEP_STACK, with_deep_stack};
