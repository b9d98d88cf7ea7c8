//! Every operation sends exactly the bytes of its golden document.

use std::collections::BTreeSet;

use admit::Host;
use admit::capabilities::crypto::Certificate;
use admit::capabilities::oci::{KeylessIdentity, KeylessPrefixIdentity};
use serde_json::Value;

use super::{calls, golden};

const KEY: &str = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
const JANE: KeylessIdentity<'_> = KeylessIdentity { issuer: "https://issuer.example.com", subject: "jane@example.com" };
const GITHUB: KeylessPrefixIdentity<'_> = KeylessPrefixIdentity {
    issuer: "https://token.actions.githubusercontent.com",
    url_prefix: "https://github.com/example/",
};

/// Golden document, namespace, operation, and who sends it.
type Case = (&'static str, &'static str, &'static str, fn(&Host));

fn identities() -> [KeylessIdentity<'static>; 2] {
    [KeylessIdentity { issuer: "i", subject: "s" }, KeylessIdentity { issuer: "j", subject: "t" }]
}

const KUBERNETES: &[Case] = &[
    ("kubernetes.get_resource.least", "kubernetes", "get_resource", |host| {
        let _ = host.kubernetes().get_resource("v1", "Namespace", "shop").fetch();
    }),
    ("kubernetes.get_resource.everything", "kubernetes", "get_resource", |host| {
        let _ = host
            .kubernetes()
            .get_resource("apps/v1", "Deployment", "web")
            .namespace("shop")
            .disable_cache()
            .field_masks(["spec.replicas", "spec.template.spec.containers.image"])
            .get::<Value>();
    }),
    ("kubernetes.list_resources_by_namespace.least", "kubernetes", "list_resources_by_namespace", |host| {
        let _ = host.kubernetes().list_resources_by_namespace("v1", "Service", "shop").fetch();
    }),
    ("kubernetes.list_resources_by_namespace.everything", "kubernetes", "list_resources_by_namespace", |host| {
        let _ = host
            .kubernetes()
            .list_resources_by_namespace("v1", "Service", "shop")
            .label_selector("app=web,tier!=test")
            .field_selector("metadata.name=web")
            .field_masks(&["spec.selector".to_owned()])
            .get::<Value>();
    }),
    ("kubernetes.list_resources_all.least", "kubernetes", "list_resources_all", |host| {
        let _ = host.kubernetes().list_resources_all("networking.k8s.io/v1", "Ingress").fetch();
    }),
    ("kubernetes.list_resources_all.everything", "kubernetes", "list_resources_all", |host| {
        let _ = host
            .kubernetes()
            .list_resources_all("v1", "Pod")
            .label_selector("env in (a, b)")
            .field_selector("status.phase=Running")
            .field_masks(["spec.nodeName", "status"])
            .get::<Value>();
    }),
    ("kubernetes.can_i.least", "kubernetes", "can_i", |host| {
        let _ = host.kubernetes().can_i("jane", "create", "pods").ask();
    }),
    ("kubernetes.can_i.everything", "kubernetes", "can_i", |host| {
        let _ = host
            .kubernetes()
            .can_i("system:serviceaccount:shop:web", "update", "deployments")
            .user_groups(["system:serviceaccounts", "system:authenticated"])
            .api_group("apps")
            .version("v1")
            .namespace("shop")
            .name("web")
            .subresource("scale")
            .disable_cache()
            .ask();
    }),
];

const OCI: &[Case] = &[
    ("oci.manifest_digest", "oci", "v1/manifest_digest", |host| {
        let _ = host.oci().manifest_digest("busybox:1.37");
    }),
    ("oci.oci_manifest", "oci", "v1/oci_manifest", |host| {
        let _ = host.oci().oci_manifest("registry.example.com/a/b@sha256:00").fetch();
    }),
    ("oci.oci_manifest_config", "oci", "v1/oci_manifest_config", |host| {
        let _ = host.oci().oci_manifest_config("with \"quotes\"").fetch();
    }),
    ("oci.v1.pub_keys.least", "oci", "v1/verify", |host| {
        let _ = host.oci().verify_pub_keys_v1("busybox", ["KEY"]).verify();
    }),
    ("oci.v1.pub_keys.everything", "oci", "v1/verify", |host| {
        let keys = [KEY, "second"];
        let request = host.oci().verify_pub_keys_v1("busybox", keys);
        let _ = request.annotation("team", "shop").annotation("env", "prod").verify();
    }),
    ("oci.v1.keyless.least", "oci", "v1/verify", |host| {
        let _ = host.oci().verify_keyless_v1("busybox", [JANE]).verify();
    }),
    ("oci.v1.keyless.everything", "oci", "v1/verify", |host| {
        let _ = host.oci().verify_keyless_v1("busybox", identities()).annotation("env", "prod").verify();
    }),
    ("oci.v2.pub_keys.least", "oci", "v2/verify", |host| {
        let _ = host.oci().verify_pub_keys("busybox", ["KEY"]).verify();
    }),
    ("oci.v2.pub_keys.everything", "oci", "v2/verify", |host| {
        let keys = vec![KEY.to_owned(), "second".to_owned()];
        let request = host.oci().verify_pub_keys("busybox", &keys);
        let _ = request.annotation("team", "shop").annotation("env", "prod").verify();
    }),
    ("oci.v2.keyless.least", "oci", "v2/verify", |host| {
        let _ = host.oci().verify_keyless("busybox", [JANE]).verify();
    }),
    ("oci.v2.keyless.everything", "oci", "v2/verify", |host| {
        let _ = host.oci().verify_keyless("busybox", identities()).annotation("env", "prod").verify();
    }),
    ("oci.v2.keyless_prefix.least", "oci", "v2/verify", |host| {
        let _ = host.oci().verify_keyless_prefix("busybox", [GITHUB]).verify();
    }),
    ("oci.v2.keyless_prefix.everything", "oci", "v2/verify", |host| {
        let prefixes =
            [("i", "p"), ("j", "q")].map(|(issuer, url_prefix)| KeylessPrefixIdentity { issuer, url_prefix });
        let _ = host.oci().verify_keyless_prefix("busybox", prefixes).annotation("env", "prod").verify();
    }),
    ("oci.v2.github_actions.least", "oci", "v2/verify", |host| {
        let _ = host.oci().verify_github_actions("busybox", "example").verify();
    }),
    ("oci.v2.github_actions.everything", "oci", "v2/verify", |host| {
        let _ = host.oci().verify_github_actions("busybox", "example").annotation("env", "prod").repo("web").verify();
    }),
    ("oci.v2.certificate.least", "oci", "v2/verify", |host| {
        let _ = host.oci().verify_certificate("busybox", "PEM").verify();
    }),
    ("oci.v2.certificate.everything", "oci", "v2/verify", |host| {
        let request = host.oci().verify_certificate("busybox", "PEM").annotation("env", "prod");
        let _ = request.chain(&[[0, 127], [128, 255]]).without_rekor_bundle().verify();
    }),
];

const OTHERS: &[Case] = &[
    ("net.dns_lookup_host", "net", "v1/dns_lookup_host", |host| {
        let _ = host.net().dns_lookup_host("example.com");
    }),
    ("crypto.least", "crypto", "v1/is_certificate_trusted", |host| {
        let _ = host.crypto().is_certificate_trusted(Certificate::pem("PEM")).ask();
    }),
    ("crypto.everything", "crypto", "v1/is_certificate_trusted", |host| {
        let chain = [Certificate::pem("A"), Certificate::der(&[0])];
        let request = host.crypto().is_certificate_trusted(Certificate::der(&[48, 130, 255]));
        let _ = request.chain(chain).at("2031-05-01T00:00:00Z").ask();
    }),
    ("crypto.empty_chain", "crypto", "v1/is_certificate_trusted", |host| {
        let _ = host.crypto().is_certificate_trusted(Certificate::pem("PEM")).chain([]).ask();
    }),
];

fn cases() -> impl Iterator<Item = &'static Case> {
    KUBERNETES.iter().chain(OCI).chain(OTHERS)
}

#[test]
fn requests_are_the_golden_documents() {
    for (name, namespace, operation, send) in cases() {
        let file = golden("requests").join(format!("{name}.json"));
        let payload = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let expected = ((*namespace).to_owned(), (*operation).to_owned(), payload.trim_end().to_owned());
        assert_eq!(calls(send), [expected], "{name}");
    }
}

#[test]
fn every_golden_request_is_sent() {
    let files = std::fs::read_dir(golden("requests")).unwrap();
    let files: BTreeSet<String> = files.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(files, cases().map(|(name, ..)| format!("{name}.json")).collect());
}
