//! Policy files: `policy.yaml`, `policy.json`.

mod either;
mod error;
mod read;
mod reference;
mod rules;
mod source;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use self::error::Mistakes;
pub use self::error::PolicyFileError;
pub use self::reference::PolicyReference;
pub(super) use self::source::hexadecimal;
use super::errors::system_error;
use super::findings::FindingType;
use super::kind::Kind;
use super::proto;
use crate::file::{self, MAX_DOCUMENT, Refused};
use crate::input::{Document, InputError, Position};
use crate::suite::{Base, Suite};

/// What a policy file says.
#[derive(Clone, Debug, Default)]
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
    /// The kinds of material that the policy applies to. Without any it applies only where a contract names its material.
    pub kinds: Vec<Kind>,
    /// What is run.
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

impl Input {
    /// What Chainloop says about an input that is required and has a default; it says so whenever the policy is asked.
    pub(super) fn contradiction(&self) -> Option<String> {
        let name = &self.name;
        (self.required && !self.default.is_empty())
            .then(|| format!("input {name} can not be required and have a default at the same time"))
    }
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
    /// Where the module may be.
    suite: Suite,
}

/// Where a module is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In a file.
    ///
    /// The path is relative to the working folder if the policy file's own path is.
    Path(PathBuf),
    /// Behind a scheme: `https://…`. Nothing is downloaded, so this one cannot be loaded.
    Url(String),
    /// In the policy file, usually in base64.
    Embedded(Vec<u8>),
}

/// The scripts for a kind of material.
#[derive(Clone, Debug)]
pub struct Selection<'p> {
    /// In the order of the file; empty when the policy is not about this kind.
    pub scripts: Vec<&'p Script>,
    /// Whether the policy applies to no kind: see [`PolicyFile::kinds`].
    pub only_by_name: bool,
}

impl PolicyFile {
    /// Reads a policy file. The modules that it names are in its folder, or among those that the workspace of its crate is built to.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, with file, line and field. The modules are not looked at: see [`Script::load`].
    pub fn open(path: &Path) -> Result<Self, PolicyFileError> {
        Self::referenced(&PolicyReference::of(path))
    }

    /// Reads the policy file that a command line names.
    ///
    /// # Errors
    ///
    /// As those of [`open`](Self::open), and a file with another digest.
    pub fn referenced(reference: &PolicyReference) -> Result<Self, PolicyFileError> {
        let path = reference.path();
        let bytes = file::read(path, MAX_DOCUMENT).map_err(|error| {
            let what = format!("failed to load policy spec: loading policy spec: {}", system_error(path, &error));
            let words = Refused::of(&error).is_none().then(|| reference.failed(&what));
            let mistake = InputError::whole(path.display().to_string(), format!("cannot read this file: {error}"));
            PolicyFileError::one(words, mistake)
        })?;
        Self::read(&bytes, reference)
    }

    /// Reads the text of the policy file at `path`, which need not exist.
    ///
    /// # Errors
    ///
    /// As those of [`open`](Self::open).
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self, PolicyFileError> {
        Self::read(bytes, &PolicyReference::of(path))
    }

