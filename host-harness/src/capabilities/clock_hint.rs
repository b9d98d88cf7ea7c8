//! Certificates that are newer than the clock of a test.

use admit_runtime::outcome::HostCall;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::HostRequest;
use super::world::certificates;

/// What to know about an answer that says that a certificate is not valid yet, when the policy named no time: the clock of a test
/// is fixed, and certificates of these days are newer. Nothing about any other call.
pub fn clock_hint(call: &HostCall) -> Option<String> {
    let said = match &call.answer {
        Ok(answer) => String::from_utf8_lossy(answer),
        Err(text) => text.into(),
    };
    let not_yet = [certificates::NOT_VALID_YET, "CertNotValidYet"];
    if !not_yet.iter().any(|words| said.contains(words)) {
        return None;
    }
    let from = match HostRequest::parse(&call.namespace, &call.operation, &call.payload).ok()? {
        HostRequest::CryptoIsCertificateTrusted { request } if request.not_after.is_none() => {
            let from = certificates::valid_from(&request)?.as_secs();
            let from = OffsetDateTime::from_unix_timestamp(i64::try_from(from).ok()?).ok()?;
            let from = from.format(&Rfc3339).ok()?;
            format!("is valid from {from} on; the policy names no time (`not_after`), so the clock of the world counts")
        }
        HostRequest::SigstoreCertificateVerify { .. } => "is not valid yet by the clock of the world".to_owned(),
        _ => return None,
    };
    Some(format!(
        "the certificate {from}; that stands at 2022-01-01T00:00:00Z unless a world has a `now`, for example \
         `now: 2026-01-01T00:00:00Z`"
    ))
}
