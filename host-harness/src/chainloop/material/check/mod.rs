//! Whether a file is what its kind says: what Chainloop looks at before it records a material.
//!
//! A policy is never asked about a file that does not pass here. Each kind has its own rules, some strict, some hardly any,
//! and its own words; ours about what is wrong, and where, are put behind them.

mod chainloop;
mod documents;
mod graphql;
mod missing;
mod packages;
mod proto;
mod sbom;
mod scans;
mod schema;
mod specifications;
mod statements;
mod yaml;

#[cfg(test)]
mod tests;

use super::super::go::{Mismatch, Types};
use super::super::json::{Json, SyntaxError};
use super::super::kind::Kind;
use super::MaterialError;
use super::project::Unreadable;
use crate::input::with_deep_stack;

pub(super) use missing::missing;

/// What Chainloop says at the end of most of its errors about a file that is not of its kind.
const TYPE: &str = "unexpected material type";

/// Why a file is not of its kind.
#[derive(Debug)]
pub(super) struct Refused {
    /// In Chainloop's words.
    words: String,
    /// In ours.
    detail: Option<String>,
    /// Where, in bytes of the file.
    at: Option<usize>,
    advice: Option<String>,
}

impl Refused {
    /// With Chainloop's words, and only those.
    fn new(words: impl Into<String>) -> Self {
        Self { words: words.into(), detail: None, at: None, advice: None }
    }

    /// With Chainloop's words before the usual ones.
    fn of_type(words: &str) -> Self {
        Self::new(format!("{words}: {TYPE}"))
    }

    fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    fn at(self, at: usize) -> Self {
        Self { at: Some(at), ..self }
    }

    fn advise(self, advice: impl Into<String>) -> Self {
        Self { advice: Some(advice.into()), ..self }
    }

    /// Because the text is not JSON.
    fn syntax(self, error: &SyntaxError, text: &[u8]) -> Self {
        let place = error.at().unwrap_or(text.len());
        self.detail(format!("not valid JSON: {}", error.of_a_document())).at(place)
    }

    /// Because a value is of another type than Chainloop reads there.
    fn mismatch(self, mismatch: &Mismatch) -> Self {
        self.detail(format!("{}: {}", mismatch.path, mismatch.words)).at(mismatch.at)
    }

    /// Because it could not be made JSON.
    fn unreadable(self, error: Unreadable) -> Self {
        Self { at: error.at, ..self.detail(error.words) }
    }

    fn error(self, kind: Kind, path: &str, bytes: &[u8]) -> MaterialError {
        let Self { words, detail, at, advice } = self;
        MaterialError {
            position: at.map(|at| super::error::position(bytes, at)),
            detail,
            advice,
            ..MaterialError::crafting(kind, path, &words)
        }
    }
}

/// Whether Chainloop would record this file as a material of this kind.
///
/// `path` is the file as it is named on the command line, which some of Chainloop's texts repeat; `bytes` is all that is in
/// it. A [`Kind::String`] can be anything. A [`Kind::ContainerImage`] is no file: see [`Material::open`](super::Material::open).
///
/// # Errors
///
/// What the file is not, in Chainloop's words, with what is wrong in ours behind them.
pub fn check(kind: Kind, path: &str, bytes: &[u8]) -> Result<(), MaterialError> {
    // A document may be nested deep, and every level takes some of the stack.
    with_deep_stack(|| of_kind(kind, path, bytes).and_then(|()| not_empty(kind, bytes)))
        .map_err(|why| MaterialError::crafting(kind, path, &why))?
        .map_err(|refused| refused.error(kind, path, bytes))
}

