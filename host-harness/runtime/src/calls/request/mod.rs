//! Host calls, as types.

mod parse;
mod parts;

use std::collections::{BTreeMap, BTreeSet};

use admit::wire::chainloop::HttpRequest;
use serde::{Deserialize, Serialize};

pub use parts::{
    Certificate, CertificateEncoding, CertificateVerificationRequest, KeylessInfo, KeylessPrefixInfo,
    ResourceAttributes, SubjectAccessReview,
};

/// A host call with its payload understood.
///
/// Names of variants and fields, their order and their `Debug` form are those of upstream: session files and replay
/// errors show them. Both versions of `oci/verify` end in the same variants. Those of Chainloop's calls are ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the operation's payload")]
pub enum HostRequest {
    /// `oci/v1/manifest_digest`.
    OciManifestDigest { image: String },
    /// `oci/v1/oci_manifest`.
    OciManifest { image: String },
    /// `oci/v1/oci_manifest_config`.
    OciManifestAndConfig { image: String },
    /// `oci/v1/verify` and `oci/v2/verify`, with public keys.
    SigstorePubKeyVerify { image: String, pub_keys: Vec<String>, annotations: Option<BTreeMap<String, String>> },
    /// `oci/v1/verify` and `oci/v2/verify`, with identities.
    SigstoreKeylessVerify { image: String, keyless: Vec<KeylessInfo>, annotations: Option<BTreeMap<String, String>> },
    /// `oci/v2/verify`, with identities whose subject starts with a URL.
    SigstoreKeylessPrefixVerify {
        image: String,
        keyless_prefix: Vec<KeylessPrefixInfo>,
        annotations: Option<BTreeMap<String, String>>,
    },
    /// `oci/v2/verify`, signed by a GitHub workflow.
    SigstoreGithubActionsVerify {
        image: String,
        owner: String,
        repo: Option<String>,
        annotations: Option<BTreeMap<String, String>>,
    },
    /// `oci/v2/verify`, with a certificate.
    SigstoreCertificateVerify {
        image: String,
        certificate: Vec<u8>,
        certificate_chain: Option<Vec<Vec<u8>>>,
        require_rekor_bundle: bool,
        annotations: Option<BTreeMap<String, String>>,
    },
    /// `net/v1/dns_lookup_host`.
    DNSLookupHost { host: String },
    /// `kubernetes/list_resources_by_namespace`.
    KubernetesListResourceNamespace {
        api_version: String,
        kind: String,
        namespace: String,
        label_selector: Option<String>,
        field_selector: Option<String>,
        field_masks: Option<BTreeSet<String>>,
    },
    /// `kubernetes/list_resources_all`.
    KubernetesListResourceAll {
        api_version: String,
        kind: String,
        label_selector: Option<String>,
        field_selector: Option<String>,
        field_masks: Option<BTreeSet<String>>,
    },
    /// `kubernetes/get_resource`.
    KubernetesGetResource {
        api_version: String,
        kind: String,
        name: String,
        namespace: Option<String>,
        #[serde(default)]
        disable_cache: bool,
        field_masks: Option<BTreeSet<String>>,
    },
    /// `kubernetes/can_i`.
    KubernetesCanI {
        request: SubjectAccessReview,
        #[serde(default)]
        disable_cache: bool,
    },
    /// `crypto/v1/is_certificate_trusted`.
    CryptoIsCertificateTrusted { request: CertificateVerificationRequest },
    /// `http/request`.
    HttpRequest { request: HttpRequest },
    /// `chainloop/discover`; the empty kind stands for any.
    ChainloopDiscover {
        digest: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        kind: String,
    },
}

impl HostRequest {
    /// Every [`tag`](Self::tag).
    pub const TAGS: [&'static str; 16] = [
        "OciManifestDigest",
        "OciManifest",
        "OciManifestAndConfig",
        "SigstorePubKeyVerify",
        "SigstoreKeylessVerify",
        "SigstoreKeylessPrefixVerify",
        "SigstoreGithubActionsVerify",
        "SigstoreCertificateVerify",
        "DNSLookupHost",
        "KubernetesListResourceNamespace",
        "KubernetesListResourceAll",
        "KubernetesGetResource",
        "KubernetesCanI",
        "CryptoIsCertificateTrusted",
        "HttpRequest",
        "ChainloopDiscover",
    ];

    /// The name of the variant, which is the tag in session files.
    pub fn tag(&self) -> &'static str {
        match self {
            Self::OciManifestDigest { .. } => "OciManifestDigest",
            Self::OciManifest { .. } => "OciManifest",
            Self::OciManifestAndConfig { .. } => "OciManifestAndConfig",
            Self::SigstorePubKeyVerify { .. } => "SigstorePubKeyVerify",
            Self::SigstoreKeylessVerify { .. } => "SigstoreKeylessVerify",
            Self::SigstoreKeylessPrefixVerify { .. } => "SigstoreKeylessPrefixVerify",
            Self::SigstoreGithubActionsVerify { .. } => "SigstoreGithubActionsVerify",
            Self::SigstoreCertificateVerify { .. } => "SigstoreCertificateVerify",
            Self::DNSLookupHost { .. } => "DNSLookupHost",
            Self::KubernetesListResourceNamespace { .. } => "KubernetesListResourceNamespace",
            Self::KubernetesListResourceAll { .. } => "KubernetesListResourceAll",
            Self::KubernetesGetResource { .. } => "KubernetesGetResource",
            Self::KubernetesCanI { .. } => "KubernetesCanI",
            Self::CryptoIsCertificateTrusted { .. } => "CryptoIsCertificateTrusted",
            Self::HttpRequest { .. } => "HttpRequest",
            Self::ChainloopDiscover { .. } => "ChainloopDiscover",
        }
    }

    /// The `apiVersion` and kind that a read of the cluster is about: get and the two lists.
    pub fn reads(&self) -> Option<(&str, &str)> {
        match self {
            Self::KubernetesListResourceNamespace { api_version, kind, .. }
            | Self::KubernetesListResourceAll { api_version, kind, .. }
            | Self::KubernetesGetResource { api_version, kind, .. } => Some((api_version, kind)),
            _ => None,
        }
    }
}
