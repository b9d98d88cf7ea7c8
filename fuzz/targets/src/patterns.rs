//! `hostCapabilities`.

use admit_host::capabilities::{HostCapabilities, OPERATIONS};

pub(crate) const WORDS: &[&str] = &[
    "*",
    "/*",
    "oci",
    "oci/",
    "oci/*",
    "oci/v1/*",
    "oci/v1/verify",
    "net/v1/dns_lookup_host",
    "crypto",
    "kubernetes/can_i",
    "kubernetes",
    "v2",
    "//",
    " ",
    "\t",
    "**",
    "\u{a0}",
];

/// Patterns, one for each line: those that are accepted grant something, and can be written down and read again.
pub(crate) fn host_capabilities(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let patterns: Vec<&str> = text.split('\n').collect();
    let granted = match HostCapabilities::parse(&patterns) {
        Ok(granted) => granted,
        Err(error) => return assert!(error.to_string().starts_with("invalid pattern"), "{error}"),
    };
    assert_eq!(HostCapabilities::parse(granted.patterns()).as_ref(), Ok(&granted));
    let written = serde_json::to_string(&granted).expect("patterns are JSON");
    assert_eq!(serde_json::from_str::<HostCapabilities>(&written).expect("what was written can be read"), granted);
    let allowed = OPERATIONS.iter().filter(|path| {
        let (namespace, operation) = path.split_once('/').expect("namespace/operation");
        granted.allows(namespace, operation)
    });
    // A pattern that was accepted names an operation that there is.
    assert!(allowed.count() > 0, "{granted} grants nothing");
}
