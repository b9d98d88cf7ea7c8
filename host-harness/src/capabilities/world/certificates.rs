//! Verification of certificates, for `is_certificate_trusted`.

use std::borrow::Cow;
use std::time::Duration;

use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use webpki::{EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter};

use admit_runtime::FIXED_CLOCK_START;

use crate::capabilities::{
    CallError, Certificate, CertificateEncoding, CertificateVerificationRequest, callback_failure,
};

/// Most certificates of a chain that is verified, of which each can be tried as the issuer of each other one. Real chains have two to
/// five.
const MAX_CHAIN: usize = 100;

/// The time in a world that does not say what time it is: the one that guests see.
pub(in crate::capabilities) fn fixed_clock() -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(FIXED_CLOCK_START))
}

/// The reason that is given for a certificate of the future.
pub(in crate::capabilities) const NOT_VALID_YET: &str = "Certificate is being used before its validity date";

/// The answer of `is_certificate_trusted`; `now` counts for questions that name no instant.
///
/// # Errors
///
/// The host's failure, and chains that are longer than what is verified.
pub(in crate::capabilities) fn is_trusted(
    request: &CertificateVerificationRequest,
    now: UnixTime,
) -> Result<Value, CallError> {
    check_length(request.cert_chain.as_deref())?;
    let reason: Cow<'_, str> = match verified(request, now).map_err(|text| callback_failure(&text))? {
        Ok(()) => return Ok(json!({"trusted": true, "reason": ""})),
        Err(Error::CertExpired { .. }) => "Certificate is being used after its expiration date".into(),
        Err(Error::CertNotValidYet { .. }) => NOT_VALID_YET.into(),
        Err(Error::UnknownIssuer | Error::InvalidSignatureForPublicKey) => {
            "Certificate is not trusted by the provided cert chain".into()
        }
        Err(error) => format!("Certificate not trusted: {error}").into(),
    };
    Ok(json!({"trusted": false, "reason": reason}))
}

/// # Errors
///
/// A chain of more than [`MAX_CHAIN`] certificates. Upstream's host has no such limit, so there is no right answer to it here.
pub(super) fn check_length<T>(chain: Option<&[T]>) -> Result<(), CallError> {
    match chain.map(<[T]>::len) {
        Some(length) if length > MAX_CHAIN => Err(CallError::Unanswerable(format!(
            "its certificate chain has {length} certificates, and only chains of up to {MAX_CHAIN} are verified here"
        ))),
        _ => Ok(()),
    }
}

/// When a certificate becomes valid that is not yet on 1970-01-01.
pub(in crate::capabilities) fn valid_from(request: &CertificateVerificationRequest) -> Option<UnixTime> {
    check_length(request.cert_chain.as_deref()).ok()?;
    match verified(request, UnixTime::since_unix_epoch(Duration::ZERO)).ok()? {
        Err(Error::CertNotValidYet { not_before, .. }) => Some(not_before),
        _ => None,
    }
}

fn verified(request: &CertificateVerificationRequest, now: UnixTime) -> Result<Result<(), Error>, String> {
    let certificate = der(&request.cert)?;
    let certificate = EndEntityCert::try_from(&certificate)
        .map_err(|error| format!("Certificate is not a valid end-entity certificate: {error}"))?;
    let at = match &request.not_after {
        Some(text) => instant(text).map_err(|_| "Timestamp not_after is not in RFC3339 format".to_owned())?,
        None => now,
    };
    Ok(match &request.cert_chain {
        None => verify(&certificate, webpki_roots::TLS_SERVER_ROOTS, &[], at),
        Some(chain) => {
            let mut chain = chain.iter().map(der).collect::<Result<Vec<_>, _>>()?;
            let root = chain.pop();
            let root = root.as_ref().map(webpki::anchor_from_trusted_cert).transpose();
            let root = root.map_err(|error| error.to_string())?;
            verify(&certificate, root.as_slice(), &chain, at)
        }
    })
}

/// Verifies a certificate for any purpose. The dates of roots are not checked.
pub(super) fn verify(
    certificate: &EndEntityCert<'_>,
    roots: &[TrustAnchor<'_>],
    intermediates: &[CertificateDer<'_>],
    at: UnixTime,
) -> Result<(), Error> {
    let algorithms = webpki::ALL_VERIFICATION_ALGS;
    certificate.verify_for_usage(algorithms, roots, intermediates, at, AnyPurpose, None, None).map(drop)
}

struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        Ok(())
    }
}

fn der(certificate: &Certificate) -> Result<CertificateDer<'_>, String> {
    match certificate.encoding {
        CertificateEncoding::Der => Ok(CertificateDer::from_slice(&certificate.data)),
        CertificateEncoding::Pem => CertificateDer::from_pem_slice(&certificate.data)
            .map_err(|error| format!("Certificate PEM data is not valid: {error}")),
    }
}

/// An instant in RFC 3339, cut off at whole seconds.
pub(super) fn instant(text: &str) -> Result<UnixTime, time::error::Parse> {
    let seconds = OffsetDateTime::parse(text, &Rfc3339)?.unix_timestamp();
    // No certificate is from before 1970.
    Ok(UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(seconds).unwrap_or(0))))
}
