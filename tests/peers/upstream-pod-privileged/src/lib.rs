//! The policy of `examples/pod-privileged`, written as Kubewarden's documentation teaches it: typed Kubernetes objects,
//! hand-made entry points. It shares no code with this project, and answers the same texts.

use k8s_openapi::api::core::v1::{PodSpec, SecurityContext};
use kubewarden_policy_sdk::request::ValidationRequest;
use kubewarden_policy_sdk::settings::Validatable;
use kubewarden_policy_sdk::wapc_guest::prelude::*;
use kubewarden_policy_sdk::{accept_request, protocol_version_guest, reject_request, validate_settings};
use serde::{Deserialize, Serialize};

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    skip_init_containers: bool,
    skip_ephemeral_containers: bool,
}

impl Validatable for Settings {
    fn validate(&self) -> Result<(), String> {
        Ok(())
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn wapc_init() {
    register_function("validate", validate);
    register_function("validate_settings", validate_settings::<Settings>);
    register_function("protocol_version", protocol_version_guest);
}

fn validate(payload: &[u8]) -> CallResult {
    let request: ValidationRequest<Settings> = ValidationRequest::new(payload)?;
    // The SDK decodes the absent object of a DELETE as null, and that fails.
    if request.request.operation == "DELETE" {
        return accept_request();
    }
    let Some(pod) = request.extract_pod_spec_from_object()? else {
        return accept_request();
    };
    let path = match request.request.kind.kind.as_str() {
        "Pod" => "/spec",
        "CronJob" => "/spec/jobTemplate/spec/template/spec",
        _ => "/spec/template/spec",
    };
    let found = violations(&pod, path, &request.settings);
    if found.is_empty() { accept_request() } else { reject_request(Some(found.join("; ")), None, None, None) }
}

fn violations(pod: &PodSpec, path: &str, settings: &Settings) -> Vec<String> {
    let privileged = |context: &Option<SecurityContext>| context.as_ref().and_then(|c| c.privileged) == Some(true);
    let containers = pod.containers.iter().map(|c| (&c.name, &c.security_context));
    let init = pod.init_containers.iter().flatten().map(|c| (&c.name, &c.security_context));
    let ephemeral = pod.ephemeral_containers.iter().flatten().map(|c| (&c.name, &c.security_context));

    let mut found = Vec::new();
    let mut check = |list: &str, index: usize, (name, context): (&String, &Option<SecurityContext>)| {
        if privileged(context) {
            found.push(format!("{path}/{list}/{index}: container `{name}` is privileged"));
        }
    };
    containers.enumerate().for_each(|(index, container)| check("containers", index, container));
    if !settings.skip_init_containers {
        init.enumerate().for_each(|(index, container)| check("initContainers", index, container));
    }
    if !settings.skip_ephemeral_containers {
        ephemeral.enumerate().for_each(|(index, container)| check("ephemeralContainers", index, container));
    }
    found
}
