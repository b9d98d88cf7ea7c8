//! Findings: violations as JSON objects, in the structure of one of Chainloop's finding types.

use serde::Serialize;

use crate::error::Error;

/// The type of the violations of an [`Evaluation`](super::Evaluation): strings, or findings of one of Chainloop's types. Not
/// to be implemented elsewhere.
///
/// One evaluation has violations of one type, because Chainloop ignores strings when there are findings, and knows one
/// `finding_type` for each policy.
#[diagnostic::on_unimplemented(
    message = "an evaluation cannot be made of `{Self}`",
    label = "write `Evaluation` for texts, or `Evaluation<V>` where `V` is `Vulnerability`, `Sast` or `LicenseViolation`"
)]
pub trait Violation: Sized + sealed::Sealed {
    /// The `finding_type` in the policy's `policy.yaml`; `None` for strings.
    const FINDING_TYPE: Option<&'static str>;

    #[doc(hidden)]
    fn into_entry(self) -> Result<Entry, Error>;
}

mod sealed {
    pub trait Sealed {}
}

/// One violation as it is sent to Chainloop.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// The value of a JSON string.
    Text(String),
    /// A JSON object, as JSON text.
    Finding(String),
}

impl sealed::Sealed for String {}

impl Violation for String {
    const FINDING_TYPE: Option<&'static str> = None;

    fn into_entry(self) -> Result<Entry, Error> {
        needs("a violation", "message", &self)?;
        Ok(Entry::Text(self))
    }
}

/// Severity of a [`Vulnerability`] or a [`Sast`] finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Severity {
    /// `CRITICAL`
    Critical,
    /// `HIGH`
    High,
    /// `MEDIUM`
    Medium,
    /// `LOW`
    Low,
    /// Any other word that a tool uses.
    #[serde(untagged)]
    Other(String),
}

impl From<&str> for Severity {
    /// Reads the severity that a tool reports, in any case; other words than Chainloop's four are [`Other`](Self::Other).
    fn from(word: &str) -> Self {
        let known = [("CRITICAL", Self::Critical), ("HIGH", Self::High), ("MEDIUM", Self::Medium), ("LOW", Self::Low)];
        let found = known.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
        found.map_or_else(|| Self::Other(word.to_owned()), |(_, severity)| severity)
    }
}

