//! From a module's URI to a file.

use std::path::{Path, PathBuf};

use super::Modules;
use crate::file_uri;
use crate::input::{Cursor, InputError};

/// Where modules are looked for.
pub(super) struct Files<'a> {
    /// The folder of the file that names them.
    pub(super) folder: &'a Path,
    /// The files that the user gave for URIs.
    pub(super) modules: &'a Modules,
}

impl Files<'_> {
    /// The file that `module` names; it exists.
    pub(super) fn resolve(&self, module: &Cursor<'_>) -> Result<PathBuf, InputError> {
        let uri = module.string()?;
        if uri.trim().is_empty() {
            return Err(module.error("must not be empty; name a .wasm file or the folder of a policy crate"));
        }
        if let Some(path) = self.modules.get(uri) {
            return match path.exists() {
                true => Ok(path.clone()),
                false => {
                    Err(module.error(format!("{} does not exist, which this module was said to be", path.display())))
                }
            };
        }
        let not_downloaded = || {
            module.error(format!(
                "`{uri}` is not downloaded; pull it first (for example with `kwctl pull`) and give the file: `--module {uri}=FILE`"
            ))
        };
        let path = match file_uri::read(uri) {
            Some(path) => path.map_err(|error| module.error(error))?,
            None if uri.contains("://") => return Err(not_downloaded()),
            None => self.folder.join(uri),
        };
        if path.exists() {
            return Ok(path);
        }
        // An image can be written without a scheme: its registry has a dot or a port.
        let registry = uri.split('/').next().filter(|first| !first.starts_with('.') && *first != uri);
        match registry {
            Some(first) if !uri.ends_with(".wasm") && first.contains(['.', ':']) => Err(not_downloaded()),
            _ => Err(module.error(format!("there is no file {}; paths are relative to this file", path.display()))),
        }
    }
}
