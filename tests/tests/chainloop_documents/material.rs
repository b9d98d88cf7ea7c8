//! Materials that Chainloop would record, and those that it would not.

use std::collections::BTreeMap;

use admit_host::chainloop::{Kind, Material as Found, MaterialError, check};
use serde::Deserialize;
use serde_json::Value;

use super::bytes::Bytes;
use super::{Case, same};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Material {
    about: String,
    kind: String,
    /// The file, as it is named on the command line.
    path: Option<String>,
    /// What is in the file.
    content: Option<Bytes>,
    /// What is given instead of a file, for kinds that have none.
    argument: Option<String>,
    /// Files of a folder that is given.
    folder: Option<BTreeMap<String, String>>,
    /// The kind that it is taken for when nobody says it.
    guessed: Option<String>,
    /// The annotations that a policy sees.
    annotations: Option<Value>,
    /// The input of a policy, without `chainloop_metadata`.
    input: Option<Value>,
    /// What Chainloop says when it asks a policy about a material that it recorded.
    evaluated: Option<String>,
    /// What Chainloop says when it records the material.
    refused: Option<String>,
    /// What we add to that.
    ours: Option<String>,
}

impl Case for Material {
    fn about(&self) -> &str {
        &self.about
    }

    fn run(&self) -> Result<(), String> {
        self.guess()?;
        match (self.made(), &self.refused) {
            (Err(error), None) => Err(format!("unexpected error: {error}")),
            (Ok(_), Some(refused)) => Err(format!("nothing went wrong, expected: {refused}")),
            (Err(error), Some(refused)) => {
                let expected = format!("{}; {}", refused.trim_end(), self.ours.as_deref().unwrap_or_default());
                same("the error", expected, error)
            }
            (Ok(material), None) => self.asked(material),
        }
    }
}

impl Material {
    fn guess(&self) -> Result<(), String> {
        let Some(expected) = &self.guessed else { return Ok(()) };
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, content: Vec<u8>| {
            let path = folder.path().join(name.rsplit('/').next().unwrap_or_default());
            std::fs::write(&path, content).expect("written");
            path.display().to_string()
        };
        let argument = match (&self.argument, &self.folder, &self.path, &self.content) {
            (Some(argument), ..) => argument.clone(),
            (_, Some(files), ..) => {
                files.iter().for_each(|(name, content)| drop(write(name, content.clone().into_bytes())));
                folder.path().display().to_string()
            }
            (.., Some(path), Some(content)) => write(path, content.get()),
            _ => return Err("there is nothing to guess the kind of".to_owned()),
        };
        same("the guess", expected.as_str(), Found::guess(&argument).map_err(|error| error.to_string())?.kind().name())
    }

    fn made(&self) -> Result<Found, String> {
        let kind: Kind = self.kind.parse().expect("the case has a kind that exists");
        let words = |error: MaterialError| error.to_string();
        if let Some(argument) = &self.argument {
            return Found::open(kind, argument).map_err(words);
        }
        if let Some(files) = &self.folder {
            let folder = tempfile::tempdir().expect("a folder");
            for (name, content) in files {
                std::fs::write(folder.path().join(name), content).expect("written");
            }
            let path = folder.path().display().to_string();
            return Found::open(kind, &path).map_err(|error| error.to_string().replace(&path, "FOLDER"));
        }
        let path = self.path.as_ref().expect("the case has a path");
        let content = self.content.as_ref().expect("the case has content").get();
        check(kind, path, &content).map_err(words)?;
        let name = path.rsplit('/').next().unwrap_or_default();
        Found::bytes(kind, name, content).map_err(words)
    }

    fn asked(&self, material: Found) -> Result<(), String> {
        let input = match (material.into_input(), &self.evaluated) {
            (Ok(_), Some(words)) => return Err(format!("a policy can be asked about it, expected: {words}")),
            (Err(error), Some(words)) => return same("the error", words.as_str(), error.words.as_str()),
            (Err(error), None) => return Err(format!("no policy can be asked about it: {error}")),
            (Ok(input), None) => input,
        };
        let mut input: Value =
            serde_json::from_slice(&input).map_err(|error| format!("the input is no JSON: {error}"))?;
        let metadata = input.as_object_mut().and_then(|object| object.remove("chainloop_metadata"));
        let found = metadata.map(|metadata| metadata["annotations"].clone()).unwrap_or_default();
        if let Some(annotations) = &self.annotations {
            same("the annotations", annotations.clone(), found)?;
        }
        match &self.input {
            Some(expected) => same("the input", expected.clone(), input),
            None => Ok(()),
        }
    }
}
