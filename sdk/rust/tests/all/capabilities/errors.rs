//! What went wrong, from the texts of the host and from answers that cannot be read.

use admit::capabilities::crypto::Certificate;
use admit::{Host, HostError, HostErrorKind};
use serde::Deserialize;
use serde_json::Value;

use super::answering;

fn error(text: &str) -> HostError {
    answering(Err(text)).kubernetes().get_resource("v1", "Pod", "web").fetch().unwrap_err()
}

#[test]
fn texts_have_kinds() {
    use HostErrorKind::{CapabilityDenied, HostFailed, NotFound, NotVerified, ResourceDenied, UnknownResource};

    for (text, kind) in [
        (
            "Policy has not been granted access to the 'kubernetes/get_resource' host capability. The violation has been reported.",
            CapabilityDenied,
        ),
        (
            "Policy has not been granted access to Kubernetes apps/v1/Deployment resources. The violation has been reported.",
            ResourceDenied,
        ),
        ("Callback evaluation failure: Cannot find v1/Namespace named 'shop' inside of namespace 'None'", NotFound),
        (
            "Callback evaluation failure: Cannot find apps/v1/Deployment named 'web' inside of namespace 'Some(\"shop\")'",
            NotFound,
        ),
        // With RUST_BACKTRACE the text goes on.
        (
            "Callback evaluation failure: Cannot find v1/Pod named 'web' inside of namespace 'Some(\"shop\")'\n\nStack backtrace:\n   0: std::backtrace",
            NotFound,
        ),
        // As a host without the callback's prefix puts it.
        ("Cannot find v1/Pod named 'web' inside of namespace 'None'", NotFound),
        ("Callback evaluation failure: Cannot find resource v1/Pood", UnknownResource),
        // A kind called `resource`-something does not make it unknown.
        (
            "Callback evaluation failure: Cannot find resources.example.com/v1/X named 'x' inside of namespace 'None'",
            NotFound,
        ),
        ("Callback evaluation failure: no signatures found for image: registry.example.com/web:1 ", NotVerified),
        (
            "Callback evaluation failure: Image verification failed: missing signatures\nThe following constraints were not satisfied:\nkind: pubKey\n",
            NotVerified,
        ),
        ("Callback evaluation failure: verification failed: certificate has expired", NotVerified),
        ("unknown binding: kubewarde", HostFailed),
        ("unknown operation: get_resources", HostFailed),
        ("unknown namespace: kube", HostFailed),
        ("missing field `disable_cache` at line 1 column 44", HostFailed),
        ("Cannot process Wasm guest request: callback channel not provided", HostFailed),
        ("Error sending request over callback channel: Full(..)", HostFailed),
        ("Error obtaining response over callback channel", HostFailed),
        ("Missing host callback function!", HostFailed),
        ("Callback evaluation failure: kube::Client was not initialized properly", HostFailed),
        (
            "Callback evaluation failure: resource v1/Namespace is cluster wide. Cannot search for it inside of a namespace",
            HostFailed,
        ),
        ("Callback evaluation failure: Resource v1/Pod is namespaced, but no namespace was provided", HostFailed),
        ("Callback evaluation failure: failed to lookup address information: Name or service not known", HostFailed),
        ("Callback evaluation failure: Must provide at least one pub key", HostFailed),
        ("Callback evaluation failure: Certificate PEM data is not valid: no items found", HostFailed),
        // What a user wrote is in the text, but not at its beginning.
        (
            "Callback evaluation failure: invalid selector: Cannot find v1/Pod named 'x' inside of namespace 'None'",
            HostFailed,
        ),
        ("Callback evaluation failure: Policy has not been granted access to Kubernetes v1/Pod resources.", HostFailed),
        ("Callback evaluation failure: Cannot find v1/Pod named 'web' anywhere", HostFailed),
        ("Cannot find v1/Pod named 'web' inside of namespace 'shop'", HostFailed),
        ("", HostFailed),
    ] {
        let error = error(text);
        assert_eq!(error.kind(), kind, "{text}");
        assert_eq!((error.capability(), error.message()), ("kubernetes/get_resource", text));
        assert_eq!(error.pointer(), None);
        assert_eq!(error.to_string(), format!("error invoking host capability kubernetes/get_resource: {text}"));
    }
}

#[test]
fn only_a_missing_resource_is_found_to_be_missing() {
    let find = |text| answering(Err(text)).kubernetes().get_resource("v1", "Pod", "web").find::<Value>();
    let missing = "Callback evaluation failure: Cannot find v1/Pod named 'web' inside of namespace 'None'";
    assert_eq!(find(missing).unwrap(), None);
    let unknown = "Callback evaluation failure: Cannot find resource v1/Pod";
    assert_eq!(find(unknown).unwrap_err().kind(), HostErrorKind::UnknownResource);
    let denied = "Policy has not been granted access to Kubernetes v1/Pod resources. The violation has been reported.";
    assert_eq!(find(denied).unwrap_err().kind(), HostErrorKind::ResourceDenied);
}

