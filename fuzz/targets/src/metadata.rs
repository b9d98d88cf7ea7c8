//! Metadata as authors write it, documents that are made of it, and embedding it.

use std::sync::LazyLock;

use admit_host::annotation::{Written, embed};
use admit_host::input::InputError;
use admit_host::inspect::inspect;
use admit_host::metadata::Metadata;
use admit_host::scaffold::{ArtifactHubOptions, ManifestKind, ManifestOptions, artifacthub, manifest};

use crate::documents::check_place;

pub(crate) const TOML_WORDS: &[&str] = &[
    "[package]",
    "[package.metadata.admit]",
    "[[package.metadata.admit.rules]]",
    "api-groups",
    "api-versions",
    "resources",
    "operations",
    "mutating",
    "background-audit",
    "policy-type",
    "context-aware-resources",
    "host-capabilities",
    "minimum-kubewarden-version",
    "annotations",
    "=",
    "\"\"\"",
    "'''",
    "[",
    "]",
    "{",
    "}",
    "0x",
    "1979-05-27T07:32:00Z",
    "inf",
    "nan",
    "1_000",
    "9223372036854775808",
    "\\u0000",
    "#",
    "a.b.c = 1\n",
];

fn check_all(errors: &[InputError], data: &[u8], name: &str) {
    assert!(!errors.is_empty());
    errors.iter().for_each(|error| check_place(error, data, name));
}

/// A `metadata.yml`, and what is made of it.
pub(crate) fn metadata_yml(data: &[u8]) {
    match Written::from_yaml(data, "metadata.yml") {
        Ok(written) => {
            written.doubts().iter().for_each(|doubt| check_place(doubt, data, "metadata.yml"));
            scaffolds(&written.metadata());
        }
        Err(errors) => check_all(&errors, data, "metadata.yml"),
    }
}

/// A `Cargo.toml` with metadata.
pub(crate) fn metadata_manifest(data: &[u8]) {
    match Written::from_manifest(data, "Cargo.toml") {
        Ok(Some(written)) => {
            written.doubts().iter().for_each(|doubt| check_place(doubt, data, "Cargo.toml"));
            scaffolds(&written.metadata());
        }
        Ok(None) => {}
        Err(errors) => check_all(&errors, data, "Cargo.toml"),
    }
}

/// What is scaffolded is YAML, or there is a reason why it is not.
fn scaffolds(metadata: &Metadata) {
    for kind in [ManifestKind::ClusterAdmissionPolicy, ManifestKind::AdmissionPolicy] {
        let options = ManifestOptions {
            kind,
            module: "registry://registry.example/policy:1".to_owned(),
            settings: serde_json::Map::new(),
            title: None,
            allow_context_aware: true,
        };
        match manifest(metadata, &options) {
            Ok(made) => assert!(made.yaml.contains("apiVersion")),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    let options = ArtifactHubOptions { created_at: "2026-01-01T00:00:00Z".to_owned(), questions: None };
    match artifacthub(metadata, &options) {
        Ok(made) => assert!(made.yaml.contains("version")),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

static METADATA: LazyLock<Metadata> = LazyLock::new(|| {
    Written::from_yaml(include_bytes!("../../corpus/metadata_yml/full.yml"), "full.yml")
        .unwrap_or_else(|errors| panic!("{errors:?}"))
        .metadata()
});

/// A module that metadata is put into carries it, is a module, and is the same when the same is put in again.
pub(crate) fn embed_metadata(data: &[u8]) {
    let once = match embed(data, &METADATA) {
        Ok(once) => once,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let inspection = inspect(&once).expect("the result is a module");
    assert_eq!(inspection.metadata.expect("the metadata can be read").as_ref(), Some(&*METADATA));
    let before = inspect(data).expect("what metadata was put into is a module");
    assert_eq!(before.exports, inspection.exports);
    assert_eq!(before.imports.len(), inspection.imports.len());
    assert_eq!(embed(&once, &METADATA).expect("it is a module"), once, "it is not the same a second time");
}
