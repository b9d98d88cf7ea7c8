//! Taking the statement out of a signed attestation.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use super::super::json::Json;
use super::MaterialError;

/// The payload of an envelope, or of the envelope in a Sigstore bundle, which has a `mediaType`.
pub(super) fn payload(name: &str, bytes: &[u8]) -> Result<Vec<u8>, MaterialError> {
    let failed = |what: String| {
        let words =
            format!("failed to extract DSSE envelope: failed to parse the provided file as a DSSE envelope: {what}");
        MaterialError::new(name, words)
    };
    let json = Json::document(bytes).map_err(|error| {
        let position = super::error::position(bytes, error.at().unwrap_or(bytes.len()));
        MaterialError { position: Some(position), ..failed(error.of_a_document()) }
    })?;
    let root = json.start();
    if json.byte(root) != b'{' {
        return Err(failed("it is not a JSON object".to_owned()));
    }
    let filled = |object: usize, key: &str| json.member(object, key).and_then(|at| json.string(at));
    let bundle = filled(root, "mediaType").is_some_and(|kind| !kind.is_empty());
    let envelope = if bundle { json.member(root, "dsseEnvelope") } else { Some(root) };
    let payload = envelope.and_then(|envelope| filled(envelope, "payload")).filter(|payload| !payload.is_empty());
    let Some(payload) = payload else {
        let place = if bundle { "`dsseEnvelope.payload`" } else { "`payload`" };
        return Err(failed(format!("it has no {place}"))
            .advise("an ATTESTATION is a DSSE envelope or a Sigstore bundle; for other documents use another kind"));
    };
    decoded(&payload)
        .ok_or_else(|| MaterialError::new(name, "failed to decode attestation material: the payload is not base64"))
}

/// What a text in base64 stands for, in either alphabet.
pub(super) fn decoded(text: &str) -> Option<Vec<u8>> {
    let text: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    STANDARD.decode(&text).or_else(|_| URL_SAFE.decode(&text)).ok()
}
