//! The capabilities, with types. Every answer is turned back into the JSON that it came from, as far as the types keep it.

use admit::capabilities::crypto::{Certificate, Trust};
use admit::capabilities::oci::{KeylessIdentity, KeylessPrefixIdentity, VerifiedImage};
use admit::prelude::*;
use serde_json::{Value, json};

/// One question.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ask {
    DnsLookupHost(String),
    ManifestDigest(String),
    OciManifest(String),
    OciManifestConfig(String),
    VerifyPubKeys(Signed<Vec<String>>),
    VerifyPubKeysV1(Signed<Vec<String>>),
    VerifyKeyless(Signed<Vec<(String, String)>>),
    VerifyKeylessV1(Signed<Vec<(String, String)>>),
    VerifyKeylessPrefix(Signed<Vec<(String, String)>>),
    VerifyGithubActions(Signed<Repository>),
    VerifyCertificate(Signed<SigningCertificate>),
    IsCertificateTrusted {
        pem: String,
        chain: Option<Vec<String>>,
        at: Option<String>,
    },
    GetResource(Resource),
    ListResourcesByNamespace(Resource),
    ListResourcesAll(Resource),
    CanI {
        user: String,
        groups: Option<Vec<String>>,
        verb: String,
        resource: String,
        api_group: Option<String>,
        namespace: Option<String>,
        name: Option<String>,
        subresource: Option<String>,
    },
}

#[derive(Deserialize)]
pub(crate) struct Signed<S> {
    image: String,
    by: S,
    #[serde(default)]
    annotations: Vec<(String, String)>,
}

