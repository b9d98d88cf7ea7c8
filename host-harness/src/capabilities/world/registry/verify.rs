//! Whether an image is signed as a policy demands.

use std::collections::BTreeMap;

use rustls_pki_types::UnixTime;
use serde_json::{Value, json};
use url::Url;
use webpki::EndEntityCert;

use super::signatures::{GITHUB_ISSUER, Signature, Signer, certificate_der, key_of, public_key};
use super::{Known, Registry, failure, yaml};
use crate::capabilities::world::{certificates, short};
use crate::capabilities::{CallError, HostRequest};

type Annotations = Option<BTreeMap<String, String>>;

/// Most signatures that one call can demand, each of which is compared with every signature of the image.
const MAX_CONSTRAINTS: usize = 1_000;

/// Demanded signatures times those of the image that have the annotations: how many are compared in one call.
const MAX_COMPARED: usize = 10_000_000;

/// Longest text, in bytes, about signatures that are missing: each of them repeats all annotations of the call.
const MAX_MISSING: usize = 1 << 20;

/// One signature that has to be there.
enum Constraint<'a> {
    PubKey { key: &'a str, annotations: &'a Annotations },
    GenericIssuer { issuer: &'a str, subject: Subject<'a>, annotations: &'a Annotations },
    GithubAction { owner: &'a str, repo: &'a Option<String>, annotations: &'a Annotations },
}

enum Subject<'a> {
    Equal(&'a str),
    UrlPrefix(String),
}

impl Registry {
    /// The answer of `verify`, in both versions.
    pub(super) fn verify(&self, request: &HostRequest, now: UnixTime, world: &str) -> Result<Value, CallError> {
        let (image, constraints) = match request {
            HostRequest::SigstorePubKeyVerify { image, pub_keys, annotations } => {
                let constraint = |key| Constraint::PubKey { key, annotations };
                let constraints = pub_keys.iter().map(|key| constraint(key.as_str()));
                (image, some(constraints, "Must provide at least one pub key")?)
            }
            HostRequest::SigstoreKeylessVerify { image, keyless, annotations } => {
                let constraints = keyless.iter().map(|info| Constraint::GenericIssuer {
                    issuer: &info.issuer,
                    subject: Subject::Equal(&info.subject),
                    annotations,
                });
                (image, some(constraints, "Must provide keyless info")?)
            }
            HostRequest::SigstoreKeylessPrefixVerify { image, keyless_prefix, annotations } => {
                let mut constraints = Vec::new();
                for info in keyless_prefix {
                    let subject = Subject::UrlPrefix(prefix(&info.url_prefix)?);
                    constraints.push(Constraint::GenericIssuer { issuer: &info.issuer, subject, annotations });
                }
                (image, some(constraints.into_iter(), "Must provide keyless info")?)
            }
            HostRequest::SigstoreGithubActionsVerify { image, owner, repo, annotations } => {
                let constraint = Some(Constraint::GithubAction { owner, repo, annotations });
                (image, some(constraint.into_iter().filter(|_| !owner.is_empty()), "Must provide owner info")?)
            }
            HostRequest::SigstoreCertificateVerify {
                image,
                certificate,
                certificate_chain,
                require_rekor_bundle,
                annotations,
            } => {
                let (known, signatures) = self.signed(image, world)?;
                certificates::check_length(certificate_chain.as_deref())?;
                let key = trusted_key(certificate, certificate_chain.as_deref(), now).map_err(|text| failure(&text))?;
                let by_key = signatures
                    .iter()
                    .any(|signature| signature.is_by(&key) && (signature.rekor_bundle || !require_rekor_bundle));
                // As upstream, another signature than that of the key can have the annotations.
                let annotated = signatures.iter().any(|signature| signature.has(annotations.as_ref()));
                return match by_key && annotated {
                    true => Ok(trusted(known)),
                    false => Err(failure("verification failed: Several Signature Layers failed verification")),
                };
            }
            // Every other request was answered before.
            other => return Err(failure(&format!("{} is not a request to verify signatures", other.tag()))),
        };
        let (known, signatures) = self.signed(image, world)?;
        // The annotations are those of the call: they are compared once, not for each of the constraints.
        let annotations = constraints.first().and_then(|constraint| constraint.annotations().as_ref());
        let signatures: Vec<&Signature> = signatures.iter().filter(|signature| signature.has(annotations)).collect();
        if constraints.len().saturating_mul(signatures.len()) > MAX_COMPARED {
            return Err(CallError::Unanswerable(format!(
                "it demands {} signatures of `{}`, which has {} in {world}: they are not compared where that makes more than \
                 {MAX_COMPARED} comparisons",
                constraints.len(),
                short(image),
                signatures.len()
            )));
        }
        let mut missing = String::new();
        for constraint in constraints.iter().filter(|constraint| !constraint.is_met(&signatures)) {
            missing.push_str(&constraint.shown());
            if missing.len() > MAX_MISSING {
                return Err(CallError::Unanswerable(format!(
                    "the error about the signatures that `{}` does not have is longer than {} MiB, since it repeats the annotations \
                     of the call for each of them: ask for fewer signatures or annotations",
                    short(image),
                    MAX_MISSING >> 20
                )));
            }
        }
        match missing.is_empty() {
            true => Ok(trusted(known)),
            false => Err(failure(&format!(
                "Image verification failed: missing signatures\nThe following constraints were not satisfied:\n{missing}"
            ))),
        }
    }

    /// An image and its signatures, of which there is at least one.
    fn signed(&self, image: &str, world: &str) -> Result<(&Known, &[Signature]), CallError> {
        let invalid = |error| format!("Verification only works with OCI images: Not a valid oci image {error}");
        let known = self.find(image, world, invalid)?;
        match known.signatures.as_deref() {
            Some([]) => {
                let name = image.strip_prefix("registry://").unwrap_or(image);
                Err(failure(&format!("no signatures found for image: {name} ")))
            }
            Some(signatures) => Ok((known, signatures)),
            None => Err(CallError::Unanswerable(format!(
                "{world} has the image `{image}`, but does not say who signed it; add to its entry\n  signatures: []"
            ))),
        }
    }
}

fn trusted(known: &Known) -> Value {
    json!({"is_trusted": true, "digest": known.digest})
}

fn some<'a>(constraints: impl Iterator<Item = Constraint<'a>>, none: &str) -> Result<Vec<Constraint<'a>>, CallError> {
    let constraints: Vec<_> = constraints.collect();
    match constraints.len() {
        0 => Err(failure(none)),
        many if many > MAX_CONSTRAINTS => Err(CallError::Unanswerable(format!(
            "it demands {many} signatures of one image, and a world answers up to {MAX_CONSTRAINTS}"
        ))),
        _ => Ok(constraints),
    }
}

