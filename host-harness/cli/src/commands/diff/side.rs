//! The two policies, and how they are run.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use admit_host::{
    Capabilities, Engine, Platform, PolicyModule, RunOptions, TimedBy, capabilities::NoSource, diff::Side,
    input::InputError, outcome::SettingsVerdict, request,
};
use serde_json::{Map, Value};

use super::super::{files, host, policy};
use super::Args;
use crate::{error::CliError, output::note};

/// A module that can be run, and where it is from.
pub(super) struct Opened {
    /// What the user named.
    named: PathBuf,
    file: PathBuf,
    module: PolicyModule,
}

/// What answers the calls of both.
pub(super) type Answering = Arc<dyn Capabilities>;

/// The settings of each.
pub(super) fn settings(args: &Args) -> Result<[Map<String, Value>; 2], CliError> {
    let own = [&args.old_settings, &args.new_settings].map(|own| own.as_ref().or(args.settings.as_ref()));
    let [old, new] = own.map(|path| match path {
        Some(path) => {
            let (bytes, name) = files::read_input(path)?;
            let settings = request::read_settings(&bytes, &name)?;
            for difference in request::settings_read_otherwise_by_kwctl(&bytes, &name)? {
                note(difference)?;
            }
            Ok::<_, CliError>(settings)
        }
        None => Ok(Map::new()),
    });
    Ok([old?, new?])
}

pub(super) fn world(args: &Args) -> Result<Answering, CliError> {
    Ok(match &args.world {
        Some(path) => Arc::new(files::world(path, args.allow_outside)?),
        None => Arc::new(NoSource::new("this run has no world; give --world")),
    })
}

/// Reads a module; a crate is built first.
pub(super) fn open(engine: &Engine, path: &Path) -> Result<Opened, CliError> {
    let file = policy::module_of(path, None, false, &policy::engine_for(engine, path))?;
    let module = policy::open(engine, &file)?;
    if module.abi().platform() == Platform::Chainloop {
        let message = "is a policy of Chainloop, which is asked about materials and not about requests";
        return Err(InputError::whole(path.display().to_string(), message).into());
    }
    Ok(Opened { named: path.to_owned(), file, module })
}

/// Whether they take raw documents, which both do or none.
pub(super) fn both_raw(modules: &[Opened; 2]) -> Result<bool, CliError> {
    let [old, new] = modules;
    if old.module.is_raw() != new.module.is_raw() {
        let (raw, other) = if old.module.is_raw() { (old, new) } else { (new, old) };
        let message = format!(
            "takes raw documents, as its metadata say, and {} takes requests of Kubernetes; they cannot be asked the same",
            other.named.display()
        );
        return Err(InputError::whole(raw.named.display().to_string(), message).into());
    }
    Ok(old.module.is_raw())
}

/// Compiles both, and checks their settings.
pub(super) fn ready(
    args: &Args,
    engine: &Engine,
    modules: [Opened; 2],
    settings: [Map<String, Value>; 2],
    answering: &Answering,
) -> Result<[Side; 2], CliError> {
    let [old, new] = modules;
    let [of_old, of_new] = settings;
    Ok([side(args, engine, old, of_old, answering)?, side(args, engine, new, of_new, answering)?])
}

fn side(
    args: &Args,
    engine: &Engine,
    opened: Opened,
    settings: Map<String, Value>,
    answering: &Answering,
) -> Result<Side, CliError> {
    let Opened { named, file, module } = opened;
    let mut options = RunOptions { capabilities: answering.clone(), ..policy::options(args.timeout) };
    // A report does not depend on what else the machine does, so time is measured in fuel.
    options.limits.timed_by = TimedBy::Fuel;
    host::grant(module.metadata(), &mut options)?;
    let sha256 = module.sha256();
    let policy = policy::compile(&policy::engine_for(engine, &named), module, &file)?;
    let module = named.display().to_string();
    let checked = policy.validate_settings(&settings, &options);
    match checked.verdict() {
        SettingsVerdict::Valid => {}
        SettingsVerdict::Invalid(why) => {
            return Err(CliError::InvalidSettings(format!("{} ({module})", why.unwrap_or("it does not say why"))));
        }
        SettingsVerdict::Failed(failure) => {
            note(format_args!("{module} is asked whether its settings are valid"))?;
            return Err(CliError::Settings(failure.clone()));
        }
    }
    Ok(Side { policy, module, sha256, settings, options })
}
