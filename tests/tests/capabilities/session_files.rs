//! Session files that people and other tools wrote. One file in `sessions` is one test: its header says what comes of it.

use std::path::Path;

use admit_host::capabilities::Session;
use libtest_mimic::Trial;

use crate::cli::archive::Archive;

pub(crate) fn trials() -> Vec<Trial> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/capabilities/sessions");
    let files = crate::support::files(&folder, "txt");
    assert!(!files.is_empty(), "there are no session files");
    let trial = |path: std::path::PathBuf| {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a UTF-8 name").to_owned();
        Trial::test(format!("capabilities::session_files::{stem}"), move || {
            let archive = Archive::read(&path);
            archive.only_options(&[]);
            archive.check(&read(&archive)).map_err(Into::into)
        })
    };
    files.into_iter().map(trial).collect()
}

fn read(archive: &Archive) -> String {
    let (name, content) = &archive.files[0];
    match Session::parse(content.as_bytes(), name) {
        Ok(session) => session
            .exchanges()
            .iter()
            .map(|exchange| format!("{:?}\n  {:?}\n", exchange.request, exchange.response))
            .collect(),
        Err(error) => error.to_string(),
    }
}