/// The prefix with a slash at its end, so that `…/org` is not a prefix of `…/organisation`.
fn prefix(text: &str) -> Result<String, CallError> {
    // Upstream's host ends here, without an answer to the guest; this host answers with an error.
    let url = Url::parse(text).map_err(|error| failure(&format!("url_prefix {text:?} is not a URL: {error}")))?;
    let mut prefix = url.to_string();
    if !prefix.ends_with('/') {
        prefix.push('/');
    }
    Ok(prefix)
}

/// The key of a certificate that is trusted: by the chain, or without one as it is.
fn trusted_key(certificate: &[u8], chain: Option<&[Vec<u8>]>, now: UnixTime) -> Result<Vec<u8>, String> {
    let der = certificate_der(certificate)?;
    if let Some(chain) = chain {
        let chain = chain.iter().map(|pem| certificate_der(pem)).collect::<Result<Vec<_>, _>>()?;
        // Upstream takes each of them for a root.
        let roots = chain.iter().map(webpki::anchor_from_trusted_cert).collect::<Result<Vec<_>, _>>();
        let roots = roots.map_err(|error| error.to_string())?;
        let certificate = EndEntityCert::try_from(&der).map_err(|error| error.to_string())?;
        certificates::verify(&certificate, &roots, &chain, now).map_err(|error| error.to_string())?;
    }
    key_of(&der)
}

