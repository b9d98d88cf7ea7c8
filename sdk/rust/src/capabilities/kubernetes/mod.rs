//! Capabilities of the namespace `kubernetes`: resources of the cluster, and the rights of users.

mod can_i;
mod get;
mod list;
mod object;

pub use can_i::{AccessReview, CanI};
pub use get::{GetResource, Resource};
pub use list::{ListResources, ResourceList};
pub use object::Object;

use crate::host::Host;

impl Host {
    /// The capabilities of the cluster (namespace `kubernetes`).
    pub fn kubernetes(&self) -> Kubernetes<'_> {
        Kubernetes { host: self }
    }
}

/// Capabilities of the cluster; comes from [`Host::kubernetes`].
///
/// `api_version` and `kind` are those of a manifest: `v1` and `Pod`, `apps/v1` and `Deployment`. Kubewarden compares both
/// with the policy's `contextAwareResources`, as plain strings; [`can_i`](Self::can_i) is not subject to that list.
#[derive(Clone, Copy, Debug)]
pub struct Kubernetes<'h> {
    host: &'h Host,
}

impl<'h> Kubernetes<'h> {
    /// One resource by its name (`kubernetes/get_resource`). The host may answer with what it saw up to 5 seconds ago:
    /// see [`GetResource::disable_cache`].
    ///
    /// ```
    /// # use admit::prelude::*;
    /// #[derive(Deserialize)]
    /// struct Namespace {
    ///     metadata: NamespaceMetadata,
    /// }
    ///
    /// #[derive(Deserialize)]
    /// struct NamespaceMetadata {
    ///     #[serde(default)]
    ///     labels: std::collections::BTreeMap<String, String>,
    /// }
    ///
    /// fn team(host: &Host, namespace: &str) -> Result<Option<String>, Error> {
    ///     let namespace: Option<Namespace> = host.kubernetes().get_resource("v1", "Namespace", namespace).find()?;
    ///     Ok(namespace.and_then(|mut namespace| namespace.metadata.labels.remove("team")))
    /// }
    /// # let host = Host::new(|_: &str, _: &str, _: &[u8]| Ok(br#"{"metadata":{"labels":{"team":"a"}}}"#.to_vec()));
    /// # assert_eq!(team(&host, "shop")?.unwrap(), "a");
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// The types of k8s-openapi do as well, in the version that the policy depends on: `get` and `find` take everything that
    /// implements `Deserialize`.
    ///
    /// And without any type, views like those on the request:
    ///
    /// ```
    /// # use admit::prelude::*;
    /// # fn images(host: &Host) -> Result<(), Error> {
    /// let deployment = host.kubernetes().get_resource("apps/v1", "Deployment", "web").namespace("shop").fetch()?;
    /// for container in deployment.object().pod_spec()?.all_containers()? {
    ///     host.info(format!("{} runs {:?}", container.name()?, container.image()?));
    /// }
    /// # Ok(())
    /// # }
    /// # let answer = br#"{"spec":{"template":{"spec":{"containers":[{"name":"a"}]}}}}"#;
    /// # images(&Host::new(|_: &str, _: &str, _: &[u8]| Ok(answer.to_vec())))?;
    /// # Ok::<(), Error>(())
    /// ```
    pub fn get_resource<'a>(self, api_version: &'a str, kind: &'a str, name: &'a str) -> GetResource<'h, 'a> {
        GetResource::new(self.host, api_version, kind, name)
    }

    /// The resources of a kind in one namespace (`kubernetes/list_resources_by_namespace`), in no particular order.
    ///
    /// The host watches what was listed once, so a list may lag behind the cluster for a moment. It leaves out
    /// `metadata.managedFields` and the annotation `kubectl.kubernetes.io/last-applied-configuration`. Items have no
    /// `apiVersion` and `kind` of their own.
    ///
    /// ```
    /// # use admit::prelude::*;
    /// # fn ports(host: &Host) -> Result<(), Error> {
    /// #[derive(Deserialize)]
    /// struct Service {
    ///     spec: ServiceSpec,
    /// }
    ///
    /// #[derive(Deserialize)]
    /// struct ServiceSpec {
    ///     #[serde(rename = "clusterIP")]
    ///     cluster_ip: Option<String>,
    /// }
    ///
    /// let services: Vec<Service> = host
    ///     .kubernetes()
    ///     .list_resources_by_namespace("v1", "Service", "shop")
    ///     .label_selector("app=web")
    ///     .field_masks(["spec.clusterIP"])
    ///     .get()?;
    /// # assert_eq!(services[0].spec.cluster_ip.as_deref(), Some("None"));
    /// # Ok(())
    /// # }
    /// # let answer = br#"{"items":[{"spec":{"clusterIP":"None"}}]}"#;
    /// # ports(&Host::new(|_: &str, _: &str, _: &[u8]| Ok(answer.to_vec())))?;
    /// # Ok::<(), Error>(())
    /// ```
    pub fn list_resources_by_namespace<'a>(
        self,
        api_version: &'a str,
        kind: &'a str,
        namespace: &'a str,
    ) -> ListResources<'h, 'a> {
        ListResources::by_namespace(self.host, api_version, kind, namespace)
    }

    /// The resources of a kind in the whole cluster (`kubernetes/list_resources_all`): in every namespace, or of a kind
    /// that has none. Otherwise as [`list_resources_by_namespace`](Self::list_resources_by_namespace).
    ///
    /// ```
    /// # use admit::prelude::*;
    /// # fn names(host: &Host) -> Result<(), Error> {
    /// let ingresses = host.kubernetes().list_resources_all("networking.k8s.io/v1", "Ingress").fetch()?;
    /// for ingress in ingresses.items() {
    ///     host.info(format!("{:?}", ingress.metadata()?.name()?));
    /// }
    /// # Ok(())
    /// # }
    /// # let answer = br#"{"items":[{"metadata":{"name":"a"}}]}"#;
    /// # names(&Host::new(|_: &str, _: &str, _: &[u8]| Ok(answer.to_vec())))?;
    /// # Ok::<(), Error>(())
    /// ```
    pub fn list_resources_all<'a>(self, api_version: &'a str, kind: &'a str) -> ListResources<'h, 'a> {
        ListResources::all(self.host, api_version, kind)
    }

    /// Asks whether a user may do something (`kubernetes/can_i`, a SubjectAccessReview): `verb` such as `create`,
    /// `resource` in the plural. The host may answer with what held up to 5 seconds ago: see [`CanI::disable_cache`].
    ///
    /// ```
    /// # use admit::prelude::*;
    /// # fn check(host: &Host) -> Result<(), Error> {
    /// let user = "system:serviceaccount:shop:web";
    /// let review = host.kubernetes().can_i(user, "create", "deployments").api_group("apps").namespace("shop").ask()?;
    /// # assert!(review.allowed);
    /// # Ok(())
    /// # }
    /// # check(&Host::new(|_: &str, _: &str, _: &[u8]| Ok(br#"{"allowed":true}"#.to_vec())))?;
    /// # Ok::<(), Error>(())
    /// ```
    pub fn can_i<'a>(self, user: &'a str, verb: &'a str, resource: &'a str) -> CanI<'h, 'a> {
        CanI::new(self.host, user, verb, resource)
    }
}
