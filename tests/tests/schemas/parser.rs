//! The parser that is asked.

use std::path::Path;

use admit_host::{capabilities::World, case, input::InputError};
use serde_json::Value;

use super::documents::{Files, Sample, write};

/// What the parser has against each of these cases, which stand where the sample stands; `None` when it takes one.
pub(super) fn of_cases(sample: &Sample, values: &[Value]) -> Vec<Option<String>> {
    let root = tempfile::tempdir().expect("a folder");
    let in_folder = |folder: &str| format!("cases/{folder}/");
    let mut files = Files::new();
    for (name, content) in &*sample.files {
        // The other cases would be read, too, and so would the world of all of them.
        let shared = name.strip_prefix("cases/").is_none_or(|rest| rest.starts_with('_') && !is_common_world(rest));
        if shared {
            files.insert(name.clone(), content.clone());
        }
    }
    for (number, value) in values.iter().enumerate() {
        let bytes = value.to_string().into_bytes();
        let Some(folder) = &sample.folder else {
            files.insert(format!("cases/m{number}.json"), bytes);
            continue;
        };
        for (name, content) in &*sample.files {
            if let Some(companion) = name.strip_prefix(&in_folder(folder)).filter(|name| !name.starts_with("case.")) {
                files.insert(format!("cases/m{number}/{companion}"), content.clone());
            }
        }
        files.insert(format!("cases/m{number}/case.json"), bytes);
    }
    write(root.path(), &files);
    let cases = root.path().join("cases");
    let mut refusals = vec![None; values.len()];
    for error in case::load(&cases).err().unwrap_or_default() {
        let reason = reason(&error, root.path());
        match number(&error, &cases) {
            Some(number) => refusals[number] = Some(reason),
            None if values.len() == 1 => refusals[0] = Some(reason),
            // The error is in another file, which does not say what named it.
            None => return values.iter().flat_map(|value| of_cases(sample, std::slice::from_ref(value))).collect(),
        }
    }
    refusals
}

/// What the parser has against each of these worlds.
pub(super) fn of_worlds(sample: &Sample, values: &[Value]) -> Vec<Option<String>> {
    let root = tempfile::tempdir().expect("a folder");
    write(root.path(), &sample.files);
    let base = sample.folder.as_ref().map_or(root.path().to_owned(), |folder| root.path().join(folder));
    let refusal = |value: &Value| World::parse(value.to_string().as_bytes(), "world.json", &base).err();
    values.iter().map(|value| refusal(value).map(|error| reason(&error, root.path()))).collect()
}

fn is_common_world(name: &str) -> bool {
    name.split(['/', '.']).next() == Some("_world")
}

/// Which of the cases an error is about.
fn number(error: &InputError, cases: &Path) -> Option<usize> {
    let path = Path::new(&error.name).strip_prefix(cases).ok()?;
    let first = path.components().next()?.as_os_str().to_str()?;
    first.strip_prefix('m')?.split('.').next()?.parse().ok()
}

/// `field: what is wrong`, the same on every machine.
fn reason(error: &InputError, root: &Path) -> String {
    format!("{}: {}", error.field, error.message).replace(&format!("{}/", root.display()), "")
}
