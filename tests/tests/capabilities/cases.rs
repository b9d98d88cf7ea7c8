//! Cases with a host: what it answers, what it grants, what goes wrong, and which calls are expected.
//!
//! Each file in `cases` is one test. The line `call: namespace/operation payload`, once or more, says what the guest asks
//! when it is asked for a verdict, which is always to accept; `metadata:` is what the module declares. The files are those of
//! a policy, with its folder `cases`. What must come out, on both ABIs, is what differs from the case, and what the guest
//! received.

use std::fmt::Write as _;
use std::sync::Arc;

use admit_host::capabilities::NoSource;
use admit_host::{RunOptions, case};
use libtest_mimic::Trial;

use super::caller::{annotated_callers, call};
use crate::cli::archive::{self, Archive};

pub(crate) fn trials() -> Vec<Trial> {
    archive::trials("capabilities/cases", run)
}

fn run(archive: &Archive) -> String {
    archive.only_options(&["call", "metadata"]);
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in &archive.files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, content).expect("a file");
    }
    let cases = match case::load(&folder.path().join("cases")) {
        Ok(cases) => cases,
        Err(errors) => panic!("{errors:?}"),
    };
    let calls = archive.option_values("call");
    let calls: Vec<_> = calls
        .iter()
        .map(|line| line.split_once(' ').expect("operation and payload"))
        .map(|(o, p)| call(o, p))
        .collect();
    let policies = annotated_callers(&calls, archive.option("metadata").as_deref());
    let capabilities = Arc::new(NoSource::new("there is no world"));
    let options = RunOptions { capabilities, ..RunOptions::default() };

    let mut shown = [String::new(), String::new()];
    for (policy, shown) in policies.iter().zip(&mut shown) {
        for run in case::run_all(&cases, std::slice::from_ref(policy), &options) {
            let passed = if run.passed() { "passed" } else { "failed" };
            writeln!(shown, "{}: {passed}", run.case.name).expect("a String");
            for difference in &run.differences {
                let case::Difference { field, expected, actual, .. } = difference;
                writeln!(shown, "  {field}\n    expected {expected}\n    actual   {actual}").expect("a String");
            }
            for call in &run.trace.host_calls {
                let (mark, text) = match &call.answer {
                    Ok(answer) => ('+', String::from_utf8_lossy(answer)),
                    Err(error) => ('-', error.as_str().into()),
                };
                // A long answer is shown by its size, and its end, which is where the invented items are.
                let text = match text.len() {
                    ..400 => text.into_owned(),
                    len => format!("{len} bytes, …{}", &text[len - 60..]),
                };
                writeln!(shown, "  {mark} {text}").expect("a String");
            }
        }
    }
    let [wapc, wasi] = shown.map(|text| text.replace(&format!("{}/", folder.path().display()), ""));
    assert_eq!(wapc, wasi, "the ABIs differ");
    wapc
}
