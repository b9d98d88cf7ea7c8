//! What people hand in: requests, settings and case files.
//!
//! Each file in `requests`, `settings`, `cases` and `compare` is one test: `key: value` lines, then files separated by
//! `-- name --` lines, of which the last, `expected`, is what must come out. `ADMIT_BLESS=1` rewrites it.

pub(crate) mod archive;
mod cases;
mod compare;
pub(crate) mod policies;
mod requests;

use std::path::Path;

use libtest_mimic::Trial;

use archive::Archive;

/// Every test of this module.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    trials.extend(folder("requests", requests::request));
    trials.extend(folder("settings", requests::settings));
    trials.extend(folder("cases", cases::load));
    trials.extend(folder("compare", compare::compare));
    trials
}

/// One trial per file in a folder; `run` makes of it what is compared with `expected`.
fn folder(name: &'static str, run: fn(&Archive) -> String) -> Vec<Trial> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(name);
    let mut paths: Vec<_> =
        std::fs::read_dir(&folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{name} has no tests");
    let trial = |path: std::path::PathBuf| {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a UTF-8 name").to_owned();
        Trial::test(format!("cli::{name}::{stem}"), move || {
            let archive = Archive::read(&path);
            archive.check(&run(&archive)).map_err(Into::into)
        })
    };
    paths.into_iter().map(trial).collect()
}
