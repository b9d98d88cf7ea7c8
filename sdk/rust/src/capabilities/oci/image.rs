//! `oci/v1/oci_manifest` and `oci/v1/oci_manifest_config`

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::{Answer, Call, missing};
use super::{ImageManifest, Manifest};
use crate::host::{Host, HostError};
use crate::json::{self, Document, Value};

/// A request for a manifest; comes from [`Oci::oci_manifest`](super::Oci::oci_manifest).
#[derive(Clone, Copy, Debug)]
#[must_use = "the host is asked by `get` or `fetch`"]
pub struct OciManifest<'h, 'a> {
    pub(super) host: &'h Host,
    pub(super) image: &'a str,
}

impl<'h> OciManifest<'h, '_> {
    /// Asks the host, and decodes the manifest into a type of the author's, for example `ImageManifest` or `ImageIndex` of
    /// oci-spec.
    ///
    /// # Errors
    ///
    /// When the host refuses or fails, or the manifest does not have the shape of `T`.
    pub fn get<T: DeserializeOwned>(self) -> Result<T, HostError> {
        self.send()?.decode()
    }

    /// Asks the host, and keeps the manifest as it came.
    ///
    /// # Errors
    ///
    /// When the host refuses or fails, or the answer is neither the manifest of an image nor an index.
    pub fn fetch(self) -> Result<ManifestDocument, HostError> {
        self.send()?.checked(|root| Manifest::read(root).map(drop)).map(ManifestDocument)
    }

    fn send(self) -> Result<Answer<'h>, HostError> {
        Call::new(self.host, "oci", "v1/oci_manifest").send(&self.image)
    }
}

/// A manifest, not decoded: all of the JSON that the host sent.
#[derive(Clone, Debug)]
pub struct ManifestDocument(Document);

impl ManifestDocument {
    /// A view on the manifest.
    pub fn manifest(&self) -> Manifest<'_> {
        Manifest::of(self.0.root())
    }
}

/// A request for an image's manifest and configuration; comes from
/// [`Oci::oci_manifest_config`](super::Oci::oci_manifest_config).
#[derive(Clone, Copy, Debug)]
#[must_use = "the host is asked by `get` or `fetch`"]
pub struct ImageConfig<'h, 'a> {
    pub(super) host: &'h Host,
    pub(super) image: &'a str,
}

/// An image's manifest and configuration, decoded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ManifestAndConfig<M, C> {
    /// The manifest of the image.
    pub manifest: M,
    /// Digest of that manifest.
    pub digest: String,
    /// The configuration of the image: architecture, environment, user, history, …
    pub config: C,
}

impl<'h> ImageConfig<'h, '_> {
    /// Asks the host, and decodes manifest and configuration into types of the author's, for example `ImageManifest` and
    /// `ImageConfiguration` of oci-spec.
    ///
    /// # Errors
    ///
    /// When the host refuses or fails, or one of the two does not have the shape of its type.
    pub fn get<M: DeserializeOwned, C: DeserializeOwned>(self) -> Result<ManifestAndConfig<M, C>, HostError> {
        self.send()?.decode()
    }

    /// Asks the host, and keeps both as they came.
    ///
    /// # Errors
    ///
    /// When the host refuses or fails, or the answer has no digest, manifest and configuration.
    pub fn fetch(self) -> Result<ImageDocument, HostError> {
        self.send()?.checked(check).map(ImageDocument)
    }

    fn send(self) -> Result<Answer<'h>, HostError> {
        Call::new(self.host, "oci", "v1/oci_manifest_config").send(&self.image)
    }
}

fn check(root: Value<'_>) -> Result<(), json::Error> {
    root.str("digest")?.ok_or_else(|| missing(root, "digest"))?;
    let manifest = root.object("manifest")?.ok_or_else(|| missing(root, "manifest"))?;
    root.object("config")?.ok_or_else(|| missing(root, "config"))?;
    match Manifest::read(manifest)? {
        Manifest::Image(_) => Ok(()),
        Manifest::Index(_) => {
            let text = "expected the manifest of one image, found an index";
            Err(json::Error::new(text).at(|| manifest.pointer()))
        }
    }
}

/// An image's manifest and configuration, not decoded: all of the JSON that the host sent.
#[derive(Clone, Debug)]
pub struct ImageDocument(Document);

impl ImageDocument {
    /// Digest of the manifest.
    pub fn digest(&self) -> Cow<'_, str> {
        self.field("digest").unescaped()
    }

    /// The manifest of the image.
    pub fn manifest(&self) -> ImageManifest<'_> {
        ImageManifest(self.field("manifest").rebase())
    }

    /// The configuration of the image: `architecture`, `os`, `config` (with `User`, `Env`, …), `rootfs`, `history`.
    pub fn config(&self) -> Value<'_> {
        self.field("config").rebase()
    }

    /// A field that is in the answer: [`check`] found it there.
    fn field(&self, key: &str) -> Value<'_> {
        self.0.root().get(key).unwrap_or_else(|| self.0.root())
    }
}
