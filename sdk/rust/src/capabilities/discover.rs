//! The capability `chainloop/discover`: artifacts that Chainloop knows, and their references.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::host::{Host, HostError};
#[cfg(all(target_arch = "wasm32", not(test), feature = "chainloop"))]
use crate::imports::extism::discover as import;
use crate::json::{self, Document};
use crate::wire::chainloop::{CHAINLOOP, DISCOVER};

/// Stands for the import in native builds, where there is no Chainloop. Fake hosts do not use it.
#[cfg(not(all(target_arch = "wasm32", not(test), feature = "chainloop")))]
fn import(_: &str, _: &str) -> Result<Vec<u8>, String> {
    Err("there is no Chainloop here".to_owned())
}

/// An artifact that Chainloop knows, with its references. Fields that Chainloop leaves out are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Artifact {
    /// `sha256:` and the digest.
    pub digest: String,
    /// Its kind, for example `ATTESTATION` or `SBOM_CYCLONEDX_JSON`.
    pub kind: String,
    /// Whether it can be downloaded.
    pub downloadable: bool,
    /// The artifacts that it refers to, and those that refer to it.
    pub references: Vec<Artifact>,
    /// Chainloop's metadata of the artifact. Attestations have, among others: `name`, `project`, `organization`, and
    /// `hasPolicyViolations`, which is `"true"` or `"false"`.
    pub metadata: BTreeMap<String, String>,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
}

impl Host {
    /// Asks Chainloop what it knows about an artifact (`chainloop/discover`), by its digest (`sha256:…`).
    ///
    /// Upstream's `policy develop lint` refuses modules that can ask this; running them is no problem.
    ///
    /// ```
    /// # use admit::prelude::*;
    /// fn attestations(host: &Host, digest: &str) -> Result<usize, Error> {
    ///     let artifact = host.discover(digest)?;
    ///     Ok(artifact.references.iter().filter(|reference| reference.kind == "ATTESTATION").count())
    /// }
    /// # let host = Host::new(|_: &str, _: &str, _: &[u8]| Ok(br#"{"references":[{"kind":"ATTESTATION"}]}"#.to_vec()));
    /// # assert_eq!(attestations(&host, "sha256:abc")?, 1);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When Chainloop does not know the artifact or cannot be asked: it does not tell the two apart.
    pub fn discover(&self, digest: &str) -> Result<Artifact, HostError> {
        self.discover_kind(digest, "")
    }

    /// As [`discover`](Self::discover), for a digest that artifacts of several kinds share: `kind` selects one of them, for
    /// example `ATTESTATION`.
    ///
    /// # Errors
    ///
    /// As [`discover`](Self::discover).
    pub fn discover_kind(&self, digest: &str, kind: &str) -> Result<Artifact, HostError> {
        let answer = self.calls().discover(import, digest, kind);
        let answer = answer.map_err(|text| HostError::from_host(CHAINLOOP, DISCOVER, text))?;
        let read = match Document::parse(answer) {
            Ok(document) => document.root().decode(),
            Err(error) => Err(json::Error::new(format!("it is not JSON: {error}"))),
        };
        read.map_err(|error| HostError::invalid_answer(CHAINLOOP, DISCOVER, &error))
    }
}
