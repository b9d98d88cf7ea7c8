//! `oci/v1/verify` and `oci/v2/verify`

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use super::super::Call;
use super::{
    CertificateVerify, GithubActionsVerify, KeylessIdentity, KeylessPrefixIdentity, KeylessPrefixVerify, KeylessVerify,
    Oci, PubKeyVerify,
};
use crate::host::HostError;

/// A request to verify the signatures of an image; comes from the `verify_…` methods of [`Oci`]. `S` is the type of the
/// signers that it demands.
#[derive(Clone, Debug)]
#[must_use = "the host is asked by `verify`"]
pub struct Verify<'h, 'a, S> {
    call: Call<'h>,
    tag: Tag,
    pub(super) request: Request<'a, S>,
}

/// Name of the kind of verification, and where it is in the payload: the two versions of the operation differ in that.
#[derive(Clone, Copy, Debug)]
enum Tag {
    /// `oci/v1/verify`: the payload is an object with one key, this name; its value is the request.
    Outside(&'static str),
    /// `oci/v2/verify`: the payload is the request, with this name in the field `type`.
    Inside(&'static str),
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Request<'a, S> {
    image: &'a str,
    #[serde(flatten)]
    pub(super) signers: S,
    annotations: Option<BTreeMap<&'a str, &'a str>>,
}

#[derive(Serialize)]
struct Tagged<'r, 'a, S> {
    r#type: &'static str,
    #[serde(flatten)]
    request: &'r Request<'a, S>,
}

/// An image whose signatures are as demanded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiedImage {
    /// Digest of the manifest that is signed. What the tag leads to may change; `image@digest` does not.
    pub digest: String,
}

#[derive(Deserialize)]
struct VerificationResponse {
    is_trusted: bool,
    digest: String,
}

impl<'h> Oci<'h> {
    /// Asks whether an image is signed with **every** one of these public keys, each in PEM (`oci/v2/verify`). The host
    /// refuses an empty list.
    ///
    /// ```
    /// # use admit::prelude::*;
    /// fn check(host: &Host, image: &str, keys: &[String], verdict: &mut Verdict) -> Result<(), Error> {
    ///     match host.oci().verify_pub_keys(image, keys).annotation("env", "production").verify() {
    ///         Ok(verified) => drop(verdict.audit("digest", verified.digest)),
    ///         Err(error) if error.kind() == HostErrorKind::NotVerified => {
    ///             verdict.add_reason(format!("{image} is not signed as it should be"));
    ///         }
    ///         Err(error) => return Err(error.into()),
    ///     }
    ///     Ok(())
    /// }
    /// # let host = Host::new(|_: &str, _: &str, _: &[u8]| {
    /// #     Err("Callback evaluation failure: no signatures found for image: x ".to_owned())
    /// # });
    /// # let mut verdict = Verdict::accept();
    /// # check(&host, "x", &[], &mut verdict)?;
    /// # assert!(!verdict.is_accepted());
    /// # Ok::<(), Error>(())
    /// ```
    pub fn verify_pub_keys<'a, K: AsRef<str> + ?Sized + 'a>(
        self,
        image: &'a str,
        keys: impl IntoIterator<Item = &'a K>,
    ) -> Verify<'h, 'a, PubKeyVerify<'a>> {
        Verify::v2(self, "SigstorePubKeyVerify", image, PubKeyVerify::new(keys))
    }

