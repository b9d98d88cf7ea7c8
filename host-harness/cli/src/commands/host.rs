//! Where the answers to host calls come from, on the command line.

use std::{path::PathBuf, sync::Arc};

use admit_host::{
    RunOptions,
    capabilities::{ContextAware, Grants, HostCapabilities, Missing, NoSource, Recorder, Replay, Session, World},
    case::{Order, Replaying},
    metadata::Metadata,
};

use super::files;
use super::spare::{self, Input};
use crate::{
    error::CliError,
    exit::Exit,
    output::{NOTICE, hanging, note, text, to_stderr},
};

/// What the host of a run answers, and what it grants.
#[derive(Debug, clap::Args)]
// The group that clap makes of a struct is named after it, and every command has a struct `Args`.
#[group(id = "host")]
#[command(next_help_heading = "Host calls")]
pub(crate) struct Args {
    /// Answer host calls from a world in files: a file, or a folder such as `kubectl get … -o yaml` fills
    #[arg(long, value_name = "PATH", group = "source")]
    world: Option<PathBuf>,
    /// Answer host calls from a recorded session, as kwctl writes them
    #[arg(long, value_name = "FILE", group = "source", alias = "replay-host-capabilities-interactions")]
    replay: Option<PathBuf>,
    /// `any`: calls come in any order and as often as they like; `recorded`: as kwctl replays [default: any]
    #[arg(long, value_name = "ORDER", requires = "replay")]
    replay_order: Option<Order>,
    /// What becomes of a call that was not recorded: `stop`: the run has no result; `error`: the policy has the error that kwctl's
    /// replay gives, and its answer counts [default: stop]
    #[arg(long, value_name = "WHAT", requires = "replay")]
    replay_missing: Option<Missing>,
    /// Write the host calls and their answers to a session file, also when the run fails
    #[arg(long, value_name = "FILE", alias = "record-host-capabilities-interactions", requires = "source")]
    record: Option<PathBuf>,
    /// Grant only these operations: `*`, `oci/*`, `oci/v1/*` or `oci/v1/verify`; can be repeated
    /// [default: what the policy's metadata declares, and everything when it does not say]
    #[arg(long = "allow-host-capability", value_name = "PATTERN")]
    host_capabilities: Vec<String>,
    // As kwctl has it, with several patterns behind it, or none, which grants nothing.
    #[arg(long, value_name = "PATTERN", num_args = 0.., hide = true, conflicts_with = "host_capabilities")]
    allowed_host_capabilities: Option<Vec<String>>,
    /// Grant the Kubernetes resources that the policy's metadata declares, which is the default; an error for a policy
    /// without metadata, which otherwise may read everything
    #[arg(long)]
    allow_context_aware: bool,
    /// Grant no Kubernetes resources, which is kwctl's default
    #[arg(long, conflicts_with = "allow_context_aware")]
    deny_context_aware: bool,
}

/// The host of one run.
pub(crate) struct Host {
    pub(crate) options: RunOptions,
    replay: Option<(Arc<Replay>, Replaying)>,
    record: Option<(Arc<Recorder>, PathBuf)>,
}

/// The inputs of a host, which are read before the policy is loaded.
pub(crate) struct Source {
    world: Option<World>,
    session: Option<(Session, Replaying)>,
    granted: Option<HostCapabilities>,
}

impl Args {
    /// Refuses a recording that would replace what is read: by the host, or by the rest of the command.
    pub(super) fn spare(&self, read: &[Input<'_>], outside: bool) -> Result<(), CliError> {
        let Some(record) = &self.record else { return Ok(()) };
        spare::no_stdout(record, "--record", "the answer goes there, so name a file for the session")?;
        spare::inputs(record, read)?;
        let named = self.world.as_deref().map(|world| World::files_named_by(world, &files::suite(world, outside)));
        let named = named.transpose()?.unwrap_or_default();
        let mut own: Vec<_> = named.iter().map(|path| Input::File(path, "what the world names".to_owned())).collect();
        own.extend(self.replay.as_deref().map(|path| Input::named("--replay", path)));
        own.extend(self.world.as_deref().map(|path| Input::Tree(path, "--world")));
        spare::inputs(record, &own)
    }

    /// Reads the inputs; `outside` lets the world name files outside of its folder.
    pub(crate) fn read(&self, outside: bool) -> Result<Source, CliError> {
        let session = match &self.replay {
            Some(path) => Some((Session::open(path)?, self.replaying())),
            None => None,
        };
        let world = self.world.as_deref().map(|world| files::world(world, outside)).transpose()?;
        let patterns = match (self.host_capabilities.as_slice(), &self.allowed_host_capabilities) {
            ([], None) => None,
            ([], Some(patterns)) => Some(patterns.as_slice()),
            (patterns, _) => Some(patterns),
        };
        let granted = match patterns {
            None => None,
            Some([]) => Some(HostCapabilities::none()),
            Some(patterns) => Some(HostCapabilities::parse(patterns).map_err(CliError::HostCapabilities)?),
        };
        Ok(Source { world, session, granted })
    }

    fn replaying(&self) -> Replaying {
        let (order, missing) = (self.replay_order.unwrap_or_default(), self.replay_missing.unwrap_or_default());
        Replaying { order, missing }
    }

    /// The host for one evaluation of the policy that has this metadata.
    pub(crate) fn host(
        &self,
        source: Source,
        declared: Option<&Metadata>,
        mut options: RunOptions,
    ) -> Result<Host, CliError> {
        if self.allow_context_aware && declared.is_none() {
            return Err(CliError::NothingDeclared);
        }
        grant(declared, &mut options)?;
        if let Some(granted) = &source.granted {
            options.grants.host_capabilities = granted.clone();
        }
        if self.deny_context_aware {
            options.grants.context_aware_resources = ContextAware::none();
        }
        Ok(self.answer(source, options))
    }

    /// An option about what is granted, if one is given.
    pub(crate) fn grants(&self) -> Option<&'static str> {
        let given = [
            (!self.host_capabilities.is_empty(), "--allow-host-capability"),
            (self.allowed_host_capabilities.is_some(), "--allowed-host-capabilities"),
            (self.allow_context_aware, "--allow-context-aware"),
            (self.deny_context_aware, "--deny-context-aware"),
        ];
        given.into_iter().find(|(given, _)| *given).map(|(_, option)| option)
    }

