//! Asks one question.

use std::collections::BTreeMap;

use admit::capabilities::crypto::{Certificate, Trust};
use admit::capabilities::kubernetes::AccessReview;
use admit::capabilities::oci::{KeylessIdentity, KeylessPrefixIdentity, ManifestAndConfig};
use admit::prelude::*;
use serde_json::{Value, json};

use crate::question::{Question, Selection};

type Answer = Result<Value, HostError>;

/// The answer, or `{"error": the host's text}`.
pub(crate) fn ask(host: &Host, question: &Question) -> Value {
    answer(host, question).unwrap_or_else(|error| match error.kind() {
        HostErrorKind::InvalidAnswer => json!({ "undecodable": error.to_string() }),
        _ => json!({ "error": error.message() }),
    })
}

/// Asks for a verification, with the annotations that the question names.
macro_rules! verify {
    ($verify:expr, $annotations:expr) => {{
        let mut verify = $verify;
        for (key, value) in $annotations.iter().flatten() {
            verify = verify.annotation(key, value);
        }
        Ok(json!({ "digest": verify.verify()?.digest }))
    }};
}

fn answer(host: &Host, question: &Question) -> Answer {
    let oci = host.oci();
    match question {
        Question::ManifestDigest(image) => Ok(json!({ "digest": oci.manifest_digest(image)? })),
        Question::Manifest(image) => oci.oci_manifest(image).get(),
        Question::ManifestAndConfig(image) => {
            let ManifestAndConfig { manifest, digest, config, .. } =
                oci.oci_manifest_config(image).get::<Value, Value>()?;
            Ok(json!({ "manifest": manifest, "digest": digest, "config": config }))
        }
        Question::PubKeys { image, keys, annotations } => verify!(oci.verify_pub_keys(image, keys), annotations),
        Question::PubKeysV1 { image, keys, annotations } => verify!(oci.verify_pub_keys_v1(image, keys), annotations),
        Question::Keyless { image, issuer, subject, annotations } => {
            verify!(oci.verify_keyless(image, [KeylessIdentity { issuer, subject }]), annotations)
        }
        Question::KeylessV1 { image, issuer, subject, annotations } => {
            verify!(oci.verify_keyless_v1(image, [KeylessIdentity { issuer, subject }]), annotations)
        }
        Question::KeylessPrefix { image, issuer, url_prefix, annotations } => {
            verify!(oci.verify_keyless_prefix(image, [KeylessPrefixIdentity { issuer, url_prefix }]), annotations)
        }
        Question::GithubActions { image, owner, repo, annotations } => {
            let verify = oci.verify_github_actions(image, owner);
            verify!(repo.iter().fold(verify, |verify, repo| verify.repo(repo)), annotations)
        }
        Question::Certificate { image, certificate, chain, rekor_bundle } => {
            let mut verify = oci.verify_certificate(image, certificate);
            if let Some(chain) = chain {
                verify = verify.chain(chain);
            }
            if !rekor_bundle {
                verify = verify.without_rekor_bundle();
            }
            verify!(verify, None::<BTreeMap<String, String>>)
        }
        Question::Dns(name) => Ok(json!(host.net().dns_lookup_host(name)?)),
        Question::Trusted { certificate, chain, at } => trusted(host, certificate, chain.as_deref(), at.as_deref()),
        Question::Get { api_version, kind, name, namespace, masks } => {
            let mut get = host.kubernetes().get_resource(api_version, kind, name);
            if let Some(namespace) = namespace {
                get = get.namespace(namespace);
            }
            if let Some(masks) = masks {
                get = get.field_masks(masks);
            }
            get.get()
        }
        Question::List(selection) => list(host, selection),
        Question::CanI { user, groups, verb, resource, namespace } => {
            let mut can_i = host.kubernetes().can_i(user, verb, resource);
            if let Some(groups) = groups {
                can_i = can_i.user_groups(groups);
            }
            if let Some(namespace) = namespace {
                can_i = can_i.namespace(namespace);
            }
            let AccessReview { allowed, denied, reason, .. } = can_i.ask()?;
            Ok(json!({ "allowed": allowed, "denied": denied, "reason": reason }))
        }
    }
}

fn trusted(host: &Host, certificate: &str, chain: Option<&[String]>, at: Option<&str>) -> Answer {
    let mut question = host.crypto().is_certificate_trusted(Certificate::pem(certificate));
    if let Some(chain) = chain {
        question = question.chain(chain.iter().map(Certificate::pem));
    }
    if let Some(at) = at {
        question = question.at(at);
    }
    Ok(match question.ask()? {
        Trust::Trusted => json!({ "trusted": true }),
        Trust::Untrusted { reason } => json!({ "trusted": false, "reason": reason }),
    })
}

fn list(host: &Host, Selection { namespace, labels, fields, masks }: &Selection) -> Answer {
    let kubernetes = host.kubernetes();
    let mut list = match namespace {
        Some(namespace) => kubernetes.list_resources_by_namespace("v1", "ConfigMap", namespace),
        None => kubernetes.list_resources_all("v1", "ConfigMap"),
    };
    if let Some(labels) = labels {
        list = list.label_selector(labels);
    }
    if let Some(fields) = fields {
        list = list.field_selector(fields);
    }
    if let Some(masks) = masks {
        list = list.field_masks(masks);
    }
    let maps: Vec<Value> = list.get()?;
    Ok(maps.iter().map(|map| json!({ "name": map["metadata"]["name"], "data": map["data"] })).collect())
}
