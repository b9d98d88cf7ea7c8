//! What is said of all cases of a folder: the file `_suite.yaml`.

use std::path::Path;

use super::{Waivers, extensions::EXTENSIONS};
use crate::{
    input::{Document, InputError},
    suite::Suite,
};

/// What holds for every case of a folder.
#[derive(Default)]
pub(super) struct OfAll {
    /// What no case has to keep.
    pub(super) waived: Waivers,
    /// Whether the violations of the cases are moved.
    pub(super) shapes: bool,
}

/// Reads the file, if there is one.
pub(super) fn read(cases: &Path, suite: &Suite) -> Result<OfAll, InputError> {
    let files = EXTENSIONS.iter().map(|extension| cases.join(format!("_suite.{extension}")));
    let files: Vec<_> = files.filter(|file| file.exists()).collect();
    let file = match files.as_slice() {
        [] => return Ok(OfAll::default()),
        [file] => file,
        [first, second, ..] => {
            let message = format!("a folder of cases has one, and {} is there as well", first.display());
            return Err(InputError::whole(second.display().to_string(), message));
        }
    };
    suite.admit(file)?;
    let document = Document::open(file)?;
    let root = document.root();
    root.only_keys(&["waive", "shapes"])?;
    Ok(OfAll {
        waived: root.optional("waive")?.map(|waive| Waivers::read(&waive)).transpose()?.unwrap_or_default(),
        shapes: root.optional("shapes")?.map(|shapes| shapes.boolean()).transpose()?.unwrap_or_default(),
    })
}
