//! Cases about materials: reading, asking, comparing.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use serde_json::Value;

use super::{
    Difference, ExpectedCall, TextMatch, Verdict, calls, compare as comparing,
    expect::{self, ERROR_NEEDS_MESSAGE},
    sources::Sources,
};
use crate::{
    CompiledPolicy, RunOptions,
    chainloop::{EvalError, EvalResult, Finding, Kind, Material, MaterialOutcome, Policy, PolicyFile, PolicyFileError},
    file::{MAX_MATERIAL, read},
    input::{Cursor, Document, InputError},
    outcome::Trace,
    suite::Suite,
};

/// The keys of such a case, besides those of every case.
pub(super) const KEYS: [&str; 5] = ["material", "kind", "inputs", "annotations", "allowed_hostnames"];

/// What a case without an expectation lacks.
const EXPECT: &str =
    "say what the policy has to answer, for example `success`, or let `cargo admit test --bless` write what it answers";

/// The name of the policy's file.
const POLICY_FILE: &str = "policy.yaml";

/// A material, and what a policy has to say about it.
#[derive(Clone, Debug)]
pub struct MaterialSubject {
    /// The material.
    pub material: Material,
    /// The inputs, as a contract gives them.
    pub inputs: BTreeMap<String, String>,
    /// The hosts that the policy may ask.
    pub allowed_hostnames: Vec<String>,
    /// The policy file of the policy, if it has one.
    pub policy_file: Option<Arc<PolicyFile>>,
    /// What the policy has to answer.
    pub expect: MaterialExpectation,
}

/// The expected result of a policy for a material.
#[derive(Clone, Debug)]
pub struct MaterialExpectation {
    /// How the evaluation ends.
    pub verdict: Verdict,
    /// The violations, all of them, in order; not checked when absent.
    pub violations: Option<Vec<TextMatch>>,
    /// The findings, all of them, in order, each with these fields at least; not checked when absent.
    pub findings: Option<Vec<Value>>,
    /// Why the policy does not apply; not checked when absent.
    pub skip_reason: Option<TextMatch>,
    /// The text of an error.
    pub message: Option<TextMatch>,
    /// What a log says: inputs that are not declared, findings that lose their structure. All of it, in order.
    pub warnings: Vec<TextMatch>,
    /// Every host call that the policy makes, in any order; not checked when absent.
    pub host_calls: Option<Vec<ExpectedCall>>,
}

impl MaterialSubject {
    /// The policy of this module: with the policy file, if there is one, or else the module alone.
    pub(super) fn policy(&self, module: &CompiledPolicy) -> Policy {
        match &self.policy_file {
            Some(file) => Policy::with_module(file, module),
            None => Policy::of_module("policy", module.clone()),
        }
    }

    pub(super) fn ask(&self, policy: &Policy, options: &RunOptions) -> MaterialOutcome {
        let mut options = options.clone();
        options.chainloop.allowed_hostnames.extend(self.allowed_hostnames.iter().cloned());
        policy.evaluate(self.material.clone(), &self.inputs, &options)
    }
}

/// The policy file at `path`, if that is one of Chainloop: Kubewarden's manifests may have the same name.
///
/// # Errors
///
/// What is wrong with it.
pub fn policy_file(path: &Path) -> Result<Option<PolicyFile>, PolicyFileError> {
    if !path.exists() || path.is_dir() {
        return Ok(None);
    }
    // What cannot be read is told in the words for policy files.
    let Ok(documents) = Document::open_all(path) else { return PolicyFile::open(path).map(Some) };
    let [document] = documents.as_slice() else { return Ok(None) };
    let is_chainloop = document.value()["apiVersion"].as_str().is_some_and(|version| version.contains("chainloop.dev"));
    if is_chainloop { PolicyFile::open(path).map(Some) } else { Ok(None) }
}

/// The policy file of the policy whose cases are in this folder, if it is called so.
pub(super) fn policy_beside(cases: &Path, suite: &Suite) -> Result<Option<Arc<PolicyFile>>, PolicyFileError> {
    let path = cases.parent().unwrap_or(Path::new("")).join(POLICY_FILE);
    // No case names it, so that it may be beside the suite, but not behind a link to elsewhere.
    let beside = suite.check(&path).is_ok() || Suite::of_file(&path).check(&path).is_ok();
    if !beside {
        suite.admit(&path).map_err(|mistake| PolicyFileError { words: None, mistakes: vec![mistake] })?;
    }
    Ok(policy_file(&path)?.map(Arc::new))
}

