//! The long parts of a case: in the case file, in a file that it names, or in a companion file.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::extensions::{has_extension, is_leftover};
use super::set;
use crate::input::{Cursor, Document, InputError, nearest};
use crate::suite::Base;

/// The keys that can live in a file of their own.
const LONG: [&str; 5] = ["request", "object", "old_object", "raw", "settings"];

/// Those of them whose files can hold several documents.
const SEVERAL: [&str; 3] = ["request", "object", "raw"];

/// The keys whose files are not part of the case: the host's side of it has formats of its own.
const HOST: [&str; 2] = ["world", "session"];

/// The key whose file is any file.
const MATERIAL: &str = "material";

/// The files that belong to a case.
pub(super) struct Sources {
    documents: BTreeMap<&'static str, Vec<Document>>,
    host_files: BTreeMap<&'static str, PathBuf>,
    base: Base,
}

impl Sources {
    /// Reads every file that `case` names, and the companions of a case with a folder of its own.
    pub(super) fn read(case: &Cursor<'_>, path: &Path, own_folder: bool, base: &Base) -> Result<Self, InputError> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut documents = BTreeMap::new();
        let mut used = vec![path.to_owned()];
        for key in LONG {
            let Some(inline) = case.given(key)? else { continue };
            if let Some(file) = named_file(&inline)? {
                let file = base.named(&inline, file)?;
                base.count(&inline, &file)?;
                documents.insert(key, open(key, &file).map_err(|e| inline.error(e.to_string()))?);
                used.push(file);
            }
        }
        let mut host_files = BTreeMap::new();
        for key in HOST {
            let Some(inline) = case.optional(key)? else { continue };
            if let Some(file) = host_file(key, &inline)? {
                let file = base.named(&inline, file)?;
                base.count(&inline, &file)?;
                used.push(file.clone());
                host_files.insert(key, file);
            }
        }
        if let Some(inline) = case.given(MATERIAL)?
            && let Some(file) = named_file(&inline)?
        {
            let file = base.named(&inline, file)?;
            base.count(&inline, &file)?;
            used.push(file.clone());
            host_files.insert(MATERIAL, file);
        }
        if own_folder {
            for file in companions(folder, &used)? {
                base.suite.admit(&file)?;
                let stem = file.file_stem().and_then(OsStr::to_str).unwrap_or_default();
                if let Some(key) = HOST.into_iter().chain([MATERIAL]).find(|key| *key == stem) {
                    if let Some(inline) = case.given(key)? {
                        return Err(inline.error(format!("given twice: here and in {}", file.display())));
                    }
                    if let Some(first) = host_files.insert(key, file.clone()) {
                        let message = format!("`{key}` is given twice: the other one is {}", first.display());
                        return Err(InputError::whole(file.display().to_string(), message));
                    }
                    continue;
                }
                let Some(key) = LONG.into_iter().find(|key| *key == stem) else {
                    return Err(unknown_companion(&file, stem));
                };
                if let Some(inline) = case.given(key)? {
                    return Err(inline.error(format!("given twice: here and in {}", file.display())));
                }
                if documents.insert(key, open(key, &file)?).is_some() {
                    return Err(InputError::whole(file.display().to_string(), format!("`{key}` is given twice")));
                }
            }
        }
        if let Some(set) = case.optional("set")? {
            let changed = match documents.get("object").map(Vec::as_slice) {
                Some([document]) => document.root().changed(set::changed(document.value(), &set)?),
                Some(_) => {
                    return Err(set.error("changes one object, and the file has several: give each a case of its own"));
                }
                None => match case.optional("object")? {
                    Some(inline) => inline.changed(set::changed(inline.value(), &set)?),
                    None => return Err(set.error("changes the `object` of the case, and there is none")),
                },
            };
            documents.insert("object", vec![changed]);
        }
        Ok(Self { documents, host_files, base: base.clone() })
    }

    /// Refuses companions that say something about a request: a case about a material has none.
    pub(super) fn of_material(&self) -> Result<(), InputError> {
        match self.documents.iter().find_map(|(key, documents)| Some((key, documents.first()?))) {
            Some((key, document)) => Err(document
                .root()
                .error(format!("`{key}` does not go with a `material`: they are two kinds of cases"))),
            None => Ok(()),
        }
    }

