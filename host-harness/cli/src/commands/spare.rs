//! Refuses outputs that would replace an input.

use std::path::{Path, PathBuf};

use admit_host::input::InputError;

use super::policy;
use crate::error::CliError;

/// An input of a command.
pub(super) enum Input<'a> {
    /// A file, with what it is to the command.
    File(&'a Path, String),
    /// A folder whose every file is read, or a file, and the option that names it.
    Tree(&'a Path, &'static str),
    /// The folder or the `Cargo.toml` of a policy crate.
    Crate(&'a Path),
}

impl<'a> Input<'a> {
    /// The file that `option` names.
    pub(super) fn named(option: &'static str, path: &'a Path) -> Self {
        Self::File(path, format!("what `{option}` names"))
    }

    /// A module, called `what`, or a policy crate.
    pub(super) fn policy(path: &'a Path, what: &str) -> Self {
        if policy::is_project(path) { Self::Crate(path) } else { Self::File(path, what.to_owned()) }
    }

    /// Why `output` must not be written.
    fn harm(&self, output: &Path) -> Option<String> {
        match self {
            // Standard input is no file.
            Self::File(path, _) if *path == Path::new("-") => None,
            Self::File(path, what) => same(path, output).then(|| format!("is {what}")),
            Self::Tree(path, option) if path.is_dir() => {
                let inside = place(output)?.starts_with(path.canonicalize().ok()?);
                inside.then(|| format!("is inside of `{}`, which `{option}` names", path.display()))
            }
            Self::Tree(path, option) => Self::named(option, path).harm(output),
            Self::Crate(path) => {
                let folder = if path.is_dir() { Some(*path) } else { path.parent() };
                let folder = folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
                // A file that does not exist yet is not a source.
                let output = output.canonicalize().ok()?;
                let inside = output.strip_prefix(folder.canonicalize().ok()?).ok()?;
                is_source(inside).then(|| "is part of the policy crate".to_owned())
            }
        }
    }
}

/// Refuses an output that would replace an input, or become a part of it. To be called before anything else happens.
pub(super) fn inputs(output: &Path, inputs: &[Input<'_>]) -> Result<(), CliError> {
    if is_stdout(output) {
        return Ok(());
    }
    match inputs.iter().find_map(|input| input.harm(output)) {
        Some(harm) => {
            let message = format!("{harm}; an output neither replaces nor joins what is read, so choose another file");
            Err(InputError::whole(output.display().to_string(), message).into())
        }
        None => Ok(()),
    }
}

/// Whether an output is standard output.
pub(super) fn is_stdout(output: &Path) -> bool {
    output == Path::new("-")
}

/// Refuses standard output, which is for something else.
pub(super) fn no_stdout(output: &Path, option: &str, instead: &str) -> Result<(), CliError> {
    match is_stdout(output) {
        true => Err(InputError::whole(option, format!("stdout is not for it: {instead} (or `./-`)")).into()),
        false => Ok(()),
    }
}

/// Refuses an output whose folder is not there. To be called before what takes time.
pub(super) fn folder(output: &Path) -> Result<(), CliError> {
    if is_stdout(output) {
        return Ok(());
    }
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match std::fs::metadata(folder) {
        Ok(_) => Ok(()),
        Err(error) => Err(CliError::Output { path: output.to_owned(), error }),
    }
}

/// Whether both are one file, by whichever names; standard input and output are none.
pub(super) fn same(a: &Path, b: &Path) -> bool {
    a == b && !is_stdout(a) || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Where a file is or would be.
fn place(path: &Path) -> Option<PathBuf> {
    if let Ok(path) = path.canonicalize() {
        return Some(path);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}

/// Whether a file in a crate is one that the policy is built of. Other files can be replaced: the documents that `scaffold`
/// writes have their place in the crate.
fn is_source(inside: &Path) -> bool {
    ["Cargo.toml", "Cargo.lock", "metadata.yml", "metadata.yaml"].iter().any(|name| inside == Path::new(name))
        || inside.extension().is_some_and(|extension| extension == "rs")
}
