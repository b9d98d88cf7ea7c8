//! The machine of somebody who reads the book: an empty folder, `cargo admit`, and the source of this repository beside it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{chapter::repository, output};

/// Policies of other toolkits.
const PEERS: &str = "tests/peers";

/// Where commands are run, one after the other.
pub(crate) struct Shell {
    root: PathBuf,
    current: PathBuf,
    /// What all chapters compile, compiled once; and what tests of the command line and of the templates compile.
    target: PathBuf,
}

impl Shell {
    /// An empty folder with the source of `admit` in it, as after a `git clone`.
    pub(crate) fn new(name: &str) -> Self {
        let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("book");
        let (root, target) = (all.join(name.replace("::", "-")), all.with_file_name("projects"));
        if root.exists() {
            fs::remove_dir_all(&root).expect("the folder of the last run goes");
        }
        for folder in [&root, &target] {
            fs::create_dir_all(folder).expect("a folder");
        }
        // Projects are formatted as they are elsewhere, not as this one is.
        fs::write(all.join("rustfmt.toml"), "").expect("a file");
        link(repository(), &root.join("admit"));
        Self { current: root.clone(), root, target }
    }

    /// Writes a file in the current folder, or adds to it.
    pub(crate) fn write(&self, path: &str, text: &str, append: bool) -> Result<(), String> {
        let path = self.current.join(path);
        let before = if append {
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?
        } else {
            String::new()
        };
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, before + text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Changes a file. In each part of a diff, which a line `@@` ends, the lines that start with a blank or a minus are in the
    /// file, once, and become those that start with a blank or a plus.
    pub(crate) fn edit(&self, path: &str, diff: &str) -> Result<(), String> {
        let path = self.current.join(path);
        let failed = |error: String| format!("{}: {error}", path.display());
        let mut text = fs::read_to_string(&path).map_err(|error| failed(error.to_string()))?;
        for part in diff.split("@@\n") {
            let side = |other: char| -> String {
                let lines = part.lines().filter(|line| !line.starts_with(other));
                lines.map(|line| format!("{}\n", line.get(1..).unwrap_or_default())).collect()
            };
            let (before, after) = (side('+'), side('-'));
            match text.matches(&before).count() {
                1 => text = text.replace(&before, &after),
                count => return Err(failed(format!("these lines are there {count} times:\n{before}"))),
            }
        }
        fs::write(&path, text).map_err(|error| failed(error.to_string()))
    }

    /// Runs a command; gives what it printed, and its exit code.
    pub(crate) fn run(&mut self, command: &str) -> (String, i32) {
        self.share_target();
        if command.contains(PEERS) {
            fetch_peers();
        }
        let after = self.root.join(".folder");
        // A function, since cargo's alias of the repository, which is above this folder, would win over a program.
        let script = format!(
            "cargo() {{ if [ \"$1\" = admit ]; then {} \"$@\"; else command cargo \"$@\"; fi; }}\n{command}\ncode=$?\npwd >{}\nexit $code",
            env!("CARGO_BIN_EXE_cargo-admit"),
            after.display()
        );
        let mut bash = Command::new("bash");
        bash.arg("-c").arg(format!("exec 2>&1\n{script}")).current_dir(&self.current).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            let of_this_build = ["CARGO_PKG", "CARGO_BIN", "CARGO_MANIFEST", "ADMIT_", "INSTA_"];
            if of_this_build.iter().any(|prefix| name.starts_with(prefix)) || name == "CARGO_TARGET_DIR" {
                bash.env_remove(&name);
            }
        }
        bash.env("CARGO_NET_OFFLINE", "true").env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1");
        let output = bash.output().expect("bash runs");
        if let Ok(folder) = fs::read_to_string(&after) {
            self.current = PathBuf::from(folder.trim_end());
        }
        let printed = String::from_utf8_lossy(&output.stdout);
        (output::shown(&self.without_machine(&printed)), output.status.code().unwrap_or(-1))
    }

    /// What would be printed for somebody whose folder is `/home/you`.
    fn without_machine(&self, printed: &str) -> String {
        let path = |path: &Path| path.to_string_lossy().into_owned();
        // All projects have one target folder here, and each its own elsewhere.
        let project = self.current.ancestors().find(|folder| folder.join("target").is_symlink());
        let target = project.map_or("target".to_owned(), |project| path(&project.join("target")));
        // The first folders are inside of the last one.
        printed
            .replace(&path(&self.target), &target)
            .replace(&path(&self.root), "/home/you")
            .replace(&path(repository()), "/home/you/admit")
    }

    /// Lets every new project build in the folder that all have in common, with the crates that this workspace has.
    fn share_target(&self) {
        let is_project = |folder: &Path| folder.join("Cargo.toml").is_file() && !folder.is_symlink();
        let mut folders = vec![self.root.clone(), self.current.clone()];
        let entries = fs::read_dir(&self.root).into_iter().flatten().flatten();
        folders.extend(entries.map(|entry| entry.path()));
        for folder in folders.into_iter().filter(|folder| is_project(folder)) {
            let surrounded =
                folder.ancestors().skip(1).take_while(|above| above.starts_with(&self.root)).any(is_project);
            if surrounded {
                continue;
            }
            link(&self.target, &folder.join("target"));
            let lock = folder.join("Cargo.lock");
            if !lock.exists() {
                fs::copy(repository().join("Cargo.lock"), lock).expect("a lock file");
            }
        }
    }
}

/// Downloads what the peers are made of: they have a lock file of their own, and commands are run offline.
fn fetch_peers() {
    let mut cargo = Command::new("cargo");
    cargo.args(["fetch", "--quiet", "--locked", "--target", "wasm32-wasip1"]).current_dir(repository().join(PEERS));
    assert!(cargo.status().is_ok_and(|status| status.success()), "cargo fetches the crates of the peers");
}

fn link(to: &Path, from: &Path) {
    if !from.exists() {
        std::os::unix::fs::symlink(to, from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    }
}
