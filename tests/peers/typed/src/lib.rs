//! Looks at the request, at a list and at one object with the types of k8s-openapi.

use admit::prelude::*;
use k8s_openapi::Resource as _;
use k8s_openapi::api::core::v1::{Namespace, Pod, Service};

#[admit::policy]
fn validate(request: &Request, _: &NoSettings, host: &Host) -> Result<Verdict, Error> {
    let mut verdict = Verdict::accept();
    if let Some(object) = request.object() {
        let pod: Pod = object.decode()?;
        let containers = pod.spec.map(|spec| spec.containers).unwrap_or_default();
        verdict.warn(format!("{} containers", containers.len()));
    }
    let kubernetes = host.kubernetes();
    let namespace: Namespace = kubernetes.get_resource(Namespace::API_VERSION, Namespace::KIND, "shop").get()?;
    verdict.warn(format!("labels {:?}", namespace.metadata.labels.unwrap_or_default()));
    let services: Vec<Service> =
        kubernetes.list_resources_by_namespace(Service::API_VERSION, Service::KIND, "shop").get()?;
    for service in services {
        let ports = service.spec.and_then(|spec| spec.ports).unwrap_or_default();
        let ports: Vec<_> = ports.iter().map(|port| port.port).collect();
        verdict.warn(format!("service {} {ports:?}", service.metadata.name.unwrap_or_default()));
    }
    Ok(verdict)
}
