//! Files that commands are given.

use std::io::Read;
use std::path::Path;

use admit_host::input::InputError;

use crate::error::CliError;

/// Largest input in bytes: far more than an API server accepts, and not too much for a machine's memory.
const MAX_INPUT: u64 = 64 << 20;

/// Reads a file, or stdin for `-`.
pub(super) fn read_input(path: &Path) -> Result<(Vec<u8>, String), CliError> {
    let (name, source): (_, std::io::Result<Box<dyn Read>>) = if path == Path::new("-") {
        ("<stdin>".to_owned(), Ok(Box::new(std::io::stdin())))
    } else {
        (path.display().to_string(), std::fs::File::open(path).map(|file| Box::new(file) as Box<dyn Read>))
    };
    let mut bytes = Vec::new();
    let read = source.and_then(|source| source.take(MAX_INPUT + 1).read_to_end(&mut bytes));
    match read {
        Err(error) => Err(InputError::whole(name, format!("cannot read this file: {error}")).into()),
        Ok(_) if bytes.len() as u64 > MAX_INPUT => {
            Err(InputError::whole(name, format!("is larger than {} MiB", MAX_INPUT >> 20)).into())
        }
        Ok(_) => Ok((bytes, name)),
    }
}
