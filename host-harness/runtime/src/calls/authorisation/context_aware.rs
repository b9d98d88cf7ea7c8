//! `contextAwareResources`: the Kubernetes resources that a policy may read.

use std::collections::BTreeSet;

/// The kinds of Kubernetes resources that a policy may get and list, as `contextAwareResources` in policy-server's
/// `policies.yml` has them. `can_i` is not covered.
///
/// The default is [`all`](Self::all), because most tests are about what a policy decides. Upstream has no such setting:
/// there every kind must be listed. A test that is about the grants says [`only`](Self::only).
///
/// ```
/// # use admit_runtime::calls::ContextAware;
/// let granted = ContextAware::only([("v1", "Namespace"), ("apps/v1", "Deployment")]);
/// assert!(granted.allows("apps/v1", "Deployment"));
/// assert!(!granted.allows("v1", "namespace"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContextAware {
    /// `None` is everything.
    only: Option<BTreeSet<(String, String)>>,
}

impl ContextAware {
    /// Every kind.
    pub fn all() -> Self {
        Self { only: None }
    }

    /// No kind.
    pub fn none() -> Self {
        Self { only: Some(BTreeSet::new()) }
    }

    /// These kinds, each with its `apiVersion`: `("v1", "Namespace")`. Both are compared letter by letter.
    pub fn only<V: Into<String>, K: Into<String>>(resources: impl IntoIterator<Item = (V, K)>) -> Self {
        let pairs = resources.into_iter().map(|(api_version, kind)| (api_version.into(), kind.into()));
        Self { only: Some(pairs.collect()) }
    }

    /// Whether the policy may read resources of this kind.
    pub fn allows(&self, api_version: &str, kind: &str) -> bool {
        match &self.only {
            None => true,
            Some(only) => only.iter().any(|(v, k)| v == api_version && k == kind),
        }
    }
}
