//! Policies on [Chainloop](https://chainloop.dev), feature `chainloop`.
//!
//! Chainloop evaluates policies on the *materials* of an attestation: SBOMs, scan reports, attestations, container images.
//! A policy for materials takes [`Material<T>`](Material) in place of a request and returns an [`Evaluation`]:
//!
//! ```
//! use admit::prelude::*;
//!
//! /// A CycloneDX document, as far as the policy looks at it.
//! #[derive(Deserialize)]
//! struct Sbom {
//!     #[serde(default)]
//!     components: Vec<Component>,
//! }
//!
//! #[derive(Deserialize)]
//! struct Component {
//!     name: String,
//!     version: Option<String>,
//! }
//!
//! /// The policy's args.
//! #[derive(Default, Deserialize, Settings)]
//! #[serde(default)]
//! struct Args {
//!     /// Components that need no version.
//!     exempt: Vec<String>,
//! }
//!
//! #[admit::policy]
//! fn check(sbom: &Material<Sbom>, args: &Args) -> Evaluation {
//!     let mut evaluation = Evaluation::success();
//!     for component in &sbom.components {
//!         if component.version.is_none() && !args.exempt.contains(&component.name) {
//!             evaluation.add(format!("component `{}` has no version", component.name));
//!         }
//!     }
//!     evaluation
//! }
//!
//! let sbom = Material::from_json(r#"{"components": [{"name": "lodash"}]}"#)?;
//! assert_eq!(check(&sbom, &Args::default()).violations(), ["component `lodash` has no version"]);
//! # Ok::<(), admit::Error>(())
//! ```
//!
//! # Admission policies as Chainloop policies
//!
//! A policy that takes [`Request`](crate::Request) evaluates materials that hold Kubernetes manifests: one object, a
//! `List`, or an array of objects. Each becomes a request for CREATE; rejections become violations, which name the object
//! and the JSON pointer. The policy is asked about the objects that the `rules` in `[package.metadata.admit]` name, as in a
//! cluster, and about all of them where there are no rules. A material without such an object is skipped, with the reason.
//! Warnings go to the log, and so does the fact that the policy would mutate an object. Audit annotations have no place. The
//! policy's settings are read from the args: see [below](#args).
//!
//! A policy that takes [`Raw<T>`](crate::Raw) is asked about the material's document.
//!
//! # Documents
//!
//! Chainloop sends every JSON document as an object: arrays as `{"elements": […]}`, all with the key `chainloop_metadata`.
//! Policies see the document as it was: types are decoded, raw requests and manifests are made without that key (only
//! [`Material::value`] still shows it), and an array is an array again, reports of tests (JUnit) among them. Where the
//! original content is not in the metadata, an object whose only key is `elements` counts as an array.
//!
//! # Args
//!
//! The args of a policy are strings, or arrays of strings. They are read into any type that derives
//! [`Settings`](trait@crate::Settings): `true` and `false`, numbers and names of variants from a string; an array from one
//! string or several; an object (a nested struct or a map) from its JSON text, whose commas are to be written `\,` because
//! Chainloop makes arrays of strings at commas. Or take them as they are: [`Args`].
//!
//! # Errors and panics
//!
//! What the function returns as an error, and what it panics with, becomes an error of the evaluation with its text in one
//! line. Nothing is skipped or let through by it.

mod args;
mod bridge;
mod document;
mod evaluation;
mod execute;
mod findings;
mod manifest;
mod material;
mod output;
#[cfg(test)]
mod tests;

pub use args::{Arg, Args};
pub use evaluation::Evaluation;
#[doc(hidden)]
pub use execute::Execute;
pub use findings::{LicenseViolation, Sast, Severity, Violation, Vulnerability};
pub use manifest::Rule;
pub use material::{Annotations, Material, MaterialMetadata};
pub use output::Output;

use crate::error::Error;
use crate::json::Document;

/// Key of the material beside the args.
const MATERIAL: &str = "material";

/// Key that Chainloop adds to every material.
const METADATA: &str = "chainloop_metadata";

/// The beginning of a payload, up to the material. `args` is the JSON of the args, empty when Chainloop gives none.
#[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "natively only tests make payloads"))]
pub(crate) fn payload_start(args: &[u8]) -> Vec<u8> {
    let args = if args.is_empty() { b"{}" } else { args };
    [br#"{"args":"#, args, br#","material":"#].concat()
}

/// Completes and reads a payload: the first `start` bytes are those of [`payload_start`], the rest is the material.
///
/// # Errors
///
/// When the material is empty or not JSON.
#[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "natively only tests make payloads"))]
pub(crate) fn payload(mut bytes: Vec<u8>, start: usize) -> Result<Document, Error> {
    if bytes.len() == start {
        return Err(Error::new("the material is empty"));
    }
    bytes.push(b'}');
    Document::parse(bytes).map_err(|error| {
        // An error in the first line: its column is counted from the beginning of the material, not of the payload.
        let column = error.column() as usize;
        let error = match error.line() {
            1 if column > start => format!("{} at line 1 column {}", error.message(), column - start),
            _ => error.to_string(),
        };
        Error::new(format!("the material is not JSON: {error}"))
    })
}
