//! `hostCapabilities`: the operations that a policy may call.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::operations::{CHAINLOOP_OPERATIONS, OPERATIONS, is_chainloops};

/// The host operations that a policy may call, as `hostCapabilities` in policy-server's `policies.yml` has it.
///
/// It is a list of patterns: `*` for everything, `oci/*` or `oci/v1/*` for everything below, `oci/v1/verify` for one
/// operation. The empty list grants nothing. Logging needs no grant.
///
/// ```
/// # use admit_runtime::calls::HostCapabilities;
/// let granted = HostCapabilities::parse(["oci/v1/*", "kubernetes/can_i"])?;
/// assert!(granted.allows("oci", "v1/verify"));
/// assert!(!granted.allows("oci", "v2/verify"));
/// # Ok::<(), admit_runtime::calls::PatternError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct HostCapabilities {
    all: bool,
    /// Beginnings of paths, with the slash at the end: those of patterns like `oci/*`.
    prefixes: BTreeSet<String>,
    exact: BTreeSet<String>,
}

impl HostCapabilities {
    /// Everything: what kwctl grants when it is not told otherwise.
    pub fn all() -> Self {
        Self { all: true, ..Self::none() }
    }

    /// Nothing: what policy-server grants when it is not told otherwise.
    pub fn none() -> Self {
        Self { all: false, prefixes: BTreeSet::new(), exact: BTreeSet::new() }
    }

    /// Reads a list of patterns. Space around a pattern does not matter, and what follows a `*` is not looked at.
    ///
    /// # Errors
    ///
    /// The first pattern that names nothing that a policy could call, in upstream's words.
    pub fn parse<P: AsRef<str>>(patterns: impl IntoIterator<Item = P>) -> Result<Self, PatternError> {
        Self::among(patterns, |_| &OPERATIONS)
    }

    /// Reads a list of patterns for rules about injected faults: they can also name [`CHAINLOOP_OPERATIONS`], which need
    /// no grant but can fail.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_calls<P: AsRef<str>>(patterns: impl IntoIterator<Item = P>) -> Result<Self, PatternError> {
        Self::among(patterns, |pattern| match is_chainloops(pattern.split('/').next().unwrap_or_default()) {
            true => &CHAINLOOP_OPERATIONS,
            false => &OPERATIONS,
        })
    }

    fn among<P: AsRef<str>>(
        patterns: impl IntoIterator<Item = P>,
        operations: fn(&str) -> &'static [&'static str],
    ) -> Result<Self, PatternError> {
        let mut granted = Self::none();
        for given in patterns {
            let given = given.as_ref();
            let pattern = given.trim();
            match pattern.find('*') {
                _ if pattern.is_empty() => return Err(PatternError::Empty),
                Some(_) if pattern == "*" => return Ok(Self::all()),
                Some(star) if star + 1 < pattern.len() || !pattern[..star].ends_with('/') => {
                    return Err(PatternError::Wildcard { pattern: given.to_owned() });
                }
                Some(star) => {
                    check(pattern, operations(pattern))?;
                    granted.prefixes.insert(pattern[..star].to_owned());
                }
                None => {
                    check(pattern, operations(pattern))?;
                    granted.exact.insert(pattern.to_owned());
                }
            }
        }
        Ok(granted)
    }

    /// Whether the policy may call this operation, for example `("net", "v1/dns_lookup_host")`.
    ///
    /// An operation that does not exist is allowed where a wildcard covers it; it fails later, as an unknown one.
    pub fn allows(&self, namespace: &str, operation: &str) -> bool {
        let path = format!("{namespace}/{operation}");
        self.all || self.exact.contains(&path) || self.prefixes.iter().any(|prefix| path.starts_with(prefix))
    }

    /// The patterns, sorted, wildcards first.
    pub fn patterns(&self) -> Vec<String> {
        if self.all {
            return vec!["*".to_owned()];
        }
        let prefixes = self.prefixes.iter().map(|prefix| format!("{prefix}*"));
        prefixes.chain(self.exact.iter().cloned()).collect()
    }
}

/// Everything, as kwctl has it.
impl Default for HostCapabilities {
    fn default() -> Self {
        Self::all()
    }
}

impl TryFrom<Vec<String>> for HostCapabilities {
    type Error = PatternError;

    fn try_from(patterns: Vec<String>) -> Result<Self, PatternError> {
        Self::parse(patterns)
    }
}

impl From<HostCapabilities> for Vec<String> {
    fn from(granted: HostCapabilities) -> Self {
        granted.patterns()
    }
}

impl fmt::Display for HostCapabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.patterns().join(", "))
    }
}

/// A pattern of [`HostCapabilities`] that cannot be used. The texts are upstream's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// `*` somewhere else than as the last segment.
    #[error(
        "invalid pattern \"{pattern}\": wildcard '*' must be the entire last path segment (e.g. 'oci/*'), not a partial match"
    )]
    Wildcard {
        /// The pattern.
        pattern: String,
    },
    /// Nothing but space.
    #[error("invalid pattern: pattern must not be empty")]
    Empty,
    /// No operation is called like this.
    #[error("invalid pattern \"{pattern}\": unknown segment \"{segment}\", valid options at this level are: {options}")]
    Segment {
        /// The pattern.
        pattern: String,
        /// The part that is wrong.
        segment: String,
        /// What could stand there, separated by commas; nothing after a complete operation.
        options: String,
    },
    /// Only the start of an operation.
    #[error(
        "invalid pattern \"{pattern}\": not a complete capability path; use \"{pattern}/*\" to allow all capabilities under it"
    )]
    Incomplete {
        /// The pattern.
        pattern: String,
    },
}

/// Walks down the operations' paths, segment by segment.
fn check(pattern: &str, operations: &[&str]) -> Result<(), PatternError> {
    let mut left: Vec<&str> = operations.to_vec();
    for segment in pattern.split('/') {
        let options: BTreeSet<&str> =
            left.iter().filter(|path| !path.is_empty()).map(|path| path.split('/').next().unwrap_or(path)).collect();
        // That it is the last segment was checked before.
        if segment == "*" && !options.is_empty() {
            return Ok(());
        }
        if !options.contains(segment) {
            return Err(PatternError::Segment {
                pattern: pattern.to_owned(),
                segment: segment.to_owned(),
                options: Vec::from_iter(options).join(", "),
            });
        }
        left = left.iter().filter_map(|path| below(path, segment)).collect();
    }
    if left == [""] { Ok(()) } else { Err(PatternError::Incomplete { pattern: pattern.to_owned() }) }
}

/// What is left of a path after its first segment, if that is `segment`.
fn below<'p>(path: &'p str, segment: &str) -> Option<&'p str> {
    match path.split_once('/') {
        Some((first, rest)) => (first == segment).then_some(rest),
        None => (path == segment).then_some(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chainloops_calls_can_be_named_and_not_granted() {
        let calls = HostCapabilities::parse_calls(["http/*", "chainloop/discover", "net/*"]).expect("patterns");
        assert!(calls.allows("http", "request") && calls.allows("chainloop", "discover"));
        let text = |error: PatternError| error.to_string();
        let error = HostCapabilities::parse(["http/*"]).map_err(text).expect_err("nobody grants it");
        assert!(error.ends_with("valid options at this level are: crypto, kubernetes, net, oci"), "{error}");
        let error = HostCapabilities::parse_calls(["http/get"]).map_err(text).expect_err("there is none");
        assert!(error.ends_with("unknown segment \"get\", valid options at this level are: request"), "{error}");
    }
}
