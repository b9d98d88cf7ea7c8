//! Documents that go along with policies: manifests for a cluster, a package for Artifact Hub.

mod artifacthub;
mod diff_job;
mod manifest;
pub(crate) mod yaml;

pub use artifacthub::{ArtifactHubOptions, artifacthub, created_at};
pub use diff_job::{DiffJobOptions, diff_job};
pub use manifest::{ManifestKind, ManifestOptions, manifest};

/// A document, and remarks for the person who asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scaffold {
    /// The document.
    pub yaml: String,
    /// Notes about what was decided, and about what users should check.
    pub notes: Vec<String>,
}

/// Why a document cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScaffoldError {
    /// Kubewarden would not accept the metadata.
    #[error("Metadata is invalid: {}", list(.0))]
    Invalid(Vec<(String, String)>),
    /// The title cannot be the name of a resource.
    #[error(
        "Invalid title '{0}'. Must conform to RFC 1123: use lowercase alphanumeric chars, '-' or '.', and start/end with an \
         alphanumeric character. Give another one with `--title`."
    )]
    Title(String),
    /// A name that Kubernetes does not take.
    #[error(
        "`{name}` cannot be the name of {of}: use at most {longest} lowercase letters, digits and '-', with a letter or digit at both ends"
    )]
    Name {
        /// The name.
        name: String,
        /// Of what.
        of: &'static str,
        /// Most characters.
        longest: usize,
    },
    /// There is no title.
    #[error(
        "the policy has no title, and a manifest needs a name; give one with `--title`, or annotate the policy with `{}`",
        crate::metadata::key::TITLE
    )]
    NoTitle,
    /// No annotation at all.
    #[error("no annotations in policy metadata. policy metadata must specify annotations")]
    NoAnnotations,
    /// The version is not valid.
    #[error("policy version must be in semver: {0}")]
    Version(String),
    /// An annotation that has to be there.
    #[error("policy metadata must specify \"{0}\" in annotations")]
    Missing(&'static str),
    /// An annotation with a list that has empty entries.
    #[error("annotation \"{0}\" in policy metadata is malformed, must be csv values")]
    List(&'static str),
    /// An annotation with authors that are not valid.
    #[error(
        "annotation \"{key}\" in policy metadata is malformed, must be csv values of \"name <email>\": {entry:?} is not"
    )]
    Author {
        /// The annotation.
        key: &'static str,
        /// The entry.
        entry: String,
    },
    /// An annotation that is no URL.
    #[error(
        "annotation \"{key}\" in policy metadata must be a well formed URL, found {found:?}; begin it with https://"
    )]
    Url {
        /// The annotation.
        key: &'static str,
        /// Its value.
        found: String,
    },
    /// An annotation that is neither true nor false.
    #[error("annotation \"{0}\" in policy metadata is malformed, must be a string \"true\" or \"false\"")]
    Bool(&'static str),
    /// The file with the questions is empty.
    #[error("questions-ui content cannot be empty")]
    NoQuestions,
    /// A time that is not valid.
    #[error("`{given}` is not {expected}")]
    Time {
        /// The value that was given.
        given: String,
        /// The form that it should have.
        expected: &'static str,
    },
    /// The texts cannot be written as YAML.
    #[error("this cannot be written as YAML: {0}; please report it, together with the metadata")]
    Yaml(String),
}

fn list(problems: &[(String, String)]) -> String {
    problems.iter().map(|(field, problem)| format!("\n  - {field}: {problem}")).collect()
}
