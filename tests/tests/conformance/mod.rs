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
use documents::Row;
use run::{Who, run};

use crate::support::files;

/// Every section that must have cases. A section is a folder.
const SECTIONS: &[&str] = &[
    "1.3", "1.4", "1.5", "2", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.8", "3.1", "3.2", "3.3", "3.4", "3.5",
    "3.6", "3.7", "3.8", "3.9", "4.1", "4.2", "4.3", "6.1", "6.2", "6.3", "6.4", "7.3", "7.4",
];

/// The folder of what the cases put into themselves.
const FILES: &str = "files";

/// The shortest sentence that can say why a policy cannot be written.
const SENTENCE: usize = 20;

/// Every test of this module.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = trials![every_section_has_cases];
    for section in SECTIONS {
        for path in files(&folder().join(section), "yaml") {
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
    let modules: &[_] = if row.sdk { &[None, Some(Abi::Wapc), Some(Abi::Wasi)] } else { &[None] };
    let trial = |sdk: &Option<Abi>| {
        let (row, sdk) = (row.clone(), *sdk);
        let guest = sdk.map_or("hand".to_owned(), |abi| format!("sdk::{abi}"));
        Trial::test(format!("{name}::{guest}"), move || {
            row.run(sdk).map_err(|difference| format!("{}\n{difference}", row.about).into())
        })
    };
    modules.iter().map(trial).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance")
}

fn every_section_has_cases() {
    let entries = std::fs::read_dir(folder()).expect("the folder of the cases");
    let mut found: Vec<String> = entries
        .map(|entry| entry.expect("a directory entry"))
        .filter(|entry| entry.path().is_dir() && entry.file_name() != FILES)
        .map(|entry| entry.file_name().into_string().expect("a UTF-8 name"))
        .collect();
    found.sort();
    let mut expected = SECTIONS.to_vec();
    expected.sort_unstable();
    assert_eq!(found, expected, "the sections");
    for section in SECTIONS {
        assert!(!files(&folder().join(section), "yaml").is_empty(), "section {section} has no cases");
    }
}
