//! Files as those name them who look at reports: from the root of the repository.

use std::env;
use std::path::{Component, Path, PathBuf};

/// Where names of files begin.
pub(super) struct Root {
    current: PathBuf,
    root: PathBuf,
}

impl Root {
    /// The root of the repository that this is run in; outside of one the current folder.
    pub(super) fn find() -> Self {
        let current = env::current_dir().unwrap_or_default();
        let root = current.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&current).to_owned();
        Self { current, root }
    }

    /// The name of a file, with `/` between its parts: what is outside of the root has a whole path.
    pub(super) fn name(&self, file: &str) -> String {
        let mut whole = PathBuf::new();
        for part in self.current.join(file).components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => drop(whole.pop()),
                part => whole.push(part),
            }
        }
        slashed(whole.strip_prefix(&self.root).unwrap_or(&whole))
    }
}

fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_root() {
        let root = Root { current: "/repo/policies/a".into(), root: "/repo".into() };
        for (file, name) in [
            ("cases/x.yaml", "policies/a/cases/x.yaml"),
            ("./cases/../x.yaml", "policies/a/x.yaml"),
            ("../../b.yaml", "b.yaml"),
            ("/repo/c.yaml", "c.yaml"),
            ("../../../d.yaml", "/d.yaml"),
            ("/repository/e.yaml", "/repository/e.yaml"),
        ] {
            assert_eq!(root.name(file), name);
        }
    }
}
