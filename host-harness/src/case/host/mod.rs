//! The host of a case: the source of its answers, its grants, and the faults that are injected.

use std::{fmt, str::FromStr, sync::Arc};

use super::{Difference, sources::Sources};
use crate::{
    RunOptions,
    capabilities::{ContextAware, FaultRule, Faulty, Grants, HostCapabilities, Missing, Replay, Session, World},
    input::{Cursor, InputError, nearest},
    metadata::Metadata,
};

mod grants;
mod rules;

/// The keys of a case that are about its host.
pub(super) const KEYS: [&str; 5] = ["world", "session", "host_capabilities", "context_aware_resources", "faults"];

/// The host of a case.
#[derive(Clone, Debug, Default)]
pub struct CaseHost {
    /// The source of the answers.
    pub source: Source,
    /// The operations that the policy may call; when absent, those that its metadata declares.
    pub host_capabilities: Option<HostCapabilities>,
    /// The kinds of resources that it may read; when absent, those that its metadata declares.
    pub context_aware_resources: Option<ContextAware>,
    /// The faults to inject.
    pub faults: Vec<FaultRule>,
}

/// The source of the answers to the host calls of a case.
#[derive(Clone, Default)]
pub enum Source {
    /// The case has none; the options of the run have one.
    #[default]
    Unnamed,
    /// The case has none, and the common world answers.
    Common(World),
    /// A world of its own.
    World(World),
    /// A recorded session, from its beginning for each run.
    Session(Session, Replaying),
}

/// How a session is replayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replaying {
    /// Whether the order of calls matters.
    pub order: Order,
    /// What becomes of a call that has no recorded answer.
    pub missing: Missing,
}

impl Replaying {
    /// A replay of `session` from its beginning.
    pub fn replay(self, session: Session) -> Replay {
        let replay = match self.order {
            Order::Any => Replay::keyed(session),
            Order::Recorded => Replay::strict(session),
        };
        replay.on_missing(self.missing)
    }
}

/// Whether the order of calls matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Calls may come in any order: [`Replay::keyed`].
    #[default]
    Any,
    /// Calls come in the recorded order, all of them: [`Replay::strict`].
    Recorded,
}

impl Order {
    const WORDS: [(&str, Self); 2] = [("any", Self::Any), ("recorded", Self::Recorded)];
}

impl FromStr for Order {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match Self::WORDS.iter().find(|(known, _)| *known == word) {
            Some((_, order)) => Ok(*order),
            None => Err(match nearest(word, &Self::WORDS.map(|(known, _)| known)) {
                Some(near) => format!("`{word}` is not an order; did you mean `{near}`?"),
                None => format!("`{word}` is not an order; use `any` or `recorded`"),
            }),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unnamed => f.write_str("Unnamed"),
            Self::Common(_) => f.write_str("Common"),
            Self::World(_) => f.write_str("World"),
            Self::Session(session, how) => f.debug_tuple("Session").field(session).field(how).finish(),
        }
    }
}

pub(super) fn parse(root: &Cursor<'_>, sources: &Sources) -> Result<CaseHost, InputError> {
    Ok(CaseHost {
        source: source(root, sources)?,
        host_capabilities: root.given("host_capabilities")?.map(|list| grants::patterns(&list)).transpose()?,
        context_aware_resources: root.given("context_aware_resources")?.map(|list| grants::kinds(&list)).transpose()?,
        faults: root.optional("faults")?.map(|faults| rules::faults(&faults)).transpose()?.unwrap_or_default(),
    })
}

