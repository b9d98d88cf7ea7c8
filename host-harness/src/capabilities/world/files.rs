//! Which files make up a world.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{ffi::OsStr, fs};

use serde_json::Value;

use crate::input::{Cursor, Document, InputError};
use crate::suite::{Base, Suite};

/// A document of a world, and where paths in it start.
pub(super) struct Part {
    pub(super) document: Document,
    pub(super) base: Base,
}

/// Every document of the file or folder; those in a folder are in the suite, over links as well.
pub(super) fn parts(path: &Path, suite: &Suite) -> Result<Vec<Part>, InputError> {
    if !path.is_dir() {
        return in_file(path, suite);
    }
    let mut files = Vec::new();
    list(path, &mut files)?;
    files.sort();
    let mut parts = Vec::new();
    for file in &files {
        suite.admit(file)?;
        parts.extend(in_file(file, suite)?.into_iter().map(|part| (file, part)));
    }
    // Files that a world document names belong to that document, and need not be documents of a world.
    let named: BTreeSet<PathBuf> = parts
        .iter()
        .filter(|(_, part)| is_world(part.document.value()))
        .flat_map(|(_, part)| named_files(part.document.value()).map(|file| part.base.folder.join(file)))
        .filter_map(|file| file.canonicalize().ok())
        .collect();
    let own = |file: &Path| file.canonicalize().map_or(true, |file| !named.contains(&file));
    let parts: Vec<Part> = parts.into_iter().filter(|(file, _)| own(file)).map(|(_, part)| part).collect();
    if parts.is_empty() {
        let message =
            "no .yaml, .yml or .json file in this folder holds anything; a world without anything is the file `{}`";
        return Err(InputError::whole(path.display().to_string(), message));
    }
    Ok(parts)
}

/// The files that the documents of the world at `path` name.
pub(super) fn named_by(path: &Path, suite: &Suite) -> Result<Vec<PathBuf>, InputError> {
    let parts = parts(path, suite)?;
    let named = parts.iter().filter(|part| is_world(part.document.value()));
    Ok(named.flat_map(|part| named_files(part.document.value()).map(|file| part.base.folder.join(file))).collect())
}

fn in_file(path: &Path, suite: &Suite) -> Result<Vec<Part>, InputError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let base = Base::new(folder, suite);
    let part = |document| Part { document, base: base.clone() };
    Ok(Document::open_all(path)?.into_iter().map(part).collect())
}

/// YAML and JSON below a folder, except what is hidden or starts with `_`. Links to folders are not followed: they can
/// lead in circles.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), InputError> {
    let unlisted = |error| InputError::whole(folder.display().to_string(), format!("cannot list this folder: {error}"));
    for entry in fs::read_dir(folder).map_err(unlisted)? {
        let entry = entry.map_err(unlisted)?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with(['.', '_']) {
            continue;
        }
        if entry.file_type().map_err(unlisted)?.is_dir() {
            list(&path, files)?;
        } else if path.extension().and_then(OsStr::to_str).is_some_and(|found| ["yaml", "yml", "json"].contains(&found))
        {
            files.push(path);
        }
    }
    Ok(())
}

/// Whether it is a world, rather than a Kubernetes object.
pub(super) fn is_world(value: &Value) -> bool {
    value.as_object().is_some_and(|object| !object.contains_key("kind") && !object.contains_key("apiVersion"))
}

/// Files that the registry, the list of objects, the HTTP responses and Chainloop's artifacts of a world name. Objects that
/// are written in the world itself name no files.
fn named_files(world: &Value) -> impl Iterator<Item = &str> {
    let mut files = Vec::new();
    for object in world["cluster"]["objects"].as_array().into_iter().flatten() {
        files.extend(file_of(object));
    }
    collect(&world["registry"], &mut files);
    files.extend(entries(&world["http"]).filter_map(|entry| entry.get("file")?.as_str()));
    files.extend(entries(&world["chainloop"]["discover"]).filter_map(file_of));
    files.into_iter()
}

fn entries(section: &Value) -> impl Iterator<Item = &Value> {
    section.as_object().into_iter().flat_map(|section| section.values())
}

fn collect<'v>(value: &'v Value, files: &mut Vec<&'v str>) {
    files.extend(file_of(value));
    match value {
        Value::Object(fields) => fields.values().for_each(|value| collect(value, files)),
        Value::Array(items) => items.iter().for_each(|value| collect(value, files)),
        _ => {}
    }
}

/// The path in `{file: path}`.
fn file_of(value: &Value) -> Option<&str> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    object.get("file")?.as_str()
}

/// The path in `{file: path}`.
pub(super) fn named_file(cursor: &Cursor<'_>, base: &Base) -> Result<Option<PathBuf>, InputError> {
    file_of(cursor.value()).map(|file| base.named(cursor, file)).transpose()
}

/// The files of objects that a world names, by path. They are read in advance, so that an error can refer to two of them.
#[derive(Default)]
pub(super) struct Included(BTreeMap<PathBuf, Vec<Document>>);

impl Included {
    /// Reads what `world` names.
    pub(super) fn read(&mut self, world: &Cursor<'_>, base: &Base) -> Result<(), InputError> {
        let Some(cluster) = world.optional("cluster")? else { return Ok(()) };
        let Some(objects) = cluster.optional("objects")? else { return Ok(()) };
        for object in objects.list()? {
            let Some(path) = named_file(&object, base)? else { continue };
            if self.0.contains_key(&path) {
                return Err(object
                    .error(format!("names {}, which is named before: its objects are there already", path.display())));
            }
            base.count(&object, &path)?;
            let documents = Document::open_all(&path).map_err(|error| object.error(error.to_string()))?;
            if documents.is_empty() {
                return Err(object.error(format!("{} is empty", path.display())));
            }
            self.0.insert(path, documents);
        }
        Ok(())
    }

    /// The documents of a file that was read.
    pub(super) fn get(&self, path: &Path) -> impl Iterator<Item = Cursor<'_>> {
        self.0.get(path).into_iter().flatten().map(Document::root)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use crate::capabilities::World;

    #[test]
    fn the_objects_of_a_file_are_in_a_world_once() {
        let root = tempfile::tempdir().expect("a folder");
        fs::write(root.path().join("a.yaml"), "{apiVersion: v1, kind: Namespace, metadata: {name: a}}")
            .expect("a file");
        let world = |times: usize| {
            let world = format!("{{cluster: {{objects: [{}]}}}}", vec!["{file: a.yaml}"; times].join(", "));
            World::parse(world.as_bytes(), "world.yaml", Path::new(root.path()))
        };
        assert!(world(1).is_ok());
        let Err(error) = world(1_000) else { panic!("it is named twice") };
        let error = error.to_string();
        assert!(error.starts_with("world.yaml:1:38: ") && error.contains("which is named before"), "{error}");
    }
}
