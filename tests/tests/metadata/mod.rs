//! What policies declare: reading it, comparing it with the code, writing it into modules, making documents of it.
//!
//! Each file in `read`, `agreement` and `scaffold` is one test, in the format of the tests in `cli`.

mod embed;

use std::path::Path;

use admit_host::annotation::{self, Written};
use admit_host::inspect::inspect;
use admit_host::scaffold::{ArtifactHubOptions, ManifestKind, ManifestOptions, artifacthub, manifest};
use admit_host::{Abi, input::InputError, request};
use libtest_mimic::Trial;

use crate::cli::archive::Archive;

/// Every test of this module.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = embed::trials();
    trials.extend(folder("read", read));
    trials.extend(folder("agreement", agreement));
    trials.extend(folder("scaffold", scaffold));
    trials
}

fn folder(name: &'static str, run: fn(&Archive) -> String) -> Vec<Trial> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/metadata").join(name);
    let paths = crate::support::files(&folder, "txt");
    assert!(!paths.is_empty(), "{name} has no tests");
    let trial = |path: std::path::PathBuf| {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a UTF-8 name").to_owned();
        Trial::test(format!("metadata::{name}::{stem}"), move || {
            let archive = Archive::read(&path);
            archive.check(&run(&archive)).map_err(Into::into)
        })
    };
    paths.into_iter().map(trial).collect()
}

fn written(archive: &Archive) -> Result<Written, Vec<InputError>> {
    let (name, content) = archive.file(|name| !name.ends_with(".wat")).expect("metadata");
    match name.ends_with(".toml") {
        true => Ok(Written::from_manifest(content.as_bytes(), name)?.expect("a table of metadata")),
        false => Written::from_yaml(content.as_bytes(), name),
    }
}

fn lines(errors: &[InputError]) -> String {
    errors.iter().map(|error| format!("{error}\n")).collect()
}

/// The metadata and doubts about it, or what is wrong.
fn read(archive: &Archive) -> String {
    archive.only_options(&[]);
    match written(archive) {
        Ok(written) => {
            // The order of the fields is part of the format.
            let json = serde_json::to_string_pretty(&written.metadata()).expect("metadata is JSON");
            format!("{json}\n{}{}", lines(written.ignored()), lines(written.doubts()))
        }
        Err(errors) => lines(&errors),
    }
}

/// What the module contradicts.
fn agreement(archive: &Archive) -> String {
    archive.only_options(&["abi"]);
    let (_, wat) = archive.file(|name| name.ends_with(".wat")).expect("a module");
    let module = wat::parse_str(wat).expect("a valid module");
    let abi: Abi = archive.option("abi").map_or(Abi::Wapc, |abi| abi.parse().expect("an ABI"));
    let written = written(archive).unwrap_or_else(|errors| panic!("{}", lines(&errors)));
    let errors = annotation::check(&written, &inspect(&module).expect("a module"), abi);
    if errors.is_empty() { "agrees".to_owned() } else { lines(&errors) }
}

/// The document and the notes, or why there is none.
fn scaffold(archive: &Archive) -> String {
    archive.only_options(&["kind", "title", "settings", "allow_context_aware", "questions"]);
    let metadata = written(archive).unwrap_or_else(|errors| panic!("{}", lines(&errors))).metadata();
    let kind = archive.option("kind").expect("what to make");
    let made = if kind == "artifacthub" {
        let created_at = "2026-01-31T12:00:00Z".to_owned();
        artifacthub(&metadata, &ArtifactHubOptions { created_at, questions: archive.option("questions") })
    } else {
        let kind = match kind.as_str() {
            "ClusterAdmissionPolicy" => ManifestKind::ClusterAdmissionPolicy,
            "AdmissionPolicy" => ManifestKind::AdmissionPolicy,
            other => panic!("unknown kind {other}"),
        };
        let settings = archive.option("settings").unwrap_or_default();
        let options = ManifestOptions {
            kind,
            module: "registry://ghcr.io/acme/policies/labels:v1.2.3".to_owned(),
            settings: request::read_settings(settings.as_bytes(), "settings").expect("settings"),
            title: archive.option("title"),
            allow_context_aware: archive.option("allow_context_aware").is_some(),
        };
        manifest(&metadata, &options)
    };
    match made {
        Ok(made) => {
            let notes: String = made.notes.iter().map(|note| format!("note: {note}\n")).collect();
            format!("{}{notes}", made.yaml)
        }
        Err(error) => error.to_string(),
    }
}
