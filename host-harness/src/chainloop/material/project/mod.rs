//! Materials that Chainloop turns into JSON.

mod duration;
mod junit;
mod shapes;
mod trufflehog;
mod xml;

use super::super::kind::Kind;
use super::MaterialError;

/// The JSON that is made of a file.
pub(super) fn project(kind: Kind, name: &str, content: &[u8]) -> Result<Vec<u8>, MaterialError> {
    match kind {
        Kind::TrufflehogJson => trufflehog::project(name, content),
        Kind::JunitXml => junit::project(name, content),
        Kind::JacocoXml => xml::project(name, content, "Jacoco", None, &shapes::JACOCO),
        Kind::CoberturaXml => xml::project(name, content, "Cobertura", Some("coverage"), &shapes::COBERTURA),
        // An archive of inputs that crashed something; only what describes it can be looked at.
        Kind::RadamsaCrashes => Ok(b"{}".to_vec()),
        kind => {
            let words = format!("materials of kind {kind} are not supported yet");
            Err(MaterialError::new(name, words).advise(
                "Chainloop makes JSON of them in its own way; to try a policy, write such JSON and evaluate it as EVIDENCE",
            ))
        }
    }
}
