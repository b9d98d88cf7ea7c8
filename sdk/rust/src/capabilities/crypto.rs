//! Capabilities of the namespace `crypto`: trust in X.509 certificates.

use serde::{Deserialize, Serialize};

use super::Call;
use crate::host::{Host, HostError};

impl Host {
    /// The capabilities about certificates (namespace `crypto`).
    pub fn crypto(&self) -> Crypto<'_> {
        Crypto { host: self }
    }
}

/// Capabilities about certificates; comes from [`Host::crypto`].
#[derive(Clone, Copy, Debug)]
pub struct Crypto<'h> {
    host: &'h Host,
}

/// An X.509 certificate in one of the two encodings that hosts read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Certificate<'a> {
    encoding: &'static str,
    data: &'a [u8],
}

impl<'a> Certificate<'a> {
    /// A certificate in PEM: the text that starts with `-----BEGIN CERTIFICATE-----`.
    pub fn pem(data: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self { encoding: "Pem", data: data.as_ref() }
    }

    /// A certificate in DER.
    pub fn der(data: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self { encoding: "Der", data: data.as_ref() }
    }
}

impl<'h> Crypto<'h> {
    /// Asks whether an end-entity certificate is trusted (`crypto/v1/is_certificate_trusted`): now, and by the roots that
    /// Mozilla trusts, unless the request says otherwise. Not cached.
    ///
    /// ```
    /// # use admit::prelude::*;
    /// use admit::capabilities::crypto::{Certificate, Trust};
    ///
    /// fn check(host: &Host, certificate: &str, root: &str, verdict: &mut Verdict) -> Result<(), Error> {
    ///     let certificate = Certificate::pem(certificate);
    ///     let trust =
    ///         host.crypto().is_certificate_trusted(certificate).chain([Certificate::pem(root)]).at("2031-05-01T00:00:00Z");
    ///     if let Trust::Untrusted { reason } = trust.ask()? {
    ///         verdict.reject_at("/spec/caBundle", reason);
    ///     }
    ///     Ok(())
    /// }
    /// # let host = Host::new(|_: &str, _: &str, _: &[u8]| Ok(br#"{"trusted":false,"reason":"expired"}"#.to_vec()));
    /// # let mut verdict = Verdict::accept();
    /// # check(&host, "a", "b", &mut verdict)?;
    /// # assert_eq!(verdict.reasons()[0].to_string(), "/spec/caBundle: expired");
    /// # Ok::<(), Error>(())
    /// ```
    pub fn is_certificate_trusted<'a>(self, certificate: Certificate<'a>) -> IsCertificateTrusted<'h, 'a> {
        IsCertificateTrusted {
            host: self.host,
            request: CertificateRequest { cert: certificate, cert_chain: None, not_after: None },
        }
    }
}

/// A question about a certificate; comes from [`Crypto::is_certificate_trusted`].
#[derive(Clone, Debug)]
#[must_use = "the host is asked by `ask`"]
pub struct IsCertificateTrusted<'h, 'a> {
    host: &'h Host,
    request: CertificateRequest<'a>,
}

#[derive(Clone, Debug, Serialize)]
struct CertificateRequest<'a> {
    cert: Certificate<'a>,
    cert_chain: Option<Vec<Certificate<'a>>>,
    not_after: Option<&'a str>,
}

/// Whether a certificate is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a certificate that is not trusted is an answer, not an error"]
pub enum Trust {
    /// The certificate is trusted.
    Trusted,
    /// The certificate is not trusted.
    Untrusted {
        /// The host's reason: a text for people.
        reason: String,
    },
}

impl Trust {
    /// Whether it is trusted.
    pub fn is_trusted(&self) -> bool {
        *self == Self::Trusted
    }
}

#[derive(Deserialize)]
struct TrustResponse {
    trusted: bool,
    reason: String,
}

impl<'a> IsCertificateTrusted<'_, 'a> {
    /// The certificates that lead to the root: intermediate ones first, the root last. Without a chain, Mozilla's roots
    /// are trusted; an empty chain trusts nothing. The host does not look at the dates of the root.
    pub fn chain(mut self, chain: impl IntoIterator<Item = Certificate<'a>>) -> Self {
        self.request.cert_chain = Some(chain.into_iter().collect());
        self
    }

    /// The instant for which the question is asked, in RFC 3339 (`2031-05-01T00:00:00Z`), instead of now. The protocol
    /// calls it `not_after`.
    pub fn at(mut self, instant: &'a str) -> Self {
        self.request.not_after = Some(instant);
        self
    }

    /// Asks the host.
    ///
    /// # Errors
    ///
    /// When the capability is denied, or the host cannot read a certificate or the instant. A certificate that is not
    /// trusted is not an error: see [`Trust`].
    pub fn ask(self) -> Result<Trust, HostError> {
        let answer = Call::new(self.host, "crypto", "v1/is_certificate_trusted").send(&self.request)?;
        let TrustResponse { trusted, reason } = answer.decode()?;
        Ok(match trusted {
            true => Trust::Trusted,
            false => Trust::Untrusted { reason },
        })
    }
}
