//! Adds labels to objects that lack them.

use std::collections::BTreeMap;

use admit::prelude::*;

/// Settings of the policy.
#[derive(Debug, Default, Deserialize, Settings)]
#[serde(default)]
pub struct Settings {
    /// The labels that every object gets. Labels that it has already stay as they are.
    pub labels: BTreeMap<String, String>,
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings) -> Result<Verdict, Error> {
    let mut verdict = Verdict::accept();
    // A DELETE brings no object.
    let Some(metadata) = request.metadata()? else {
        return Ok(verdict);
    };
    // Every field of the object survives that is not set here.
    let mut object = request.edit()?;
    for (key, value) in &settings.labels {
        if metadata.label(key)?.is_none() {
            object.metadata_mut().set_label(key, value)?;
        }
    }
    // Without a change there is no patch.
    verdict.mutate(object);
    Ok(verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_label_is_added() -> Result<(), Error> {
        let request = Request::from_json(
            r#"{
                "uid": "1", "operation": "CREATE", "userInfo": {},
                "kind": {"group": "", "version": "v1", "kind": "Pod"},
                "resource": {"group": "", "version": "v1", "resource": "pods"},
                "object": {"metadata": {"name": "web", "labels": {"app": "web"}}}
            }"#,
        )?;
        let settings = Settings {
            labels: BTreeMap::from([("team".to_owned(), "shop".to_owned())]),
        };
        let verdict = validate(&request, &settings)?;
        let labels = &verdict.mutated().expect("a mutation")["metadata"]["labels"];
        assert_eq!(labels["team"], "shop");
        assert_eq!(labels["app"], "web");
        Ok(())
    }
}
