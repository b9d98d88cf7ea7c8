//! Asks one question.

use k8s_openapi::List;
use k8s_openapi::api::core::v1::ConfigMap;
use kubewarden_policy_sdk::error::Error;
use kubewarden_policy_sdk::host_capabilities::SigstoreVerificationInputV1;
use kubewarden_policy_sdk::host_capabilities::crypto::{BoolWithReason, Certificate, CertificateEncoding, verify_cert};
use kubewarden_policy_sdk::host_capabilities::kubernetes::{
    CanIRequest, GetResourceRequest, ListAllResourcesRequest, ListResourcesByNamespaceRequest, ResourceAttributes,
    SubjectAccessReview, can_i, get_resource, list_all_resources, list_resources_by_namespace,
};
use kubewarden_policy_sdk::host_capabilities::net::lookup_host;
use kubewarden_policy_sdk::host_capabilities::oci::{get_manifest, get_manifest_and_config, get_manifest_digest};
use kubewarden_policy_sdk::host_capabilities::verification::{
    KeylessInfo, KeylessPrefixInfo, VerificationResponse, verify_certificate, verify_keyless_exact_match,
    verify_keyless_github_actions, verify_keyless_prefix_match, verify_pub_keys_image,
};
use kubewarden_policy_sdk::wapc_guest;
use serde_json::{Value, json};

use crate::question::{Question, Selection};

type Answer = Result<Value, Error>;

/// The answer, or `{"error": the host's text}`.
pub fn ask(question: &Question) -> Value {
    answer(question).unwrap_or_else(|error| match &error {
        Error::HostCall { source, .. } => {
            let text = source.to_string();
            json!({ "error": text.strip_prefix("Host error: ").unwrap_or(&text) })
        }
        other => json!({ "undecodable": other.to_string() }),
    })
}

fn answer(question: &Question) -> Answer {
    match question {
        Question::ManifestDigest(image) => Ok(json!(get_manifest_digest(image)?)),
        Question::Manifest(image) => Ok(json!(get_manifest(image)?)),
        Question::ManifestAndConfig(image) => Ok(json!(get_manifest_and_config(image)?)),
        Question::PubKeys { image, keys, annotations } => {
            verified(verify_pub_keys_image(image, keys.clone(), annotations.clone()))
        }
        Question::PubKeysV1 { image, keys, annotations } => v1(SigstoreVerificationInputV1::SigstorePubKeyVerify {
            image: image.clone(),
            pub_keys: keys.clone(),
            annotations: annotations.clone(),
        }),
        Question::Keyless { image, issuer, subject, annotations } => {
            verified(verify_keyless_exact_match(image, keyless(issuer, subject), annotations.clone()))
        }
        Question::KeylessV1 { image, issuer, subject, annotations } => {
            v1(SigstoreVerificationInputV1::SigstoreKeylessVerify {
                image: image.clone(),
                keyless: keyless(issuer, subject),
                annotations: annotations.clone(),
            })
        }
        Question::KeylessPrefix { image, issuer, url_prefix, annotations } => {
            let prefix = KeylessPrefixInfo { issuer: issuer.clone(), url_prefix: url_prefix.clone() };
            verified(verify_keyless_prefix_match(image, vec![prefix], annotations.clone()))
        }
        Question::GithubActions { image, owner, repo, annotations } => {
            verified(verify_keyless_github_actions(image, owner.clone(), repo.clone(), annotations.clone()))
        }
        Question::Certificate { image, certificate, chain, rekor_bundle } => {
            verified(verify_certificate(image, certificate.clone(), chain.clone(), *rekor_bundle, None))
        }
        Question::Dns(host) => Ok(json!(lookup_host(host)?.ips)),
        Question::Trusted { certificate, chain, at } => {
            let chain = chain.as_ref().map(|chain| chain.iter().map(|element| pem(element)).collect());
            Ok(match verify_cert(pem(certificate), chain, at.clone())? {
                BoolWithReason::True => json!({ "trusted": true }),
                BoolWithReason::False(reason) => {
                    // The SDK's own words in front of the host's.
                    let reason = reason.strip_prefix("Certificate not trusted: ").unwrap_or(&reason);
                    json!({ "trusted": false, "reason": reason })
                }
            })
        }
        Question::Get { api_version, kind, name, namespace, masks } => get_resource::<Value>(&GetResourceRequest {
            api_version: api_version.clone(),
            kind: kind.clone(),
            name: name.clone(),
            namespace: namespace.clone(),
            disable_cache: false,
            field_masks: masks.clone(),
        }),
        Question::List(selection) => list(selection),
        Question::CanI { user, groups, verb, resource, namespace } => {
            let status = can_i(CanIRequest {
                subject_access_review: SubjectAccessReview {
                    groups: groups.clone(),
                    resource_attributes: ResourceAttributes {
                        namespace: namespace.clone(),
                        resource: resource.clone(),
                        verb: verb.clone(),
                        ..Default::default()
                    },
                    user: user.clone(),
                },
                disable_cache: false,
            })?;
            Ok(json!({ "allowed": status.allowed, "denied": status.denied, "reason": status.reason }))
        }
    }
}

fn list(selection: &Selection) -> Answer {
    let (api_version, kind) = ("v1".to_owned(), "ConfigMap".to_owned());
    let Selection { namespace, labels, fields, masks } = selection;
    let maps: List<ConfigMap> = match namespace {
        Some(namespace) => list_resources_by_namespace(&ListResourcesByNamespaceRequest {
            api_version,
            kind,
            namespace: namespace.clone(),
            label_selector: labels.clone(),
            field_selector: fields.clone(),
            field_masks: masks.clone(),
        }),
        None => list_all_resources(&ListAllResourcesRequest {
            api_version,
            kind,
            label_selector: labels.clone(),
            field_selector: fields.clone(),
            field_masks: masks.clone(),
        }),
    }?;
    Ok(maps.items.iter().map(|map| json!({ "name": map.metadata.name, "data": map.data })).collect())
}

fn verified(answer: Result<VerificationResponse, Error>) -> Answer {
    Ok(json!({ "digest": answer?.digest }))
}

/// The SDK has functions for the second version only.
fn v1(input: SigstoreVerificationInputV1) -> Answer {
    let answer = wapc_guest::host_call("kubewarden", "oci", "v1/verify", &serde_json::to_vec(&input)?)
        .map_err(|source| Error::HostCall { operation: "oci.verify".to_owned(), source })?;
    verified(Ok(serde_json::from_slice(&answer)?))
}

fn keyless(issuer: &str, subject: &str) -> Vec<KeylessInfo> {
    vec![KeylessInfo { issuer: issuer.to_owned(), subject: subject.to_owned() }]
}

fn pem(text: &str) -> Certificate {
    Certificate { encoding: CertificateEncoding::Pem, data: text.as_bytes().to_vec() }
}
