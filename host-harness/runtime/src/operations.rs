//! The operations that policies can call.

use admit::wire::chainloop::{CHAINLOOP, HTTP};

/// Every operation that a policy can call on Kubewarden, as `namespace/operation`, except logging.
pub const OPERATIONS: [&str; 11] = [
    "oci/v1/verify",
    "oci/v1/manifest_digest",
    "oci/v1/oci_manifest",
    "oci/v1/oci_manifest_config",
    "oci/v2/verify",
    "net/v1/dns_lookup_host",
    "crypto/v1/is_certificate_trusted",
    "kubernetes/list_resources_by_namespace",
    "kubernetes/list_resources_all",
    "kubernetes/get_resource",
    "kubernetes/can_i",
];

/// Every operation that a policy can call on Chainloop. On Kubewarden there are none of these.
pub const CHAINLOOP_OPERATIONS: [&str; 2] = ["http/request", "chainloop/discover"];

/// Whether an operation, or a pattern of operations, is one of Chainloop's, by its namespace.
pub fn is_chainloops(namespace: &str) -> bool {
    [HTTP, CHAINLOOP].contains(&namespace)
}
