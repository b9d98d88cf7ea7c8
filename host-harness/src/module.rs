//! The bytes of a module in a file.

use std::{fs, path::Path};

use crate::LoadError;

/// More than any policy weighs, less than would hurt.
pub(crate) const MAX_MODULE: u64 = 256 << 20;

/// Reads a `.wasm` file, or a `.wat` file in the text format.
///
/// # Errors
///
/// [`LoadError::Read`], [`LoadError::TooLarge`] and [`LoadError::Text`].
pub fn read(path: &Path) -> Result<Vec<u8>, LoadError> {
    let failed = |error| LoadError::Read { path: path.to_owned(), error };
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > MAX_MODULE {
        return Err(LoadError::TooLarge { size, limit: MAX_MODULE });
    }
    let bytes = fs::read(path).map_err(failed)?;
    if path.extension().is_some_and(|extension| extension == "wat") {
        let text = wat::Parser::new().parse_bytes(Some(path), &bytes).map(|module| module.into_owned());
        return text.map_err(|error| LoadError::Text(error.to_string()));
    }
    Ok(bytes)
}
