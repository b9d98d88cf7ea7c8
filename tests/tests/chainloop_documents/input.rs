//! Materials, and what a policy sees of them.

use std::collections::BTreeMap;

use admit_host::chainloop::{Kind, Material, MaterialError, attestation_input};
use serde::Deserialize;

use super::bytes::Bytes;
use super::{Case, failed, same};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    about: String,
    /// Absent for a whole attestation.
    kind: Option<String>,
    /// What is given on the command line, for kinds that have no file.
    argument: Option<String>,
    /// What the file is called.
    #[serde(default = "usual")]
    file: String,
    /// What is in the file.
    content: Option<Bytes>,
    name: Option<String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    /// The input, byte for byte.
    input: Option<String>,
    error: Option<String>,
}

fn usual() -> String {
    "m.json".to_owned()
}

impl Case for Input {
    fn about(&self) -> &str {
        &self.about
    }

    fn run(&self) -> Result<(), String> {
        let found = self.made().map_err(|error| error.to_string());
        let Some(found) = failed(self.error.as_ref(), found)? else { return Ok(()) };
        let found = String::from_utf8(found).map_err(|error| format!("the input is not UTF-8: {error}"))?;
        let expected = self.input.as_deref().ok_or("the case expects neither an input nor an error")?;
        same("the input", expected.trim_end(), &found)
    }
}

impl Input {
    fn made(&self) -> Result<Vec<u8>, MaterialError> {
        let content = || self.content.as_ref().expect("the case has content").get();
        let Some(kind) = &self.kind else { return attestation_input(&self.file, &content()) };
        let kind: Kind = kind.parse().expect("the case has a kind that exists");
        let mut material = match &self.argument {
            Some(argument) => Material::open(kind, argument)?,
            None => Material::bytes(kind, self.file.as_str(), content())?,
        };
        if let Some(name) = &self.name {
            material = material.named(name);
        }
        for (key, value) in &self.annotations {
            material = material.annotated(key, value);
        }
        material.into_input()
    }
}