pub(super) fn parse(
    root: &Cursor<'_>,
    sources: &Sources,
    policy: Option<&Arc<PolicyFile>>,
    unwritten: bool,
) -> Result<MaterialSubject, InputError> {
    let kind = match root.optional("kind")? {
        Some(kind) => kind.string()?.parse::<Kind>().map_err(|error| kind.error(error.to_string()))?,
        None => only_kind(policy).unwrap_or(Kind::Evidence),
    };
    // A case stands for a contract that has this material and this policy.
    let mut material = material(root, sources, kind)?.named("material");
    for (key, value) in root.optional("annotations")?.map(|list| list.entries()).transpose()?.unwrap_or_default() {
        material = material.annotated(key, value.string()?);
    }
    let inputs = root.optional("inputs")?.map(|inputs| inputs.entries()).transpose()?.unwrap_or_default();
    let inputs = inputs.into_iter().map(|(key, value)| Ok((key.to_owned(), input(&value)?)));
    let hostnames = root.optional("allowed_hostnames")?.map(|list| list.strings()).transpose()?;
    Ok(MaterialSubject {
        material,
        inputs: inputs.collect::<Result<_, InputError>>()?,
        allowed_hostnames: hostnames.unwrap_or_default(),
        policy_file: policy.cloned(),
        expect: match unwritten {
            true => MaterialExpectation::of(Verdict::Success),
            false => expectation(&root.required("expect", EXPECT)?)?,
        },
    })
}

fn only_kind(policy: Option<&Arc<PolicyFile>>) -> Option<Kind> {
    match policy?.kinds.as_slice() {
        [kind] => Some(*kind),
        _ => None,
    }
}

fn material(root: &Cursor<'_>, sources: &Sources, kind: Kind) -> Result<Material, InputError> {
    let given = root.given("material")?;
    let failed = |message: String| match &given {
        Some(given) => given.error(message),
        None => root.error(message),
    };
    if let Some(path) = sources.host_file("material") {
        let bytes =
            read(path, MAX_MATERIAL).map_err(|error| failed(format!("cannot read {}: {error}", path.display())))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        return Material::bytes(kind, name, bytes).map_err(|error| failed(error.to_string()));
    }
    let Some(cursor) = &given else { return Err(root.error("has no `material`")) };
    let material = match (cursor.value(), kind) {
        (Value::String(text), Kind::String) => Ok(Material::text(text)),
        (Value::String(reference), Kind::ContainerImage) => Material::image(reference),
        (Value::Object(_) | Value::Array(_), kind) if !matches!(kind, Kind::String | Kind::ContainerImage) => {
            // No API server has written it.
            Material::bytes(kind, "material.json", cursor.exact().to_string().into_bytes())
        }
        (_, Kind::String) => return Err(cursor.error("must be a string: that is what a STRING is")),
        (_, Kind::ContainerImage) => return Err(cursor.error("must be an image with its digest, as a string")),
        _ => return Err(cursor.error("must be a document, or `{ file: path }`")),
    };
    material.map_err(|error| failed(error.to_string()))
}

/// An input as a string; an array is what Chainloop would split the text into.
fn input(value: &Cursor<'_>) -> Result<String, InputError> {
    match value.value() {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.value().to_string()),
        Value::Array(_) => {
            let item = |item: &Cursor<'_>| match item.value() {
                Value::Array(_) => Err(item.error("must be a string: an array of an input has no arrays in it")),
                _ => input(item),
            };
            let items = value.list()?.iter().map(item).collect::<Result<Vec<_>, _>>()?;
            // Not commas: an item may end with a backslash.
            Ok(items.iter().map(|item| item.replace(',', "\\,")).collect::<Vec<_>>().join("\n"))
        }
        _ => Err(value.error("must be a string, or an array of strings")),
    }
}

impl MaterialExpectation {
    /// This verdict, without warnings, with any violations.
    fn of(verdict: Verdict) -> Self {
        Self {
            verdict,
            violations: None,
            findings: None,
            skip_reason: None,
            message: None,
            warnings: Vec::new(),
            host_calls: None,
        }
    }
}

pub(super) fn expectation(expect: &Cursor<'_>) -> Result<MaterialExpectation, InputError> {
    let mut expected = MaterialExpectation::of(Verdict::Success);
    if expect.value().is_string() {
        expected.verdict = expect::verdict(expect, &Verdict::OF_MATERIALS)?;
    } else {
        expect.only_keys(&["verdict", "violations", "findings", "skip_reason", "message", "warnings", "host_calls"])?;
        let verdict = expect.required("verdict", "it is success, fail, skip, ignore or error")?;
        expected.verdict = expect::verdict(&verdict, &Verdict::OF_MATERIALS)?;
        for (key, of) in [
            ("violations", Verdict::Fail),
            ("findings", Verdict::Fail),
            ("skip_reason", Verdict::Skip),
            ("message", Verdict::Error),
        ] {
            if let Some(given) = expect.given(key)?
                && expected.verdict != of
            {
                return Err(given.error(format!("only goes with verdict {of}")));
            }
        }
        let texts = |key| -> Result<Option<Vec<TextMatch>>, InputError> {
            expect.given(key)?.map(|list| list.list_or_nothing()?.iter().map(expect::text_match).collect()).transpose()
        };
        let text = |key| expect.optional(key)?.map(|text| expect::text_match(&text)).transpose();
        expected.violations = texts("violations")?;
        expected.warnings = texts("warnings")?.unwrap_or_default();
        expected.findings = expect.given("findings")?.map(|list| findings(&list)).transpose()?;
        expected.skip_reason = text("skip_reason")?;
        expected.message = text("message")?;
        expected.host_calls = expect.given("host_calls")?.map(|list| calls::parse(&list)).transpose()?;
    }
    if expected.verdict == Verdict::Error && expected.message.is_none() {
        return Err(expect.error(ERROR_NEEDS_MESSAGE));
    }
    Ok(expected)
}

