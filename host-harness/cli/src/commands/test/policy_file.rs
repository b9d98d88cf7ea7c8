//! Testing the modules of a Chainloop policy as they are.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use admit_host::{
    Abi, KUBEWARDEN_VERSION, LogLevel, Platform,
    artifact::Artifact,
    capabilities::NoSource,
    case::{self, Subjects},
    chainloop::{Policy, PolicyFile},
    input::InputError,
};

use super::{super::policy, Args, Cases, NO_SOURCE, Report, stubs, tell};
use crate::{error::CliError, exit::Exit, output::Detail};

/// The policy file that `path` names, rather than a crate: itself, or the one in a folder without a crate.
pub(super) fn named(path: &Path) -> Option<PathBuf> {
    if path.is_dir() {
        let file = path.join("policy.yaml");
        let is_there = file.exists() && !file.is_dir();
        return (is_there && !path.join("Cargo.toml").is_file()).then_some(file);
    }
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("yaml" | "yml" | "json")).then(|| path.to_owned())
}

pub(super) fn run(args: &Args, path: &Path) -> Result<Exit, CliError> {
    let refused = |message: &str| InputError::whole(path.display().to_string(), message);
    if args.abi.iter().any(|abi| abi.platform() != Platform::Chainloop) {
        return Err(refused("is a policy of Chainloop: it has no other ABI").into());
    }
    if args.faults.is_some() {
        return Err(refused("`--faults` is for policy crates and modules; name faults in the cases (`faults`)").into());
    }
    if args.mutants.is_some() {
        return Err(refused("`--mutants` is for policy crates and modules; give it one of the modules").into());
    }
    if args.shapes {
        return Err(refused("`--shapes` is for policy crates and modules that are asked about requests").into());
    }
    let file = PolicyFile::open(path)?;
    let file = if args.allow_outside { file.with_modules_anywhere() } else { file };
    let folder = args.cases_or(|| path.parent().unwrap_or(Path::new("")).join("cases"));
    let suite = args.suite(path.parent().unwrap_or(Path::new("")));
    let source = Cases { folder, policy: Some(Arc::new(file.clone())), suite, abis: vec![Abi::Extism] };
    let cases = source.chosen(args, args.bless)?;
    if cases.iter().any(|case| case.shapes) {
        let message = "`shapes` is for policies that are asked about requests";
        return Err(InputError::whole(source.folder.join("_suite.yaml").display().to_string(), message).into());
    }
    let prepared = Policy::prepare(&policy::watched(&policy::engine(KUBEWARDEN_VERSION)?, path), &file)?;
    let mut options = args.options();
    options.capabilities = Arc::new(NoSource::new(NO_SOURCE));
    options.chainloop.log_level = LogLevel::Debug;
    let (cases, blessed) = source.blessed(args, cases, Subjects::PolicyFile(&prepared), &options)?;
    let runs = case::run_materials(&cases, &prepared, &options);
    if runs.is_empty() {
        let all_of_requests = cases.iter().all(|case| case.admission().is_some());
        return Err(match all_of_requests {
            true => refused(
                "the cases are about requests, and a policy file is asked about materials; run them on the module: \
                 `cargo admit test MODULE.wasm --cases FOLDER`",
            )
            .into(),
            false => CliError::NothingRuns(Abi::Extism.to_string()),
        });
    }
    let artifact = |module: &admit_host::CompiledPolicy| Artifact {
        path: path.to_owned(),
        abi: Abi::Extism,
        size: module.inspection().size,
        package: prepared.name().to_owned(),
        annotated: false,
    };
    let report = Report {
        package: prepared.name(),
        artifacts: &prepared.modules().map(artifact).collect::<Vec<_>>(),
        abis: 1,
        cases: cases.len(),
        suite: &cases,
        bless: args.bless,
        blessed,
        stubs: stubs(args, &runs),
        runs,
        faults: None,
        mode: None,
        mutants: None,
        mutants_asked: false,
        mutants_min: None,
        fault_reasons: false,
        shapes: None,
        shapes_asked: false,
        detail: Detail::of(args.verbose),
    };
    tell(args, &report)
}
