//! Finds components with licenses that are not allowed, and components that say too little about themselves.

mod expression;
mod sbom;

use admit::prelude::*;
use sbom::{Component, Sbom};

/// What is not allowed, and what is asked for.
#[derive(Debug, Default, Deserialize, Settings)]
#[serde(default)]
pub struct Rules {
    /// Licenses that are not allowed, as SPDX identifiers; `GPL-*` is all that begin with it.
    pub denied: Vec<String>,
    /// Where a JSON object with more of them, as the list `denied`, is.
    pub denied_url: Option<String>,
    /// What every component has to say.
    pub required: Vec<Field>,
    /// Names of components that may have any license.
    pub exempt: Vec<String>,
}

/// What a component can say about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// Its version.
    Version,
    /// Its package URL.
    Purl,
    /// Its license.
    License,
}

/// What is at `denied_url`.
#[derive(Debug, Deserialize)]
struct List {
    denied: Vec<String>,
}

#[admit::policy]
fn check(sbom: &Material<Sbom>, rules: &Rules, host: &Host) -> Result<Evaluation<LicenseViolation>, Error> {
    let Some(components) = sbom.components() else {
        return Ok(Evaluation::skip("the material is neither a CycloneDX nor an SPDX document"));
    };
    let mut denied = rules.denied.clone();
    if let Some(url) = &rules.denied_url {
        denied.extend(more_denied(host, url)?);
    }
    let mut evaluation = Evaluation::success();
    for component in &components {
        evaluation.extend(missing(component, &rules.required));
        if !rules.exempt.contains(&component.name) {
            evaluation.extend(violation(component, &denied)?);
        }
    }
    host.info(format!("{} components, {} findings", components.len(), evaluation.violations().len()));
    Ok(evaluation)
}

fn more_denied(host: &Host, url: &str) -> Result<Vec<String>, Error> {
    let response = host.http().get(url)?;
    match response.status() {
        200 => Ok(response.json::<List>()?.denied),
        status => Err(Error::new(format!("the list of denied licenses at {url} answered {status}"))),
    }
}

/// A finding for everything that the component does not say.
fn missing(component: &Component, required: &[Field]) -> Vec<LicenseViolation> {
    let said = |field: &Field| match field {
        Field::Version => component.version.is_some(),
        Field::Purl => component.purl.is_some(),
        Field::License => component.license.is_some(),
    };
    let absent = required.iter().filter(|field| !said(field));
    absent
        .map(|field| {
            let what = match field {
                Field::Version => "version",
                Field::Purl => "package URL",
                Field::License => "license",
            };
            finding(component, format!("component `{}` has no {what}", component.name))
        })
        .collect()
}

/// A finding for a license with no alternative that is allowed.
fn violation(component: &Component, denied: &[String]) -> Result<Option<LicenseViolation>, Error> {
    let Some(license) = &component.license else { return Ok(None) };
    let allowed = expression::allows(license, |id| !denied.iter().any(|pattern| matches(pattern, id)));
    match allowed {
        Ok(true) => Ok(None),
        Ok(false) => {
            let text = format!("component `{}` has the license {license}, which is not allowed", component.name);
            Ok(Some(finding(component, text).recommendation("replace the component, or have the license approved")))
        }
        Err(what) => Err(Error::new(format!("the license `{license}` of `{}` cannot be read: {what}", component.name))),
    }
}

fn matches(pattern: &str, id: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => id.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start)),
        None => id.eq_ignore_ascii_case(pattern),
    }
}

fn finding(component: &Component, message: String) -> LicenseViolation {
    let license = component.license.as_deref().unwrap_or("NOASSERTION");
    let mut finding = LicenseViolation::new(message, component.name.as_str(), license);
    if let Some(version) = &component.version {
        finding = finding.component_version(version.as_str());
    }
    if let Some(purl) = &component.purl {
        finding = finding.package_purl(purl.as_str());
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_denied_license() -> Result<(), Error> {
        let sbom = Material::from_json(
            r#"{"bomFormat": "CycloneDX", "components": [
                {"name": "a", "licenses": [{"license": {"id": "MIT"}}]},
                {"name": "b", "version": "2", "licenses": [{"expression": "GPL-3.0-only OR AGPL-3.0-only"}]}
            ]}"#,
        )?;
        let rules = Rules { denied: vec!["GPL-*".into(), "AGPL-*".into()], ..Rules::default() };
        let evaluation = check(&sbom, &rules, &Host::silent())?;
        assert_eq!(
            evaluation.violations()[0].message(),
            "component `b` has the license GPL-3.0-only OR AGPL-3.0-only, which is not allowed"
        );
        assert_eq!(evaluation.violations().len(), 1);
        Ok(())
    }

    #[test]
    fn patterns() {
        assert!(matches("GPL-*", "gpl-3.0-only") && !matches("GPL-*", "LGPL-3.0"));
        assert!(matches("MIT", "mit") && !matches("MIT", "MIT-0") && !matches("GPL-3.0*", "GPL"));
    }
}
