//! The result of all scripts of a policy together, and its JSON.

use serde_json::Value;

use super::findings::{self, Finding, FindingType};
use super::json::{Json, Sink, indented, write_string};
use super::output::{Evaluation, OutputError};

/// The result of a policy for a material, of all scripts together.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EvalResult {
    /// Whether no script applied.
    pub skipped: bool,
    /// Why, if none did.
    pub skip_reasons: Vec<String>,
    /// The violations, script by script.
    pub violations: Vec<EvalViolation>,
    /// Warnings for a log.
    pub warnings: Vec<String>,
}

/// A violation.
#[derive(Clone, Debug, PartialEq)]
pub struct EvalViolation {
    /// The message, for people.
    pub message: String,
    /// The finding, for tools, if the policy declares a type of findings.
    pub finding: Option<Finding>,
    /// Whether the policy suppresses the violation: it is reported, but it does not count.
    pub suppressed: bool,
}

/// Inputs and outputs of the scripts, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DebugInfo {
    /// The input of each script.
    pub inputs: Vec<Vec<u8>>,
    /// The output of each script.
    pub raw_results: Vec<Vec<u8>>,
}

impl EvalResult {
    /// Puts the answers of a policy's scripts together. `None` when there are none, or all of them ask to be ignored: see
    /// [`no_branch`](super::no_branch) for what is said then.
    ///
    /// # Errors
    ///
    /// A finding that does not have what its type asks for.
    pub fn of(finding_type: Option<FindingType>, evaluations: &[Evaluation]) -> Result<Option<Self>, OutputError> {
        let counted = || evaluations.iter().filter(|evaluation| !evaluation.ignore);
        if counted().next().is_none() {
            return Ok(None);
        }
        let mut result = Self { skipped: counted().all(|evaluation| evaluation.skipped), ..Self::default() };
        for evaluation in counted() {
            if result.skipped && !evaluation.skip_reason.is_empty() {
                result.skip_reasons.push(evaluation.skip_reason.clone());
            }
            for violation in &evaluation.violations {
                result.violations.push(EvalViolation {
                    message: violation.message.clone(),
                    finding: findings::typed(finding_type, violation, &mut result.warnings)?,
                    suppressed: findings::suppressed(violation),
                });
            }
        }
        Ok(Some(result))
    }

    /// The JSON that local evaluation prints, without a line break at its end.
    pub fn to_json(&self, debug_info: Option<&DebugInfo>) -> String {
        let mut sink = Sink::default();
        sink.push(b"{\"result\":{\"violations\":");
        texts(self.violations.iter().map(|violation| violation.message.as_str()), &mut sink);
        let mut first = true;
        for violation in &self.violations {
            let Some(finding) = &violation.finding else { continue };
            sink.push(if first { b",\"findings\":[" } else { b"," });
            first = false;
            write_finding(finding, violation.suppressed, &mut sink);
        }
        if !first {
            sink.push(b"]");
        }
        sink.push(b",\"skip_reasons\":");
        texts(self.skip_reasons.iter().map(String::as_str), &mut sink);
        sink.push(if self.skipped { b",\"skipped\":true}" } else { b",\"skipped\":false}" });
        if let Some(DebugInfo { inputs, raw_results }) = debug_info {
            sink.push(b",\"debug_info\":{\"inputs\":");
            documents(inputs, &mut sink);
            sink.push(b",\"raw_results\":");
            documents(raw_results, &mut sink);
            sink.push(b"}");
        }
        sink.push(b"}");
        String::from_utf8_lossy(&indented(&sink.into_bytes(), "   ")).into_owned()
    }
}

fn texts<'a>(texts: impl Iterator<Item = &'a str>, sink: &mut Sink) {
    list(texts, sink, write_string);
}

/// Writes an array of documents. A document that is not JSON is written as `null`; results have none.
fn documents(documents: &[Vec<u8>], sink: &mut Sink) {
    list(documents.iter(), sink, |document, sink| match Json::document(document) {
        Ok(json) => json.copy(json.start(), sink),
        Err(_) => sink.push(b"null"),
    });
}

fn list<T>(items: impl Iterator<Item = T>, sink: &mut Sink, write: impl Fn(T, &mut Sink)) {
    sink.push(b"[");
    for (index, item) in items.enumerate() {
        if index > 0 {
            sink.push(b",");
        }
        write(item, sink);
    }
    sink.push(b"]");
}

fn write_finding(finding: &Finding, suppressed: bool, sink: &mut Sink) {
    sink.push(b"{");
    write_string(finding.finding_type.key(), sink);
    for (index, (name, value)) in finding.fields.iter().enumerate() {
        sink.push(if index == 0 { b":{" } else { b"," });
        write_string(name, sink);
        sink.push(b":");
        write_value(value, sink);
    }
    sink.push(if suppressed { b"},\"suppress\":true}" } else { b"}}" });
}

/// Writes a value of a finding, with the same escapes as everything else.
fn write_value(value: &Value, sink: &mut Sink) {
    let text = value.to_string().into_bytes();
    if let Ok(json) = Json::document(&text) {
        json.write(json.start(), sink);
    }
}
