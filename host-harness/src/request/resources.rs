//! From a kind to the resource that serves it.

use admit::wire::plural;

/// The resource that serves a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Served {
    /// Plural resource name.
    pub(super) resource: String,
    /// Subresource, for kinds that exist only as the body of one.
    pub(super) sub_resource: Option<SubResource>,
    /// Whether objects live in a namespace.
    pub(super) namespaced: bool,
    /// Whether this is a guess.
    pub(super) guessed: bool,
}

/// A subresource whose body has a kind of its own, and of which group and version the resource is that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SubResource {
    pub(super) name: &'static str,
    pub(super) group: &'static str,
    pub(super) version: &'static str,
}

/// Looks a kind up among those that Kubernetes has built in; for any other the name is guessed
/// ([`plural`]), and a namespace is assumed.
pub(super) fn served(group: &str, kind: &str) -> Served {
    if let Some((_, _, path, namespaced)) = BUILT_IN.iter().find(|(g, k, ..)| *g == group && *k == kind) {
        let (resource, sub_resource) = match path.split_once('/') {
            Some((resource, name)) => (resource, Some(parent(name))),
            None => (*path, None),
        };
        return Served { resource: resource.to_owned(), sub_resource, namespaced: *namespaced, guessed: false };
    }
    Served { resource: plural(kind), sub_resource: None, namespaced: true, guessed: true }
}

/// The body of a subresource can have a group of its own: an Eviction is sent to `pods`, which is in the core group. Scales are
/// those of several workloads, and a Scale does not say of which; most are those of Deployments.
fn parent(name: &'static str) -> SubResource {
    let group = if name == "scale" { "apps" } else { "" };
    SubResource { name, group, version: "v1" }
}

/// Group, kind, plural name and scope of every built-in kind that is not merely the body of a subresource.
pub(crate) fn built_in() -> impl Iterator<Item = (&'static str, &'static str, &'static str, bool)> {
    BUILT_IN.iter().copied().filter(|(_, _, path, _)| !path.contains('/'))
}

const NAMESPACED: bool = true;
const CLUSTER: bool = false;

