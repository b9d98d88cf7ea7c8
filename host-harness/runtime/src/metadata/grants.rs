//! Grants from the metadata of a policy.

use super::Metadata;
use crate::calls::{ContextAware, Grants, HostCapabilities};

impl Grants {
    /// Exactly what a policy declares, so that a call that it forgot to declare is denied in a test and not first in a
    /// cluster: its `contextAwareResources`, and its `hostCapabilities`. Without that field every operation is granted, and
    /// a policy that was never annotated is granted everything.
    pub fn declared(metadata: Option<&Metadata>) -> Self {
        let Some(metadata) = metadata else { return Self::default() };
        let kinds = metadata.context_aware_resources.iter().map(|r| (r.api_version.as_str(), r.kind.as_str()));
        let mut grants = Self { context_aware_resources: ContextAware::only(kinds), ..Self::default() };
        if let Some(patterns) = &metadata.host_capabilities {
            let (known, unknown): (Vec<&String>, Vec<&String>) =
                patterns.iter().partition(|pattern| HostCapabilities::parse([pattern]).is_ok());
            // Each of them was parsed just now.
            grants.host_capabilities = HostCapabilities::parse(known).unwrap_or_else(|_| HostCapabilities::none());
            grants.unknown = unknown.iter().filter_map(|pattern| HostCapabilities::parse([pattern]).err()).collect();
        }
        grants
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(text: &str) -> Metadata {
        serde_json::from_str(&format!(r#"{{"rules": [], "mutating": false{text}}}"#)).expect("metadata")
    }

    #[test]
    fn what_is_declared_is_granted() {
        let grants = Grants::declared(Some(&metadata(
            r#", "contextAwareResources": [{"apiVersion": "v1", "kind": "Node"}], "hostCapabilities": ["net/*", "nte/*"]"#,
        )));
        assert!(grants.host_capabilities.allows("net", "v1/dns_lookup_host"));
        assert!(!grants.host_capabilities.allows("kubernetes", "can_i"));
        assert!(grants.context_aware_resources.allows("v1", "Node"));
        assert!(!grants.context_aware_resources.allows("v1", "Pod"));
        assert_eq!(grants.unknown.len(), 1, "{grants:?}");
    }

    #[test]
    fn what_is_not_declared() {
        let grants = Grants::declared(Some(&metadata("")));
        assert_eq!(grants.host_capabilities, HostCapabilities::all());
        assert_eq!(grants.context_aware_resources, ContextAware::none());
        assert_eq!(Grants::declared(None).context_aware_resources, ContextAware::all());
        let nothing = Grants::declared(Some(&metadata(r#", "hostCapabilities": []"#)));
        assert_eq!(nothing.host_capabilities, HostCapabilities::none());
    }
}
