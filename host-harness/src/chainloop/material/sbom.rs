//! The component that a bill of materials is about.

use super::super::go::{Types, field};
use super::super::json::Json;
use super::image;

/// What a document says about what it is of.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) version: String,
}

/// Where Trivy keeps the digest of an image, which has no version.
const DIGEST: &str = "aquasecurity:trivy:RepoDigest";

/// The metadata of a CycloneDX document, from 1.5 on and before.
const METADATA: &str = "\
Later: tools Tools, component Component
Earlier: tools [Tool], component Component
Tools: components [Tool]
Tool: name string, version string
Component: name string, type string, version string, properties [Property]
Property: name string, value string";

/// The main component of a CycloneDX document; empty texts where it does not say. `None` without metadata, where these are
/// not what Chainloop reads, and where an image has no valid name.
pub(super) fn of_cyclonedx(json: &Json<'_>) -> Option<Component> {
    let metadata = json.member(json.start(), "metadata")?;
    let types = Types::new("materials", METADATA);
    let fits = |kind: &str| types.check(json, metadata, kind, |_, _| Ok(())).is_ok();
    if !fits("Later") && !fits("Earlier") {
        return None;
    }
    let Some(at) = field(json, metadata, "component") else { return Some(Component::default()) };
    let mut component =
        Component { name: text(json, at, "name"), kind: text(json, at, "type"), version: text(json, at, "version") };
    if component.version.is_empty()
        && let Some(properties) = field(json, at, "properties")
    {
        let digest = |property: usize| {
            let value = (text(json, property, "name") == DIGEST).then(|| text(json, property, "value"))?;
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

/// The package that an SPDX document describes: the only one, or the first of those that it says it describes. `None` if there
/// is none.
pub(super) fn of_spdx(json: &Json<'_>) -> Option<Component> {
    let start = json.start();
    let items = |name: &str| {
        let list = field(json, start, name).filter(|at| json.byte(*at) == b'[');
        list.map(|at| json.items(at).collect::<Vec<_>>()).unwrap_or_default()
    };
    let packages = items("packages");
    let package = match packages.as_slice() {
        [] => return None,
        [only] => *only,
        several => {
            let document = |id: &str| id == "SPDXRef-DOCUMENT";
            let mut described: Vec<String> = Vec::new();
            for relationship in items("relationships") {
                let [from, to] = ["spdxElementId", "relatedSpdxElement"].map(|name| text(json, relationship, name));
                match text(json, relationship, "relationshipType").as_str() {
                    "DESCRIBES" if document(&from) => described.push(to),
                    "DESCRIBED_BY" if document(&to) => described.push(from),
                    _ => {}
                }
            }
            if document(&text(json, start, "SPDXID")) {
                let listed = items("documentDescribes").into_iter().filter_map(|at| json.string(at));
                described.extend(listed.map(|id| id.into_owned()));
            }
            // Of those in another document only the name there counts.
            let local = |id: String| id.rsplit_once(':').map_or(id.clone(), |(_, local)| local.to_owned());
            let first = described.into_iter().map(local).min()?;
            *several.iter().find(|package| text(json, **package, "SPDXID") == first)?
        }
    };
    let kind = text(json, package, "primaryPackagePurpose").to_lowercase();
    let name = text(json, package, "name");
    let name = match kind.as_str() {
        "container" => image::repository(&name).unwrap_or(name),
        _ => name,
    };
    Some(Component { name, kind, version: text(json, package, "versionInfo") })
}

/// The text of a field; empty if there is none.
fn text(json: &Json<'_>, object: usize, name: &str) -> String {
    field(json, object, name).and_then(|at| json.string(at)).map(|text| text.into_owned()).unwrap_or_default()
}
