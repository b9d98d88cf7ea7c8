//! Where the files may be that documents name.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::file::{self, MAX_DOCUMENT};
use crate::input::{Cursor, InputError};

/// The folder in which everything is that cases, worlds and policy files name: what they name elsewhere, over links as well, is
/// not read. They may be somebody else's, and an error about a file has parts of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suite {
    /// Without links; `None` is anywhere.
    folders: Option<Vec<PathBuf>>,
    /// The first of them as it was given, for messages.
    shown: PathBuf,
}

impl Suite {
    /// What is in a folder.
    pub fn folder(folder: &Path) -> Self {
        let shown = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        Self { folders: Some(vec![resolved(shown)]), shown: shown.to_owned() }
    }

    /// What is in the folder of a file.
    pub fn of_file(file: &Path) -> Self {
        Self::folder(file.parent().unwrap_or(Path::new("")))
    }

    /// What is in this folder, or in the folder of this file.
    pub fn of(path: &Path) -> Self {
        if path.is_dir() { Self::folder(path) } else { Self::of_file(path) }
    }

    /// Every file, for documents that are trusted.
    pub fn anywhere() -> Self {
        Self { folders: None, shown: PathBuf::new() }
    }

    /// For the policy file of a crate: what is in its folder, and the modules that it or its workspace was built to.
    pub(crate) fn of_policy_file(file: &Path) -> Self {
        let mut suite = Self::of_file(file);
        let folder = resolved(&suite.shown);
        if folder.join("Cargo.toml").is_file() {
            let workspace = folder.ancestors().skip(1).find(|above| is_workspace(above));
            // People have their target folder on another disk, behind a link; what is called `admit` in it is none.
            let built = |root: &Path| resolved(&root.join("target")).join("admit");
            let modules = [Some(built(&folder)), workspace.map(built)];
            suite.folders.iter_mut().for_each(|folders| folders.extend(modules.iter().flatten().cloned()));
        }
        suite
    }

    /// Checks that `path` is inside, and no pipe or device. It need not be there.
    ///
    /// # Errors
    ///
    /// What is wrong, and what to do.
    pub fn check(&self, path: &Path) -> Result<(), String> {
        match self.refusal(path) {
            Some(Refusal::Outside(why)) => Err(format!("{} {why}", path.display())),
            Some(Refusal::Irregular(why)) => Err(format!("{}: {why}", path.display())),
            None => Ok(()),
        }
    }

    /// As [`check`](Self::check), about a file that no document names but its place.
    ///
    /// # Errors
    ///
    /// As those of [`check`](Self::check).
    pub fn admit(&self, path: &Path) -> Result<(), InputError> {
        match self.refusal(path) {
            Some(Refusal::Outside(why) | Refusal::Irregular(why)) => {
                Err(InputError::whole(path.display().to_string(), why))
            }
            None => Ok(()),
        }
    }

    fn refusal(&self, path: &Path) -> Option<Refusal> {
        if let Some(folders) = &self.folders {
            let found = resolved(path);
            if !folders.iter().any(|folder| found.starts_with(folder)) {
                return Some(Refusal::Outside(format!(
                    "is outside of the folder {}, and what is not trusted names no files elsewhere; if you trust it, allow that with \
                     --allow-outside",
                    self.shown.display()
                )));
            }
        }
        let metadata = fs::metadata(path).ok().filter(|metadata| !metadata.is_dir())?;
        let error = file::regular(&metadata).err()?;
        Some(Refusal::Irregular(format!("cannot read this file: {error}")))
    }
}

/// Why a file is not read.
enum Refusal {
    Outside(String),
    Irregular(String),
}

/// Where the paths in a document start, and where they may lead.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    pub(crate) folder: PathBuf,
    pub(crate) suite: Suite,
}

impl Base {
    /// The file that the document at `cursor` names.
    pub(crate) fn named(&self, cursor: &Cursor<'_>, file: impl AsRef<Path>) -> Result<PathBuf, InputError> {
        let file = file.as_ref();
        if file.is_absolute() {
            let file = file.display();
            return Err(cursor.error(format!("the path `{file}` must be relative to the file that names it")));
        }
        let path = self.folder.join(file);
        self.suite.check(&path).map_err(|message| cursor.error(message))?;
        Ok(path)
    }
}

