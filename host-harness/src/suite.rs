//! Where the files may be that documents name.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// Bytes of the files that a document names, each of which counts as often as it is named.
const MAX_NAMED: usize = 512 << 20;

/// Where the paths in a document start, and where they may lead.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    pub(crate) folder: PathBuf,
    pub(crate) suite: Suite,
    /// Bytes of files that may still be read for the document.
    left: Arc<AtomicUsize>,
}

impl Base {
    pub(crate) fn new(folder: impl Into<PathBuf>, suite: &Suite) -> Self {
        Self { folder: folder.into(), suite: suite.clone(), left: Arc::new(AtomicUsize::new(MAX_NAMED)) }
    }

    /// Counts a file that the document names at `cursor`, before it is read and kept. A short document can name a large one many
    /// times.
    pub(crate) fn count(&self, cursor: &Cursor<'_>, path: &Path) -> Result<(), InputError> {
        // What cannot be read, and what is too large by itself, has an error of its own.
        let size = fs::metadata(path).map_or(0, |metadata| metadata.len());
        let size = if size > MAX_DOCUMENT { 0 } else { size as usize };
        let less = |left: usize| left.checked_sub(size);
        match self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less) {
            Ok(_) => Ok(()),
            Err(_) => Err(cursor.error(format!(
                "with {} the files that this document names are larger than {} MiB together, each counted as often as it is named; name \
                 fewer or smaller ones",
                path.display(),
                MAX_NAMED >> 20
            ))),
        }
    }

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

/// Links that are followed, one after the other, to what is not there; an operating system has such a bound as well.
const MAX_LINKS: usize = 40;

/// A path without links. The end of it need not be there.
fn resolved(path: &Path) -> PathBuf {
    without_links(path, MAX_LINKS)
}

fn without_links(path: &Path, left: usize) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = path.ancestors().find_map(|above| Some((above.canonicalize().ok()?, path.strip_prefix(above).ok()?)));
    let Some((mut found, missing)) = there else { return path };
    // What is missing may be behind a link, which is where it leads, and not where it is.
    let mut parts = missing.components();
    if let Some(first) = parts.next()
        && let Ok(target) = fs::read_link(found.join(first))
    {
        let whole = found.join(target).join(parts.as_path());
        return if left == 0 { whole } else { without_links(&whole, left - 1) };
    }
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
            symlink("dangling", at("suite/cases/dangling-twice")).unwrap();
            symlink("/none/x", at("suite/cases/none-at-all")).unwrap();
            symlink("none-here", at("suite/cases/dangling-inside")).unwrap();
            symlink("circle", at("suite/cases/circle")).unwrap();
            inside.extend(["suite/cases/dangling-inside", "suite/cases/circle"]);
            outside.extend(["suite/cases/out", "suite/root/elsewhere", "suite/root"]);
            // The same as of what is there.
            outside.extend([
                "suite/cases/dangling",
                "suite/cases/dangling/x",
                "suite/cases/dangling-twice",
                "suite/cases/none-at-all",
            ]);
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

    #[test]
    fn a_file_counts_as_often_as_it_is_named() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("large");
        // It takes no room on the disk.
        fs::File::create(&file).and_then(|file| file.set_len(64 << 20)).unwrap();
        let document = crate::input::Document::parse(b"a: large", "world.yaml").unwrap();
        let base = Base::new(root.path(), &Suite::anywhere());
        for shared in [base.clone(), base.clone()] {
            (0..4).for_each(|_| shared.count(&document.root(), &file).unwrap());
        }
        let error = base.count(&document.root(), &file).unwrap_err().to_string();
        assert!(error.starts_with("world.yaml:1:1: ") && error.contains("larger than 512 MiB together"), "{error}");
        assert!(base.count(&document.root(), Path::new("none")).is_ok());
        assert!(Base::new(root.path(), &Suite::anywhere()).count(&document.root(), &file).is_ok());
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
