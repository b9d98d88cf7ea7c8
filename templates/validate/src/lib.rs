//! Rejects privileged containers, wherever the pod spec comes from.

use std::collections::BTreeSet;

use admit::prelude::*;

/// Settings of the policy.
#[derive(Debug, Default, Deserialize, Settings)]
#[serde(default)]
pub struct Settings {
    /// Containers with these names are not checked.
    pub exempt: BTreeSet<String>,
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings) -> Result<Verdict, Error> {
    let mut verdict = Verdict::accept();
    // A DELETE brings no object.
    let Some(pod) = request.pod_spec()? else {
        return Ok(verdict);
    };
    // Init and ephemeral containers are among them.
    for container in pod.all_containers()? {
        let name = container.name()?;
        if container.privileged()? && !settings.exempt.contains(&*name) {
            let message = format!("container `{name}` is privileged");
            verdict.reject_at(container.path(), message);
        }
    }
    Ok(verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_at_the_privileged_container() -> Result<(), Error> {
        let request = Request::from_json(
            r#"{
                "uid": "1", "operation": "CREATE", "userInfo": {},
                "kind": {"group": "", "version": "v1", "kind": "Pod"},
                "resource": {"group": "", "version": "v1", "resource": "pods"},
                "object": {"spec": {"containers": [
                    {"name": "web"},
                    {"name": "agent", "securityContext": {"privileged": true}}
                ]}}
            }"#,
        )?;
        let verdict = validate(&request, &Settings::default())?;
        let reasons = verdict.reasons();
        assert_eq!(reasons.len(), 1);
        assert_eq!(reasons[0].pointer(), Some("/spec/containers/1"));
        Ok(())
    }
}
