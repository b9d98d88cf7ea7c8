//! How a policy file is named on a command line.

use std::path::{Path, PathBuf};

use super::PolicyFileError;
use crate::input::InputError;

/// A policy file, as `--policy` names it: a path, with `file://` in front and the file's digest (`@sha256:…`) behind if one
/// likes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyReference {
    /// As Chainloop shows it.
    shown: String,
    path: PathBuf,
    digest: Option<String>,
}

impl PolicyReference {
    /// Takes the parts of a reference apart.
    ///
    /// # Errors
    ///
    /// A scheme other than `file`: nothing is downloaded.
    pub fn parse(text: &str) -> Result<Self, PolicyFileError> {
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        let shown = if scheme.is_some() { text.to_owned() } else { format!("file://{text}") };
        let refused = |words: Option<String>, what: String| PolicyFileError {
            words,
            mistakes: vec![InputError::whole(text, what)],
        };
        match scheme {
            None | Some("file") => {}
            Some("http" | "https" | "chainloop") => {
                let what = "nothing is downloaded; save the policy file, and what it refers to, and give its path";
                return Err(refused(None, what.to_owned()));
            }
            Some(scheme) => {
                let words = attachment(
                    &shown,
                    &format!("failed to get a loader for policy: policy scheme not supported: {scheme}"),
                );
                return Err(refused(Some(words), "a policy is the path of a file".to_owned()));
            }
        }
        let path = shown.strip_prefix("file://").unwrap_or(&shown);
        // Chainloop cuts at the first `@`. A folder with one in its name is found here all the same.
        let cut = match path.rfind("@sha256:") {
            None if !Path::new(path).exists() => path.find('@'),
            found => found,
        };
        let (path, digest) = cut.map_or((path, None), |at| (&path[..at], Some(path[at + 1..].to_owned())));
        Ok(Self { path: PathBuf::from(path), digest, shown })
    }

    /// The file at this path, whatever its digest.
    pub fn of(path: &Path) -> Self {
        Self { shown: format!("file://{}", path.display()), path: path.to_owned(), digest: None }
    }

    /// The path alone.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The digest that the file has to have, as it is written.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// What Chainloop says about a file that it cannot load.
    pub(super) fn failed(&self, what: &str) -> String {
        attachment(&self.shown, what)
    }
}

fn attachment(reference: &str, what: &str) -> String {
    let quoted = reference.replace('\\', "\\\\").replace('"', "\\\"");
    format!("failed to load policy attachment \"{quoted}\": {what}")
}
