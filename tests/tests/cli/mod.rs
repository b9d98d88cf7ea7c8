//! What people hand in: requests, settings and case files.
//!
//! Each file in `requests`, `settings`, `cases` and `compare` is one test: `key: value` lines, then files separated by
//! `-- name --` lines, of which the last, `expected`, is what must come out. `ADMIT_BLESS=1` rewrites it. `kubectl` has what kubectl makes of
//! texts.

pub(crate) mod archive;
mod cases;
mod compare;
mod kubectl;
pub(crate) mod policies;
mod requests;

use libtest_mimic::Trial;

use archive::Archive;

/// Every test of this module.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    trials.extend(folder("requests", requests::request));
    trials.extend(folder("settings", requests::settings));
    trials.extend(folder("cases", cases::load));
    trials.extend(folder("compare", compare::compare));
    trials.extend(kubectl::trials());
    trials
}

/// One trial per file in a folder; `run` makes of it what is compared with `expected`.
fn folder(name: &'static str, run: fn(&Archive) -> String) -> Vec<Trial> {
    archive::trials(&format!("cli/{name}"), run)
}