fn source(root: &Cursor<'_>, sources: &Sources) -> Result<Source, InputError> {
    let (world, session) = (sources.host_file("world"), sources.host_file("session"));
    let in_place = root.optional("world")?.filter(|_| world.is_none());
    if session.is_some() && (world.is_some() || in_place.is_some()) {
        return Err(root.error_at("session", "cannot stand beside a `world`: one of them answers the calls"));
    }
    if let Some(path) = session {
        let named = root.optional("session")?;
        let session = Session::open(path).map_err(|error| match &named {
            Some(named) => named.error(error.to_string()),
            None => error,
        })?;
        return Ok(Source::Session(session, replaying(named.as_ref())?));
    }
    if let Some(path) = world {
        let named = root.optional("world")?;
        let world = World::open_in(path, &sources.base().suite).map_err(|error| match named {
            Some(named) => named.error(error.to_string()),
            None => error,
        })?;
        return Ok(Source::World(world));
    }
    match in_place {
        Some(world) => World::from_cursor(&world, sources.base()).map(Source::World),
        None => Ok(Source::Unnamed),
    }
}

fn replaying(session: Option<&Cursor<'_>>) -> Result<Replaying, InputError> {
    let Some(session) = session.filter(|session| session.value().is_object()) else { return Ok(Replaying::default()) };
    session.only_keys(&["file", "order", "missing"])?;
    Ok(Replaying { order: word(session, "order")?, missing: word(session, "missing")? })
}

fn word<T: Default + FromStr<Err = String>>(session: &Cursor<'_>, key: &'static str) -> Result<T, InputError> {
    match session.optional(key)? {
        Some(word) => word.string()?.parse().map_err(|error: String| word.error(error)),
        None => Ok(T::default()),
    }
}

/// The host of one run of a case, and what can be asked of it afterwards.
pub(super) struct RunningHost {
    pub(super) options: RunOptions,
    /// A replay in the recorded order.
    replay: Option<(Arc<Replay>, Missing)>,
    faulty: Option<Arc<Faulty>>,
}

impl CaseHost {
    /// Gets everything ready for a run.
    pub(super) fn start(&self, declared: Option<&Metadata>, base: &RunOptions) -> RunningHost {
        let mut options = base.clone();
        if let Some(metadata) = declared {
            let declared = Grants::declared(Some(metadata));
            options.grants.host_capabilities = declared.host_capabilities;
            options.grants.context_aware_resources = declared.context_aware_resources;
        }
        if let Some(granted) = &self.host_capabilities {
            options.grants.host_capabilities = granted.clone();
        }
        if let Some(granted) = &self.context_aware_resources {
            options.grants.context_aware_resources = granted.clone();
        }
        let mut replay = None;
        match &self.source {
            Source::Unnamed => {}
            Source::Common(world) | Source::World(world) => options.capabilities = Arc::new(world.clone()),
            Source::Session(session, how) => {
                let replayed = Arc::new(how.replay(session.clone()));
                replay = (how.order == Order::Recorded).then(|| (replayed.clone(), how.missing));
                options.capabilities = replayed;
            }
        }
        let mut faulty = None;
        if !self.faults.is_empty() {
            let with_faults = Arc::new(Faulty::new(options.capabilities.clone(), self.faults.clone()));
            faulty = Some(with_faults.clone());
            options.capabilities = with_faults;
        }
        RunningHost { options, replay, faulty }
    }
}

impl RunningHost {
    /// Differences between the host of the case and the calls: other calls than recorded, and exchanges and faults that were
    /// not used.
    pub(super) fn differences(&self) -> Vec<Difference> {
        let mut differences = Vec::new();
        if let Some((replay, missing)) = &self.replay {
            let mismatches = if *missing == Missing::Stop { replay.mismatches() } else { Vec::new() };
            let expected = "the recorded calls, in their order";
            differences.extend(mismatches.iter().map(|mismatch| Difference::new("session", expected, mismatch)));
            let leftovers = replay.told_leftovers();
            if !leftovers.is_empty() {
                let actual = format!("left over: {}", leftovers.join("\n"));
                differences.push(Difference::new("session", "every recorded exchange is asked for", actual));
            }
        }
        for rule in self.faulty.iter().flat_map(|faulty| faulty.unused()) {
            let actual = "nothing went wrong: there was no such call, or this cannot happen to its answer";
            differences.push(Difference::new("faults", rule, actual));
        }
        differences
    }
}
