//! Registries of container images.

mod image;
mod manifest;
mod signers;
mod verify;

pub use image::{ImageConfig, ImageDocument, ManifestAndConfig, ManifestDocument, OciManifest};
pub use manifest::{Descriptor, ImageIndex, ImageManifest, Manifest};
pub use signers::{
    CertificateVerify, GithubActionsVerify, KeylessIdentity, KeylessPrefixIdentity, KeylessPrefixVerify, KeylessVerify,
    PubKeyVerify,
};
pub use verify::{VerifiedImage, Verify};

use serde::Deserialize;

use super::Call;
use crate::host::{Host, HostError};

impl Host {
    /// The capabilities of registries (namespace `oci`).
    pub fn oci(&self) -> Oci<'_> {
        Oci { host: self }
    }
}

/// Capabilities of registries; comes from [`Host::oci`].
///
/// `image` is a reference as in a pod spec; hosts complete short ones (`busybox` is `docker.io/library/busybox:latest`).
/// Hosts may answer with what they learned up to 60 seconds ago.
#[derive(Clone, Copy, Debug)]
pub struct Oci<'h> {
    host: &'h Host,
}

#[derive(Deserialize)]
struct DigestResponse {
    digest: String,
}

impl<'h> Oci<'h> {
    /// Digest of an image's manifest (`oci/v1/manifest_digest`): `sha256:` and 64 hexadecimal digits.
    ///
    /// ```
    /// # use admit::prelude::*;
    /// # fn pin(host: &Host) -> Result<(), Error> {
    /// let pinned = format!("busybox@{}", host.oci().manifest_digest("busybox:1.37")?);
    /// # assert_eq!(pinned, "busybox@sha256:00");
    /// # Ok(())
    /// # }
    /// # pin(&Host::new(|_: &str, _: &str, _: &[u8]| Ok(br#"{"digest":"sha256:00"}"#.to_vec())))?;
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the capability is denied, or the registry does not answer with the image.
    pub fn manifest_digest(self, image: &str) -> Result<String, HostError> {
        let answer = Call::new(self.host, "oci", "v1/manifest_digest").send(&image)?;
        Ok(answer.decode::<DigestResponse>()?.digest)
    }

    /// The manifest of an image, or the index when the reference is one for several platforms (`oci/v1/oci_manifest`).
    ///
    /// ```
    /// # use admit::prelude::*;
    /// use admit::capabilities::oci::Manifest;
    ///
    /// fn layers(host: &Host, image: &str) -> Result<usize, Error> {
    ///     match host.oci().oci_manifest(image).fetch()?.manifest() {
    ///         Manifest::Image(manifest) => Ok(manifest.layers()?.count()),
    ///         Manifest::Index(_) => Err(Error::new(format!("{image} is for several platforms"))),
    ///     }
    /// }
    /// # let host = Host::new(|_: &str, _: &str, _: &[u8]| Ok(br#"{"config":{},"layers":[{}]}"#.to_vec()));
    /// # assert_eq!(layers(&host, "busybox")?, 1);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn oci_manifest<'a>(self, image: &'a str) -> OciManifest<'h, 'a> {
        OciManifest { host: self.host, image }
    }

    /// The manifest and the configuration of an image (`oci/v1/oci_manifest_config`). Of an image for several platforms
    /// it is the one for the host's own platform.
    ///
    /// ```
    /// # use admit::prelude::*;
    /// # fn user(host: &Host) -> Result<(), Error> {
    /// let image = host.oci().oci_manifest_config("busybox:1.37").fetch()?;
    /// if let Some(config) = image.config().object("config")? {
    ///     host.info(format!("runs as {:?}", config.str("User")?));
    /// }
    /// # Ok(())
    /// # }
    /// # let answer = br#"{"digest":"sha256:00","manifest":{"config":{},"layers":[]},"config":{"config":{"User":"root"}}}"#;
    /// # user(&Host::new(|_: &str, _: &str, _: &[u8]| Ok(answer.to_vec())))?;
    /// # Ok::<(), Error>(())
    /// ```
    pub fn oci_manifest_config<'a>(self, image: &'a str) -> ImageConfig<'h, 'a> {
        ImageConfig { host: self.host, image }
    }
}
