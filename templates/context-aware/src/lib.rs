//! Lets nothing into namespaces that are frozen: that carry a label which says so.

use admit::prelude::*;

/// Settings of the policy.
#[derive(Debug, Deserialize, Settings)]
#[serde(default)]
pub struct Settings {
    /// The label that freezes a namespace when its value is `true`.
    pub label: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            label: "frozen".to_owned(),
        }
    }
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings, host: &Host) -> Result<Verdict, Error> {
    // Objects of the cluster are in no namespace.
    let Some(name) = request.namespace() else {
        return Ok(Verdict::accept());
    };
    // When the cluster gives no answer, `?` makes it an error: nothing gets in.
    let namespace = host
        .kubernetes()
        .get_resource("v1", "Namespace", &name)
        .field_masks(["metadata.labels"])
        .fetch()?;
    let metadata = namespace.object().metadata()?;
    if metadata.label(&settings.label)?.as_deref() == Some("true") {
        let message = format!("the namespace `{name}` is frozen");
        return Ok(Verdict::reject(message));
    }
    Ok(Verdict::accept())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks for a Pod in the namespace `shop`, of a host that gives this answer to every call.
    fn create(answer: Result<&str, &str>) -> Result<Verdict, Error> {
        let request = Request::from_json(
            r#"{
                "uid": "1", "operation": "CREATE", "userInfo": {}, "namespace": "shop",
                "kind": {"group": "", "version": "v1", "kind": "Pod"},
                "resource": {"group": "", "version": "v1", "resource": "pods"},
                "object": {"metadata": {"name": "web", "namespace": "shop"}}
            }"#,
        )?;
        let answer = match answer {
            Ok(json) => Ok(json.as_bytes().to_vec()),
            Err(text) => Err(text.to_owned()),
        };
        let host = Host::new(move |_: &str, _: &str, _: &[u8]| answer.clone());
        validate(&request, &Settings::default(), &host)
    }

    #[test]
    fn a_frozen_namespace_takes_nothing() -> Result<(), Error> {
        let frozen = r#"{"metadata": {"name": "shop", "labels": {"frozen": "true"}}}"#;
        assert!(!create(Ok(frozen))?.is_accepted());
        let open = r#"{"metadata": {"name": "shop"}}"#;
        assert!(create(Ok(open))?.is_accepted());
        Ok(())
    }

    #[test]
    fn without_an_answer_nothing_gets_in() {
        assert!(create(Err("connection refused")).is_err());
    }
}
