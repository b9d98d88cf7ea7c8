//! Builds and loads policies.

use std::{
    io::IsTerminal as _,
    path::{Path, PathBuf},
};

use admit_host::{
    Abi, CompiledPolicy, Engine, EngineOptions, KUBEWARDEN_VERSION, RunOptions,
    artifact::{Artifact, BuildOptions, Progress, Project},
    input::InputError,
};

use crate::{error::CliError, output::to_stderr};

/// Builds the policy in `path`: for `abis`, or for every ABI that it offers when there are none.
pub(super) fn build(project: &Project, abis: &[Abi], debug_info: bool) -> Result<Vec<Artifact>, CliError> {
    // A terminal shows cargo's progress as it happens; a log gets the output when it matters, that is, on failure.
    let progress = if std::io::stderr().is_terminal() { Progress::Inherit } else { Progress::Capture };
    if progress == Progress::Capture {
        to_stderr(&format!("building {}", project.name()))?;
    }
    let mut abis = abis.to_vec();
    abis.sort();
    abis.dedup();
    let engine = Some(engine(KUBEWARDEN_VERSION)?);
    Ok(project.build_all(&abis, &BuildOptions { progress, debug_info, engine, ..BuildOptions::default() })?)
}

pub(super) fn engine(kubewarden_version: semver::Version) -> Result<Engine, CliError> {
    let options = EngineOptions { kubewarden_version, ..EngineOptions::with_default_cache() };
    Engine::new(options).map_err(CliError::Engine)
}

pub(super) fn load(engine: &Engine, path: &Path) -> Result<CompiledPolicy, CliError> {
    CompiledPolicy::from_file(engine, path).map_err(|source| CliError::Load { path: path.to_owned(), source })
}

/// Whether `path` names a crate rather than a module.
pub(super) fn is_project(path: &Path) -> bool {
    path.is_dir() || path.file_name().is_some_and(|name| name == "Cargo.toml")
}

pub(super) fn options(timeout: Option<std::time::Duration>) -> RunOptions {
    let mut options = RunOptions::default();
    options.limits.wall_time = timeout;
    options
}

/// The module at `path`: itself, or what a policy crate is built to.
pub(super) fn module_of(path: &Path, abi: Option<Abi>, debug_info: bool) -> Result<PathBuf, CliError> {
    if !is_project(path) {
        return Ok(path.to_owned());
    }
    let project = Project::open(path)?;
    let abi: Vec<Abi> = abi.or_else(|| project.abis().first().copied()).into_iter().collect();
    let artifacts = build(&project, &abi, debug_info)?;
    match artifacts.into_iter().next() {
        Some(artifact) => Ok(artifact.path),
        None => Err(InputError::whole(path.display().to_string(), "nothing was built").into()),
    }
}

/// `path` relative to the current folder when it is inside of it: shorter, and it can be pasted.
pub(super) fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    here.unwrap_or_else(|| path.to_owned())
}
