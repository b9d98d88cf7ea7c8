//! From the bytes of a call to a request.

use std::collections::{BTreeMap, BTreeSet};

use admit::wire::chainloop::{CHAINLOOP, DISCOVER, DiscoverRequest, HTTP, REQUEST};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{CertificateVerificationRequest, HostRequest, KeylessInfo, KeylessPrefixInfo, SubjectAccessReview};

impl HostRequest {
    /// Reads the payload of a call. What upstream's SDKs leave out is accepted: `disable_cache`, `not_after`.
    ///
    /// # Errors
    ///
    /// The text that the guest receives: the operation or namespace is not known, or serde_json's words about the payload.
    pub fn parse(namespace: &str, operation: &str, payload: &[u8]) -> Result<Self, String> {
        match (namespace, operation) {
            (HTTP, REQUEST) => Ok(Self::HttpRequest { request: read(payload)? }),
            (CHAINLOOP, DISCOVER) => {
                let DiscoverRequest { digest, kind } = read(payload)?;
                Ok(Self::ChainloopDiscover { digest, kind })
            }
            _ => Self::parse_kubewarden(namespace, operation, payload),
        }
    }

    /// Reads the payload of a call that was made on Kubewarden, to which those of Chainloop are unknown.
    pub(in crate::calls) fn parse_kubewarden(namespace: &str, operation: &str, payload: &[u8]) -> Result<Self, String> {
        let request = match (namespace, operation) {
            ("oci", "v1/verify") => match read(payload)? {
                VerifyV1::SigstorePubKeyVerify { image, pub_keys, annotations } => {
                    Self::SigstorePubKeyVerify { image, pub_keys, annotations }
                }
                VerifyV1::SigstoreKeylessVerify { image, keyless, annotations } => {
                    Self::SigstoreKeylessVerify { image, keyless, annotations }
                }
            },
            ("oci", "v2/verify") => read::<VerifyV2>(payload)?.into(),
            ("oci", "v1/manifest_digest") => Self::OciManifestDigest { image: read(payload)? },
            ("oci", "v1/oci_manifest") => Self::OciManifest { image: read(payload)? },
            ("oci", "v1/oci_manifest_config") => Self::OciManifestAndConfig { image: read(payload)? },
            ("net", "v1/dns_lookup_host") => Self::DNSLookupHost { host: read(payload)? },
            ("crypto", "v1/is_certificate_trusted") => {
                Self::CryptoIsCertificateTrusted { request: read::<CertificateVerificationRequest>(payload)? }
            }
            ("kubernetes", "list_resources_by_namespace") => {
                let ListByNamespace { api_version, kind, namespace, label_selector, field_selector, field_masks } =
                    read(payload)?;
                Self::KubernetesListResourceNamespace {
                    api_version,
                    kind,
                    namespace,
                    label_selector,
                    field_selector,
                    field_masks,
                }
            }
            ("kubernetes", "list_resources_all") => {
                let ListAll { api_version, kind, label_selector, field_selector, field_masks } = read(payload)?;
                Self::KubernetesListResourceAll { api_version, kind, label_selector, field_selector, field_masks }
            }
            ("kubernetes", "get_resource") => {
                let Get { api_version, kind, name, namespace, disable_cache, field_masks } = read(payload)?;
                Self::KubernetesGetResource { api_version, kind, name, namespace, disable_cache, field_masks }
            }
            ("kubernetes", "can_i") => {
                let CanI { subject_access_review, disable_cache } = read(payload)?;
                Self::KubernetesCanI { request: subject_access_review, disable_cache }
            }
            ("oci" | "net" | "crypto" | "kubernetes" | "tracing", _) => {
                return Err(format!("unknown operation: {operation}"));
            }
            _ => return Err(format!("unknown namespace: {namespace}")),
        };
        Ok(request)
    }
}

fn read<T: DeserializeOwned>(payload: &[u8]) -> Result<T, String> {
    serde_json::from_slice(payload).map_err(|error| error.to_string())
}

/// The tag is the only key: `{"SigstorePubKeyVerify": {…}}`.
#[derive(Deserialize)]
enum VerifyV1 {
    SigstorePubKeyVerify { image: String, pub_keys: Vec<String>, annotations: Option<BTreeMap<String, String>> },
    SigstoreKeylessVerify { image: String, keyless: Vec<KeylessInfo>, annotations: Option<BTreeMap<String, String>> },
}

/// The tag is a key among the others: `{"type": "SigstorePubKeyVerify", …}`.
#[derive(Deserialize)]
#[serde(tag = "type")]
#[expect(clippy::enum_variant_names, reason = "the names are the protocol's")]
enum VerifyV2 {
    SigstorePubKeyVerify {
        image: String,
        pub_keys: Vec<String>,
        annotations: Option<BTreeMap<String, String>>,
    },
    SigstoreKeylessVerify {
        image: String,
        keyless: Vec<KeylessInfo>,
        annotations: Option<BTreeMap<String, String>>,
    },
    SigstoreKeylessPrefixVerify {
        image: String,
        keyless_prefix: Vec<KeylessPrefixInfo>,
        annotations: Option<BTreeMap<String, String>>,
    },
    SigstoreGithubActionsVerify {
        image: String,
        owner: String,
        repo: Option<String>,
        annotations: Option<BTreeMap<String, String>>,
    },
    SigstoreCertificateVerify {
        image: String,
        certificate: Vec<u8>,
        certificate_chain: Option<Vec<Vec<u8>>>,
        require_rekor_bundle: bool,
        annotations: Option<BTreeMap<String, String>>,
    },
}

impl From<VerifyV2> for HostRequest {
    fn from(request: VerifyV2) -> Self {
        match request {
            VerifyV2::SigstorePubKeyVerify { image, pub_keys, annotations } => {
                Self::SigstorePubKeyVerify { image, pub_keys, annotations }
            }
            VerifyV2::SigstoreKeylessVerify { image, keyless, annotations } => {
                Self::SigstoreKeylessVerify { image, keyless, annotations }
            }
            VerifyV2::SigstoreKeylessPrefixVerify { image, keyless_prefix, annotations } => {
                Self::SigstoreKeylessPrefixVerify { image, keyless_prefix, annotations }
            }
            VerifyV2::SigstoreGithubActionsVerify { image, owner, repo, annotations } => {
                Self::SigstoreGithubActionsVerify { image, owner, repo, annotations }
            }
            VerifyV2::SigstoreCertificateVerify {
                image,
                certificate,
                certificate_chain,
                require_rekor_bundle,
                annotations,
            } => Self::SigstoreCertificateVerify {
                image,
                certificate,
                certificate_chain,
                require_rekor_bundle,
                annotations,
            },
        }
    }
}

#[derive(Deserialize)]
struct ListByNamespace {
    api_version: String,
    kind: String,
    namespace: String,
    label_selector: Option<String>,
    field_selector: Option<String>,
    field_masks: Option<BTreeSet<String>>,
}

#[derive(Deserialize)]
struct ListAll {
    api_version: String,
    kind: String,
    label_selector: Option<String>,
    field_selector: Option<String>,
    field_masks: Option<BTreeSet<String>>,
}

#[derive(Deserialize)]
struct Get {
    api_version: String,
    kind: String,
    name: String,
    namespace: Option<String>,
    #[serde(default)]
    disable_cache: bool,
    field_masks: Option<BTreeSet<String>>,
}

#[derive(Deserialize)]
struct CanI {
    subject_access_review: SubjectAccessReview,
    #[serde(default)]
    disable_cache: bool,
}
