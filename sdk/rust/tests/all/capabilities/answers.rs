//! Golden answers are read, by our views and by types of others.

use std::net::IpAddr;

use admit::capabilities::crypto::{Certificate, Trust};
use admit::capabilities::oci::Manifest;
use admit::json;
use serde::Deserialize;

use super::{answer, answering};

#[derive(Debug, Deserialize, PartialEq)]
struct Deployment {
    spec: DeploymentSpec,
}

#[derive(Debug, Deserialize, PartialEq)]
struct DeploymentSpec {
    replicas: u32,
}

#[test]
fn a_resource_is_decoded() {
    let host = answering(Ok(&answer("deployment.json")));
    let request = || host.kubernetes().get_resource("apps/v1", "Deployment", "web").namespace("shop");
    let expected = Deployment { spec: DeploymentSpec { replicas: 3 } };
    assert_eq!(request().get::<Deployment>().unwrap(), expected);
    assert_eq!(request().find::<Deployment>().unwrap(), Some(expected));
}

#[test]
fn a_resource_is_looked_at_and_loses_nothing() {
    let text = answer("deployment.json");
    let host = answering(Ok(&text));
    let deployment = host.kubernetes().get_resource("apps/v1", "Deployment", "web").namespace("shop").fetch().unwrap();
    let object = deployment.object();
    assert_eq!((object.api_version(), object.kind()), ("apps/v1", "Deployment"));
    assert_eq!(object.metadata().unwrap().label("app").unwrap().unwrap(), "web");
    let paths: Vec<_> = object.pod_spec().unwrap().all_containers().unwrap().map(|c| c.path()).collect();
    assert_eq!(paths, ["/spec/template/spec/containers/0", "/spec/template/spec/initContainers/0"]);
    assert_eq!(object.value().raw(), text.trim_end());
    assert_eq!(object.value().at("/spec/template/spec/fromTheFuture/kept").unwrap().raw(), "1.50");
    assert_eq!(object.decode::<Deployment>().unwrap().spec.replicas, 3);
}

#[test]
fn a_list_takes_items_with_and_without_a_kind() {
    #[derive(Deserialize)]
    struct Pod {
        metadata: Metadata,
        kind: Option<String>,
    }
    #[derive(Deserialize)]
    struct Metadata {
        name: String,
    }

    let host = answering(Ok(&answer("pod-list.json")));
    let pods: Vec<Pod> = host.kubernetes().list_resources_by_namespace("v1", "Pod", "shop").get().unwrap();
    let seen: Vec<_> = pods.iter().map(|pod| (&*pod.metadata.name, pod.kind.as_deref())).collect();
    assert_eq!(seen, [("b", None), ("a", Some("Pod"))]);

    let pods = host.kubernetes().list_resources_all("v1", "Pod").fetch().unwrap();
    assert_eq!((pods.len(), pods.is_empty()), (2, false));
    let names: Vec<_> = pods.items().map(|pod| pod.metadata().unwrap().name().unwrap().unwrap().into_owned()).collect();
    assert_eq!(names, ["b", "a"]);
    // The pointer is counted from the pod, and the pod has no kind of its own.
    let first = pods.items().next().unwrap();
    let container = first.pod_spec().unwrap().containers().unwrap().next().unwrap();
    assert_eq!(container.path(), "/spec/containers/0");
}

