//! The output of a policy on Chainloop.

use crate::error::Error;

/// The JSON object that a policy gives as its output. All keys are required, except `findings`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    pub(super) skipped: bool,
    pub(super) violations: Vec<String>,
    pub(super) skip_reason: String,
    pub(super) ignore: bool,
    /// Each is a JSON object, as JSON text.
    pub(super) findings: Vec<String>,
}

impl Output {
    /// The policy does not apply.
    pub(super) fn skipped(reason: impl Into<String>) -> Self {
        Self { skipped: true, skip_reason: reason.into(), ..Self::default() }
    }

    /// Its JSON text, in the order of Chainloop's own SDK.
    ///
    /// # Errors
    ///
    /// None in practice: strings can always be written as JSON.
    pub fn into_json(self) -> Result<Vec<u8>, Error> {
        let mut json = format!("{{\"skipped\":{},\"violations\":", self.skipped);
        json.push_str(&serde_json::to_string(&self.violations).map_err(unwritten)?);
        json.push_str(",\"skip_reason\":");
        json.push_str(&serde_json::to_string(&self.skip_reason).map_err(unwritten)?);
        json.push_str(if self.ignore { ",\"ignore\":true" } else { ",\"ignore\":false" });
        if !self.findings.is_empty() {
            json.push_str(",\"findings\":[");
            json.push_str(&self.findings.join(","));
            json.push(']');
        }
        json.push('}');
        Ok(json.into_bytes())
    }
}

#[cold]
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn unwritten(error: serde_json::Error) -> Error {
    Error::new(error.to_string())
}
