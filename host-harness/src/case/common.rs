//! The world of all cases that do not name one.

use std::path::{Path, PathBuf};

use super::{Case, Source, extensions::EXTENSIONS};
use crate::{capabilities::World, input::InputError, suite::Suite};

/// Lets `world` answer the host calls of all cases that have no `world` and no `session` of their own, in place of the
/// world in `cases/_world`.
pub fn answer(cases: &mut [Case], world: &World) {
    for case in cases {
        if matches!(case.host.source, Source::Unnamed | Source::Common(_)) {
            case.host.source = Source::Common(world.clone());
        }
    }
}

/// The world in the folder `cases`, if there is one.
pub(super) fn world(cases: &Path, suite: &Suite) -> Result<Option<World>, InputError> {
    let names = std::iter::once("_world".to_owned()).chain(EXTENSIONS.iter().map(|e| format!("_world.{e}")));
    let found: Vec<PathBuf> = names.map(|name| cases.join(name)).filter(|path| path.exists()).collect();
    match found.as_slice() {
        [] => Ok(None),
        [path] => {
            suite.admit(path)?;
            World::open_in(path, suite).map(Some)
        }
        [first, second, ..] => {
            let message = format!("all cases share one world, and {} is there as well", first.display());
            Err(InputError::whole(second.display().to_string(), message))
        }
    }
}
