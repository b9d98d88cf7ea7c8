//! Tests a module as it is, from any toolchain.

use std::path::Path;

use admit_host::{artifact::Artifact, input::InputError};

use super::{super::policy, Args, Cases, run_on};
use crate::{error::CliError, exit::Exit};

pub(super) fn run(args: &Args) -> Result<Exit, CliError> {
    let path = &args.path;
    let refused = |message: String| InputError::whole(path.display().to_string(), message);
    if args.debug_info {
        return Err(refused("is built already: `--debug-info` is for policy crates".to_owned()).into());
    }
    let engine = args.engine()?;
    let module = policy::open(&engine, path)?;
    let abi = module.abi();
    if let Some(other) = args.abi.iter().find(|wanted| **wanted != abi) {
        return Err(refused(format!("is a module for {abi}, not for {other}")).into());
    }
    let folder = args.cases_or(|| path.parent().unwrap_or(Path::new("")).join("cases"));
    let suite = args.suite(path.parent().unwrap_or(Path::new("")));
    let cases = Cases { folder, policy: None, suite, abis: vec![abi] };
    let loaded = cases.chosen(args, args.bless)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let artifact = Artifact {
        path: path.clone(),
        abi,
        size: module.inspection().size,
        package: name.to_string(),
        annotated: module.metadata().is_some(),
    };
    run_on(args, &engine, (&name, None), &[artifact], vec![module], (&cases, loaded))
}