#[derive(Deserialize)]
pub(crate) struct Repository {
    owner: String,
    repo: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct SigningCertificate {
    pem: String,
    chain: Option<Vec<String>>,
    without_rekor_bundle: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Resource {
    api_version: String,
    kind: String,
    name: String,
    namespace: Option<String>,
    label_selector: Option<String>,
    field_selector: Option<String>,
    field_masks: Option<Vec<String>>,
}

macro_rules! verified {
    ($signed:ident, $verify:expr) => {{
        let mut verify = $verify;
        for (key, value) in &$signed.annotations {
            verify = verify.annotation(key, value);
        }
        Ok(trusted(verify.verify()?))
    }};
}

impl Ask {
    /// Asks, and returns the answer as JSON.
    pub(crate) fn answer(&self, host: &Host) -> Result<String, HostError> {
        let oci = host.oci();
        match self {
            Self::DnsLookupHost(name) => Ok(json!({"ips": host.net().dns_lookup_host(name)?}).to_string()),
            Self::ManifestDigest(image) => Ok(json!({"digest": oci.manifest_digest(image)?}).to_string()),
            Self::OciManifest(image) => Ok(oci.oci_manifest(image).fetch()?.manifest().value().raw().to_owned()),
            Self::OciManifestConfig(image) => {
                let image = oci.oci_manifest_config(image).fetch()?;
                let (manifest, config) = (image.manifest().value().raw(), image.config().raw());
                Ok(format!(r#"{{"manifest":{manifest},"digest":{},"config":{config}}}"#, json!(image.digest())))
            }
            Self::VerifyPubKeys(signed) => verified!(signed, oci.verify_pub_keys(&signed.image, &signed.by)),
            Self::VerifyPubKeysV1(signed) => verified!(signed, oci.verify_pub_keys_v1(&signed.image, &signed.by)),
            Self::VerifyKeyless(signed) => verified!(signed, oci.verify_keyless(&signed.image, identities(&signed.by))),
            Self::VerifyKeylessV1(signed) => {
                verified!(signed, oci.verify_keyless_v1(&signed.image, identities(&signed.by)))
            }
            Self::VerifyKeylessPrefix(signed) => {
                let by = signed.by.iter().map(|(issuer, url_prefix)| KeylessPrefixIdentity { issuer, url_prefix });
                verified!(signed, oci.verify_keyless_prefix(&signed.image, by))
            }
            Self::VerifyGithubActions(signed) => {
                let mut verify = oci.verify_github_actions(&signed.image, &signed.by.owner);
                if let Some(repo) = &signed.by.repo {
                    verify = verify.repo(repo);
                }
                verified!(signed, verify)
            }
            Self::VerifyCertificate(signed) => {
                let mut verify = oci.verify_certificate(&signed.image, &signed.by.pem);
                if let Some(chain) = &signed.by.chain {
                    verify = verify.chain(chain);
                }
                if signed.by.without_rekor_bundle == Some(true) {
                    verify = verify.without_rekor_bundle();
                }
                verified!(signed, verify)
            }
            Self::IsCertificateTrusted { pem, chain, at } => {
                let mut question = host.crypto().is_certificate_trusted(Certificate::pem(pem));
                if let Some(chain) = chain {
                    question = question.chain(chain.iter().map(Certificate::pem));
                }
                if let Some(instant) = at {
                    question = question.at(instant);
                }
                let trust = question.ask()?;
                let reason = match &trust {
                    Trust::Trusted => "",
                    Trust::Untrusted { reason } => reason,
                };
                Ok(json!({"trusted": trust.is_trusted(), "reason": reason}).to_string())
            }
            Self::GetResource(asked) => {
                let mut get = host.kubernetes().get_resource(&asked.api_version, &asked.kind, &asked.name);
                if let Some(namespace) = &asked.namespace {
                    get = get.namespace(namespace);
                }
                if let Some(paths) = &asked.field_masks {
                    get = get.field_masks(paths);
                }
                Ok(get.fetch()?.object().value().raw().to_owned())
            }
            Self::ListResourcesByNamespace(asked) | Self::ListResourcesAll(asked) => asked.list(host),
            Self::CanI { user, groups, verb, resource, api_group, namespace, name, subresource } => {
                let mut question = host.kubernetes().can_i(user, verb, resource);
                if let Some(groups) = groups {
                    question = question.user_groups(groups);
                }
                if let Some(group) = api_group {
                    question = question.api_group(group);
                }
                if let Some(namespace) = namespace {
                    question = question.namespace(namespace);
                }
                if let Some(name) = name {
                    question = question.name(name);
                }
                if let Some(subresource) = subresource {
                    question = question.subresource(subresource);
                }
                let review = question.ask()?;
                let mut answer = json!({"allowed": review.allowed});
                let optional = [
                    ("denied", review.denied.map(Value::Bool)),
                    ("reason", review.reason.map(Value::String)),
                    ("evaluationError", review.evaluation_error.map(Value::String)),
                ];
                for (key, value) in optional {
                    if let Some(value) = value {
                        answer[key] = value;
                    }
                }
                Ok(answer.to_string())
            }
        }
    }
}

impl Resource {
    /// The items alone: the views do not keep what is around them.
    fn list(&self, host: &Host) -> Result<String, HostError> {
        let kubernetes = host.kubernetes();
        let mut list = match &self.namespace {
            Some(namespace) => kubernetes.list_resources_by_namespace(&self.api_version, &self.kind, namespace),
            None => kubernetes.list_resources_all(&self.api_version, &self.kind),
        };
        if let Some(selector) = &self.label_selector {
            list = list.label_selector(selector);
        }
        if let Some(selector) = &self.field_selector {
            list = list.field_selector(selector);
        }
        if let Some(paths) = &self.field_masks {
            list = list.field_masks(paths);
        }
        let list = list.fetch()?;
        let items: Vec<&str> = list.items().map(|item| item.value().raw()).collect();
        Ok(format!(r#"{{"items":[{}]}}"#, items.join(",")))
    }
}

fn identities(pairs: &[(String, String)]) -> impl Iterator<Item = KeylessIdentity<'_>> {
    pairs.iter().map(|(issuer, subject)| KeylessIdentity { issuer, subject })
}

fn trusted(image: VerifiedImage) -> String {
    json!({"is_trusted": true, "digest": image.digest}).to_string()
}
