//! Testing the modules of a Chainloop policy as they are.

use std::{path::Path, sync::Arc};

use admit_host::{
    Abi, KUBEWARDEN_VERSION, LogLevel,
    artifact::Artifact,
    capabilities::NoSource,
    case,
    chainloop::{Policy, PolicyFile},
    input::InputError,
};

use super::{super::policy, Args, NO_SOURCE, Report, cases, tell};
use crate::{error::CliError, exit::Exit};

/// Whether `path` names a policy file rather than a crate.
pub(super) fn is_one(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("yaml" | "yml" | "json"))
}

pub(super) fn run(args: &Args) -> Result<Exit, CliError> {
    let refused = |message: &str| InputError::whole(args.path.display().to_string(), message);
    if args.abi.iter().any(|abi| *abi != Abi::Chainloop) {
        return Err(refused("is a policy of Chainloop: it has no other ABI").into());
    }
    if args.faults.is_some() {
        return Err(refused("`--faults` is for policy crates; name faults in the cases (`faults`)").into());
    }
    let file = PolicyFile::open(&args.path)?;
    let folder = args.path.parent().unwrap_or(Path::new("")).join("cases");
    let cases = cases(args, folder)?;
    let prepared = Policy::prepare(&policy::engine(KUBEWARDEN_VERSION)?, &file)?;
    let mut options = policy::options(args.timeout);
    options.capabilities = Arc::new(NoSource::new(NO_SOURCE));
    options.log_level = LogLevel::Debug;
    let runs = case::run_materials(&cases, &prepared, &options);
    if runs.is_empty() {
        return Err(CliError::NothingRuns(Abi::Chainloop.to_string()));
    }
    let artifact = |module: &admit_host::CompiledPolicy| Artifact {
        path: args.path.clone(),
        abi: Abi::Chainloop,
        size: module.inspection().size,
        package: prepared.name().to_owned(),
        annotated: false,
    };
    let report = Report {
        package: prepared.name(),
        artifacts: &prepared.modules().map(artifact).collect::<Vec<_>>(),
        abis: 1,
        cases: cases.len(),
        runs,
        faults: None,
        fault_reasons: false,
    };
    tell(args, &report)
}
