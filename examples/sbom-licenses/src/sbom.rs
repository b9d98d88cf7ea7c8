//! The two formats, as far as licenses are concerned.

use serde::Deserialize;

/// A document of either format: the fields of the other one are empty.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sbom {
    bom_format: Option<String>,
    #[serde(default)]
    components: Vec<CycloneDx>,
    spdx_version: Option<String>,
    #[serde(default)]
    packages: Vec<Spdx>,
}

#[derive(Debug, Deserialize)]
struct CycloneDx {
    name: String,
    version: Option<String>,
    purl: Option<String>,
    #[serde(default)]
    licenses: Vec<Choice>,
    /// Components inside of this one.
    #[serde(default)]
    components: Vec<CycloneDx>,
}

/// A license, or an expression of several.
#[derive(Debug, Deserialize)]
struct Choice {
    license: Option<License>,
    expression: Option<String>,
}

#[derive(Debug, Deserialize)]
struct License {
    id: Option<String>,
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spdx {
    name: String,
    version_info: Option<String>,
    license_concluded: Option<String>,
    license_declared: Option<String>,
    #[serde(default)]
    external_refs: Vec<Reference>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    reference_type: String,
    reference_locator: String,
}

/// A component of either format.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Component {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: Option<String>,
    /// Its package URL.
    pub(crate) purl: Option<String>,
    /// Its license, as an SPDX expression.
    pub(crate) license: Option<String>,
}

impl Sbom {
    /// All components; `None` for a document of another format.
    pub(crate) fn components(&self) -> Option<Vec<Component>> {
        let mut components = Vec::new();
        if self.bom_format.as_deref() == Some("CycloneDX") {
            cyclone_dx(&self.components, &mut components);
        } else if self.spdx_version.is_some() {
            components.extend(self.packages.iter().map(spdx));
        } else {
            return None;
        }
        Some(components)
    }
}

fn cyclone_dx(found: &[CycloneDx], components: &mut Vec<Component>) {
    for component in found {
        // Several licenses of one component all hold.
        let licenses: Vec<_> = component.licenses.iter().filter_map(Choice::expression).collect();
        components.push(Component {
            name: component.name.clone(),
            version: known(&component.version),
            purl: known(&component.purl),
            license: match licenses.as_slice() {
                [] => None,
                [license] => Some(license.clone()),
                all => Some(all.iter().map(|license| format!("({license})")).collect::<Vec<_>>().join(" AND ")),
            },
        });
        cyclone_dx(&component.components, components);
    }
}

impl Choice {
    /// A license that has only a name counts by it: spaces would make an expression of it.
    fn expression(&self) -> Option<String> {
        let license = self.license.as_ref();
        let named = license.and_then(|license| {
            known(&license.id)
                .or_else(|| known(&license.name).map(|name| name.split_whitespace().collect::<Vec<_>>().join("-")))
        });
        known(&self.expression).or(named)
    }
}

fn spdx(package: &Spdx) -> Component {
    let purl = package.external_refs.iter().find(|reference| reference.reference_type == "purl");
    Component {
        name: package.name.clone(),
        version: known(&package.version_info),
        purl: purl.map(|purl| purl.reference_locator.clone()),
        license: known(&package.license_concluded).or_else(|| known(&package.license_declared)),
    }
}

/// A text that says something: SPDX has words for nothing.
fn known(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !matches!(text.trim(), "" | "NOASSERTION" | "NONE"))
}
