//! The rules of docs/ARCHITECTURE.md that a machine can check.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::support;

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        crates_depend_in_one_direction,
        unsafe_code_stays_where_it_belongs,
        what_is_written_to_terminals_passes_one_place,
        files_are_read_in_one_place,
        unit_tests_of_the_sdk_can_run_in_webassembly,
        files_named_in_the_map_exist,
        the_map_is_complete
    ]
}

/// What each crate of the project may depend on (not counting what its tests need).
const ALLOWED: &[(&str, &[&str])] = &[
    ("admit-macros", &[]),
    ("admit", &["admit-macros"]),
    ("admit-runtime", &["admit"]),
    ("admit-host", &["admit", "admit-runtime"]),
    ("cargo-admit", &["admit-host"]),
];

fn crates_depend_in_one_direction() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .current_dir(support::repository())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages: BTreeMap<&str, &Value> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (package["name"].as_str().unwrap(), package))
        .collect();
    for (name, allowed) in ALLOWED {
        let package = packages.get(name).unwrap_or_else(|| panic!("the crate {name} is gone"));
        let dependencies: BTreeSet<&str> = package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|dependency| dependency["kind"] != "dev")
            .map(|dependency| dependency["name"].as_str().unwrap())
            .filter(|dependency| packages.contains_key(dependency))
            .collect();
        assert_eq!(dependencies, allowed.iter().copied().collect(), "dependencies of {name} within the project");
    }
}

/// Files that may lift the workspace's `deny(unsafe_code)`.
const UNSAFE: &[&str] = &[
    "host-harness/runtime/src/cache/mod.rs",
    "sdk/rust/src/abi/call.rs",
    "sdk/rust/src/imports/extism.rs",
    "sdk/rust/src/abi/wapc.rs",
    "sdk/rust/src/abi/wasi.rs",
];

fn unsafe_code_stays_where_it_belongs() {
    let root = support::repository();
    let mut found = BTreeSet::new();
    for folder in [
        "sdk/rust/src",
        "macros/src",
        "host-harness/src",
        "host-harness/runtime/src",
        "host-harness/cli/src",
        "examples",
        "fuzz/targets/src",
    ] {
        visit(&root.join(folder), &mut |path| {
            let text = std::fs::read_to_string(path).expect("sources are readable");
            let lifts = |line: &str| {
                line.contains("unsafe_code")
                    && (line.contains("allow") || line.contains("expect") || line.contains("warn"))
            };
            if text.lines().any(lifts) {
                found.insert(path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"));
            }
        });
    }
    assert_eq!(found, UNSAFE.iter().map(|path| path.to_string()).collect());
    // The lint is denied by the workspace's table, so every member has to take part in it.
    let members: toml::Table = std::fs::read_to_string(root.join("Cargo.toml")).unwrap().parse().unwrap();
    assert_eq!(members["workspace"]["lints"]["rust"]["unsafe_code"].as_str(), Some("deny"));
    for member in [
        "sdk/rust",
        "macros",
        "host-harness",
        "host-harness/runtime",
        "host-harness/cli",
        "examples/pod-privileged",
        "tests",
        "fuzz/targets",
    ] {
        let manifest: toml::Table =
            std::fs::read_to_string(root.join(member).join("Cargo.toml")).unwrap().parse().unwrap();
        let inherits = manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(toml::Value::as_bool);
        assert_eq!(inherits, Some(true), "{member} does not take part in the workspace's lints");
    }
}

/// What writes to stdout or stderr by itself, or makes JSON that is not escaped.
const WRITES: &[&str] = &[
    "print!",
    "println!",
    "stdout().lock",
    "stdout().write",
    "anstream::",
    "stderr().lock",
    "serde_json::to_string",
    "serde_json::to_writer",
    "serde_json::to_vec",
    "made_of_own",
];

/// Texts of guests are made printable, and JSON escaped, by the types of `output`; everything else has only these to write with.
fn what_is_written_to_terminals_passes_one_place() {
    let root = support::repository();
    let mut found = Vec::new();
    for folder in ["host-harness/cli/src", "host-harness/src", "host-harness/runtime/src"] {
        visit(&root.join(folder), &mut |path| {
            let inside = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            if inside.starts_with("host-harness/cli/src/output/") {
                return;
            }
            let text = std::fs::read_to_string(path).expect("sources are readable");
            let own = text.split("\n#[cfg(test)]\n").next().unwrap_or_default();
            for (number, line) in own.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
                // The libraries make JSON for guests, and write to no terminal.
                let writes =
                    |word: &&&str| line.contains(**word) && (folder.contains("cli") || !word.contains("serde_json"));
                if let Some(word) = WRITES.iter().find(writes).filter(|_| !line.contains(".stdio.stdout()")) {
                    found.push(format!("{inside}:{}: {word}", number + 1));
                }
            }
        });
    }
    assert!(found.is_empty(), "these do not go through host-harness/cli/src/output: {found:#?}");
}

/// The one file that reads files: with a limit, and without waiting for pipes and devices.
const READS: &str = "host-harness/runtime/src/file.rs";

