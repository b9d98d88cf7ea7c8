//! Signed statements.

use super::super::super::json::Json;
use super::super::envelope;
use super::documents::small;
use super::proto::{self, ProtoError};
use super::{Refused, fits};

/// What the payload of an envelope has to be.
const IN_TOTO: &str = "application/vnd.in-toto+json";

/// What attestations of Chainloop, and provenance of SLSA, say they are.
const ATTESTATION: &str = "chainloop.dev/attestation/v0.2";
const PROVENANCE: &str = "https://slsa.dev/provenance/v1";

/// An attestation that Chainloop made: an envelope, by itself or in a bundle.
pub(super) fn attestation(bytes: &[u8]) -> Result<(), Refused> {
    let (payload_type, payload) = enveloped(bytes)?;
    if payload_type != IN_TOTO {
        return Err(Refused::new(format!("the payload {payload_type:?} is not of type in-toto"))
            .detail(format!("`payloadType` is not {IN_TOTO:?}")));
    }
    let statement = envelope::decoded(&payload).ok_or_else(|| {
        let why = "unable to base64 decode payload (is payload in the right format?)";
        Refused::new(format!("failed to decode the DSSE payload: {why}"))
    })?;
    let found = predicate(&statement, "failed to parse the DSSE payload as an in-toto statement")?;
    if found == ATTESTATION {
        return Ok(());
    }
    Err(Refused::new(format!("the provided predicate is not a valid chainloop attestation: found={found:?}"))
        .detail("the payload is another statement")
        .advise(format!("an ATTESTATION has the `predicateType` {ATTESTATION:?}")))
}

/// The type and the text of the payload of an envelope.
fn enveloped(bytes: &[u8]) -> Result<(String, String), Refused> {
    let text = |json: &Json<'_>, at: usize, name: &str| {
        proto::field(json, at, name).and_then(|at| json.string(at)).map(|text| text.into_owned()).unwrap_or_default()
    };
    if let Ok(json) = proto::message(bytes, "Bundle")
        && !text(&json, json.start(), "mediaType").is_empty()
    {
        let envelope = proto::field(&json, json.start(), "dsseEnvelope");
        let signed =
            |at: usize| proto::field(&json, at, "signatures").is_some_and(|list| json.items(list).next().is_some());
        return match envelope.filter(|at| signed(*at)) {
            Some(at) => Ok((text(&json, at, "payloadType"), text(&json, at, "payload"))),
            None => Err(Refused::new("the bundle has no `dsseEnvelope` with `signatures`")
                .at(json.start())
                .detail("Chainloop itself crashes on such a bundle (index out of range)")),
        };
    }
    // Chainloop says it twice.
    let failed = |what: &str| {
        let words = "failed to parse the provided file as a DSSE envelope";
        Refused::new(format!("{words}: {words}: {what}"))
    };
    let json = Json::document(bytes).map_err(|error| failed(&error.of_a_document()).syntax(&error, bytes))?;
    fits(&small(), &json, "Envelope").map_err(|error| {
        let words = error.words.replace("materials.Envelope", "dsse.Envelope");
        failed(&words).mismatch(&error)
    })?;
    let found = |name: &str| super::text(&json, json.start(), name);
    Ok((found("payloadType"), found("payload")))
}

/// Provenance in a bundle of Sigstore.
pub(super) fn provenance(bytes: &[u8]) -> Result<(), Refused> {
    let refused = |ProtoError { words, at }: ProtoError| {
        Refused::new(format!("failed to unmarshal bundle: {words}"))
            .detail("it is not a bundle of Sigstore")
            .at(at)
            .advise("SLSA_PROVENANCE is a bundle; an envelope alone can be an ATTESTATION only")
    };
    let json = proto::message(bytes, "Bundle").map_err(refused)?;
    let payload = proto::field(&json, json.start(), "dsseEnvelope").and_then(|at| proto::field(&json, at, "payload"));
    let payload = payload.and_then(|at| json.string(at)).and_then(|text| envelope::decoded(&text)).unwrap_or_default();
    let found = predicate(&payload, "failed to unmarshal statement")?;
    if found == PROVENANCE {
        return Ok(());
    }
    Err(Refused::new(format!("the provided predicate is not a valid SLSA Provenance: found={found:?}"))
        .detail("the payload is another statement")
        .advise(format!("the `predicateType` of SLSA_PROVENANCE is {PROVENANCE:?}")))
}

/// What a statement says it is.
fn predicate(statement: &[u8], failed: &str) -> Result<String, Refused> {
    let json = proto::message(statement, "Statement").map_err(|error| {
        Refused::new(format!("{failed}: {}", error.words)).detail("the payload is not a statement of in-toto")
    })?;
    let found = proto::field(&json, json.start(), "predicateType").and_then(|at| json.string(at));
    Ok(found.map(|text| text.into_owned()).unwrap_or_default())
}
