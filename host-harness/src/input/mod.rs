//! JSON and YAML that users give: parsed strictly, with file, line, column and field in every error.

mod cursor;
mod derived;
mod document;
mod edit;
mod error;
mod json;
mod lines;
mod manifest;
mod number;
mod origin;
mod place;
mod places;
mod stack;
mod write;
mod yaml;

pub(crate) use admit_runtime::internal::nearest;
pub(crate) use cursor::Cursor;
pub use document::Document;
pub(crate) use document::read;
pub(crate) use edit::{Edit, edited};
pub use error::{InputError, Position};
pub use lines::Format;
pub(crate) use number::as_sent;
pub use place::Place;
pub(crate) use places::Step;
pub(crate) use stack::{DEEP_STACK, with_deep_stack};
pub(crate) use write::yaml;