/// Ways to read a file, with whatever they are called before.
const READING: &[&str] =
    &["fs::read(", "fs::read_to_string(", "File::open(", "File::options(", "OpenOptions::new(", "File::open_buffered("];

/// Those that write or lock one instead: where, and what the line has to have in it.
const NO_READING: &[(&str, &str)] = &[
    ("host-harness/src/file.rs", ".write(true).create_new(true)"),
    ("host-harness/src/file.rs", ".write(true).open(&path)?;"),
];

fn files_are_read_in_one_place() {
    let root = support::repository();
    let mut found = Vec::new();
    for folder in ["host-harness/src", "host-harness/runtime/src", "host-harness/cli/src"] {
        visit(&root.join(folder), &mut |path| {
            let shown = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            let text = std::fs::read_to_string(path).expect("sources are readable");
            let is_test = shown.ends_with("/tests.rs") || shown.contains("/tests/");
            let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let code = code.split("\n#[cfg(all(test, unix))]\nmod tests {").next().unwrap_or_default();
            for (number, line) in code.lines().enumerate().filter(|_| shown != READS && !is_test) {
                let begins =
                    |at: usize| !line[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
                let reads = READING.iter().any(|call| line.match_indices(call).any(|(at, _)| begins(at)));
                let imports = line.trim_start().starts_with("use std::fs::read");
                let writes = NO_READING.iter().any(|(file, part)| *file == shown && line.contains(part));
                if (reads || imports) && !writes && !line.trim_start().starts_with("//") {
                    found.push(format!("{shown}:{}: {}", number + 1, line.trim()));
                }
            }
        });
    }
    assert!(found.is_empty(), "only {READS} reads files:\n{}", found.join("\n"));
}

/// Without that line a test is none for the runner of `.ci/wasm-tests`, which then misses it; here everybody hears of it.
fn unit_tests_of_the_sdk_can_run_in_webassembly() {
    let mut forgotten = Vec::new();
    visit(&support::repository().join("sdk/rust/src"), &mut |path| {
        let text = std::fs::read_to_string(path).expect("sources are readable");
        let has = |searched: &str| text.lines().any(|line| line.trim() == searched);
        if has("#[test]") && !has("use crate::testing::test;") {
            forgotten.push(path.to_path_buf());
        }
    });
    assert!(forgotten.is_empty(), "`use crate::testing::test;` is missing in {forgotten:?}");
}

/// The map has a place for everything that is at the top, and in the first level of the sources and the tests.
fn the_map_is_complete() {
    let root = support::repository();
    let text = std::fs::read_to_string(root.join("docs/ARCHITECTURE.md")).expect("the map is there");
    let named: BTreeSet<&str> = text.split('`').skip(1).step_by(2).collect();
    let mut forgotten = Vec::new();
    for folder in ["", "sdk/rust/src", "host-harness/src", "host-harness/runtime/src", "host-harness/cli/src", "tests"]
    {
        for entry in std::fs::read_dir(root.join(folder)).expect("the folder is there") {
            let entry = entry.expect("a directory entry");
            let path = Path::new(folder).join(entry.file_name()).to_string_lossy().replace('\\', "/");
            let name = entry.file_name().into_string().expect("a name");
            // The root of a crate, and what it offers under other names; build output; hidden folders and files at the top.
            let needs_a_place = if folder.is_empty() || folder == "tests" {
                entry.path().is_dir() && !name.starts_with('.') && name != "target"
            } else {
                !["lib.rs", "prelude.rs"].contains(&name.as_str())
            };
            if needs_a_place && !named.iter().any(|named| *named == path || named.starts_with(&format!("{path}/"))) {
                forgotten.push(path);
            }
        }
    }
    assert!(forgotten.is_empty(), "docs/ARCHITECTURE.md has no place for {}", forgotten.join(", "));
}

/// Paths in the first column of the map's tables, and everything else in backticks that looks like a path of the tree.
fn files_named_in_the_map_exist() {
    let root = support::repository();
    // README has links, which the test of the book follows.
    for document in ["docs/ARCHITECTURE.md", "docs/contributing/add.md", "docs/contributing/decisions.md"] {
        let text = std::fs::read_to_string(root.join(document)).expect("the document is there");
        let named: Vec<&str> = text.split('`').skip(1).step_by(2).filter(|code| looks_like_a_path(code)).collect();
        assert!(!named.is_empty(), "{document} names no path");
        for path in named {
            assert!(root.join(path).exists(), "{document} names `{path}`, which is not in the tree");
        }
    }
}

fn looks_like_a_path(code: &str) -> bool {
    let first = code.split('/').next().unwrap_or_default();
    code.contains('/')
        && !code.contains([' ', '*', '{', '<', ':', '"'])
        && ["sdk", "macros", "host-harness", "templates", "examples", "tests", "fuzz", "docs", ".ci", ".cargo"]
            .contains(&first)
}

fn visit(folder: &Path, file: &mut impl FnMut(&Path)) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a directory entry").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            if !path.ends_with("target") {
                visit(&path, file);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            file(&path);
        }
    }
}
