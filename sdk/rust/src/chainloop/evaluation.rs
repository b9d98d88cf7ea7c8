//! The answer of a policy for materials.

use std::fmt;

use super::findings::{Entry, Violation};
use super::output::Output;
use crate::answer::IntoAnswer;
use crate::error::Error;

/// What a policy for materials returns: success, violations, or that it has nothing to say about this material.
///
/// The violations of an `Evaluation` are strings. Those of [`Evaluation<LicenseViolation>`](super::LicenseViolation),
/// [`Evaluation<Vulnerability>`](super::Vulnerability) and [`Evaluation<Sast>`](super::Sast) are findings in a structure
/// that Chainloop understands; the `policy.yaml` then says `finding_type`. The two cannot be mixed: Chainloop would drop the
/// strings.
///
/// ```
/// use admit::Evaluation;
/// let mut evaluation: Evaluation = Evaluation::success();
/// assert!(evaluation.is_success());
/// evaluation.add("the SBOM lists no components");
/// assert_eq!(evaluation.violations(), ["the SBOM lists no components"]);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "an evaluation does nothing until the policy returns it"]
pub struct Evaluation<V = String> {
    violations: Vec<V>,
    without: Without,
}

/// Whether an evaluation without violations is a success, skipped or ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Without {
    Nothing,
    Skipped(String),
    Ignored,
}

impl<V> Evaluation<V> {
    /// An evaluation without violations; more can be added.
    pub fn success() -> Self {
        Self { violations: Vec::new(), without: Without::Nothing }
    }

    /// An evaluation with one violation; more can be added.
    pub fn fail(violation: impl Into<V>) -> Self {
        Self { violations: vec![violation.into()], without: Without::Nothing }
    }

    /// The policy does not apply to this material; the reason is shown.
    pub fn skip(reason: impl Into<String>) -> Self {
        Self { violations: Vec::new(), without: Without::Skipped(reason.into()) }
    }

    /// The evaluation is left out of the result, as if the policy had not been asked.
    pub fn ignore() -> Self {
        Self { violations: Vec::new(), without: Without::Ignored }
    }

    /// Adds a violation. An evaluation that was skipped or ignored so far no longer is: a violation is never hidden.
    pub fn add(&mut self, violation: impl Into<V>) -> &mut Self {
        self.without = Without::Nothing;
        self.violations.push(violation.into());
        self
    }

    /// The violations, in the order in which they were added.
    pub fn violations(&self) -> &[V] {
        &self.violations
    }

    /// Whether the policy applied and found nothing.
    pub fn is_success(&self) -> bool {
        self.without == Without::Nothing && self.violations.is_empty()
    }

    /// Why the policy did not apply.
    pub fn skip_reason(&self) -> Option<&str> {
        match &self.without {
            Without::Skipped(reason) => Some(reason),
            _ => None,
        }
    }

    /// Whether the evaluation is left out.
    pub fn is_ignored(&self) -> bool {
        self.without == Without::Ignored
    }
}

impl<V> Default for Evaluation<V> {
    fn default() -> Self {
        Self::success()
    }
}

impl<V> Extend<V> for Evaluation<V> {
    fn extend<I: IntoIterator<Item = V>>(&mut self, violations: I) {
        for violation in violations {
            self.add(violation);
        }
    }
}

impl<V: Violation> IntoAnswer<Output> for Evaluation<V> {
    fn into_answer(self) -> Result<Output, Error> {
        let mut output = Output::default();
        match self.without {
            Without::Nothing => {}
            Without::Skipped(reason) if reason.trim().is_empty() => {
                return Err(Error::new("the policy skipped the material without saying why"));
            }
            Without::Skipped(reason) => (output.skipped, output.skip_reason) = (true, reason),
            Without::Ignored => output.ignore = true,
        }
        for violation in self.violations {
            match violation.into_entry()? {
                Entry::Text(text) => output.violations.push(text),
                Entry::Finding(json) => output.findings.push(json),
            }
        }
        Ok(output)
    }
}

impl<V: Violation, E: fmt::Display> IntoAnswer<Output> for Result<Evaluation<V>, E> {
    fn into_answer(self) -> Result<Output, Error> {
        match self {
            Ok(evaluation) => evaluation.into_answer(),
            Err(error) => Err(Error::new(error.to_string())),
        }
    }
}
