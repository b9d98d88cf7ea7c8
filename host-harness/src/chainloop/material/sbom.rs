//! The component that an SBOM is about.

use super::super::json::Json;
use super::image;

/// What a CycloneDX document says about itself.
#[derive(Debug, Default)]
pub(super) struct Component {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) version: String,
}

/// Where Trivy keeps the digest of an image, which has no version.
const DIGEST: &str = "aquasecurity:trivy:RepoDigest";

/// The main component of a CycloneDX document, with empty strings for missing fields. `None` when a field is not a string,
/// or an image has no valid name.
pub(super) fn main_component(json: &Json<'_>) -> Option<Component> {
    let metadata = json.member(json.start(), "metadata");
    let Some(at) = metadata.and_then(|metadata| json.member(metadata, "component")) else {
        return Some(Component::default());
    };
    let text = |object: usize, key: &str| match json.member(object, key) {
        Some(value) => json.string(value).map(|text| text.into_owned()),
        None => Some(String::new()),
    };
    let mut component = Component { name: text(at, "name")?, kind: text(at, "type")?, version: text(at, "version")? };
    if component.version.is_empty()
        && let Some(properties) = json.member(at, "properties").filter(|list| json.byte(*list) == b'[')
    {
        let digest = |property: usize| {
            let value = text(property, "name").filter(|name| name == DIGEST).and_then(|_| text(property, "value"))?;
            let (_, digest) = value.split_once("sha256:").filter(|(_, rest)| !rest.contains("sha256:"))?;
            Some(format!("sha256:{digest}"))
        };
        component.version = json.items(properties).find_map(digest).unwrap_or_default();
    }
    if component.kind == "container" {
        component.name = image::repository(&component.name)?;
    }
    Some(component)
}