    /// A host that answers, with the grants of `options`.
    pub(crate) fn answer(&self, source: Source, mut options: RunOptions) -> Host {
        let mut replay = None;
        options.capabilities = match (source.world, source.session) {
            (Some(world), _) => Arc::new(world),
            (None, Some((session, how))) => {
                let replayed = Arc::new(how.replay(session));
                replay = Some((replayed.clone(), how));
                replayed
            }
            (None, None) => Arc::new(NoSource::new("this run has no world; give --world or --replay")),
        };
        let mut record = None;
        if let Some(path) = &self.record {
            let recorder = Arc::new(Recorder::new(options.capabilities));
            options.capabilities = recorder.clone();
            record = Some((recorder, path.clone()));
        }
        Host { options, replay, record }
    }
}

impl Source {
    /// The world, if that is what answers.
    pub(crate) fn world(&self) -> Option<&World> {
        self.world.as_ref()
    }
}

/// Tells of declared host capabilities that do not exist.
pub(crate) fn note_unknown(declared: Option<&Metadata>) -> Result<(), CliError> {
    for error in Grants::declared(declared).unknown {
        note(format_args!("of the hostCapabilities in the policy's metadata, one grants nothing: {error}"))?;
    }
    Ok(())
}

/// Grants what the policy declares.
pub(super) fn grant(metadata: Option<&Metadata>, options: &mut RunOptions) -> Result<(), CliError> {
    note_unknown(metadata)?;
    let declared = Grants::declared(metadata);
    options.grants.host_capabilities = declared.host_capabilities;
    options.grants.context_aware_resources = declared.context_aware_resources;
    Ok(())
}

impl Host {
    /// Ends the host after a run, also after one that failed: writes the recording, and reports the exchanges that a strict
    /// replay did not use.
    ///
    /// # Errors
    ///
    /// The most important of all errors; the others were reported on stderr. Calls that a strict replay did not expect come
    /// first, because the policy's answer means nothing then.
    pub(crate) fn finish(&self, ended: Result<Exit, CliError>) -> Result<Exit, CliError> {
        let mismatches = self.replay.as_ref().map_or(Vec::new(), |(replay, _)| replay.mismatches());
        let stops = self.replay.as_ref().is_some_and(|(_, how)| how.missing == Missing::Stop);
        for mismatch in mismatches.iter().filter(|_| !stops) {
            note(mismatch)?;
        }
        if let Some((replay, Replaying { order: Order::Recorded, .. })) = &self.replay {
            warn_of_leftovers(&replay.told_leftovers())?;
        }
        // The recording is wanted most when the run failed.
        let saved = self.record.as_ref().map_or(Ok(()), |(recorder, path)| recorder.save(path));
        let ended = match (ended, saved) {
            (Err(error), Err(second)) => {
                CliError::from(second).report();
                Err(error)
            }
            (Ok(_), Err(error)) => Err(error.into()),
            (ended, Ok(())) => ended,
        };
        if mismatches.is_empty() || !stops {
            return ended;
        }
        if let Err(error) = ended {
            error.report();
        }
        Err(CliError::Mismatches(mismatches))
    }
}

/// More is no help to a reader.
const MAX_LEFTOVERS: usize = 10;

fn warn_of_leftovers(leftovers: &[String]) -> Result<(), CliError> {
    if leftovers.is_empty() {
        return Ok(());
    }
    let mut told = text!("{}warning{:#}: Some of the recorded exchanges have not been replayed", NOTICE, NOTICE);
    for leftover in leftovers.iter().take(MAX_LEFTOVERS) {
        told.push(&text!("\n  {}", hanging(leftover, 4)));
    }
    if leftovers.len() > MAX_LEFTOVERS {
        told.push(&text!("\n  and {} more", leftovers.len() - MAX_LEFTOVERS));
    }
    to_stderr(&told).map_err(CliError::from)
}
