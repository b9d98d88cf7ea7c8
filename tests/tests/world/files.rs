//! What worlds answer, and what is wrong with those that cannot be read. One file in `cases` or `errors` is one test.
//!
//! A case has the files of a world (`world.yaml`, or several below `world/`), and in `calls` one call a line:
//! `net/v1/dns_lookup_host "db.example"`. With `names` in front, only the names in a list are shown.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use admit_host::capabilities::World;
use admit_host::{CallError, Capabilities};
use libtest_mimic::Trial;
use serde_json::Value;

use crate::cli::archive::Archive;

/// Answers that are longer are shown over several lines.
const LINE: usize = 100;

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for folder in ["cases", "errors"] {
        let files =
            crate::support::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/world").join(folder), "txt");
        assert!(!files.is_empty(), "there are no tests in {folder}");
        for path in files {
            let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a UTF-8 name").to_owned();
            trials.push(Trial::test(format!("world::{folder}::{stem}"), move || {
                let archive = Archive::read(&path);
                archive.only_options(&[]);
                archive.check(&shown(&archive, folder)).map_err(Into::into)
            }));
        }
    }
    trials
}

fn shown(archive: &Archive, folder: &str) -> String {
    let root = tempfile::tempdir().expect("a folder");
    for (name, content) in archive.files.iter().filter(|(name, _)| name != "calls") {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }
    let file = root.path().join("world.yaml");
    let path = if file.exists() { file } else { root.path().join("world") };
    let text = match (World::open(&path), folder) {
        (Ok(world), "cases") => {
            let (_, calls) = archive.file(|name| name == "calls").expect("calls");
            calls.lines().map(|call| answered(&world, call)).collect()
        }
        (Err(error), "errors") => error.to_string(),
        (Ok(_), _) => "it can be read".to_owned(),
        (Err(error), _) => format!("it cannot be read: {error}"),
    };
    text.replace(&format!("{}/", root.path().display()), "")
}

fn answered(world: &World, line: &str) -> String {
    let (names, call) = line.strip_prefix("names ").map_or((false, line), |call| (true, call));
    let (path, payload) = call.split_once(' ').expect("a call and its payload");
    let (namespace, operation) = path.split_once('/').expect("namespace/operation");
    let mut text = format!("> {line}\n");
    match world.call(namespace, operation, payload.as_bytes()) {
        Ok(answer) => {
            let answer: Value = serde_json::from_slice(&answer).expect("JSON");
            if names {
                let items = answer["items"].as_array().expect("a list").iter();
                let names: Vec<_> = items.map(|item| item["metadata"]["name"].as_str().expect("a name")).collect();
                text.push_str(&names.join(" "));
            } else {
                match answer.to_string() {
                    line if line.len() <= LINE => text.push_str(&line),
                    _ => text.push_str(&serde_json::to_string_pretty(&answer).expect("JSON")),
                }
            }
        }
        Err(CallError::Failed(error)) => write!(text, "error: {error}").expect("a String takes everything"),
        Err(CallError::TimedOut) => panic!("nobody waits for a world"),
        Err(CallError::Unanswerable(why)) => write!(text, "unanswerable: {why}").expect("a String takes everything"),
    }
    text.push('\n');
    text
}
