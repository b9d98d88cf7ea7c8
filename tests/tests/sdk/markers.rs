//! What a module says about itself to tools: how it was made, whether it can mutate, which capabilities it calls. All of it
//! is looked for in real modules.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use admit::wire::{MARKER_SECTION, MUTATES, Marker};
use libtest_mimic::Trial;
use wasmparser::{DataKind, Parser, Payload};

use super::{Built, EXAMPLE, PROBE};
use crate::support;

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = trials![modules_say_how_they_were_made, mutating_code_shows, every_capability_has_a_module];
    for (name, namespace, operation) in CAPABILITIES {
        trials.push(Trial::test(format!("sdk::markers::capabilities::{name}"), move || {
            names_are_those_of(name, &[(namespace, operation)]);
            Ok(())
        }));
    }
    trials.push(Trial::test("sdk::markers::capabilities::nothing", || {
        names_are_those_of("nothing", &[]);
        Ok(())
    }));
    trials
}

/// A policy of `tests/guests/rust/asks`, and the one capability that it uses.
const CAPABILITIES: [(&str, &str, &str); 12] = [
    ("crypto-is-certificate-trusted", "crypto", "v1/is_certificate_trusted"),
    ("kubernetes-can-i", "kubernetes", "can_i"),
    ("kubernetes-get-resource", "kubernetes", "get_resource"),
    ("kubernetes-list-resources-all", "kubernetes", "list_resources_all"),
    ("kubernetes-list-resources-by-namespace", "kubernetes", "list_resources_by_namespace"),
    ("log", "tracing", "log"),
    ("net-dns-lookup-host", "net", "v1/dns_lookup_host"),
    ("oci-manifest", "oci", "v1/oci_manifest"),
    ("oci-manifest-config", "oci", "v1/oci_manifest_config"),
    ("oci-manifest-digest", "oci", "v1/manifest_digest"),
    ("oci-v1-verify", "oci", "v1/verify"),
    ("oci-v2-verify", "oci", "v2/verify"),
];

/// The folder of the modules, built at once.
static ASKS: LazyLock<PathBuf> =
    LazyLock::new(|| support::Compiled::new("asks", "modules", &["--examples"]).folder().join("examples"));

/// What of a module tools look at.
struct Outside {
    markers: Vec<Marker>,
    data: Vec<Vec<u8>>,
}

impl Outside {
    fn of(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut outside = Self { markers: Vec::new(), data: Vec::new() };
        for payload in Parser::new(0).parse_all(&bytes) {
            match payload.expect("a module that the compiler made") {
                Payload::CustomSection(section) if section.name() == MARKER_SECTION => {
                    outside.markers.push(serde_json::from_slice(section.data()).expect("the section is a marker"));
                }
                Payload::DataSection(segments) => {
                    for segment in segments {
                        let segment = segment.expect("a data segment");
                        assert!(matches!(segment.kind, DataKind::Active { .. }));
                        outside.data.push(segment.data.to_vec());
                    }
                }
                _ => {}
            }
        }
        outside
    }

    /// Whether a text is in one of the data segments, whole.
    fn has(&self, text: &str) -> bool {
        self.data.iter().any(|data| data.windows(text.len()).any(|window| window == text.as_bytes()))
    }
}

fn marker(raw: bool, host: bool) -> serde_json::Value {
    serde_json::json!({"sdk": env!("CARGO_PKG_VERSION"), "raw": raw, "host": host})
}

/// Each policy's modules, for both ABIs.
fn outsides(built: &Built) -> impl Iterator<Item = (&'static str, Outside)> {
    built.0.iter().map(|(abi, (_, artifact))| (*abi, Outside::of(&artifact.path)))
}

fn modules_say_how_they_were_made() {
    for (built, expected) in [
        (&EXAMPLE, marker(false, false)),
        (&PROBE, marker(false, true)),
        (&super::mutation::MUTATOR, marker(false, false)),
        (&super::raw::ORDERS, marker(true, false)),
    ] {
        for (abi, outside) in outsides(built) {
            let markers: Vec<_> = outside.markers.iter().map(|marker| serde_json::to_value(marker).unwrap()).collect();
            assert_eq!(markers, std::slice::from_ref(&expected), "{abi}");
            // It is beside the code, not in its memory.
            assert!(!outside.has("\"sdk\""), "{abi}");
        }
    }
}

fn mutating_code_shows() {
    for (built, mutates) in
        [(&EXAMPLE, false), (&PROBE, true), (&super::mutation::MUTATOR, true), (&super::raw::ORDERS, true)]
    {
        for (abi, outside) in outsides(built) {
            assert_eq!(outside.has(MUTATES), mutates, "{abi}");
        }
    }
}

/// Upstream's scanner takes a capability for used when namespace and operation are both somewhere in the data.
fn names_are_those_of(name: &str, used: &[(&str, &str)]) {
    let outside = Outside::of(&ASKS.join(name.replace('-', "_")).with_extension("wasm"));
    assert!(!outside.has(MUTATES));
    for (namespace, operation) in used {
        assert!(outside.has(namespace), "{namespace} is not in the module");
        assert!(outside.has(operation), "{operation} is not in the module");
    }
    for (_, namespace, operation) in CAPABILITIES {
        // Part of the name that is used; a scanner has to look at what comes behind it.
        let prefix = used.iter().any(|(_, used)| used.starts_with(operation));
        // The panic hook logs, so every module has it; it needs no grant.
        if prefix || namespace == "tracing" {
            continue;
        }
        assert!(!outside.has(operation), "{operation} is in a module that does not use it");
    }
}

/// A new method needs a policy here: the operations in the SDK's sources are those above.
fn every_capability_has_a_module() {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut folders = vec![support::repository().join("sdk/rust/src/capabilities")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("sources are readable");
            for call in text.split("Call::new(").skip(1) {
                let literals: Vec<&str> = call.split(')').next().unwrap_or_default().split('"').collect();
                if let [_, namespace, _, operation, ..] = literals[..] {
                    found.entry(namespace.to_owned()).or_default().insert(operation.to_owned());
                }
            }
        }
    }
    let found: BTreeSet<_> =
        found.iter().flat_map(|(n, all)| all.iter().map(move |o| (n.as_str(), o.as_str()))).collect();
    let expected: BTreeSet<_> =
        CAPABILITIES.iter().filter(|(name, ..)| *name != "log").map(|(_, n, o)| (*n, *o)).collect();
    assert_eq!(found, expected);
}
