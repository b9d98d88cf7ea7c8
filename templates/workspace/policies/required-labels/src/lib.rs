//! Rejects objects that lack labels.

use std::collections::BTreeSet;

use admit::prelude::*;

/// Settings of the policy.
#[derive(Debug, Default, Deserialize, Settings)]
#[serde(default)]
pub struct Settings {
    /// The labels that every object has to have.
    pub labels: BTreeSet<String>,
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings) -> Result<Verdict, Error> {
    let mut verdict = Verdict::accept();
    // A DELETE brings no object.
    let Some(metadata) = request.metadata()? else {
        return Ok(verdict);
    };
    for label in &settings.labels {
        if metadata.label(label)?.is_none() {
            let message = format!("the label `{label}` is missing");
            verdict.reject_at("/metadata/labels", message);
        }
    }
    Ok(verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_missing_label_is_a_reason() -> Result<(), Error> {
        let request = Request::from_json(
            r#"{
                "uid": "1", "operation": "CREATE", "userInfo": {},
                "kind": {"group": "", "version": "v1", "kind": "Pod"},
                "resource": {"group": "", "version": "v1", "resource": "pods"},
                "object": {"metadata": {"name": "web", "labels": {"app": "web"}}}
            }"#,
        )?;
        let labels = ["app", "owner", "team"].map(str::to_owned);
        let settings = Settings {
            labels: BTreeSet::from(labels),
        };
        assert_eq!(validate(&request, &settings)?.reasons().len(), 2);
        Ok(())
    }
}
