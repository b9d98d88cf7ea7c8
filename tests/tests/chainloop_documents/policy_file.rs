//! Policy files.

use std::collections::BTreeMap;
use std::path::Path;

use admit_host::chainloop::{PolicyFile, PolicyFileError, Script};
use serde::Deserialize;
use serde_json::{Value, json};

use super::bytes::Bytes;
use super::{Case, failed, same};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    about: String,
    /// Its name.
    #[serde(default = "usual")]
    name: String,
    /// Its text.
    policy: String,
    /// What else is in its folder.
    #[serde(default)]
    files: BTreeMap<String, Bytes>,
    /// What it says, as far as the case is about it.
    says: Option<Value>,
    /// The kind that scripts are selected for.
    kind: Option<String>,
    /// Which ones, by their places in the file, from 0.
    selected: Option<Vec<usize>>,
    #[serde(default)]
    only_by_name: bool,
    /// The bytes of each script, or why there are none.
    scripts: Option<Vec<Loaded>>,
    /// What is wrong, a line for each mistake.
    error: Option<String>,
    /// What Chainloop says about it.
    chainloop: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Loaded {
    Module(Bytes),
    Error(String),
}

fn usual() -> String {
    "policy.yaml".to_owned()
}

impl Case for File {
    fn about(&self) -> &str {
        &self.about
    }

    fn run(&self) -> Result<(), String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes);
        write(&self.name, self.policy.as_bytes()).map_err(|error| error.to_string())?;
        for (name, bytes) in &self.files {
            write(name, &bytes.get()).map_err(|error| error.to_string())?;
        }
        let folder_name = format!("{}/", folder.path().display());
        let short = |error: PolicyFileError| {
            let words = error.words.map(|words| words.replace(&folder_name, ""));
            let mistakes: Vec<_> = error.mistakes.iter().map(ToString::to_string).collect();
            (words, mistakes.join("\n").replace(&folder_name, ""))
        };
        let opened = PolicyFile::open(&folder.path().join(&self.name)).map_err(short);
        if let (Err((words, _)), Some(_)) = (&opened, &self.error) {
            same("what Chainloop says", json!(self.chainloop), json!(words))?;
        }
        let Some(policy) = failed(self.error.as_ref(), opened.map_err(|(_, mistakes)| mistakes))? else {
            return Ok(());
        };
        if let Some(Value::Object(says)) = &self.says {
            let found = said(&policy, folder.path());
            for (key, value) in says {
                same(key, value.clone(), found[key].clone())?;
            }
        }
        if let Some(kind) = &self.kind {
            let selection = policy.select(kind.parse().map_err(|error| format!("{error}"))?);
            let place = |script: &&Script| policy.scripts.iter().position(|other| std::ptr::eq(other, *script));
            let found: Vec<_> = selection.scripts.iter().filter_map(place).collect();
            same("the selection", self.selected.clone().unwrap_or_default(), found)?;
            same("whether only by name", self.only_by_name, selection.only_by_name)?;
        }
        let loaded = self.scripts.as_deref().unwrap_or_default();
        for (script, expected) in policy.scripts.iter().zip(loaded) {
            match (expected, script.load().map_err(short)) {
                (Loaded::Module(bytes), Ok(found)) => same("the module", bytes.get(), found)?,
                (Loaded::Error(expected), found) => {
                    let told = |(words, mistake): (Option<String>, String)| match words {
                        Some(words) => format!("{words}\n{mistake}"),
                        None => mistake,
                    };
                    failed(Some(expected), found.map_err(told)).map(|_| ())?;
                }
                (Loaded::Module(_), Err((_, error))) => return Err(format!("unexpected error: {error}")),
            }
        }
        Ok(())
    }
}

fn said(policy: &PolicyFile, folder: &Path) -> Value {
    let input =
        |input: &admit_host::chainloop::Input| json!([input.name, input.description, input.required, input.default]);
    let folder = format!("{}/", folder.display());
    json!({
        "name": policy.name,
        "description": policy.description,
        "annotations": policy.annotations,
        "organization": policy.organization,
        "finding_type": policy.finding_type.map(|found| found.name()),
        "inputs": policy.inputs.iter().map(input).collect::<Vec<_>>(),
        "applies_to": policy.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        "kinds": policy.scripts.iter().map(|script| script.kind.map(|kind| kind.name())).collect::<Vec<_>>(),
        "phases": policy.scripts.iter().map(|script| format!("{:?}", script.phases)).collect::<Vec<_>>(),
        "notes": policy.notes.iter().map(|note| note.replace(&folder, "")).collect::<Vec<_>>(),
    })
}
