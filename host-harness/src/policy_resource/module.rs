//! From a module's URI to a file.

use std::path::{Path, PathBuf};

use super::ResourceOptions;
use crate::file_uri;
use crate::input::{Cursor, InputError};
use crate::suite::Suite;

/// Where modules are looked for.
pub(super) struct Files<'a> {
    /// The folder of the file that names them.
    pub(super) folder: &'a Path,
    /// Where they may be.
    pub(super) suite: Suite,
    pub(super) options: &'a ResourceOptions,
}

impl Files<'_> {
    /// The file that `module` names; it exists.
    pub(super) fn resolve(&self, module: &Cursor<'_>) -> Result<PathBuf, InputError> {
        let uri = module.string()?;
        if uri.trim().is_empty() {
            return Err(module.error("must not be empty; name a .wasm file or the folder of a policy crate"));
        }
        if let Some(path) = self.options.modules.get(uri) {
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
        self.suite.check(&path).map_err(|message| module.error(message))?;
        if path.is_dir() || path.file_name().is_some_and(|name| name == "Cargo.toml") {
            return match self.options.crates {
                true => Ok(path),
                false => Err(module.error(format!(
                    "{} is a policy crate, and to build it runs its code (build scripts and macros); if you trust it, build it with \
                     --build, else give a module",
                    path.display()
                ))),
            };
        }
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
