//! Images in a folder: OCI layouts.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::super::kind::Kind;
use super::MaterialError;
use super::image::{Image, Signature};
use crate::file::{MAX_DOCUMENT, read};

/// Where a layout says that it is one.
const MARK: &str = "oci-layout";

/// The image in the layout that `argument` names: a folder, and behind `@` a digest if there are several images in it.
/// `None` if there is no such folder.
pub(super) fn open(argument: &str) -> Result<Option<Image>, MaterialError> {
    let (folder, digest) = match argument.rsplit_once('@') {
        Some((folder, digest)) => (folder, Some(digest)),
        None => (argument, None),
    };
    let path = Path::new(folder);
    if !path.is_dir() || !path.join(MARK).exists() {
        return Ok(None);
    }
    let refused = |words: &str| MaterialError::crafting(Kind::ContainerImage, folder, words);
    let file = path.join("index.json");
    let text = read(&file, MAX_DOCUMENT)
        .map_err(|error| refused(&format!("failed to read image index: open {}: {error}", file.display())))?;
    let index: Value = serde_json::from_slice(&text).map_err(|error| {
        refused(&format!("failed to read index manifest: {error}")).explain("index.json is not valid JSON")
    })?;
    let manifests = index["manifests"].as_array().map(Vec::as_slice).unwrap_or_default();
    let of = |manifest: &Value| manifest["digest"].as_str().unwrap_or_default().to_owned();
    let found = match (digest, manifests) {
        (_, []) => return Err(refused("no manifests found in OCI layout").explain("its index.json lists no image")),
        (Some(digest), all) => all.iter().find(|manifest| of(manifest) == digest).ok_or_else(|| {
            refused(&format!("digest {digest} not found in OCI layout"))
                .explain(format!("it has {}", listed(all.iter().map(of))))
        })?,
        (None, [one]) => one,
        (None, all) => {
            return Err(refused(&format!(
                "OCI layout contains {} images, please specify which one to use with @digest. Available digests: {}",
                all.len(),
                listed(all.iter().map(of))
            )));
        }
    };
    let annotation = |key: &str| found["annotations"][key].as_str();
    let name =
        ["org.opencontainers.image.ref.name", "org.opencontainers.image.base.name"].into_iter().find_map(annotation);
    // What containerd calls the image may have the port of a registry in it.
    let tag = annotation("io.containerd.image.name").and_then(super::image::tag).unwrap_or_default();
    Ok(Some(Image {
        repository: format!("{MARK}:{}", name.unwrap_or("unknown")),
        digest: of(found),
        tag,
        signature: manifests.iter().find_map(|manifest| signature(manifest, &of(found))),
        is_latest: false,
    }))
}

/// How many digests an error lists.
const LISTED: usize = 20;

/// The first of these digests, and how many more there are.
fn listed(digests: impl ExactSizeIterator<Item = String>) -> String {
    let more = digests.len().saturating_sub(LISTED);
    let shown: Vec<String> = digests.take(LISTED).map(|digest| digest.chars().take(100).collect()).collect();
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The signature of the image with this digest, if a manifest is one.
fn signature(manifest: &Value, digest: &str) -> Option<Signature> {
    if manifest["annotations"]["org.opencontainers.image.base.digest"].as_str() != Some(digest) {
        return None;
    }
    let provider = match manifest["artifactType"].as_str()? {
        "application/vnd.dev.cosign.simplesigning.v1+json" => "cosign",
        "application/vnd.cncf.notary.signature" => "notary",
        _ => return None,
    };
    // The whole descriptor is what is kept of it.
    let payload = STANDARD.encode(manifest.to_string());
    let digest = manifest["digest"].as_str().unwrap_or_default().to_owned();
    Some(Signature { provider: provider.to_owned(), digest, payload })
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn of_many_digests_the_first_are_listed() {
        assert_eq!(listed(["a", "b"].into_iter().map(str::to_owned)), "a, b");
        let many = listed((0..1_000_000_usize).map(|_| "x".repeat(1_000)));
        assert!(many.len() < 3_000 && many.ends_with(" and 999980 more"), "{} bytes", many.len());
    }
}