#[test]
fn an_empty_list_is_a_list() {
    let host = answering(Ok(r#"{"apiVersion":"v1","kind":"PodList","metadata":{},"items":[]}"#));
    assert!(host.kubernetes().list_resources_all("v1", "Pod").fetch().unwrap().is_empty());
    assert!(host.kubernetes().list_resources_all("v1", "Pod").get::<Deployment>().unwrap().is_empty());
}

#[test]
fn a_review_of_rights_has_what_the_cluster_said() {
    let full = r#"{"allowed":false,"denied":true,"evaluationError":"role not found","reason":"RBAC"}"#;
    let review = answering(Ok(full)).kubernetes().can_i("jane", "create", "pods").ask().unwrap();
    assert_eq!((review.allowed, review.denied), (false, Some(true)));
    assert_eq!((review.reason.as_deref(), review.evaluation_error.as_deref()), (Some("RBAC"), Some("role not found")));
    let review = answering(Ok(r#"{"allowed":true}"#)).kubernetes().can_i("jane", "create", "pods").ask().unwrap();
    assert_eq!((review.allowed, review.denied, review.reason), (true, None, None));
}

#[test]
fn a_manifest_is_of_an_image() {
    let host = answering(Ok(&answer("image-manifest.json")));
    let document = host.oci().oci_manifest("busybox").fetch().unwrap();
    let Manifest::Image(manifest) = document.manifest() else { panic!("an image: {document:?}") };
    assert!(manifest.config().unwrap().digest().unwrap().starts_with("sha256:1111"));
    assert_eq!(manifest.annotation("org.opencontainers.image.version").unwrap().unwrap(), "1.37");
    let layers: Vec<_> = manifest.layers().unwrap().collect();
    assert_eq!(layers.len(), 1);
    assert_eq!(layers[0].size().unwrap(), 2_152_262);
    assert_eq!(layers[0].media_type().unwrap(), "application/vnd.docker.image.rootfs.diff.tar.gzip");
    assert_eq!(layers[0].annotation("layer").unwrap().unwrap(), "lowest");
    let media_type = document.manifest().media_type().unwrap().unwrap();
    assert_eq!(media_type, "application/vnd.docker.distribution.manifest.v2+json");
}

#[test]
fn a_manifest_is_an_index() {
    let host = answering(Ok(&answer("image-index.json")));
    let document = host.oci().oci_manifest("busybox").fetch().unwrap();
    let Manifest::Index(index) = document.manifest() else { panic!("an index: {document:?}") };
    let architectures: Vec<_> = index
        .manifests()
        .unwrap()
        .map(|manifest| manifest.platform().unwrap().unwrap().str("architecture").unwrap().unwrap().into_owned())
        .collect();
    assert_eq!(architectures, ["amd64", "arm"]);
}

#[test]
fn an_image_has_a_configuration() {
    let host = answering(Ok(&answer("manifest-and-config.json")));
    let image = host.oci().oci_manifest_config("busybox").fetch().unwrap();
    assert!(image.digest().starts_with("sha256:5555"));
    assert_eq!(image.manifest().layers().unwrap().count(), 1);
    assert_eq!(image.config().at("/config/User").unwrap().as_str().unwrap(), "1000:1000");
    assert_eq!(image.config().at("/config/User").unwrap().pointer(), "/config/User");
    assert_eq!(image.config().get("fromTheFuture").unwrap().as_bool(), Some(true));
}

#[test]
fn the_types_of_oci_spec_fit() {
    use oci_spec::image::{ImageConfiguration, ImageIndex, ImageManifest};

    let host = answering(Ok(&answer("image-manifest.json")));
    let manifest: ImageManifest = host.oci().oci_manifest("busybox").get().unwrap();
    assert_eq!(manifest.layers()[0].size(), 2_152_262);

    let host = answering(Ok(&answer("image-index.json")));
    let index: ImageIndex = host.oci().oci_manifest("busybox").get().unwrap();
    assert_eq!(index.manifests()[1].platform().as_ref().unwrap().variant().as_deref(), Some("v7"));

    let host = answering(Ok(&answer("manifest-and-config.json")));
    let image = host.oci().oci_manifest_config("busybox").get::<ImageManifest, ImageConfiguration>().unwrap();
    assert_eq!(image.config.config().as_ref().unwrap().user().as_deref(), Some("1000:1000"));
    assert!(image.digest.starts_with("sha256:5555"));
}

#[test]
fn digests_and_signatures() {
    let host = answering(Ok(r#"{"digest":"sha256:aa"}"#));
    assert_eq!(host.oci().manifest_digest("busybox").unwrap(), "sha256:aa");
    let host = answering(Ok(r#"{"is_trusted":true,"digest":"sha256:bb"}"#));
    assert_eq!(host.oci().verify_pub_keys("busybox", ["KEY"]).verify().unwrap().digest, "sha256:bb");
    assert_eq!(host.oci().verify_pub_keys_v1("busybox", ["KEY"]).verify().unwrap().digest, "sha256:bb");
}

#[test]
fn addresses_come_in_the_order_of_the_resolver() {
    let host = answering(Ok(r#"{"ips":["192.0.2.1","2001:db8::1","192.0.2.0"]}"#));
    let expected: Vec<IpAddr> = ["192.0.2.1", "2001:db8::1", "192.0.2.0"].map(|ip| ip.parse().unwrap()).to_vec();
    assert_eq!(host.net().dns_lookup_host("example.com").unwrap(), expected);
}

#[test]
fn a_certificate_is_trusted_or_not() {
    let ask = |answer| answering(Ok(answer)).crypto().is_certificate_trusted(Certificate::pem("PEM")).ask().unwrap();
    assert_eq!(ask(r#"{"trusted":true,"reason":""}"#), Trust::Trusted);
    let reason = "Certificate is being used after its expiration date".to_owned();
    let answer = format!(r#"{{"trusted":false,"reason":"{reason}"}}"#);
    assert_eq!(ask(&answer), Trust::Untrusted { reason });
    assert!(!ask(&answer).is_trusted());
}

#[test]
fn a_field_mask_leaves_views_with_an_error_not_with_a_guess() {
    let host = answering(Ok(r#"{"apiVersion":"v1","kind":"Pod"}"#));
    let pod = host.kubernetes().get_resource("v1", "Pod", "web").namespace("shop").field_masks(["x"]).fetch().unwrap();
    assert_eq!(pod.object().pod_spec().unwrap_err().to_string(), "missing field `spec`");
    assert_eq!(pod.object().metadata().unwrap_err().to_string(), "missing field `metadata`");
    assert_eq!(pod.object().value().kind(), json::Kind::Object);
}
