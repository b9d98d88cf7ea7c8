//! What the larger requests are made of.

use serde::{Deserialize, Deserializer, Serialize};

/// Who must have signed, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeylessInfo {
    /// Issuer of the identity, a URL.
    pub issuer: String,
    /// The identity, for example a mail address.
    pub subject: String,
}

/// Who must have signed, by the start of the identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeylessPrefixInfo {
    /// Issuer of the identity, a URL.
    pub issuer: String,
    /// What the identity starts with.
    pub url_prefix: String,
}

/// The question whether someone may do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectAccessReview {
    /// Groups of the user.
    pub groups: Option<Vec<String>>,
    /// What is to be done. Upstream's Go SDK writes the key in camel case, which upstream's host rejects.
    #[serde(alias = "resourceAttributes")]
    pub resource_attributes: ResourceAttributes,
    /// The user.
    pub user: String,
}

/// What is to be done to which resource; an absent part stands for all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceAttributes {
    /// API group, empty for the core group.
    pub group: Option<String>,
    /// Name of the object.
    pub name: Option<String>,
    /// Namespace of the object.
    pub namespace: Option<String>,
    /// The resource, in the plural: `pods`.
    pub resource: String,
    /// For example `status`.
    pub subresource: Option<String>,
    /// For example `create`.
    pub verb: String,
    /// API version.
    pub version: Option<String>,
}

/// The question whether a certificate is to be trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateVerificationRequest {
    /// The certificate.
    pub cert: Certificate,
    /// Intermediate certificates, and the root at the end. `None` stands for Mozilla's roots.
    pub cert_chain: Option<Vec<Certificate>>,
    /// The instant of the verification as RFC 3339 text, `None` for now. The empty text is `None` too.
    #[serde(default, deserialize_with = "empty_as_none")]
    pub not_after: Option<String>,
}

/// An X.509 certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// How it is written.
    pub encoding: CertificateEncoding,
    /// Its bytes.
    pub data: Vec<u8>,
}

/// How a certificate is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CertificateEncoding {
    /// Binary.
    Der,
    /// Text.
    Pem,
}

fn empty_as_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}
