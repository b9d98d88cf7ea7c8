//! Which kinds a cluster serves.

use std::collections::BTreeMap;

use crate::request::resources;

/// Kinds by `apiVersion` and kind.
pub(super) struct Kinds(BTreeMap<(String, String), Kind>);

/// How a kind is served.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    /// Plural name, for example `pods`.
    pub(super) plural: String,
    pub(super) namespaced: bool,
    /// Fields of objects of a custom kind that field selectors know.
    pub(super) selectable: Vec<String>,
    pub(super) origin: Origin,
}

/// Where it is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Kubernetes has it.
    BuiltIn,
    /// The world declares it, or has its CustomResourceDefinition.
    World,
    /// The world says that the cluster does not have it.
    Absent,
}

impl Kinds {
    pub(super) fn built_in() -> Self {
        let kinds = resources::built_in().flat_map(|(group, kind, plural, namespaced)| {
            versions(group, kind).iter().map(move |version| {
                let api_version = if group.is_empty() { (*version).to_owned() } else { format!("{group}/{version}") };
                let served =
                    Kind { plural: plural.to_owned(), namespaced, selectable: Vec::new(), origin: Origin::BuiltIn };
                ((api_version, kind.to_owned()), served)
            })
        });
        Self(kinds.collect())
    }

    pub(super) fn get(&self, api_version: &str, kind: &str) -> Option<&Kind> {
        self.0.get(&(api_version.to_owned(), kind.to_owned()))
    }

    pub(super) fn insert(&mut self, api_version: &str, kind: &str, served: Kind) {
        self.0.insert((api_version.to_owned(), kind.to_owned()), served);
    }

    /// The `apiVersion/kind` that is most like this one; the kind weighs more.
    pub(super) fn nearest(&self, api_version: &str, kind: &str) -> Option<String> {
        let present = self.0.iter().filter(|(_, served)| served.origin != Origin::Absent).map(|(name, _)| name);
        let distance = |(known_version, known_kind): &&(String, String)| {
            2 * strsim::damerau_levenshtein(&known_kind.to_lowercase(), &kind.to_lowercase())
                + strsim::damerau_levenshtein(known_version, api_version)
        };
        present.min_by_key(distance).map(|(api_version, kind)| format!("{api_version}/{kind}"))
    }
}

/// Versions in which current Kubernetes (and the Gateway API) can serve a kind.
fn versions(group: &str, kind: &str) -> &'static [&'static str] {
    match (group, kind) {
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicy" | "MutatingAdmissionPolicyBinding") => {
            &["v1", "v1beta1", "v1alpha1"]
        }
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy" | "ValidatingAdmissionPolicyBinding") => {
            &["v1", "v1beta1"]
        }
        ("autoscaling", "HorizontalPodAutoscaler") => &["v1", "v2"],
        ("certificates.k8s.io", "ClusterTrustBundle") => &["v1beta1", "v1alpha1"],
        ("certificates.k8s.io", "PodCertificateRequest") => &["v1beta1", "v1alpha1"],
        ("coordination.k8s.io", "LeaseCandidate") => &["v1beta1", "v1alpha2"],
        ("gateway.networking.k8s.io", "Gateway" | "GatewayClass" | "HTTPRoute") => &["v1", "v1beta1"],
        ("networking.k8s.io", "IPAddress" | "ServiceCIDR") => &["v1", "v1beta1"],
        ("resource.k8s.io", "DeviceTaintRule") => &["v1alpha3"],
        ("resource.k8s.io", _) => &["v1", "v1beta2", "v1beta1"],
        ("storage.k8s.io", "VolumeAttributesClass") => &["v1", "v1beta1"],
        ("storagemigration.k8s.io", _) => &["v1beta1", "v1alpha1"],
        _ => &["v1"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_kinds_have_their_versions_and_scope() {
        let kinds = Kinds::built_in();
        let served =
            |api_version, kind| kinds.get(api_version, kind).map(|kind| (kind.plural.as_str(), kind.namespaced));
        assert_eq!(served("v1", "Namespace"), Some(("namespaces", false)));
        assert_eq!(served("networking.k8s.io/v1", "Ingress"), Some(("ingresses", true)));
        assert_eq!(served("autoscaling/v2", "HorizontalPodAutoscaler"), Some(("horizontalpodautoscalers", true)));
        assert_eq!(served("extensions/v1beta1", "Ingress"), None);
        assert_eq!(served("v1", "PodExecOptions"), None);
    }

    #[test]
    fn the_nearest_kind_is_of_the_same_name_if_there_is_one() {
        let kinds = Kinds::built_in();
        assert_eq!(kinds.nearest("extensions/v1beta1", "Ingress").as_deref(), Some("networking.k8s.io/v1/Ingress"));
        assert_eq!(kinds.nearest("v1", "pod").as_deref(), Some("v1/Pod"));
        assert_eq!(kinds.nearest("apps/v1", "Deploymnet").as_deref(), Some("apps/v1/Deployment"));
    }
}
