//! The documents that schemas are tried with: every case and every world of the repository, right or wrong.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use admit_host::{capabilities::World, input::Document};
use serde_json::Value;

use crate::{cli::archive::Archive, support::repository};

/// Files by their path in a folder.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// A document, and the files that it may name.
pub(super) struct Sample {
    /// Where it is from.
    pub(super) name: String,
    pub(super) value: Value,
    /// The files of the policy that a case belongs to, or of a world, without the document itself.
    pub(super) files: Arc<Files>,
    /// Of a case in a folder of its own, the name of the folder; of a world, the folder that it stands in.
    pub(super) folder: Option<String>,
}

/// Every case.
pub(super) fn cases() -> Vec<Sample> {
    let mut samples = Vec::new();
    for (name, files) in policies() {
        let files = Arc::new(files);
        for (path, content) in &*files {
            let Some(rest) = path.strip_prefix("cases/").filter(|rest| !rest.starts_with(['.', '_'])) else { continue };
            let (folder, file) = rest.rsplit_once('/').map_or((None, rest), |(folder, file)| (Some(folder), file));
            let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
            if !["yaml", "yml", "json"].contains(&extension) || folder.is_some_and(|_| stem != "case") {
                continue;
            }
            let name = format!("{name}/{path}");
            // What is no YAML is nothing that a schema could look at.
            let Ok(document) = Document::parse(content, name.as_str()) else { continue };
            let (value, files, folder) = (document.value().clone(), files.clone(), folder.map(str::to_owned));
            samples.push(Sample { name, value, files, folder });
        }
    }
    samples
}

/// Every document of a world, and manifests among them.
pub(super) fn worlds() -> Vec<Sample> {
    let mut samples = Vec::new();
    for (name, files) in policies().into_iter().chain(archives("world/cases")).chain(archives("world/errors")) {
        let root = tempfile::tempdir().expect("a folder");
        write(root.path(), &files);
        let files = Arc::new(files);
        for world in ["world", "world.yaml", "cases/_world", "cases/_world.yaml"] {
            let path = root.path().join(world);
            // A world that cannot be read names nothing.
            let named = World::files_named_by(&path, &admit_host::Suite::of(&path)).unwrap_or_default();
            let named: BTreeSet<PathBuf> = named.iter().filter_map(|file| file.canonicalize().ok()).collect();
            for (file, content) in files.iter().filter(|(file, _)| Path::new(file).starts_with(world)) {
                let own = root.path().join(file).canonicalize().is_ok_and(|file| !named.contains(&file));
                if own && file.rsplit_once('.').is_some_and(|(_, end)| ["yaml", "yml", "json"].contains(&end)) {
                    let folder = file.rsplit_once('/').map(|(folder, _)| folder.to_owned());
                    samples.extend(documents(&format!("{name}/{file}"), content, &files, folder));
                }
            }
        }
    }
    let peers = files_of(&repository().join("tests/peers/capabilities/world"), "");
    let corpus = files_of(&repository().join("fuzz/corpus/world_file"), "");
    for (name, files) in [("peers", peers), ("fuzz", corpus)] {
        let files = Arc::new(files);
        for (file, content) in files.iter().filter(|(file, _)| file.ends_with(".yaml")) {
            samples.extend(documents(&format!("{name}/{file}"), content, &files, None));
        }
    }
    samples
}

fn documents(name: &str, content: &[u8], files: &Arc<Files>, folder: Option<String>) -> Vec<Sample> {
    let documents = Document::parse_all(content, name).unwrap_or_default();
    let sample = |document: Document| Sample {
        name: name.to_owned(),
        value: document.value().clone(),
        files: files.clone(),
        folder: folder.clone(),
    };
    documents.into_iter().map(sample).collect()
}

/// The folders of policies, with what is in them as far as cases can name it.
fn policies() -> Vec<(String, Files)> {
    let mut policies = Vec::new();
    for parent in ["examples", "templates", "host-harness/cli/tests/fixtures/crates"] {
        for entry in fs::read_dir(repository().join(parent)).expect("a folder") {
            let folder = entry.expect("an entry").path();
            let mut files = files_of(&folder.join("cases"), "cases/");
            if let Ok(policy) = fs::read_to_string(folder.join("policy.yaml")) {
                // Names of projects are not known in a template; any word will do.
                let policy = policy.split("{{").map(|part| part.split_once("}}").map_or(part, |(_, rest)| rest));
                let policy = policy.collect::<Vec<_>>().join("word");
                files.insert("policy.yaml".to_owned(), policy.into_bytes());
            }
            let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
            policies.push((format!("{parent}/{name}"), files));
        }
    }
    let corpus = files_of(&repository().join("fuzz/corpus/case_file"), "cases/");
    policies.push(("fuzz/corpus".to_owned(), corpus));
    policies.push(("the format".to_owned(), examples()));
    policies.extend(archives("cli/cases"));
    policies.extend(archives("capabilities/cases"));
    policies.sort_by(|one, other| one.0.cmp(&other.0));
    policies
}

/// The examples of the formats, and what they name.
pub(super) fn examples() -> Files {
    let files = [
        ("cases/request.yaml", include_str!("../../../host-harness/src/case/example.yaml")),
        ("cases/material.yaml", include_str!("../../../host-harness/src/case/example-material.yaml")),
        ("cases/_world.yaml", include_str!("../../../host-harness/src/capabilities/world/example.yaml")),
        ("cases/_shared/pod.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: a}}"),
        ("cases/_shared/before.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: a}}"),
        ("cases/_shared/world.yaml", "{}"),
        ("cases/_shared/sbom.json", "{}"),
    ];
    files.map(|(name, content)| (name.to_owned(), content.as_bytes().to_vec())).into()
}

/// The test files in a folder, which hold several files each.
fn archives(folder: &str) -> Vec<(String, Files)> {
    let paths = crate::support::files(&repository().join("tests/tests").join(folder), "txt");
    let read = |path: &PathBuf| {
        let files = Archive::read(path).files.into_iter().map(|(name, content)| (name, content.into_bytes()));
        (format!("{folder}/{}", path.file_stem().expect("a name").display()), files.collect())
    };
    paths.iter().map(read).collect()
}

/// The files in a folder and below it; nothing if it is not there.
fn files_of(folder: &Path, prefix: &str) -> Files {
    let mut files = Files::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let entry = entry.expect("an entry");
        let name = format!("{prefix}{}", entry.file_name().to_str().expect("a UTF-8 name"));
        match entry.path() {
            path if path.is_dir() => files.extend(files_of(&path, &format!("{name}/"))),
            path => drop(files.insert(name, fs::read(path).expect("a file"))),
        }
    }
    files
}

/// Writes the files below a folder.
pub(super) fn write(root: &Path, files: &Files) {
    for (name, content) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }
}
