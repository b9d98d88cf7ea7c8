//! Files that commands are given.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use admit_host::{
    Suite,
    capabilities::World,
    input::InputError,
    internal::{MAX_DOCUMENT, read_file},
};

use crate::error::CliError;

/// Reads a file, or stdin for `-`.
pub(super) fn read_input(path: &Path) -> Result<(Vec<u8>, String), CliError> {
    let (name, read) = match path == Path::new("-") {
        true => ("<stdin>".to_owned(), stdin()),
        false => (path.display().to_string(), read_file(path, MAX_DOCUMENT)),
    };
    match read {
        Ok(bytes) => Ok((bytes, name)),
        Err(error) => Err(InputError::whole(name, format!("cannot read this file: {error}")).into()),
    }
}

/// Where what the file or folder at `path` names may be; `outside` is anywhere.
pub(super) fn suite(path: &Path, outside: bool) -> Suite {
    if outside { Suite::anywhere() } else { Suite::of(path) }
}

/// The world that an option names.
pub(super) fn world(path: &Path, outside: bool) -> Result<World, InputError> {
    World::open_in(path, &suite(path, outside))
}

/// The policy file in a folder that the user gave.
pub(super) fn policy_file_in(folder: &Path, outside: bool) -> Result<PathBuf, InputError> {
    let path = folder.join("policy.yaml");
    suite(folder, outside).admit(&path)?;
    Ok(path)
}

fn stdin() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let size = io::stdin().take(MAX_DOCUMENT + 1).read_to_end(&mut bytes)? as u64;
    if size > MAX_DOCUMENT {
        let message = format!("it is larger than {} MiB, which is the limit for such a file", MAX_DOCUMENT >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}