/// Group, kind, resource (with subresource where the kind is the body of one), scope.
#[rustfmt::skip]
const BUILT_IN: &[(&str, &str, &str, bool)] = &[
    ("", "Binding", "bindings", NAMESPACED),
    ("", "ComponentStatus", "componentstatuses", CLUSTER),
    ("", "ConfigMap", "configmaps", NAMESPACED),
    ("", "Endpoints", "endpoints", NAMESPACED),
    ("", "Event", "events", NAMESPACED),
    ("", "LimitRange", "limitranges", NAMESPACED),
    ("", "Namespace", "namespaces", CLUSTER),
    ("", "Node", "nodes", CLUSTER),
    ("", "NodeProxyOptions", "nodes/proxy", CLUSTER),
    ("", "PersistentVolume", "persistentvolumes", CLUSTER),
    ("", "PersistentVolumeClaim", "persistentvolumeclaims", NAMESPACED),
    ("", "Pod", "pods", NAMESPACED),
    ("", "PodAttachOptions", "pods/attach", NAMESPACED),
    ("", "PodExecOptions", "pods/exec", NAMESPACED),
    ("", "PodPortForwardOptions", "pods/portforward", NAMESPACED),
    ("", "PodProxyOptions", "pods/proxy", NAMESPACED),
    ("", "PodTemplate", "podtemplates", NAMESPACED),
    ("", "ReplicationController", "replicationcontrollers", NAMESPACED),
    ("", "ResourceQuota", "resourcequotas", NAMESPACED),
    ("", "Secret", "secrets", NAMESPACED),
    ("", "Service", "services", NAMESPACED),
    ("", "ServiceAccount", "serviceaccounts", NAMESPACED),
    ("", "ServiceProxyOptions", "services/proxy", NAMESPACED),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicy", "mutatingadmissionpolicies", CLUSTER),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding", "mutatingadmissionpolicybindings", CLUSTER),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", CLUSTER),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", CLUSTER),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", CLUSTER),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", CLUSTER),
    ("apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions", CLUSTER),
    ("apiregistration.k8s.io", "APIService", "apiservices", CLUSTER),
    ("apps", "ControllerRevision", "controllerrevisions", NAMESPACED),
    ("apps", "DaemonSet", "daemonsets", NAMESPACED),
    ("apps", "Deployment", "deployments", NAMESPACED),
    ("apps", "ReplicaSet", "replicasets", NAMESPACED),
    ("apps", "StatefulSet", "statefulsets", NAMESPACED),
    ("authentication.k8s.io", "SelfSubjectReview", "selfsubjectreviews", CLUSTER),
    ("authentication.k8s.io", "TokenRequest", "serviceaccounts/token", NAMESPACED),
    ("authentication.k8s.io", "TokenReview", "tokenreviews", CLUSTER),
    ("authorization.k8s.io", "LocalSubjectAccessReview", "localsubjectaccessreviews", NAMESPACED),
    ("authorization.k8s.io", "SelfSubjectAccessReview", "selfsubjectaccessreviews", CLUSTER),
    ("authorization.k8s.io", "SelfSubjectRulesReview", "selfsubjectrulesreviews", CLUSTER),
    ("authorization.k8s.io", "SubjectAccessReview", "subjectaccessreviews", CLUSTER),
    ("autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers", NAMESPACED),
    ("autoscaling", "Scale", "deployments/scale", NAMESPACED),
    ("batch", "CronJob", "cronjobs", NAMESPACED),
    ("batch", "Job", "jobs", NAMESPACED),
    ("certificates.k8s.io", "CertificateSigningRequest", "certificatesigningrequests", CLUSTER),
    ("certificates.k8s.io", "ClusterTrustBundle", "clustertrustbundles", CLUSTER),
    ("certificates.k8s.io", "PodCertificateRequest", "podcertificaterequests", NAMESPACED),
    ("coordination.k8s.io", "Lease", "leases", NAMESPACED),
    ("coordination.k8s.io", "LeaseCandidate", "leasecandidates", NAMESPACED),
    ("discovery.k8s.io", "EndpointSlice", "endpointslices", NAMESPACED),
    ("events.k8s.io", "Event", "events", NAMESPACED),
    ("flowcontrol.apiserver.k8s.io", "FlowSchema", "flowschemas", CLUSTER),
    ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration", "prioritylevelconfigurations", CLUSTER),
    ("gateway.networking.k8s.io", "GRPCRoute", "grpcroutes", NAMESPACED),
    ("gateway.networking.k8s.io", "Gateway", "gateways", NAMESPACED),
    ("gateway.networking.k8s.io", "GatewayClass", "gatewayclasses", CLUSTER),
    ("gateway.networking.k8s.io", "HTTPRoute", "httproutes", NAMESPACED),
    ("networking.k8s.io", "IPAddress", "ipaddresses", CLUSTER),
    ("networking.k8s.io", "Ingress", "ingresses", NAMESPACED),
    ("networking.k8s.io", "IngressClass", "ingressclasses", CLUSTER),
    ("networking.k8s.io", "NetworkPolicy", "networkpolicies", NAMESPACED),
    ("networking.k8s.io", "ServiceCIDR", "servicecidrs", CLUSTER),
    ("node.k8s.io", "RuntimeClass", "runtimeclasses", CLUSTER),
    ("policy", "Eviction", "pods/eviction", NAMESPACED),
    ("policy", "PodDisruptionBudget", "poddisruptionbudgets", NAMESPACED),
    ("rbac.authorization.k8s.io", "ClusterRole", "clusterroles", CLUSTER),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding", "clusterrolebindings", CLUSTER),
    ("rbac.authorization.k8s.io", "Role", "roles", NAMESPACED),
    ("rbac.authorization.k8s.io", "RoleBinding", "rolebindings", NAMESPACED),
    ("resource.k8s.io", "DeviceClass", "deviceclasses", CLUSTER),
    ("resource.k8s.io", "DeviceTaintRule", "devicetaintrules", CLUSTER),
    ("resource.k8s.io", "ResourceClaim", "resourceclaims", NAMESPACED),
    ("resource.k8s.io", "ResourceClaimTemplate", "resourceclaimtemplates", NAMESPACED),
    ("resource.k8s.io", "ResourceSlice", "resourceslices", CLUSTER),
    ("scheduling.k8s.io", "PriorityClass", "priorityclasses", CLUSTER),
    ("storage.k8s.io", "CSIDriver", "csidrivers", CLUSTER),
    ("storage.k8s.io", "CSINode", "csinodes", CLUSTER),
    ("storage.k8s.io", "CSIStorageCapacity", "csistoragecapacities", NAMESPACED),
    ("storage.k8s.io", "StorageClass", "storageclasses", CLUSTER),
    ("storage.k8s.io", "VolumeAttachment", "volumeattachments", CLUSTER),
    ("storage.k8s.io", "VolumeAttributesClass", "volumeattributesclasses", CLUSTER),
    ("storagemigration.k8s.io", "StorageVersionMigration", "storageversionmigrations", CLUSTER),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_sorted_and_unique() {
        assert!(BUILT_IN.windows(2).all(|w| (w[0].0, w[0].1) < (w[1].0, w[1].1)));
    }

    /// Policies on Chainloop have no table to look in.
    #[test]
    fn the_rule_for_unknown_kinds_agrees_with_the_table() {
        for (_, kind, resource, _) in built_in() {
            assert_eq!(served("example.com", kind).resource, resource);
        }
    }
}