/// Makes a type of findings: fields that Chainloop requires are arguments of `new`, the others are methods.
macro_rules! finding {
    (
        $(#[$type_doc:meta])* $name:ident as $finding_type:literal;
        $($(#[$required_doc:meta])* $required:ident: $required_type:ty,)*;
        $($(#[$optional_doc:meta])* $optional:ident: $optional_type:ty as $given:ty,)*
    ) => {
        $(#[$type_doc])*
        #[derive(Clone, Debug, PartialEq, Serialize)]
        pub struct $name {
            message: String,
            $($required: $required_type,)*
            $(#[serde(skip_serializing_if = "Option::is_none")] $optional: Option<$optional_type>,)*
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            suppress: bool,
        }

        impl $name {
            /// A finding with the fields that Chainloop requires.
            pub fn new(message: impl Into<String>, $($required: impl Into<$required_type>,)*) -> Self {
                Self { message: message.into(), $($required: $required.into(),)* $($optional: None,)* suppress: false }
            }

            $($(#[$optional_doc])*
            pub fn $optional(mut self, $optional: $given) -> Self {
                self.$optional = Some($optional.into());
                self
            })*

            /// Marks the finding as suppressed: it is reported, but it does not count, so no gate blocks because of it.
            pub fn suppressed(mut self) -> Self {
                self.suppress = true;
                self
            }

            /// The message: a text for people.
            pub fn message(&self) -> &str {
                &self.message
            }
        }

        impl sealed::Sealed for $name {}

        impl Violation for $name {
            const FINDING_TYPE: Option<&'static str> = Some($finding_type);

            fn into_entry(self) -> Result<Entry, Error> {
                // Puts the name of the type into the module, where tools find it and compare it with the `policy.yaml`.
                std::hint::black_box(crate::wire::findings_marker!($finding_type));
                needs(concat!("a finding of type ", $finding_type), "message", &self.message)?;
                self.check()?;
                match serde_json::to_string(&self) {
                    Ok(json) => Ok(Entry::Finding(json)),
                    Err(error) => Err(Error::new(format!("a finding cannot be written: {error}"))),
                }
            }
        }
    };
}

finding! {
    /// A vulnerability in a package: `finding_type: VULNERABILITY`.
    ///
    /// ```
    /// use admit::{Severity, Vulnerability};
    /// let finding = Vulnerability::new("lodash is vulnerable", "CVE-2021-23337", "pkg:npm/lodash@4.17.20", Severity::High)
    ///     .cvss_v3_score(7.2)
    ///     .fixed_version("4.17.21");
    /// assert_eq!(finding.message(), "lodash is vulnerable");
    /// ```
    Vulnerability as "VULNERABILITY";
    external_id: String, package_purl: String, severity: Severity,;
    /// Base score of CVSS version 3, from 0 to 10; another one is an error of the policy.
    cvss_v3_score: f64 as f64,
    /// Weaknesses, for example `CWE-94`.
    cwes: Vec<String> as impl Into<Vec<String>>,
    /// What to do about it.
    recommendation: String as impl Into<String>,
    /// Description of the vulnerability.
    description: String as impl Into<String>,
    /// First version of the package that does not have the vulnerability.
    fixed_version: String as impl Into<String>,
}

impl Vulnerability {
    fn check(&self) -> Result<(), Error> {
        needs("a finding of type VULNERABILITY", "external_id", &self.external_id)?;
        needs("a finding of type VULNERABILITY", "package_purl", &self.package_purl)?;
        self.severity.check("a finding of type VULNERABILITY")?;
        match self.cvss_v3_score {
            Some(score) if !(0.0..=10.0).contains(&score) => {
                Err(Error::new("the `cvss_v3_score` of a finding is not between 0 and 10"))
            }
            _ => Ok(()),
        }
    }
}

finding! {
    /// A weakness that static analysis found in source code: `finding_type: SAST`.
    Sast as "SAST";
    rule_id: String, severity: Severity, location: String,;
    /// Line in the file of the location.
    line_number: i32 as i32,
    /// The code in question.
    code_snippet: String as impl Into<String>,
    /// What to do about it.
    recommendation: String as impl Into<String>,
}

impl Sast {
    fn check(&self) -> Result<(), Error> {
        needs("a finding of type SAST", "rule_id", &self.rule_id)?;
        needs("a finding of type SAST", "location", &self.location)?;
        self.severity.check("a finding of type SAST")
    }
}

finding! {
    /// A license that is not allowed: `finding_type: LICENSE_VIOLATION`.
    LicenseViolation as "LICENSE_VIOLATION";
    component_name: String, license_id: String,;
    /// The package, as a package URL.
    package_purl: String as impl Into<String>,
    /// The license's name in full.
    license_name: String as impl Into<String>,
    /// The version of the component.
    component_version: String as impl Into<String>,
    /// What to do about it.
    recommendation: String as impl Into<String>,
}

impl LicenseViolation {
    fn check(&self) -> Result<(), Error> {
        needs("a finding of type LICENSE_VIOLATION", "component_name", &self.component_name)?;
        needs("a finding of type LICENSE_VIOLATION", "license_id", &self.license_id)
    }
}

impl Severity {
    fn check(&self, of: &str) -> Result<(), Error> {
        match self {
            Self::Other(word) => needs(of, "severity", word),
            _ => Ok(()),
        }
    }
}

/// Refuses an empty string for a required field: in some cases Chainloop takes it for a missing one.
fn needs(of: &str, what: &str, text: &str) -> Result<(), Error> {
    if text.trim().is_empty() {
        return Err(Error::new(format!("{of} of the policy has an empty `{what}`: it needs one")));
    }
    Ok(())
}
