//! Rejects pods that share a namespace with their node.

use admit::prelude::*;

/// Settings of the policy.
#[derive(Debug, Default, Deserialize, Settings)]
#[serde(default)]
pub struct Settings {
    /// Pods may share the network.
    pub allow_network: bool,
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings) -> Result<Verdict, Error> {
    let mut verdict = Verdict::accept();
    // A DELETE brings no object.
    let Some(pod) = request.pod_spec()? else {
        return Ok(verdict);
    };
    let network = pod.host_network()? && !settings.allow_network;
    let shared = [
        ("hostNetwork", network),
        ("hostPID", pod.host_pid()?),
        ("hostIPC", pod.host_ipc()?),
    ];
    for (field, is_shared) in shared {
        if is_shared {
            let field = format!("{}/{field}", pod.value().pointer());
            verdict.reject_at(field, "pods share nothing with their node");
        }
    }
    Ok(verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shared_namespace_is_a_reason() -> Result<(), Error> {
        let request = Request::from_json(
            r#"{
                "uid": "1", "operation": "CREATE", "userInfo": {},
                "kind": {"group": "", "version": "v1", "kind": "Pod"},
                "resource": {"group": "", "version": "v1", "resource": "pods"},
                "object": {"spec": {"hostNetwork": true, "hostPID": true, "containers": []}}
            }"#,
        )?;
        let verdict = validate(&request, &Settings::default())?;
        let pointers = verdict.reasons().iter().map(Reason::pointer);
        let expected = [Some("/spec/hostNetwork"), Some("/spec/hostPID")];
        assert!(pointers.eq(expected));
        Ok(())
    }
}
