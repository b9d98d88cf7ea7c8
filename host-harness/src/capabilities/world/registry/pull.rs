//! What a registry serves.

use serde_json::{Value, json};

use super::content::{Content, Single, platform_of};
use super::{Known, PLATFORM, failure};
use crate::capabilities::CallError;

/// The answer of `manifest_digest`.
pub(super) fn digest(known: &Known) -> Value {
    json!({"digest": known.digest})
}

/// The answer of `oci_manifest`: the manifest or the index, as it is.
pub(super) fn manifest(known: &Known, image: &str, world: &str) -> Result<Value, CallError> {
    match &known.content {
        Some(Content::Single(Single { manifest, .. })) => Ok(manifest.clone()),
        Some(Content::Index { index, .. }) => Ok(index.clone()),
        None => Err(lacks(world, image, "manifest", "manifest: {file: manifest.json}")),
    }
}

/// The answer of `oci_manifest_config`, for [`PLATFORM`].
pub(super) fn manifest_and_config(known: &Known, image: &str, world: &str) -> Result<Value, CallError> {
    let (digest, single) = match &known.content {
        None => {
            return Err(lacks(
                world,
                image,
                "manifest",
                "manifest: {file: manifest.json}, config: {file: config.json}",
            ));
        }
        Some(Content::Single(single)) => (&known.digest, single),
        Some(Content::Index { index, platforms }) => match platforms.get(PLATFORM) {
            Some((digest, single)) => (digest, single),
            None if descriptors(index).any(|descriptor| platform_of(descriptor).as_deref() == Some(PLATFORM)) => {
                let entry = format!("platforms: {{{PLATFORM}: {{manifest: {{file: …}}, config: {{file: …}}}}}}");
                return Err(lacks(world, image, &format!("content for {PLATFORM}"), &entry));
            }
            None => {
                let text = "Image manifest not found: no entry found in image index manifest matching client's default platform";
                return Err(failure(text));
            }
        },
    };
    match &single.config {
        Some(config) => Ok(json!({"manifest": single.manifest, "digest": digest, "config": config})),
        None => Err(lacks(world, image, "config", "config: {file: config.json}")),
    }
}

fn descriptors(index: &Value) -> impl Iterator<Item = &Value> {
    index["manifests"].as_array().into_iter().flatten()
}

fn lacks(world: &str, image: &str, what: &str, entry: &str) -> CallError {
    CallError::Unanswerable(format!(
        "{world} has the image `{image}`, but no {what} of it; add to its entry\n  {entry}"
    ))
}
