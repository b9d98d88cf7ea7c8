//! What policies answer.

use admit_host::chainloop::{DebugInfo, EvalError, EvalResult, Evaluation, FindingType};
use serde::Deserialize;

use super::bytes::Bytes;
use super::{Case, failed, same};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Output {
    about: String,
    /// What each script answers.
    outputs: Vec<Bytes>,
    /// What each script is asked; what is printed has debug information then.
    inputs: Option<Vec<Bytes>>,
    finding_type: Option<String>,
    /// Whether nothing is left of the answers.
    #[serde(default)]
    none: bool,
    #[serde(default)]
    violations: Vec<String>,
    #[serde(default)]
    skipped: bool,
    #[serde(default)]
    skip_reasons: Vec<String>,
    #[serde(default)]
    warnings: Vec<String>,
    /// What is printed.
    json: Option<String>,
    error: Option<String>,
}

impl Case for Output {
    fn about(&self) -> &str {
        &self.about
    }

    fn run(&self) -> Result<(), String> {
        let Some(found) = failed(self.error.as_ref(), self.made())? else { return Ok(()) };
        let Some(found) = found else {
            return if self.none { Ok(()) } else { Err("nothing is left of the answers".into()) };
        };
        if self.none {
            return Err("something is left of the answers".into());
        }
        let messages: Vec<_> = found.violations.iter().map(|violation| violation.message.clone()).collect();
        same("the violations", self.violations.clone(), messages)?;
        same("whether it is skipped", self.skipped, found.skipped)?;
        same("the reasons", self.skip_reasons.clone(), found.skip_reasons.clone())?;
        same("the warnings", self.warnings.clone(), found.warnings.clone())?;
        let all = |bytes: &[Bytes]| bytes.iter().map(Bytes::get).collect();
        let debug =
            self.inputs.as_ref().map(|inputs| DebugInfo { inputs: all(inputs), raw_results: all(&self.outputs) });
        match &self.json {
            Some(json) => same("what is printed", json.trim_end(), &found.to_json(debug.as_ref())),
            None => Ok(()),
        }
    }
}

impl Output {
    fn made(&self) -> Result<Option<EvalResult>, String> {
        let parse = |output: &Bytes| Evaluation::parse("my-policy", &output.get());
        let evaluations: Result<Vec<_>, _> = self.outputs.iter().map(parse).collect();
        let named = |name: &String| FindingType::ALL.iter().copied().find(|known| known.name() == name);
        let finding_type = self.finding_type.as_ref().map(|name| named(name).expect("a type that exists"));
        // As it is told, with what is in front of it.
        let told = |error| EvalError::Output(error).to_string();
        EvalResult::of(finding_type, &evaluations.map_err(told)?).map_err(told)
    }
}