impl Constraint<'_> {
    fn annotations(&self) -> &Annotations {
        match self {
            Self::PubKey { annotations, .. }
            | Self::GenericIssuer { annotations, .. }
            | Self::GithubAction { annotations, .. } => annotations,
        }
    }

    /// Whether one of the signatures that have its annotations meets all of the constraint.
    fn is_met(&self, signatures: &[&Signature]) -> bool {
        let by = |fits: &dyn Fn(&Signature) -> bool| signatures.iter().any(|signature| fits(signature));
        match self {
            Self::PubKey { key, .. } => {
                // What is no key matches no signature.
                public_key(key.as_bytes()).is_ok_and(|key| by(&|signature| signature.is_by(&key)))
            }
            Self::GenericIssuer { issuer, subject, .. } => by(&|signature| {
                signature.identity().is_some_and(|(by, signed)| {
                    by == *issuer
                        && match subject {
                            Subject::Equal(subject) => signed == *subject,
                            Subject::UrlPrefix(prefix) => signed.starts_with(prefix),
                        }
                })
            }),
            Self::GithubAction { owner, repo, .. } => by(&|signature| {
                let workflow = signature.identity().filter(|(issuer, _)| *issuer == GITHUB_ISSUER);
                workflow
                    .and_then(|(_, subject)| repository(subject))
                    .is_some_and(|(by, signed)| by == *owner && repo.as_ref().is_none_or(|repo| signed == *repo))
            }),
        }
    }

    /// As upstream's errors show it.
    fn shown(&self) -> String {
        let (kind, fields, annotations) = match self {
            // Upstream shows an owner, and never has one.
            Self::PubKey { key, annotations } => {
                ("pubKey", format!("owner: null\n{}", yaml::entry("key", key, 0)), annotations)
            }
            Self::GenericIssuer { issuer, subject, annotations } => {
                let subject = match subject {
                    Subject::Equal(subject) => format!("!equal {}", yaml::scalar(subject, 2)),
                    Subject::UrlPrefix(prefix) => format!("!urlPrefix {}", yaml::scalar(prefix, 2)),
                };
                let fields = format!("{}subject: {subject}\n", yaml::entry("issuer", issuer, 0));
                ("genericIssuer", fields, annotations)
            }
            Self::GithubAction { owner, repo, annotations } => {
                let repo = repo.as_ref().map_or("repo: null\n".to_owned(), |repo| yaml::entry("repo", repo, 0));
                ("githubAction", format!("{}{repo}", yaml::entry("owner", owner, 0)), annotations)
            }
        };
        let annotations = match annotations {
            None => "annotations: null\n".to_owned(),
            Some(none) if none.is_empty() => "annotations: {}\n".to_owned(),
            Some(some) => {
                let entries: String = some.iter().map(|(name, value)| yaml::entry(name, value, 2)).collect();
                format!("annotations:\n{entries}")
            }
        };
        format!("kind: {kind}\n{fields}{annotations}")
    }
}

/// Owner and repository in the URL of a GitHub workflow.
fn repository(subject: &str) -> Option<(String, String)> {
    let url = Url::parse(subject).ok().filter(|url| url.host_str() == Some("github.com"))?;
    let mut segments = url.path_segments()?;
    Some((segments.next()?.to_owned(), segments.next()?.to_owned()))
}

impl Signature {
    fn is_by(&self, wanted: &[u8]) -> bool {
        matches!(&self.signer, Signer::Key(key) if key == wanted)
    }

    fn identity(&self) -> Option<(&str, &str)> {
        match &self.signer {
            Signer::Identity { issuer, subject } => Some((issuer, subject)),
            Signer::Key(_) => None,
        }
    }

    fn has(&self, annotations: Option<&BTreeMap<String, String>>) -> bool {
        annotations.into_iter().flatten().all(|(name, value)| self.annotations.get(name) == Some(value))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Instant;

    use serde_json::{Map, Value, json};

    use crate::{CallError, Capabilities as _, capabilities::World};

    const IMAGE: &str = "reg.example/app:1";

    fn verify(signatures: &Value, demanded: usize, annotations: &Value) -> Result<String, CallError> {
        let digest = format!("sha256:{}", "0".repeat(64));
        let world = json!({ "registry": { IMAGE: { "digest": digest, "signatures": signatures } } });
        let world = World::parse(world.to_string().as_bytes(), "world.json", Path::new(".")).expect("a world");
        let keyless = vec![json!({ "issuer": "a", "subject": "b" }); demanded];
        let request = json!({
            "type": "SigstoreKeylessVerify", "image": IMAGE, "keyless": keyless, "annotations": annotations,
        });
        let answer = world.call("oci", "v2/verify", request.to_string().as_bytes());
        answer.map(|answer| String::from_utf8_lossy(&answer).into_owned())
    }

    #[test]
    fn annotations_are_compared_once() {
        let annotations: Map<String, Value> = (0..60_000).map(|number| (format!("a{number}"), json!("1"))).collect();
        let annotations = Value::Object(annotations);
        let signatures = json!([{ "issuer": "a", "subject": "b", "annotations": annotations }]);
        let start = Instant::now();
        assert!(verify(&signatures, 1_000, &annotations).is_ok_and(|answer| answer.contains("true")));
        assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
        // One that the signature does not have is missed as before.
        let other = json!({ "b": "1" });
        assert!(verify(&signatures, 1, &other).is_err_and(|error| error.to_string().contains("missing signatures")));
    }

    #[test]
    fn many_signatures_are_not_compared_with_many() {
        let signatures = Value::Array(vec![json!({ "issuer": "c", "subject": "d" }); 10_001]);
        let Err(CallError::Unanswerable(why)) = verify(&signatures, 1_000, &Value::Null) else { panic!("an answer") };
        assert!(why.contains("demands 1000 signatures of `reg.example/app:1`, which has 10001 in world.json"), "{why}");
        assert!(verify(&signatures, 1, &Value::Null).is_err_and(|error| error.to_string().contains("missing")));
    }
}
