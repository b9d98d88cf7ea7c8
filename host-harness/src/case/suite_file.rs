//! What is said of all cases of a folder: the file `_suite.yaml`.

use std::path::Path;

use super::{Waivers, extensions::EXTENSIONS};
use crate::{
    input::{Document, InputError},
    suite::Suite,
};

/// The laws that no case of the folder has to keep.
pub(super) fn waivers(cases: &Path, suite: &Suite) -> Result<Waivers, InputError> {
    let files = EXTENSIONS.iter().map(|extension| cases.join(format!("_suite.{extension}")));
    let files: Vec<_> = files.filter(|file| file.exists()).collect();
    let file = match files.as_slice() {
        [] => return Ok(Waivers::default()),
        [file] => file,
        [first, second, ..] => {
            let message = format!("a folder of cases has one, and {} is there as well", first.display());
            return Err(InputError::whole(second.display().to_string(), message));
        }
    };
    suite.admit(file)?;
    let document = Document::open(file)?;
    let root = document.root();
    root.only_keys(&["waive"])?;
    root.optional("waive")?.map_or(Ok(Waivers::default()), |waive| Waivers::read(&waive))
}
