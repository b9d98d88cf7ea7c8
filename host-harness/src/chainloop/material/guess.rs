//! Which kind a material is when nobody says.

use std::path::Path;

use super::{Material, MaterialError, check};
use crate::chainloop::kind::Kind;
use crate::file::{MAX_MATERIAL, Refused, read};

/// The kinds that a material may be taken for, in the order in which they are tried: those with a check of their own, then
/// what accepts anything.
const ORDER: [Kind; 31] = [
    Kind::Openvex,
    Kind::SbomCyclonedxJson,
    Kind::SbomSpdxJson,
    Kind::CsafVex,
    Kind::CsafInformationalAdvisory,
    Kind::CsafSecurityAdvisory,
    Kind::CsafSecurityIncidentResponse,
    Kind::GitlabSecurityReport,
    Kind::GitleaksJson,
    Kind::YelpDetectSecretsBaseline,
    Kind::SysinternalsSigcheck,
    Kind::OssfScorecardJson,
    Kind::OpenapiSpec,
    Kind::AsyncapiSpec,
    Kind::GraphqlSpec,
    Kind::JunitXml,
    Kind::JacocoXml,
    Kind::CoberturaXml,
    Kind::HelmChart,
    Kind::Sarif,
    Kind::BlackduckScaJson,
    Kind::TwistcliScanJson,
    Kind::ZapDastZip,
    Kind::SlsaProvenance,
    Kind::ChainloopRunnerContext,
    Kind::ChainloopAiAgentConfig,
    Kind::ChainloopAiCodingSession,
    Kind::Attestation,
    Kind::ContainerImage,
    Kind::Artifact,
    Kind::String,
];

impl Kind {
    /// Whether a material may be taken for this kind when nobody says what it is.
    pub fn is_guessed(self) -> bool {
        ORDER.contains(&self)
    }
}

impl Material {
    /// The material that `argument` names, of the first kind that accepts it: Chainloop's guess, in Chainloop's order, with
    /// the name that Chainloop gives to materials whose kind nobody said.
    ///
    /// What is no file is an image, if it is a reference with a digest (no registry is asked whether there is such an image) or
    /// the folder of an OCI layout, or a text.
    ///
    /// # Errors
    ///
    /// A file that is not read: a device, a pipe, or one that is too large.
    pub fn guess(argument: &str) -> Result<Self, MaterialError> {
        let path = Path::new(argument);
        let bytes = match read(path, MAX_MATERIAL) {
            Ok(bytes) => Some(bytes),
            Err(error) => match Refused::of(&error) {
                Some(refused) => return Err(MaterialError::refused(argument, refused)),
                None => None,
            },
        };
        let passes = |kind: &Kind| match (kind, &bytes) {
            (Kind::String, _) => true,
            (Kind::ContainerImage, None) => Self::open(*kind, argument).is_ok(),
            (Kind::ContainerImage, Some(_)) | (_, None) => false,
            (kind, Some(bytes)) => check(*kind, argument, bytes).is_ok(),
        };
        let kind = ORDER.iter().copied().find(passes).unwrap_or(Kind::String);
        let name = path.file_name().map_or(argument.into(), |name| name.to_string_lossy());
        let found = match bytes {
            Some(bytes) if kind != Kind::String => Self::bytes(kind, name, bytes),
            _ => Self::open(kind, argument),
        };
        // What passed is a material; what is not can be a text.
        Ok(found.unwrap_or_else(|_| Self::text(argument)).detected())
    }
}
