//! Fields that may be written in two ways.

use crate::input::{Cursor, InputError};

/// The entry of this object, `camelCase` or `snake_case`; `null` is the same as absent.
pub(super) fn either<'d>(
    object: &Cursor<'d>,
    camel: &'static str,
    snake: &'static str,
) -> Result<Option<Cursor<'d>>, InputError> {
    match (object.optional(camel)?, object.optional(snake)?) {
        (Some(_), Some(again)) => Err(again.error(format!("is the same field as `{camel}`; give one of them"))),
        (first, second) => Ok(first.or(second)),
    }
}

/// The text in this entry; empty when there is none.
pub(super) fn text(object: &Cursor<'_>, key: &'static str) -> Result<String, InputError> {
    Ok(object.optional(key)?.map(|text| text.string().map(str::to_owned)).transpose()?.unwrap_or_default())
}
