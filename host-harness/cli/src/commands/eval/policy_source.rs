//! Where the policy comes from.

use std::path::{Path, PathBuf};

use admit_host::{
    Abi, KUBEWARDEN_VERSION, Platform,
    artifact::Project,
    case,
    chainloop::{Kind, Policy, PolicyFile, PolicyReference},
    input::InputError,
};

use super::super::{files, policy};
use crate::{
    error::CliError,
    output::{self, compiling},
};

/// The policy that `--policy` names, of which no module was read yet.
pub(super) enum Source {
    /// A policy file.
    File(PolicyFile),
    /// A policy crate, and the policy file beside its Cargo.toml.
    Crate(Box<Project>, Option<PolicyFile>),
    /// A module alone.
    Module(PathBuf),
}

impl Source {
    /// Reads the policy file, if there is one.
    pub(super) fn find(named: &Path, outside: bool) -> Result<Self, CliError> {
        let reference = match named.to_str() {
            Some(text) => PolicyReference::parse(text)?,
            None => PolicyReference::of(named),
        };
        let path = reference.path();
        let is_module = matches!(path.extension().and_then(|extension| extension.to_str()), Some("wasm" | "wat"));
        let source = if path.is_dir() && !path.join("Cargo.toml").is_file() {
            Self::file_of(PolicyFile::open(&files::policy_file_in(path, outside)?)?, outside)
        } else if policy::is_project(path) {
            let project = Project::open(path)?;
            let file = case::policy_file(&project.folder().join("policy.yaml"))?;
            Self::Crate(Box::new(project), file)
        } else if is_module {
            Self::Module(path.to_owned())
        } else {
            Self::file_of(PolicyFile::referenced(&reference)?, outside)
        };
        let is_file = matches!(source, Self::File(_)) && !path.is_dir();
        if !is_file && reference.digest().is_some() {
            let message = "only a policy file can have a digest behind its name";
            return Err(InputError::whole(named.display().to_string(), message).into());
        }
        for text in source.file().map(|file| file.notes.as_slice()).unwrap_or_default() {
            note(text)?;
        }
        Ok(source)
    }

    fn file_of(file: PolicyFile, outside: bool) -> Self {
        Self::File(if outside { file.with_modules_anywhere() } else { file })
    }

    /// What the policy file says.
    pub(super) fn file(&self) -> Option<&PolicyFile> {
        match self {
            Self::File(file) => Some(file),
            Self::Crate(_, file) => file.as_ref(),
            Self::Module(_) => None,
        }
    }

    /// The policy, ready to be asked about materials of this kind.
    pub(super) fn prepare(&self, kind: Kind, debug_info: bool) -> Result<Policy, CliError> {
        let engine = || policy::engine(KUBEWARDEN_VERSION);
        match self {
            Self::File(file) => {
                let engine = engine()?.watched(compiling(&file.name));
                Ok(Policy::prepare_for(&engine, file, kind)?)
            }
            Self::Module(path) => of_module(path),
            Self::Crate(project, file) => {
                let engine = engine()?.compiling_here();
                let artifacts = policy::build(project, &[Abi::Extism], debug_info, &engine)?;
                let artifact = artifacts.first().expect("one ABI is one module");
                let module = policy::compile(&engine, policy::open(&engine, &artifact.path)?, &artifact.path)?;
                Ok(match file {
                    Some(file) => Policy::with_module(file, &module),
                    None => Policy::of_module(project.name(), module),
                })
            }
        }
    }
}

/// What is allowed but odd.
pub(super) fn note(text: &str) -> Result<(), CliError> {
    Ok(output::note(text)?)
}

fn of_module(path: &Path) -> Result<Policy, CliError> {
    let engine = policy::engine(KUBEWARDEN_VERSION)?;
    let module = policy::open(&engine, path)?;
    if module.abi().platform() != Platform::Chainloop {
        let message =
            format!("is a {} policy; `eval` is for policies of Chainloop, `run` for those of Kubewarden", module.abi());
        return Err(InputError::whole(path.display().to_string(), message).into());
    }
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Policy::of_module(name, policy::compile(&engine, module, path)?))
}
