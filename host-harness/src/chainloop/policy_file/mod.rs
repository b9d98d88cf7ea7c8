//! Policy files: `policy.yaml`, `policy.json`.

mod either;
mod read;
mod rules;
mod source;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(super) use self::source::hexadecimal;
use super::findings::FindingType;
use super::kind::Kind;
use crate::input::{Document, InputError};

/// The content of a policy file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PolicyFile {
    /// Name of the policy.
    pub name: String,
    /// The description, for people.
    pub description: String,
    /// The annotations, for tools.
    pub annotations: BTreeMap<String, String>,
    /// The organization to which the policy belongs.
    pub organization: Option<String>,
    /// The type of its structured findings.
    pub finding_type: Option<FindingType>,
    /// The inputs that it declares.
    pub inputs: Vec<Input>,
    /// The scripts: modules, each for a kind of material.
    pub scripts: Vec<Script>,
    /// Notes about what is allowed but unusual, in sentences with file and line.
    pub notes: Vec<String>,
}

/// An input that a policy declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// Name of the argument.
    pub name: String,
    /// The description, for people.
    pub description: String,
    /// Whether the input is required.
    pub required: bool,
    /// The default value; empty for none.
    pub default: String,
}

/// When a script about attestations is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestationPhase {
    /// When the attestation starts.
    Init,
    /// When it is pushed.
    Push,
}

/// A module, and the materials that it is about.
#[derive(Clone, Debug)]
pub struct Script {
    /// The kind of material; `None` is any.
    pub kind: Option<Kind>,
    /// Where the module is.
    pub source: Source,
    /// When it is run; empty is always.
    pub phases: Vec<AttestationPhase>,
    /// Where the file says so: an error without a message.
    place: InputError,
}

/// Where a module is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In a file.
    Path {
        /// The file; relative to the working folder if the policy file's own path is.
        path: PathBuf,
        /// The SHA-256 that the file has to have, in hexadecimal.
        sha256: Option<String>,
    },
    /// In the policy file, usually in base64.
    Embedded(Vec<u8>),
}

/// The scripts for a kind of material.
#[derive(Clone, Debug)]
pub struct Selection<'p> {
    /// In the order of the file; empty when the policy is not about this kind.
    pub scripts: Vec<&'p Script>,
    /// Whether no script says a kind. Chainloop runs such a policy only where a contract names the material for it; its
    /// local evaluation knows no names and never runs it.
    pub only_by_name: bool,
}

impl PolicyFile {
    /// Reads a policy file.
    ///
    /// # Errors
    ///
    /// What is wrong, with file, line and field. The modules are not looked at: see [`Script::load`].
    pub fn open(path: &Path) -> Result<Self, InputError> {
        Self::of(&Document::open(path)?, path)
    }

    /// Reads the text of the policy file at `path`, which need not exist.
    ///
    /// # Errors
    ///
    /// As those of [`open`](Self::open).
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self, InputError> {
        Self::of(&Document::parse(bytes, path.display().to_string())?, path)
    }

    fn of(document: &Document, path: &Path) -> Result<Self, InputError> {
        read::policy(&document.root(), path.parent().unwrap_or(Path::new("")))
    }

    /// The scripts that are run for a material of this kind: those that say the kind, and with them those that say none.
    ///
    /// Where no script says a kind there is nothing to select by. They are all taken then, so that such a policy can be
    /// tried at all, and [`only_by_name`](Selection::only_by_name) tells.
    pub fn select(&self, kind: Kind) -> Selection<'_> {
        let only_by_name = self.scripts.iter().all(|script| script.kind.is_none());
        let about = only_by_name || self.scripts.iter().any(|script| script.kind == Some(kind));
        let fits = |script: &&Script| about && script.kind.is_none_or(|said| said == kind);
        Selection { scripts: self.scripts.iter().filter(fits).collect(), only_by_name }
    }
}

impl Script {
    /// The bytes of the module: read, verified against the digest of the reference, and decoded when it is base64.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or that has another digest, and anything that is not WebAssembly.
    pub fn load(&self) -> Result<Vec<u8>, InputError> {
        source::load(&self.source).map_err(|message| InputError { message, ..self.place.clone() })
    }

    /// Where the policy file names this script, for messages.
    pub fn place(&self) -> String {
        self.place.to_string().trim_end_matches(": ").to_owned()
    }
}
