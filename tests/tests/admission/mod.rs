//! The life of a policy: what is made of its answer, groups, custom resources, audit, versions.
//!
//! Each file in `enforcement`, `groups`, `resources` and `matching` is one test, as those of `cli` are.

mod enforcement;
mod groups;
mod life;
mod matching;
mod resources;

use std::path::Path;

use libtest_mimic::Trial;

use crate::cli::archive::Archive;

/// Every test of this module.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = life::trials();
    trials.extend(folder("enforcement", enforcement::response));
    trials.extend(folder("groups", groups::outcome));
    trials.extend(folder("resources", resources::read));
    trials.extend(folder("matching", matching::asked));
    trials
}

fn folder(name: &'static str, run: fn(&Archive) -> String) -> Vec<Trial> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/admission").join(name);
    let paths = crate::support::files(&folder, "txt");
    assert!(!paths.is_empty(), "{name} has no tests");
    let trial = |path: std::path::PathBuf| {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a UTF-8 name").to_owned();
        Trial::test(format!("admission::{name}::{stem}"), move || {
            let archive = Archive::read(&path);
            archive.check(&run(&archive)).map_err(Into::into)
        })
    };
    paths.into_iter().map(trial).collect()
}
