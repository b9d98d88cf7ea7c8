//! Lets images of known registries in, and has them pulled each time; namespaces can be exempt.

use std::collections::BTreeSet;

use admit::prelude::*;

/// Settings of the policy.
#[derive(Debug, Default, Deserialize, Settings)]
#[serde(default)]
#[settings(check = check_settings)]
pub struct Settings {
    /// Registries that images may come from.
    pub registries: BTreeSet<String>,
    /// Whether images are pulled each time that a container starts.
    pub pull_always: bool,
}

fn check_settings(settings: &Settings) -> Result<(), SettingsError> {
    if settings.registries.is_empty() {
        return Err(SettingsError::new("at least one registry is needed"));
    }
    Ok(())
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings, host: &Host) -> Result<Verdict, Error> {
    let mut verdict = Verdict::accept();
    let Some(pod) = request.pod_spec()? else {
        return Ok(verdict);
    };
    if is_exempt(&request.namespace().unwrap_or_default(), host)? {
        return Ok(verdict);
    }
    for container in pod.all_containers()? {
        let image = container.image()?.unwrap_or_default();
        if !settings.registries.contains(registry(&image)) {
            let name = container.name()?;
            verdict.add_reason(format!("container `{name}` has an image of another registry: {image}"));
        }
    }
    if settings.pull_always && verdict.is_accepted() {
        let mut object = request.edit()?;
        for mut container in object.pod_spec_mut()?.all_containers_mut()? {
            container.set_image_pull_policy("Always")?;
        }
        verdict.mutate(object);
    }
    Ok(verdict)
}

fn is_exempt(namespace: &str, host: &Host) -> Result<bool, Error> {
    let namespace = host.kubernetes().get_resource("v1", "Namespace", namespace).fetch()?;
    let label = namespace.object().metadata()?.label("registries")?;
    Ok(label.as_deref() == Some("any"))
}

/// The registry of an image: what comes before the first slash, if that looks like a host.
fn registry(image: &str) -> &str {
    match image.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => host,
        _ => "docker.io",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_registry() -> Result<(), Error> {
        let request = Request::from_json(include_str!("../test_data/foreign.json"))?;
        let settings = Settings { registries: BTreeSet::from(["ghcr.io".to_owned()]), pull_always: false };
        let shop = br#"{"metadata": {"name": "shop"}}"#;
        let host = Host::new(|_: &str, _: &str, _: &[u8]| Ok(shop.to_vec()));
        let verdict = validate(&request, &settings, &host)?;
        assert_eq!(
            verdict.reasons()[0].to_string(),
            "container `web` has an image of another registry: quay.io/shop/web:1"
        );
        Ok(())
    }
}
