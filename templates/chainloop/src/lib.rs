//! Finds components with licenses that are not allowed, in CycloneDX documents.

use admit::prelude::*;

/// A CycloneDX document, as far as the policy looks at it.
#[derive(Debug, Deserialize)]
pub struct Sbom {
    #[serde(default)]
    components: Vec<Component>,
}

#[derive(Debug, Deserialize)]
struct Component {
    name: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    licenses: Vec<Choice>,
}

#[derive(Debug, Deserialize)]
struct Choice {
    license: Option<License>,
}

#[derive(Debug, Deserialize)]
struct License {
    id: Option<String>,
}

/// Inputs of the policy; policy.yaml names them, too.
#[derive(Debug, Deserialize, Settings)]
pub struct Rules {
    /// Licenses that are not allowed.
    pub denied: Vec<String>,
}

#[admit::policy]
fn check(sbom: &Material<Sbom>, rules: &Rules) -> Evaluation<LicenseViolation> {
    let mut evaluation = Evaluation::success();
    for component in &sbom.components {
        let licenses = component.licenses.iter();
        let ids = licenses.filter_map(|choice| choice.license.as_ref()?.id.as_ref());
        for id in ids.filter(|id| rules.denied.contains(id)) {
            let (name, version) = (&component.name, &component.version);
            let message = format!("{name} {version} has the license {id}");
            evaluation.add(LicenseViolation::new(message, name, id));
        }
    }
    evaluation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denied_license_is_found() -> Result<(), Error> {
        let sbom = Material::from_json(
            r#"{"components": [
                {"name": "serde", "version": "1.0", "licenses": [{"license": {"id": "MIT"}}]},
                {"name": "readline", "version": "8.2", "licenses": [{"license": {"id": "GPL-3.0-only"}}]}
            ]}"#,
        )?;
        let rules = Rules {
            denied: vec!["GPL-3.0-only".to_owned()],
        };
        let message = "readline 8.2 has the license GPL-3.0-only";
        let expected = LicenseViolation::new(message, "readline", "GPL-3.0-only");
        assert_eq!(check(&sbom, &rules).violations(), [expected]);
        Ok(())
    }
}
