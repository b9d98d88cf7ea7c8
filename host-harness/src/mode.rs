//! The mode in which a policy is deployed, read from documents.

use crate::admission::{Mode, UnknownMode};
use crate::input::{Cursor, InputError, nearest};

/// Reads `protect` or `monitor`.
pub(crate) fn read(word: &Cursor<'_>) -> Result<Mode, InputError> {
    let given = word.string()?;
    given.parse().map_err(|error: UnknownMode| match nearest(given, &Mode::WORDS) {
        Some(near) => word.error(format!("`{given}` is not a mode; did you mean `{near}`?")),
        None => word.error(error.to_string()),
    })
}
