use std::collections::BTreeSet;

use kubewarden_policy_sdk::settings::Validatable;
use serde::{Deserialize, Serialize};

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Settings {
    pub registries: BTreeSet<String>,
    pub pull_always: bool,
}

impl Validatable for Settings {
    fn validate(&self) -> Result<(), String> {
        if self.registries.is_empty() {
            return Err("at least one registry is needed".to_owned());
        }
        Ok(())
    }
}
