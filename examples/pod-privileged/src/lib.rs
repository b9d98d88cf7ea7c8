//! Rejects pods that run a privileged container, wherever the pod spec comes from.

use admit::prelude::*;

/// Which containers are not looked at.
#[derive(Debug, Default, Deserialize, Settings)]
#[serde(default)]
pub struct Settings {
    /// Init containers may be privileged.
    pub skip_init_containers: bool,
    /// Ephemeral (debugging) containers may be privileged.
    pub skip_ephemeral_containers: bool,
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings) -> Result<Verdict, Error> {
    let mut verdict = Verdict::accept();
    // A DELETE brings no object: there is nothing that could become privileged.
    let Some(pod) = request.pod_spec()? else { return Ok(verdict) };
    for container in pod.all_containers()? {
        let skipped = match container.kind() {
            ContainerKind::Regular => false,
            ContainerKind::Init => settings.skip_init_containers,
            ContainerKind::Ephemeral => settings.skip_ephemeral_containers,
        };
        if container.privileged()? && !skipped {
            verdict.reject_at(container.path(), format!("container `{}` is privileged", container.name()?));
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
        assert_eq!(verdict.reasons().len(), 1);
        assert_eq!(verdict.reasons()[0].to_string(), "/spec/containers/1: container `agent` is privileged");
        Ok(())
    }
}
