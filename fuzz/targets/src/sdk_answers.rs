//! What hosts answer to policies.

use std::rc::Rc;

use admit::capabilities::crypto::Certificate;
use admit::capabilities::oci::{KeylessIdentity, KeylessPrefixIdentity, Manifest};
use admit::{Host, HostError, HostErrorKind};
use serde_json::Value;

pub(crate) const WORDS: &[&str] = &[
    "items",
    "kind",
    "apiVersion",
    "metadata",
    "name",
    "labels",
    "spec",
    "containers",
    "allowed",
    "denied",
    "reason",
    "evaluationError",
    "ips",
    "192.0.2.1",
    "::1",
    "1.2.3.4.5",
    "trusted",
    "is_trusted",
    "digest",
    "sha256:00",
    "manifest",
    "config",
    "layers",
    "manifests",
    "mediaType",
    "size",
    "platform",
    "annotations",
    "null",
];

pub(crate) const ERROR_WORDS: &[&str] = &[
    "Policy has not been granted access to ",
    "Kubernetes ",
    "the '",
    "' host capability",
    "Callback evaluation failure: ",
    "Cannot find ",
    "resource ",
    " named '",
    "' inside of namespace '",
    "None'",
    "Some(\"",
    "no signatures found for image: ",
    "verification failed: ",
    "é",
    "\n",
];

fn host(answer: Result<&[u8], String>) -> Host {
    let answer: Rc<Result<Vec<u8>, String>> = Rc::new(answer.map(<[u8]>::to_vec));
    Host::new(move |_: &str, _: &str, _: &[u8]| (*answer).clone())
}

/// Asks everything that can be asked.
fn ask(host: &Host) -> Vec<HostError> {
    let mut errors = Vec::new();
    let mut note = |error: Option<HostError>| errors.extend(error);
    let cluster = host.kubernetes();
    note(cluster.get_resource("v1", "Pod", "web").namespace("n").field_masks(["spec"]).get::<Value>().err());
    note(cluster.get_resource("v1", "Pod", "web").find::<Labelled>().err());
    match cluster.get_resource("v1", "Pod", "web").fetch() {
        Ok(resource) => drop((resource.object().metadata(), resource.object().pod_spec().is_ok())),
        Err(error) => note(Some(error)),
    }
    note(cluster.list_resources_all("v1", "Pod").label_selector("a=b").get::<Value>().err());
    match cluster.list_resources_by_namespace("v1", "Pod", "n").field_selector("a=b").fetch() {
        Ok(list) => {
            assert_eq!(list.items().count(), list.len());
            for item in list.items() {
                drop((item.metadata().map(|m| m.name().is_ok()), item.pod_spec().is_ok(), item.decode::<Labelled>()));
            }
        }
        Err(error) => note(Some(error)),
    }
    note(cluster.can_i("u", "get", "pods").user_groups(["g"]).ask().err());
    note(host.net().dns_lookup_host("example.com").err());
    note(host.crypto().is_certificate_trusted(Certificate::pem("x")).at("2031-05-01T00:00:00Z").ask().err());
    let oci = host.oci();
    note(oci.manifest_digest("i").err());
    note(oci.oci_manifest("i").get::<Value>().err());
    match oci.oci_manifest("i").fetch() {
        Ok(document) => look(document.manifest()),
        Err(error) => note(Some(error)),
    }
    note(oci.oci_manifest_config("i").get::<Value, Value>().err());
    match oci.oci_manifest_config("i").fetch() {
        Ok(document) => {
            look(Manifest::Image(document.manifest()));
            drop((document.digest(), document.config().raw().len()));
        }
        Err(error) => note(Some(error)),
    }
    let identity = KeylessIdentity { issuer: "i", subject: "s" };
    let prefix = KeylessPrefixIdentity { issuer: "i", url_prefix: "u" };
    note(oci.verify_pub_keys("i", ["k"]).annotation("a", "b").verify().err());
    note(oci.verify_keyless("i", [identity]).verify().err());
    note(oci.verify_keyless_prefix("i", [prefix]).verify().err());
    note(oci.verify_github_actions("i", "o").repo("r").verify().err());
    note(oci.verify_certificate("i", "c").chain(["d"]).verify().err());
    note(oci.verify_pub_keys_v1("i", ["k"]).verify().err());
    errors
}

#[derive(serde::Deserialize)]
struct Labelled {
    #[expect(dead_code, reason = "it is decoded, not looked at")]
    metadata: Option<std::collections::BTreeMap<String, Value>>,
}

fn look(manifest: Manifest<'_>) {
    drop((manifest.media_type(), manifest.annotation("a")));
    let descriptors: Vec<_> = match manifest {
        Manifest::Image(image) => {
            drop(image.config().map(|config| config.size()));
            image.layers().map(Iterator::collect).unwrap_or_default()
        }
        Manifest::Index(index) => index.manifests().map(Iterator::collect).unwrap_or_default(),
    };
    for descriptor in descriptors {
        drop((descriptor.media_type(), descriptor.digest(), descriptor.size(), descriptor.platform()));
        drop(descriptor.annotation("a"));
    }
}

/// Any answer to any question is read, or an error that says what is wrong with it.
pub(crate) fn answers(data: &[u8]) {
    for error in ask(&host(Ok(data))) {
        assert!(matches!(error.kind(), HostErrorKind::InvalidAnswer | HostErrorKind::NotVerified), "{error}");
        assert!(error.pointer().is_none_or(|pointer| pointer.is_empty() || pointer.starts_with('/')), "{error}");
    }
}

/// Any text of a host that fails is an error of some kind, and the policy sees the text.
pub(crate) fn host_errors(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    for error in ask(&host(Err(text.clone()))) {
        assert_eq!(error.message(), text);
        assert!(error.to_string().ends_with(&text));
        assert_ne!(error.kind(), HostErrorKind::InvalidAnswer, "nothing was answered");
        // What is not one of the host's own texts must not pass for one of them.
        if !text.starts_with("Policy has not been granted access to ") {
            assert!(!matches!(error.kind(), HostErrorKind::CapabilityDenied | HostErrorKind::ResourceDenied));
        }
        if error.kind() == HostErrorKind::NotFound {
            assert!(text.contains("Cannot find "), "{text}");
        }
    }
}