fn findings(list: &Cursor<'_>) -> Result<Vec<Value>, InputError> {
    list.list_or_nothing()?.iter().map(|item| item.object().map(|object| Value::Object(object.clone()))).collect()
}

/// The verdict, and the text that belongs to it.
pub(super) fn verdict(evaluated: &MaterialOutcome) -> (Verdict, Option<String>) {
    match &evaluated.result {
        Ok(result) if !result.violations.is_empty() => {
            let texts = result.violations.iter().map(|violation| violation.message.as_str());
            (Verdict::Fail, Some(texts.collect::<Vec<_>>().join("; ")))
        }
        Ok(result) if result.skipped => (Verdict::Skip, Some(result.skip_reasons.join("; "))),
        Ok(_) => (Verdict::Success, None),
        Err(EvalError::Ignored(_)) => (Verdict::Ignore, None),
        Err(error) => (Verdict::Error, Some(error.to_string())),
    }
}

pub(super) fn compare(expect: &MaterialExpectation, evaluated: &MaterialOutcome) -> Vec<Difference> {
    let failure = evaluated.result.as_ref().err().and_then(EvalError::failure);
    if let Some(failure) = failure.filter(|failure| failure.is_of_the_host()) {
        return comparing::unanswerable(expect.verdict, failure);
    }
    let (verdict, text) = verdict(evaluated);
    let message = match expect.verdict {
        Verdict::Skip => expect.skip_reason.as_ref(),
        _ => expect.message.as_ref(),
    };
    let mut differences = comparing::ending(expect.verdict, message, verdict, text.as_deref());
    if !differences.is_empty() {
        return differences;
    }
    comparing::texts("warnings", &expect.warnings, &evaluated.warnings, &mut differences);
    if let Ok(result) = &evaluated.result {
        violations(expect, result, &mut differences);
    }
    differences
}

fn violations(expect: &MaterialExpectation, result: &EvalResult, differences: &mut Vec<Difference>) {
    if let Some(expected) = &expect.violations {
        let actual: Vec<String> = result.violations.iter().map(|violation| violation.message.clone()).collect();
        comparing::texts("violations", expected, &actual, differences);
    }
    let Some(expected) = &expect.findings else { return };
    let actual = findings_of(result);
    for index in 0..expected.len().max(actual.len()) {
        let (expected, actual) = (expected.get(index), actual.get(index));
        if let (Some(expected), Some(actual)) = (expected, actual)
            && calls::contains(actual, expected)
        {
            continue;
        }
        let text = |value: Option<&Value>| value.map_or("(none)".to_owned(), Value::to_string);
        differences.push(comparing::difference(&format!("findings[{index}]"), text(expected), text(actual)));
    }
}

/// The findings, each as an object.
pub(super) fn findings_of(result: &EvalResult) -> Vec<Value> {
    let findings = result.violations.iter().filter_map(|violation| violation.finding.as_ref());
    let fields = |finding: &Finding| {
        let fields = finding.fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Value::Object(fields.collect())
    };
    findings.map(fields).collect()
}

/// The traces of all modules, joined into one.
pub(super) fn trace(evaluated: MaterialOutcome) -> Trace {
    let mut traces = evaluated.traces.into_iter();
    let mut whole = traces.next().unwrap_or_default();
    for trace in traces {
        whole.logs.extend(trace.logs);
        whole.host_calls.extend(trace.host_calls);
        whole.host_calls_dropped += trace.host_calls_dropped;
        whole.left_out.warnings += trace.left_out.warnings;
        whole.left_out.audit_annotations += trace.left_out.audit_annotations;
        whole.stdout.push_str(&trace.stdout);
        whole.stderr.push_str(&trace.stderr);
        whole.fuel += trace.fuel;
        whole.peak_memory = whole.peak_memory.max(trace.peak_memory);
        whole.duration += trace.duration;
        whole.stopped_at = whole.stopped_at.or(trace.stopped_at);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chainloop::args::split;

    #[test]
    fn lists_come_out_of_inputs_as_they_went_in() {
        let items = br"['a,b', 'c\', '\d+\,', e]";
        let document = Document::parse(items, "case.yaml").expect("a list");
        let input = input(&document.root()).expect("an input");
        assert_eq!(split(&input), ["a,b", r"c\", r"\d+\,", "e"]);
    }
}
