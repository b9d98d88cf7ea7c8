//! References to images.

use super::MaterialError;

/// The registry of names that say none, as Chainloop writes it.
const DEFAULT_REGISTRY: &str = "index.docker.io";

/// A reference with a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Image {
    /// Registry and path.
    pub(super) repository: String,
    /// `sha256:…`
    pub(super) digest: String,
    /// The tag; without one the digest takes its place, as in Chainloop.
    pub(super) tag: String,
}

impl Image {
    pub(super) fn parse(reference: &str) -> Result<Self, MaterialError> {
        let shown: String = reference.chars().take(200).collect();
        let error =
            |what: &str| MaterialError::new("--material", format!("could not parse reference: {shown}: {what}"));
        if reference.contains("://") {
            return Err(error("a reference has no scheme").advise("remove what is before the name, and `://`"));
        }
        let Some((name, digest)) = reference.split_once('@') else {
            let advice = "no registry is asked here, so write the digest: `repository:tag@sha256:…`";
            return Err(error("it has no digest").advise(advice));
        };
        let hexadecimal = |digits: &str| digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !digest.strip_prefix("sha256:").is_some_and(|digits| digits.len() == 64 && hexadecimal(digits)) {
            return Err(error("after `@` there must be `sha256:` and 64 lowercase hexadecimal digits"));
        }
        let (repository, tag) = tagged(name);
        let repository = full_name(repository).ok_or_else(|| error("the repository is not a valid name"))?;
        Ok(Self { repository, digest: digest.to_owned(), tag: tag.unwrap_or(digest).to_owned() })
    }

    /// Whether the reference has the tag `latest`. Only a registry knows the other tags of a digest.
    pub(super) fn is_latest(&self) -> bool {
        self.tag == "latest"
    }
}

/// A name without its tag, and the tag. A port is no tag.
fn tagged(name: &str) -> (&str, Option<&str>) {
    match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (name, None),
    }
}

/// The name of a repository with its registry; `None` if it is no name.
fn full_name(name: &str) -> Option<String> {
    let host = |part: &str| part.contains(['.', ':']) || part == "localhost";
    let (registry, path) = match name.split_once('/') {
        Some((first, rest)) if host(first) => (first, rest),
        _ => (DEFAULT_REGISTRY, name),
    };
    let registry = if registry == "docker.io" { DEFAULT_REGISTRY } else { registry };
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-./".contains(c);
    if path.len() < 2 || !path.chars().all(allowed) || path.split('/').any(str::is_empty) {
        return None;
    }
    let library = if registry == DEFAULT_REGISTRY && !path.contains('/') { "library/" } else { "" };
    Some(format!("{registry}/{library}{path}"))
}

/// The full name of the repository in a reference that need not have a digest.
pub(super) fn repository(reference: &str) -> Option<String> {
    let name = reference.split_once('@').map_or(reference, |(name, _)| name);
    full_name(tagged(name).0)
}
