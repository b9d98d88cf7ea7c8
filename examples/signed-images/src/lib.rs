//! Runs only images that are signed, and pins what was signed by its digest.
//!
//! A tag can be moved after its image was checked. So the policy writes the digest that the signature is about into the
//! pod, and what runs is what was signed. When the registry cannot be asked, nothing runs.

use std::collections::BTreeMap;

use admit::prelude::*;

/// Who has to have signed which images.
#[derive(Debug, Default, Deserialize, Settings)]
#[settings(check = every_rule_names_signers)]
pub struct Settings {
    /// The first rule that fits an image counts.
    pub signatures: Vec<Signature>,
    /// Images that no rule fits run unchecked, instead of not at all.
    #[serde(default)]
    pub allow_others: bool,
    /// Leave the images as they are written.
    #[serde(default)]
    pub keep_tags: bool,
}

/// What is demanded of some images.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Signature {
    /// An image without its tag, or the beginning of some with `*` at the end: `ghcr.io/shop/*`.
    pub image: String,
    /// Public keys in PEM; all of them have to have signed.
    pub public_keys: Vec<String>,
    /// A GitHub organisation or user whose workflows sign.
    pub github_owner: Option<String>,
    /// Of this repository only.
    pub github_repository: Option<String>,
    /// Annotations that the signatures have to carry.
    pub annotations: BTreeMap<String, String>,
}

fn every_rule_names_signers(settings: &Settings) -> Result<(), SettingsError> {
    for (index, rule) in settings.signatures.iter().enumerate() {
        let at = |field: &str| format!("/signatures/{index}{field}");
        if rule.image.is_empty() {
            return Err(SettingsError::new("names no image").at(at("/image")));
        }
        if rule.public_keys.is_empty() == rule.github_owner.is_none() {
            return Err(SettingsError::new("needs either `public_keys` or `github_owner`").at(at("")));
        }
        if rule.github_repository.is_some() && rule.github_owner.is_none() {
            return Err(SettingsError::new("belongs to a `github_owner`").at(at("/github_repository")));
        }
    }
    Ok(())
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings, host: &Host) -> Result<Verdict, Error> {
    let mut verdict = Verdict::accept();
    let Some(pod) = request.pod_spec()? else { return Ok(verdict) };
    let mut pins = Vec::new();
    for container in pod.all_containers()? {
        let field = format!("{}/image", container.path());
        // Without an image a controller fills it in later, and asks again.
        let Some(image) = container.image()? else { continue };
        let Some(rule) = settings.signatures.iter().find(|rule| rule.fits(&image)) else {
            if !settings.allow_others {
                verdict.reject_at(field, format!("no rule says who has to have signed {image}"));
            }
            continue;
        };
        match rule.verify(host, &image) {
            Ok(digest) if !image.contains('@') => pins.push((field, format!("{image}@{digest}"))),
            Ok(_) => {}
            Err(error) if error.kind() == HostErrorKind::NotVerified => {
                verdict.reject_at(field, format!("{image} is not signed as it has to be: {}", error.message()));
            }
            Err(error) => return Err(error.into()),
        }
    }
    if verdict.is_accepted() && !settings.keep_tags && !pins.is_empty() {
        let mut object = request.edit()?;
        for (field, pinned) in pins {
            object.set(&field, pinned)?;
        }
        verdict.mutate(object);
    }
    Ok(verdict)
}

impl Signature {
    fn fits(&self, image: &str) -> bool {
        match self.image.strip_suffix('*') {
            Some(beginning) => image.starts_with(beginning),
            None => repository(image) == self.image,
        }
    }

    /// The digest that was signed.
    fn verify(&self, host: &Host, image: &str) -> Result<String, HostError> {
        let oci = host.oci();
        let annotations = || self.annotations.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let verified = match &self.github_owner {
            Some(owner) => {
                let verify = oci.verify_github_actions(image, owner);
                let verify = self.github_repository.iter().fold(verify, |verify, repository| verify.repo(repository));
                annotations().fold(verify, |verify, (key, value)| verify.annotation(key, value)).verify()
            }
            None => {
                let verify = oci.verify_pub_keys(image, &self.public_keys);
                annotations().fold(verify, |verify, (key, value)| verify.annotation(key, value)).verify()
            }
        };
        Ok(verified?.digest)
    }
}

/// An image reference without its tag and digest. A colon before the last slash belongs to a port.
fn repository(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or_default();
    let name = image.rfind('/').map_or(0, |slash| slash + 1);
    match image[name..].find(':') {
        Some(colon) => &image[..name + colon],
        None => image,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_fit_names_or_beginnings() {
        let rule = |image: &str| Signature { image: image.to_owned(), ..Signature::default() };
        assert!(rule("ghcr.io/shop/web").fits("ghcr.io/shop/web:1.0"));
        assert!(rule("ghcr.io/shop/web").fits("ghcr.io/shop/web@sha256:00"));
        assert!(rule("localhost:5000/web").fits("localhost:5000/web"));
        assert!(!rule("ghcr.io/shop/web").fits("ghcr.io/shop/website:1.0"));
        assert!(rule("ghcr.io/shop/*").fits("ghcr.io/shop/web:1.0"));
        assert!(!rule("ghcr.io/shop/*").fits("ghcr.io/shopping/web:1.0"));
    }

    #[test]
    fn a_signed_image_is_pinned() -> Result<(), Error> {
        let registry =
            Host::new(|_: &str, _: &str, _: &[u8]| Ok(br#"{"is_trusted":true,"digest":"sha256:4711"}"#.to_vec()));
        let request = Request::from_json(
            r#"{
                "uid": "1", "operation": "CREATE", "userInfo": {},
                "kind": {"group": "", "version": "v1", "kind": "Pod"},
                "resource": {"group": "", "version": "v1", "resource": "pods"},
                "object": {"spec": {"containers": [{"name": "web", "image": "ghcr.io/shop/web:1.0"}]}}
            }"#,
        )?;
        let rule = Signature {
            image: "ghcr.io/shop/*".to_owned(),
            github_owner: Some("shop".to_owned()),
            ..Signature::default()
        };
        let settings = Settings { signatures: vec![rule], ..Settings::default() };
        let verdict = validate(&request, &settings, &registry)?;
        let object = verdict.mutated().expect("a mutation");
        assert_eq!(object["spec"]["containers"][0]["image"], "ghcr.io/shop/web:1.0@sha256:4711");
        Ok(())
    }
}