fn of_kind(kind: Kind, path: &str, bytes: &[u8]) -> Result<(), Refused> {
    match kind {
        Kind::String | Kind::ContainerImage | Kind::Artifact | Kind::Evidence => Ok(()),
        Kind::SbomCyclonedxJson => sbom::cyclonedx(bytes),
        Kind::SbomSpdxJson => sbom::spdx(bytes),
        Kind::JunitXml => scans::junit(path, bytes),
        Kind::JacocoXml => scans::jacoco(bytes),
        Kind::CoberturaXml => scans::cobertura(bytes),
        Kind::SysinternalsSigcheck => scans::sigcheck(bytes),
        Kind::SysinternalsAccesschk => scans::accesschk(bytes),
        Kind::CertccDranzer => scans::dranzer(bytes),
        Kind::RadamsaReport => scans::radamsa_report(bytes),
        Kind::RadamsaCrashes => scans::radamsa_crashes(bytes),
        Kind::TrufflehogJson => scans::trufflehog(bytes),
        Kind::HelmChart => packages::helm_chart(bytes),
        Kind::ZapDastZip => packages::zap(bytes),
        Kind::Openvex => documents::openvex(bytes),
        Kind::Sarif => documents::sarif(bytes),
        Kind::GitlabSecurityReport => documents::gitlab(bytes),
        Kind::BlackduckScaJson => documents::blackduck(bytes),
        Kind::TwistcliScanJson => documents::twistcli(bytes),
        Kind::GhasCodeScan => documents::alerts(bytes, "Alert", "code scan", "tool", "tool"),
        Kind::GhasSecretScan => {
            documents::alerts(bytes, "SecretScanningAlert", "secret scan", "secret_type", "secret type")
        }
        Kind::GhasDependencyScan => {
            documents::alerts(bytes, "DependabotAlert", "dependency scan", "dependency", "dependency")
        }
        Kind::GitleaksJson => documents::gitleaks(bytes),
        Kind::YelpDetectSecretsBaseline => documents::detect_secrets(bytes),
        Kind::CheckmarxJson => documents::checkmarx(bytes),
        Kind::OssfScorecardJson => specifications::scorecard(bytes),
        Kind::CsafVex => specifications::csaf(bytes, "csaf_vex"),
        Kind::CsafInformationalAdvisory => specifications::csaf(bytes, "csaf_informational_advisory"),
        Kind::CsafSecurityAdvisory => specifications::csaf(bytes, "csaf_security_advisory"),
        Kind::CsafSecurityIncidentResponse => specifications::csaf(bytes, "csaf_security_incident_response"),
        Kind::OpenapiSpec => specifications::openapi(bytes),
        Kind::AsyncapiSpec => specifications::asyncapi(bytes),
        Kind::GraphqlSpec => graphql::check(bytes),
        Kind::Attestation => statements::attestation(bytes),
        Kind::SlsaProvenance => statements::provenance(bytes),
        Kind::ChainloopRunnerContext => chainloop::runner_context(bytes),
        Kind::ChainloopPrInfo => chainloop::pr_info(bytes),
        Kind::ChainloopAiAgentConfig => chainloop::ai_agent_config(bytes),
        Kind::ChainloopAiCodingSession => chainloop::ai_coding_session(bytes),
    }
}

/// What is said of an empty file that passes its kind's own check.
fn not_empty(kind: Kind, bytes: &[u8]) -> Result<(), Refused> {
    // A report of no secrets: TruffleHog writes nothing then.
    let may_be = matches!(kind, Kind::String | Kind::ContainerImage | Kind::TrufflehogJson);
    if bytes.is_empty() && !may_be { Err(Refused::new(EMPTY).detail("there is nothing in it")) } else { Ok(()) }
}

/// What is said of an empty file.
pub(super) const EMPTY: &str = "upload and craft error: file is empty";

/// A document that has to be one JSON value.
fn document<'t>(bytes: &'t [u8], refused: &dyn Fn() -> Refused) -> Result<Json<'t>, Refused> {
    Json::document(bytes).map_err(|error| refused().syntax(&error, bytes))
}

/// Whether a document fits a type that none of its values reads in a way of its own.
fn fits(types: &Types, json: &Json<'_>, kind: &str) -> Result<(), Mismatch> {
    types.check(json, json.start(), kind, |_, _| Ok(()))
}

/// The text of a field; empty if it is not there.
fn text(json: &Json<'_>, object: usize, name: &str) -> String {
    let found = super::super::go::field(json, object, name).and_then(|at| json.string(at));
    found.map(|text| text.into_owned()).unwrap_or_default()
}
