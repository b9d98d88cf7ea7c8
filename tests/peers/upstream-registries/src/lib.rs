//! Lets images of known registries in, and has them pulled each time; namespaces can be exempt. Written as Kubewarden's
//! documentation teaches it: typed Kubernetes objects, hand-made entry points. `ported-registries` is the same with this
//! project's SDK, and the book (`docs/how-to/port-from-kubewarden-sdk.md`) shows the two side by side.

mod settings;
#[cfg(test)]
mod tests;

use k8s_openapi::api::core::v1::{Namespace, PodSpec};
use kubewarden_policy_sdk::error::Error;
use kubewarden_policy_sdk::host_capabilities::kubernetes::GetResourceRequest;
#[cfg(not(test))]
use kubewarden_policy_sdk::host_capabilities::kubernetes::get_resource;
use kubewarden_policy_sdk::request::ValidationRequest;
use kubewarden_policy_sdk::wapc_guest::prelude::*;
use kubewarden_policy_sdk::{
    accept_request, mutate_pod_spec_from_request, protocol_version_guest, reject_request, validate_settings,
};
#[cfg(test)]
use tests::get_resource;

use settings::Settings;

#[unsafe(no_mangle)]
pub extern "C" fn wapc_init() {
    register_function("validate", validate);
    register_function("validate_settings", validate_settings::<Settings>);
    register_function("protocol_version", protocol_version_guest);
}

fn validate(payload: &[u8]) -> CallResult {
    let request: ValidationRequest<Settings> = ValidationRequest::new(payload)?;
    let Some(mut pod) = request.extract_pod_spec_from_object()? else {
        return accept_request();
    };
    if is_exempt(&request.request.namespace)? {
        return accept_request();
    }
    let foreign = foreign_images(&pod, &request.settings);
    if !foreign.is_empty() {
        return reject_request(Some(foreign.join("; ")), None, None, None);
    }
    if !request.settings.pull_always {
        return accept_request();
    }
    for container in pod.containers.iter_mut().chain(pod.init_containers.iter_mut().flatten()) {
        container.image_pull_policy = Some("Always".to_owned());
    }
    mutate_pod_spec_from_request(request, pod)
}

fn foreign_images(pod: &PodSpec, settings: &Settings) -> Vec<String> {
    let mut foreign = Vec::new();
    for container in pod.containers.iter().chain(pod.init_containers.iter().flatten()) {
        let image = container.image.as_deref().unwrap_or_default();
        if !settings.registries.contains(registry(image)) {
            foreign.push(format!("container `{}` has an image of another registry: {image}", container.name));
        }
    }
    foreign
}

fn is_exempt(namespace: &str) -> Result<bool, Error> {
    let namespace: Namespace = get_resource(&GetResourceRequest {
        api_version: "v1".to_owned(),
        kind: "Namespace".to_owned(),
        name: namespace.to_owned(),
        namespace: None,
        disable_cache: false,
        field_masks: None,
    })?;
    let labels = namespace.metadata.labels.unwrap_or_default();
    Ok(labels.get("registries").is_some_and(|value| value == "any"))
}

/// The registry of an image: what comes before the first slash, if that looks like a host.
fn registry(image: &str) -> &str {
    match image.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => host,
        _ => "docker.io",
    }
}
