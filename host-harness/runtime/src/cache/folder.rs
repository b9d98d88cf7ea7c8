//! The folder that compiled modules are in, from one process to the next.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::trust::{self, CacheRefused};

/// What the name of a compiled module has at its end.
pub(super) const EXTENSION: &str = "cwasm";

/// How many characters the name has before.
const NAME: usize = 64;

/// A file of this age that has no name yet will not get one.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// How much is kept in a folder of compiled modules. What is over it is removed when a module is added, of what was not used for the
/// longest time first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheLimits {
    /// The size of all files in bytes. Default: 2 GiB.
    pub size: u64,
    /// How long a module is kept that nobody loads. Default: 30 days.
    pub unused: Duration,
}

impl Default for CacheLimits {
    fn default() -> Self {
        Self { size: 2 << 30, unused: Duration::from_secs(30 * 24 * 60 * 60) }
    }
}

/// A folder of compiled modules: what [`EngineOptions::cache_dir`](crate::EngineOptions::cache_dir) names.
///
/// It may be removed at any time, while policies run, too; modules are compiled again then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheFolder {
    path: PathBuf,
}

/// A module in a [`CacheFolder`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CachedModule {
    /// The file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// When it was loaded last, to the hour; or when it was compiled.
    pub used: SystemTime,
}

impl CacheFolder {
    /// The user's: `admit` in `$XDG_CACHE_HOME`, or in `~/.cache`. `None` when neither is known.
    pub fn of_user() -> Option<Self> {
        of_user(|name| std::env::var_os(name)).map(Self::new)
    }

