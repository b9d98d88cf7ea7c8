//! Arguments.

use std::collections::BTreeMap;

use admit_host::chainloop::{Input, arguments};
use serde::Deserialize;

use super::{Case, failed, same};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Args {
    about: String,
    #[serde(default)]
    inputs: Vec<Declared>,
    given: BTreeMap<String, String>,
    /// The value of the module's configuration key; absent when there is none.
    config: Option<String>,
    #[serde(default)]
    warnings: Vec<String>,
    error: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    name: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    default: String,
}

impl Case for Args {
    fn about(&self) -> &str {
        &self.about
    }

    fn run(&self) -> Result<(), String> {
        let input = |declared: &Declared| Input {
            name: declared.name.clone(),
            required: declared.required,
            default: declared.default.clone(),
            ..Input::default()
        };
        let inputs: Vec<_> = self.inputs.iter().map(input).collect();
        let Some(found) = failed(self.error.as_ref(), arguments("my-policy", &inputs, &self.given))? else {
            return Ok(());
        };
        same("the configuration", self.config.clone(), found.config())?;
        same("the warnings", self.warnings.clone(), found.warnings)
    }
}
