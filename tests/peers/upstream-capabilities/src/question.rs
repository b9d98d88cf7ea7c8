//! What can be asked, one variant for each function of the SDK.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

type Annotations = Option<BTreeMap<String, String>>;

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Question {
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
    Get { api_version: String, kind: String, name: String, namespace: Option<String>, masks: Option<BTreeSet<String>> },
    List(Selection),
    CanI { user: String, groups: Option<Vec<String>>, verb: String, resource: String, namespace: Option<String> },
}

/// Config maps of a namespace, or of all of them.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    pub namespace: Option<String>,
    pub labels: Option<String>,
    pub fields: Option<String>,
    pub masks: Option<BTreeSet<String>>,
}