    fn read(bytes: &[u8], reference: &PolicyReference) -> Result<Self, PolicyFileError> {
        let path = reference.path();
        let name = path.display().to_string();
        let loading = |what: &str| {
            let what = format!("failed to load policy spec: unmarshalling policy spec: {what}");
            Some(reference.failed(&what))
        };
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if !matches!(extension, "yaml" | "yml" | "json") {
            let mistake = InputError::whole(name, "the name of a policy file ends in .yaml, .yml or .json");
            return Err(PolicyFileError::one(loading("loading resource spec: unsupported file format"), mistake));
        }
        let document = Document::parse(bytes, name.clone()).map_err(|error| {
            let Position { line, column } = error.position.unwrap_or(Position { line: 1, column: 1 });
            let what = error.message.trim_start_matches("not valid JSON: ").trim_start_matches("not valid YAML: ");
            let words = match extension {
                "json" => format!("unmarshalling policy spec: proto: syntax error (line {line}:{column}): {what}"),
                _ => format!("loading resource spec: yaml: line {line}: {what}"),
            };
            PolicyFileError::one(loading(&words), error)
        })?;
        let unreadable = words::unreadable(&document, bytes);
        if unreadable.is_none()
            && let Some(expected) = reference.digest()
        {
            let found = format!("sha256:{}", hexadecimal(&Sha256::digest(bytes)));
            if found != expected {
                let words = loading(&format!("digest mismatch: got {found}, want {expected}"));
                let mistake = InputError::whole(name, "is not the file that the digest is of");
                return Err(PolicyFileError::one(words, mistake));
            }
        }
        let mut wrong = Mistakes::default();
        let base = Base::new(path.parent().unwrap_or(Path::new("")), &Suite::of_policy_file(path));
        let file = read::policy(&document.root(), &base, &mut wrong);
        let mut mistakes = wrong.sorted();
        let words = match unreadable {
            Some(error) => loading(&format!("unmarshalling policy spec: {error}")),
            None => match proto::broken(&words::broken(document.value())) {
                Some(rules) => Some(reference.failed(&format!("validating policy spec: {rules}"))),
                None => file.inputs.iter().find_map(Input::contradiction),
            },
        };
        if words.is_none() && mistakes.is_empty() {
            return Ok(file);
        }
        if mistakes.is_empty() {
            mistakes.push(InputError::whole(name, "Chainloop does not take this for a policy"));
        }
        Err(PolicyFileError { words, mistakes })
    }

    /// With modules that may be anywhere: for a policy file that is trusted.
    #[must_use]
    pub fn with_modules_anywhere(mut self) -> Self {
        self.scripts.iter_mut().for_each(|script| script.suite = Suite::anywhere());
        self
    }

    /// The scripts that are run for a material of this kind: those that say the kind, and with them those that say none.
    ///
    /// Where the policy applies to no kind there is nothing to select by: all of them are taken then, and
    /// [`only_by_name`](Selection::only_by_name) tells.
    pub fn select(&self, kind: Kind) -> Selection<'_> {
        let only_by_name = self.kinds.is_empty();
        let about = only_by_name || self.kinds.contains(&kind);
        let fits = |script: &&Script| about && script.kind.is_none_or(|said| said == kind);
        Selection { scripts: self.scripts.iter().filter(fits).collect(), only_by_name }
    }
}

/// Bytes of the modules of a policy file, each of which counts as often as it is named: they are read before one of them is run.
const MAX_MODULES: usize = 1 << 30;

/// The modules of these scripts, read one after the other.
///
/// # Errors
///
/// As those of [`Script::load`]; and that the modules are too large together.
pub(crate) fn loaded<'s>(
    scripts: impl IntoIterator<Item = &'s Script>,
) -> impl Iterator<Item = (&'s Script, Result<Vec<u8>, PolicyFileError>)> {
    let mut left = Some(MAX_MODULES);
    scripts.into_iter().map_while(move |script| {
        let now = left?;
        let module = script.load();
        let size = module.as_ref().map_or(0, Vec::len);
        left = now.checked_sub(size);
        let too_large = || {
            let message = format!(
                "with this module those of the policy file are larger than {} MiB together, each counted as often as it is named; name \
                 fewer or smaller ones",
                MAX_MODULES >> 20
            );
            PolicyFileError::one(None, InputError { message, ..script.place.clone() })
        };
        let module = if left.is_some() { module } else { Err(too_large()) };
        Some((script, module))
    })
}

impl Script {
    /// The bytes of the module: read, and decoded when it is base64.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or is elsewhere than the policy file, and anything that is not WebAssembly.
    pub fn load(&self) -> Result<Vec<u8>, PolicyFileError> {
        if let Source::Path(path) = &self.source {
            let refused = |message| PolicyFileError::one(None, InputError { message, ..self.place.clone() });
            self.suite.check(path).map_err(refused)?;
        }
        source::load(&self.source)
            .map_err(|(words, message)| PolicyFileError::one(words, InputError { message, ..self.place.clone() }))
    }

    /// Where the policy file names this script, for messages.
    pub fn place(&self) -> String {
        self.place.to_string().trim_end_matches(": ").to_owned()
    }
}
