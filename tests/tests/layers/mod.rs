//! Modules form layers: of those beside each other none uses, over whatever detour, one that uses it.

mod graph;
mod source;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use libtest_mimic::Trial;

use crate::support::repository;
use graph::{circles, levels};
use source::Crate;

/// The roots of the crates.
const CRATES: &[(&str, &str)] = &[
    ("admit-macros", "macros/src/lib.rs"),
    ("admit", "sdk/rust/src/lib.rs"),
    ("admit-runtime", "host-harness/runtime/src/lib.rs"),
    ("admit-host", "host-harness/src/lib.rs"),
    ("cargo-admit", "host-harness/cli/src/main.rs"),
];

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = trials![a_circle_is_found, upwards_is_found];
    for (name, root) in CRATES {
        trials.push(Trial::test(format!("layers::no_circle::{name}"), move || {
            let found = circles_of(&Crate::read(&repository().join(root)));
            assert!(found.is_empty(), "modules of {name} use each other in circles:\n{}", found.join("\n"));
            Ok(())
        }));
        trials.push(Trial::test(format!("layers::downwards::{name}"), move || {
            let map = fs::read_to_string(repository().join("docs/ARCHITECTURE.md")).expect("the map is there");
            let root = Path::new(root);
            let rows = rows(&map, &root.parent().expect("sources are in a folder").to_string_lossy());
            let found = upwards(&Crate::read(&repository().join(root)), &rows);
            assert!(
                found.is_empty(),
                "modules of {name} use what docs/ARCHITECTURE.md has above them:\n{}",
                found.join("\n")
            );
            Ok(())
        }));
    }
    trials
}

/// The circles on all levels, each with the module that it is in.
fn circles_of(found: &Crate) -> Vec<String> {
    let levels = levels(found);
    let of_level = levels.iter().flat_map(|(parent, edges)| {
        let parent = [&["crate".to_owned()], parent.as_slice()].concat().join("::");
        circles(edges).into_iter().map(move |edge| format!("  in {parent}: {edge}"))
    });
    of_level.collect()
}

/// The number of the row in which the map has each module of a crate, counted from the top.
fn rows(map: &str, sources: &str) -> BTreeMap<String, usize> {
    let mut rows = BTreeMap::new();
    for (number, line) in map.lines().enumerate().filter(|(_, line)| line.starts_with("| `")) {
        let cell = line.split('|').nth(1).unwrap_or_default();
        for path in cell.split('`').skip(1).step_by(2) {
            let inside = path.strip_prefix(sources).and_then(|inside| inside.strip_prefix('/'));
            if let Some(module) = inside.filter(|inside| !inside.contains('/')) {
                rows.insert(module.trim_end_matches(".rs").to_owned(), number);
            }
        }
    }
    rows
}

/// What modules use of rows above them.
fn upwards(found: &Crate, rows: &BTreeMap<String, usize>) -> Vec<String> {
    let levels = levels(found);
    let top = levels.get([].as_slice());
    let uses = top.into_iter().flatten().filter(|((user, used), _)| match (rows.get(user), rows.get(used)) {
        (Some(user), Some(used)) => used < user,
        // The other test sees that the map is complete.
        _ => false,
    });
    uses.map(|((user, used), example)| format!("  {user} uses {used}: {example}")).collect()
}

/// Through names that are given on, through `super`, and not through tests.
fn a_circle_is_found() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("lib.rs", "mod a; mod b; mod c;\npub use b::deep::Thing;");
    write("a.rs", "fn f(_: crate::Thing) {}");
    write("b/mod.rs", "pub mod deep;");
    write("b/deep.rs", "pub struct Thing;\n// crate::a\n#[cfg(test)]\nmod tests { use crate::a; }\n");
    write("c.rs", "use super::{a::{self, f}, b};");
    let found = || circles_of(&Crate::read(&folder.path().join("lib.rs")));
    assert_eq!(found(), Vec::<String>::new());

    write("b/deep.rs", "pub struct Thing;\nuse super::super::c as other;");
    let found = found();
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(found.iter().any(|edge| edge.contains("b uses c") && edge.contains("`super::super::c`")), "{found:#?}");
}

fn upwards_is_found() {
    let folder = tempfile::TempDir::new().expect("a folder");
    for (file, text) in
        [("lib.rs", "mod a; mod b; mod c;"), ("a.rs", "use crate::c;"), ("b.rs", ""), ("c.rs", "use super::b;")]
    {
        fs::write(folder.path().join(file), text).expect("a file");
    }
    let found = Crate::read(&folder.path().join("lib.rs"));
    let map = |order: [&str; 3]| order.map(|module| format!("| `src/{module}.rs` | … |\n")).concat();
    assert_eq!(upwards(&found, &rows(&map(["a", "c", "b"]), "src")), Vec::<String>::new());
    let found = upwards(&found, &rows(&map(["a", "b", "c"]), "src"));
    assert!(matches!(found.as_slice(), [only] if only.contains("c uses b")), "{found:?}");
}