    /// Asks whether an image is signed by **every** one of these identities (`oci/v2/verify`). The host refuses an empty
    /// list.
    ///
    /// ```
    /// # use admit::prelude::*;
    /// use admit::capabilities::oci::KeylessIdentity;
    ///
    /// # fn check(host: &Host) -> Result<(), Error> {
    /// let jane = KeylessIdentity { issuer: "https://accounts.example.com", subject: "jane@example.com" };
    /// let verified = host.oci().verify_keyless("registry.example.com/web:1", [jane]).verify()?;
    /// # assert_eq!(verified.digest, "sha256:00");
    /// # Ok(())
    /// # }
    /// # let answer = br#"{"is_trusted":true,"digest":"sha256:00"}"#;
    /// # check(&Host::new(|_: &str, _: &str, _: &[u8]| Ok(answer.to_vec())))?;
    /// # Ok::<(), Error>(())
    /// ```
    pub fn verify_keyless<'a>(
        self,
        image: &'a str,
        identities: impl IntoIterator<Item = KeylessIdentity<'a>>,
    ) -> Verify<'h, 'a, KeylessVerify<'a>> {
        Verify::v2(self, "SigstoreKeylessVerify", image, KeylessVerify::new(identities))
    }

    /// Asks whether an image is signed by identities that start with **every** one of these addresses (`oci/v2/verify`).
    /// The host refuses an empty list.
    pub fn verify_keyless_prefix<'a>(
        self,
        image: &'a str,
        prefixes: impl IntoIterator<Item = KeylessPrefixIdentity<'a>>,
    ) -> Verify<'h, 'a, KeylessPrefixVerify<'a>> {
        Verify::v2(self, "SigstoreKeylessPrefixVerify", image, KeylessPrefixVerify::new(prefixes))
    }

    /// Asks whether an image is signed by a workflow of GitHub Actions in a repository of this owner (`oci/v2/verify`).
    pub fn verify_github_actions<'a>(self, image: &'a str, owner: &'a str) -> Verify<'h, 'a, GithubActionsVerify<'a>> {
        Verify::v2(self, "SigstoreGithubActionsVerify", image, GithubActionsVerify::new(owner))
    }

    /// Asks whether an image is signed with the key of this certificate, in PEM (`oci/v2/verify`). Without a
    /// [chain](Verify::chain) the certificate itself counts as trusted. The signature must be in a transparency log
    /// (Rekor) unless [`without_rekor_bundle`](Verify::without_rekor_bundle) says otherwise.
    pub fn verify_certificate<'a>(
        self,
        image: &'a str,
        certificate: &'a (impl AsRef<[u8]> + ?Sized),
    ) -> Verify<'h, 'a, CertificateVerify<'a>> {
        Verify::v2(self, "SigstoreCertificateVerify", image, CertificateVerify::new(certificate.as_ref()))
    }

    /// As [`verify_pub_keys`](Self::verify_pub_keys), by the older operation `oci/v1/verify`: for policies that were
    /// granted no other.
    pub fn verify_pub_keys_v1<'a, K: AsRef<str> + ?Sized + 'a>(
        self,
        image: &'a str,
        keys: impl IntoIterator<Item = &'a K>,
    ) -> Verify<'h, 'a, PubKeyVerify<'a>> {
        Verify::v1(self, "SigstorePubKeyVerify", image, PubKeyVerify::new(keys))
    }

    /// As [`verify_keyless`](Self::verify_keyless), by the older operation `oci/v1/verify`: for policies that were granted
    /// no other.
    pub fn verify_keyless_v1<'a>(
        self,
        image: &'a str,
        identities: impl IntoIterator<Item = KeylessIdentity<'a>>,
    ) -> Verify<'h, 'a, KeylessVerify<'a>> {
        Verify::v1(self, "SigstoreKeylessVerify", image, KeylessVerify::new(identities))
    }
}

impl<'h, 'a, S: Serialize> Verify<'h, 'a, S> {
    fn v1(oci: Oci<'h>, name: &'static str, image: &'a str, signers: S) -> Self {
        Self::new(Call::new(oci.host, "oci", "v1/verify"), Tag::Outside(name), image, signers)
    }

    fn v2(oci: Oci<'h>, name: &'static str, image: &'a str, signers: S) -> Self {
        Self::new(Call::new(oci.host, "oci", "v2/verify"), Tag::Inside(name), image, signers)
    }

    fn new(call: Call<'h>, tag: Tag, image: &'a str, signers: S) -> Self {
        Self { call, tag, request: Request { image, signers, annotations: None } }
    }

    /// Demands this annotation of the signatures as well.
    pub fn annotation(mut self, key: &'a str, value: &'a str) -> Self {
        self.request.annotations.get_or_insert_default().insert(key, value);
        self
    }

    /// Asks the host. An image that is not signed as demanded is an error, not an answer.
    ///
    /// # Errors
    ///
    /// When the capability is denied, the registry does not answer, or the image is not signed as demanded
    /// ([`HostErrorKind::NotVerified`](crate::HostErrorKind::NotVerified)).
    pub fn verify(self) -> Result<VerifiedImage, HostError> {
        let answer = self.call.send(&Payload(&self))?;
        let VerificationResponse { is_trusted, digest } = answer.decode()?;
        match is_trusted {
            true => Ok(VerifiedImage { digest }),
            // Kubewarden never sends `false`: it answers with an error instead.
            false => Err(HostError::not_verified(self.call.namespace, self.call.operation)),
        }
    }
}

/// The payload of the operation.
struct Payload<'r, 'h, 'a, S>(&'r Verify<'h, 'a, S>);

impl<S: Serialize> Serialize for Payload<'_, '_, '_, S> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        let request = &self.0.request;
        match self.0.tag {
            Tag::Inside(name) => Tagged { r#type: name, request }.serialize(serializer),
            Tag::Outside(name) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(name, request)?;
                map.end()
            }
        }
    }
}

impl<'a> Verify<'_, 'a, GithubActionsVerify<'a>> {
    /// Only this repository of the owner.
    pub fn repo(mut self, repo: &'a str) -> Self {
        self.request.signers.repo = Some(repo);
        self
    }
}

impl<'a> Verify<'_, 'a, CertificateVerify<'a>> {
    /// The certificates that lead to the root, each in PEM: intermediate ones first, the root last.
    pub fn chain<C: AsRef<[u8]> + ?Sized + 'a>(mut self, chain: impl IntoIterator<Item = &'a C>) -> Self {
        self.request.signers.certificate_chain = Some(chain.into_iter().map(AsRef::as_ref).collect());
        self
    }

    /// Accepts signatures that are in no transparency log. Nothing then proves that the certificate was valid when the
    /// image was signed.
    pub fn without_rekor_bundle(mut self) -> Self {
        self.request.signers.require_rekor_bundle = false;
        self
    }
}