    /// The file or folder that holds the world or the session, or the file that is the material.
    pub(super) fn host_file(&self, key: &str) -> Option<&Path> {
        self.host_files.get(key).map(PathBuf::as_path)
    }

    /// Where the paths in the case file start.
    pub(super) fn base(&self) -> &Base {
        &self.base
    }

    /// The value of a long key, wherever it stands.
    pub(super) fn get<'a>(&'a self, case: &Cursor<'a>, key: &'static str) -> Result<Option<Cursor<'a>>, InputError> {
        Ok(self.get_all(case, key)?.and_then(|documents| documents.into_iter().next()))
    }

    /// The values of a long key, wherever they stand: there is one at least, and in a file there can be several.
    pub(super) fn get_all<'a>(
        &'a self,
        case: &Cursor<'a>,
        key: &'static str,
    ) -> Result<Option<Vec<Cursor<'a>>>, InputError> {
        match self.documents.get(key) {
            Some(documents) => Ok(Some(documents.iter().map(Document::root).collect())),
            None => Ok(case.given(key)?.map(|inline| vec![inline])),
        }
    }
}

/// The documents in a file; one that is empty is `null`.
fn open(key: &str, file: &Path) -> Result<Vec<Document>, InputError> {
    if SEVERAL.contains(&key) {
        let documents = Document::open_all(file)?;
        if !documents.is_empty() {
            return Ok(documents);
        }
    }
    Ok(vec![Document::open(file)?])
}

/// The path in `{ file: path }`.
fn named_file<'d>(inline: &Cursor<'d>) -> Result<Option<&'d Path>, InputError> {
    let Some(object) = inline.value().as_object() else { return Ok(None) };
    let Some(path) = object.get("file").and_then(|file| file.as_str()).filter(|_| object.len() == 1) else {
        return Ok(None);
    };
    if Path::new(path).is_absolute() {
        return Err(absolute(inline, path));
    }
    Ok(Some(Path::new(path)))
}

fn absolute(inline: &Cursor<'_>, path: &str) -> InputError {
    inline.error(format!("the path `{path}` must be relative to the case file"))
}

/// The path of a world or a session: the text itself, or that in `{ file: path }`. What else there is in place of it is
/// somebody else's to read.
fn host_file<'d>(key: &str, inline: &Cursor<'d>) -> Result<Option<&'d Path>, InputError> {
    let path = match inline.value() {
        Value::String(_) => inline.string()?,
        Value::Object(object) if object.contains_key("file") || key == "session" => {
            if key == "world" {
                // Parts of a world beside it would be lost.
                inline.only_keys(&["file"])?;
            }
            inline.required("file", &format!("it is the path of the {key}"))?.string()?
        }
        Value::Object(_) => return Ok(None),
        _ => return Err(inline.error(format!("must be the path of a {key}, or `{{ file: path }}`"))),
    };
    if Path::new(path).is_absolute() {
        return Err(absolute(inline, path));
    }
    Ok(Some(Path::new(path)))
}

fn companions(folder: &Path, used: &[PathBuf]) -> Result<Vec<PathBuf>, InputError> {
    let unlisted = |error| InputError::whole(folder.display().to_string(), format!("cannot list this folder: {error}"));
    let same = |a: &Path, b: &Path| match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unlisted)? {
        let path = entry.map_err(unlisted)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '_']));
        let prose = path.extension() == Some(OsStr::new("md"));
        if !hidden && !prose && !is_leftover(&path) && !used.iter().any(|used| same(used, &path)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn unknown_companion(file: &Path, stem: &str) -> InputError {
    let known = [&LONG[..], &HOST[..], &[MATERIAL]].concat();
    let hint = match nearest(stem, &known) {
        Some(near) => format!("did you mean `{near}`?"),
        None if has_extension(file) => format!("companions are {}, each .yaml or .json", known.join(", ")),
        None => "companions are .yaml or .json files".to_owned(),
    };
    InputError::whole(file.display().to_string(), format!("no part of the case names this file; {hint}"))
}
