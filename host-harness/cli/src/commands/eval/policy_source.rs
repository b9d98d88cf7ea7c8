//! Where the policy comes from.

use std::path::Path;

use admit_host::{
    Abi, KUBEWARDEN_VERSION, Platform,
    artifact::Project,
    case,
    chainloop::{Policy, PolicyFile},
    input::InputError,
};

use super::{super::policy, Args};
use crate::{
    error::CliError,
    output::{NOTICE, printable, to_stderr},
};

/// The policy that `--policy` names, ready to be asked.
pub(super) fn policy(args: &Args) -> Result<Policy, CliError> {
    let path = &args.policy;
    if path.is_dir() && !path.join("Cargo.toml").is_file() {
        return of_file(&path.join("policy.yaml"));
    }
    if policy::is_project(path) {
        return of_crate(path, args.debug_info);
    }
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("wasm" | "wat") => of_module(path),
        _ => of_file(path),
    }
}

fn of_file(path: &Path) -> Result<Policy, CliError> {
    let file = PolicyFile::open(path)?;
    note(&file)?;
    let policy = Policy::prepare(&policy::engine(KUBEWARDEN_VERSION)?, &file)?;
    if policy.only_by_name() {
        to_stderr(&format!(
            "{NOTICE}note{NOTICE:#}: no script says a `kind`, so Chainloop runs the policy only where a contract names the \
             material for it, and never in `policy develop eval`"
        ))?;
    }
    Ok(policy)
}

/// Writes the notes about a policy file to stderr.
pub(super) fn note(file: &PolicyFile) -> Result<(), CliError> {
    for note in &file.notes {
        to_stderr(&format!("{NOTICE}note{NOTICE:#}: {}", printable(note)))?;
    }
    Ok(())
}

fn of_module(path: &Path) -> Result<Policy, CliError> {
    let module = policy::load(&policy::engine(KUBEWARDEN_VERSION)?, path)?;
    if module.abi().platform() != Platform::Chainloop {
        let message =
            format!("is a {} policy; `eval` is for policies of Chainloop, `run` for those of Kubewarden", module.abi());
        return Err(InputError::whole(path.display().to_string(), message).into());
    }
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Policy::of_module(name, module))
}

/// The crate's own module, with what a policy file beside its Cargo.toml says.
fn of_crate(path: &Path, debug_info: bool) -> Result<Policy, CliError> {
    let project = Project::open(path)?;
    let file = case::policy_file(&project.folder().join("policy.yaml"))?;
    let artifacts = policy::build(&project, &[Abi::Extism], debug_info)?;
    let engine = policy::engine(KUBEWARDEN_VERSION)?;
    let artifact = artifacts.first().expect("one ABI is one module");
    let module = policy::load(&engine, &artifact.path)?;
    match &file {
        Some(file) => {
            note(file)?;
            Ok(Policy::with_module(file, &module))
        }
        None => Ok(Policy::of_module(project.name(), module)),
    }
}
