//! Finding the cases of a policy.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::extensions::{EXTENSIONS, has_extension, is_leftover};
use super::{Case, common, material, parse, parse::Reading, suite_file};
use crate::{chainloop::PolicyFile, input::InputError, suite::Suite};

/// Loads every case in the folder `cases`, by name; a folder that does not exist has none.
///
/// Reports everything that is wrong at once, one error per case at most. The files that cases name are in the folder that `cases` is
/// in, which is that of the policy.
pub fn load(cases: &Path) -> Result<Vec<Case>, Vec<InputError>> {
    load_in(cases, &Suite::of_file(cases))
}

/// As [`load`]; the cases, and the files that they name, are in the suite.
///
/// # Errors
///
/// As those of [`load`], and files that are elsewhere.
pub fn load_in(cases: &Path, suite: &Suite) -> Result<Vec<Case>, Vec<InputError>> {
    match material::policy_beside(cases, suite) {
        Ok(policy) => load_for(cases, policy, suite),
        Err(error) => Err(error.mistakes),
    }
}

/// Loads the cases in a folder as those of the policy that this file describes: its only kind is the kind of their materials
/// when they do not say one.
///
/// # Errors
///
/// As those of [`load_in`].
pub fn load_for(cases: &Path, policy: Option<Arc<PolicyFile>>, suite: &Suite) -> Result<Vec<Case>, Vec<InputError>> {
    load_with(cases, policy, suite, false)
}

/// As [`load_in`], or with a policy file as [`load_for`]; cases without an `expect` are there as well, as [`unwritten`](Case::unwritten)
/// ones: [`bless`](super::bless()) writes it.
///
/// # Errors
///
/// As those of [`load_for`].
pub fn load_to_bless(
    cases: &Path,
    policy: Option<Arc<PolicyFile>>,
    suite: &Suite,
) -> Result<Vec<Case>, Vec<InputError>> {
    let policy = match policy {
        Some(policy) => Some(policy),
        None => material::policy_beside(cases, suite).map_err(|error| error.mistakes)?,
    };
    load_with(cases, policy, suite, true)
}

fn load_with(
    cases: &Path,
    policy: Option<Arc<PolicyFile>>,
    suite: &Suite,
    unwritten: bool,
) -> Result<Vec<Case>, Vec<InputError>> {
    let (found, mut errors) = match find(cases) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            return Err(vec![InputError::whole(
                cases.display().to_string(),
                format!("cannot list the cases: {error}"),
            )]);
        }
    };
    let mut loaded = Vec::new();
    for (name, files) in found {
        match files.as_slice() {
            [(path, folder)] => match parse::file(
                &name,
                Reading { path, own_folder: *folder, policy: policy.as_ref(), suite, unwritten },
            ) {
                Ok(cases) => loaded.extend(cases),
                Err(error) => errors.push(error),
            },
            [(_, _), (second, _), ..] => errors
                .push(InputError::whole(second.display().to_string(), format!("there is another case named `{name}`"))),
            [] => {}
        }
    }
    match common::world(cases, suite) {
        Ok(Some(world)) => common::answer(&mut loaded, &world),
        Ok(None) => {}
        Err(error) => errors.push(error),
    }
    match suite_file::read(cases, suite) {
        Ok(of_all) => loaded.iter_mut().for_each(|case| {
            case.waived.extend(&of_all.waived);
            case.shapes = of_all.shapes;
        }),
        Err(error) => errors.push(error),
    }
    if errors.is_empty() { Ok(loaded) } else { Err(errors) }
}

/// Case files by name, with whether each stands in a folder of its own.
type Found = BTreeMap<String, Vec<(PathBuf, bool)>>;

fn find(cases: &Path) -> io::Result<(Found, Vec<InputError>)> {
    let mut found = Found::new();
    let mut errors = Vec::new();
    let mut paths = fs::read_dir(cases)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        let Some(file_name) = path.file_name().and_then(OsStr::to_str) else {
            errors.push(InputError::whole(path.display().to_string(), "the name of a case must be UTF-8 text"));
            continue;
        };
        if file_name.starts_with(['.', '_']) || is_leftover(&path) {
            continue;
        }
        if path.is_dir() {
            match EXTENSIONS.iter().map(|e| path.join(format!("case.{e}"))).find(|p| p.exists() && !p.is_dir()) {
                Some(case) => found.entry(file_name.to_owned()).or_default().push((case, true)),
                None => errors.push(InputError::whole(
                    path.display().to_string(),
                    "this folder has no case.yaml; if it holds data that cases share, let its name start with `_`",
                )),
            }
        } else if has_extension(&path) {
            let name = path.file_stem().and_then(OsStr::to_str).unwrap_or(file_name).to_owned();
            found.entry(name).or_default().push((path, false));
        } else if path.extension() != Some(OsStr::new("md")) {
            errors.push(InputError::whole(
                path.display().to_string(),
                "not a case: a case is a .yaml, .yml or .json file, or a folder with a case.yaml",
            ));
        }
    }
    Ok((found, errors))
}
