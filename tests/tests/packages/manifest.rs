//! The manifest of a package, as cargo rewrites it.

use std::fs;

use toml::{Table, Value};

use super::package::Package;
use crate::support::repository;

/// Everything that crates.io shows is there, and nothing points into the repository.
pub(super) fn is_complete(package: &Package) {
    let manifest: Table = package.text("Cargo.toml").parse().expect("TOML");
    let about = manifest["package"].as_table().expect("a table");
    let text =
        |key: &str| about.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("{} has no `{key}`", package.name));
    assert_eq!(text("name"), package.name);
    assert_eq!(text("readme"), "README.md");
    assert!((20..200).contains(&text("description").len()), "{}", text("description"));
    let ours: Table = fs::read_to_string(repository().join("Cargo.toml")).unwrap().parse().unwrap();
    for (key, value) in ours["workspace"]["package"].as_table().expect("a table") {
        assert_eq!(about.get(key), Some(value), "{key}");
    }

    let words = |key: &str| -> Vec<&str> {
        let words =
            about.get(key).and_then(Value::as_array).unwrap_or_else(|| panic!("{} has no `{key}`", package.name));
        words.iter().map(|word| word.as_str().expect("a text")).collect()
    };
    // As crates.io wants them.
    assert!((1..=5).contains(&words("keywords").len()) && (1..=5).contains(&words("categories").len()));
    for word in words("keywords") {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_+".contains(letter);
        assert!(word.len() <= 20 && word.chars().all(plain) && word.starts_with(char::is_alphanumeric), "{word}");
    }

    has_no_paths(&manifest);
    let targets = manifest.get("target").and_then(Value::as_table);
    targets.into_iter().flat_map(Table::values).filter_map(Value::as_table).for_each(has_no_paths);
    assert!(!manifest.contains_key("patch") && !manifest.contains_key("replace"));
}

fn has_no_paths(manifest: &Table) {
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let dependencies = manifest.get(kind).and_then(Value::as_table);
        for (name, dependency) in dependencies.into_iter().flatten() {
            assert!(dependency.get("path").is_none(), "`{name}` is a path");
            let version = dependency.get("version").or(Some(dependency)).and_then(Value::as_str);
            assert!(version.is_some_and(|version| version != "*"), "`{name}` has no version");
        }
    }
}
