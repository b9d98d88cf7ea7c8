//! JSON and YAML that people hand in: parsed strictly, and every complaint names file, line, column and field.

mod cursor;
mod document;
mod error;
mod locate;
mod manifest;
mod room;

pub(crate) use cursor::{Cursor, Step, nearest};
pub(crate) use document::read;
pub use document::{Document, Format};
pub use error::{InputError, Position};
