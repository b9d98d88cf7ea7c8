//! The kinds of materials.

use std::fmt;
use std::str::FromStr;

use crate::input::nearest;

/// What the content of a material is, as far as its kind says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// No file: the material is the text itself.
    Text,
    /// No file: the material is a reference to an image.
    Image,
    /// A file that is a JSON document.
    Json,
    /// A file that a policy can be asked about only if it is JSON, which its kind does not promise.
    Any,
    /// A file that Chainloop turns into JSON before a policy sees it.
    Projected,
}

macro_rules! kinds {
    ($($variant:ident $name:literal $form:ident,)*) => {
        /// A kind of material, by which Chainloop selects the scripts of a policy.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Kind {
            $(#[doc = concat!("`", $name, "`.")] $variant,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The names of all kinds, in the same order.
            pub(super) const NAMES: &[&str] = &[$($name),*];

            /// The name in policy files and on command lines.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What materials of this kind are made of.
            pub fn form(self) -> Form {
                match self { $(Self::$variant => Form::$form,)* }
            }
        }
    };
}

kinds! {
    String "STRING" Text,
    ContainerImage "CONTAINER_IMAGE" Image,
    Artifact "ARTIFACT" Any,
    SbomCyclonedxJson "SBOM_CYCLONEDX_JSON" Json,
    SbomSpdxJson "SBOM_SPDX_JSON" Json,
    JunitXml "JUNIT_XML" Projected,
    Openvex "OPENVEX" Json,
    HelmChart "HELM_CHART" Any,
    Sarif "SARIF" Json,
    Evidence "EVIDENCE" Any,
    Attestation "ATTESTATION" Json,
    CsafVex "CSAF_VEX" Json,
    CsafInformationalAdvisory "CSAF_INFORMATIONAL_ADVISORY" Json,
    CsafSecurityAdvisory "CSAF_SECURITY_ADVISORY" Json,
    CsafSecurityIncidentResponse "CSAF_SECURITY_INCIDENT_RESPONSE" Json,
    GitlabSecurityReport "GITLAB_SECURITY_REPORT" Json,
    ZapDastZip "ZAP_DAST_ZIP" Any,
    BlackduckScaJson "BLACKDUCK_SCA_JSON" Json,
    TwistcliScanJson "TWISTCLI_SCAN_JSON" Json,
    GhasCodeScan "GHAS_CODE_SCAN" Json,
    GhasSecretScan "GHAS_SECRET_SCAN" Json,
    GhasDependencyScan "GHAS_DEPENDENCY_SCAN" Json,
    JacocoXml "JACOCO_XML" Projected,
    SlsaProvenance "SLSA_PROVENANCE" Json,
    ChainloopRunnerContext "CHAINLOOP_RUNNER_CONTEXT" Json,
    ChainloopPrInfo "CHAINLOOP_PR_INFO" Json,
    GitleaksJson "GITLEAKS_JSON" Json,
    ChainloopAiAgentConfig "CHAINLOOP_AI_AGENT_CONFIG" Json,
    ChainloopAiCodingSession "CHAINLOOP_AI_CODING_SESSION" Json,
    OpenapiSpec "OPENAPI_SPEC" Any,
    AsyncapiSpec "ASYNCAPI_SPEC" Any,
    GraphqlSpec "GRAPHQL_SPEC" Any,
    YelpDetectSecretsBaseline "YELP_DETECT_SECRETS_BASELINE" Json,
    SysinternalsSigcheck "SYSINTERNALS_SIGCHECK" Projected,
    SysinternalsAccesschk "SYSINTERNALS_ACCESSCHK" Projected,
    CertccDranzer "CERTCC_DRANZER" Projected,
    OssfScorecardJson "OSSF_SCORECARD_JSON" Json,
    RadamsaReport "RADAMSA_REPORT" Projected,
    RadamsaCrashes "RADAMSA_CRASHES" Projected,
    TrufflehogJson "TRUFFLEHOG_JSON" Projected,
    CoberturaXml "COBERTURA_XML" Projected,
    CheckmarxJson "CHECKMARX_JSON" Json,
}

impl Kind {
    /// Whether materials of this kind are JSON documents as they are.
    pub fn is_json(self) -> bool {
        self.form() == Form::Json
    }

    /// Whether Chainloop makes JSON of materials of this kind before a policy sees them.
    pub fn is_projected(self) -> bool {
        self.form() == Form::Projected
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that is the name of no kind. Displays in Chainloop's words, with the nearest name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKind {
    /// The word.
    pub word: String,
    /// The kind that was probably meant.
    pub nearest: Option<&'static str>,
}

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The word can be a whole document, so only its beginning is shown.
        let word: String = self.word.chars().take(60).collect();
        write!(f, "invalid material kind: {word}")?;
        match self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => write!(f, "; kinds are words like `SBOM_CYCLONEDX_JSON`, `CONTAINER_IMAGE` and `EVIDENCE`"),
        }
    }
}

impl std::error::Error for UnknownKind {}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        let found = Self::ALL.iter().find(|kind| kind.name() == word);
        found.copied().ok_or_else(|| UnknownKind { word: word.to_owned(), nearest: nearest(word, Self::NAMES) })
    }
}
