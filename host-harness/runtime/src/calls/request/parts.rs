//! What the larger requests are made of.

use serde::{Deserialize, Deserializer, Serialize};

/// Issuer and exact subject of a keyless signature that is demanded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeylessInfo {
    /// Issuer of the identity, a URL.
    pub issuer: String,
    /// The identity, for example a mail address.
    pub subject: String,
}

/// Issuer and beginning of the subject of a keyless signature that is demanded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeylessPrefixInfo {
    /// Issuer of the identity, a URL.
    pub issuer: String,
    /// What the identity starts with.
    pub url_prefix: String,
}

/// The request of `kubernetes/can_i`: whether a user may do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectAccessReview {
    /// Groups of the user.
    pub groups: Option<Vec<String>>,
    /// The action and its resource. Upstream's Go SDK writes the key in camel case, which upstream's host rejects.
    #[serde(alias = "resourceAttributes")]
    pub resource_attributes: ResourceAttributes,
    /// The user.
    pub user: String,
}

/// An action on a resource; an absent part stands for all.
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

/// The request of `crypto/v1/is_certificate_trusted`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateVerificationRequest {
    /// The certificate.
    pub cert: Certificate,
    /// Intermediate certificates, and the root at the end. `None` stands for Mozilla's roots.
    pub cert_chain: Option<Vec<Certificate>>,
    /// The instant of the verification as an RFC 3339 string, `None` for now. The empty string is read as `None`.
    #[serde(default, deserialize_with = "empty_as_none")]
    pub not_after: Option<String>,
}

/// An X.509 certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Encoding of `data`.
    pub encoding: CertificateEncoding,
    /// Its bytes.
    pub data: Vec<u8>,
}

/// The encoding of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CertificateEncoding {
    /// DER, the binary form.
    Der,
    /// PEM, the text form.
    Pem,
}

fn empty_as_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}
