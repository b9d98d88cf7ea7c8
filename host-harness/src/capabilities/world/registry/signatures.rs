//! Who signed an image.

use std::collections::BTreeMap;

use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, SubjectPublicKeyInfoDer};
use webpki::EndEntityCert;

use crate::capabilities::world::files::named_file;
use crate::input::{self, Cursor, InputError};
use crate::suite::Base;

/// The issuer of the identities of GitHub workflows.
pub(super) const GITHUB_ISSUER: &str = "https://token.actions.githubusercontent.com";

/// One signature of an image.
pub(super) struct Signature {
    pub(super) signer: Signer,
    pub(super) annotations: BTreeMap<String, String>,
    /// Whether a transparency log has it, with an instant at which the certificate was valid.
    pub(super) rekor_bundle: bool,
}

pub(super) enum Signer {
    /// Public key, as the DER of its SubjectPublicKeyInfo.
    Key(Vec<u8>),
    Identity {
        issuer: String,
        subject: String,
    },
}

/// The list `signatures`.
pub(super) fn read(signatures: &Cursor<'_>, base: &Base) -> Result<Vec<Signature>, InputError> {
    signatures.list()?.iter().map(|signature| self::signature(signature, base)).collect()
}

fn signature(entry: &Cursor<'_>, base: &Base) -> Result<Signature, InputError> {
    entry.only_keys(&["key", "certificate", "issuer", "subject", "github", "rekor_bundle", "annotations"])?;
    let given =
        (entry.optional("key")?, entry.optional("certificate")?, entry.optional("issuer")?, entry.optional("github")?);
    if !matches!(given, (None, None, Some(_), None))
        && let Some(subject) = entry.given("subject")?
    {
        return Err(subject.error("only goes with `issuer`"));
    }
    let signer = match given {
        (Some(key), None, None, None) => {
            let text = text(&key, base)?;
            let bytes =
                public_key(&text).map_err(|error| key.error(format!("is not a valid public key in PEM: {error}")))?;
            Signer::Key(bytes)
        }
        (None, Some(certificate), None, None) => {
            let text = text(&certificate, base)?;
            let key = certificate_der(&text).and_then(|der| key_of(&der));
            Signer::Key(key.map_err(|error| certificate.error(format!("is not a valid certificate in PEM: {error}")))?)
        }
        (None, None, Some(issuer), None) => Signer::Identity {
            issuer: issuer.string()?.to_owned(),
            subject: entry.required("subject", "an identity is an issuer and a subject")?.string()?.to_owned(),
        },
        (None, None, None, Some(github)) => {
            github.only_keys(&["owner", "repo"])?;
            let owner = github.required("owner", "the workflow's repository belongs to someone")?.string()?;
            let repo = github.required("repo", "the workflow is in a repository")?.string()?;
            Signer::Identity {
                issuer: GITHUB_ISSUER.to_owned(),
                subject: format!("https://github.com/{owner}/{repo}/.github/workflows/release.yml@refs/heads/main"),
            }
        }
        _ => return Err(entry.error("must have one of `key`, `certificate`, `issuer` with `subject`, and `github`")),
    };
    let mut annotations = BTreeMap::new();
    for (name, annotation) in entry.optional("annotations")?.map(|all| all.entries()).transpose()?.unwrap_or_default() {
        annotations.insert(name.to_owned(), annotation.string()?.to_owned());
    }
    let rekor_bundle = entry.optional("rekor_bundle")?.map(|bundle| bundle.boolean()).transpose()?.unwrap_or(false);
    Ok(Signature { signer, annotations, rekor_bundle })
}

/// A text in place or in a file.
fn text(cursor: &Cursor<'_>, base: &Base) -> Result<Vec<u8>, InputError> {
    match named_file(cursor, base)? {
        Some(path) => {
            base.count(cursor, &path)?;
            input::read(&path).map_err(|error| cursor.error(error.to_string()))
        }
        None => cursor.string().map(|text| text.as_bytes().to_vec()),
    }
}

/// The DER in a PEM text.
pub(super) fn public_key(pem: &[u8]) -> Result<Vec<u8>, String> {
    let key = SubjectPublicKeyInfoDer::from_pem_slice(&trimmed(pem)).map_err(|error| error.to_string())?;
    Ok(key.as_ref().to_vec())
}

/// The DER in a PEM text.
pub(super) fn certificate_der(pem: &[u8]) -> Result<CertificateDer<'static>, String> {
    CertificateDer::from_pem_slice(&trimmed(pem)).map_err(|error| error.to_string())
}

/// The key that a certificate is for.
pub(super) fn key_of(certificate: &CertificateDer<'_>) -> Result<Vec<u8>, String> {
    let certificate = EndEntityCert::try_from(certificate).map_err(|error| error.to_string())?;
    Ok(certificate.subject_public_key_info().as_ref().to_vec())
}

/// Removes white space around lines: PEM in YAML can be indented.
fn trimmed(pem: &[u8]) -> Vec<u8> {
    pem.split(|byte| *byte == b'\n').flat_map(|line| [line.trim_ascii(), b"\n"]).flatten().copied().collect()
}