/// A path without links. The end of it need not be there.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = path.ancestors().find_map(|above| Some((above.canonicalize().ok()?, path.strip_prefix(above).ok()?)));
    let Some((mut found, missing)) = there else { return path };
    for part in missing.components() {
        match part {
            Component::ParentDir => drop(found.pop()),
            part => found.push(part),
        }
    }
    found
}

fn is_workspace(folder: &Path) -> bool {
    let text = file::read_text(&folder.join("Cargo.toml"), MAX_DOCUMENT);
    text.is_ok_and(|text| text.parse::<toml::Table>().is_ok_and(|manifest| manifest.contains_key("workspace")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_out_is_outside() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        fs::create_dir_all(at("suite/cases/deep")).unwrap();
        fs::create_dir(at("suite-2")).unwrap();
        for file in ["suite/a", "suite/cases/b", "suite-2/c", "d"] {
            fs::write(at(file), "").unwrap();
        }
        let mut inside =
            vec!["suite/a", "suite/cases/../a", "suite/none", "suite/cases/none/../../a", "suite", "suite/./a"];
        let mut outside =
            vec!["d", "suite/../d", "suite-2/c", "suite/cases/../../d", "none", "suite/none/../../d", "suite/.."];
        #[cfg(unix)]
        {
            use std::os::unix::fs::symlink;
            symlink("../../d", at("suite/cases/out")).unwrap();
            symlink("../a", at("suite/cases/in")).unwrap();
            symlink("/", at("suite/root")).unwrap();
            symlink("suite", at("other-name")).unwrap();
            symlink("../../none", at("suite/cases/dangling")).unwrap();
            inside.extend(["suite/cases/in", "other-name/a"]);
            outside.extend(["suite/cases/out", "suite/root/elsewhere", "suite/root"]);
        }
        for suite in [Suite::folder(&at("suite")), Suite::of_file(&at("suite/x")), Suite::of(&at("suite/cases/.."))] {
            for path in &inside {
                assert_eq!(suite.check(&at(path)), Ok(()), "{path}");
            }
            for path in &outside {
                let error = suite.check(&at(path)).expect_err(path);
                assert!(error.contains("--allow-outside"), "{error}");
                assert_eq!(Suite::anywhere().check(&at(path)), Ok(()), "{path}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn devices_are_named_by_nobody() {
        let error = Suite::anywhere().check(Path::new("/dev/zero")).unwrap_err();
        assert!(error.starts_with("/dev/zero: cannot read this file: it is a device"), "{error}");
    }

    #[test]
    fn the_modules_of_a_workspace_belong_to_the_policy_files_of_its_crates() {
        let root = tempfile::tempdir().unwrap();
        let member = root.path().join("policies/a");
        fs::create_dir_all(&member).unwrap();
        let module = member.join("../../target/admit/a.wasm");
        let check = || Suite::of_policy_file(&member.join("policy.yaml")).check(&module).is_ok();
        fs::write(root.path().join("Cargo.toml"), "[workspace]\n").unwrap();
        assert!(!check(), "no crate");
        fs::write(member.join("Cargo.toml"), "").unwrap();
        assert!(check());
        assert!(Suite::of_policy_file(&member.join("policy.yaml")).check(&member.join("../../target/b")).is_err());
        fs::write(root.path().join("Cargo.toml"), "[package]\n").unwrap();
        assert!(!check(), "no workspace");
        #[cfg(unix)]
        {
            use std::os::unix::fs::symlink;
            fs::create_dir_all(root.path().join("disk/admit")).unwrap();
            symlink("../../disk", member.join("target")).unwrap();
            let check =
                |file: &str| Suite::of_policy_file(&member.join("policy.yaml")).check(&member.join(file)).is_ok();
            assert!(check("target/admit/a.wasm") && !check("target/a.wasm"));
            symlink("../../policies", root.path().join("disk/admit/link")).unwrap();
            assert!(!check("target/admit/link/x"));
        }
    }
}
