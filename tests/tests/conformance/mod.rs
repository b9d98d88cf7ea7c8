//! The contract with Kubewarden, row by row. Each file in `tests/conformance` is one row; every row is tried with a guest
//! that is written by hand and with one that is written with the SDK, on each ABI that it is about.

mod case;
mod documents;
mod expect;
mod handwritten;
mod run;
mod scripted;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use libtest_mimic::Trial;

use admit_host::Abi;
use case::{AbiName, Case, Sdk};
use documents::{GuestName, Row};
use run::{Who, run};

use crate::support::files;

/// The folder of what the cases put into themselves.
const FILES: &str = "files";

/// The shortest sentence that can say why a policy cannot be written.
const SENTENCE: usize = 20;

/// Every test of this module.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = trials![every_section_is_in_the_index];
    for section in sections() {
        for path in files(&folder().join(&section), "yaml") {
            let row = path.file_stem().and_then(|stem| stem.to_str()).expect("a UTF-8 name");
            trials.extend(of_case(&format!("conformance::{section}::{row}"), &path));
        }
    }
    trials
}

fn of_case(name: &str, path: &Path) -> Vec<Trial> {
    match Row::read(path) {
        Some(Ok(row)) => return of_row(name, &Arc::new(row)),
        Some(Err(error)) => return vec![Trial::test(name, || Err(error.into()))],
        None => {}
    }
    let case = match Case::read(path) {
        Ok(case) => Arc::new(case),
        Err(error) => return vec![Trial::test(name, || Err(error.into()))],
    };
    let mut trials = Vec::new();
    let mut add = |guest: &str, abi: AbiName, who| {
        let case = case.clone();
        let name = format!("{name}::{guest}::{}", abi.abi());
        trials.push(Trial::test(name, move || {
            run(&case, who, abi).map_err(|difference| format!("{}\n{difference}", case.about).into())
        }));
    };
    for abi in &case.abi {
        add("hand", *abi, Who::HandWritten);
    }
    match &case.sdk {
        Some(Sdk::Why(why)) if why != "same" && why.len() >= SENTENCE => {}
        Some(Sdk::Why(why)) if why != "same" => {
            let error = format!("`sdk` should say why no such policy can be written, and says {why:?}");
            trials.push(Trial::test(name, || Err(error.into())));
        }
        None => trials.push(Trial::test(name, || Err("`sdk` is missing: a script, or why there is none".into()))),
        Some(_) => {
            for abi in &case.abi {
                add("sdk", *abi, Who::Sdk);
            }
        }
    }
    trials
}

fn of_row(name: &str, row: &Arc<Row>) -> Vec<Trial> {
    let modules = row.guests.iter().flat_map(|guest| match guest {
        GuestName::Hand => vec![None],
        GuestName::Rust => vec![Some(Abi::Wapc), Some(Abi::Wasi)],
    });
    let trial = |sdk: Option<Abi>| {
        let row = row.clone();
        let guest = sdk.map_or("hand".to_owned(), |abi| format!("sdk::{abi}"));
        Trial::test(format!("{name}::{guest}"), move || {
            row.run(sdk).map_err(|difference| format!("{}\n{difference}", row.about).into())
        })
    };
    modules.map(trial).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance")
}

/// The sections: each is a folder.
fn sections() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).expect("the folder of the cases");
    let mut found: Vec<String> = entries
        .map(|entry| entry.expect("a directory entry"))
        .filter(|entry| entry.path().is_dir() && entry.file_name() != FILES)
        .map(|entry| entry.file_name().into_string().expect("a UTF-8 name"))
        .collect();
    found.sort();
    found
}

fn every_section_is_in_the_index() {
    let index = std::fs::read_to_string(folder().join("README.md")).expect("the index of the sections");
    let mut listed: Vec<&str> = index
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |").map(|(section, _)| section))
        .collect();
    listed.sort_unstable();
    let sections = sections();
    assert_eq!(sections, listed, "the folders, and the sections of the index");
    for section in &sections {
        assert!(!files(&folder().join(section), "yaml").is_empty(), "section {section} has no cases");
    }
}