    /// The folder at `path`, which does not have to be there.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Why it is not used, when somebody else could write to it; see [`Engine::cache_refused`](crate::Engine::cache_refused).
    pub fn refused(&self) -> Option<CacheRefused> {
        trust::folder(&self.path).err()
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The modules in it, the one that was used last first; none when there is no such folder.
    ///
    /// # Errors
    ///
    /// The operating system's.
    pub fn modules(&self) -> io::Result<Vec<CachedModule>> {
        let mut modules: Vec<CachedModule> = self.files()?.into_iter().filter(|file| is_module(&file.path)).collect();
        modules.sort_by(|a, b| b.used.cmp(&a.used).then_with(|| a.path.cmp(&b.path)));
        Ok(modules)
    }

    /// Removes every module, and what was left of those that were not finished. Files of other names stay. Tells which modules were
    /// removed.
    ///
    /// # Errors
    ///
    /// The operating system's; what was removed before is gone.
    pub fn clear(&self) -> io::Result<Vec<CachedModule>> {
        for file in self.files()?.into_iter().filter(|file| is_unfinished(&file.path)) {
            removed(&file.path)?;
        }
        let modules = self.modules()?;
        modules.iter().try_for_each(|module| removed(&module.path))?;
        Ok(modules)
    }

    /// Removes what is over the limits. The module in the file `added` is not.
    pub(super) fn tidy(&self, limits: CacheLimits, added: &Path) -> io::Result<()> {
        let now = SystemTime::now();
        // A time in the future is that of a clock that was put back.
        let unused_for = |file: &CachedModule| now.duration_since(file.used).unwrap_or_default();
        for file in self.files()? {
            if is_unfinished(&file.path) && unused_for(&file) > ABANDONED {
                removed(&file.path)?;
            }
        }
        let mut size = 0_u64;
        let (added, others): (Vec<_>, Vec<_>) = self.modules()?.into_iter().partition(|module| module.path == added);
        for module in added.iter().chain(&others) {
            size = size.saturating_add(module.size);
            let kept = size <= limits.size && unused_for(module) <= limits.unused;
            if !kept && !added.contains(module) {
                size -= module.size;
                removed(&module.path)?;
            }
        }
        Ok(())
    }

    /// Everything that is a file.
    fn files(&self) -> io::Result<Vec<CachedModule>> {
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry?;
            match entry.metadata() {
                Ok(metadata) if metadata.is_file() => {
                    files.push(CachedModule { path: entry.path(), size: metadata.len(), used: metadata.modified()? });
                }
                // Somebody else may have removed it just now.
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(files)
    }
}

fn removed(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn is_module(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    path.extension().is_some_and(|extension| extension == EXTENSION)
        && stem.len() == NAME
        && stem.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Before a module is complete, its file has a name of `tempfile`.
fn is_unfinished(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(".tmp"))
}

fn of_user(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    // Relative paths do not count: the cache would be another one in every folder.
    let absolute = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))?;
    Some(base.join("admit"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_default_is_the_users() {
        let dir = |xdg: Option<&str>, home: Option<&str>| {
            of_user(|name| if name == "HOME" { home } else { xdg }.map(OsString::from))
        };
        assert_eq!(dir(Some("/x"), Some("/h")), Some("/x/admit".into()));
        assert_eq!(dir(None, Some("/h")), Some("/h/.cache/admit".into()));
        assert_eq!(dir(Some("relative"), Some("/h")), Some("/h/.cache/admit".into()));
        assert_eq!(dir(Some(""), None), None);
    }

    /// A folder with a file of this size and age in hours for each name.
    fn folder(files: &[(&str, usize, u64)]) -> (tempfile::TempDir, CacheFolder) {
        let dir = tempfile::tempdir().unwrap();
        for (name, size, hours) in files {
            let path = dir.path().join(named(name));
            fs::write(&path, vec![0; *size]).unwrap();
            let used = SystemTime::now() - Duration::from_secs(hours * 60 * 60);
            fs::File::options().write(true).open(path).unwrap().set_modified(used).unwrap();
        }
        let folder = CacheFolder::new(dir.path().to_owned());
        (dir, folder)
    }

    /// A single letter is a module.
    fn named(name: &str) -> String {
        if name.len() == 1 { format!("{}.cwasm", name.repeat(NAME)) } else { name.to_owned() }
    }

    fn names(folder: &CacheFolder) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names.into_iter().map(|name| if name.ends_with(".cwasm") { name[..1].to_owned() } else { name }).collect()
    }

    fn limits(size: u64, hours: u64) -> CacheLimits {
        CacheLimits { size, unused: Duration::from_secs(hours * 60 * 60) }
    }

    const FILES: [(&str, usize, u64); 7] = [
        ("a", 10, 0),
        ("b", 10, 2),
        ("c", 10, 5),
        ("d", 10, 50),
        (".tmpNew", 10, 2),
        (".tmpOld", 10, 50),
        ("README", 10, 1000),
    ];

    #[test]
    fn what_is_over_the_limits_goes_the_longest_unused_first() {
        for (limits, left) in [
            (limits(1000, 100), &[".tmpNew", "README", "a", "b", "c", "d"][..]),
            (limits(1000, 4), &[".tmpNew", "README", "a", "b"]),
            (limits(35, 100), &[".tmpNew", "README", "a", "b", "c"]),
            (limits(10, 100), &[".tmpNew", "README", "a"]),
            (limits(0, 0), &[".tmpNew", "README", "a"]),
        ] {
            let (_dir, folder) = folder(&FILES);
            folder.tidy(limits, &folder.path().join(named("a"))).unwrap();
            assert_eq!(names(&folder), left, "{limits:?}");
        }
        // A large module does not drive out a smaller one that fits beside what is newer.
        let (_dir, folder) = folder(&[("a", 10, 0), ("b", 100, 1), ("c", 10, 2)]);
        folder.tidy(limits(30, 100), &folder.path().join(named("a"))).unwrap();
        assert_eq!(names(&folder), ["a", "c"]);
        // What was just added stays, though its clock is behind.
        let (_dir, folder) = self::folder(&[("a", 10, 0), ("b", 10, 500)]);
        folder.tidy(limits(10, 100), &folder.path().join(named("b"))).unwrap();
        assert_eq!(names(&folder), ["b"]);
    }

    #[test]
    fn modules_are_listed_and_cleared_and_other_files_stay() {
        let (_dir, folder) = folder(&FILES);
        let modules = folder.modules().unwrap();
        let listed: Vec<_> = modules.iter().map(|m| (m.path.file_name().unwrap().to_str().unwrap(), m.size)).collect();
        assert_eq!(listed, ["a", "b", "c", "d"].map(named).iter().map(|name| (name.as_str(), 10)).collect::<Vec<_>>());
        assert_eq!(folder.clear().unwrap(), modules);
        assert_eq!(names(&folder), ["README"]);
        let nowhere = CacheFolder::new(folder.path().join("nowhere"));
        assert_eq!((nowhere.modules().unwrap(), nowhere.clear().unwrap()), (vec![], vec![]));
        assert!(CacheFolder::new(folder.path().join("README")).modules().is_err());
    }
}
