//! The bytes of a module in a file.

use std::path::Path;

use crate::LoadError;
pub(crate) use crate::file::MAX_MODULE;
use crate::file::{self, Refused};

/// Reads a `.wasm` file, or (with the feature `text`) a `.wat` file in the text format.
///
/// # Errors
///
/// [`LoadError::Read`], [`LoadError::TooLarge`] and [`LoadError::Text`].
pub fn read(path: &Path) -> Result<Vec<u8>, LoadError> {
    let bytes = file::read(path, MAX_MODULE).map_err(|error| match Refused::of(&error) {
        Some(Refused::TooLarge { size, limit }) => LoadError::TooLarge { size, limit },
        _ => LoadError::Read { path: path.to_owned(), error },
    })?;
    if path.extension().is_some_and(|extension| extension == "wat") {
        return translated(path, &bytes).map_err(LoadError::Text);
    }
    Ok(bytes)
}

/// Translates the text format into a binary module.
#[cfg(feature = "text")]
fn translated(path: &Path, text: &[u8]) -> Result<Vec<u8>, String> {
    let module = wat::Parser::new().parse_bytes(Some(path), text).map(|module| module.into_owned());
    module.map_err(|error| error.to_string())
}

#[cfg(not(feature = "text"))]
fn translated(path: &Path, _: &[u8]) -> Result<Vec<u8>, String> {
    Err(format!("{} is in the text format, which this program was built without (the feature `text`)", path.display()))
}