#[test]
fn an_image_that_is_not_trusted_is_an_error() {
    let host = answering(Ok(r#"{"is_trusted":false,"digest":"sha256:00"}"#));
    for error in [
        host.oci().verify_pub_keys("busybox", ["KEY"]).verify().unwrap_err(),
        host.oci().verify_github_actions("busybox", "example").verify().unwrap_err(),
    ] {
        assert_eq!(error.kind(), HostErrorKind::NotVerified);
        assert_eq!(
            error.to_string(),
            "error invoking host capability oci/v2/verify: the host does not trust the image"
        );
    }
}

#[derive(Debug, Deserialize)]
struct Deployment {
    #[expect(dead_code, reason = "it only has to be decoded")]
    spec: Spec,
}

#[derive(Debug, Deserialize)]
struct Spec {
    #[expect(dead_code, reason = "it only has to be decoded")]
    replicas: u32,
}

/// Asks for something that the host answers in a way that it should not.
type Ask = fn(&Host) -> Result<(), HostError>;

const FETCH: Ask = |host| host.kubernetes().get_resource("v1", "Pod", "web").fetch().map(drop);
const LIST: Ask = |host| host.kubernetes().list_resources_all("v1", "Pod").fetch().map(drop);
const GET: Ask = |host| host.kubernetes().get_resource("apps/v1", "Deployment", "web").get::<Deployment>().map(drop);
const GET_LIST: Ask =
    |host| host.kubernetes().list_resources_all("apps/v1", "Deployment").get::<Deployment>().map(drop);
const CAN_I: Ask = |host| host.kubernetes().can_i("jane", "get", "pods").ask().map(drop);
const DIGEST: Ask = |host| host.oci().manifest_digest("busybox").map(drop);
const MANIFEST: Ask = |host| host.oci().oci_manifest("busybox").fetch().map(drop);
const CONFIG: Ask = |host| host.oci().oci_manifest_config("busybox").fetch().map(drop);
const VERIFY: Ask = |host| host.oci().verify_pub_keys("busybox", ["KEY"]).verify().map(drop);
const DNS: Ask = |host| host.net().dns_lookup_host("example.com").map(drop);
const CERTIFICATE: Ask = |host| host.crypto().is_certificate_trusted(Certificate::pem("PEM")).ask().map(drop);

#[test]
fn answers_that_cannot_be_read_say_where() {
    for (ask, answer, pointer, text) in [
        (FETCH, "", "", "it is not JSON: expected a value at line 1 column 1"),
        (FETCH, "null", "", "expected an object, found null"),
        (GET, "[]", "", "expected an object, found an array"),
        (GET, "{}", "", "missing field `spec`"),
        (GET, r#"{"spec":{"replicas":"3"}}"#, "/spec/replicas", "expected u32, found \"3\""),
        (LIST, "{}", "", "missing field `items`"),
        (LIST, r#"{"items":{}}"#, "/items", "expected an array, found an object"),
        (LIST, r#"{"items":[{},5]}"#, "/items/1", "expected an object, found a number"),
        (GET_LIST, r#"{"items":[{"spec":{}}]}"#, "/items/0/spec", "missing field `replicas`"),
        (CAN_I, r#"{"allowed":"yes"}"#, "/allowed", "expected a boolean, found \"yes\""),
        (DIGEST, r#"{"digest":null}"#, "/digest", "expected a string, found null"),
        (
            MANIFEST,
            r#"{"layers":[]}"#,
            "",
            "expected a manifest (with `config` and `layers`) or an index (with `manifests`)",
        ),
        (CONFIG, r#"{"digest":"d","config":{}}"#, "", "missing field `manifest`"),
        (
            CONFIG,
            r#"{"digest":"d","manifest":{"config":{},"layers":5},"config":{}}"#,
            "/manifest/layers",
            "expected an array, found a number",
        ),
        (
            CONFIG,
            r#"{"digest":"d","manifest":{"manifests":[]},"config":{}}"#,
            "/manifest",
            "expected the manifest of one image, found an index",
        ),
        (VERIFY, r#"{"digest":"d"}"#, "", "missing field `is_trusted`"),
        (DNS, r#"{"ips":["192.0.2.1","x"]}"#, "/ips/1", "invalid IP address syntax"),
        (CERTIFICATE, r#"{"reason":""}"#, "", "missing field `trusted`"),
        (CERTIFICATE, r#"{"trusted":false}"#, "", "missing field `reason`"),
    ] {
        let error = ask(&answering(Ok(answer))).unwrap_err();
        assert_eq!((error.kind(), error.pointer()), (HostErrorKind::InvalidAnswer, Some(pointer)), "{error}");
        let place = if pointer.is_empty() { String::new() } else { format!("{pointer}: ") };
        assert_eq!(error.message(), format!("the host's answer cannot be read: {place}{text}"));
    }
}

#[test]
fn every_operation_is_refused_by_its_name() {
    for (ask, capability) in [
        (FETCH, "kubernetes/get_resource"),
        (LIST, "kubernetes/list_resources_all"),
        (
            |host| host.kubernetes().list_resources_by_namespace("v1", "Pod", "shop").fetch().map(drop),
            "kubernetes/list_resources_by_namespace",
        ),
        (CAN_I, "kubernetes/can_i"),
        (DIGEST, "oci/v1/manifest_digest"),
        (MANIFEST, "oci/v1/oci_manifest"),
        (CONFIG, "oci/v1/oci_manifest_config"),
        (VERIFY, "oci/v2/verify"),
        (|host| host.oci().verify_pub_keys_v1("busybox", ["KEY"]).verify().map(drop), "oci/v1/verify"),
        (DNS, "net/v1/dns_lookup_host"),
        (CERTIFICATE, "crypto/v1/is_certificate_trusted"),
    ] as [(Ask, &str); 11]
    {
        let text = format!(
            "Policy has not been granted access to the '{capability}' host capability. The violation has been reported."
        );
        let error = ask(&answering(Err(&text))).unwrap_err();
        assert_eq!((error.kind(), error.capability()), (HostErrorKind::CapabilityDenied, capability));
    }
}
