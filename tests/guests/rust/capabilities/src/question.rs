//! What can be asked, one variant for each method of the SDK.

use std::collections::BTreeMap;

use serde::Deserialize;

type Annotations = Option<BTreeMap<String, String>>;

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Question {
    ManifestDigest(String),
    Manifest(String),
    ManifestAndConfig(String),
    PubKeys { image: String, keys: Vec<String>, annotations: Annotations },
    PubKeysV1 { image: String, keys: Vec<String>, annotations: Annotations },
    Keyless { image: String, issuer: String, subject: String, annotations: Annotations },
    KeylessV1 { image: String, issuer: String, subject: String, annotations: Annotations },
    KeylessPrefix { image: String, issuer: String, url_prefix: String, annotations: Annotations },
    GithubActions { image: String, owner: String, repo: Option<String>, annotations: Annotations },
    Certificate { image: String, certificate: String, chain: Option<Vec<String>>, rekor_bundle: bool },
    Dns(String),
    Trusted { certificate: String, chain: Option<Vec<String>>, at: Option<String> },
    Get { api_version: String, kind: String, name: String, namespace: Option<String>, masks: Option<Vec<String>> },
    List(Selection),
    CanI { user: String, groups: Option<Vec<String>>, verb: String, resource: String, namespace: Option<String> },
}

/// Config maps of a namespace, or of all of them.
#[derive(Deserialize)]
pub(crate) struct Selection {
    pub(crate) namespace: Option<String>,
    pub(crate) labels: Option<String>,
    pub(crate) fields: Option<String>,
    pub(crate) masks: Option<Vec<String>>,
}
