//! The registries of a world.

mod content;
mod pull;
mod read;
mod signatures;
mod verify;
mod yaml;

use std::collections::BTreeMap;
use std::sync::Arc;

use oci_spec::distribution::Reference;
use rustls_pki_types::UnixTime;
use serde_json::Value;

pub(super) use read::Reader;

use super::{miss, short};
use crate::capabilities::{CallError, HostRequest, callback_failure};
use content::Content;
use signatures::Signature;

/// The platform that indexes are resolved for, on every machine.
const PLATFORM: &str = "linux/amd64";

/// Images by reference, each by its tag and by its digest.
pub(super) struct Registry(BTreeMap<String, Arc<Image>>);

enum Image {
    Known(Known),
    /// The registry fails with this text.
    Failing(String),
}

struct Known {
    digest: String,
    /// `None`: only the digest is known.
    content: Option<Content>,
    /// `None` when the world does not say whether it is signed.
    signatures: Option<Vec<Signature>>,
}

impl Registry {
    /// Answers what is asked about an image.
    pub(super) fn answer(&self, request: &HostRequest, now: UnixTime, world: &str) -> Result<Value, CallError> {
        match request {
            HostRequest::OciManifestDigest { image } => self.pulled(image, world).map(pull::digest),
            HostRequest::OciManifest { image } => pull::manifest(self.pulled(image, world)?, image, world),
            HostRequest::OciManifestAndConfig { image } => {
                pull::manifest_and_config(self.pulled(image, world)?, image, world)
            }
            verify => self.verify(verify, now, world),
        }
    }

    fn pulled(&self, image: &str, world: &str) -> Result<&Known, CallError> {
        self.find(image, world, |error| error)
    }

    /// The image of a reference; `invalid` gives upstream's error for a reference that is not valid.
    fn find(&self, image: &str, world: &str, invalid: impl Fn(String) -> String) -> Result<&Known, CallError> {
        let name = image.strip_prefix("registry://").unwrap_or(image);
        let reference = name.parse::<Reference>().map_err(|error| failure(&invalid(error.to_string())))?;
        let key = key(&reference);
        match self.0.get(&key).map(Arc::as_ref) {
            Some(Image::Known(known)) => Ok(known),
            Some(Image::Failing(text)) => Err(failure(text)),
            None => {
                let key = short(&key);
                let entry = format!("registry: {{\"{key}\": {{manifest: …, config: …, signatures: []}}}}");
                Err(miss(world, "image", key, self.0.keys().map(String::as_str), &entry))
            }
        }
    }
}

/// The key of an image: a reference with a digest is found by the digest, and its tag is ignored.
fn key(reference: &Reference) -> String {
    match (reference.digest(), reference.tag()) {
        (Some(digest), _) => by_digest(reference, digest),
        (None, tag) => {
            format!("{}/{}:{}", reference.registry(), reference.repository(), tag.unwrap_or("latest"))
        }
    }
}

fn by_digest(reference: &Reference, digest: &str) -> String {
    format!("{}/{}@{digest}", reference.registry(), reference.repository())
}

fn failure(text: &str) -> CallError {
    callback_failure(text).into()
}
