//! The signers that a verification demands: the part of the request in which the kinds of verification differ.

use serde::Serialize;

/// Demands a signature with every one of these public keys.
#[derive(Clone, Debug, Serialize)]
pub struct PubKeyVerify<'a> {
    pub_keys: Vec<&'a str>,
}

/// Demands a keyless signature by every one of these identities.
#[derive(Clone, Debug, Serialize)]
pub struct KeylessVerify<'a> {
    keyless: Vec<KeylessIdentity<'a>>,
}

/// Demands, for every one of these addresses, a keyless signature by an identity that starts with it.
#[derive(Clone, Debug, Serialize)]
pub struct KeylessPrefixVerify<'a> {
    keyless_prefix: Vec<KeylessPrefixIdentity<'a>>,
}

/// Demands a keyless signature by a workflow of GitHub Actions.
#[derive(Clone, Debug, Serialize)]
pub struct GithubActionsVerify<'a> {
    owner: &'a str,
    pub(super) repo: Option<&'a str>,
}

/// Demands a signature with the key of a certificate.
#[derive(Clone, Debug, Serialize)]
pub struct CertificateVerify<'a> {
    certificate: &'a [u8],
    pub(super) certificate_chain: Option<Vec<&'a [u8]>>,
    pub(super) require_rekor_bundle: bool,
}

/// Issuer and subject of a keyless signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct KeylessIdentity<'a> {
    /// Address of the issuer of the identity, for example `https://accounts.google.com`.
    pub issuer: &'a str,
    /// The identity, exactly: an e-mail address, the address of a workflow, …
    pub subject: &'a str,
}

/// Issuer of a keyless signature, and the beginning of its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct KeylessPrefixIdentity<'a> {
    /// Address of the issuer of the identity, for example `https://token.actions.githubusercontent.com`.
    pub issuer: &'a str,
    /// The beginning of the identity, a URL. The host puts a `/` behind it where there is none.
    pub url_prefix: &'a str,
}

impl<'a> PubKeyVerify<'a> {
    pub(super) fn new<K: AsRef<str> + ?Sized + 'a>(keys: impl IntoIterator<Item = &'a K>) -> Self {
        Self { pub_keys: keys.into_iter().map(AsRef::as_ref).collect() }
    }
}

impl<'a> KeylessVerify<'a> {
    pub(super) fn new(identities: impl IntoIterator<Item = KeylessIdentity<'a>>) -> Self {
        Self { keyless: identities.into_iter().collect() }
    }
}

impl<'a> KeylessPrefixVerify<'a> {
    pub(super) fn new(prefixes: impl IntoIterator<Item = KeylessPrefixIdentity<'a>>) -> Self {
        Self { keyless_prefix: prefixes.into_iter().collect() }
    }
}

impl<'a> GithubActionsVerify<'a> {
    pub(super) fn new(owner: &'a str) -> Self {
        Self { owner, repo: None }
    }
}

impl<'a> CertificateVerify<'a> {
    /// By default the signature must be in a transparency log (Rekor).
    pub(super) fn new(certificate: &'a [u8]) -> Self {
        Self { certificate, certificate_chain: None, require_rekor_bundle: true }
    }
}
