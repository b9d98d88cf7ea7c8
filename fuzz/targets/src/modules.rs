//! Modules: their outside, their metadata, and running what can be run.

use admit_host::inspect::inspect;
use admit_host::metadata::{Metadata, SECTION};
use admit_host::{CompileLimits, CompiledPolicy, Limits, RunOptions, cost};

use crate::evaluation::{engine, pod_request};

pub(crate) const WORDS: &[&str] = &[
    "\0asm\u{1}\0\0\0",
    "\0asm\u{d}\0\u{1}\0",
    "__guest_call",
    "_start",
    "wapc",
    "wapc_init",
    "memory",
    "wasi_snapshot_preview1",
    "opa_eval_ctx_new",
    "extism:host/env",
    "extism:host/user",
    "Execute",
    "output_set",
    SECTION,
    "name",
    ".debug_info",
];

pub(crate) const METADATA_WORDS: &[&str] = &[
    "rules",
    "apiGroups",
    "apiVersions",
    "resources",
    "operations",
    "annotations",
    "mutating",
    "backgroundAudit",
    "protocolVersion",
    "v1",
    "Unknown",
    "executionMode",
    "kubewarden-wapc",
    "wasi",
    "opa",
    "gatekeeper",
    "policyType",
    "raw",
    "kubernetes",
    "contextAwareResources",
    "apiVersion",
    "kind",
    "hostCapabilities",
    "minimumKubewardenVersion",
    "1.20.0",
    "99999999999999999999.0.0",
    "1.0.0-alpha+b",
    "*",
];

/// What `inspect` makes of any bytes can be shown, and what it takes to compile them is known or said to be too much.
pub(crate) fn module(data: &[u8]) {
    match cost::check(data, &CompileLimits::default()) {
        Ok(cost) => {
            assert!(cost.size <= data.len() as u64, "{cost:?} of {} bytes", data.len());
            assert!(cost.work >= cost.size, "{cost:?}");
        }
        Err(error) => {
            let text = error.to_string();
            assert!(!text.is_empty() && text.len() < 8 << 10, "{} bytes of {text}", text.len());
        }
    }
    match inspect(data) {
        Ok(inspection) => {
            let shown = serde_json::to_string(&inspection).expect("an inspection is JSON");
            assert!(!shown.is_empty());
            // A module consists of its sections, so they cannot be larger than it is.
            let sections: u64 = inspection.sections.iter().map(|section| section.size).sum();
            assert!(sections <= inspection.size, "{sections} bytes in sections, {} in all", inspection.size);
            if let Err(reason) = inspection.recognised.abi() {
                // Names are as long as the module likes; the text is for people.
                assert!(reason.to_string().len() < 8 << 10, "{} bytes of {reason}", reason.to_string().len());
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A module that can be loaded can be run: it ends, and whatever it does is an outcome.
pub(crate) fn module_run(data: &[u8]) {
    let Ok(policy) = CompiledPolicy::from_bytes(engine(), data) else { return };
    let limits = Limits { fuel: Some(200_000), memory: Some(4 << 20), ..Limits::default() };
    let options = RunOptions { limits, ..RunOptions::default() };
    let outcome = policy.validate(&pod_request(), &serde_json::Map::new(), &options);
    if let Err(failure) = &outcome.result {
        assert!(!failure.to_string().is_empty());
        assert!(!outcome.response.allowed, "a failure does not let a request in");
    }
    let _ = policy.validate_settings(&serde_json::Map::new(), &options);
    let _ = policy.protocol_version(&options);
    let execution = policy.execute(data.to_vec(), Some("{}"), &options);
    assert_eq!(execution.result.is_err(), execution.host_error().is_some(), "a failure is told");
}

/// Any content of the custom section is an answer, and what can be read can be written and read again.
pub(crate) fn metadata_section(data: &[u8]) {
    let module = with_section(data);
    let inspection = inspect(&module).expect("a module may have any custom section");
    if let Ok(Some(metadata)) = inspection.metadata {
        let written = serde_json::to_vec(&metadata).expect("metadata is JSON");
        let read: Metadata = serde_json::from_slice(&written).expect("what was written can be read");
        assert_eq!(read, metadata);
    }
}

/// An empty module with this metadata.
pub(crate) fn with_section(content: &[u8]) -> Vec<u8> {
    let mut body = vec![SECTION.len() as u8];
    body.extend_from_slice(SECTION.as_bytes());
    body.extend_from_slice(content);
    let mut module = b"\0asm\x01\0\0\0\0".to_vec();
    let mut size = body.len();
    // LEB128.
    while size >= 0x80 {
        module.push(size as u8 | 0x80);
        size >>= 7;
    }
    module.push(size as u8);
    module.extend_from_slice(&body);
    module
}
