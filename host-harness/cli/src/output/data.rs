//! Documents for programs.

use std::fmt::Display;
use std::io;

use admit_host::internal::visible_json;
use serde::Serialize;

/// A document for programs, without a line break at its end. Its values are those that they were, and what cannot be seen on a
/// terminal is escaped.
#[derive(Clone, Debug)]
pub(crate) struct Data(String);

impl Data {
    /// JSON in one line.
    ///
    /// # Errors
    ///
    /// What serde says of a value that is not JSON.
    pub(crate) fn json(value: &impl Serialize) -> io::Result<Self> {
        Ok(Self::of_json(&serde_json::to_string(value)?))
    }

    /// JSON in as many lines as it has values.
    ///
    /// # Errors
    ///
    /// As [`json`](Self::json).
    pub(crate) fn pretty_json(value: &impl Serialize) -> io::Result<Self> {
        Ok(Self::of_json(&serde_json::to_string_pretty(value)?))
    }

    /// JSON as another writer made it.
    pub(crate) fn of_json(json: &str) -> Self {
        Self(visible_json(json.trim_end()).into_owned())
    }

    /// YAML as the host writes it, which escapes what cannot be seen.
    pub(crate) fn of_yaml(yaml: &str) -> Self {
        Self(yaml.trim_end().to_owned())
    }

    /// A report in a format of its own, in which its parts, which are [`Text`](super::Text)s, are escaped as the format wants it.
    pub(crate) fn of_report(report: &str) -> Self {
        Self(report.trim_end().to_owned())
    }

    /// A script that this program made of its own command line.
    pub(crate) fn of_script(script: impl Display) -> Self {
        Self(script.to_string().trim_end().to_owned())
    }

    /// The document in a file.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
