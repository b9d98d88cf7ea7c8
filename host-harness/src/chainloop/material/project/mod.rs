//! Materials that Chainloop turns into JSON.

mod accesschk;
mod dranzer;
mod duration;
mod junit;
mod radamsa;
mod room;
mod shapes;
mod sigcheck;
mod trufflehog;
mod xml;

use super::super::kind::Kind;
use super::MaterialError;
use super::error::position;

/// Why a file cannot be made JSON.
#[derive(Debug)]
pub(super) struct Unreadable {
    /// In Chainloop's words.
    pub(super) words: String,
    /// Where, in bytes of the file.
    pub(super) at: Option<usize>,
}

impl Unreadable {
    fn new(words: impl Into<String>) -> Self {
        Self { words: words.into(), at: None }
    }

    fn at(words: impl Into<String>, at: usize) -> Self {
        Self { words: words.into(), at: Some(at) }
    }

    /// With what Chainloop says before it.
    fn within(self, before: &str) -> Self {
        Self { words: format!("{before}: {}", self.words), ..self }
    }
}

/// The JSON that is made of a file of a [projected](Kind::is_projected) kind. `path` is what errors call the file.
pub(super) fn json(kind: Kind, path: &str, content: &[u8]) -> Result<Vec<u8>, Unreadable> {
    match kind {
        Kind::JunitXml => junit::json(path, content),
        Kind::JacocoXml => xml::json(content, None, &shapes::JACOCO),
        Kind::CoberturaXml => xml::json(content, Some("coverage"), &shapes::COBERTURA),
        Kind::SysinternalsSigcheck => sigcheck::json(content),
        Kind::SysinternalsAccesschk => accesschk::json(content),
        Kind::CertccDranzer => dranzer::json(content),
        Kind::RadamsaReport => radamsa::json(content),
        Kind::TrufflehogJson => trufflehog::json(content),
        // An archive of inputs that crashed something; only what describes it can be looked at.
        _ => Ok(b"{}".to_vec()),
    }
}

/// As [`json`], with the errors of an evaluation.
pub(super) fn project(kind: Kind, name: &str, content: &[u8]) -> Result<Vec<u8>, MaterialError> {
    json(kind, name, content).map_err(|error| {
        let before = match kind {
            Kind::JunitXml => "failed to ingest junit xml",
            Kind::JacocoXml => "invalid Jacoco report file",
            Kind::CoberturaXml => "invalid Cobertura report file",
            Kind::SysinternalsSigcheck => "failed to ingest sigcheck report",
            Kind::SysinternalsAccesschk => "invalid accesschk material",
            Kind::CertccDranzer => "invalid dranzer material",
            Kind::RadamsaReport => "invalid radamsa -M metadata log",
            _ => "invalid trufflehog report",
        };
        let Unreadable { words, at } = error.within(before);
        MaterialError { position: at.map(|at| position(content, at)), ..MaterialError::new(name, words) }
    })
}

pub(super) use self::accesschk::looks_like_one as looks_like_accesschk;
pub(super) use self::dranzer::{NO_REPORT, looks_like_one as looks_like_dranzer};
pub(super) use self::sigcheck::has_its_columns;
